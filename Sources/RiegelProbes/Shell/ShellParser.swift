/// Reads the shell's language unit by unit, as a shell does: what stands before a syntax error has
/// run when it is found.
///
/// Follows `sh(1)` and the forms of `bash(1)` and `zsh(1)` that start-up files use. A form that is
/// not known here ends the reading, and the caller takes everything named after it for unknown.
struct ShellParser {
  struct Failure: Error { var line: Int }

  private(set) var bytes: [UInt8]
  private(set) var at = 0
  private(set) var line: Int
  private var depth = 0
  /// Here-documents whose text begins after the next end of line.
  private var pending: [(end: [UInt8], stripsTabs: Bool)] = []

  private static let maximumDepth = 100

  init(_ bytes: [UInt8], line: Int = 1) {
    self.bytes = bytes
    self.line = line
  }

  /// The next unit: all commands up to the end of a line outside compound commands; nil at the end.
  mutating func nextUnit() throws(Failure) -> ShellCommand? {
    try skipNewlines()
    guard at < bytes.count else { return nil }
    var commands: [ShellCommand] = []
    while at < bytes.count {
      commands.append(try andOr())
      skipBlanks()
      guard let byte = peek else { break }
      if byte == UInt8(ascii: ";"), peek(1) != UInt8(ascii: ";") {
        at += 1
      } else if byte == UInt8(ascii: "&") {
        at += 1
        commands[commands.count - 1] = .apart
      } else if byte != UInt8(ascii: "\n") {
        throw failure
      }
      skipBlanks()
      if peek == UInt8(ascii: "\n") {
        try newline()
        break
      }
    }
    return commands.count == 1 ? commands[0] : .sequence(commands)
  }

