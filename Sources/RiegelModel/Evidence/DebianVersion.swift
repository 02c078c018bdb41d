/// A version in the order of `deb-version(7)`: epoch, upstream version, revision, with `~` first.
package struct DebianVersion: Sendable, Hashable, Comparable {
  package var epoch: Int
  package var upstream: String
  package var revision: String

  /// nil for text that is no version: empty, with blanks or control characters, an epoch that is
  /// no number, or a dash with nothing after it.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
    var rest = text[...]
    if let colon = rest.firstIndex(of: ":") {
      guard let epoch = Int(rest[..<colon]), epoch >= 0 else { return nil }
      self.epoch = epoch
      rest = rest[rest.index(after: colon)...]
    } else {
      epoch = 0
    }
    if let dash = rest.lastIndex(of: "-") {
      upstream = String(rest[..<dash])
      revision = String(rest[rest.index(after: dash)...])
      if revision.isEmpty { return nil }
    } else {
      upstream = String(rest)
      revision = ""
    }
    if upstream.isEmpty { return nil }
  }

  package static func < (a: DebianVersion, b: DebianVersion) -> Bool { a.compare(b) < 0 }
  /// `1.0` and `1.00` are the same version though not the same text.
  package static func == (a: DebianVersion, b: DebianVersion) -> Bool { a.compare(b) == 0 }
  package func hash(into hasher: inout Hasher) { hasher.combine(epoch) }

  /// Negative, zero or positive as this version is before, equal to or after the other.
  package func compare(_ other: DebianVersion) -> Int {
    if epoch != other.epoch { return epoch < other.epoch ? -1 : 1 }
    let upstreamOrder = DebianVersion.order(upstream, other.upstream)
    return upstreamOrder != 0 ? upstreamOrder : DebianVersion.order(revision, other.revision)
  }

  /// Compares runs of non-digits and digits in turn.
  private static func order(_ a: String, _ b: String) -> Int {
    let x = Array(a.utf8)
    let y = Array(b.utf8)
    var i = 0
    var j = 0
    while i < x.count || j < y.count {
      while (i < x.count && !isDigit(x[i])) || (j < y.count && !isDigit(y[j])) {
        let difference = weight(x, i) - weight(y, j)
        if difference != 0 { return difference }
        i += 1
        j += 1
      }
      while i < x.count, x[i] == UInt8(ascii: "0") { i += 1 }
      while j < y.count, y[j] == UInt8(ascii: "0") { j += 1 }
      var firstDifference = 0
      while i < x.count, isDigit(x[i]), j < y.count, isDigit(y[j]) {
        if firstDifference == 0 { firstDifference = Int(x[i]) - Int(y[j]) }
        i += 1
        j += 1
      }
      if i < x.count, isDigit(x[i]) { return 1 }
      if j < y.count, isDigit(y[j]) { return -1 }
      if firstDifference != 0 { return firstDifference }
    }
    return 0
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  /// `~` sorts before the end, the end before letters, letters before all else.
  private static func weight(_ text: [UInt8], _ at: Int) -> Int {
    guard at < text.count, !isDigit(text[at]) else { return 0 }
    let byte = text[at]
    if byte == UInt8(ascii: "~") { return -1 }
    let isLetter = (65...90).contains(byte) || (97...122).contains(byte)
    return isLetter ? Int(byte) : Int(byte) + 256
  }
}
