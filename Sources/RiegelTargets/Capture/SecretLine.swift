import RiegelModel

/// Finds secrets in one line of text by the words round them.
struct SecretLine: Sendable {
  /// What the file's name says about its lines.
  struct Kind: Sendable {
    var isSNMP = false
    var isGrub = false
    var isNetrc = false
    var hasDirectives = false
  }

  /// What a line says about those after it: a secret may go on, or only come.
  enum Continuation: Equatable, Sendable {
    case none
    /// Lines that are indented more than this one: `password: |` of YAML.
    case deeper(Int)
    /// The next line, if it is a plain value that is indented more: `"secret":` of JSON.
    case scalar(Int)
    /// The next line, after a backslash.
    case line
    /// Until a tag ends it: `<auth-user-pass>` of OpenVPN.
    case tag
    /// The next word, after `password` in a netrc.
    case word
  }

  private let directives = Set(SecretWords.directives.map { Array($0.utf8) })
  private let snmp = Set(SecretWords.snmp.map { Array($0.utf8) })
  private let outputs = SecretWords.outputs.map { Array($0.utf8) }
  let marker = Array(SecretWords.marker.utf8)

  /// Appends the line without its secrets, and counts what was taken out by rule.
  func redact(
    _ text: ArraySlice<UInt8>, _ kind: Kind, _ open: inout Continuation,
    into result: inout [UInt8], _ counts: inout [String: Int]
  ) {
    var line = text
    let start = line.firstIndex { !SecretLine.isBlank($0) } ?? line.endIndex
    if start == line.endIndex {
      result += line
      return
    }
    if !kind.isNetrc, open != .none, goesOn(&line, start, &open) {
      if !line.elementsEqual(text) { counts["named-secrets", default: 0] += 1 }
      result += line
      return
    }
    func cut(_ from: Int, _ to: Int, _ rule: String) {
      if line[from..<to].elementsEqual(marker) { return }
      line = line[..<from] + marker + line[to...]
      counts[rule, default: 0] += 1
    }
    let wordEnd = line[start...].firstIndex { SecretLine.isBlank($0) } ?? line.endIndex
    let word = SecretLine.lowercased(line[start..<min(wordEnd, start + 40)])
    if kind.isSNMP, snmp.contains(word), wordEnd < line.endIndex {
      cut(wordEnd + 1, line.endIndex, "snmp-communities")
    } else if kind.isNetrc {
      line = netrc(line, &open, &counts)
    } else if kind.isGrub, word.starts(with: "password".utf8), wordEnd < line.endIndex {
      let user = line[wordEnd...].firstIndex { !SecretLine.isBlank($0) } ?? line.endIndex
      let end = line[user...].firstIndex { SecretLine.isBlank($0) } ?? line.endIndex
      if end < line.endIndex { cut(end + 1, line.endIndex, "named-secrets") }
    } else if kind.hasDirectives, wordEnd < line.endIndex,
      let value = line[wordEnd...].firstIndex(where: { !SecretLine.isBlank($0) }),
      !"=:".utf8.contains(line[value]),
      directives.contains(word)
        || SecretLine.isKeyByte(line[wordEnd - 1])
          && SecretNames.isSecret(key: line[start..<wordEnd])
          && !SecretNames.isHarmless(value: line[value...], ofKey: line[start..<wordEnd])
    {
      cut(value, line.endIndex, "named-secrets")
    }
    assignments(&line, kind, &open, &counts)
    if kind.hasDirectives {
      commands(&line, &counts)
      for output in outputs {
        if let at = line.place(of: output), let comma = line.lastIndex(of: UInt8(ascii: ",")),
          comma >= at.upperBound
        {
          cut(comma + 1, line.endIndex, "named-secrets")
        }
      }
    }
    addresses(&line, &counts)
    tokens(&line, &counts)
    schemes(&line, &counts)
    result += line
  }

  /// Whether a line belongs to a secret that began above, and what is left of it.
  private func goesOn(
    _ line: inout ArraySlice<UInt8>, _ start: Int, _ open: inout Continuation
  ) -> Bool {
    let indent = start - line.startIndex
    switch open {
    case .none, .word: return false
    case .deeper(let least):
      guard indent > least else {
        open = .none
        return false
      }
    case .scalar(let least):
      open = .none
      guard indent > least else { return false }
      let first = line[start]
      if "\"'".utf8.contains(first) {
        let end = SecretLine.quoteEnd(line, start)
        line = line[...start] + marker + line[end...]
        return true
      }
      if "-{[<#".utf8.contains(first) || line.contains(where: { ":=".utf8.contains($0) }) {
        return false
      }
    case .line:
      if line.last != UInt8(ascii: "\\") { open = .none }
    case .tag:
      if line[start] == UInt8(ascii: "<") {
        open = .none
        return false
      }
      if let end = line.place(of: Array("</".utf8)) {
        open = .none
        line = line[..<start] + marker + line[end.lowerBound...]
        return true
      }
    }
    line = line[..<start] + marker
    return true
  }

