import RiegelModel

/// A piece of HTML. What is put into it between `\(` and `)` is escaped unless it is `Markup`
/// itself, so that forgetting to escape cannot be written.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  private(set) var html: String

  init(stringLiteral html: String) { self.html = html }
  init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

  static func += (a: inout Markup, b: Markup) { a.html += b.html }
  static func + (a: Markup, b: Markup) -> Markup {
    var sum = a
    sum += b
    return sum
  }

  var isEmpty: Bool { html.isEmpty }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { html += literal }
    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    /// Disfavoured, so that a literal in `\(isNew ? "<b>new</b>" : "")` is markup as well.
    @_disfavoredOverload
    mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { html += String(number) }
    /// Both languages, of which the page shows one.
    mutating func appendInterpolation(_ text: Localized) { html += Markup.both(text).html }
    mutating func appendInterpolation(_ label: Label) { html += Markup.both(label.text).html }
  }
}

extension Markup {
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result += VisibleText.escaped(scalar)
      }
    }
    return result
  }

  static func both(_ text: Localized) -> Markup {
    text.en == text.de
      ? "\(text.en)" : "<span lang=en>\(text.en)</span><span lang=de>\(text.de)</span>"
  }

  /// A sentence of each language's own making.
  static func both(_ say: (any Phrases) -> String) -> Markup {
    both(Localized(en: say(Language.en.phrases), de: say(Language.de.phrases)))
  }

  /// What a script puts in place of an element's text when the language is switched, for elements
  /// that hold nothing but text (`option`, `title`).
  static func switched(_ text: Localized) -> Markup {
    "data-en=\"\(text.en)\" data-de=\"\(text.de)\""
  }

  /// Prose of rules: paragraphs, lines that stay lines, code between backticks.
  static func prose(_ text: Localized) -> Markup {
    text.en == text.de
      ? prose(text.en) : "<div lang=en>\(prose(text.en))</div><div lang=de>\(prose(text.de))</div>"
  }

  private static func prose(_ text: String) -> Markup {
    var result: Markup = ""
    for paragraph in Page.paragraphs(of: text) {
      let isCode = paragraph.hasPrefix("  ")
      result +=
        isCode
        ? "<pre>\(String(paragraph.drop { $0 == " " }))</pre>" : "<p>\(inline(paragraph))</p>"
    }
    return result
  }

  static func inline(_ text: String) -> Markup {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 2, !parts.count.isMultiple(of: 2) else { return "\(text)" }
    var result: Markup = ""
    for (index, part) in parts.enumerated() {
      result += index.isMultiple(of: 2) ? "\(String(part))" : "<code>\(String(part))</code>"
    }
    return result
  }

  static func joined(_ parts: [Markup], by separator: Markup = "") -> Markup {
    var result: Markup = ""
    for (index, part) in parts.enumerated() {
      if index > 0 { result += separator }
      result += part
    }
    return result
  }
}
