/// A value as an author wrote it: scalars keep their text until a key reads them.
package indirect enum Literal: Sendable, Hashable {
  case text(String)
  case list([Literal])
  case mapping([Entry])

  package struct Entry: Sendable, Hashable {
    package var key: String
    package var value: Literal
    package init(_ key: String, _ value: Literal) {
      self.key = key
      self.value = value
    }
  }

  /// In YAML's flow style, as a person would write it on one line.
  package var description: String {
    switch self {
    case .text(let text): text
    case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key): \($0.value.description)" }.joined(separator: ", ") + "}"
    }
  }

  /// The texts of a list, or the one text; nil if there are mappings or lists inside.
  package var texts: [String]? {
    switch self {
    case .text(let text): return [text]
    case .list(let items):
      var texts: [String] = []
      for item in items {
        guard case .text(let text) = item else { return nil }
        texts.append(text)
      }
      return texts
    case .mapping: return nil
    }
  }

  /// Nothing given: the empty text or the empty list.
  package var isEmpty: Bool {
    switch self {
    case .text(let text): text.isEmpty
    case .list(let items): items.isEmpty
    case .mapping(let entries): entries.isEmpty
    }
  }

  /// The same with `${name}` replaced: a text that is nothing but a reference becomes the
  /// parameter's value whole, inside a list its items are spliced in, inside a longer text its text.
  package func filled(from arguments: Arguments) -> Literal {
    switch self {
    case .text(let text):
      if let name = Literal.wholeReference(text) {
        return arguments[name] ?? .text(text)
      }
      return .text(Literal.interpolate(text, arguments))
    case .list(let items):
      return .list(
        items.flatMap { item -> [Literal] in
          if case .text(let text) = item, let name = Literal.wholeReference(text),
            case .list(let spliced)? = arguments[name]
          {
            return spliced
          }
          return [item.filled(from: arguments)]
        })
    case .mapping(let entries):
      return .mapping(entries.map { Entry($0.key, $0.value.filled(from: arguments)) })
    }
  }

  /// The names of all parameters referred to.
  package var references: [String] {
    switch self {
    case .text(let text): Literal.references(in: text)
    case .list(let items): items.flatMap(\.references)
    case .mapping(let entries): entries.flatMap(\.value.references)
    }
  }

  /// `${name}` and nothing else.
  package static func wholeReference(_ text: String) -> String? {
    guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
    let name = text.dropFirst(2).dropLast()
    return name.contains("}") || name.contains("$") ? nil : String(name)
  }

  private static func references(in text: String) -> [String] {
    var names: [String] = []
    var rest = text[...]
    while let start = rest.range(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}")
    {
      names.append(String(rest[start.upperBound..<end]))
      rest = rest[rest.index(after: end)...]
    }
    return names
  }

  private static func interpolate(_ text: String, _ arguments: Arguments) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.range(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}")
    {
      result += rest[..<start.lowerBound]
      let name = String(rest[start.upperBound..<end])
      result += arguments[name]?.description ?? String(rest[start.lowerBound...end])
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}

extension Substring {
  /// `range(of:)` without Foundation; the needles here are two characters long.
  fileprivate func range(of needle: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(needle) { return at..<index(at, offsetBy: needle.count) }
      at = index(after: at)
    }
    return nil
  }
}
