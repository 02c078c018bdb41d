import Glibc
package import RiegelModel
package import SystemPackage

/// A file of content as it was read: the name that diagnostics use and its bytes.
package struct ContentFile: Sendable {
  /// Where it lies on disk.
  package var path: FilePath
  /// As diagnostics name it: relative to the content's folder, or as the user gave it.
  package var name: String
  package var bytes: [UInt8]

  package init(path: FilePath, name: String, bytes: [UInt8]) {
    self.path = path
    self.name = name
    self.bytes = bytes
  }

  /// Reads a regular file; a FIFO, device or folder in its place is told apart and never waited for.
  package init(
    _ path: FilePath, name: String, limit: Int = YAMLBounds().size
  ) throws(ContentError) {
    func fail(_ words: String) -> ContentError {
      ContentError([Diagnostic(.error, words, at: Place(file: name))])
    }
    let descriptor = path.withPlatformString {
      open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    }
    guard descriptor >= 0 else { throw fail("cannot be opened: \(reason(errno))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw fail("cannot be read: \(reason(errno))") }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw fail("is a folder, not a file")
    default: throw fail("is no regular file")
    }
    guard status.st_size <= limit else { throw fail("larger than \(limit) bytes") }
    var bytes: [UInt8] = []
    // A file of /proc says size 0, and one that grows is read no further than the limit.
    var chunk = max(Int(status.st_size) + 1, 4096)
    while true {
      var problem: Int32 = 0
      let part = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
        var got: Int
        repeat {
          got = read(descriptor, buffer.baseAddress, buffer.count)
        } while got < 0 && errno == EINTR
        if got < 0 { problem = errno }
        count = max(0, got)
      }
      guard problem == 0 else { throw fail("cannot be read: \(reason(problem))") }
      if part.isEmpty { break }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      guard bytes.count <= limit else { throw fail("larger than \(limit) bytes") }
      chunk = 4096
    }
    self.init(path: path, name: name, bytes: bytes)
  }
}

/// A name in a folder of content, and whether it is a folder itself (links followed).
struct ContentEntry: Sendable {
  var name: String
  var isFolder: Bool
}

/// The names in a folder in order of their bytes, hidden ones left out; nil if there is no folder.
func contentEntries(of folder: FilePath, name: String) throws(ContentError) -> [ContentEntry]? {
  func fail(_ words: String) -> ContentError {
    ContentError([Diagnostic(.error, words, at: Place(file: name))])
  }
  guard let stream = folder.withPlatformString({ opendir($0) }) else {
    if errno == ENOENT { return nil }
    throw fail("cannot be listed: \(reason(errno))")
  }
  defer { closedir(stream) }
  var entries: [ContentEntry] = []
  while true {
    errno = 0
    guard let entry = readdir(stream) else {
      if errno != 0 { throw fail("cannot be listed: \(reason(errno))") }
      break
    }
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name.hasPrefix(".") { continue }
    var status = stat()
    let found = folder.appending(name).withPlatformString { stat($0, &status) }
    entries.append(
      ContentEntry(name: name, isFolder: found == 0 && status.st_mode & S_IFMT == S_IFDIR))
  }
  return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
}

private func reason(_ error: Int32) -> String { String(cString: strerror(error)) }
