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
  /// Types and permission bits by which alone an entry is dropped; nil if these never tell.
  let droppedKinds: Set<FileMetadata.Kind>
  let droppedModes: [Bool]?
  let sorting: @Sendable (borrowing WalkEntry) -> EntrySorting

  init(
    _ probe: any WalkingProbe, _ filter: Condition?, _ quantifier: PreparedAssertion.Quantifier,
    _ host: Host
  ) {
    let isIn = filter.map { probe.quickAnswer(to: $0, on: host) } ?? .always
    let holds =
      EntrySorter.condition(quantifier).map { probe.quickAnswer(to: $0, on: host) } ?? .always
    sorting = { entry in
      let isInside = isIn.byEntry(entry)
      if isInside == false { return .drop }
      return EntrySorter.sorting(quantifier, isIn: isInside, holds: holds.byEntry(entry))
    }
    // What does not satisfy is what an `expect` has to show; all others want what holds.
    let wants: [QuickAnswer]
    if case .every = quantifier { wants = [isIn] } else { wants = [isIn, holds] }
    droppedKinds = Set(
      FileMetadata.Kind.allCases.filter { kind in wants.contains { $0.byKind(kind) == false } })
    let modes = wants.compactMap(\.byMode)
    droppedModes =
      modes.isEmpty ? nil : (0...0o7777).map { mode in modes.contains { $0[mode] == false } }
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
    QuickAnswer(byKind: { _ in true }, byMode: nil, byEntry: { _ in true })
  }
}
