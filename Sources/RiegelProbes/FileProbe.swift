package import RiegelModel
package import SystemPackage

/// Observes single files by path: owner, mode, size.
///
/// A path that is not there gives no row, so `none: true` says that a file must be absent; a path
/// that cannot be reached is a gap. What counts is what an open would reach: symbolic links are
/// followed unless the rule says otherwise, and one that leads nowhere counts as absent.
package struct FileProbe: Probe {
  package static let name = "file"
  package static let summary = "Single files by path or shell pattern: type, mode, owner, size."
  package static let fields = FileRow.fields
  package static let keys: [Key<Self>] = [
    .subjects(
      \.paths,
      "Absolute paths or shell patterns, such as `/etc/cron.d/*`; a leading dot of a name"
        + " has to be written."),
    .flag(
      "follow", \.follow,
      "Whether a symbolic link counts as what it leads to (`true`, the default) or as itself."),
  ]
  package static let reads = AccountNames.reads

  package var paths: [String] = []
  package var follow = true

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    var seen: Set<FilePath> = []
    for pattern in paths {
      for path in expand(pattern, host, &observation) where seen.insert(path).inserted {
        do {
          guard let metadata = try host.metadata(of: path, following: follow) else { continue }
          let link = FileRow.link(path, on: host)
          observation.rows.append(FileRow.row(path, metadata, link: link, on: host))
        } catch {
          observation.gaps.append(error)
        }
      }
    }
    return observation
  }

  private func expand(
    _ pattern: String, _ host: Host, _ observation: inout Observation
  ) -> [FilePath] {
    guard pattern.contains(where: { "*?[{".contains($0) }) else {
      return [FilePath("/").pushing(FilePath(pattern)).lexicallyNormalizedIfPlain]
    }
    do {
      return try host.expand(pattern)
    } catch {
      observation.gaps.append(error)
      return []
    }
  }
}

extension FilePath {
  /// The same path without `.`; `..` stays, since after a link it is not what the text says.
  fileprivate var lexicallyNormalizedIfPlain: FilePath {
    components.contains { $0.kind == .parentDirectory } ? self : lexicallyNormalized()
  }
}
