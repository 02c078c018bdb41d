import RiegelModel
import SystemPackage

/// Finds what protects the storage of a path: from its mount down to the disk.
///
/// On a running host the kernel says so. Of a tree that does not run, fstab and crypttab tell in
/// part; where they do not, nobody can say without the disk.
struct StoragePath {
  struct Finding: Sendable {
    var device: String
    var protection: StorageProtection
  }

  let host: Host

  init(_ host: Host) { self.host = host }

  static let reads =
    MountTable.reads + ConfiguredMounts.reads + BlockDevices.reads
    + ["/etc/crypttab", "/etc/lvm/backup/*"]

  func protection(of path: FilePath) throws(TargetError) -> Finding {
    if host.isRunning {
      let real = try host.resolve(path) ?? path
      let table = try MountTable.of(host)
      guard let mount = table.mount(of: real) else { throw .notCollected(path) }
      return Finding(device: mount.source, protection: try protection(of: mount, table, depth: 0))
    }
    let real = isVolatile(path) ? path : try host.resolve(path) ?? path
    let configured = try ConfiguredMounts.of(host)
    if let error = configured.gaps.first { throw error }
    guard let entry = configured.entry(of: real) else { throw .notCollected(path) }
    return Finding(
      device: entry.device,
      protection: try protection(ofDevice: entry.device, type: entry.type, entry.origin))
  }

