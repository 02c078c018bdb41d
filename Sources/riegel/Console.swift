import Glibc
import RiegelModel

/// Standard output and error: where the program speaks.
enum Console {
  static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal; nil in a pipe.
  static var width: Int? {
    guard isOutputTerminal else { return nil }
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return variable("COLUMNS").flatMap(Int.init) ?? 80
  }

  /// An environment variable, nil if unset or empty.
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  static func print(_ text: String) {
    write(Array(text.utf8), to: STDOUT_FILENO)
    if !text.hasSuffix("\n") { write([UInt8(ascii: "\n")], to: STDOUT_FILENO) }
  }

  static func error(_ text: String) {
    write(Array("riegel: \(text)\n".utf8), to: STDERR_FILENO)
  }

  /// Diagnostics in the form that editors read, all at once, a count at the end.
  static func show(_ diagnostics: [Diagnostic]) {
    var text = ""
    for diagnostic in diagnostics {
      text += "\(diagnostic.place): \(diagnostic.level.rawValue): \(diagnostic.summary)"
      if let suggestion = diagnostic.suggestion { text += "; \(suggestion)" }
      text += "\n"
    }
    let errors = diagnostics.count { $0.level == .error }
    if errors > 1 { text += "\(errors) errors\n" }
    write(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Writes all of it; a reader that went away (`EPIPE`) is no error of ours.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return
      }
      rest = rest.dropFirst(count)
    }
  }
}

/// A report that could not be written where the user wants it.
struct OutputError: Error, CustomStringConvertible {
  var path: String
  var reason: String
  var description: String { "cannot write '\(path)': \(reason)" }
}
