package import SystemPackage

/// What a walking probe wants of the shared walk.
package struct WalkQuestion: Sendable, Hashable {
  /// Absolute paths to start from.
  package var roots: [FilePath]
  /// Globs of paths that are left out with all below them: `/proc/**`, `/srv/*/cache`.
  package var excluded: [String]

  package init(roots: [FilePath], excluded: [String] = []) {
    self.roots = roots
    self.excluded = excluded
  }
}

/// An entry of the file system as the walk sees it: no path, no allocation.
package struct WalkEntry: ~Copyable {
  /// The name's bytes, without a terminating zero; valid only during the call.
  package let name: UnsafeRawBufferPointer
  package let metadata: FileMetadata

  package init(name: UnsafeRawBufferPointer, metadata: FileMetadata) {
    self.name = name
    self.metadata = metadata
  }
}

/// An entry that the walk kept.
package struct WalkHit: Sendable, Hashable {
  package var path: FilePath
  package var metadata: FileMetadata

  package init(path: FilePath, metadata: FileMetadata) {
    self.path = path
    self.metadata = metadata
  }
}

/// Who is called during a walk, from several threads at once.
package protocol WalkVisitor: Sendable {
  /// What a visitor knows of a directory, kept by the walk while it is in it.
  associatedtype Context: Sendable

  /// Called once before the entries of a directory; nil leaves it and all below it out.
  /// `parent` is nil for the roots of the walk; a root below another root is entered once, with
  /// its parent.
  func enter(_ path: FilePath, parent: Context?) -> Context?
  /// Called for every entry but `.` and `..`, directories included, before they are entered.
  /// The roots themselves are reported through `visitRoot`.
  func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: Context)
  /// Called for each root that exists, before it is entered.
  func visitRoot(_ path: FilePath, _ metadata: FileMetadata)
  /// A directory whose entries, or an entry whose metadata, cannot be read.
  func fail(_ error: TargetError, _ context: Context?)
  /// Called after the entries of a directory, with how many there were.
  func leave(_ directory: FilePath, entries: Int, _ context: Context)
  /// A folder that was not entered: a mount point of what is no local file system (`nfs`, `proc`,
  /// …), which is not even looked at, as a dead server would not answer; a second way to what was
  /// walked already (`bind`); `/proc`, `/sys` and `/run` of a tree that does not run
  /// (`not running`).
  func skip(_ path: FilePath, fileSystem: String, _ context: Context)
}

extension WalkVisitor {
  package func leave(_ directory: FilePath, entries: Int, _ context: Context) {}
}
