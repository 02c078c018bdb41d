import RiegelModel

/// What becomes of an entry.
enum EntrySorting: UInt8 {
  case drop
  /// Counts for "at least one row" and is not needed otherwise.
  case count
  case keep
}

/// How a question sorts an entry, from what its filter and matcher say of it.
struct EntrySorter: Sendable {
  /// By `EntryMode.slot`; nil where type and permission bits do not tell.
  let byMode: [EntrySorting?]
  let byEntry: @Sendable (borrowing WalkEntry) -> EntrySorting

  init(
    _ probe: any WalkingProbe, _ filter: Condition?, _ quantifier: PreparedAssertion.Quantifier,
    _ host: Host
  ) {
    let isIn = filter.map { probe.quickAnswer(to: $0, on: host) } ?? .always
    let holds =
      EntrySorter.condition(quantifier).map { probe.quickAnswer(to: $0, on: host) } ?? .always
    byMode = EntryMode.all.map { kind, mode in
      EntrySorter.sorting(
        quantifier, isIn: isIn.byMode(kind, mode), holds: holds.byMode(kind, mode))
    }
    byEntry = { entry in
      let isInside = isIn.byEntry(entry)
      if isInside == false { return .drop }
      // Where nobody can tell yet, the full row will.
      return EntrySorter.sorting(quantifier, isIn: isInside, holds: holds.byEntry(entry)) ?? .keep
    }
  }

  func sorting(of entry: borrowing WalkEntry) -> EntrySorting {
    byMode[EntryMode.slot(entry.metadata.kind, entry.metadata.mode)] ?? byEntry(entry)
  }

  private static func condition(_ quantifier: PreparedAssertion.Quantifier) -> Condition? {
    switch quantifier {
    case .every(let condition), .some(let condition): condition
    case .none(let condition): condition
    case .count, .allow, .present: nil
    }
  }

  private static func sorting(
    _ quantifier: PreparedAssertion.Quantifier, isIn: Bool?, holds: Bool?
  ) -> EntrySorting? {
    switch (isIn, holds) {
    case (false?, _): return .drop
    case (true?, true?):
      switch quantifier {
      case .every, .count: return .count
      case .some, .none, .allow, .present: return .keep
      }
    case (_, false?):
      switch quantifier {
      // What does not satisfy is what an `expect` has to show, if it is inside.
      case .every: return isIn == true ? .keep : nil
      case .some, .none, .count, .allow, .present: return .drop
      }
    case (nil, _), (_, nil): return nil
    }
  }
}

extension QuickAnswer {
  fileprivate static var always: QuickAnswer {
    QuickAnswer(byMode: { _, _ in true }, byEntry: { _ in true })
  }
}
