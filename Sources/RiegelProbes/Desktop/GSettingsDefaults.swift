import RiegelModel
import SystemPackage

/// The default of a setting by its schema, with the vendor's overrides (`glib-compile-schemas(1)`).
struct GSettingsDefaults {
  static let folder: FilePath = "/usr/share/glib-2.0/schemas"
  static let reads = ["/usr/share/glib-2.0/schemas/*"]

  /// The default of the key at a path; nil if no schema here has it.
  static func of(
    _ path: String, on host: Host
  ) throws(TargetError) -> DconfDatabase.Setting? {
    let parts = path.split(separator: "/").map(String.init)
    guard let key = parts.last, try host.metadata(of: folder)?.kind == .directory else {
      return nil
    }
    let schema = parts.dropLast().joined(separator: ".")
    var setting: DconfDatabase.Setting?
    for name in try host.list(folder) ?? [] {
      guard name.string.hasSuffix(".gschema.xml") else { continue }
      let stem = name.string.dropLast(".gschema.xml".count)
      // Related schemas share a file that is named after the first parts of their names.
      guard schema.hasPrefix(stem) else { continue }
      if let found = try inSchema(folder.appending(name), schema, key, on: host) {
        setting = found
        break
      }
    }
    guard var result = setting else { return nil }
    for (name, entries) in try overrides(on: host) {
      for entry in entries where entry.key == key {
        guard entry.group == schema || entry.group.hasPrefix(schema + ":") else { continue }
        guard let value = GVariantText(entry.value) else { continue }
        if entry.group != schema, value != result.value {
          throw .undetermined(
            folder.appending(name),
            Localized(
              en: "the default of \(key) depends on the desktop (\(entry.group))",
              de: "der Vorgabewert von \(key) hängt von der Oberfläche ab (\(entry.group))"))
        }
        result = DconfDatabase.Setting(
          value: value, origin: entry.origin,
          overrides: result.overrides + [.init(result.value.text, result.origin)])
      }
    }
    return result
  }

  /// Override files in order of their names; the last one wins.
  private static func overrides(
    on host: Host
  ) throws(TargetError) -> [(String, [KeyFile.Entry])] {
    try host.remember("gschema overrides") {
      () throws(TargetError) -> [(String, [KeyFile.Entry])] in
      var found: [(String, [KeyFile.Entry])] = []
      for name in try host.list(folder) ?? [] where name.string.hasSuffix(".gschema.override") {
        if let file = try KeyFile.read(folder.appending(name), on: host) {
          found.append((name.string, file.entries))
        }
      }
      return found
    }
  }

  /// Finds `<default>` of `<key name=…>` in `<schema id=…>`, without a parser of XML: schema files
  /// are made by machine and checked by `glib-compile-schemas`.
  private static func inSchema(
    _ file: FilePath, _ schema: String, _ key: String, on host: Host
  ) throws(TargetError) -> DconfDatabase.Setting? {
    guard let lines = try host.lines(of: file) else { return nil }
    var isInSchema = false
    var isInKey = false
    for line in lines {
      let text = line.text
      if text.contains("<schema ") {
        isInSchema = text.contains("id=\"\(schema)\"") || text.contains("id='\(schema)'")
      }
      if text.contains("</schema>") { isInSchema = false }
      guard isInSchema else { continue }
      if text.contains("<key ") {
        isInKey = text.contains("name=\"\(key)\"") || text.contains("name='\(key)'")
      }
      if isInKey, let start = text.range(ofText: "<default"),
        let open = text[start.upperBound...].firstIndex(of: ">"),
        let end = text[open...].range(ofText: "</default>")
      {
        let source = String(text[text.index(after: open)..<end.lowerBound])
          .replacingEntities()
        return GVariantText(source).map {
          DconfDatabase.Setting(value: $0, origin: .line(file, line.number))
        }
      }
      if text.contains("</key>") { isInKey = false }
    }
    return nil
  }
}

extension Substring {
  fileprivate func range(ofText needle: String) -> Range<Index>? {
    guard let first = needle.first else { return nil }
    var at = startIndex
    while at < endIndex {
      guard let next = self[at...].firstIndex(of: first) else { return nil }
      if self[next...].hasPrefix(needle) { return next..<index(next, offsetBy: needle.count) }
      at = index(after: next)
    }
    return nil
  }
}

extension String {
  fileprivate func replacingEntities() -> String {
    guard contains("&") else { return self }
    var result = ""
    var rest = self[...]
    let entities = [
      ("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"),
    ]
    while let character = rest.first {
      if let (name, sign) = entities.first(where: { rest.hasPrefix($0.0) }) {
        result += sign
        rest = rest.dropFirst(name.count)
      } else {
        result.append(character)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
