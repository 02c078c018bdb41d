/// A JSON text read strictly (RFC 8259): members in their order, none twice, nothing after the end.
package enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Sendable, Hashable {
    package var name: String
    package var value: JSONValue
  }

  /// What is wrong with a text that is not JSON, and where.
  package struct Problem: Error, Sendable, Hashable {
    /// Counted in bytes from 0.
    package var offset: Int
    /// Nothing is wrong with what is there; the rest is missing.
    package var isTruncated: Bool
  }

  package init(parsing bytes: [UInt8]) throws(Problem) {
    var parser = JSONParser(bytes: bytes)
    self = try parser.document()
  }

  /// A member of an object.
  package subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var text: String? { if case .string(let text) = self { text } else { nil } }
  package var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  package var list: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
}

/// A parser by recursive descent with a bound on depth, so that no text can exhaust the stack.
private struct JSONParser {
  let bytes: [UInt8]
  var at = 0

  static let deepest = 128

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONValue.Problem) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    let value = try value(depth: 0)
    skipBlanks()
    if at < bytes.count { throw problem() }
    return value
  }

  private func problem(at offset: Int? = nil) -> JSONValue.Problem {
    let offset = offset ?? at
    return JSONValue.Problem(offset: offset, isTruncated: offset >= bytes.count)
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { at += 1 }
  }

  private mutating func take(_ wanted: Unicode.Scalar) throws(JSONValue.Problem) {
    guard next == UInt8(ascii: wanted) else { throw problem() }
    at += 1
  }

  private mutating func takes(_ wanted: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: wanted) else { return false }
    at += 1
    return true
  }

  private mutating func word(_ word: StaticString) throws(JSONValue.Problem) {
    for index in 0..<word.utf8CodeUnitCount {
      guard next == word.utf8Start[index] else { throw problem() }
      at += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONValue.Problem) -> JSONValue {
    skipBlanks()
    guard let byte = next, depth < JSONParser.deepest else { throw problem() }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    default: return .number(try number())
    }
  }

  private mutating func object(depth: Int) throws(JSONValue.Problem) -> JSONValue {
    try take("{")
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    skipBlanks()
    if takes("}") { return .object(members) }
    repeat {
      skipBlanks()
      let start = at
      let name = try string()
      guard names.insert(name).inserted else { throw problem(at: start) }
      skipBlanks()
      try take(":")
      members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
      skipBlanks()
    } while takes(",")
    try take("}")
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONValue.Problem) -> JSONValue {
    try take("[")
    var items: [JSONValue] = []
    skipBlanks()
    if takes("]") { return .array(items) }
    repeat {
      items.append(try value(depth: depth + 1))
      skipBlanks()
    } while takes(",")
    try take("]")
    return .array(items)
  }

  private mutating func number() throws(JSONValue.Problem) -> String {
    let start = at
    _ = takes("-")
    if !takes("0") { try digits() }
    if takes(".") { try digits() }
    if takes("e") || takes("E") {
      if !takes("+") { _ = takes("-") }
      try digits()
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func digits() throws(JSONValue.Problem) {
    let start = at
    while let byte = next, (48...57).contains(byte) { at += 1 }
    if at == start { throw problem() }
  }

  private mutating func string() throws(JSONValue.Problem) -> String {
    try take("\"")
    var result: [UInt8] = []
    let start = at
    while true {
      guard let byte = next else { throw problem() }
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: result, as: UTF8.self) else {
          throw problem(at: start)
        }
        at += 1
        return text
      case UInt8(ascii: "\\"):
        at += 1
        result.append(contentsOf: try escape())
      case 0..<0x20: throw problem()
      default:
        result.append(byte)
        at += 1
      }
    }
  }

  private mutating func escape() throws(JSONValue.Problem) -> [UInt8] {
    guard let byte = next else { throw problem() }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      let start = at - 2
      var code = UInt32(try unit())
      if 0xD800..<0xDC00 ~= code {
        try take("\\")
        try take("u")
        let low = UInt32(try unit())
        guard 0xDC00..<0xE000 ~= low else { throw problem(at: start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw problem(at: start) }
      return Array(String(scalar).utf8)
    default: throw problem(at: at - 1)
    }
  }

  private mutating func unit() throws(JSONValue.Problem) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw problem() }
      let digit: UInt8
      switch byte {
      case 48...57: digit = byte - 48
      case 65...70: digit = byte - 55
      case 97...102: digit = byte - 87
      default: throw problem()
      }
      value = value << 4 | UInt16(digit)
      at += 1
    }
    return value
  }
}
