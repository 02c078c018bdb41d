package import RiegelModel

/// Reads what `JSONReporter` wrote; the audit that comes back is equal to the one that went in.
///
/// Members it does not know are passed over, so that an older tool reads what a newer one only
/// added to; where it would misunderstand, the newer tool raises `format`.
package enum AuditReader {
  package enum Failure: Error, Sendable, Hashable {
    /// The text ends in the middle.
    case truncated
    /// Not JSON from this line and column (in bytes) on.
    case notJSON(line: Int, column: Int)
    /// JSON, but of something else.
    case foreign
    /// Written by a newer version.
    case newer(format: Int)
    /// A member that does not hold what it has to.
    case bad(member: String)

    package var message: Localized {
      switch self {
      case .truncated:
        Localized(
          en: "the file ends in the middle: it was cut off while it was written or copied",
          de: "die Datei bricht mittendrin ab: Sie wurde beim Schreiben oder Kopieren abgeschnitten"
        )
      case .notJSON(let line, let column):
        Localized(
          en: "not JSON: line \(line), column \(column) cannot be read",
          de: "kein JSON: Zeile \(line), Spalte \(column) ist nicht lesbar")
      case .foreign:
        Localized(
          en: "JSON, but not a Riegel audit: `format`, `tool` and `findings` are missing",
          de: "JSON, aber keine Riegel-Prüfung: `format`, `tool` und `findings` fehlen")
      case .newer(let format):
        Localized(
          en: "written by a newer Riegel (format \(format), this one reads \(Audit.format));"
            + " update Riegel to read it",
          de: "von einem neueren Riegel geschrieben (Format \(format), dieser liest"
            + " \(Audit.format)); zum Lesen Riegel aktualisieren")
      case .bad(let member):
        Localized(
          en: "damaged: `\(member)` is missing or holds something else than it has to",
          de: "beschädigt: `\(member)` fehlt oder enthält etwas anderes als vorgesehen")
      }
    }
  }

  package static func read(_ bytes: [UInt8]) throws(Failure) -> Audit {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes)
    } catch {
      if error.isTruncated { throw .truncated }
      let before = bytes[..<error.offset]
      let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
      throw .notJSON(
        line: before.count { $0 == 10 } + 1, column: error.offset - lineStart + 1)
    }
    let root = JSONCursor(value: value, path: "")
    guard case .object(let members) = value,
      ["format", "tool", "findings"].allSatisfy({ name in members.contains { $0.name == name } })
    else { throw .foreign }
    guard try root["tool"]["name"].string() == "riegel" else { throw .foreign }
    let format = try root["format"].int()
    if format > Audit.format { throw .newer(format: format) }
    if format < 1 { throw .bad(member: "format") }
    return try root.audit()
  }
}

/// A value and the way to it, so that what is wrong can be named.
struct JSONCursor {
  var value: JSONValue
  /// `findings[3].evidence`, empty for the whole.
  var path: String

  var failure: AuditReader.Failure { .bad(member: path) }

  subscript(name: String) -> JSONCursor {
    get throws(AuditReader.Failure) {
      let inner = path.isEmpty ? name : "\(path).\(name)"
      guard case .object(let members) = value,
        let member = members.first(where: { $0.name == name })
      else { throw .bad(member: inner) }
      return JSONCursor(value: member.value, path: inner)
    }
  }

  var isNull: Bool { value == .null }

  /// A member that an older version did not write, or that holds nothing.
  func optional(_ name: String) throws(AuditReader.Failure) -> JSONCursor? {
    guard case .object(let members) = value, members.contains(where: { $0.name == name }) else {
      return nil
    }
    let cursor = try self[name]
    return cursor.isNull ? nil : cursor
  }

  /// The items of such a member; none where it is not there.
  func added<T>(
    _ name: String, _ read: (JSONCursor) throws(AuditReader.Failure) -> T
  ) throws(AuditReader.Failure) -> [T] {
    try optional(name)?.array(read) ?? []
  }

  func string() throws(AuditReader.Failure) -> String {
    guard case .string(let text) = value else { throw failure }
    return text
  }

  func optionalString() throws(AuditReader.Failure) -> String? {
    isNull ? nil : try string()
  }

  func int() throws(AuditReader.Failure) -> Int {
    guard case .number(let text) = value, let number = Int(text) else { throw failure }
    return number
  }

  func bool() throws(AuditReader.Failure) -> Bool {
    guard case .bool(let flag) = value else { throw failure }
    return flag
  }

  func array<T>(
    _ read: (JSONCursor) throws(AuditReader.Failure) -> T
  ) throws(AuditReader.Failure) -> [T] {
    guard case .array(let items) = value else { throw failure }
    var result: [T] = []
    result.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      result.append(try read(JSONCursor(value: item, path: "\(path)[\(index)]")))
    }
    return result
  }

  func members() throws(AuditReader.Failure) -> [(name: String, cursor: JSONCursor)] {
    guard case .object(let members) = value else { throw failure }
    return members.map { ($0.name, JSONCursor(value: $0.value, path: "\(path).\($0.name)")) }
  }

  func strings() throws(AuditReader.Failure) -> [String] {
    try array { (item) throws(AuditReader.Failure) in try item.string() }
  }

  func choice<T: RawRepresentable>(
    _ type: T.Type = T.self
  ) throws(AuditReader.Failure) -> T where T.RawValue == String {
    guard let choice = T(rawValue: try string()) else { throw failure }
    return choice
  }

  func level() throws(AuditReader.Failure) -> SecurityLevel {
    guard let level = SecurityLevel(try string()) else { throw failure }
    return level
  }

  func localized() throws(AuditReader.Failure) -> Localized {
    Localized(en: try self["en"].string(), de: try self["de"].string())
  }
}
