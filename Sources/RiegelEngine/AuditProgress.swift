import Synchronization

/// How far an audit is; written by its threads, read by whoever shows a progress line.
///
/// A class because one side counts while the other looks.
package final class AuditProgress: Sendable {
  private let entries = Atomic<Int>(0)
  private let isWalking = Atomic<Bool>(false)

  package init() {}

  /// Entries of the file system seen so far.
  package var entriesSeen: Int { entries.load(ordering: .relaxed) }
  package var walks: Bool { isWalking.load(ordering: .relaxed) }

  func count(_ seen: Int) { entries.add(seen, ordering: .relaxed) }
  func walk(_ walking: Bool) { isWalking.store(walking, ordering: .relaxed) }
}
