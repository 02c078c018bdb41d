import RiegelModel
import SystemPackage

/// A package as its database describes it.
struct InstalledPackage: Sendable, Hashable {
  enum State: String, Sendable, CaseIterable {
    case installed
    case halfInstalled = "half-installed"
    case unpacked
    case halfConfigured = "half-configured"
    case triggersAwaited = "triggers-awaited"
    case triggersPending = "triggers-pending"
  }

  var name: String
  var version: String
  var architecture: String
  var state: State
  var isHeld: Bool
  var path: FilePath
  /// Of the line that names it.
  var line: Int
  var origin: Origin { .line(path, line) }
}

/// A database of paragraphs with one field a line, as dpkg, opkg and apk keep it.
///
/// Several megabytes are usual, so the bytes are gone over once and only what counts becomes text.
struct StatusFile {
  enum Dialect {
    /// `Package: name` and a `Status` with the three words of dpkg; without it not installed.
    case dpkg
    /// The same, but each paragraph is an installed package (images without dpkg).
    case distroless
    /// One-letter fields: `P:name`, `V:version`, `A:architecture`.
    case apk
  }

  /// A paragraph; `state` is nil if it stands for no installed package.
  struct Paragraph {
    var name: String
    var version = ""
    var architecture = ""
    var state: InstalledPackage.State?
    var isHeld = false
    var line: Int
  }

  /// Throws `malformed` where a paragraph does not say what it must.
  static func paragraphs(
    of bytes: [UInt8], _ path: FilePath, _ dialect: Dialect
  ) throws(TargetError) -> [Paragraph] {
    var parser = Parser(path: path, dialect: dialect)
    let problem = bytes.withUnsafeBufferPointer { parser.run($0) }
    if let problem { throw problem }
    return parser.found
  }

  private struct Parser {
    let path: FilePath
    let dialect: Dialect
    var found: [Paragraph] = []
    var current: Paragraph?

    mutating func run(_ bytes: UnsafeBufferPointer<UInt8>) -> TargetError? {
      var start = 0
      var line = 0
      while start < bytes.count {
        line += 1
        var end = start
        while end < bytes.count, bytes[end] != 10 { end += 1 }
        if let problem = read(bytes[start..<end], line) { return problem }
        start = end + 1
      }
      return finish(line)
    }

    private mutating func read(
      _ line: Slice<UnsafeBufferPointer<UInt8>>, _ number: Int
    ) -> TargetError? {
      guard let first = line.first else { return finish(number) }
      if dialect == .apk {
        guard line.count > 1, line[line.startIndex + 1] == UInt8(ascii: ":") else {
          return malformed(number, "no field")
        }
        switch first {
        case UInt8(ascii: "P"): return begin(text(line.dropFirst(2)), number)
        case UInt8(ascii: "V"): set(\.version, line.dropFirst(2))
        case UInt8(ascii: "A"): set(\.architecture, line.dropFirst(2))
        default: break
        }
        return nil
      }
      switch first {
      case UInt8(ascii: "P"):
        if let value = value(line, "Package:") { return begin(text(value), number) }
      case UInt8(ascii: "V"):
        if let value = value(line, "Version:") { set(\.version, value) }
      case UInt8(ascii: "A"):
        if let value = value(line, "Architecture:") { set(\.architecture, value) }
      case UInt8(ascii: "S"):
        if let value = value(line, "Status:") { return status(text(value), number) }
      default: break
      }
      return nil
    }

    private mutating func set(
      _ field: WritableKeyPath<Paragraph, String>, _ bytes: Slice<UnsafeBufferPointer<UInt8>>
    ) {
      let value = text(bytes)
      current?[keyPath: field] = value
    }

    private mutating func begin(_ name: String, _ line: Int) -> TargetError? {
      if current != nil { return malformed(line, "two packages in one paragraph") }
      if name.isEmpty { return malformed(line, "a package without a name") }
      current = Paragraph(name: name, state: dialect == .dpkg ? nil : .installed, line: line)
      return nil
    }

    /// The selection, a flag, and the state (`dpkg-query(1)`, "INFORMATION ABOUT PACKAGES").
    private mutating func status(_ value: String, _ line: Int) -> TargetError? {
      let words = value.split(separator: " ")
      guard words.count == 3 else { return malformed(line, "a status that is not three words") }
      current?.isHeld = words[0] == "hold"
      switch words[2] {
      case "not-installed", "config-files": current?.state = nil
      case let word:
        guard let state = InstalledPackage.State(rawValue: String(word)) else {
          return malformed(line, "an unknown state of a package")
        }
        current?.state = state
      }
      return nil
    }

    private mutating func finish(_ line: Int) -> TargetError? {
      guard let paragraph = current else { return nil }
      current = nil
      if paragraph.state != nil, paragraph.version.isEmpty,
        paragraph.state != .halfInstalled
      {
        return malformed(line, "the package \(paragraph.name) has no version")
      }
      found.append(paragraph)
      return nil
    }

    private func malformed(_ line: Int, _ text: String) -> TargetError {
      .malformed(path, line: line, text)
    }

    /// The value of a field whose name is written as dpkg writes it.
    private func value(
      _ line: Slice<UnsafeBufferPointer<UInt8>>, _ name: StaticString
    ) -> Slice<UnsafeBufferPointer<UInt8>>? {
      let length = name.utf8CodeUnitCount
      guard line.count >= length else { return nil }
      for index in 0..<length where line[line.startIndex + index] != name.utf8Start[index] {
        return nil
      }
      return line.dropFirst(length)
    }

    private func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
      let value = bytes.drop { $0 == 32 || $0 == 9 }
      var end = value.endIndex
      while end > value.startIndex, value[end - 1] == 32 || value[end - 1] == 13 { end -= 1 }
      return String(decoding: value[..<end], as: UTF8.self)
    }
  }
}
