extension ShellParser {
  /// The words of `[[ … ]]`; signs such as `&&` and `(` are words of their own.
  mutating func testWords() throws(Failure) -> [ShellWord] {
    var words: [ShellWord] = []
    while true {
      try skipNewlines()
      guard let byte = peek else { throw failure }
      if reserved() == "]]" {
        at += 2
        return words
      }
      let start = line
      if words.last?.plain == "=~" {
        words.append(try expression())
        continue
      }
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "|"):
        guard peek(1) == byte else { throw failure }
        at += 2
        words.append(
          ShellWord(parts: [.text(byte == 38 ? "&&" : "||", isQuoted: false)], line: start))
      case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        at += 1
        words.append(
          ShellWord(
            parts: [.text(String(decoding: [byte], as: UTF8.self), isQuoted: false)], line: start))
      default:
        let before = at
        words.append(try word())
        if at == before { throw failure }
      }
    }
  }

  /// A regular expression, which ends at a blank outside its parentheses.
  private mutating func expression() throws(Failure) -> ShellWord {
    var open = 0
    while let byte = peek {
      if byte == UInt8(ascii: "\n") { break }
      if open == 0, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { break }
      if byte == UInt8(ascii: "(") { open += 1 }
      if byte == UInt8(ascii: ")") {
        if open == 0 { break }
        open -= 1
      }
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "$")
        || byte == UInt8(ascii: "\\")
      {
        let before = at
        _ = try word()
        if at == before { throw failure }
      } else {
        at += 1
      }
    }
    return ShellWord(parts: [.opaque], line: line)
  }

  /// The text of `(( … ))`; nil, with nothing read, if these are two nested subshells.
  mutating func doubleParentheses() throws(Failure) -> String? {
    var open = 0
    var end = at
    while end < bytes.count {
      if bytes[end] == UInt8(ascii: "(") { open += 1 }
      if bytes[end] == UInt8(ascii: ")") {
        open -= 1
        if open == 1 {
          guard end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: ")") else {
            end += 1
            continue
          }
          let text = bytes[(at + 2)..<end]
          line += text.count { $0 == UInt8(ascii: "\n") }
          at = end + 2
          return String(decoding: text, as: UTF8.self)
        }
        if open == 0 { return nil }
      }
      end += 1
    }
    throw failure
  }
}
