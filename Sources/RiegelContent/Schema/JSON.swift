/// A JSON value whose objects keep the order of their keys.
indirect enum JSON: Sendable {
  case string(String)
  case number(Int)
  case bool(Bool)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// Indented by two blanks, with a newline at the end of the file left to the caller.
  func write(into text: inout String, indent: String = "") {
    switch self {
    case .string(let string): JSON.quote(string, into: &text)
    case .number(let number): text += String(number)
    case .bool(let bool): text += bool ? "true" : "false"
    case .array(let items):
      JSON.block("[", "]", items, into: &text, indent: indent) { item, text, inner in
        item.write(into: &text, indent: inner)
      }
    case .object(let entries):
      JSON.block("{", "}", entries, into: &text, indent: indent) { entry, text, inner in
        JSON.quote(entry.key, into: &text)
        text += ": "
        entry.value.write(into: &text, indent: inner)
      }
    }
  }

  private static func block<T>(
    _ open: String, _ close: String, _ items: [T], into text: inout String, indent: String,
    _ write: (T, inout String, String) -> Void
  ) {
    guard !items.isEmpty else {
      text += open + close
      return
    }
    text += open
    for (index, item) in items.enumerated() {
      text += index == 0 ? "\n" : ",\n"
      text += indent + "  "
      write(item, &text, indent + "  ")
    }
    text += "\n" + indent + close
  }

  static func quote(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { (key: $0.0, value: $0.1) })
  }
  init(integerLiteral value: Int) { self = .number(value) }
  init(booleanLiteral value: Bool) { self = .bool(value) }

  static func strings(_ texts: some Sequence<String>) -> JSON { .array(texts.map(JSON.string)) }
}
