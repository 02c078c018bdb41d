import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

struct MountsProbeTests {
  private func ask(
    _ point: String, _ texts: [String: String], _ nodes: [FilePath: MemoryTarget.Node] = [:],
    running: Bool? = nil
  ) throws -> Observation {
    var probe = MountsProbe()
    probe.points = [point]
    return try look(probe, at: texts, nodes: nodes, running: running)
  }

  private let root = "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n"
  private let own = "/proc/self/mountinfo"

  @Test func optionsOfMountAndFileSystemAreTakenTogether() throws {
    let seen = try ask("/tmp", [own: root + "2 1 0:5 / /tmp rw,nosuid - tmpfs tmpfs ro,size=1k\n"])
    #expect(seen.said("options") == ["[ro, nosuid, size=1k]"])
    #expect(seen.said("separate") == ["yes"])
    #expect(seen.said("type") == ["tmpfs"])
  }

  @Test func aPathThatIsNoMountPointHasTheOptionsOfItsFileSystem() throws {
    let seen = try ask("/var/tmp", [own: root])
    #expect(seen.said("separate") == ["no"])
    #expect(seen.said("options") == ["[rw, relatime, errors=remount-ro]"])
  }

  @Test func theMountOnTopCounts() throws {
    let twice =
      root + "2 1 0:5 / /tmp rw,nosuid - tmpfs a rw\n3 2 0:6 / /tmp rw,noexec - tmpfs b rw\n"
    #expect(try ask("/tmp", [own: twice]).said("device") == ["b"])
    let hidden = root + "2 1 0:5 / /a/b rw - tmpfs b rw\n3 1 0:6 / /a rw - tmpfs a rw\n"
    #expect(try ask("/a/b", [own: hidden]).said("device") == ["a"])
    #expect(try ask("/a/b", [own: hidden]).said("separate") == ["no"])
  }

