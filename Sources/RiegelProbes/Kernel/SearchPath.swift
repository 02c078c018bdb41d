import RiegelModel
import SystemPackage

/// The files of a drop-in search path such as `/etc/sysctl.d:/run/sysctl.d:/usr/lib/sysctl.d`.
///
/// Files of all directories are read in order of their names; of several with the same name only
/// the one in the first directory is read, even if it is empty or a link to `/dev/null`. That is
/// how `sysctl.d(5)` and `modprobe.d(5)` mask what a package ships.
struct SearchPath: Sendable {
  /// What is read, in this order.
  var files: [FilePath] = []
  /// What a file of the same name in an earlier directory hides.
  var hidden: [FilePath] = []
  /// Directories that could not be listed: a file there may hide or override what was found.
  var gaps: [TargetError] = []

  init(_ directories: [FilePath], suffix: String, on host: Host) {
    var byName: [String: FilePath] = [:]
    var seen: Set<FilePath> = []
    for directory in directories {
      if !host.isRunning, isVolatile(directory) { continue }
      do throws(TargetError) {
        // `/lib` is a link to `/usr/lib` on a merged system: the same directory counts once.
        guard let real = try host.resolve(directory), seen.insert(real).inserted else { continue }
        for name in try host.list(directory) ?? [] {
          guard name.string.hasSuffix(suffix), name.string != suffix else { continue }
          let path = directory.appending(name)
          if try host.metadata(of: path, following: false)?.kind == .directory { continue }
          if byName[name.string] == nil {
            byName[name.string] = path
          } else {
            hidden.append(path)
          }
        }
      } catch {
        gaps.append(error)
      }
    }
    files = byName.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
      .map(\.value)
  }
}
