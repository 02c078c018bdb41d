import CLinux
import Glibc
package import RiegelModel
package import SystemPackage

/// A file tree below an open directory: a live host at `/`, an image where it is mounted.
package struct TreeTarget: Target {
  package let kind: TargetKind
  package let address: String
  package let capturedAt: Instant
  package let isRunning: Bool
  package let root: TreeRoot
  /// For the walk: where other file systems begin.
  let mounts: MountTable

  package func metadata(of path: FilePath, following: Bool) throws(TargetError) -> FileMetadata? {
    let flags = linux_o_path | (following ? 0 : O_NOFOLLOW)
    guard let file = try root.open(path, flags) else { return nil }
    return try status(of: file, path)
  }

  /// A file is looked at before it is opened for reading: to open a FIFO blocks, to open a device
  /// can rewind a tape or arm a watchdog.
  package func read(_ path: FilePath, limit: Int) throws(TargetError) -> [UInt8]? {
    guard let found = try root.open(path, linux_o_path) else { return nil }
    let before = try status(of: found, path)
    guard before.kind == .file else { throw .notRegular(path) }
    if before.size > limit { throw .tooLarge(path, limit: limit) }
    let file = try withoutTouching { flags throws(TargetError) in try root.open(path, flags) }
    guard let file else { return nil }
    let status = try status(of: file, path)
    guard status.kind == .file else { throw .notRegular(path) }
    return try contents(of: file, size: status.size, limit, path)
  }

  /// The first bytes of a regular file or block device, fewer if it is shorter.
  package func readHead(_ path: FilePath, count: Int) throws(TargetError) -> [UInt8]? {
    guard let found = try root.open(path, linux_o_path) else { return nil }
    let kind = try status(of: found, path).kind
    guard kind == .file || kind == .blockDevice else { throw .notRegular(path) }
    let file = try withoutTouching { flags throws(TargetError) in try root.open(path, flags) }
    guard let file else { return nil }
    guard try status(of: file, path).kind == kind else { throw .notRegular(path) }
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let part = try chunk(of: file, size: count - bytes.count, path) else { return nil }
      if part.isEmpty { break }
      bytes += part
    }
    return bytes
  }

  package func list(_ path: FilePath) throws(TargetError) -> [FilePath.Component]? {
    guard let found = try root.open(path, linux_o_path) else { return nil }
    guard try status(of: found, path).kind == .directory else { throw .io(path, errno: ENOTDIR) }
    do throws(Errno) {
      let directory = Descriptor(adopting: try checked(openDirectory(found.raw, ".")))
      var names: [(bytes: [UInt8], name: FilePath.Component)] = []
      let buffer = EntryBuffer()
      while try buffer.fill(from: directory.raw) {
        buffer.forEach { name, _ in
          let bytes = Array(name)
          if let name = FilePath.Component(bytes: bytes) { names.append((bytes, name)) }
        }
      }
      names.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
      return names.map(\.name)
    } catch {
      if let error = TargetError(error, at: path) { throw error }
      return nil
    }
  }

  package func readLink(_ path: FilePath) throws(TargetError) -> FilePath? {
    guard let found = try root.open(path, linux_o_path | O_NOFOLLOW),
      try status(of: found, path).kind == .link
    else { return nil }
    do {
      return FilePath(bytes: try found.linkText())
    } catch {
      return try root.absent(error, path)
    }
  }

  package func resolve(_ path: FilePath) throws(TargetError) -> FilePath? {
    try root.resolve(path, following: true)?.path
  }

  private func status(
    of file: borrowing Descriptor, _ path: FilePath
  ) throws(TargetError) -> FileMetadata {
    do {
      return try file.metadata()
    } catch {
      throw TargetError(error, at: path) ?? .io(path, errno: error.rawValue)
    }
  }

  /// Files of the kernel say that they are empty and are read to their end.
  private func contents(
    of file: borrowing Descriptor, size: Int, _ limit: Int, _ path: FilePath
  ) throws(TargetError) -> [UInt8]? {
    var bytes: [UInt8] = []
    // One byte more than expected, so that the end is seen without growing.
    var chunk = size > 0 ? size + 1 : 16 << 10
    while true {
      guard let part = try self.chunk(of: file, size: chunk, path) else { return nil }
      if part.isEmpty { return bytes }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      if bytes.count > limit { throw .tooLarge(path, limit: limit) }
      chunk = max(4096, min(bytes.count, 1 << 20))
    }
  }

  /// What one `read(2)` gives; empty at the end of the file, nil if it is gone.
  private func chunk(
    of file: borrowing Descriptor, size: Int, _ path: FilePath
  ) throws(TargetError) -> [UInt8]? {
    var count: Int64 = 0
    let part = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
      count = linux_read(file.raw, buffer.baseAddress, buffer.count)
      used = max(0, Int(count))
    }
    if count < 0 { return try root.absent(Errno(rawValue: CInt(-count)), path) }
    return part
  }

  /// Reading must not even change the time of last access. Only the owner and root may ask for
  /// that; who may not reads all the same.
  private func withoutTouching(
    _ open: (Int32) throws(TargetError) -> Descriptor?
  ) throws(TargetError) -> Descriptor? {
    let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
    if geteuid() == 0 {
      do {
        return try open(flags | linux_o_noatime)
      } catch {
        guard case .permissionDenied = error else { throw error }
      }
    }
    return try open(flags)
  }
}
