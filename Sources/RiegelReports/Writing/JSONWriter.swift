/// Writes JSON byte by byte, in the order it is told, the same every time.
///
/// Everything that could fool a reader of the raw text is escaped although JSON would let it pass:
/// control characters, line separators, bidirectional and invisible characters. Swift's strings
/// are valid Unicode, so no lone surrogate can come out.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  private let indent: Int?
  private var depth = 0
  private var isFirst = true
  private var isAfterKey = false

  /// With an indent every member has a line of its own; without one there is no blank at all.
  package init(indent: Int? = 2) { self.indent = indent }

  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    container("{", "}", body)
  }

  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    container("[", "]", body)
  }

  /// An array with one item for each element.
  package mutating func array<S: Sequence>(
    _ elements: S, _ write: (inout JSONWriter, S.Element) -> Void
  ) {
    array { writer in for element in elements { write(&writer, element) } }
  }

  /// The name of a member; its value has to follow.
  package mutating func key(_ name: String) {
    begin()
    quote(name)
    append(":")
    if indent != nil { append(" ") }
    isAfterKey = true
  }

  package mutating func string(_ value: String) {
    begin()
    quote(value)
  }

  package mutating func number(_ value: Int) {
    begin()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// A number with one digit after the point.
  mutating func member(_ name: String, tenths: Int) {
    key(name)
    begin()
    bytes.append(contentsOf: "\(tenths / 10).\(tenths % 10)".utf8)
  }

  package mutating func bool(_ value: Bool) {
    begin()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  package mutating func null() {
    begin()
    bytes.append(contentsOf: "null".utf8)
  }

  /// A short list on one line.
  package mutating func strings(_ values: some Sequence<String>) {
    begin()
    append("[")
    var isLater = false
    for value in values {
      if isLater {
        append(",")
        if indent != nil { append(" ") }
      }
      quote(value)
      isLater = true
    }
    append("]")
  }

  /// Ends the text with a line feed, as text files do.
  package mutating func end() { append("\n") }

  private mutating func container(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) -> Void
  ) {
    begin()
    append(open)
    depth += 1
    isFirst = true
    body(&self)
    depth -= 1
    if !isFirst { newLine() }
    append(close)
    isFirst = false
  }

  private mutating func begin() {
    if isAfterKey {
      isAfterKey = false
    } else if depth > 0 {
      if !isFirst { append(",") }
      newLine()
    }
    isFirst = false
  }

  private mutating func newLine() {
    guard let indent else { return }
    append("\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * indent))
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    bytes.append(UInt8(ascii: scalar))
  }
}

extension JSONWriter {
  package mutating func member(_ name: String, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  package mutating func member(_ name: String, _ value: Int) {
    key(name)
    number(value)
  }

  package mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  package mutating func member(_ name: String, _ values: [String]) {
    key(name)
    strings(values)
  }

  package mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  package mutating func array<S: Sequence>(
    _ name: String, _ elements: S, _ write: (inout JSONWriter, S.Element) -> Void
  ) {
    key(name)
    array(elements, write)
  }
}

extension JSONWriter {
  private mutating func quote(_ text: String) {
    append("\"")
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
      bytes.append(contentsOf: text.utf8)
    } else {
      for scalar in text.unicodeScalars { escape(scalar) }
    }
    append("\"")
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": bytes.append(contentsOf: "\\\"".utf8)
    case "\\": bytes.append(contentsOf: "\\\\".utf8)
    case "\n": bytes.append(contentsOf: "\\n".utf8)
    case "\r": bytes.append(contentsOf: "\\r".utf8)
    case "\t": bytes.append(contentsOf: "\\t".utf8)
    case "\u{20}"..."\u{7E}": bytes.append(UInt8(scalar.value))
    default:
      if scalar.isDeceptive {
        for unit in UTF16.encode(scalar) ?? .init() { unicodeEscape(unit) }
      } else {
        bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
      }
    }
  }

  private mutating func unicodeEscape(_ unit: UInt16) {
    bytes.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] as [UInt16] {
      let digit = UInt8(unit >> shift & 15)
      bytes.append(digit < 10 ? 48 + digit : 87 + digit)
    }
  }
}
