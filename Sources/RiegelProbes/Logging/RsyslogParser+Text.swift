import RiegelModel
import SystemPackage

/// The words, quotes and brackets of rsyslog's two languages.
extension RsyslogParser {
  func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

  func isNext(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

  /// Skips blanks, line ends and comments of both kinds.
  mutating func skipBlanks() {
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 10 {
        line += 1
        at += 1
      } else if isBlank(byte) {
        at += 1
      } else if byte == UInt8(ascii: "#") {
        while at < bytes.count, bytes[at] != 10 { at += 1 }
      } else if isNext("/*") {
        at += 2
        while at < bytes.count, !isNext("*/") {
          if bytes[at] == 10 { line += 1 }
          at += 1
        }
        at = min(bytes.count, at + 2)
      } else {
        return
      }
    }
  }

  mutating func readWord() -> String {
    let begin = at
    while at < bytes.count {
      let byte = bytes[at]
      let isWord =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: "_")
      guard isWord else { break }
      at += 1
    }
    return String(decoding: bytes[begin..<at], as: UTF8.self)
  }

  /// Whether an opening bracket follows.
  func isCallAhead() -> Bool {
    var next = at
    while next < bytes.count, isBlank(bytes[next]) { next += 1 }
    return next < bytes.count && bytes[next] == UInt8(ascii: "(")
  }

  mutating func skip(_ text: String) {
    skipBlanks()
    if at < bytes.count, isNext(text) { at += text.utf8.count }
  }

  mutating func skipToSemicolon() {
    var quote: UInt8?
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 10 { line += 1 }
      at += 1
      if let open = quote {
        if byte == UInt8(ascii: "\\") { at += 1 } else if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ";") {
        return
      }
    }
    at = min(at, bytes.count)
  }

  /// The rest of the line without a comment; a backslash at its end joins the next line.
  mutating func restOfLine() -> String {
    var text: [UInt8] = []
    var isQuoted = false
    while at < bytes.count, bytes[at] != 10 {
      if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == 10 {
        line += 1
        at += 2
        continue
      }
      if bytes[at] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if bytes[at] == UInt8(ascii: "#"), !isQuoted, text.last.map(isBlank) ?? true {
        while at < bytes.count, bytes[at] != 10 { at += 1 }
        break
      }
      text.append(bytes[at])
      at += 1
    }
    return String(String(decoding: text, as: UTF8.self)[...].trimmed)
  }

  /// `:property, [!]operation, "value"`.
  mutating func propertyFilter() -> RsyslogFilter {
    let begin = at
    var quotes = 0
    while at < bytes.count, bytes[at] != 10, quotes < 2 {
      if bytes[at] == UInt8(ascii: "\\") {
        at += 1
      } else if bytes[at] == UInt8(ascii: "\"") {
        quotes += 1
      }
      at += 1
    }
    at = min(at, bytes.count)
    let text = String(decoding: bytes[begin..<at], as: UTF8.self)
    return RsyslogFilter(text: text, severities: nil, isConditional: true)
  }

  /// The text up to a word of its own outside quotes, which is skipped.
  mutating func readUntil(keyword: String) -> String {
    let begin = at
    var quote: UInt8?
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 10 { line += 1 }
      if let open = quote {
        if byte == UInt8(ascii: "\\") { at += 1 } else if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if at > begin, isNext(keyword), !isWordByte(bytes[at - 1]) {
        let end = at + keyword.utf8.count
        if end >= bytes.count || !isWordByte(bytes[end]) {
          let text = String(decoding: bytes[begin..<at], as: UTF8.self)
          at = end
          return String(text[...].words.joined(separator: " "))
        }
      }
      at += 1
    }
    at = bytes.count
    gaps.append(.malformed(path, line: line, "'\(keyword)' is missing"))
    return String(decoding: bytes[min(begin, at)..<at], as: UTF8.self)
  }

  func isWordByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "$")
  }

  /// `(name="value" list=["a", "b"])`.
  mutating func readParameters() throws(TargetError) -> [String: [String]] {
    let start = line
    skipBlanks()
    at += 1
    var parameters: [String: [String]] = [:]
    while true {
      skipBlanks()
      guard at < bytes.count else { throw .malformed(path, line: start, "')' is missing") }
      if bytes[at] == UInt8(ascii: ")") {
        at += 1
        return parameters
      }
      let begin = at
      while at < bytes.count, isWordByte(bytes[at]) || bytes[at] == UInt8(ascii: ".") { at += 1 }
      let name = String(decoding: bytes[begin..<at], as: UTF8.self).lowercased()
      skipBlanks()
      guard !name.isEmpty, at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
        throw .malformed(path, line: line, "name=\"value\" expected")
      }
      at += 1
      parameters[name] = try readValue()
      skip(",")
    }
  }

  mutating func readValue() throws(TargetError) -> [String] {
    skipBlanks()
    guard at < bytes.count else { throw .malformed(path, line: line, "a value is missing") }
    guard bytes[at] == UInt8(ascii: "[") else { return [try readQuoted()] }
    at += 1
    var items: [String] = []
    while true {
      skipBlanks()
      guard at < bytes.count else { throw .malformed(path, line: line, "']' is missing") }
      if bytes[at] == UInt8(ascii: "]") {
        at += 1
        return items
      }
      items.append(try readQuoted())
      skip(",")
    }
  }

  mutating func readQuoted() throws(TargetError) -> String {
    let start = line
    let quote = bytes[at]
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw .malformed(path, line: line, "a value without quotes")
    }
    at += 1
    var value: [UInt8] = []
    while at < bytes.count, bytes[at] != quote {
      if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count { at += 1 }
      if bytes[at] == 10 { line += 1 }
      value.append(bytes[at])
      at += 1
    }
    guard at < bytes.count else { throw .malformed(path, line: start, "a quote is not closed") }
    at += 1
    return String(decoding: value, as: UTF8.self)
  }
}