  private var failure: Failure { Failure(line: line) }
  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }
  private func peek(_ offset: Int) -> UInt8? {
    at + offset < bytes.count ? bytes[at + offset] : nil
  }

  // MARK: Blanks

  private mutating func skipBlanks() {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
      case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"):
        at += 2
        line += 1
      case UInt8(ascii: "#"):
        while let byte = peek, byte != UInt8(ascii: "\n") { at += 1 }
      default: return
      }
    }
  }

  private mutating func skipNewlines() throws(Failure) {
    skipBlanks()
    while peek == UInt8(ascii: "\n") {
      try newline()
      skipBlanks()
    }
  }

  /// Steps over an end of line and the here-documents that begin after it.
  private mutating func newline() throws(Failure) {
    at += 1
    line += 1
    for document in pending {
      while true {
        guard at < bytes.count else {
          pending = []
          return
        }
        let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        var text = bytes[at..<end]
        if document.stripsTabs { text = text.drop { $0 == UInt8(ascii: "\t") } }
        at = min(end + 1, bytes.count)
        if end < bytes.count { line += 1 }
        if Array(text) == document.end { break }
      }
    }
    pending = []
  }

  // MARK: Lists

  private mutating func andOr() throws(Failure) -> ShellCommand {
    var left = try pipeline()
    while true {
      skipBlanks()
      guard let byte = peek, byte == peek(1),
        byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|")
      else { return left }
      at += 2
      try skipNewlines()
      let right = try pipeline()
      left = byte == UInt8(ascii: "&") ? .and(left, right) : .or(left, right)
    }
  }

  private mutating func pipeline() throws(Failure) -> ShellCommand {
    depth += 1
    defer { depth -= 1 }
    if depth > ShellParser.maximumDepth { throw failure }
    skipBlanks()
    var isNegated = false
    while let word = reserved(), word == "!" || word == "time" {
      at += word.utf8.count
      if word == "!" { isNegated.toggle() }
      skipBlanks()
      if word == "time", reserved() == "-p" { at += 2 }
      skipBlanks()
    }
    var command = try command()
    while true {
      skipBlanks()
      guard peek == UInt8(ascii: "|"), peek(1) != UInt8(ascii: "|") else { break }
      at += peek(1) == UInt8(ascii: "&") ? 2 : 1
      try skipNewlines()
      _ = try self.command()
      command = .apart
    }
    return isNegated ? .not(command) : command
  }

  /// The commands up to one of these words, `)` or `;;`, which is left.
  private mutating func list(
    until ends: Set<String>, mayBeEmpty: Bool = false
  ) throws(Failure) -> ShellCommand {
    depth += 1
    defer { depth -= 1 }
    if depth > ShellParser.maximumDepth { throw failure }
    var commands: [ShellCommand] = []
    while true {
      try skipNewlines()
      guard let byte = peek else { break }
      if byte == UInt8(ascii: ")") || byte == UInt8(ascii: ";") { break }
      if let word = reserved(), ends.contains(word) { break }
      commands.append(try andOr())
      skipBlanks()
      if peek == UInt8(ascii: ";"), peek(1) != UInt8(ascii: ";"), peek(1) != UInt8(ascii: "&") {
        at += 1
      } else if peek == UInt8(ascii: "&") {
        at += 1
        commands[commands.count - 1] = .apart
      } else if let byte = peek, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: ")"),
        byte != UInt8(ascii: ";")
      {
        // `}` and the like are words only where a command begins.
        throw failure
      }
    }
    if commands.isEmpty, !mayBeEmpty { throw failure }
    return commands.count == 1 ? commands[0] : .sequence(commands)
  }

  private static let reservedBytes = Set("abcdefghijklmnopqrstuvwxyz{}![]-".utf8)

  /// The word at this place if it is nothing but letters and the signs of reserved words.
  private func reserved() -> String? {
    var end = at
    while end < bytes.count, ShellParser.reservedBytes.contains(bytes[end]) { end += 1 }
    guard end > at, end == bytes.count || ShellParser.isMeta(bytes[end]) else { return nil }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }

  private static func isMeta(_ byte: UInt8) -> Bool { " \t\r\n;&|()<>".utf8.contains(byte) }

  private mutating func expect(_ word: String) throws(Failure) {
    try skipNewlines()
    guard reserved() == word else { throw failure }
    at += word.utf8.count
  }

  // MARK: Commands

  private mutating func command() throws(Failure) -> ShellCommand {
    skipBlanks()
    if peek == UInt8(ascii: "(") {
      if peek(1) == UInt8(ascii: "("), let text = try doubleParentheses() {
        try redirections()
        return .arithmetic(text)
      }
      at += 1
      _ = try list(until: [], mayBeEmpty: true)
      guard peek == UInt8(ascii: ")") else { throw failure }
      at += 1
      try redirections()
      return .apart
    }
    guard let word = reserved() else { return try simple() }
    let result: ShellCommand
    switch word {
    case "{":
      at += 1
      result = try list(until: ["}"])
      try expect("}")
    case "if": result = try branch()
    case "while", "until":
      at += word.utf8.count
      let condition = try list(until: ["do"])
      try expect("do")
      let body = try list(until: ["done"])
      try expect("done")
      result = .loop(condition: condition, untilTrue: word == "until", body: body)
    case "for", "select": result = try each(isChoice: word == "select")
    case "case": result = try choose()
    case "function":
      at += word.utf8.count
      skipBlanks()
      guard let name = try self.word().constant, !name.isEmpty else { throw failure }
      skipBlanks()
      if peek == UInt8(ascii: "(") {
        at += 1
        skipBlanks()
        guard peek == UInt8(ascii: ")") else { throw failure }
        at += 1
      }
      try skipNewlines()
      return .function(name, try command())
    case "[[":
      at += 2
      result = .test(try testWords())
    case "then", "else", "elif", "fi", "do", "done", "esac", "}", "in":
      throw failure
    default: return try simple()
    }
    try redirections()
    return result
  }

  private mutating func branch() throws(Failure) -> ShellCommand {
    at += peek == UInt8(ascii: "i") ? 2 : 4
    let condition = try list(until: ["then"])
    try expect("then")
    let then = try list(until: ["elif", "else", "fi"])
    try skipNewlines()
    switch reserved() {
    case "elif":
      return .branch(condition: condition, then: then, otherwise: try branch())
    case "else":
      at += 4
      let otherwise = try list(until: ["fi"])
      try expect("fi")
      return .branch(condition: condition, then: then, otherwise: otherwise)
    default:
      try expect("fi")
      return .branch(condition: condition, then: then, otherwise: nil)
    }
  }

  private mutating func each(isChoice: Bool) throws(Failure) -> ShellCommand {
    at += isChoice ? 6 : 3
    skipBlanks()
    var name = ""
    var words: [ShellWord]?
    var isCounting = false
    if peek == UInt8(ascii: "("), try doubleParentheses() != nil {
      isCounting = true
    } else {
      guard let text = try word().plain, !text.isEmpty else { throw failure }
      name = text
      try skipNewlines()
      if reserved() == "in" {
        at += 2
        words = []
        skipBlanks()
        while let byte = peek, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: ";") {
          words?.append(try word())
          skipBlanks()
        }
      }
    }
    skipBlanks()
    if peek == UInt8(ascii: ";") { at += 1 }
    try skipNewlines()
    let isBraced = reserved() == "{"
    try expect(isBraced ? "{" : "do")
    let body = try list(until: [isBraced ? "}" : "done"])
    try expect(isBraced ? "}" : "done")
    if isCounting { return .loop(condition: nil, untilTrue: false, body: body) }
    return .each(name: name, words: words, body: body, isChoice: isChoice)
  }

  private mutating func choose() throws(Failure) -> ShellCommand {
    at += 4
    skipBlanks()
    let subject = try word()
    try skipNewlines()
    try expect("in")
    var choices: [ShellChoice] = []
    while true {
      try skipNewlines()
      guard peek != nil else { throw failure }
      if reserved() == "esac" { break }
      if peek == UInt8(ascii: "(") { at += 1 }
      var patterns: [ShellWord] = []
      while true {
        skipBlanks()
        patterns.append(try word())
        skipBlanks()
        if peek == UInt8(ascii: "|") {
          at += 1
        } else if peek == UInt8(ascii: ")") {
          at += 1
          break
        } else {
          throw failure
        }
      }
      let body = try list(until: ["esac"], mayBeEmpty: true)
      var goesOn = false
      if peek == UInt8(ascii: ";") {
        if peek(1) == UInt8(ascii: ";") {
          at += 2
          if peek == UInt8(ascii: "&") {
            at += 1
            goesOn = true
          }
        } else if peek(1) == UInt8(ascii: "&") || peek(1) == UInt8(ascii: "|") {
          at += 2
          goesOn = true
        } else {
          throw failure
        }
      }
      choices.append(ShellChoice(patterns: patterns, body: body, goesOn: goesOn))
    }
    try expect("esac")
    return .choose(subject, choices)
  }

  private mutating func simple() throws(Failure) -> ShellCommand {
    var result = ShellSimple(line: line)
    var isFirst = true
    while true {
      skipBlanks()
      if try redirection() {
        isFirst = false
        continue
      }
      guard let byte = peek, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: ";"),
        byte != UInt8(ascii: "&"), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")")
      else { break }
      if byte == UInt8(ascii: "(") {
        guard let name = result.words.last?.constant, result.words.count == 1,
          result.assignments.isEmpty
        else { throw failure }
        at += 1
        skipBlanks()
        guard peek == UInt8(ascii: ")") else { throw failure }
        at += 1
        try skipNewlines()
        return .function(name, try command())
      }
      if result.words.isEmpty, let assignment = try assignment() {
        result.assignments.append(assignment)
      } else {
        result.words.append(try word())
      }
      isFirst = false
    }
    if isFirst { throw failure }
    return .simple(result)
  }

  /// `NAME=word`, `NAME+=word`, `NAME[…]=word`, `NAME=( … )`; nil if the word is none of these.
  private mutating func assignment() throws(Failure) -> ShellAssignment? {
    var end = at
    while end < bytes.count, ShellParser.isNameByte(bytes[end]) { end += 1 }
    guard end > at, end < bytes.count, !(48...57).contains(bytes[at]) else { return nil }
    let name = String(decoding: bytes[at..<end], as: UTF8.self)
    var isElement = false
    if bytes[end] == UInt8(ascii: "[") {
      guard
        let close = bytes[end...].firstIndex(where: {
          $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: "\n")
        }), bytes[close] == UInt8(ascii: "]")
      else { return nil }
      end = close + 1
      isElement = true
    }
    var adds = false
    if end + 1 < bytes.count, bytes[end] == UInt8(ascii: "+"), bytes[end + 1] == UInt8(ascii: "=") {
      adds = true
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "=") else { return nil }
    let start = line
    at = end + 1
    if peek == UInt8(ascii: "(") {
      try skipArray()
      return ShellAssignment(name: name, adds: adds, value: nil, line: start)
    }
    let value = try word()
    return ShellAssignment(name: name, adds: adds, value: isElement ? nil : value, line: start)
  }

  private mutating func skipArray() throws(Failure) {
    at += 1
    while true {
      try skipNewlines()
      guard let byte = peek else { throw failure }
      if byte == UInt8(ascii: ")") {
        at += 1
        return
      }
      let before = at
      _ = try word()
      if at == before { throw failure }
    }
  }

  private mutating func redirections() throws(Failure) {
    while true {
      skipBlanks()
      guard try redirection() else { return }
    }
  }

  private mutating func redirection() throws(Failure) -> Bool {
    var end = at
    while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
    if end < bytes.count, end == at, bytes[end] == UInt8(ascii: "&"), end + 1 < bytes.count,
      bytes[end + 1] == UInt8(ascii: ">")
    {
      end += 1
    }
    guard end < bytes.count else { return false }
    let first = bytes[end]
    guard first == UInt8(ascii: "<") || first == UInt8(ascii: ">") else { return false }
    let second = end + 1 < bytes.count ? bytes[end + 1] : 0
    if end == at, second == UInt8(ascii: "(") { return false }
    at = end + 1
    if first == UInt8(ascii: "<"), second == UInt8(ascii: "<") {
      at += 1
      if peek == UInt8(ascii: "<") {
        at += 1
        skipBlanks()
        _ = try word()
        return true
      }
      let stripsTabs = peek == UInt8(ascii: "-")
      if stripsTabs { at += 1 }
      skipBlanks()
      guard let end = try word().constant else { throw failure }
      pending.append((Array(end.utf8), stripsTabs))
      return true
    }
    if let next = peek,
      next == UInt8(ascii: ">") || next == UInt8(ascii: "&")
        || next == UInt8(ascii: "|")
    {
      at += 1
    }
    skipBlanks()
    let before = at
    _ = try word()
    if at == before { throw failure }
    return true
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == UInt8(ascii: "_")
  }

  // MARK: Tests and arithmetic

  /// The words of `[[ … ]]`; signs such as `&&` and `(` are words of their own.
  private mutating func testWords() throws(Failure) -> [ShellWord] {
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
  private mutating func doubleParentheses() throws(Failure) -> String? {
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

// MARK: Words

extension ShellParser {
  /// A word up to the next blank or sign; empty if there is none.
  private mutating func word() throws(Failure) -> ShellWord {
    depth += 1
    defer { depth -= 1 }
    if depth > ShellParser.maximumDepth { throw failure }
    var word = ShellWord(line: line)
    var text: [UInt8] = []
    scan: while let byte = peek {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"),
        UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: ")"):
        break scan
      case UInt8(ascii: "<"), UInt8(ascii: ">"):
        guard text.isEmpty, word.parts.isEmpty, peek(1) == UInt8(ascii: "(") else { break scan }
        at += 2
        _ = try list(until: [], mayBeEmpty: true)
        guard peek == UInt8(ascii: ")") else { throw failure }
        at += 1
        word.parts.append(.opaque)
      case UInt8(ascii: "("):
        guard let last = text.last else { break scan }
        if last == UInt8(ascii: "=") {
          try skipArray()
        } else if "?*+@!".utf8.contains(last) {
          try skipPattern()
        } else {
          break scan
        }
        word.parts.append(.opaque)
      default:
        try element(byte, &text, &word)
      }
    }
    flush(&text, &word, isQuoted: false)
    return word
  }

  /// One character, quotation or expansion outside double quotes.
  private mutating func element(
    _ byte: UInt8, _ text: inout [UInt8], _ word: inout ShellWord
  ) throws(Failure) {
    switch byte {
    case UInt8(ascii: "\\"):
      guard let next = peek(1) else {
        text.append(byte)
        at += 1
        return
      }
      at += 2
      if next == UInt8(ascii: "\n") {
        line += 1
        return
      }
      flush(&text, &word, isQuoted: false)
      word.parts.append(.text(String(decoding: [next], as: UTF8.self), isQuoted: true))
    case UInt8(ascii: "'"):
      flush(&text, &word, isQuoted: false)
      word.parts.append(.text(try singleQuoted(), isQuoted: true))
    case UInt8(ascii: "\""):
      flush(&text, &word, isQuoted: false)
      try doubleQuoted(&word)
    case UInt8(ascii: "$") where peek(1) == UInt8(ascii: "'"):
      at += 1
      flush(&text, &word, isQuoted: false)
      let start = at + 1
      try skipAnsiQuoted()
      let inner = bytes[start..<(at - 1)]
      word.parts.append(
        inner.contains(UInt8(ascii: "\\"))
          ? .opaque : .text(String(decoding: inner, as: UTF8.self), isQuoted: true))
    case UInt8(ascii: "$") where peek(1) == UInt8(ascii: "\""): at += 1
    case UInt8(ascii: "$"), UInt8(ascii: "`"):
      flush(&text, &word, isQuoted: false)
      try expansion(&word, isQuoted: false)
    default:
      text.append(byte)
      at += 1
    }
  }

  private func flush(_ text: inout [UInt8], _ word: inout ShellWord, isQuoted: Bool) {
    if text.isEmpty { return }
    word.parts.append(.text(String(decoding: text, as: UTF8.self), isQuoted: isQuoted))
    text = []
  }

  private mutating func singleQuoted() throws(Failure) -> String {
    let start = at + 1
    guard start <= bytes.count, let end = bytes[start...].firstIndex(of: UInt8(ascii: "'")) else {
      throw failure
    }
    let text = bytes[start..<end]
    line += text.count { $0 == UInt8(ascii: "\n") }
    at = end + 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func skipAnsiQuoted() throws(Failure) {
    at += 1
    while let byte = peek {
      at += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "'") { return }
      if byte == UInt8(ascii: "\n") { line += 1 }
    }
    throw failure
  }

  private mutating func doubleQuoted(_ word: inout ShellWord) throws(Failure) {
    at += 1
    var text: [UInt8] = []
    let before = word.parts.count
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        flush(&text, &word, isQuoted: true)
        // `""` is an empty word, not none.
        if word.parts.count == before { word.parts.append(.text("", isQuoted: true)) }
        return
      case UInt8(ascii: "\\"):
        guard let next = peek(1) else { throw failure }
        at += 2
        if next == UInt8(ascii: "\n") {
          line += 1
        } else {
          if !"\"\\$`".utf8.contains(next) { text.append(byte) }
          text.append(next)
        }
      case UInt8(ascii: "$"), UInt8(ascii: "`"):
        flush(&text, &word, isQuoted: true)
        try expansion(&word, isQuoted: true)
      default:
        if byte == UInt8(ascii: "\n") { line += 1 }
        text.append(byte)
        at += 1
      }
    }
    throw failure
  }

  private mutating func expansion(_ word: inout ShellWord, isQuoted: Bool) throws(Failure) {
    if peek == UInt8(ascii: "`") {
      word.parts.append(try backquoted(isQuoted))
      return
    }
    at += 1
    guard let next = peek else {
      word.parts.append(.text("$", isQuoted: true))
      return
    }
    switch next {
    case UInt8(ascii: "("):
      if peek(1) == UInt8(ascii: "("), let text = try doubleParentheses() {
        word.parts.append(.arithmetic(text))
        return
      }
      at += 1
      let command = try list(until: [], mayBeEmpty: true)
      guard peek == UInt8(ascii: ")") else { throw failure }
      at += 1
      word.parts.append(.command(command, isQuoted: isQuoted))
    case UInt8(ascii: "{"):
      at += 1
      let parameter = try braced(isQuoted: isQuoted)
      word.parts.append(.parameter(parameter, isQuoted: isQuoted))
    case UInt8(ascii: "["):
      while let byte = peek, byte != UInt8(ascii: "]"), byte != UInt8(ascii: "\n") { at += 1 }
      guard peek == UInt8(ascii: "]") else { throw failure }
      at += 1
      word.parts.append(.opaque)
    default:
      guard let name = parameterName() else {
        word.parts.append(.text("$", isQuoted: true))
        return
      }
      word.parts.append(
        .parameter(ShellParameter(name: name, operation: .value), isQuoted: isQuoted))
    }
  }

  /// A name, a digit or one of the special parameters, read.
  private mutating func parameterName(isBraced: Bool = false) -> String? {
    guard let first = peek else { return nil }
    var end = at
    if (48...57).contains(first) {
      end += 1
      while isBraced, end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
    } else if ShellParser.isNameByte(first) {
      while end < bytes.count, ShellParser.isNameByte(bytes[end]) { end += 1 }
    } else if "@*#?-$!".utf8.contains(first) {
      end += 1
    } else {
      return nil
    }
    defer { at = end }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }

  /// What stands in `${ … }`, the opening brace read.
  private mutating func braced(isQuoted: Bool) throws(Failure) -> ShellParameter {
    if peek == UInt8(ascii: "#"), let next = peek(1), ShellParser.isNameByte(next) {
      at += 1
      guard let name = parameterName(isBraced: true), peek == UInt8(ascii: "}") else {
        _ = try operand(isQuoted: isQuoted)
        return ShellParameter(name: "", operation: .opaque)
      }
      at += 1
      return ShellParameter(name: name, operation: .length)
    }
    guard let name = parameterName(isBraced: true), let next = peek else {
      _ = try operand(isQuoted: isQuoted)
      return ShellParameter(name: "", operation: .opaque)
    }
    if next == UInt8(ascii: "}") {
      at += 1
      return ShellParameter(name: name, operation: .value)
    }
    let hasColon = next == UInt8(ascii: ":")
    let sign = hasColon ? peek(1) ?? 0 : next
    switch sign {
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "?"):
      at += hasColon ? 2 : 1
      return ShellParameter(
        name: name,
        operation: .fallback(
          Character(UnicodeScalar(sign)), coversEmpty: hasColon,
          try operand(isQuoted: isQuoted)))
    case UInt8(ascii: "#") where !hasColon, UInt8(ascii: "%") where !hasColon:
      at += 1
      let isLongest = peek == sign
      if isLongest { at += 1 }
      return ShellParameter(
        name: name,
        operation: .cut(
          fromStart: sign == UInt8(ascii: "#"), longest: isLongest,
          try operand(isQuoted: isQuoted)))
    default:
      _ = try operand(isQuoted: isQuoted)
      return ShellParameter(name: name, operation: .opaque)
    }
  }

  /// The word of an operation, and the closing brace.
  private mutating func operand(isQuoted: Bool) throws(Failure) -> ShellWord {
    depth += 1
    defer { depth -= 1 }
    if depth > ShellParser.maximumDepth { throw failure }
    var word = ShellWord(line: line)
    var text: [UInt8] = []
    while let byte = peek {
      if byte == UInt8(ascii: "}") {
        at += 1
        flush(&text, &word, isQuoted: false)
        return word
      }
      if byte == UInt8(ascii: "'"), isQuoted {
        text.append(byte)
        at += 1
        continue
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      try element(byte, &text, &word)
    }
    throw failure
  }

  private mutating func backquoted(_ isQuoted: Bool) throws(Failure) -> ShellWord.Part {
    let start = line
    at += 1
    var inner: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "`") {
      if byte == UInt8(ascii: "\\"), let next = peek(1), "`\\$".utf8.contains(next) {
        inner.append(next)
        at += 2
        continue
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      inner.append(byte)
      at += 1
    }
    guard peek != nil else { throw failure }
    at += 1
    var parser = ShellParser(inner, line: start)
    parser.depth = depth
    let command = try parser.list(until: [], mayBeEmpty: true)
    return .command(command, isQuoted: isQuoted)
  }

  /// The rest of an extended pattern such as `@(a|b)`.
  private mutating func skipPattern() throws(Failure) {
    var open = 0
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "("): open += 1
      case UInt8(ascii: ")"):
        open -= 1
        if open == 0 {
          at += 1
          return
        }
      case UInt8(ascii: "\\"): at += 1
      case UInt8(ascii: "'"):
        _ = try singleQuoted()
        continue
      case UInt8(ascii: "\""):
        var word = ShellWord()
        try doubleQuoted(&word)
        continue
      case UInt8(ascii: "\n"): line += 1
      default: break
      }
      at += 1
    }
    throw failure
  }
}
