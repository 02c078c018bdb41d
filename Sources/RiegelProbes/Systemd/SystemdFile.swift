package import RiegelModel
package import SystemPackage

/// The assignments of a file in the syntax of `systemd.syntax(7)`: units, drop-ins and the
/// configuration of systemd's daemons.
///
/// As systemd reads it: a comment line inside a continued line is skipped, a line without `=` and an
/// assignment before the first section are ignored, but a broken section header or bytes that are
/// not UTF-8 make systemd refuse the whole file, so nothing can be concluded from it.
package struct SystemdFile: Sendable, Hashable {
  package struct Assignment: Sendable, Hashable {
    package var section: String
    package var key: String
    /// Trimmed; lines that a backslash continues are joined with a blank.
    package var value: String
    package var origin: Origin
  }

  package var assignments: [Assignment] = []

  /// nil if the file is absent.
  package static func read(
    _ path: FilePath, on host: Host
  ) throws(TargetError) -> SystemdFile? {
    guard let bytes = try host.bytes(of: path) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed(path, line: 0, "not UTF-8")
    }
    return try SystemdFile(text, at: path)
  }

  package init(_ text: String, at path: FilePath) throws(TargetError) {
    var section = ""
    var pending: (text: String, line: Int)?
    for line in numberedLines(text) {
      var body = line.text.trimmedStart
      if line.number == 1, body.unicodeScalars.first == "\u{FEFF}" { body = body.dropFirst() }
      if body.utf8.first == UInt8(ascii: "#") || body.utf8.first == UInt8(ascii: ";") { continue }
      let first = pending?.line ?? line.number
      var joined = (pending?.text ?? "") + body
      if endsInLoneBackslash(body) {
        joined.removeLast()
        pending = (joined + " ", first)
        continue
      }
      pending = nil
      try take(joined, line: first, at: path, section: &section)
    }
    if let pending { try take(pending.text, line: pending.line, at: path, section: &section) }
  }

  private mutating func take(
    _ text: String, line: Int, at path: FilePath, section: inout String
  ) throws(TargetError) {
    let text = text[...].trimmed
    guard let first = text.utf8.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else {
      return
    }
    if first == UInt8(ascii: "[") {
      guard text.utf8.last == UInt8(ascii: "]"), text.utf8.count > 1 else {
        throw .malformed(path, line: line, "section header without ']'")
      }
      section = String(text.dropFirst().dropLast())
      return
    }
    guard !section.isEmpty, let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return }
    let key = text[..<equals].trimmed
    if key.isEmpty { return }
    assignments.append(
      Assignment(
        section: section, key: String(key),
        value: String(text[text.utf8.index(after: equals)...].trimmed),
        origin: .line(path, line)))
  }
}

/// A backslash that is not itself escaped ends the line.
private func endsInLoneBackslash(_ text: Substring) -> Bool {
  var count = 0
  for byte in text.utf8.reversed() {
    guard byte == UInt8(ascii: "\\") else { break }
    count += 1
  }
  return count % 2 == 1
}

extension Substring {
  /// Without blanks, tabs and carriage returns at its start.
  var trimmedStart: Substring {
    Substring(utf8.drop { $0 == 32 || (9...13).contains($0) })
  }

  /// Without them at both ends.
  var trimmed: Substring {
    var rest = trimmedStart.utf8
    while let last = rest.last, last == 32 || (9...13).contains(last) { rest.removeLast() }
    return Substring(rest)
  }

  /// The words between blanks and tabs.
  var words: [String] {
    utf8.split { $0 == 32 || (9...13).contains($0) }.map { String(Substring($0)) }
  }
}

/// The last assignment of a key and what it overrides, as systemd applies them in order: for a key
/// that takes a list, items collect until an empty assignment clears them.
package struct SystemdSetting: Sendable, Hashable {
  /// The assignments that count, in order; empty if the key is not set, or was cleared.
  package var effective: [SystemdFile.Assignment] = []
  package var overridden: [SystemdFile.Assignment] = []

  package init(
    _ key: String, section: String, in assignments: some Sequence<SystemdFile.Assignment>,
    isList: Bool
  ) {
    for assignment in assignments where assignment.key == key && assignment.section == section {
      if isList, !assignment.value.isEmpty {
        effective.append(assignment)
      } else {
        overridden += effective
        effective = [assignment]
      }
    }
    // An empty assignment puts a setting back to its default.
    if let only = effective.first, effective.count == 1, only.value.isEmpty {
      overridden.append(only)
      effective = []
    }
    if isList, effective.first?.value.isEmpty == true { overridden.append(effective.removeFirst()) }
  }

  package var value: String? { effective.last?.value }
  package var origin: Origin? { effective.last?.origin }
  package var overrides: [Fact.Overridden] {
    overridden.map { Fact.Overridden($0.value, $0.origin) }
  }
  package var items: [String] { effective.flatMap { $0.value[...].words } }
}
