import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

struct KernelModulesProbeTests {
  private let base = [
    "/lib/modules/6.1/modules.dep":
      "kernel/drivers/usb/storage/usb-storage.ko.xz: kernel/drivers/scsi/scsi_mod.ko.xz\n"
      + "kernel/fs/cramfs/cramfs.ko:\nkernel/fs/udf/udf.ko.zst:\n",
    "/lib/modules/6.1/modules.builtin": "kernel/fs/ext4/ext4.ko\n",
  ]

  private func ask(_ module: String, _ more: [String: String] = [:]) throws -> Observation {
    var probe = KernelModulesProbe()
    probe.modules = [module]
    return try look(probe, at: base.merging(more) { $1 })
  }

  @Test(arguments: [
    ("usb-storage", "loadable"), ("usb_storage", "loadable"), ("cramfs", "loadable"),
    ("udf", "loadable"), ("ext4", "built-in"), ("hfs", "absent"),
  ])
  func aModuleHasAState(_ module: String, _ state: String) throws {
    #expect(try ask(module).said("state") == [state])
  }

  @Test func anInstallLineBlocksAndABlacklistDoesNot() throws {
    let listed = try ask("usb-storage", ["/etc/modprobe.d/a.conf": "blacklist usb_storage\n"])
    #expect(listed.said("state") == ["loadable"])
    #expect(listed.said("blacklisted") == ["yes"])
    let blocked = try ask(
      "usb-storage", ["/etc/modprobe.d/a.conf": "install\tusb_storage   /bin/false\n"])
    #expect(blocked.said("state") == ["blocked"])
    #expect(blocked.said("loadable") == ["no"])
    #expect(blocked.said("install-blocked") == ["yes"])
    #expect(blocked.rows[0]["state"].origin == .line("/etc/modprobe.d/a.conf", 1))
  }

  @Test(arguments: [
    ("/bin/true", true), ("/usr/bin/false", true), ("/bin/false # never", true), (":", true),
    ("/bin/true || /sbin/modprobe -i x", false), ("/sbin/modprobe -i x", false),
    ("/bin/truest", false), ("/opt/bin/true", false), ("/bin/echo $(modprobe -i x)", false),
  ])
  func onlyACommandThatSurelyLoadsNothingBlocks(_ command: String, _ blocks: Bool) {
    #expect(ModprobeConfiguration.loadsNothing(command) == blocks)
  }

  @Test func theFirstInstallLineCounts() throws {
    let seen = try ask(
      "cramfs",
      [
        "/etc/modprobe.d/a.conf": "install cramfs /sbin/modprobe -i cramfs",
        "/etc/modprobe.d/b.conf": "install cramfs /bin/true",
      ])
    #expect(seen.said("state") == ["loadable"])
  }

  @Test func aFileOfTheSameNameInEtcHidesAShippedOne() throws {
    let seen = try ask(
      "cramfs",
      ["/etc/modprobe.d/a.conf": "", "/lib/modprobe.d/a.conf": "install cramfs /bin/true"])
    #expect(seen.said("state") == ["loadable"])
  }

  @Test func loadedComesBeforeBlocked() throws {
    let seen = try ask(
      "usb-storage",
      [
        "/proc/modules": "usb_storage 81920 0 - Live 0x0\n",
        "/proc/sys/kernel/osrelease": "6.1\n",
        "/etc/modprobe.d/a.conf": "install usb-storage /bin/false",
      ])
    #expect(seen.said("state") == ["loaded"])
    #expect(seen.said("loaded") == ["yes"])
  }

  @Test func everyInstalledKernelHasARow() throws {
    let seen = try ask(
      "cramfs", ["/lib/modules/6.2/modules.dep": "", "/lib/modules/5.0/kernel": ""])
    #expect(seen.said("kernel") == ["6.2", "6.1"])
    #expect(seen.said("state") == ["absent", "loadable"])
  }

  @Test func theKernelTakesUnderscoresOnlyOnItsCommandLine() throws {
    let right = try ask("usb-storage", ["/etc/kernel/cmdline": "module_blacklist=x,usb_storage"])
    #expect(right.said("state") == ["blocked"])
    let wrong = try ask("usb-storage", ["/etc/kernel/cmdline": "module_blacklist=usb-storage"])
    #expect(wrong.said("state") == ["loadable"])
    #expect(wrong.notes.count == 1)
  }

  @Test func modulesOfAKernelThatAreNotHereAreNotAbsent() throws {
    var probe = KernelModulesProbe()
    probe.modules = ["cramfs"]
    let container = ["/proc/modules": "ext4 1 1 - Live 0x0\n", "/proc/sys/kernel/osrelease": "6.1"]
    #expect(try look(probe, at: container).said("state") == ["?"])
    // A kernel without support for modules loads none.
    let monolithic = ["/proc/sys/kernel/osrelease": "6.1"]
    #expect(try look(probe, at: monolithic).said("state") == ["absent"])
    #expect(try look(probe, at: ["/etc/hostname": "x"]).rows.isEmpty)
  }

  @Test func anUnreadableFolderIsAGap() throws {
    var closed = MemoryTarget.Node.directory()
    closed.failure = .permissionDenied("/etc/modprobe.d")
    var probe = KernelModulesProbe()
    probe.modules = ["cramfs"]
    let seen = try look(probe, at: base, nodes: ["/etc/modprobe.d": closed])
    #expect(seen.gaps == [.permissionDenied("/etc/modprobe.d")])
  }

  private static let modprobe = "/sbin/modprobe"

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: modprobe)))
  func modprobeReadsTheSame() throws {
    let first = """
      install usb-storage /bin/false
      blacklist usb-storage
      install cramfs /bin/true
        # indented comment
      options snd-hda power=1 \\
        extra=2
      install dccp
      alias foo-bar usb-storage
      install [a-b]-x /bin/false
      blacklist
      """
    let second = "install usb_storage /sbin/modprobe -i usb_storage\nblacklist uas\n"
    let folder = try planted([
      "etc/a.conf": first, "lib/a.conf": "blacklist hidden", "lib/b.conf": second,
    ])
    defer { try? FileManager.default.removeItem(at: folder) }
    let shown = try #require(
      printed(
        by: Self.modprobe,
        ["-C", folder.path + "/etc", "-C", folder.path + "/lib", "--showconfig"]))
    let configuration = try ModprobeConfiguration.of(
      Host(
        MemoryTarget(texts: [
          "/etc/modprobe.d/a.conf": first, "/lib/modprobe.d/a.conf": "blacklist hidden",
          "/lib/modprobe.d/b.conf": second,
        ])))
    let lines = shown.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { $0.hasPrefix("install ") }
        == configuration.installs.map { "install \($0.pattern) \($0.line.text)" })
    #expect(
      Set(lines.filter { $0.hasPrefix("blacklist ") })
        == Set(configuration.blacklist.keys.map { "blacklist \($0)" }))
    #expect(configuration.options["snd_hda"]?.map(\.text) == ["power=1   extra=2"])
  }
}
