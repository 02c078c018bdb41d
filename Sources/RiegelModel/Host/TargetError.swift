package import SystemPackage

/// Why something about a target cannot be said. Absence is never an error: it is `nil`.
package enum TargetError: Error, Sendable, Hashable {
  /// `EACCES` or `EPERM`: another user, often root, could read it.
  case permissionDenied(FilePath)
  /// This kind of target cannot hold it, or this snapshot did not capture it.
  case notCollected(FilePath)
  /// Any other error of the operating system, by its `errno`.
  case io(FilePath, errno: Int32)
  /// Larger than what a configuration file can be; the bound in bytes.
  case tooLarge(FilePath, limit: Int)
  /// A FIFO, socket or device where a regular file was expected; reading it could hang.
  case notRegular(FilePath)
  /// More symbolic links than the kernel would follow (`ELOOP`).
  case tooManyLinks(FilePath)
  /// The file does not follow its own format, so nothing can be concluded from it.
  /// The text is technical and the same in every language; the line is 0 if it has none.
  case malformed(FilePath, line: Int, String)
  /// The file follows its format, but what it says cannot be worked out here:
  /// a version whose defaults are not known, a directory service that was not asked.
  case undetermined(FilePath, Localized)
  /// Only a service outside of the target knows it, such as a directory of accounts; the path is
  /// the file that says so. Counts as not collected.
  case remote(FilePath, Localized)

  package var path: FilePath {
    switch self {
    case .permissionDenied(let path), .notCollected(let path), .io(let path, _),
      .tooLarge(let path, _), .notRegular(let path), .tooManyLinks(let path),
      .malformed(let path, _, _), .undetermined(let path, _), .remote(let path, _):
      path
    }
  }

  /// Whether the thing was out of this target's reach rather than unreadable in it.
  package var isNotCollected: Bool {
    switch self {
    case .notCollected, .remote: true
    default: false
    }
  }
}
