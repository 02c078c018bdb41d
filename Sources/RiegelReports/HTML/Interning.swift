import RiegelModel

/// Puts texts that a page repeats into a table, so that each of the two languages is there once.
///
/// `<span lang=en>x</span><span lang=de>y</span>` becomes `<span data-l=7>x</span>` in the language
/// the page opens with, or `<dt data-l=7>x</dt>` where an element holds nothing else, and the
/// script fills in the other one from row 7. Without a script the style of the page adds the other
/// language to these, and shows all else in it.
enum Interning {
  private static let opening = Array("<span lang=en>".utf8)
  private static let middle = Array("</span><span lang=de>".utf8)
  private static let closing = Array("</span>".utf8)

  struct Page {
    /// With references.
    var body: Markup
    /// The texts as hidden elements.
    var table: Markup
    /// The texts, row by row, in the language that the page does not open with.
    var others: [String]
  }

  static func intern(_ markup: Markup, _ language: Language) -> Page {
    let html = markup.html
    let isGerman = language == .de
    let bytes = Array(html.utf8)
    let pairs = self.pairs(in: bytes)
    var counts: [[UInt8]: Int] = [:]
    for pair in pairs { counts[Array(bytes[pair.whole]), default: 0] += 1 }
    var rows: [[UInt8]: Int] = [:]
    var table = ""
    var others: [String] = []
    var body: [UInt8] = []
    body.reserveCapacity(bytes.count)
    var at = 0
    for pair in pairs {
      let key = Array(bytes[pair.whole])
      guard let count = counts[key], count > 1 else { continue }
      let row = rows[key] ?? rows.count
      if rows.updateValue(row, forKey: key) == nil {
        table += "<p>" + String(decoding: key, as: UTF8.self) + "</p>"
        others.append(String(decoding: bytes[isGerman ? pair.en : pair.de], as: UTF8.self))
      }
      let text = bytes[isGerman ? pair.de : pair.en]
      body += bytes[at..<pair.whole.lowerBound]
      if isAlone(pair.whole, in: bytes) {
        body.removeLast()
        body += Array(" data-l=\(row)>".utf8) + text
      } else {
        body += Array("<span data-l=\(row)>".utf8) + text + closing
      }
      at = pair.whole.upperBound
    }
    body += bytes[at...]
    return Page(
      body: Markup(trusted: String(decoding: body, as: UTF8.self)),
      table: Markup(trusted: table), others: others)
  }

  /// Whether the pair is all that its element holds; the element itself then bears the reference.
  private static func isAlone(_ pair: Range<Int>, in bytes: [UInt8]) -> Bool {
    guard pair.lowerBound > 1, bytes[pair.lowerBound - 1] == UInt8(ascii: ">"),
      bytes[pair.lowerBound - 2] != UInt8(ascii: "/"),
      let start = bytes[..<pair.lowerBound].lastIndex(of: UInt8(ascii: "<"))
    else { return false }
    let name = bytes[(start + 1)..<(pair.lowerBound - 1)].prefix { (97...122).contains($0) }
    return !name.isEmpty
      && bytes[pair.upperBound...].starts(with: Array("</".utf8) + name + [UInt8(ascii: ">")])
  }

  private struct Pair {
    var whole: Range<Int>
    var en: Range<Int>
    var de: Range<Int>
  }

  /// Pairs of plain text: nothing that holds elements is one, because escaped text has no `<`.
  private static func pairs(in bytes: [UInt8]) -> [Pair] {
    var pairs: [Pair] = []
    var at = 0
    while let start = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
      at = start + 1
      guard bytes[start...].starts(with: opening) else { continue }
      let en = start + opening.count
      guard let enEnd = bytes[en...].firstIndex(of: UInt8(ascii: "<")),
        bytes[enEnd...].starts(with: middle)
      else { continue }
      let de = enEnd + middle.count
      guard let deEnd = bytes[de...].firstIndex(of: UInt8(ascii: "<")),
        bytes[deEnd...].starts(with: closing)
      else { continue }
      at = deEnd + closing.count
      pairs.append(Pair(whole: start..<at, en: en..<enEnd, de: de..<deEnd))
    }
    return pairs
  }
}
