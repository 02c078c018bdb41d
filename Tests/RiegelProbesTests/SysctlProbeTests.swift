import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

struct SysctlProbeTests {
  private func ask(
    _ parameter: String, _ texts: [String: String], _ nodes: [FilePath: MemoryTarget.Node] = [:]
  ) throws -> Observation {
    var probe = SysctlProbe()
    probe.parameters = [parameter]
    return try look(probe, at: texts, nodes: nodes)
  }

  private let kptr = "kernel.kptr_restrict"
  private let running = "/proc/sys/kernel/kptr_restrict"

  @Test func aRunningHostYieldsWhatRunsAndWhatIsConfigured() throws {
    let seen = try ask(
      kptr, [running: "0\n", "/etc/sysctl.d/a.conf": "# x\n\nkernel.kptr_restrict = 2\n"])
    #expect(seen.said("source") == ["running", "configured"])
    #expect(seen.said("value") == ["0", "2"])
    #expect(seen.rows[0]["value"].origin == .kernel("/proc/sys/kernel/kptr_restrict"))
    #expect(seen.rows[1]["value"].origin == .line("/etc/sysctl.d/a.conf", 3))
    #expect(seen.gaps.isEmpty)
  }

  @Test func theLastFileInOrderOfNameWinsWhateverItsFolder() throws {
    let seen = try ask(
      kptr,
      [
        "/etc/sysctl.d/10-a.conf": "kernel.kptr_restrict=1",
        "/usr/lib/sysctl.d/50-b.conf": "kernel/kptr_restrict=2",
      ])
    #expect(seen.said("value") == ["2"])
    #expect(
      seen.rows[0]["value"].overrides == [.init("1", .line("/etc/sysctl.d/10-a.conf", 1))])
  }

  @Test func aFileInEtcHidesTheOneOfTheSameName() throws {
    let texts = ["/usr/lib/sysctl.d/50-b.conf": "kernel.kptr_restrict=2"]
    #expect(try ask(kptr, texts).said("value") == ["2"])
    let link: [FilePath: MemoryTarget.Node] = [
      "/etc/sysctl.d/50-b.conf": .link(to: "/dev/null")
    ]
    #expect(try ask(kptr, texts, link).rows.isEmpty)
  }

  @Test func onlyFilesNamedConfCount() throws {
    #expect(try ask(kptr, ["/etc/sysctl.d/a.conf.bak": "kernel.kptr_restrict=2"]).rows.isEmpty)
  }

  @Test func systemdReadsTheMainFileOnlyThroughALink() throws {
    let texts = [
      "/etc/sysctl.conf": "kernel.kptr_restrict=2\n", "/usr/lib/systemd/systemd-sysctl": "",
    ]
    let without = try ask(kptr, texts)
    #expect(without.rows.isEmpty)
    #expect(without.notes.count == 1)
    let linked = try ask(kptr, texts, ["/etc/sysctl.d/99-sysctl.conf": .link(to: "../sysctl.conf")])
    #expect(linked.said("value") == ["2"])
    #expect(linked.notes.isEmpty)
    // Without systemd, procps and OpenRC read it last.
    let procps = try ask(
      kptr,
      [
        "/etc/sysctl.conf": "kernel.kptr_restrict=2\n",
        "/etc/sysctl.d/z.conf": "kernel.kptr_restrict=0",
      ]
    )
    #expect(procps.said("value") == ["2"])
  }

  @Test func aKeyThatTheRunningKernelLacksYieldsNoRow() throws {
    let seen = try ask(
      "kernel.yama.ptrace_scope",
      [running: "0", "/etc/sysctl.d/a.conf": "kernel.yama.ptrace_scope=1"])
    #expect(seen.rows.isEmpty)
    #expect(seen.notes.count == 1)
  }

  @Test func theKernelsDefaultCountsWhereNothingSetsAKey() throws {
    let kernel = ["/proc/sys/kernel/osrelease": "6.1.0-9-amd64\n", running: "2"]
    let seen = try ask(kptr, kernel)
    #expect(seen.said("value") == ["2", "0"])
    #expect(seen.rows[1]["value"].origin == .builtIn("Linux 6.1.0-9-amd64"))
    // What a distribution may have patched is not known without the build configuration.
    let unknown = try ask(
      "kernel.dmesg_restrict",
      ["/proc/sys/kernel/osrelease": "6.1.0-9-amd64\n", "/proc/sys/kernel/dmesg_restrict": "1"])
    #expect(unknown.said("source") == ["running"])
    let known = try ask(
      "kernel.dmesg_restrict",
      [
        "/boot/config-6.1.0-9-amd64": "CONFIG_SECURITY_DMESG_RESTRICT=y\n"
      ])
    #expect(known.said("value") == ["1"])
    #expect(known.said("source") == ["configured"])
  }

  @Test func aTreeWithoutKernelAndConfigurationSaysNothing() throws {
    #expect(try ask("kernel.randomize_va_space", ["/etc/hostname": "x"]).rows.isEmpty)
  }

  @Test func theKernelCommandLineCountsBelowFiles() throws {
    let line = ["/etc/kernel/cmdline": "quiet sysctl.kernel.kptr_restrict=1"]
    #expect(try ask(kptr, line).said("value") == ["1"])
    let both = line.merging(["/etc/sysctl.d/a.conf": "kernel.kptr_restrict=2"]) { $1 }
    #expect(try ask(kptr, both).said("value") == ["2"])
  }

  @Test func anActiveFirewallWritesLast() throws {
    let texts = [
      "/etc/sysctl.d/z.conf": "net.ipv4.conf.all.log_martians=1",
      "/etc/default/ufw": "IPT_SYSCTL=/etc/ufw/sysctl.conf\n",
      "/etc/ufw/sysctl.conf": "net/ipv4/conf/all/log_martians=0\n",
    ]
    let key = "net.ipv4.conf.all.log_martians"
    let on = try ask(key, texts.merging(["/etc/ufw/ufw.conf": "ENABLED=yes\n"]) { $1 })
    #expect(on.said("value") == ["0"])
    let off = try ask(key, texts.merging(["/etc/ufw/ufw.conf": "ENABLED=no\n"]) { $1 })
    #expect(off.said("value") == ["1"])
  }

  @Test func interfacesWithDotsAreNamedWithASlash() throws {
    let seen = try ask(
      "net.ipv4.conf.*.rp_filter",
      [
        "/proc/sys/net/ipv4/conf/all/rp_filter": "1",
        "/proc/sys/net/ipv4/conf/eth0.1/rp_filter": "0",
        "/etc/sysctl.d/a.conf": "net.ipv4.conf.eth0/1.rp_filter=1",
      ])
    #expect(
      seen.said("name") == [
        "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.eth0/1.rp_filter",
        "net.ipv4.conf.eth0/1.rp_filter",
      ])
    #expect(seen.said("value") == ["1", "0", "1"])
  }

  @Test func bitsAreNamedSingly() throws {
    let seen = try ask("kernel.sysrq", ["/etc/sysctl.d/a.conf": "kernel.sysrq = 0x1b6"])
    #expect(seen.said("value") == ["438"])
    #expect(seen.said("bits") == ["[2, 4, 16, 32, 128, 256]"])
  }

  @Test func whatCannotBeReadIsAGap() throws {
    var denied = MemoryTarget.Node.file("")
    denied.failure = .permissionDenied("/proc/sys/net/core/bpf_jit_harden")
    let seen = try ask(
      "net.core.bpf_jit_harden", [:], ["/proc/sys/net/core/bpf_jit_harden": denied])
    #expect(seen.gaps == [.permissionDenied("/proc/sys/net/core/bpf_jit_harden")])
    #expect(!seen.said("source").contains("running"))
    var closed = MemoryTarget.Node.directory()
    closed.failure = .permissionDenied("/etc/sysctl.d")
    #expect(
      try ask(kptr, [:], ["/etc/sysctl.d": closed]).gaps == [.permissionDenied("/etc/sysctl.d")])
  }

  @Test func withoutAKernelAnUnsetParameterIsOpen() throws {
    let image = Host(MemoryTarget(texts: ["/etc/hostname": "image"]))
    var probe = SysctlProbe()
    probe.parameters = [kptr]
    let seen = try probe.observe(image)
    #expect(seen.rows.isEmpty)
    #expect(seen.gaps == [.notCollected("/proc/sys/kernel/kptr_restrict")])
  }

  @Test func aSealedHostSaysNothingAtAll() throws {
    var target = MemoryTarget(texts: [
      running: "2", "/etc/sysctl.d/a.conf": "kernel.kptr_restrict=2",
    ])
    target.seal = { .permissionDenied($0) }
    var probe = SysctlProbe()
    probe.parameters = [kptr]
    let host = Host(target)
    do {
      let seen = try probe.observe(host)
      #expect(seen.rows.isEmpty)
      #expect(!seen.gaps.isEmpty)
    } catch {
      #expect(error == .permissionDenied("/proc/sys/kernel/osrelease"))
    }
  }

  @Test(arguments: ["../../etc/passwd", "/../../etc/passwd", "kernel//kptr_restrict", "\u{0}", ""])
  func aNameIsNoWayOutOfTheTree(_ name: String) throws {
    let seen = try ask(name, ["/etc/passwd": "secret", running: "1"])
    #expect(seen.rows.allSatisfy { $0.said("value") != "secret" })
  }

  @Test func hostileFilesDoNoHarm() throws {
    let noise =
      "=\n-\n-=\n=x\nkernel\n" + String(repeating: "a.", count: 100_000) + "=1\n\u{FFFD}=\u{0}\n"
      + "kernel.kptr_restrict = 1 # no comment here\n"
    let seen = try ask(kptr, ["/etc/sysctl.d/a.conf": noise])
    #expect(seen.said("value") == ["1 # no comment here"])
  }

  /// Lets systemd-sysctl set the parameters of a network of its own, and compares them all.
  @Test(.enabled(if: canUnshare))
  func systemdSetsWhatTheProbeSays() throws {
    let texts = [
      "10-a.conf": """
      net.ipv4.conf.all.log_martians = 1
      net.ipv4.conf.*.rp_filter = 1
      -net.ipv4.conf.all.rp_filter
      net.ipv4.conf.lo.arp_ignore = 0x2
      net/ipv4/conf/lo/arp_announce = 01
      net.ipv4.conf.all.send_redirects=0
      net.ipv4.conf.lo.send_redirects=0
      """,
      "20-b.conf": """
      -net.ipv4.conf.all.send_redirects
      net.ipv4.conf.lo.rp_filter = 2
      ; comment
      net.ipv4.conf.*.accept_source_route = 1
      net.ipv4.conf.l*.accept_source_route = 0
      net.ipv4.conf.*.arp_filter = 1
      net.ipv4.conf.l*.arp_filter = 0
      net.ipv4.conf.*.arp_filter = 1
      - net.ipv4.conf.lo.accept_redirects = 0
      -net.ipv4.conf.nowhere.accept_redirects = 0
      """,
    ]
    let folder = try planted(texts)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = """
      mount --bind \(folder.path) /etc/sysctl.d && mount -t tmpfs none /usr/lib/sysctl.d || exit 1
      /lib/systemd/systemd-sysctl >/dev/null 2>&1
      cd /proc/sys && for f in net/ipv4/conf/*/*; do printf '%s=' $f; cat $f; done
      """
    let out = try #require(printed(by: "/usr/bin/unshare", ["-n", "-m", "/bin/sh", "-c", script]))
    let before = try #require(
      printed(
        by: "/usr/bin/unshare",
        [
          "-n", "/bin/sh", "-c",
          "cd /proc/sys && for f in net/ipv4/conf/*/*; do printf '%s=' $f; cat $f; done",
        ]))
    func values(_ text: String) -> [String: String] {
      var values: [String: String] = [:]
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1)
        if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
      }
      return values
    }
    let host = Host(
      MemoryTarget(
        texts: Dictionary(uniqueKeysWithValues: texts.map { ("/etc/sysctl.d/" + $0, $1) })))
    let configuration = try SysctlConfiguration.of(host)
    let original = values(before)
    let set = values(out)
    #expect(set.count > 60)
    for (key, value) in set {
      let fact = configuration.effective(key)?.value
      #expect(fact ?? .text(original[key] ?? "") == .text(value), "\(key)")
    }
  }
}

private let canUnshare =
  FileManager.default.isExecutableFile(atPath: "/lib/systemd/systemd-sysctl")
  && printed(by: "/usr/bin/unshare", ["-n", "-m", "/bin/true"]) != nil
