/// Finds secrets in one line of text by the words round them.
struct SecretLine: Sendable {
  /// What the file's name says about its lines.
  struct Kind: Sendable {
    var isSNMP = false
    var isGrub = false
    var isNetrc = false
    var hasDirectives = false
  }

  private let endings = SecretWords.endings.map { Array($0.utf8) }
  private let keys = Set(SecretWords.keys.map { Array($0.utf8) })
  private let directives = Set(SecretWords.directives.map { Array($0.utf8) })
  private let harmless = Set(SecretWords.harmless.map { Array($0.utf8) })
  private let snmp = Set(SecretWords.snmp.map { Array($0.utf8) })
  private let marker = Array(SecretWords.marker.utf8)

  /// Appends the line without its secrets, and counts what was taken out by rule.
  func redact(
    _ text: ArraySlice<UInt8>, _ kind: Kind, into result: inout [UInt8],
    _ counts: inout [String: Int]
  ) {
    var line = text
    func cut(_ from: Int, _ to: Int, _ rule: String) {
      if line[from..<to].elementsEqual(marker) { return }
      line = line[..<from] + marker + line[to...]
      counts[rule, default: 0] += 1
    }
    let start = line.firstIndex { !SecretLine.isBlank($0) } ?? line.endIndex
    let wordEnd = line[start...].firstIndex { SecretLine.isBlank($0) } ?? line.endIndex
    if start == line.endIndex {
      result += line
      return
    }
    let word = SecretLine.lowercased(line[start..<wordEnd])
    if kind.isSNMP, snmp.contains(word), wordEnd < line.endIndex {
      cut(wordEnd + 1, line.endIndex, "snmp-communities")
    } else if kind.isNetrc {
      line = netrc(line, &counts)
    } else if kind.isGrub, word.starts(with: "password".utf8), wordEnd < line.endIndex {
      let user = line[wordEnd...].firstIndex { !SecretLine.isBlank($0) } ?? line.endIndex
      let end = line[user...].firstIndex { SecretLine.isBlank($0) } ?? line.endIndex
      if end < line.endIndex { cut(end + 1, line.endIndex, "named-secrets") }
    } else if kind.hasDirectives, directives.contains(word), wordEnd < line.endIndex,
      let value = line[wordEnd...].firstIndex(where: { !SecretLine.isBlank($0) }),
      line[value] != UInt8(ascii: "="), line[value] != UInt8(ascii: ":")
    {
      cut(value, line.endIndex, "named-secrets")
    }
    assignments(&line, &counts)
    addresses(&line, &counts)
    tokens(&line, &counts)
    result += line
  }

  // MARK: key = value

  func isSecretKey(_ key: ArraySlice<UInt8>) -> Bool {
    let name = SecretLine.lowercased(key.suffix(40)).map {
      $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0
    }
    if key.count < 5, keys.contains(name) { return true }
    return endings.contains { name.count >= $0.count && name.suffix($0.count).elementsEqual($0) }
  }

  private func assignments(_ line: inout ArraySlice<UInt8>, _ counts: inout [String: Int]) {
    var at = line.startIndex
    while at < line.endIndex {
      guard SecretLine.isKeyByte(line[at]) else {
        at += 1
        continue
      }
      let start = at
      while at < line.endIndex, SecretLine.isKeyByte(line[at]) { at += 1 }
      guard let found = value(in: line, from: at, key: start) else { continue }
      guard isSecretKey(line[start..<at]) else { continue }
      let value = line[found.from..<found.to]
      if isHarmless(value, key: line[start..<at]) || value.elementsEqual(marker) {
        at = found.from
        continue
      }
      line = line[..<found.from] + marker + line[found.to...]
      at = found.from + marker.count
      counts["named-secrets", default: 0] += 1
    }
  }

  /// What is assigned to a key that ends here.
  private func value(
    in line: ArraySlice<UInt8>, from end: Int, key start: Int
  ) -> (from: Int, to: Int)? {
    var at = end
    let quotes: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    if at < line.endIndex, quotes.contains(line[at]) { at += 1 }
    let isTag = start > line.startIndex && line[start - 1] == UInt8(ascii: "<")
    while at < line.endIndex, SecretLine.isBlank(line[at]) { at += 1 }
    guard at < line.endIndex else { return nil }
    if isTag, line[at] == UInt8(ascii: ">") {
      let close = line[at...].firstIndex(of: UInt8(ascii: "<")) ?? line.endIndex
      return (at + 1, close)
    }
    guard line[at] == UInt8(ascii: "=") || line[at] == UInt8(ascii: ":") else { return nil }
    at += 1
    // `:=`, `+=` and `://` are no values of their own.
    if at < line.endIndex, line[at] == UInt8(ascii: "=") { at += 1 }
    while at < line.endIndex, SecretLine.isBlank(line[at]) { at += 1 }
    guard at < line.endIndex else { return nil }
    if line[at] == UInt8(ascii: "[") {
      let close = line[at...].lastIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? line.endIndex
      return (at, close)
    }
    if quotes.contains(line[at]) {
      let quote = line[at]
      var close = at + 1
      while close < line.endIndex, line[close] != quote {
        close += line[close] == UInt8(ascii: "\\") ? 2 : 1
      }
      return (at + 1, min(close, line.endIndex))
    }
    // The first key of a line takes all of it: a password may have blanks and commas.
    if isFirst(start, in: line) { return (at, line.endIndex) }
    let close = line[at...].firstIndex { byte in
      SecretLine.isBlank(byte) || ",;&\"'".utf8.contains(byte)
    }
    return (at, close ?? line.endIndex)
  }

  /// Whether a key is what a line begins with, but for what does not count.
  private func isFirst(_ start: Int, in line: ArraySlice<UInt8>) -> Bool {
    let before = line[..<start].filter { !SecretLine.isBlank($0) && $0 != UInt8(ascii: "$") }
    return before.isEmpty || before.elementsEqual("export".utf8)
  }

  private func isHarmless(_ value: ArraySlice<UInt8>, key: ArraySlice<UInt8>) -> Bool {
    let text = SecretLine.lowercased(value)
    if harmless.contains(text) { return true }
    if value.count <= 2, value.allSatisfy({ (48...57).contains($0) }) { return true }
    // The place of a key is none.
    return value.first == UInt8(ascii: "/")
      && SecretLine.lowercased(key).suffix(3).elementsEqual("key".utf8)
  }

  // MARK: words, addresses, tokens

  private func netrc(
    _ line: ArraySlice<UInt8>, _ counts: inout [String: Int]
  ) -> ArraySlice<UInt8> {
    var words = line.split(separator: 0x20, omittingEmptySubsequences: false).flatMap {
      $0.split(separator: 0x09, omittingEmptySubsequences: false)
    }
    var isNext = false
    for index in words.indices where !words[index].isEmpty {
      if isNext {
        words[index] = marker[...]
        counts["netrc-passwords", default: 0] += 1
        isNext = false
      } else {
        isNext = words[index].elementsEqual("password".utf8)
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

  // MARK: bytes

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0d
  }
  private static func isWordByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
  private static func isKeyByte(_ byte: UInt8) -> Bool {
    isWordByte(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "-")
  }
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    isKeyByte(byte) || "+/=$,~".utf8.contains(byte)
  }
  static func lowercased(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }
}
