package import SystemPackage

/// What kind of thing a target is, for the report and for probes whose facts exist only where a
/// kernel runs.
package enum TargetKind: String, Sendable, Hashable {
  case live, directory, archive, memory
}

/// A file tree that can be asked.
///
/// Paths are absolute within the target's root and resolve inside it, whatever its symbolic links
/// say. `nil` means the thing is not there; whoever cannot tell throws.
package protocol Target: Sendable {
  var kind: TargetKind { get }
  /// As the user named it: `/`, `dir:/mnt/image`.
  var address: String { get }
  /// When the evidence was taken; ages are counted from here.
  var capturedAt: Instant { get }
  /// Whether a kernel runs here, so that `/proc`, `/sys` and `/run` say something. Where it is
  /// false, everything below these three throws `notCollected`.
  var isRunning: Bool { get }

  /// The metadata of a file; with `following`, of what its last symbolic link leads to.
  func metadata(of path: FilePath, following: Bool) throws(TargetError) -> FileMetadata?
  /// The bytes of a regular file, symbolic links followed. Throws `tooLarge` above the bound.
  func read(_ path: FilePath, limit: Int) throws(TargetError) -> [UInt8]?
  /// The first bytes of a regular file or block device, fewer if it is shorter: what a header on
  /// a disk says. Links are followed. A target that holds no devices may leave this out.
  func readHead(_ path: FilePath, count: Int) throws(TargetError) -> [UInt8]?
  /// The names in a directory, in order of their bytes, without `.` and `..`. An absent path is
  /// nil; a path that is no directory throws `io` with `ENOTDIR`.
  func list(_ path: FilePath) throws(TargetError) -> [FilePath.Component]?
  /// The text of a symbolic link; nil if the path is absent or no link.
  func readLink(_ path: FilePath) throws(TargetError) -> FilePath?
  /// The path with all symbolic links followed inside the root; nil if it leads nowhere.
  func resolve(_ path: FilePath) throws(TargetError) -> FilePath?

  /// Whether who took the evidence had root's rights; nil if that is who asks now.
  var wasPrivileged: Bool? { get }
  /// The command that would capture these globs too, where something was not collected; nil if no
  /// command would.
  func captureCommand(including globs: [String]) -> String?

  /// Walks the trees below `roots` once, links not followed, and does not leave local file
  /// systems. Calls the visitor from several threads; returns when all is done. Roots come out of
  /// `resolve`: one that is a symbolic link, or has one on the way, is not entered and fails.
  func walk(_ roots: [FilePath], _ visitor: some WalkVisitor)
}

extension Target {
  package func metadata(of path: FilePath) throws(TargetError) -> FileMetadata? {
    try metadata(of: path, following: true)
  }

  package var wasPrivileged: Bool? { nil }
  package func captureCommand(including globs: [String]) -> String? { nil }

  /// Reads regular files only.
  package func readHead(_ path: FilePath, count: Int) throws(TargetError) -> [UInt8]? {
    try read(path, limit: Host.sizeLimit).map { Array($0.prefix(count)) }
  }
}

/// The folders of the root that only a running kernel fills.
package let volatileFolders = ["proc", "sys", "run"]

/// Whether a path (absolute, lexically normal) lies in a part that only a running kernel fills.
package func isVolatile(_ path: FilePath) -> Bool {
  // By bytes: every look-up in a tree that does not run asks this.
  path.withPlatformString { text in
    let bytes = UnsafeRawBufferPointer(start: text, count: path.length)
    let first = bytes.dropFirst().prefix { $0 != UInt8(ascii: "/") }
    return volatileFolders.contains { first.elementsEqual($0.utf8) }
  }
}
