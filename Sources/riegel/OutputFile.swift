import Glibc

/// A report on disk: written beside its place and moved there whole, so that a full disk or an
/// interruption leaves the old one.
enum OutputFile {
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    // A pipe or device such as /dev/stdout is written, never replaced.
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      try write(bytes, to: path, flags: O_WRONLY)
      return
    }
    let temporary = path + ".tmp\(getpid())"
    do {
      try write(bytes, to: temporary, flags: O_WRONLY | O_CREAT | O_EXCL)
    } catch {
      unlink(temporary)
      throw OutputError(path: path, reason: error.reason)
    }
    if rename(temporary, path) != 0 {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw OutputError(path: path, reason: reason)
    }
  }

  /// Lets somebody write to a file bit by bit; what fails in between leaves the old one.
  ///
  /// For the owner's eyes alone: what is written so is the state of a whole host.
  static func stream(_ path: String, _ body: (Int32) throws -> Void) throws {
    var status = stat()
    let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    let place = isSpecial ? path : path + ".tmp\(getpid())"
    let flags = isSpecial ? O_WRONLY : O_WRONLY | O_CREAT | O_EXCL
    let descriptor = open(place, flags | O_CLOEXEC, 0o600)
    func fail() -> OutputError { OutputError(path: path, reason: String(cString: strerror(errno))) }
    guard descriptor >= 0 else { throw fail() }
    defer { close(descriptor) }
    do {
      try body(descriptor)
      if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw fail() }
      if !isSpecial, rename(place, path) != 0 { throw fail() }
    } catch {
      if !isSpecial { unlink(place) }
      throw error
    }
  }

  /// A file that is not there yet; what is there is left alone.
  static func create(_ path: String, with bytes: [UInt8]) throws {
    try write(bytes, to: path, flags: O_WRONLY | O_CREAT | O_EXCL)
  }

  private static func write(
    _ bytes: [UInt8], to path: String, flags: Int32
  ) throws(OutputError) {
    func fail() -> OutputError { OutputError(path: path, reason: String(cString: strerror(errno))) }
    // Findings tell where a host is weak: for the owner's eyes, as umask may narrow further.
    let descriptor = open(path, flags | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw fail() }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw fail()
      }
      rest = rest.dropFirst(count)
    }
    // Special files cannot be synchronised, and need not be.
    if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { throw fail() }
  }
}