  @Test func theTableOfTheFirstProcessComesBeforeOnesOwn() throws {
    let sandbox = root + "2 1 0:5 / /tmp rw,noexec - tmpfs tmpfs rw\n"
    let seen = try ask("/tmp", [own: sandbox, "/proc/1/mountinfo": root])
    #expect(seen.said("separate") == ["no"])
    var denied = MemoryTarget.Node.file("")
    denied.failure = .permissionDenied("/proc/1/mountinfo")
    #expect(
      try ask("/tmp", [own: sandbox], ["/proc/1/mountinfo": denied]).said("separate") == ["yes"])
  }

  @Test func escapedNamesAreRead() throws {
    let seen = try ask("/m/a b\\c", [own: root + "2 1 0:5 / /m/a\\040b\\134c rw - tmpfs t rw\n"])
    #expect(seen.said("separate") == ["yes"])
  }

  @Test(arguments: [
    "x", "1 0 8:1 / / rw\n", "1 0 8:1 / / rw - ext4\n", "1 0 8:1 / tmp rw - a b c\n", "",
  ])
  func aBrokenTableIsAGapAndNoPass(_ text: String) throws {
    let seen = try ask("/tmp", [own: text])
    #expect(seen.rows.isEmpty)
    #expect(seen.gaps.count == 1)
  }

  @Test func mountsThatAreTheirOwnParentsEnd() throws {
    let loop =
      root + "2 3 0:5 / /a rw - t a rw\n3 2 0:6 / /b rw - t b rw\n4 4 0:7 / /c rw - t c rw\n"
    #expect(try ask("/a", [own: loop]).said("separate") == ["no"])
  }

  @Test func aLinkIsFollowed() throws {
    let seen = try ask(
      "/var/tmp", [own: root + "2 1 0:5 / /tmp rw,nosuid - tmpfs t rw\n", "/tmp/x": ""],
      ["/var/tmp": .link(to: "/tmp")])
    #expect(seen.said("separate") == ["yes"])
    #expect(seen.rows[0].subject == "/var/tmp")
  }

  // MARK: - The next boot

  private let table = "UUID=1 / ext4 defaults 0 1\n"

  @Test func fstabIsRead() throws {
    let seen = try ask(
      "/tmp", ["/etc/fstab": table + "tmpfs\t/tmp tmpfs nodev,defaults,noexec 0 0\n"])
    #expect(seen.said("options") == ["[rw, nodev, noexec]"])
    #expect(seen.said("source") == ["configured"])
    #expect(seen.said("separate") == ["yes"])
    #expect(seen.rows[0]["options"].origin == .line("/etc/fstab", 2))
    #expect(try ask("/tmp", ["/etc/fstab": table]).said("separate") == ["no"])
    #expect(try ask("/tmp", ["/etc/hostname": ""]).rows.isEmpty)
  }

  @Test func whatTheBootDoesNotMountIsNotSeparate() throws {
    let seen = try ask("/mnt", ["/etc/fstab": table + "/dev/sdb1 /mnt ext4 noauto,user\n"])
    #expect(seen.said("separate") == ["no"])
    #expect(seen.said("options") == ["[rw, nosuid, nodev, noexec, noauto, user]"])
  }

  @Test func aUnitInEtcBeatsFstabAndFstabBeatsAShippedUnit() throws {
    let line = table + "tmpfs /tmp tmpfs noexec\n"
    let unit = "[Unit]\nOptions=x\n[Mount]\nWhat=tmpfs\nWhere=/tmp\nType=tmpfs\nOptions=nosuid\n"
    let local = try ask("/tmp", ["/etc/fstab": line, "/etc/systemd/system/tmp.mount": unit])
    #expect(local.said("options") == ["[rw, nosuid]"])
    #expect(local.said("separate") == ["yes"])
    #expect(local.rows[0]["options"].overrides.count == 1)
    let shipped = try ask("/tmp", ["/etc/fstab": line, "/usr/lib/systemd/system/tmp.mount": unit])
    #expect(shipped.said("options") == ["[rw, noexec]"])
    let dropIn = try ask(
      "/tmp",
      ["/etc/fstab": line, "/etc/systemd/system/tmp.mount.d/a.conf": "[Mount]\nOptions=nodev\n"])
    #expect(dropIn.said("options") == ["[rw, nodev]"])
  }

  @Test func aUnitCountsOnlyIfSomethingWantsIt() throws {
    let texts = [
      "/etc/fstab": table,
      "/usr/lib/systemd/system/tmp.mount": "[Mount]\nWhere=/tmp\nOptions=nosuid\n",
    ]
    #expect(try ask("/tmp", texts).said("separate") == ["no"])
    let wanted = try ask(
      "/tmp", texts,
      ["/usr/lib/systemd/system/local-fs.target.wants/tmp.mount": .link(to: "../tmp.mount")])
    #expect(wanted.said("separate") == ["yes"])
    let masked = try ask(
      "/tmp", texts,
      [
        "/usr/lib/systemd/system/local-fs.target.wants/tmp.mount": .link(to: "../tmp.mount"),
        "/etc/systemd/system/tmp.mount": .link(to: "/dev/null"),
        "/dev/null": .init(.init(kind: .characterDevice, mode: 0o666)),
      ])
    #expect(masked.said("separate") == ["no"])
  }

  @Test func aMaskedUnitKeepsFstabFromMounting() throws {
    let seen = try ask(
      "/tmp",
      ["/etc/fstab": table + "tmpfs /tmp tmpfs noexec\n", "/etc/systemd/system/tmp.mount": ""])
    #expect(seen.said("separate") == ["no"])
    #expect(seen.notes.count == 1)
  }

  @Test func systemdMountsSharedMemoryByItself() throws {
    let seen = try ask("/dev/shm", ["/usr/lib/systemd/systemd": ""])
    #expect(seen.said("options") == ["[rw, nosuid, nodev]"])
    #expect(seen.rows[0]["options"].origin?.isBuiltIn == true)
  }

  @Test func aBrokenLineIsAGap() throws {
    let seen = try ask("/tmp", ["/etc/fstab": table + "tmpfs /tmp\n"])
    #expect(seen.gaps == [.malformed("/etc/fstab", line: 2, "fewer than three fields")])
  }

  @Test func removableDisksAreKnown() throws {
    let seen = try ask(
      "/mnt",
      [
        own: root + "2 1 8:17 / /mnt rw - vfat /dev/sdb1 rw\n",
        "/sys/devices/pci0/usb1/1-1/block/sdb/sdb1/partition": "1",
      ],
      [
        "/sys/dev/block/8:17": .link(to: "../../devices/pci0/usb1/1-1/block/sdb/sdb1"),
        "/sys/class/block/sdb1": .link(to: "../../devices/pci0/usb1/1-1/block/sdb/sdb1"),
      ])
    #expect(seen.said("removable") == ["yes"])
  }

  @Test(arguments: ["tmp.mount", "var-lib-a\\x2db.mount", "-.mount", "a-b\\x20c.mount"])
  func unitNamesComeBack(_ name: String) throws {
    let point = try #require(MountUnits.point(ofUnit: name))
    #expect(MountUnits.unitName(of: point) == name)
  }

  // MARK: - The real programs

  @Test(.enabled(if: findsMounts), arguments: [0])
  func findmntSeesTheSameMounts(_ run: Int) throws {
    let text = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
    let table = try MountTable.of(Host(MemoryTarget(texts: ["/proc/self/mountinfo": text])))
    let folder = try planted(["mountinfo": text])
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = try #require(
      printed(
        by: "/usr/bin/findmnt",
        ["-rn", "-o", "TARGET,FSTYPE,OPTIONS", "-F", folder.path + "/mountinfo"]))
    var found: [String: Set<String>] = [:]
    for line in out.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3 {
        found[String(words[0])] = Set(words[2].split(separator: ",").map(String.init))
      }
    }
    for mount in table.visible {
      #expect(found[printable(mount.point)] == Set(mount.options), "\(mount.point)")
    }
  }

  @Test(
    .enabled(if: canMount),
    arguments: [
      "user", "user,exec", "exec,user", "nosuid,defaults", "owner", "group,dev", "users,suid",
      "nodev,user,dev", "ro,rw,nodev", "noexec,ro",
    ])
  func theKernelGetsTheOptionsThatWereWorkedOut(_ options: String) throws {
    let out = try #require(
      printed(
        by: "/usr/bin/unshare",
        [
          "-m", "/bin/sh", "-c",
          "mount -t tmpfs -o \(options) none /mnt && grep ' /mnt ' /proc/self/mountinfo",
        ]))
    let flags = Set(out.split(separator: " ")[5].split(separator: ",").map(String.init))
    let vfs: Set = ["ro", "rw", "nosuid", "nodev", "noexec"]
    #expect(flags.intersection(vfs) == vfs.intersection(effectiveMountOptions(options)))
  }
}

private let findsMounts = FileManager.default.isExecutableFile(atPath: "/usr/bin/findmnt")
private let canMount =
  printed(by: "/usr/bin/unshare", ["-m", "/bin/sh", "-c", "mount -t tmpfs none /mnt"]) != nil
