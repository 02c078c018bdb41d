/// Reads the shell's language unit by unit, as a shell does: what stands before a syntax error has
/// run when it is found.
///
/// Follows `sh(1)` and the forms of `bash(1)` and `zsh(1)` that start-up files use. A form that is
/// not known here ends the reading, and the caller takes everything named after it for unknown.
struct ShellParser {
  struct Failure: Error { var line: Int }

  private(set) var bytes: [UInt8]
  var at = 0
  var line: Int
  var depth = 0
  /// Here-documents whose text begins after the next end of line.
  private var pending: [(end: [UInt8], stripsTabs: Bool)] = []

  static let maximumDepth = 100

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

  var failure: Failure { Failure(line: line) }
  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }
  func peek(_ offset: Int) -> UInt8? {
    at + offset < bytes.count ? bytes[at + offset] : nil
  }

  // MARK: Blanks

  mutating func skipBlanks() {
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

  mutating func skipNewlines() throws(Failure) {
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
  mutating func list(
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
  func reserved() -> String? {
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

  mutating func skipArray() throws(Failure) {
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
}
