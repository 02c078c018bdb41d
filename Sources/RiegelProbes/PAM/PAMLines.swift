import RiegelModel
import SystemPackage

/// The lines of a PAM file as libpam puts them together, each with its tokens.
///
/// A comment runs from `#` to the end of the physical line, even inside brackets. A backslash at
/// the end of a line, with or without blanks behind it, continues the line. Only blank and tab
/// separate; a carriage return belongs to the token, and so a file with Windows line ends names
/// modules that do not exist.
enum PAMLines {
  struct Line: Sendable {
    var number: Int
    var tokens: [String]
  }

  /// A line that no libpam takes whole; versions before 1.6 read at most this many bytes.
  private static let longest = 1024

  static func parse(_ bytes: [UInt8], _ path: FilePath) throws(TargetError) -> [Line] {
    var lines: [Line] = []
    var pending: [UInt8] = []
    var start = 0
    var isOpen = false
    var number = 0
    for physical in bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      number += 1
      // To libpam a line is a C string.
      let text = physical.prefix { $0 != 0 }
      let hash = text.firstIndex(of: UInt8(ascii: "#"))
      var content = text[..<(hash ?? text.endIndex)].drop(while: isBlank)
      var continues = false
      if hash == nil {
        let trimmed = content.trimmingBlanks
        if trimmed.last == UInt8(ascii: "\\") {
          continues = true
          content = trimmed.dropLast()
        }
      }
      // Blank lines and comments are skipped, also between the parts of a line.
      if content.isEmpty, !continues { continue }
      if !isOpen { start = number }
      pending += content
      pending.append(UInt8(ascii: " "))
      isOpen = continues
      if pending.count > longest {
        throw .malformed(path, line: start, "a line of more than \(longest) bytes")
      }
      if continues { continue }
      lines.append(Line(number: start, tokens: tokens(pending)))
      pending = []
    }
    if isOpen { throw .malformed(path, line: start, "the last line ends in a backslash") }
    return lines.filter { !$0.tokens.isEmpty }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

  /// Splits at blanks; `[…]` is one token, in which `\]` stands for `]`.
  static func tokens(_ text: [UInt8]) -> [String] {
    var found: [String] = []
    var at = 0
    while true {
      while at < text.count, isBlank(text[at]) { at += 1 }
      guard at < text.count else { return found }
      var token: [UInt8] = []
      if text[at] == UInt8(ascii: "[") {
        at += 1
        while at < text.count, text[at] != UInt8(ascii: "]") {
          if text[at] == UInt8(ascii: "\\"), at + 1 < text.count,
            text[at + 1] == UInt8(ascii: "]")
          {
            at += 1
          }
          token.append(text[at])
          at += 1
        }
        // An unclosed bracket takes the rest of the line, the blank we put behind it excepted.
        if at == text.count, token.last == 32 { token.removeLast() }
      } else {
        while at < text.count, !isBlank(text[at]) {
          token.append(text[at])
          at += 1
        }
      }
      // The byte after a token, bracket or blank, belongs to none.
      at += 1
      found.append(printable(bytes: token))
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    var end = endIndex
    while end > startIndex, self[end - 1] == 32 || self[end - 1] == 9 { end -= 1 }
    return self[startIndex..<end]
  }
}
