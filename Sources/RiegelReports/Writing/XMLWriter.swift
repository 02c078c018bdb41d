/// Writes XML 1.0 in UTF-8, in the order it is told, the same every time.
///
/// Characters that XML cannot hold, and those that could fool a reader of the raw text, are shown
/// as `VisibleText` shows them, so that no name of a hostile host can break a document.
struct XMLWriter: Sendable {
  private(set) var bytes: [UInt8] = []
  private var depth = 0
  /// Blanks and line breaks count in an element that holds text.
  private var isInline = false

  init() { append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>") }

  typealias Attributes = KeyValuePairs<String, String?>

  /// An element with others inside; an attribute that is nil is left out.
  mutating func element(
    _ name: String, _ attributes: Attributes = [:], _ body: (inout XMLWriter) -> Void
  ) {
    open(name, attributes)
    let start = bytes.count
    append(">")
    depth += 1
    body(&self)
    depth -= 1
    if bytes.count == start + 1 {
      bytes.removeLast()
      append("/>")
    } else {
      newLine()
      append("</\(name)>")
    }
  }

  mutating func element(_ name: String, _ attributes: Attributes = [:]) {
    open(name, attributes)
    append("/>")
  }

  /// An element that holds text alone.
  mutating func element(_ name: String, _ attributes: Attributes = [:], text: String) {
    open(name, attributes)
    append(">")
    append(XMLWriter.escaped(text))
    append("</\(name)>")
  }

  mutating func end() { append("\n") }

  private mutating func open(_ name: String, _ attributes: Attributes) {
    newLine()
    append("<\(name)")
    for (key, value) in attributes {
      if let value { append(" \(key)=\"\(XMLWriter.escaped(value, inAttribute: true))\"") }
    }
  }

  private mutating func newLine() {
    append("\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  static func escaped(_ text: String, inAttribute: Bool = false) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"" where inAttribute: result += "&quot;"
      case "'" where inAttribute: result += "&#39;"
      case "\n" where !inAttribute: result += "\n"
      default: result += VisibleText.escaped(scalar)
      }
    }
    return result
  }
}
