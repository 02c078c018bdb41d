import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

/// The block devices of a host in a few words, as files of sysfs.
private func sysfs(_ devices: [(name: String, number: String, uuid: String?, slaves: [String])])
  -> (texts: [String: String], links: [FilePath: MemoryTarget.Node])
{
  var texts: [String: String] = [:]
  var links: [FilePath: MemoryTarget.Node] = [:]
  for device in devices {
    var folder = "/sys/devices/virtual/block/\(device.name)"
    if let disk = device.name.last?.isNumber == true && device.name.hasPrefix("sd")
      ? String(device.name.dropLast()) : nil
    {
      folder = "/sys/devices/pci/\(disk)/\(device.name)"
      texts[folder + "/partition"] = "1\n"
    } else if device.name.hasPrefix("sd") {
      folder = "/sys/devices/pci/\(device.name)"
    }
    texts[folder + "/dev"] = device.number + "\n"
    if let uuid = device.uuid {
      texts[folder + "/dm/uuid"] = uuid + "\n"
      texts[folder + "/dm/name"] = "map-\(device.name)\n"
    }
    for slave in device.slaves {
      links[FilePath("\(folder)/slaves/\(slave)")] = .link(
        to: FilePath("/sys/class/block/\(slave)"))
    }
    links[FilePath("/sys/class/block/\(device.name)")] = .link(to: FilePath(folder))
    links[FilePath("/sys/dev/block/\(device.number)")] = .link(to: FilePath(folder))
    links[FilePath("/dev/\(device.name)")] = .init(.init(kind: .blockDevice, mode: 0o660))
  }
  return (texts, links)
}

struct EncryptionProbeTests {
  private func ask(
    _ area: String, _ texts: [String: String],
    _ devices: [(name: String, number: String, uuid: String?, slaves: [String])] = [],
    nodes: [FilePath: MemoryTarget.Node] = [:]
  ) throws -> Observation {
    var probe = EncryptionProbe()
    probe.areas = [area]
    let tree = sysfs(devices)
    return try look(
      probe, at: texts.merging(tree.texts) { a, _ in a },
      nodes: nodes.merging(tree.links) { a, _ in a })
  }

  private let own = "/proc/self/mountinfo"
  private func mounted(
    _ number: String, type: String = "ext4", source: String = "/dev/x", more: String = "rw"
  )
    -> [String: String]
  {
    [
      own:
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 \(number) / /home rw - \(type) \(source) \(more)\n"
    ]
  }
  private let disk: [(name: String, number: String, uuid: String?, slaves: [String])] = [
    ("sda", "8:0", nil, []), ("sda1", "8:1", nil, []), ("sda2", "8:2", nil, []),
    ("sda3", "8:3", nil, []),
  ]

  @Test func aPartitionOfADiskIsPlain() throws {
    let seen = try ask("/home/alice", mounted("8:2"), disk)
    #expect(seen.said("protection") == ["plain"])
    #expect(seen.said("layer") == ["none"])
    #expect(seen.said("device") == ["/dev/x"])
  }

  @Test func aVolumeInLVMOnLUKSIsEncrypted() throws {
    let seen = try ask(
      "/home", mounted("253:1"),
      disk + [
        ("dm-0", "253:0", "CRYPT-LUKS2-abc-crypt", ["sda2"]),
        ("dm-1", "253:1", "LVM-xyz", ["dm-0"]),
      ])
    #expect(seen.said("protection") == ["encrypted"])
    #expect(seen.said("luks") == ["2"])
    #expect(seen.rows[0]["layer"].origin == .kernel("/sys/class/block/dm-0/dm/uuid"))
  }

  @Test func aVolumeThatLiesOnAPlainDiskTooIsPlain() throws {
    let seen = try ask(
      "/home", mounted("253:1"),
      disk + [
        ("dm-0", "253:0", "CRYPT-LUKS1-abc-crypt", ["sda2"]),
        ("dm-1", "253:1", "LVM-xyz", ["dm-0", "sda3"]),
      ])
    #expect(seen.said("protection") == ["plain"])
  }

  @Test func anotherEncryptedPartitionProvesNothing() throws {
    let seen = try ask(
      "/home", mounted("8:2"), disk + [("dm-0", "253:0", "CRYPT-LUKS2-abc-crypt", ["sda3"])])
    #expect(seen.said("protection") == ["plain"])
  }

  @Test(arguments: [
    ("CRYPT-LUKS1-a-b", "encrypted", "luks1"), ("CRYPT-PLAIN-b", "encrypted", "plain"),
    ("CRYPT-BITLK-b", "encrypted", "bitlk"), ("CRYPT-VERITY-a-b", "plain", "none"),
    ("CRYPT-INTEGRITY-b", "plain", "none"), ("LVM-a", "plain", "none"), ("", "?", "?"),
    ("made-by-hand", "?", "?"),
  ])
  func theDeviceMapperSaysWhoMadeADevice(_ uuid: String, _ kind: String, _ layer: String) throws {
    let seen = try ask("/home", mounted("253:0"), disk + [("dm-0", "253:0", uuid, ["sda2"])])
    #expect(seen.said("protection") == [kind])
    #expect(seen.said("layer") == [layer])
  }

