/// A value in GVariant's text format, as key files of dconf and defaults of schemas write it.
///
/// Numbers may carry their type (`uint32 300`); of containers only arrays of texts are taken apart.
struct GVariantText: Sendable, Hashable {
  /// The value as a person would write it: texts without quotes, numbers without type.
  var text: String
  var number: Int?
  var flag: Bool?
  var items: [String]?

  /// nil for text that cannot be a value.
  init?(_ source: String) {
    var rest = source[...].trimmed
    if rest.hasPrefix("@") {
      rest = rest.drop { $0 != " " }[...].trimmedStart
    } else {
      for name in GVariantText.types where rest.hasPrefix(name + " ") {
        rest = rest.dropFirst(name.count)[...].trimmedStart
        break
      }
    }
    guard let first = rest.first else { return nil }
    switch first {
    case "'", "\"":
      guard let (value, after) = GVariantText.quoted(rest), after.trimmed.isEmpty else {
        return nil
      }
      text = value
    case "[":
      guard rest.last == "]" else { return nil }
      items = GVariantText.array(rest)
      let areTexts = rest.dropFirst().trimmedStart.first.map { "'\"]".contains($0) } ?? false
      text =
        areTexts
        ? GVariantText.list(items ?? []) : String(rest)
    case "(", "{", "<":
      text = String(rest)
    default:
      let word = String(rest)
      text = word
      switch word {
      case "true": flag = true
      case "false": flag = false
      case "nothing": break
      default:
        if let number = GVariantText.integer(word) {
          self.number = number
          text = String(number)
        } else if Double(word) == nil, !word.hasPrefix("just ") {
          return nil
        }
      }
    }
  }

  init(text: String, number: Int? = nil, flag: Bool? = nil, items: [String]? = nil) {
    self.text = text
    self.number = number
    self.flag = flag
    self.items = items
  }

  /// An array of texts as dconf prints it.
  static func list(_ items: [String]) -> String {
    "[" + items.map { "'\($0)'" }.joined(separator: ", ") + "]"
  }

  private static let types = [
    "boolean", "byte", "int16", "uint16", "int32", "uint32", "handle", "int64", "uint64",
    "double", "string", "objectpath", "signature",
  ]

  private static func integer(_ word: String) -> Int? {
    if word.hasPrefix("0x") { return Int(word.dropFirst(2), radix: 16) }
    return Int(word)
  }

  private static func quoted(_ text: Substring) -> (String, Substring)? {
    guard let quote = text.first else { return nil }
    var value = ""
    var at = text.index(after: text.startIndex)
    while at < text.endIndex {
      let character = text[at]
      at = text.index(after: at)
      if character == quote { return (value, text[at...]) }
      guard character == "\\", at < text.endIndex else {
        value.append(character)
        continue
      }
      switch text[at] {
      case "n": value.append("\n")
      case "t": value.append("\t")
      default: value.append(text[at])
      }
      at = text.index(after: at)
    }
    return nil
  }

  private static func array(_ text: Substring) -> [String]? {
    var rest = text.dropFirst().trimmedStart
    var items: [String] = []
    while let first = rest.first, first != "]" {
      if first == "'" || first == "\"" {
        guard let (value, after) = quoted(rest) else { return nil }
        items.append(value)
        rest = after.trimmedStart
      } else {
        let word = rest.prefix { $0 != "," && $0 != "]" }
        items.append(String(word.trimmed))
        rest = rest[word.endIndex...]
      }
      if rest.first == "," { rest = rest.dropFirst().trimmedStart }
    }
    return items
  }
}
