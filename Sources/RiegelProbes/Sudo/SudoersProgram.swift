import RiegelModel
import SystemPackage

/// Whether somebody else than root could put another program in the place of one that sudo runs.
///
/// The file and every folder above it, as written and where links lead, have to belong to root and
/// may be writable by nobody else; group 0 is root's own. A folder as a command stands for each
/// file in it, a pattern for each file that it matches. Access control lists are not seen.
struct SudoersProgram {
  private let host: Host

  init(_ host: Host) { self.host = host }

  /// `exists` and `protected`; absent for `ALL`, `sudoedit`, `list` and commands left out.
  func facts(_ command: Sudoers.Command, _ origin: Origin) -> [String: Fact] {
    if command.path.hasPrefix("^"), !command.isNegated {
      let error = Fact.unknown(
        .undetermined(
          origin.path ?? "/etc/sudoers",
          Localized(
            en: "which programs the regular expression \(command.path) names is not worked out",
            de:
              "welche Programme der reguläre Ausdruck \(command.path) meint, wird nicht ausgewertet"
          )
        ))
      return ["exists": error, "protected": error]
    }
    guard command.path.hasPrefix("/"), !command.isNegated else {
      return ["exists": .absent(origin), "protected": .absent(origin)]
    }
    do throws(TargetError) {
      var programs = try programs(command.path)
      let exists = !programs.isEmpty
      // What is not there yet is made by whoever may write to the folder.
      if programs.isEmpty { programs = [FilePath(command.path)] }
      var weak: FilePath?
      for program in programs where weak == nil { weak = try firstWeak(program) }
      return [
        "exists": .flag(exists, origin),
        "protected": .flag(weak == nil, weak.map { .file($0) } ?? origin),
      ]
    } catch {
      return ["exists": .unknown(error), "protected": .unknown(error)]
    }
  }

  private func programs(_ path: String) throws(TargetError) -> [FilePath] {
    if path.hasSuffix("/") {
      let folder = FilePath(path)
      let files = try host.list(folder) ?? []
      return try host.exists(folder) ? [folder] + files.map(folder.appending) : []
    }
    if SudoersProbe.hasWildcard(path) { return try host.expand(path) }
    let file = FilePath(unescaped(path))
    return try host.exists(file) ? [file] : []
  }

  /// sudoers writes blanks and the like with a backslash.
  private func unescaped(_ path: String) -> String {
    var result = ""
    var isEscaped = false
    for character in path {
      if character == "\\", !isEscaped {
        isEscaped = true
      } else {
        result.append(character)
        isEscaped = false
      }
    }
    return result
  }

  /// The first of a path and the folders above it that somebody else may change.
  private func firstWeak(_ path: FilePath) throws(TargetError) -> FilePath? {
    if let weak = try firstWeakAbove(path) { return weak }
    guard let real = try host.resolve(path), real != path else { return nil }
    return try firstWeakAbove(real)
  }

  private func firstWeakAbove(_ path: FilePath) throws(TargetError) -> FilePath? {
    var here: FilePath = "/"
    var steps: [FilePath] = [here]
    for component in path.components {
      here = here.appending(component)
      steps.append(here)
    }
    for step in steps {
      guard let metadata = try host.metadata(of: step, following: true) else { return nil }
      let groupMayWrite = metadata.mode & 0o020 != 0 && metadata.group != 0
      if metadata.user != 0 || groupMayWrite || metadata.mode & 0o002 != 0 { return step }
    }
    return nil
  }
}
