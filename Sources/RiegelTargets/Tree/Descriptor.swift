import CLinux
import Glibc
import RiegelModel
import SystemPackage

/// An open file descriptor that closes itself.
struct Descriptor: ~Copyable, Sendable {
  let raw: Int32

  /// Opens a name relative to a directory, close-on-exec.
  init(at directory: Int32, _ name: FilePath.Component, _ flags: Int32) throws(Errno) {
    raw = try checked(name.withPlatformString { linux_openat(directory, $0, flags) })
  }

  init(at directory: Int32, path: String, _ flags: Int32) throws(Errno) {
    raw = try checked(path.withCString { linux_openat(directory, $0, flags) })
  }

  init(adopting raw: Int32) { self.raw = raw }

  deinit { linux_close(raw) }

  func metadata() throws(Errno) -> FileMetadata {
    var status = stat()
    _ = try checked(linux_fstat(raw, &status))
    guard let metadata = FileMetadata(status) else { throw .invalidArgument }
    return metadata
  }

  /// The text of the symbolic link that this descriptor was opened on (`O_PATH | O_NOFOLLOW`).
  func linkText() throws(Errno) -> [UInt8] {
    var size = 4096
    while true {
      var count: Int64 = 0
      let text = [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
        count = buffer.withMemoryRebound(to: CChar.self) {
          linux_readlink_at(raw, "", $0.baseAddress, $0.count)
        }
        used = max(0, Int(count))
      }
      if count < 0 { throw Errno(rawValue: CInt(-count)) }
      if text.count < size { return text }
      size *= 2
    }
  }
}

/// Throws what a wrapper of CLinux says with a negative number.
func checked(_ result: Int32) throws(Errno) -> Int32 {
  if result < 0 { throw Errno(rawValue: -result) }
  return result
}

extension FileMetadata {
  /// nil for a type of file that POSIX does not name.
  init?(_ status: stat) {
    guard let kind = FileMetadata.kind(ofRawMode: status.st_mode) else { return nil }
    self.init(
      kind: kind, mode: UInt16(truncatingIfNeeded: status.st_mode & 0o7777), user: status.st_uid,
      group: status.st_gid, size: Int(status.st_size),
      modified: Instant(seconds: status.st_mtim.tv_sec), links: Int(status.st_nlink),
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }
}

extension TargetError {
  /// What an error of the operating system means for a path; nil if it means that the path is
  /// absent. `ESRCH` is what files of a process say that ended after they were opened.
  init?(_ error: Errno, at path: FilePath) {
    switch error {
    case .noSuchFileOrDirectory, .notDirectory, .noSuchProcess: return nil
    case .permissionDenied, .notPermitted: self = .permissionDenied(path)
    case .tooManySymbolicLinkLevels: self = .tooManyLinks(path)
    default: self = .io(path, errno: error.rawValue)
    }
  }
}
