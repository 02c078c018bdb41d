import ArgumentParser
import Glibc
import RiegelReports

/// `--format F[=FILE]`: a report's form, and the file it goes to; standard output without one.
struct FormatRequest: ExpressibleByArgument {
  var name: String
  var file: String?

  init(name: String, file: String?) {
    self.name = name
    self.file = file
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, Reporters.names.contains(String(first)) else { return nil }
    let file = parts.count == 2 ? String(parts[1]) : nil
    if file?.isEmpty == true { return nil }
    self.init(name: String(first), file: file)
  }

  /// To its file, or to standard output.
  func write(_ bytes: [UInt8]) throws {
    if let file {
      try OutputFile.replace(file, with: bytes)
    } else {
      Console.write(bytes, to: STDOUT_FILENO)
    }
  }

  static var allValueStrings: [String] { Reporters.names }
}
