/// How an archive came to be.
enum ArchiveOrigin: Sendable {
  case snapshot, script
  /// It has all that the tree had, so that nothing can be captured besides.
  case wholeTree

  /// What somebody types to capture what is missing, to be run again on the host.
  func captureCommand(including globs: [String]) -> String? {
    let options = globs.map { " --include '\($0)'" }.joined()
    switch self {
    case .snapshot: return "sudo riegel snapshot\(options) -o HOST.tar.zst"
    case .script:
      return "riegel snapshot --script\(options) > capture.sh; ssh HOST sudo sh -s < capture.sh"
        + " > HOST.tar"
    case .wholeTree: return nil
    }
  }
}
