/// How a piece of text looks where colours are wanted; never the only carrier of a meaning.
struct Style: OptionSet, Sendable, Hashable {
  var rawValue: UInt8
  static let bold = Style(rawValue: 1)
  static let dim = Style(rawValue: 2)
  static let red = Style(rawValue: 4)
  static let yellow = Style(rawValue: 8)
  static let green = Style(rawValue: 16)

  /// Parameters of `SGR`, from the 16 colours that every terminal has (`console_codes(4)`).
  fileprivate var codes: String {
    var codes: [String] = []
    if contains(.bold) { codes.append("1") }
    if contains(.dim) { codes.append("2") }
    if contains(.red) { codes.append("31") }
    if contains(.yellow) { codes.append("33") }
    if contains(.green) { codes.append("32") }
    return codes.joined(separator: ";")
  }
}

/// A piece of text in one style, safe to print.
struct Run: Sendable, Hashable {
  private(set) var text: String
  var style: Style

  private init(escaped text: String, _ style: Style) {
    self.text = text
    self.style = style
  }

  /// Running text: blanks and line breaks only part its words.
  static func prose(_ text: String, _ style: Style = []) -> Run {
    let isTight = !text.utf8.contains { $0 == 10 || $0 == 9 || $0 == 13 }
    if isTight { return Run(escaped: VisibleText.escaped(text), style) }
    let words = text.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }
    return Run(escaped: VisibleText.escaped(words.joined(separator: " ")), style)
  }

  /// Text of the audited host: every character counts, blanks too.
  static func host(_ text: String, _ style: Style = []) -> Run {
    Run(escaped: VisibleText.escaped(text), style)
  }

  /// Text that must stay on one line: `CR 1.1 RE 1`.
  static func term(_ text: String, _ style: Style = []) -> Run {
    let parts = VisibleText.escaped(text).split(separator: " ", omittingEmptySubsequences: false)
    return Run(escaped: parts.joined(separator: "\u{A0}"), style)
  }

  fileprivate func with(_ text: some StringProtocol) -> Run { Run(escaped: String(text), style) }
  fileprivate mutating func append(_ more: String) { text += more }
}

/// A page of a terminal: lines broken at words, with hanging indents, in colour if wanted.
struct Page {
  /// Columns; nil leaves long lines alone.
  let width: Int?
  let colour: Bool
  private(set) var bytes: [UInt8] = []

  init(width: Int?, colour: Bool) {
    // Labels and hanging indents leave no room for words on a narrower page.
    self.width = width.map { max($0, 40) }
    self.colour = colour
  }

  mutating func blank() { bytes.append(UInt8(ascii: "\n")) }

  /// Text from a column on; its first line may have something to the left of that column.
  mutating func flow(
    _ runs: [Run], at column: Int = 0, hanging: Int? = nil, lead: [Run] = []
  ) {
    var line = lead
    var used = lead.reduce(0) { $0 + VisibleText.width($1.text) }
    if used < column {
      Page.append(Run.host(String(repeating: " ", count: column - used)), to: &line)
      used = column
    }
    var isEmpty = true
    for word in Page.words(of: runs) {
      if let width, !isEmpty, used + word.gap + word.width > width {
        emit(line)
        used = hanging ?? column
        line = [Run.host(String(repeating: " ", count: used))]
      } else if !isEmpty || word.gap > 0 {
        Page.append(Run.host(String(repeating: " ", count: word.gap)), to: &line)
        used += word.gap
      }
      for piece in word.pieces { Page.append(piece, to: &line) }
      used += word.width
      isEmpty = false
    }
    emit(line)
  }

  /// A prose text with its paragraphs; a line that starts with a blank or a dash stays a line.
  mutating func paragraphs(_ text: String, at column: Int = 0, lead: [Run] = []) {
    var lead = lead
    for paragraph in Page.paragraphs(of: text) {
      flow([.prose(paragraph)], at: column, lead: lead)
      lead = []
    }
  }

  /// Cells side by side, each padded to the column where the next one starts.
  mutating func row(_ cells: [(run: Run, width: Int)], at column: Int = 0) {
    var line = [Run.host(String(repeating: " ", count: column))]
    for (index, cell) in cells.enumerated() {
      Page.append(cell.run, to: &line)
      if index < cells.count - 1 {
        let free = max(1, cell.width - VisibleText.width(cell.run.text))
        Page.append(Run.host(String(repeating: " ", count: free)), to: &line)
      }
    }
    emit(line)
  }

  /// A heading with a line that runs to the edge of the page.
  mutating func heading(_ text: String, _ style: Style = []) {
    let edge = min(width ?? 80, 100)
    let free = edge - VisibleText.width(text) - 4
    guard free >= 2 else { return flow([.prose(text, style.union(.bold))]) }
    row([
      (.host("──", .dim), 3), (.prose(text, style.union(.bold)), VisibleText.width(text) + 1),
      (.host(String(repeating: "─", count: free), .dim), free),
    ])
  }
}

extension Page {
  private struct Word {
    var gap: Int
    var pieces: [Run] = []
    var width = 0
  }

  private static func words(of runs: [Run]) -> [Word] {
    var words: [Word] = []
    var gap = 0
    var word: Word?
    for run in runs {
      for (index, part) in run.text.split(separator: " ", omittingEmptySubsequences: false)
        .enumerated()
      {
        if index > 0 {
          if let done = word {
            words.append(done)
            gap = 0
          }
          word = nil
          gap += 1
        }
        if part.isEmpty { continue }
        var current = word ?? Word(gap: gap)
        current.pieces.append(run.with(part))
        current.width += VisibleText.width(String(part))
        word = current
      }
    }
    if let word { words.append(word) }
    return words
  }

  static func paragraphs(of text: String) -> [String] {
    var paragraphs: [String] = []
    var current = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isOwn = line.hasPrefix(" ") || line.hasPrefix("- ")
      if line.allSatisfy({ $0 == " " }) || isOwn {
        if !current.isEmpty { paragraphs.append(current) }
        current = isOwn && !line.allSatisfy({ $0 == " " }) ? String(line) : ""
      } else {
        current += (current.isEmpty ? "" : " ") + line
      }
    }
    if !current.isEmpty { paragraphs.append(current) }
    return paragraphs
  }

  private static func append(_ run: Run, to line: inout [Run]) {
    if run.text.isEmpty { return }
    // Blanks have no look; they join whatever stands before them.
    let isBlank = run.text.utf8.allSatisfy { $0 == 32 }
    if let last = line.indices.last, isBlank || line[last].style == run.style {
      line[last].append(run.text)
    } else {
      line.append(run)
    }
  }

  private mutating func emit(_ line: [Run]) {
    var line = line
    // A line never ends in blanks, which editors and golden files would quarrel about.
    while let last = line.last {
      var kept = last.text[...]
      while kept.last == " " { kept.removeLast() }
      line.removeLast()
      if kept.isEmpty { continue }
      line.append(last.with(kept))
      break
    }
    for run in line {
      let text = run.text.utf8.contains(0xA0) ? Page.plainBlanks(run.text) : run.text
      if colour, !run.style.isEmpty {
        bytes.append(contentsOf: "\u{1B}[\(run.style.codes)m\(text)\u{1B}[0m".utf8)
      } else {
        bytes.append(contentsOf: text.utf8)
      }
    }
    blank()
  }

  private static func plainBlanks(_ text: String) -> String {
    String(text.map { $0 == "\u{A0}" ? " " : $0 })
  }
}
