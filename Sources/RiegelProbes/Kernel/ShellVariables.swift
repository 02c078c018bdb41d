import RiegelModel

/// The variables that a file of plain assignments sets when a shell sources it.
///
/// Made for `/etc/default/grub` and its kind: quotes, `$NAME`, `${NAME}`, `+=` and comments are
/// read as `sh(1)` does. What only running the file could tell (command substitution, a condition)
/// leaves the variable it touches unknown, and no other.
struct ShellVariables: Sendable {
  struct Value: Sendable {
    /// nil if it cannot be told without running the file.
    var text: String?
    var line: Int
  }

  private(set) var values: [String: Value] = [:]
  /// Lines that source or evaluate other text, so that any variable may differ.
  private(set) var opaqueLines: [Int] = []

  /// Reads one more file; later assignments win.
  mutating func read(_ text: String) {
    var scanner = Scanner(text)
    var depth = 0
    var pending: String?
    while let word = scanner.nextWord(values) {
      if word.isCommandStart {
        pending = nil
        switch word.raw {
        case "if", "case", "for", "while", "until": depth += 1
        case "fi", "esac", "done": depth = max(0, depth - 1)
        case ".", "source", "eval": opaqueLines.append(word.line)
        default: break
        }
      }
      // An assignment counts at the start of a command, or after `export`.
      if word.isCommandStart || pending == "export", let (name, adds) = word.assigned {
        let added = word.text.map { String($0.dropFirst(name.count + (adds ? 2 : 1))) }
        var value = added
        if adds {
          if let known = values[name] {
            value = known.text.flatMap { old in added.map { old + $0 } }
          }
        }
        if depth > 0 { value = nil }
        values[name] = Value(text: value, line: word.line)
        if word.isCommandStart { scanner.isCommandStart = true }
        continue
      }
      if word.isCommandStart { pending = word.raw == "export" ? "export" : nil }
      if depth > 0, ["then", "do", "else", "in"].contains(word.raw) {
        scanner.isCommandStart = true
      }
    }
  }

  private struct Word {
    var raw: String
    /// nil if it holds a substitution.
    var text: String?
    var line: Int
    var isCommandStart: Bool

    /// The name and whether the operator is `+=`, if the word is an assignment.
    var assigned: (String, Bool)? {
      let name = raw.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      guard let first = name.first, !first.isNumber else { return nil }
      let rest = raw.dropFirst(name.count)
      if rest.hasPrefix("+=") { return (String(name), true) }
      return rest.hasPrefix("=") ? (String(name), false) : nil
    }
  }

  private struct Scanner {
    let bytes: [UInt8]
    var at = 0
    var line = 1
    var isCommandStart = true

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The next word; ends of commands only set `isCommandStart`.
    mutating func nextWord(_ values: [String: Value]) -> Word? {
      skipBlanks()
      guard at < bytes.count else { return nil }
      let startLine = line
      let start = at
      var text: [UInt8] = []
      var isKnown = true
      scan: while at < bytes.count {
        let byte = bytes[at]
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
          UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "("),
          UInt8(ascii: ")"):
          break scan
        case UInt8(ascii: "\\"):
          at += 1
          if at < bytes.count {
            if bytes[at] == UInt8(ascii: "\n") { line += 1 } else { text.append(bytes[at]) }
            at += 1
          }
        case UInt8(ascii: "'"):
          at += 1
          while at < bytes.count, bytes[at] != UInt8(ascii: "'") {
            if bytes[at] == UInt8(ascii: "\n") { line += 1 }
            text.append(bytes[at])
            at += 1
          }
          if at >= bytes.count { isKnown = false }
          at += 1
        case UInt8(ascii: "\""):
          at += 1
          readDoubleQuoted(&text, &isKnown, values)
        case UInt8(ascii: "$"), UInt8(ascii: "`"):
          expand(&text, &isKnown, values)
        default:
          text.append(byte)
          at += 1
        }
      }
      let end = min(at, bytes.count)
      // A byte that starts no word, such as `(`, is passed over alone.
      if end == start { at += 1 }
      let word = Word(
        raw: String(decoding: bytes[start..<end], as: UTF8.self),
        text: isKnown ? String(decoding: text, as: UTF8.self) : nil, line: startLine,
        isCommandStart: isCommandStart)
      isCommandStart = false
      return word
    }

    private mutating func skipBlanks() {
      while at < bytes.count {
        switch bytes[at] {
        case UInt8(ascii: "\n"):
          line += 1
          isCommandStart = true
          at += 1
        case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"):
          isCommandStart = true
          at += 1
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
        case UInt8(ascii: "\\") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n"):
          line += 1
          at += 2
        case UInt8(ascii: "#"):
          while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
        default: return
        }
      }
    }

    private mutating func readDoubleQuoted(
      _ text: inout [UInt8], _ isKnown: inout Bool, _ values: [String: Value]
    ) {
      while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
        switch bytes[at] {
        case UInt8(ascii: "\\") where at + 1 < bytes.count:
          let next = bytes[at + 1]
          if next == UInt8(ascii: "\n") {
            line += 1
          } else if "\"\\$`".utf8.contains(next) {
            text.append(next)
          } else {
            text += [bytes[at], next]
          }
          at += 2
        case UInt8(ascii: "$"), UInt8(ascii: "`"): expand(&text, &isKnown, values)
        default:
          if bytes[at] == UInt8(ascii: "\n") { line += 1 }
          text.append(bytes[at])
          at += 1
        }
      }
      if at >= bytes.count { isKnown = false }
      at += 1
    }

    /// `$NAME` and `${NAME}` are put in; every other expansion makes the word unknown.
    private mutating func expand(
      _ text: inout [UInt8], _ isKnown: inout Bool, _ values: [String: Value]
    ) {
      if bytes[at] == UInt8(ascii: "`") {
        skip(to: UInt8(ascii: "`"))
        isKnown = false
        return
      }
      at += 1
      guard at < bytes.count else {
        text.append(UInt8(ascii: "$"))
        return
      }
      if bytes[at] == UInt8(ascii: "(") {
        skipParentheses()
        isKnown = false
        return
      }
      let braced = bytes[at] == UInt8(ascii: "{")
      if braced { at += 1 }
      let start = at
      while at < bytes.count, Scanner.isNameByte(bytes[at]) { at += 1 }
      let name = String(decoding: bytes[start..<at], as: UTF8.self)
      if braced {
        if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
          at += 1
        } else {
          while at < bytes.count, bytes[at] != UInt8(ascii: "}"), bytes[at] != UInt8(ascii: "\n") {
            at += 1
          }
          at += 1
          isKnown = false
          return
        }
      }
      if name.isEmpty {
        isKnown = false
        return
      }
      // A variable that nothing has set is empty.
      guard let value = values[name] else { return }
      if let known = value.text { text += Array(known.utf8) } else { isKnown = false }
    }

    private mutating func skip(to end: UInt8) {
      at += 1
      while at < bytes.count, bytes[at] != end {
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        at += 1
      }
      at += 1
    }

    private mutating func skipParentheses() {
      var depth = 0
      while at < bytes.count {
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        if bytes[at] == UInt8(ascii: "(") { depth += 1 }
        if bytes[at] == UInt8(ascii: ")") { depth -= 1 }
        at += 1
        if depth == 0 { return }
      }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: "_")
    }
  }
}
