import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

struct KernelCommandLineProbeTests {
  private func ask(_ name: String, _ texts: [String: String]) throws -> Observation {
    var probe = KernelCommandLineProbe()
    probe.parameters = [name]
    return try look(probe, at: texts)
  }

  @Test(arguments: [
    ("a=1 b", [["a", "1"], ["b"]]), (#"a="x y" b"#, [["a", "x y"], ["b"]]),
    (#""a=x y" b"#, [["a", "x y"], ["b"]]), ("a= b", [["a", ""], ["b"]]),
    ("a=b=c", [["a", "b=c"]]), ("a -- b", [["a"]]), (" \t\n", []), (#"a=""#, [["a", ""]]),
    (#"""#, [[""]]),
    (#"dyndbg="file a +p; file b +p" c"#, [["dyndbg", "file a +p; file b +p"], ["c"]]),
  ])
  func theLineSplitsAsTheKernelSplitsIt(_ text: String, _ expected: [[String]]) {
    let found = KernelCommandLine(text).parameters.map { [$0.name] + ($0.value.map { [$0] } ?? []) }
    #expect(found == expected)
  }

  @Test func theLastValueCountsAndDashesAreUnderscores() throws {
    let seen = try ask(
      "randomize-kstack_offset",
      ["/proc/cmdline": "randomize_kstack_offset=on quiet randomize-kstack-offset=off\n"])
    #expect(seen.said("value") == ["off"])
    #expect(seen.said("values") == ["[on, off]"])
    let bare = try ask("quiet", ["/proc/cmdline": "quiet"])
    #expect(bare.said("value") == [""])
    let none = try ask("loud", ["/proc/cmdline": "quiet"])
    #expect(none.said("value") == ["absent"])
    #expect(none.said("present") == ["no"])
  }

  @Test func grubsDefaultsAddUp() throws {
    let seen = try ask(
      "mitigations",
      [
        "/etc/default/grub": """
        # comment
        GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`
        GRUB_CMDLINE_LINUX_DEFAULT="quiet"
        GRUB_CMDLINE_LINUX=""
        """,
        "/etc/default/grub.d/10-a.cfg":
          "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT mitigations=off\"\n",
        "/etc/default/grub.d/20-b.cfg": "export GRUB_CMDLINE_LINUX+=' mitigations=auto,nosmt'\n",
      ])
    #expect(seen.said("values") == ["[auto,nosmt, off]"])
    #expect(seen.said("value") == ["off"])
    #expect(seen.rows[0]["value"].origin == .line("/etc/default/grub.d/10-a.cfg", 1))
    #expect(seen.gaps.isEmpty)
  }

  @Test(arguments: [
    "GRUB_CMDLINE_LINUX=$(cat /x)", "if true; then\nGRUB_CMDLINE_LINUX=a\nfi",
    ". /etc/other\nGRUB_CMDLINE_LINUX=a", "GRUB_CMDLINE_LINUX=\"unclosed",
  ])
  func whatOnlyAShellCouldTellIsAGap(_ text: String) throws {
    #expect(try ask("a", ["/etc/default/grub": text]).gaps.count == 1)
  }

  @Test func everyBootEntryHasARow() throws {
    let seen = try ask(
      "slab_nomerge",
      [
        "/boot/grub/grub.cfg": """
        set vt_handoff=vt.handoff=7
        menuentry 'Debian GNU/Linux' --class debian {
        \tlinux\t/vmlinuz-6.1 root=UUID=1 ro slab_nomerge $vt_handoff
        }
        submenu 'Advanced' {
        \tmenuentry 'Debian (recovery mode)' {
        \t\tlinux /vmlinuz-6.1 root=UUID=1 ro single ${nothing}
        \t}
        }
        """,
        "/boot/loader/entries/a.conf": "title Fedora\noptions root=x\noptions slab_nomerge\n",
      ])
    #expect(seen.said("entry") == ["Debian GNU/Linux", "Debian (recovery mode)", "Fedora"])
    #expect(seen.said("present") == ["yes", "no", "yes"])
    #expect(seen.said("recovery") == ["no", "yes", "no"])
    #expect(seen.rows[0]["value"].origin == .line("/boot/grub/grub.cfg", 3))
  }

  @Test func allNamesEveryParameterOnce() throws {
    #expect(try ask("all", ["/proc/cmdline": "a=1 b a=2"]).said("name") == ["a", "b"])
  }

  @Test func anUnreadableMenuIsAGap() throws {
    var closed = MemoryTarget.Node.file("")
    closed.failure = .permissionDenied("/boot/grub/grub.cfg")
    var probe = KernelCommandLineProbe()
    probe.parameters = ["a"]
    let seen = try look(probe, at: [:], nodes: ["/boot/grub/grub.cfg": closed])
    #expect(seen.gaps == [.permissionDenied("/boot/grub/grub.cfg")])
  }

  @Test func hostileTextEnds() throws {
    let quotes = String(repeating: "\"'$`{\\", count: 20_000)
    _ = try ask(
      "a",
      [
        "/proc/cmdline": quotes, "/etc/default/grub": quotes,
        "/boot/grub/grub.cfg": "linux " + quotes,
      ])
  }
}
