/// A line of sudoers that does not follow the grammar, and what stands where.
struct SudoersSyntaxError: Error {
  var message: String
}

/// Reads the words of one logical line of sudoers.
///
/// What ends a word depends on where it stands: a comma ends a name and a command's arguments, a
/// blank ends a name but only separates arguments. `sudoers(5)`, "Other special characters".
struct SudoersScanner {
  let bytes: [UInt8]
  var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { at >= bytes.count }
  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

  mutating func skipBlanks() {
    while let byte = peek, SudoersScanner.isBlank(byte) { at += 1 }
  }

  /// Takes a character if it is next, blanks before it skipped.
  mutating func take(_ character: Character) -> Bool {
    skipBlanks()
    guard let byte = peek, byte == character.asciiValue else { return false }
    at += 1
    return true
  }

  mutating func expect(_ character: Character) throws(SudoersSyntaxError) {
    guard take(character) else { throw SudoersSyntaxError(message: "'\(character)' expected") }
  }

  /// Whether nothing but a comment follows.
  mutating func isDone() -> Bool {
    skipBlanks()
    return isAtEnd || peek == UInt8(ascii: "#")
  }

  func starts(with text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

  /// The number of `!` in front, as odd or even.
  mutating func negation() -> Bool {
    var isNegated = false
    while take("!") { isNegated.toggle() }
    return isNegated
  }

  /// A quoted text, the opening quote being next.
  mutating func quoted() throws(SudoersSyntaxError) -> String {
    at += 1
    var text: [UInt8] = []
    while let byte = peek {
      at += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), peek == UInt8(ascii: "\"") {
        text.append(UInt8(ascii: "\""))
        at += 1
      } else {
        text.append(byte)
      }
    }
    throw SudoersSyntaxError(message: "a quotation without end")
  }

  /// The name of a user, group or host.
  mutating func name(isHost: Bool) throws(SudoersSyntaxError) -> String {
    skipBlanks()
    if peek == UInt8(ascii: "\"") { return try quoted() }
    if isHost, let address = address6() { return address }
    var text: [UInt8] = []
    for prefix in ["%:#", "%:", "%#", "%", "+", "#"] where starts(with: prefix) {
      text += prefix.utf8
      at += prefix.utf8.count
      break
    }
    while let byte = peek {
      if SudoersScanner.isBlank(byte) || ",:=!()#\"".utf8.contains(byte) { break }
      at += 1
      if byte == UInt8(ascii: "\\"), let next = peek {
        at += 1
        if next == UInt8(ascii: "x"), let value = hex() {
          text.append(value)
        } else {
          text.append(next)
        }
      } else {
        text.append(byte)
      }
    }
    if text.isEmpty || text == Array("#".utf8) || text == Array("%".utf8) {
      throw SudoersSyntaxError(message: "a name expected")
    }
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func hex() -> UInt8? {
    guard at + 2 <= bytes.count,
      let value = UInt8(String(decoding: bytes[at..<at + 2], as: UTF8.self), radix: 16)
    else { return nil }
    at += 2
    return value
  }

  /// An IPv6 address, whose colons would otherwise end it.
  private mutating func address6() -> String? {
    var end = at
    var colons = 0
    while end < bytes.count {
      let byte = bytes[end]
      let isHex =
        (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte)
      guard isHex || byte == 58 || byte == 46 || byte == 47 else { break }
      if byte == 58 { colons += 1 }
      end += 1
    }
    guard colons >= 2 else { return nil }
    defer { at = end }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }

  /// Letters, digits and underscores.
  mutating func word() -> String {
    skipBlanks()
    let start = at
    while let byte = peek,
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == 95
    {
      at += 1
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  /// A value: quoted, or up to a blank, a comma or a comment.
  mutating func value() throws(SudoersSyntaxError) -> String {
    skipBlanks()
    if peek == UInt8(ascii: "\"") { return try quoted() }
    var text: [UInt8] = []
    while let byte = peek, !SudoersScanner.isBlank(byte), byte != 44, byte != 35 {
      at += 1
      if byte == UInt8(ascii: "\\"), let next = peek {
        at += 1
        text.append(next)
      } else {
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The path of a command, its escapes resolved.
  mutating func path() -> String {
    var text: [UInt8] = []
    let isPattern = peek == UInt8(ascii: "^")
    while let byte = peek {
      if SudoersScanner.isBlank(byte) { break }
      if !isPattern, byte == 44 || byte == 58 || byte == 61 || byte == 35 { break }
      at += 1
      if byte == UInt8(ascii: "\\"), let next = peek, !isPattern {
        at += 1
        if "*?[]!^".utf8.contains(next) { text.append(byte) }
        text.append(next)
      } else {
        text.append(byte)
        if isPattern, byte == UInt8(ascii: "$"), endsHere { break }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private var endsHere: Bool {
    guard let byte = peek else { return true }
    return SudoersScanner.isBlank(byte) || byte == 44 || byte == 58
  }

  /// What may stand behind a command: nil for anything, empty for `""`, else the text with runs of
  /// blanks made one.
  mutating func arguments() -> String? {
    skipBlanks()
    var text: [UInt8] = []
    let isPattern = peek == UInt8(ascii: "^")
    while let byte = peek {
      if !isPattern, byte == 44 || byte == 58 || byte == 61 || byte == 35 { break }
      at += 1
      if SudoersScanner.isBlank(byte) {
        if !text.isEmpty, text.last != 32 || isPattern { text.append(32) }
      } else if byte == UInt8(ascii: "\\"), let next = peek, !isPattern {
        at += 1
        if !":\\,= \t#".utf8.contains(next) { text.append(byte) }
        text.append(next)
      } else {
        text.append(byte)
        if isPattern, byte == UInt8(ascii: "$"), endsHere { break }
      }
    }
    while text.last == 32 { text.removeLast() }
    if text.isEmpty { return nil }
    let joined = String(decoding: text, as: UTF8.self)
    return joined == "\"\"" ? "" : joined
  }
}