  private static let volatileTypes: Set<String> = [
    "tmpfs", "ramfs", "devtmpfs", "proc", "sysfs", "devpts", "cgroup", "cgroup2", "rootfs",
    "securityfs", "debugfs", "tracefs", "bpf", "mqueue", "hugetlbfs", "efivarfs", "pstore",
    "configfs", "fusectl", "binfmt_misc", "autofs", "nsfs", "rpc_pipefs", "selinuxfs",
  ]
  private static let remoteTypes: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "afs", "glusterfs",
    "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "vboxsf", "fuse.vmhgfs-fuse",
    "davfs", "fuse.davfs2", "ncpfs", "lustre", "ocfs2", "gfs2",
  ]
  private static let encryptedTypes: Set<String> = [
    "ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.securefs",
  ]

  /// Whether a type has no storage of its own on this host.
  static func isVolatileType(_ type: String) -> Bool { volatileTypes.contains(type) }

  /// What the type alone tells.
  private static func byType(_ type: String, _ origin: Origin) -> StorageProtection? {
    if volatileTypes.contains(type) {
      return StorageProtection(kind: .volatile, layer: type, origin: origin)
    }
    if remoteTypes.contains(type) {
      return StorageProtection(kind: .remote, layer: type, origin: origin)
    }
    if encryptedTypes.contains(type) {
      return StorageProtection(kind: .encrypted, layer: type, origin: origin)
    }
    return nil
  }

  func protection(
    of mount: MountTable.Mount, _ table: MountTable, depth: Int
  ) throws(TargetError) -> StorageProtection {
    if let found = StoragePath.byType(mount.type, mount.origin) { return found }
    let devices = BlockDevices(host)
    switch mount.type {
    case "overlay":
      // Layers are named by paths; in a container they are those of the host outside.
      guard depth < 8,
        let upper = mount.options.first(where: { $0.hasPrefix("upperdir=") })?
          .dropFirst("upperdir=".count),
        let below = table.mount(of: FilePath(String(upper))), below.id != mount.id
      else { throw unclear(mount.point, mount.type) }
      return try protection(of: below, table, depth: depth + 1)
    case "btrfs":
      guard let name = try devices.name(of: mount.source) else {
        throw unclear(mount.point, mount.type)
      }
      var parts: [StorageProtection] = []
      for member in try devices.btrfsMembers(of: name) {
        parts.append(try devices.protection(of: member))
      }
      guard let weakest = StorageProtection.weakest(parts) else {
        throw unclear(mount.point, mount.type)
      }
      return weakest
    case "zfs", "bcachefs": throw unclear(mount.point, mount.type)
    default: break
    }
    if !mount.number.hasPrefix("0:") {
      guard let name = try devices.name(ofNumber: mount.number) else {
        throw unclear(mount.point, mount.type)
      }
      return try devices.protection(of: name)
    }
    guard let name = try devices.name(of: mount.source) else {
      throw unclear(mount.point, mount.type)
    }
    return try devices.protection(of: name)
  }

  /// What fstab's device and type say, by the kernel if the device is there, else by crypttab.
  func protection(
    ofDevice device: String, type: String, _ origin: Origin
  ) throws(TargetError) -> StorageProtection {
    if let found = StoragePath.byType(type, origin) { return found }
    if host.isRunning, let name = try BlockDevices(host).name(of: device) {
      return try BlockDevices(host).protection(of: name)
    }
    let table = try Crypttab.of(host)
    if let error = table?.gaps.first { throw error }
    if let mapping = StoragePath.mapping(device) {
      if let found = table?.protection(ofMapping: mapping) { return found }
      if let found = try logicalVolume(mapping, table) { return found }
    } else if let (group, _) = StoragePath.logicalVolume(device),
      let found = try volumeGroup(group, table)
    {
      return found
    }
    // A partition that holds a file system or swap directly is not encrypted.
    if StoragePath.isPartition(device) {
      return StorageProtection(kind: .plain, layer: "none", origin: origin)
    }
    if StoragePath.isSwapFile(device) {
      let path = FilePath(device)
      return try protection(of: path.removingLastComponent()).protection
    }
    throw .notCollected(FilePath(device.hasPrefix("/") ? device : "/dev/disk/" + device))
  }

  private static func isSwapFile(_ device: String) -> Bool {
    device.hasPrefix("/") && !device.hasPrefix("/dev/")
  }

  private static func mapping(_ device: String) -> String? {
    device.hasPrefix("/dev/mapper/") ? String(device.dropFirst("/dev/mapper/".count)) : nil
  }

  private static func isPartition(_ device: String) -> Bool {
    if device.hasPrefix("PARTUUID=") || device.hasPrefix("PARTLABEL=") { return true }
    guard device.hasPrefix("/dev/") else { return false }
    let name = device.dropFirst(5)
    return ["sd", "vd", "hd", "xvd", "nvme", "mmcblk"].contains { name.hasPrefix($0) }
      && !name.contains("/")
  }

  /// `/dev/GROUP/VOLUME`.
  private static func logicalVolume(_ device: String) -> (group: String, volume: String)? {
    let parts = device.split(separator: "/")
    guard parts.count == 3, parts[0] == "dev", !["mapper", "disk", "md"].contains(parts[1]) else {
      return nil
    }
    return (String(parts[1]), String(parts[2]))
  }

  /// The device mapper doubles dashes within names: `my--group-home`.
  private func logicalVolume(
    _ mapping: String, _ table: Crypttab?
  ) throws(TargetError) -> StorageProtection? {
    let bytes = Array(mapping.utf8)
    let dash = UInt8(ascii: "-")
    var at = 0
    var group: [UInt8] = []
    while at < bytes.count {
      if bytes[at] == dash {
        guard at + 1 < bytes.count, bytes[at + 1] == dash else { break }
        at += 1
      }
      group.append(bytes[at])
      at += 1
    }
    guard at < bytes.count else { return nil }
    return try volumeGroup(String(decoding: group, as: UTF8.self), table)
  }

  /// What LVM's own backup of its metadata says of the devices of a volume group.
  private func volumeGroup(
    _ group: String, _ table: Crypttab?
  ) throws(TargetError) -> StorageProtection? {
    guard !group.contains("/"), !group.isEmpty, group != ".." else { return nil }
    let path = FilePath("/etc/lvm/backup").appending(group)
    var parts: [StorageProtection] = []
    for line in try host.lines(of: path) ?? [] {
      let text = line.text.drop { $0 == " " || $0 == "\t" }
      guard text.hasPrefix("device = \"") else { continue }
      let device = String(text.dropFirst("device = \"".count).prefix { $0 != "\"" })
      if let name = StoragePath.mapping(device), let found = table?.protection(ofMapping: name) {
        parts.append(found)
      } else if StoragePath.isPartition(device) {
        parts.append(
          StorageProtection(kind: .plain, layer: "none", origin: .line(path, line.number)))
      } else {
        return nil
      }
    }
    return StorageProtection.weakest(parts)
  }

  private func unclear(_ point: FilePath, _ type: String) -> TargetError {
    .undetermined(
      point,
      Localized(
        en: "what lies below this file system (\(type)) cannot be told",
        de: "was unter diesem Dateisystem (\(type)) liegt, ist nicht zu erkennen"))
  }
}
