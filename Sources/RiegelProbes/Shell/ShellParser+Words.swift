extension ShellParser {
  /// A word up to the next blank or sign; empty if there is none.
  mutating func word() throws(Failure) -> ShellWord {
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

  mutating func singleQuoted() throws(Failure) -> String {
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
