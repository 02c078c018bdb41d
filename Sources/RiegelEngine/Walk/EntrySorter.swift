import RiegelModel

/// What becomes of an entry.
enum EntrySorting: UInt8 {
  case drop
  /// Counts for "at least one row" and is not needed otherwise.
  case count
  case keep
}

/// How a question sorts an entry, from what its filter and matcher say of it.
///
/// Made once with the plan; `sorting(on:)` makes it ready for a host.
struct EntrySorter: Sendable {
  /// Types by their `ordinal` and permission bits by which alone an entry is dropped; nil if these
  /// never tell.
  let droppedKinds: [Bool]
  let droppedModes: [Bool]?
  private let quantifier: PreparedAssertion.Quantifier
  private let isIn: QuickAnswer
  private let holds: QuickAnswer

  init(
    _ probe: any WalkingProbe, _ filter: Condition?, _ quantifier: PreparedAssertion.Quantifier
  ) {
    self.quantifier = quantifier
    isIn = filter.map(probe.quickAnswer) ?? .always
    holds = EntrySorter.condition(quantifier).map(probe.quickAnswer) ?? .always
    // What does not satisfy is what an `expect` has to show; all others want what holds.
    let wants: [QuickAnswer]
    if case .every = quantifier { wants = [isIn] } else { wants = [isIn, holds] }
    droppedKinds = FileMetadata.Kind.allCases.indices.map { kind in
      wants.contains { $0.byKind[kind] == false }
    }
    let modes = wants.compactMap(\.byMode)
    droppedModes =
      modes.isEmpty ? nil : (0...0o7777).map { mode in modes.contains { $0[mode] == false } }
  }

  func sorting(on host: Host) -> @Sendable (borrowing WalkEntry) -> EntrySorting {
    let isIn = isIn.byEntry(host)
    let holds = holds.byEntry(host)
    let quantifier = quantifier
    return { entry in
      let isInside = isIn(entry)
      if isInside == false { return .drop }
      return EntrySorter.sorting(quantifier, isIn: isInside, holds: holds(entry))
    }
  }

  private static func condition(_ quantifier: PreparedAssertion.Quantifier) -> Condition? {
    switch quantifier {
    case .every(let condition), .some(let condition): condition
    case .none(let condition): condition
    case .count, .allow, .present: nil
    }
  }

  /// Where nobody can tell yet, the full row will.
  private static func sorting(
    _ quantifier: PreparedAssertion.Quantifier, isIn: Bool?, holds: Bool?
  ) -> EntrySorting {
    switch quantifier {
    case .every: isIn == true && holds == true ? .count : .keep
    case .some, .none: holds == false ? .drop : .keep
    case .count: isIn == true ? .count : .keep
    case .allow, .present: .keep
    }
  }
}

extension QuickAnswer {
  fileprivate static var always: QuickAnswer {
    QuickAnswer(
      byKind: FileMetadata.Kind.allCases.map { _ in true }, byMode: nil,
      byEntry: { _ in { _ in true } })
  }
}
