import RiegelModel
import SystemPackage

/// A file in the syntax of GLib's key files: groups, `key=value`, `#` comments.
///
/// GLib refuses a whole file for one line that is none of these, and so do the programs that read
/// it: then nothing of the file is in force, and this throws with the line.
struct KeyFile: Sendable {
  struct Entry: Sendable, Hashable {
    var group: String
    var key: String
    /// Without the blanks before it; escapes stay as written.
    var value: String
    var origin: Origin
  }

  /// In the order of the file; of a key that comes twice the last one counts.
  var entries: [Entry] = []
  /// In the order of first appearance.
  var groups: [String] = []

  /// nil if the file is absent.
  static func read(_ path: FilePath, on host: Host) throws(TargetError) -> KeyFile? {
    guard let lines = try host.lines(of: path) else { return nil }
    return try KeyFile(lines, at: path)
  }

  init(_ lines: [NumberedLine], at path: FilePath) throws(TargetError) {
    var group: String?
    for line in lines {
      let text = line.text.trimmed
      guard let first = text.utf8.first, first != UInt8(ascii: "#") else { continue }
      if first == UInt8(ascii: "[") {
        guard text.utf8.last == UInt8(ascii: "]"), text.utf8.count > 2,
          !text.dropFirst().dropLast().utf8.contains(where: {
            $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]")
          })
        else { throw .malformed(path, line: line.number, "no group name") }
        let name = String(text.dropFirst().dropLast())
        group = name
        if !groups.contains(name) { groups.append(name) }
        continue
      }
      guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex
      else { throw .malformed(path, line: line.number, "neither group, key nor comment") }
      guard let group else { throw .malformed(path, line: line.number, "no group before it") }
      entries.append(
        Entry(
          group: group, key: String(text[..<equals].trimmed),
          value: String(text[text.utf8.index(after: equals)...].trimmedStart),
          origin: .line(path, line.number)))
    }
  }

  /// The last entry of a key and what it overrides; nil if there is none.
  func entry(_ key: String, in group: String) -> Entry? {
    entries.last { $0.group == group && $0.key == key }
  }
}
