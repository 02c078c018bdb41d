import RiegelModel

/// Pictures as inline SVG. Each says by its form what it says by its colour, and stands beside the
/// words for it, so that none has to be read by a screen reader.
extension HTMLParts {
  /// Hatching and signs, drawn once and used everywhere.
  static var symbols: Markup {
    """
    <svg class=defs width=0 height=0 aria-hidden=true focusable=false><defs>
    <pattern id=hatch width=6 height=6 patternUnits=userSpaceOnUse \
    patternTransform="rotate(45)"><rect class=hatch-bg width=6 height=6 /><rect class=hatch-fg \
    width=2 height=6 /></pattern>
    <symbol id=s-refuted viewBox="0 0 24 24"><path fill=currentColor stroke=none \
    d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z"/><path fill=none d="M7 7l10 10M17 7L7 17"/>\
    </symbol>
    <symbol id=s-open viewBox="0 0 24 24"><path fill=currentColor stroke=none \
    d="M12 0L24 23H0z"/><path fill=none d="M9 11.2a3 2.8 0 1 1 4.4 2.4c-1 .6-1.4 1-1.4 2.2M12 19.6v.2"/>\
    </symbol>
    <symbol id=s-evidenced viewBox="0 0 24 24"><circle fill=currentColor stroke=none cx=12 cy=12 \
    r=11 /><path fill=none d="M6.5 12.5l4 4 7-8"/></symbol>
    <symbol id=s-none viewBox="0 0 24 24"><circle fill=none stroke=currentColor cx=12 cy=12 r=10 />\
    <path fill=none stroke=currentColor d="M7 12h10"/></symbol>
    </defs></svg>
    """
  }

  func sign(_ standing: Standing, _ size: SignSize = .text) -> Markup {
    Self.sign(standing.rawValue, size)
  }

  func sign(_ outcome: Outcome, _ size: SignSize = .text) -> Markup {
    let name =
      switch outcome {
      case .pass: "evidenced"
      case .fail: "refuted"
      case .notCollected, .error, .manual: "open"
      case .notApplicable: "none"
      }
    return Self.sign(name, size)
  }

  private static func sign(_ name: String, _ size: SignSize) -> Markup {
    """
    <svg class="sign s-\(name)\(size.rawValue)" aria-hidden=true><use xlink:href="#s-\(name)"/></svg>
    """
  }

  private static var step: Int { 46 }

  /// The interval of a foundational requirement on the scale of levels, with the aim as a mark.
  func bar(_ floor: SecurityLevel, _ ceiling: SecurityLevel, aim target: SecurityLevel) -> Markup {
    func x(_ level: SecurityLevel) -> Int { 8 + level.rawValue * Self.step }
    let width = 16 + 4 * Self.step
    var parts: Markup = ""
    func piece(_ from: SecurityLevel, _ to: SecurityLevel, _ look: Markup) {
      guard from < to else { return }
      parts += "<rect x=\(x(from)) y=8 width=\(x(to) - x(from)) height=12 \(look)/>"
    }
    piece(.sl0, floor, "class=shown ")
    piece(floor, ceiling, "class=edge fill=\"url(#hatch)\" ")
    piece(max(ceiling, .sl0), target, "class=gap ")
    var ticks: Markup = ""
    for tick in SecurityLevel.allCases {
      ticks += "<path class=tick d=\"M\(x(tick)) 6v16\"/>"
    }
    let aim: Markup =
      target == .sl0
      ? ""
      : "<path class=aim d=\"M\(x(target)) 3v22m-5-25h10l-5 6z\"/>"
    return """
      <svg class=bar width=\(width) height=28 viewBox="0 0 \(width) 28" aria-hidden=true \
      focusable=false><rect class=track x=8 y=8 width=\(4 * Self.step) height=12 />\
      \(parts)\(ticks)\(aim)</svg>
      """
  }

  /// The numbers above the bars.
  var scale: Markup {
    let width = 16 + 4 * Self.step
    var numbers: Markup = ""
    for level in SecurityLevel.allCases {
      numbers +=
        "<text x=\(8 + level.rawValue * Self.step) y=12 text-anchor=middle>\(level.rawValue)</text>"
    }
    return """
      <svg class="bar scale" width=\(width) height=15 viewBox="0 0 \(width) 15" aria-hidden=true \
      focusable=false>\(numbers)</svg>
      """
  }

  var legend: Markup {
    func item(_ picture: Markup, _ label: Label) -> Markup {
      """
      <li><svg width=30 height=16 aria-hidden=true focusable=false>\(picture)</svg> \(label)</li>
      """
    }
    return """
      <ul class=legend>\
      \(item("<rect class=shown x=1 y=2 width=28 height=12 />", .legendShown))\
      \(item("<rect class=edge fill=\"url(#hatch)\" x=1 y=2 width=28 height=12 />", .legendOpen))\
      \(item("<rect class=gap x=1 y=2 width=28 height=12 />", .legendMissing))\
      \(item("<path class=aim d=\"M15 1v15m-5-15h10l-5 6z\"/>", .legendAim))</ul>
      """
  }
}

/// Classes of the style.
enum SignSize: String {
  case text = ""
  case small = " sm"
  case list = " md"
  case verdict = " lg"
}
