import RiegelModel
import SystemPackage

/// How what is stored on something is protected while the power is off.
struct StorageProtection: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case encrypted, plain, volatile, remote
  }

  var kind: Kind
  /// What protects, or why nothing does: `luks2`, `zram`, `tmpfs`, `nfs4`, `none`.
  var layer: String
  /// The version of LUKS, if that is the layer.
  var luks: Int?
  var origin: Origin

  /// The weakest of several devices that hold one thing together; nil if there are none.
  static func weakest(_ parts: [StorageProtection]) -> StorageProtection? {
    let order: [Kind] = [.plain, .remote, .encrypted, .volatile]
    for kind in order {
      if let part = parts.first(where: { $0.kind == kind }) { return part }
    }
    return nil
  }
}

/// The block devices of a running host as sysfs shows them: partitions, LVM, RAID, dm-crypt.
///
/// The device mapper says in `dm/uuid` who made a device (`CRYPT-LUKS2-…`, `LVM-…`); `slaves/` leads
/// to what it is made of. Another encrypted disk in the machine proves nothing, so every path is
/// followed from the file system down.
struct BlockDevices {
  let host: Host

  init(_ host: Host) { self.host = host }

  static let reads = [
    "/sys/class/block/*", "/sys/dev/block/*", "/sys/class/block/*/dm/uuid",
    "/sys/class/block/*/dm/name", "/sys/class/block/*/slaves/*", "/sys/class/block/*/partition",
    "/sys/class/block/*/removable", "/sys/class/block/*/backing_dev",
    "/sys/class/block/*/loop/backing_file", "/sys/fs/btrfs/*/devices/*", "/dev/mapper/*",
    "/dev/disk/by-*/*",
  ]

  private static let folder: FilePath = "/sys/class/block"

  /// The kernel's name of a device number `8:1`: `sda1`.
  func name(ofNumber number: String) throws(TargetError) -> String? {
    let path = FilePath("/sys/dev/block").appending(number)
    return try host.resolve(path)?.lastComponent?.string
  }

  /// The kernel's name of a device that a path such as `/dev/mapper/vg-home` or a tag such as
  /// `UUID=…` names; nil if it is not there.
  func name(of device: String) throws(TargetError) -> String? {
    guard let path = BlockDevices.path(of: device), let real = try host.resolve(path) else {
      // The device mapper's links may be missing in a snapshot; its names are in sysfs too.
      if device.hasPrefix("/dev/mapper/") {
        return try mapped(String(device.dropFirst("/dev/mapper/".count)))
      }
      return nil
    }
    guard real.starts(with: "/dev"), let name = real.lastComponent?.string else { return nil }
    return try host.exists(BlockDevices.folder.appending(name)) ? name : nil
  }

  /// The path that udev gives a tag of `fstab(5)`.
  static func path(of device: String) -> FilePath? {
    if device.hasPrefix("/dev/") { return FilePath(device).lexicallyNormalized() }
    guard let equals = device.firstIndex(of: "=") else { return nil }
    let value = device[device.index(after: equals)...].filter { $0 != "\"" && $0 != "/" }
    let folders = [
      "UUID": "by-uuid", "LABEL": "by-label", "PARTUUID": "by-partuuid",
      "PARTLABEL": "by-partlabel", "ID": "by-id",
    ]
    return folders[String(device[..<equals])].map { FilePath("/dev/disk/\($0)/\(value)") }
  }

  private func mapped(_ wanted: String) throws(TargetError) -> String? {
    for name in try host.list(BlockDevices.folder) ?? [] {
      let path = BlockDevices.folder.appending(name).appending("dm/name")
      if try text(path) == wanted { return name.string }
    }
    return nil
  }

  private func text(_ path: FilePath) throws(TargetError) -> String? {
    try host.text(of: path).map { $0.filter { $0 != "\n" } }
  }

  /// Devices that hold a LUKS volume, each with the name that dm-crypt gave it.
  func luksVolumes() throws(TargetError) -> [(name: String, device: String)] {
    var volumes: [(name: String, device: String)] = []
    for name in try host.list(BlockDevices.folder) ?? [] {
      let path = BlockDevices.folder.appending(name)
      guard let uuid = try text(path.appending("dm/uuid")), uuid.hasPrefix("CRYPT-LUKS") else {
        continue
      }
      let title = try text(path.appending("dm/name")) ?? name.string
      for slave in try host.list(path.appending("slaves")) ?? [] {
        volumes.append((title, slave.string))
      }
    }
    return volumes
  }

  /// What protects a device, by the kernel's name.
  func protection(of name: String) throws(TargetError) -> StorageProtection {
    var visited: Set<String> = []
    return try protection(of: name, &visited)
  }

