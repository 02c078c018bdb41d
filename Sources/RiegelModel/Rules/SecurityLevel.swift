/// A security level of IEC 62443; level 0 asks for nothing.
package enum SecurityLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
  case sl0, sl1, sl2, sl3, sl4

  package static func < (a: SecurityLevel, b: SecurityLevel) -> Bool { a.rawValue < b.rawValue }

  /// `SL2`, as rules and options write it.
  package init?(_ text: String) {
    guard text.hasPrefix("SL"), let number = Int(text.dropFirst(2)), text.utf8.count == 3 else {
      return nil
    }
    self.init(rawValue: number)
  }

  package var description: String { "SL\(rawValue)" }

  /// The levels that ask for something.
  package static let claimable: [SecurityLevel] = [.sl1, .sl2, .sl3, .sl4]
}
