package import RiegelModel
package import SystemPackage

/// Observes every file below folders, from the one walk of the file system that all rules share.
///
/// Other local file systems below the folders are entered; network, FUSE, kernel and overlay file
/// systems are not, and the evidence names them. Symbolic links are rows of their own with mode
/// 0777, so a rule about modes says which `type` it means.
package struct FilesProbe: WalkingProbe {
  package static let name = "files"
  package static let summary = "Every file below folders, from the one walk all rules share."
  package static let fields = FileRow.fields
  package static let keys: [Key<Self>] = [
    .subjects(\.roots, "Absolute paths of the folders to look through, they themselves included."),
    .options(
      "exclude", \.excluded,
      "Patterns of paths that are left out with all below them, such as `/var/lib/docker/**`."),
  ]
  package static let reads = AccountNames.reads

  package var roots: [String] = []
  package var excluded: [String] = []

  package init() {}

  package var question: WalkQuestion {
    WalkQuestion(
      roots: roots.map { FilePath("/").pushing(FilePath($0)).lexicallyNormalized() },
      excluded: excluded)
  }

  package func quickAnswer(to condition: Condition) -> QuickAnswer {
    let clauses = condition.clauses.map(EntryClause.init).sorted { $0.cost < $1.cost }
    return QuickAnswer(
      byKind: FileMetadata.Kind.allCases.map { kind in conjunction(clauses.map { $0.holds(kind) })
      },
      byMode: byMode(clauses.compactMap(\.modes), isAll: clauses.allSatisfy { $0.modes != nil }),
      byEntry: { host in
        let clauses = clauses.map { $0.bound(to: host) }
        let now = host.now
        return { entry in
          var isDecided = true
          for clause in clauses {
            switch clause.holds(entry, now) {
            case false?: return false
            case true?: break
            case nil: isDecided = false
            }
          }
          return isDecided ? true : nil
        }
      })
  }

  package func row(for hit: WalkHit, on host: Host) -> Row {
    let link: Fact =
      hit.metadata.kind == .link ? FileRow.link(hit.path, on: host) : .absent(.file(hit.path))
    return FileRow.row(hit.path, hit.metadata, link: link, on: host)
  }
}

/// What clauses about permission bits say together; whatever they leave open if others follow.
private func byMode(_ tables: [[Bool?]], isAll: Bool) -> [Bool?]? {
  guard let first = tables.first else { return nil }
  if tables.count == 1, isAll { return first }
  return first.indices.map { mode in
    conjunction(tables.map { $0[mode] } + (isAll ? [] : [nil]))
  }
}

/// False if one is false, else undecided if one is.
private func conjunction(_ answers: [Bool?]) -> Bool? {
  if answers.contains(false) { return false }
  return answers.contains(nil) ? nil : true
}