  private func protection(
    of name: String, _ visited: inout Set<String>
  ) throws(TargetError) -> StorageProtection {
    let path = BlockDevices.folder.appending(name)
    let origin = Origin.kernel(path)
    guard visited.insert(name).inserted else {
      throw .malformed(path, line: 0, "a block device that lies on itself")
    }
    defer { visited.remove(name) }
    guard visited.count < 32 else { throw .malformed(path, line: 0, "too many layers") }
    guard let real = try host.resolve(path) else {
      throw .undetermined(
        path,
        Localized(
          en: "the kernel shows no block device \(name)",
          de: "der Kernel zeigt kein Blockgerät \(name)"))
    }
    let uuid = try text(path.appending("dm/uuid"))
    if let uuid, let found = BlockDevices.encryption(uuid, .kernel(path.appending("dm/uuid"))) {
      return found
    }
    if name.hasPrefix("ram") {
      return StorageProtection(kind: .volatile, layer: "ram", origin: origin)
    }
    if name.hasPrefix("zram") {
      let backing = try text(path.appending("backing_dev")) ?? "none"
      if backing == "none" || backing.isEmpty {
        return StorageProtection(kind: .volatile, layer: "zram", origin: origin)
      }
      guard let below = try self.name(of: backing) else { throw unclear(path) }
      return try protection(of: below, &visited)
    }
    if name.hasPrefix("loop"), let file = try text(path.appending("loop/backing_file")) {
      guard file.hasPrefix("/"), !file.hasSuffix(" (deleted)") else { throw unclear(path) }
      let table = try MountTable.of(host)
      guard let mount = table.mount(of: FilePath(file)),
        let below = try self.name(ofNumber: mount.number)
      else { throw unclear(path) }
      return try protection(of: below, &visited)
    }
    let slaves = try host.list(path.appending("slaves")) ?? []
    if !slaves.isEmpty {
      var parts: [StorageProtection] = []
      for slave in slaves { parts.append(try protection(of: slave.string, &visited)) }
      guard let weakest = StorageProtection.weakest(parts) else { throw unclear(path) }
      // A device-mapper table made by hand may encrypt without saying so.
      if weakest.kind == .plain, let uuid, !BlockDevices.isKnownMapping(uuid) {
        throw unclear(path)
      }
      return weakest
    }
    if try host.exists(path.appending("partition")),
      let disk = real.removingLastComponent().lastComponent?.string
    {
      var found = try protection(of: disk, &visited)
      if found.kind == .plain { found.origin = origin }
      return found
    }
    // A device-mapper device has to lie on something.
    if uuid != nil { throw unclear(path) }
    return StorageProtection(kind: .plain, layer: "none", origin: origin)
  }

  private func unclear(_ path: FilePath) -> TargetError {
    .undetermined(
      path,
      Localized(
        en: "what this block device is made of cannot be told",
        de: "woraus dieses Blockgerät besteht, ist nicht zu erkennen"))
  }

  /// What a device-mapper UUID of cryptsetup says; VERITY and INTEGRITY do not encrypt.
  static func encryption(_ uuid: String, _ origin: Origin) -> StorageProtection? {
    let parts = uuid.split(separator: "-", maxSplits: 2)
    guard parts.count >= 2, parts[0] == "CRYPT" else { return nil }
    let layer = parts[1].lowercased()
    guard ["luks1", "luks2", "plain", "tcrypt", "bitlk", "fvault2", "loopaes"].contains(layer)
    else { return nil }
    let luks = layer == "luks1" ? 1 : layer == "luks2" ? 2 : nil
    return StorageProtection(kind: .encrypted, layer: layer, luks: luks, origin: origin)
  }

  private static func isKnownMapping(_ uuid: String) -> Bool {
    [
      "LVM-", "mpath-", "part", "DMRAID-", "VDO-", "stratis-", "CRYPT-VERITY", "CRYPT-INTEGRITY",
    ].contains { uuid.hasPrefix($0) }
  }

  /// Whether the disk below a device number is removable or hangs on USB.
  func removable(_ number: String) -> Fact {
    do throws(TargetError) {
      guard !number.hasPrefix("0:"), let name = try name(ofNumber: number) else {
        return .absent()
      }
      var visited: Set<String> = []
      guard let found = try isRemovable(name, &visited) else { return .absent() }
      return .flag(found, .kernel(BlockDevices.folder.appending(name)))
    } catch {
      return .unknown(error)
    }
  }

  private func isRemovable(
    _ name: String, _ visited: inout Set<String>
  ) throws(TargetError) -> Bool? {
    guard visited.insert(name).inserted, visited.count < 64 else { return nil }
    let path = BlockDevices.folder.appending(name)
    guard let real = try host.resolve(path) else { return nil }
    let isOnUSB = real.components.contains { component in
      let text = component.string
      return text.hasPrefix("usb") && text.count > 3 && text.dropFirst(3).allSatisfy(\.isNumber)
    }
    if isOnUSB { return true }
    let slaves = try host.list(path.appending("slaves")) ?? []
    if !slaves.isEmpty {
      for slave in slaves {
        if try isRemovable(slave.string, &visited) == true { return true }
      }
      return false
    }
    if try host.exists(path.appending("partition")),
      let disk = real.removingLastComponent().lastComponent?.string
    {
      return try isRemovable(disk, &visited)
    }
    return try text(path.appending("removable")).map { $0 == "1" }
  }

  /// The kernel's names of all devices of the btrfs file system that a device belongs to.
  func btrfsMembers(of name: String) throws(TargetError) -> [String] {
    let root: FilePath = "/sys/fs/btrfs"
    for id in try host.list(root) ?? [] {
      let members = try host.list(root.appending(id).appending("devices")) ?? []
      if members.contains(where: { $0.string == name }) { return members.map(\.string) }
    }
    return [name]
  }
}
