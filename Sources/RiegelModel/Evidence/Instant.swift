/// A point in time in UTC, to the second.
package struct Instant: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX).
  package var seconds: Int

  package init(seconds: Int) { self.seconds = seconds }

  package static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }

  /// Midnight UTC of a day counted from 1970-01-01, as `shadow(5)` counts.
  package init(day: Int) { self.init(seconds: day * 86_400) }

  /// RFC 3339, `2026-11-24T08:34:11Z`.
  package var description: String {
    let (day, second) = floorDivision(seconds, 86_400)
    let (year, month, dayOfMonth) = civil(fromDay: day)
    return "\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))"
      + "T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))Z"
  }

  /// The date alone, `2026-11-24`.
  package var date: String { String(description.prefix { $0 != "T" }) }

  /// The last second of the same day in UTC: what holds "until the 24th" holds then and not one
  /// second later.
  package var endOfDay: Instant {
    Instant(seconds: floorDivision(seconds, 86_400).0 * 86_400 + 86_399)
  }

  /// The same day of the month so many months later, or that month's last day: a year from
  /// 29 February ends on 28 February.
  package func adding(months: Int) -> Instant {
    let (day, second) = floorDivision(seconds, 86_400)
    let (year, month, dayOfMonth) = civil(fromDay: day)
    let (years, index) = floorDivision(month - 1 + months, 12)
    let last = daysIn(month: index + 1, year: year + years)
    let number = dayNumber(
      year: year + years, month: index + 1, day: min(dayOfMonth, last))
    return Instant(seconds: number * 86_400 + second)
  }

  package func adding(days: Int) -> Instant { Instant(seconds: seconds + days * 86_400) }

  /// Reads `2026-11-24` (midnight) or RFC 3339 with `Z` or a numeric offset; nil for anything else,
  /// days that do not exist included.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[range] {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 48)
      }
      return value
    }
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      (1...12).contains(month), (1...daysIn(month: month, year: year)).contains(day)
    else { return nil }
    var total = dayNumber(year: year, month: month, day: day) * 86_400
    if bytes.count == 10 {
      self.init(seconds: total)
      return
    }
    guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let hour = number(11..<13), hour < 24, let minute = number(14..<16), minute < 60,
      let second = number(17..<19), second <= 60
    else { return nil }
    total += hour * 3600 + minute * 60 + second
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst()
      rest = fraction.drop { (48...57).contains($0) }
      if rest.count == fraction.count { return nil }
    }
    switch rest.first {
    case UInt8(ascii: "Z") where rest.count == 1: break
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      let at = rest.startIndex
      guard rest.count == 6, bytes[at + 3] == UInt8(ascii: ":"),
        let hours = number(at + 1..<at + 3), let minutes = number(at + 4..<at + 6), hours < 24,
        minutes < 60
      else { return nil }
      let offset = hours * 3600 + minutes * 60
      total += rest.first == UInt8(ascii: "+") ? -offset : offset
    default: return nil
    }
    self.init(seconds: total)
  }
}

private func pad(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func floorDivision(_ a: Int, _ b: Int) -> (Int, Int) {
  let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
  return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
}

private func daysIn(month: Int, year: Int) -> Int {
  switch month {
  case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
  case 4, 6, 9, 11: 30
  default: 31
  }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, `days_from_civil`).
private func dayNumber(year: Int, month: Int, day: Int) -> Int {
  let y = month <= 2 ? year - 1 : year
  let (era, yearOfEra) = floorDivision(y, 400)
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civil(fromDay day: Int) -> (Int, Int, Int) {
  let (era, dayOfEra) = floorDivision(day + 719_468, 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shifted = (5 * dayOfYear + 2) / 153
  let month = shifted < 10 ? shifted + 3 : shifted - 9
  return (
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
  )
}
