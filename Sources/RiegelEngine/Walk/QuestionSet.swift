/// A set of the walk's questions by number.
struct QuestionSet: Sendable {
  private var first: UInt64 = 0
  /// Those from 64 on.
  private var more: [UInt64] = []

  var isEmpty: Bool { first == 0 && more.allSatisfy { $0 == 0 } }

  func contains(_ index: Int) -> Bool {
    let bit = UInt64(1) << (index & 63)
    if index < 64 { return first & bit != 0 }
    return index / 64 <= more.count && more[index / 64 - 1] & bit != 0
  }

  mutating func insert(_ index: Int) {
    let bit = UInt64(1) << (index & 63)
    if index < 64 { return first |= bit }
    while more.count < index / 64 { more.append(0) }
    more[index / 64 - 1] |= bit
  }

  mutating func remove(_ index: Int) {
    let bit = UInt64(1) << (index & 63)
    if index < 64 { return first &= ~bit }
    if index / 64 <= more.count { more[index / 64 - 1] &= ~bit }
  }

  mutating func subtract(_ other: QuestionSet) {
    first &= ~other.first
    for at in 0..<min(more.count, other.more.count) { more[at] &= ~other.more[at] }
  }

  func forEach(_ body: (Int) -> Void) { forEachCommon(with: self, self, body) }

  /// Those that are in all three.
  @inline(__always)
  func forEachCommon(with one: QuestionSet, _ other: QuestionSet, _ body: (Int) -> Void) {
    QuestionSet.forEach(in: first & one.first & other.first, from: 0, body)
    for at in 0..<min(more.count, one.more.count, other.more.count) {
      let word = more[at] & one.more[at] & other.more[at]
      QuestionSet.forEach(in: word, from: 64 * (at + 1), body)
    }
  }

  @inline(__always)
  private static func forEach(in word: UInt64, from start: Int, _ body: (Int) -> Void) {
    var rest = word
    while rest != 0 {
      body(start + rest.trailingZeroBitCount)
      rest &= rest - 1
    }
  }
}
