package import RiegelModel
import SystemPackage

/// Observes the keys of a configuration file that has no probe of its own: one key and value a line.
///
/// The rule says how the program reads the file: what stands between key and value, which of
/// several lines counts, and which drop-ins come after it. A line that is nothing but a key is that
/// key with an empty value (`enforce_for_root`), sections are lines such as `[global]`. Every row is
/// a key in force with the lines that it overrides; a key that no file sets has no row.
package struct SettingsProbe: Probe {
  package static let name = "settings"
  package static let summary = "Keys and values of a configuration file, drop-ins merged."
  package static let fields: [Field] = [
    .text("value", "The value in force, quotes round the whole of it removed."),
    .list("items", "The value split at blanks and commas."),
    .text("key", "The key as the file writes it."),
    .text("section", "The section of an INI file; empty before the first one."),
    .flag("set", "Whether a value stands there; of a password this is all that can be asked."),
  ]
  package static let keys: [Key<Self>] = [
    .subject(\.path, "The main file; it is read first and may be absent."),
    .option("key", \.key, "The one key that is wanted; without it, every key is a row."),
    .option("section", \.section, "The one section that is wanted; without it, all sections."),
    .options(
      "dropins", \.dropins,
      "Further files by shell pattern, such as `/etc/foo.d/*.conf`, or folders, whose `*.conf` "
        + "files count; the later in the list, the stronger."),
    .choice(
      "order", \.order, among: ["plain", "by-name"],
      "`plain` reads the drop-ins of one pattern after the other; `by-name` sorts all by file name "
        + "and lets of one name only the strongest count, as systemd does."),
    .choice(
      "precedence", \.precedence, among: ["last", "first", "all"],
      "Which line of a key counts; `all` for keys that add up, one row for each line."),
    .choice(
      "separator", \.separator, among: ["=", ":", "space"],
      "What stands between key and value; blanks round it do not count."),
    .option("comment", \.comment, "The characters that start a comment line; `#;` if not given."),
    .flag("inline-comments", \.hasInlineComments, "Whether a comment may follow after a blank."),
    .flag("ignore-case", \.ignoresCase, "Whether the case of keys and sections does not matter."),
  ]
  package static let reads = ["/etc/**", "/usr/lib/**/*.conf", "/usr/local/etc/**"]

  package var path = ""
  package var key = ""
  package var section = ""
  package var dropins: [String] = []
  package var order = "plain"
  package var precedence = "last"
  package var separator = "="
  package var comment = "#;"
  package var hasInlineComments = false
  package var ignoresCase = false

  package init() {}

  private struct Line {
    var section: String
    var key: String
    var value: String
    var origin: Origin
  }

  private struct Name: Hashable {
    var section: String
    var key: String
  }

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    var lines: [Line] = []
    for file in [FilePath(path)] + (try dropInFiles(host)) {
      // Whatever cannot be read may hold the line that counts, so the error ends the search.
      guard let text = try host.lines(of: file) else { continue }
      var section = ""
      for line in text { read(line, of: file, section: &section, into: &lines) }
    }
    return Observation(rows: precedence == "all" ? lines.map { row([$0]) } : effective(lines))
  }

  /// One row for each key, in the order in which the keys first appear.
  private func effective(_ lines: [Line]) -> [Row] {
    var order: [Name] = []
    var byName: [Name: [Line]] = [:]
    for line in lines {
      let name = Name(section: folded(line.section), key: folded(line.key))
      if byName[name] == nil { order.append(name) }
      byName[name, default: []].append(line)
    }
    return order.compactMap { byName[$0] }.map { found in
      row(precedence == "first" ? found.reversed() : found)
    }
  }

  /// The last of these lines counts, the others are what it overrides.
  private func row(_ lines: [Line]) -> Row {
    let line = lines[lines.count - 1]
    let overrides = lines.dropLast().map {
      Fact.Overridden(SecretNames.shown($0.value, ofKey: $0.key), $0.origin)
    }
    // Evidence goes into reports, and a report is passed on.
    let value = SecretNames.shown(line.value, ofKey: line.key)
    let items = value.split { $0 == " " || $0 == "\t" || $0 == "," }.map(String.init)
    return Row(
      line.section.isEmpty ? line.key : "[\(line.section)] \(line.key)",
      [
        "value": Fact(.known(.text(value)), from: line.origin, overriding: overrides),
        "items": Fact(.known(.list(items)), from: line.origin, overriding: overrides),
        "key": .text(line.key, line.origin),
        "section": .text(line.section, line.origin),
        "set": .flag(!line.value.isEmpty, line.origin),
      ])
  }

  private func dropInFiles(_ host: Host) throws(TargetError) -> [FilePath] {
    var groups: [[FilePath]] = []
    for pattern in dropins {
      let isFolder = try host.metadata(of: FilePath(pattern))?.kind == .directory
      groups.append(try host.expand(isFolder ? pattern + "/*.conf" : pattern))
    }
    var files: [FilePath] = []
    if order == "plain" {
      files = groups.flatMap { $0 }
    } else {
      var strongest: [String: FilePath] = [:]
      for file in groups.joined() { strongest[file.lastComponent?.string ?? ""] = file }
      files = strongest.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
    }
    var regular: [FilePath] = []
    for file in files where try host.metadata(of: file)?.kind == .file { regular.append(file) }
    return regular
  }

  private func read(
    _ line: NumberedLine, of file: FilePath, section current: inout String, into lines: inout [Line]
  ) {
    var text = line.text.trimmed
    guard let first = text.utf8.first, !comment.utf8.contains(first) else { return }
    if separator != "space", first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]") {
      current = String(text.dropFirst().dropLast().trimmed)
      return
    }
    if !section.isEmpty, folded(current) != folded(section) { return }
    if hasInlineComments { text = withoutComment(text) }
    let (name, value) = split(text)
    if !key.isEmpty, folded(name) != folded(key) { return }
    lines.append(
      Line(
        section: current, key: name, value: unquoted(value), origin: .line(file, line.number)))
  }

  private func split(_ text: Substring) -> (key: String, value: Substring) {
    let end = text.utf8.firstIndex { byte in
      separator == "space" ? byte == 32 || byte == 9 : separator.utf8.contains(byte)
    }
    guard let end else { return (String(text), "") }
    return (String(text[..<end].trimmed), text[text.utf8.index(after: end)...].trimmed)
  }

  private func withoutComment(_ text: Substring) -> Substring {
    var isAfterBlank = false
    var quote: UInt8?
    for index in text.utf8.indices {
      let byte = text.utf8[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if isAfterBlank, comment.utf8.contains(byte) {
        return text[..<index].trimmed
      }
      isAfterBlank = byte == 32 || byte == 9
    }
    return text
  }

  private func unquoted(_ value: Substring) -> String {
    guard value.utf8.count >= 2, let first = value.utf8.first, first == value.utf8.last,
      first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
    else { return String(value) }
    return String(value.dropFirst().dropLast())
  }

  private func folded(_ text: String) -> String { ignoresCase ? text.lowercased() : text }
}
