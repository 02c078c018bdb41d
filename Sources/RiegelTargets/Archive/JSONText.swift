/// A value out of the JSON that archives bring along: manifests of images and snapshots.
///
/// Strict where it matters (RFC 8259), bounded in depth; whatever is wrong gives nil.
package indirect enum JSONText: Sendable, Hashable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([JSONText])
  case object([String: JSONText])

  package init?(_ bytes: [UInt8]) {
    var parser = Parser(bytes: bytes)
    guard let value = parser.value(depth: 0), parser.isAtEnd else { return nil }
    self = value
  }

  package subscript(_ key: String) -> JSONText? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  package var text: String? { if case .text(let text) = self { text } else { nil } }
  package var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  package var list: [JSONText] { if case .list(let list) = self { list } else { [] } }
  package var integer: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }

  private struct Parser {
    let bytes: [UInt8]
    var at = 0

    private mutating func skipBlanks() {
      while at < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[at]) { at += 1 }
    }

    var isAtEnd: Bool {
      mutating get {
        skipBlanks()
        return at == bytes.count
      }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
      skipBlanks()
      guard at < bytes.count, bytes[at] == UInt8(ascii: byte) else { return false }
      at += 1
      return true
    }

    private mutating func take(word: String) -> Bool {
      guard bytes[at...].starts(with: word.utf8) else { return false }
      at += word.utf8.count
      return true
    }

    mutating func value(depth: Int) -> JSONText? {
      skipBlanks()
      guard at < bytes.count, depth < 64 else { return nil }
      switch bytes[at] {
      case UInt8(ascii: "{"): return object(depth: depth)
      case UInt8(ascii: "["): return list(depth: depth)
      case UInt8(ascii: "\""): return string().map(JSONText.text)
      case UInt8(ascii: "t"): return take(word: "true") ? .flag(true) : nil
      case UInt8(ascii: "f"): return take(word: "false") ? .flag(false) : nil
      case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
      default: return number()
      }
    }

    private mutating func object(depth: Int) -> JSONText? {
      at += 1
      var members: [String: JSONText] = [:]
      if take("}") { return .object(members) }
      repeat {
        skipBlanks()
        guard let key = string(), take(":"), let value = value(depth: depth + 1) else { return nil }
        members[key] = value
      } while take(",")
      return take("}") ? .object(members) : nil
    }

    private mutating func list(depth: Int) -> JSONText? {
      at += 1
      var items: [JSONText] = []
      if take("]") { return .list(items) }
      repeat {
        guard let value = value(depth: depth + 1) else { return nil }
        items.append(value)
      } while take(",")
      return take("]") ? .list(items) : nil
    }

    private mutating func number() -> JSONText? {
      let start = at
      while at < bytes.count, "+-.eE0123456789".utf8.contains(bytes[at]) { at += 1 }
      return Double(String(decoding: bytes[start..<at], as: UTF8.self)).map(JSONText.number)
    }

    private mutating func string() -> String? {
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
      at += 1
      var text: [UInt8] = []
      while at < bytes.count {
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
        case UInt8(ascii: "\\"): guard escape(&text) else { return nil }
        case 0..<0x20: return nil
        default: text.append(byte)
        }
      }
      return nil
    }

    private mutating func escape(_ text: inout [UInt8]) -> Bool {
      guard at < bytes.count else { return false }
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0c)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
      case UInt8(ascii: "u"):
        guard var code = hex() else { return false }
        if (0xd800..<0xdc00).contains(code) {
          guard take(word: "\\u"), let low = hex(), (0xdc00..<0xe000).contains(low) else {
            return false
          }
          code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(code) else { return false }
        text += Array(String(Character(scalar)).utf8)
      default: return false
      }
      return true
    }

    private mutating func hex() -> UInt32? {
      guard at + 4 <= bytes.count else { return nil }
      let digits = String(decoding: bytes[at..<at + 4], as: UTF8.self)
      guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
        return nil
      }
      at += 4
      return UInt32(digits, radix: 16)
    }
  }
}
