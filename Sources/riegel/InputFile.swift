import Glibc
import RiegelModel
import RiegelReports

/// A saved audit on disk, or on standard input.
enum InputFile {
  static func audit(_ path: String, _ language: Language) throws -> Audit {
    let bytes = try read(path)
    do {
      return try AuditReader.read(bytes)
    } catch {
      throw InputError(path: path, reason: error.message[language], isUnreadable: false)
    }
  }

  private static func read(_ path: String) throws(InputError) -> [UInt8] {
    func failure() -> InputError {
      InputError(path: path, reason: String(cString: strerror(errno)), isUnreadable: true)
    }
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure()
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}

/// An audit that could not be read, or is none.
struct InputError: Error, CustomStringConvertible {
  var path: String
  var reason: String
  /// The file, rather than what stands in it.
  var isUnreadable: Bool
  var description: String { "cannot read '\(path)': \(reason)" }
}
