/// Text of a foreign host, made so that what it says is what a person sees.
///
/// A file name may hold terminal commands, characters that turn the order of reading round, or
/// none that can be seen at all. All of them are shown as escapes: `\n`, `\x1b`, `\u{202e}`.
/// A backslash stays as it is; who needs every byte has the JSON report.
package enum VisibleText {
  package static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = ""
    var marks = 0
    for scalar in text.unicodeScalars {
      marks = scalar.isCombining ? marks + 1 : 0
      if scalar.isDeceptive || marks > mostMarks {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// One character, escaped if it could deceive.
  static func escaped(_ scalar: Unicode.Scalar) -> String {
    scalar.isDeceptive ? escape(scalar) : String(scalar)
  }

  /// Columns of a terminal: two for wide characters, none for combining marks.
  package static func width(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + $1.columns }
  }

  /// Real scripts stack no more; piles of marks grow over the neighbouring lines.
  private static let mostMarks = 3

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default:
      if scalar.value < 0x80 {
        "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      } else {
        "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether it moves the cursor, turns the reading order, or cannot be seen or known.
  var isDeceptive: Bool {
    switch value {
    case 0x20..<0x7F: return false
    case 0..<0xA0: return true
    case 0xA0..<0xAD, 0xAE..<0x300: return false
    default: break
    }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      return true
    default:
      return properties.isDefaultIgnorableCodePoint
    }
  }

  var isCombining: Bool {
    guard value >= 0x300 else { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return true
    default: return false
    }
  }

  /// After Unicode's East Asian Width, the ranges that terminals draw over two columns.
  var columns: Int {
    switch value {
    case 0..<0x300: return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default:
      if isCombining { return 0 }
      return properties.isEmojiPresentation ? 2 : 1
    }
  }
}
