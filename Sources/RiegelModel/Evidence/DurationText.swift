/// Durations as rules write them: `90`, `45s`, `15m`, `1h30m`, `14d`, `2w`.
package enum DurationText {
  private static let units: [(Character, Int)] = [
    ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]

  /// Seconds, or nil if the text is no duration or too long to count.
  package static func parse(_ text: String) -> Int? {
    if let plain = Int(text) { return plain }
    var total = 0
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard let unit = units.first(where: { $0.0 == character }), let count = Int(digits)
      else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: unit.1)
      let (sum, carry) = total.addingReportingOverflow(product)
      if overflow || carry { return nil }
      total = sum
      digits = ""
    }
    return digits.isEmpty && !text.isEmpty ? total : nil
  }

  /// The largest unit that divides without remainder: `900` gives `15m`, `86400` gives `1d`.
  package static func render(_ seconds: Int) -> String {
    if seconds == 0 { return "0s" }
    for (letter, length) in units where letter != "w" && seconds % length == 0 {
      return "\(seconds / length)\(letter)"
    }
    return "\(seconds)s"
  }
}