  // MARK: words, addresses, tokens

  private func netrc(
    _ line: ArraySlice<UInt8>, _ open: inout Continuation, _ counts: inout [String: Int]
  ) -> ArraySlice<UInt8> {
    var words = line.split(separator: 0x20, omittingEmptySubsequences: false).flatMap {
      $0.split(separator: 0x09, omittingEmptySubsequences: false)
    }
    for index in words.indices where !words[index].isEmpty {
      if open == .word {
        words[index] = marker[...]
        counts["netrc-passwords", default: 0] += 1
        open = .none
      } else if words[index].elementsEqual("password".utf8) {
        open = .word
      }
    }
    return Array(words.joined(separator: [0x20]))[...]
  }

  /// `https://user:geheim@host`
  private func addresses(_ line: inout ArraySlice<UInt8>, _ counts: inout [String: Int]) {
    let mark = Array("://".utf8)
    var at = line.startIndex
    while let found = line[at...].place(of: mark) {
      at = found.upperBound
      var colon: Int?
      var end = at
      while end < line.endIndex {
        let byte = line[end]
        if SecretLine.isBlank(byte) || "/?#\"'<>".utf8.contains(byte) { break }
        if byte == UInt8(ascii: ":"), colon == nil { colon = end }
        if byte == UInt8(ascii: "@") {
          if let colon, !line[(colon + 1)..<end].elementsEqual(marker) {
            line = line[...colon] + marker + line[end...]
            counts["address-passwords", default: 0] += 1
          }
          break
        }
        end += 1
      }
    }
  }

  /// By their first byte: nearly no byte of a line begins one.
  private static let tokenStarts: [[[UInt8]]] = {
    var starts: [[[UInt8]]] = Array(repeating: [], count: 256)
    for token in SecretWords.tokens.map({ Array($0.utf8) }) { starts[Int(token[0])].append(token) }
    return starts
  }()

  private func tokens(_ line: inout ArraySlice<UInt8>, _ counts: inout [String: Int]) {
    let starts = SecretLine.tokenStarts
    var at = line.startIndex
    while at < line.endIndex {
      let here = at
      at += 1
      for token in starts[Int(line[here])] {
        let end = here + token.count
        guard end < line.endIndex, line[here..<end].elementsEqual(token) else { continue }
        if here > line.startIndex, SecretLine.isWordByte(line[here - 1]),
          token[0] != UInt8(ascii: "$")
        {
          continue
        }
        var last = end
        while last < line.endIndex, SecretLine.isTokenByte(line[last]) { last += 1 }
        if last - end < SecretWords.tokenLength { continue }
        line = line[..<end] + marker + line[last...]
        at = end + marker.count
        counts["tokens", default: 0] += 1
        break
      }
    }
  }

  private static let schemeTexts = SecretWords.schemes.map { Array($0.utf8) }

  /// `{PLAIN}geheim`
  private func schemes(_ line: inout ArraySlice<UInt8>, _ counts: inout [String: Int]) {
    var at = line.startIndex
    while let brace = line[at...].firstIndex(of: UInt8(ascii: "{")) {
      at = brace + 1
      for scheme in SecretLine.schemeTexts where line[brace...].starts(with: scheme) {
        let start = brace + scheme.count
        let end =
          line[start...].firstIndex { SecretLine.isBlank($0) || ":\"',;".utf8.contains($0) }
          ?? line.endIndex
        if start == end || line[start..<end].elementsEqual(marker) { break }
        line = line[..<start] + marker + line[end...]
        at = start + marker.count
        counts["tokens", default: 0] += 1
        break
      }
    }
  }

  // MARK: bytes

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
  static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }
  static func isWordByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
  static func isKeyByte(_ byte: UInt8) -> Bool {
    isWordByte(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "-")
  }
  static func isTokenByte(_ byte: UInt8) -> Bool {
    isKeyByte(byte) || "+/=$,~".utf8.contains(byte)
  }
  static func lowercased(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }

  /// Where the text in the quote that stands at `start` ends.
  static func quoteEnd(_ line: ArraySlice<UInt8>, _ start: Int) -> Int {
    let quote = line[start]
    var close = start + 1
    while close < line.endIndex, line[close] != quote {
      close += line[close] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(close, line.endIndex)
  }
}
