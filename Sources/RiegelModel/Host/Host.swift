import Synchronization
package import SystemPackage

/// A target as one audit sees it: each file is read once, each database is parsed once.
///
/// A class because all probes of an audit share what it remembers; safe to use from any thread.
package final class Host: Sendable {
  package let target: any Target
  /// The moment the audit counts as "now": the target's time of capture, unless fixed by the user.
  package let now: Instant

  private let files = Mutex<[FilePath: Result<[UInt8]?, TargetError>]>([:])
  private let parsed = Mutex<[String: any Sendable]>([:])

  /// No configuration file is larger; what is, is not read (a log, a disk image by mistake).
  package static let sizeLimit = 64 << 20

  package init(_ target: any Target, now: Instant? = nil) {
    self.target = target
    self.now = now ?? target.capturedAt
  }

  package var isRunning: Bool { target.isRunning }

  /// The bytes of a file, links followed; nil if it is absent.
  package func bytes(of path: FilePath) throws(TargetError) -> [UInt8]? {
    if let known = files.withLock({ $0[path] }) { return try known.get() }
    let result: Result<[UInt8]?, TargetError>
    do {
      result = .success(try target.read(path, limit: Host.sizeLimit))
    } catch {
      result = .failure(error)
    }
    files.withLock { $0[path] = result }
    return try result.get()
  }

  /// The first bytes of a regular file or block device; nil if it is absent. Not remembered.
  package func head(of path: FilePath, count: Int) throws(TargetError) -> [UInt8]? {
    try target.readHead(path, count: count)
  }

  /// The text of a file; bytes that are not UTF-8 become U+FFFD. nil if it is absent.
  package func text(of path: FilePath) throws(TargetError) -> String? {
    guard let bytes = try bytes(of: path) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The lines of a file with their numbers from 1, without their ends (`\n` or `\r\n`).
  package func lines(of path: FilePath) throws(TargetError) -> [NumberedLine]? {
    guard let text = try text(of: path) else { return nil }
    return numberedLines(text)
  }

  /// Metadata, links followed unless said otherwise; nil if the path is absent.
  package func metadata(
    of path: FilePath, following: Bool = true
  ) throws(TargetError) -> FileMetadata? {
    try target.metadata(of: path, following: following)
  }

  package func exists(_ path: FilePath) throws(TargetError) -> Bool {
    try target.metadata(of: path, following: true) != nil
  }

  package func list(_ path: FilePath) throws(TargetError) -> [FilePath.Component]? {
    try target.list(path)
  }

  package func resolve(_ path: FilePath) throws(TargetError) -> FilePath? {
    try target.resolve(path)
  }

  package func readLink(_ path: FilePath) throws(TargetError) -> FilePath? {
    try target.readLink(path)
  }

  /// The paths that a glob names on this host, in order of their bytes; links are followed on the
  /// way. Each component is matched against its directory, so only what the pattern names is read.
  package func expand(_ glob: String) throws(TargetError) -> [FilePath] {
    let components = glob.split(separator: "/").map(String.init)
    var found: [FilePath] = ["/"]
    for (index, component) in components.enumerated() {
      var next: [FilePath] = []
      let isLast = index == components.count - 1
      if component.contains(where: { "*?[{".contains($0) }) {
        let pattern = Glob("/" + component)
        for directory in found {
          guard try metadata(of: directory)?.kind == .directory else { continue }
          for name in try list(directory) ?? [] {
            // A leading dot has to be written, as in glob(3).
            if name.bytes.first == UInt8(ascii: "."), !component.hasPrefix(".") { continue }
            if pattern.matches(FilePath(root: "/", [name])) {
              next.append(directory.appending(name))
            }
          }
        }
      } else {
        for directory in found {
          let path = directory.appending(component)
          if isLast {
            if try metadata(of: path, following: false) != nil { next.append(path) }
          } else if try exists(path) {
            next.append(path)
          }
        }
      }
      found = next
    }
    return found
  }

  /// A parsed form of something on the host, made once per audit.
  ///
  /// The name says what it is, such as `"passwd"`; errors are remembered too.
  package func remember<T: Sendable>(
    _ name: String, _ make: () throws(TargetError) -> T
  ) throws(TargetError) -> T {
    if let known = parsed.withLock({ $0[name] }) as? Result<T, TargetError> {
      return try known.get()
    }
    let result: Result<T, TargetError>
    do { result = .success(try make()) } catch { result = .failure(error) }
    parsed.withLock { $0[name] = result }
    return try result.get()
  }

  /// Drops the contents of files; what was parsed from them stays. Called when evaluation is over,
  /// so that peak memory is not what was read plus what is reported.
  package func forgetFiles() { files.withLock { $0 = [:] } }
}

/// A line of a text file.
package struct NumberedLine: Sendable, Hashable {
  /// Counted from 1.
  package var number: Int
  package var text: Substring

  package init(number: Int, text: Substring) {
    self.number = number
    self.text = text
  }
}

/// Splits a text into lines, `\n` or `\r\n` removed; a last line without an end counts too.
package func numberedLines(_ text: String) -> [NumberedLine] {
  var lines: [NumberedLine] = []
  var number = 0
  var rest = text[...]
  while !rest.isEmpty {
    number += 1
    let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n"))
    var line = rest[..<(end ?? rest.endIndex)]
    if line.utf8.last == UInt8(ascii: "\r") { line = Substring(line.utf8.dropLast()) }
    lines.append(NumberedLine(number: number, text: line))
    rest = end.map { rest[rest.utf8.index(after: $0)...] } ?? ""
  }
  return lines
}
