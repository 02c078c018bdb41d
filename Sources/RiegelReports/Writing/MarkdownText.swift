/// Text made safe for Markdown.
enum MarkdownText {
  /// Prose, with the code spans that its author wrote.
  static func prose(_ text: String) -> String {
    let words = text.split { $0 == "\n" || $0 == "\r\n" || $0 == "\t" }.joined(separator: " ")
    let parts = words.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 2, !parts.count.isMultiple(of: 2) else { return escaped(words) }
    return parts.enumerated().map { index, part in
      index.isMultiple(of: 2) ? escaped(String(part)) : code(String(part))
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in VisibleText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "@": result += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "#", "|", "~", "!", "$":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return startEscaped(result)
  }

  /// At the start of a line a dash, a plus or a number with a point would make a list.
  private static func startEscaped(_ text: String) -> String {
    guard let first = text.first else { return text }
    if "-+=:".contains(first) { return "\\" + text }
    let rest = text.drop { $0.isASCII && $0.isNumber }
    guard rest.count < text.count, let mark = rest.first, mark == "." || mark == ")" else {
      return text
    }
    return text.dropLast(rest.count) + "\\" + rest
  }

  /// A code span that nothing inside can end.
  static func code(_ text: String) -> String {
    let text = VisibleText.escaped(text)
    if text.isEmpty { return "` `" }
    var longest = 0
    var run = 0
    for character in text.utf8 {
      run = character == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let isTight = text.first != "`" && text.last != "`" && text.first != " " && text.last != " "
    return isTight ? fence + text + fence : "\(fence) \(text) \(fence)"
  }

  static func cell(_ text: String) -> String {
    let prose = MarkdownText.prose(text)
    // A bar inside a code span parts cells all the same.
    return prose.contains("`") ? barred(prose) : prose
  }

  static func codeCell(_ text: String) -> String { barred(code(text)) }

  private static func barred(_ text: String) -> String {
    var result = ""
    var last: Character = " "
    for character in text {
      if character == "|", last != "\\" { result += "\\" }
      result.append(character)
      last = character
    }
    return result
  }
}
