/// A word of JavaScript, as far as rules need to be told apart.
struct PolkitToken {
  enum Kind { case name, text, number, sign, unknown }
  var kind: Kind
  var text: String
  var line: Int
}

/// The words of a rules file; comments are left out.
func polkitTokens(_ source: String) -> [PolkitToken] {
  let bytes = Array(source.utf8)
  var result: [PolkitToken] = []
  var at = 0
  var line = 1
  func isName(_ byte: UInt8) -> Bool {
    ShellParser.isNameByte(byte) || byte == UInt8(ascii: "$")
  }
  while at < bytes.count {
    let byte = bytes[at]
    let next = at + 1 < bytes.count ? bytes[at + 1] : 0
    switch byte {
    case UInt8(ascii: "\n"):
      line += 1
      at += 1
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
    case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
      while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
      at += 2
      while at < bytes.count {
        if bytes[at] == UInt8(ascii: "*"), at + 1 < bytes.count, bytes[at + 1] == 47 { break }
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        at += 1
      }
      at = min(at + 2, bytes.count)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      var text: [UInt8] = []
      at += 1
      var isClosed = false
      while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
        if bytes[at] == byte {
          isClosed = true
          at += 1
          break
        }
        if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count { at += 1 }
        text.append(bytes[at])
        at += 1
      }
      result.append(
        PolkitToken(
          kind: isClosed ? .text : .unknown, text: String(decoding: text, as: UTF8.self),
          line: line))
    default:
      if isName(byte) {
        let start = at
        while at < bytes.count, isName(bytes[at]) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        let isNumber = (48...57).contains(byte)
        result.append(PolkitToken(kind: isNumber ? .number : .name, text: text, line: line))
        continue
      }
      let three = String(decoding: bytes[at..<min(at + 3, bytes.count)], as: UTF8.self)
      let sign =
        ["===", "!=="].contains(three)
        ? three
        : ["==", "!=", "&&", "||", "=>"].first { three.hasPrefix($0) }
          ?? String(decoding: [byte], as: UTF8.self)
      at += sign.utf8.count
      let isKnown = "(){}[];,.!-".contains(sign) || sign.utf8.count > 1
      result.append(PolkitToken(kind: isKnown ? .sign : .unknown, text: sign, line: line))
    }
  }
  return result
}
