/// Cuts lines of sshd_config and ssh_config into words the way OpenSSH does.
///
/// Two ways exist: `strdelim`, which takes the keyword and, before 8.7, also the arguments, and
/// `argv_split`, which takes the arguments since 8.7 and knows both quotes, escapes and trailing
/// comments. The difference shows: `PermitRootLogin no # comment` stops an sshd 8.4.
enum SSHLexer {
  private static let space = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")
  private static let quote = UInt8(ascii: "\"")
  private static let equals = UInt8(ascii: "=")
  private static let hash = UInt8(ascii: "#")
  private static let backslash = UInt8(ascii: "\\")

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == space || byte == tab || byte == 13 || byte == 10
  }

  /// A keyword and the text after it; nil for an empty line or a comment.
  struct Line {
    var keyword: String
    /// nil if nothing follows.
    var rest: ArraySlice<UInt8>?
  }

  static func line(_ bytes: ArraySlice<UInt8>) -> Line? {
    var text = bytes.drop(while: isBlank)
    while let last = text.last, isBlank(last) || last == 12 { text.removeLast() }
    if text.isEmpty { return nil }
    var rest: ArraySlice<UInt8>? = text
    var word = token(&rest)
    // A line that starts with `=` or an empty quotation gives an empty word first.
    if let found = word, found.isEmpty { word = token(&rest) }
    guard let word, let first = word.first, first != hash else { return nil }
    return Line(keyword: String(decoding: word, as: UTF8.self), rest: rest)
  }

  /// `strdelim`: up to a blank, one `=` or a quotation; nil at the end or if a quote stays open.
  static func token(
    _ text: inout ArraySlice<UInt8>?, splittingEquals: Bool = true
  ) -> [UInt8]? {
    guard let old = text else { return nil }
    let stop = old.firstIndex {
      isBlank($0) || $0 == quote || (splittingEquals && $0 == equals)
    }
    guard let stop else {
      text = nil
      return Array(old)
    }
    var word = Array(old[..<stop])
    if old[stop] == quote {
      let inner = old[(stop + 1)...]
      guard let close = inner.firstIndex(of: quote) else {
        text = nil
        return nil
      }
      word += inner[..<close]
      text = old[(close + 1)...].drop(while: isBlank)
      return word
    }
    var rest = old[(stop + 1)...].drop(while: isBlank)
    if splittingEquals, old[stop] != equals, rest.first == equals {
      rest = rest.dropFirst().drop(while: isBlank)
    }
    text = rest
    return word
  }

  /// All arguments as an sshd before 8.7 takes them; nil if a quote stays open.
  static func oldArguments(_ text: ArraySlice<UInt8>, splittingEquals: Bool = true) -> [String]? {
    var words: [String] = []
    var rest: ArraySlice<UInt8>? = text
    while let left = rest {
      if left.isEmpty { break }
      guard let word = token(&rest, splittingEquals: splittingEquals) else { return nil }
      if word.isEmpty { break }
      words.append(String(decoding: word, as: UTF8.self))
    }
    return words
  }

  /// `argv_split`: nil if a quote stays open.
  static func arguments(_ text: ArraySlice<UInt8>, comments: Bool = true) -> [String]? {
    var words: [String] = []
    var at = text.startIndex
    while at < text.endIndex {
      if text[at] == space || text[at] == tab {
        at += 1
        continue
      }
      if comments, text[at] == hash { break }
      var word: [UInt8] = []
      var open: UInt8 = 0
      while at < text.endIndex {
        let byte = text[at]
        if byte == backslash, at + 1 < text.endIndex,
          isEscapable(text[at + 1], insideQuotes: open != 0)
        {
          at += 1
          word.append(text[at])
        } else if open == 0, byte == space || byte == tab {
          break
        } else if open == 0, byte == quote || byte == UInt8(ascii: "'") {
          open = byte
        } else if open != 0, byte == open {
          open = 0
        } else {
          word.append(byte)
        }
        at += 1
      }
      if open != 0 { return nil }
      words.append(String(decoding: word, as: UTF8.self))
    }
    return words
  }

  private static func isEscapable(_ byte: UInt8, insideQuotes: Bool) -> Bool {
    byte == quote || byte == UInt8(ascii: "'") || byte == backslash
      || (byte == space && !insideQuotes)
  }
}
