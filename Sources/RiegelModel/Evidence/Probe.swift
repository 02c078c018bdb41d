package import SystemPackage

/// Something that can be asked of a host: a plain function from a tree to facts.
///
/// A probe observes and never judges. It sees the host only through `Host`, works on every kind of
/// target without knowing which, and says of every fact where it stands. Absent, empty, unreadable
/// and not captured stay apart: a thing that is not there is an absent fact or no row, a thing that
/// could not be looked at is a gap, an unknown fact, or a thrown `TargetError`.
package protocol Probe: Sendable {
  /// The key in rules: `sysctl`.
  static var name: String { get }
  /// One line for lists and the reference page.
  static var summary: String { get }
  /// The first field is the row's one value, which a bare matcher is about.
  static var fields: [Field] { get }
  static var keys: [Key<Self>] { get }
  /// What the probe may read, as globs: snapshots capture this, and `riegel show plan` prints it.
  static var reads: [String] { get }

  init()

  /// Throws if nothing at all can be said; what is known in part is an observation with gaps.
  func observe(_ host: Host) throws(TargetError) -> Observation
}

/// A probe that is answered from the one shared walk of the file system.
package protocol WalkingProbe: Probe {
  /// Folders to walk and what to leave out.
  var question: WalkQuestion { get }

  /// What a condition over this probe's fields says of an entry by its name and `stat` alone.
  func quickAnswer(to condition: Condition) -> QuickAnswer

  /// The full row of an entry that the walk kept.
  func row(for hit: WalkHit, on host: Host) -> Row
}

/// What a condition says of entries of a file system, without a look at more than `stat`; `nil`
/// where more has to be looked at.
///
/// The tables are the same on every host and are made once, however many hosts are judged.
package struct QuickAnswer: Sendable {
  /// By type alone, in the order of `FileMetadata.Kind.allCases`. The engine lets most entries pass
  /// by this and the next without another question.
  package let byKind: [Bool?]
  /// By permission bits alone, one answer for each of the 4096; nil if they tell nothing.
  package let byMode: [Bool?]?
  /// By all that the walk sees, on one host. What it returns is called from several threads for
  /// every entry that the tables leave open, so it must not allocate.
  package let byEntry: @Sendable (Host) -> EntryTest

  package typealias EntryTest = @Sendable (borrowing WalkEntry) -> Bool?

  package init(
    byKind: [Bool?], byMode: [Bool?]?, byEntry: @escaping @Sendable (Host) -> EntryTest
  ) {
    self.byKind = byKind
    self.byMode = byMode
    self.byEntry = byEntry
  }
}

extension WalkingProbe {
  /// A walking probe is asked through the walk; alone it has seen nothing, and says so.
  package func observe(_ host: Host) throws(TargetError) -> Observation {
    throw .notCollected(question.roots.first ?? "/")
  }
}

/// A probe type as everybody but its author sees it.
package struct ProbeDeclaration: Sendable {
  package var name: String
  package var summary: String
  package var fields: [Field]
  package var keys: [KeyDeclaration]
  package var reads: [String]
  private let build: @Sendable ([(key: String?, values: [String])]) -> Result<any Probe, KeyError>

  /// A value that a key does not take.
  package struct KeyError: Error, Sendable, Hashable {
    /// nil for the subject.
    package var key: String?
    package var problem: String
  }

  package init<P: Probe>(_ type: P.Type) {
    name = P.name
    summary = P.summary
    fields = P.fields
    keys = P.keys.map(\.declaration)
    reads = P.reads
    build = { given in
      var probe = P()
      for (name, values) in given {
        guard let key = P.keys.first(where: { $0.declaration.name == name }) else {
          return .failure(KeyError(key: name, problem: "is not a key of this probe"))
        }
        if let problem = key.assign(&probe, values) {
          return .failure(KeyError(key: name, problem: problem))
        }
      }
      return .success(probe)
    }
  }

  /// A probe with these keys set; the subject has the key nil.
  package func make(_ given: [(key: String?, values: [String])]) -> Result<any Probe, KeyError> {
    build(given)
  }

  package func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}