  @Test func devicesInACircleAreNotDecided() throws {
    let seen = try ask(
      "/home", mounted("253:0"),
      [("dm-0", "253:0", "LVM-a", ["dm-1"]), ("dm-1", "253:1", "LVM-b", ["dm-0"])])
    #expect(seen.said("protection") == ["?"])
  }

  @Test func aPartitionOnAnEncryptedRaidIsEncrypted() throws {
    let seen = try ask(
      "/home", mounted("9:0"),
      disk + [
        ("dm-0", "253:0", "CRYPT-LUKS2-a", ["sda2"]), ("dm-1", "253:1", "CRYPT-LUKS2-b", ["sda3"]),
        ("md0", "9:0", nil, ["dm-0", "dm-1"]),
      ])
    #expect(seen.said("protection") == ["encrypted"])
  }

  @Test(arguments: [
    ("tmpfs", "volatile"), ("nfs4", "remote"), ("virtiofs", "remote"),
    ("fuse.gocryptfs", "encrypted"),
    ("ecryptfs", "encrypted"), ("zfs", "?"), ("overlay", "?"), ("btrfs", "?"), ("unheard-of", "?"),
  ])
  func theTypeOfAFileSystemMayTell(_ type: String, _ kind: String) throws {
    #expect(
      try ask("/home", mounted("0:9", type: type, source: "none")).said("protection") == [kind])
  }

  @Test func everyDeviceOfABtrfsCounts() throws {
    let seen = try ask(
      "/home", mounted("0:9", type: "btrfs", source: "/dev/dm-0"),
      disk + [("dm-0", "253:0", "CRYPT-LUKS2-a", ["sda2"])],
      nodes: [
        "/sys/fs/btrfs/id/devices/dm-0": .link(to: "/sys/class/block/dm-0"),
        "/sys/fs/btrfs/id/devices/sda3": .link(to: "/sys/class/block/sda3"),
      ])
    #expect(seen.said("protection") == ["plain"])
  }

  @Test func overlaysLeadToWhereTheyAreWritten() throws {
    let over = mounted("0:9", type: "overlay", source: "overlay", more: "rw,upperdir=/var/up")
    #expect(try ask("/home", over, disk).said("protection") == ["plain"])
    let circle = mounted("0:9", type: "overlay", source: "overlay", more: "rw,upperdir=/home/up")
    #expect(try ask("/home", circle, disk).said("protection") == ["?"])
  }

  // MARK: - Swap

  @Test func swapIsFollowedToo() throws {
    let seen = try ask(
      "swap",
      mounted("8:2").merging([
        "/proc/swaps":
          "Filename\tType\tSize\tUsed\tPriority\n/dev/dm-0 partition 1 0 -2\n/home/swap\\040file file 1 0 -3\n/dev/zram0 partition 1 0 100\n",
        "/sys/power/resume": "8:3\n",
      ]) { $1 },
      disk + [("dm-0", "253:0", "CRYPT-PLAIN-swap", ["sda2"]), ("zram0", "252:0", nil, [])])
    #expect(seen.said("area") == ["/dev/dm-0", "/home/swap file", "/dev/zram0", "8:3"])
    #expect(seen.said("protection") == ["encrypted", "plain", "volatile", "plain"])
    #expect(seen.said("kind") == ["swap", "swap", "swap", "hibernation"])
  }

  @Test func noSwapIsNoRow() throws {
    let seen = try ask(
      "swap", ["/proc/swaps": "Filename Type Size Used Priority\n", "/sys/power/resume": "0:0\n"])
    #expect(seen.rows.isEmpty)
    #expect(seen.gaps.isEmpty)
  }

  // MARK: - A tree that does not run

  private let fstab = """
    /dev/mapper/root / ext4 defaults
    /dev/mapper/my--vg-home /home ext4 defaults
    UUID=1 /srv ext4 defaults
    PARTUUID=2 /boot ext4 defaults
    /dev/mapper/swap none swap sw
    """

  @Test(arguments: [
    ("/etc", "encrypted"), ("/home", "encrypted"), ("/srv", "?"), ("/boot", "plain"),
    ("swap", "encrypted"),
  ])
  func fstabAndCrypttabTellInPart(_ area: String, _ kind: String) throws {
    let texts = [
      "/etc/fstab": fstab,
      "/etc/crypttab": "root UUID=3 none luks\nswap /dev/sda3 /dev/urandom swap\n",
      "/etc/lvm/backup/my-vg": "\tpv0 {\n\t\tdevice = \"/dev/mapper/root\"\t# Hint only\n",
    ]
    #expect(try ask(area, texts).said("protection") == [kind])
  }

  @Test func withoutFstabNothingIsKnown() throws {
    #expect(try ask("/home", ["/etc/hostname": ""]).said("protection") == ["?"])
    let broken = ["/etc/fstab": "/dev/sda1\n/dev/sda1 / ext4\n"]
    #expect(try ask("/home", broken).said("protection") == ["?"])
  }
}
