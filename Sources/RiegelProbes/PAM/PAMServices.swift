import RiegelModel
import SystemPackage

/// The services that a rule's names and shell patterns stand for.
struct PAMServices {
  var services: [PAMService] = []
  var gaps: [TargetError] = []

  /// Files that others include and that are services all the same.
  private static let included: Set<String> = [
    "login", "su", "sudo", "runuser", "sshd", "passwd", "remote", "gdm-password", "systemd-user",
  ]

  /// A name without a file stands for nothing: whoever asks for it is served by `other`, and that
  /// is a service of its own. Patterns leave out fragments, such as `common-auth`.
  init(_ wanted: [String], on host: Host) throws(TargetError) {
    var names: [String] = []
    for name in wanted {
      let pattern = name == "all" ? "*" : name
      guard pattern.contains(where: { "*?[{".contains($0) }) else {
        names.append(name)
        continue
      }
      let glob = Glob(pattern)
      let fragments = try PAMServices.fragments(on: host)
      for known in try PAMConfiguration.names(on: host)
      where glob.matches(text: known) && !fragments.contains(known) {
        names.append(known)
      }
    }
    for name in unique(names) {
      do {
        if let service = try PAMConfiguration.service(name, on: host) { services.append(service) }
      } catch {
        gaps.append(error)
      }
    }
  }

  private static func fragments(on host: Host) throws(TargetError) -> Set<String> {
    try host.remember("pam.fragments") { () throws(TargetError) -> Set<String> in
      var found: Set<String> = []
      for folder in PAMConfiguration.folders {
        guard try host.metadata(of: folder)?.kind == .directory else { continue }
        for name in try host.list(folder) ?? [] {
          let path = folder.appending(name)
          let lines: [PAMLines.Line]
          do {
            lines = try PAMLines.parse(try host.bytes(of: path) ?? [], path)
          } catch {
            // What cannot be read is a gap when its own turn as a service comes.
            continue
          }
          for line in lines where line.tokens.count >= 2 {
            if line.tokens[0].lowercased() == "@include" {
              found.insert(line.tokens[1])
            } else if ["include", "substack"].contains(line.tokens[1].lowercased()),
              line.tokens.count >= 3
            {
              found.insert(line.tokens[2])
            }
          }
        }
      }
      return found.subtracting(included)
    }
  }
}

/// How a line stands in its stack.
struct PAMStanding: Sendable {
  /// Some run comes to it.
  var isReachable: Bool
  /// Every successful run passes it, and none in which it failed.
  var isBinding: Bool

  /// The standing of each entry of a stack, for a person who is not root.
  static func all(of entries: [PAMEntry], _ files: PAMModuleFiles) -> [PAMStanding] {
    let evaluation = PAMEvaluation(entries)
    func codes(_ index: Int, _ entry: PAMEntry, _ own: Int?) -> [PAMCode] {
      entry.module == "pam_rootok" && index != own
        ? [.authErr] : files.codes(of: entry)
    }
    let reached = evaluation.explore { index, entry in
      codes(index, entry, nil).map { .init($0) }
    }.reached
    return entries.indices.map { own in
      guard reached.contains(own), entries[own].kind != .substack else {
        return PAMStanding(isReachable: reached.contains(own), isBinding: false)
      }
      let run = evaluation.explore { index, entry in
        codes(index, entry, own).map { code in
          guard index == own else { return .init(code) }
          let isFine = code == .success || code == .ignore || code == .newAuthtokReqd
          return .init(code, marks: isFine ? 1 : 2)
        }
      }
      return PAMStanding(isReachable: true, isBinding: !run.succeeds(where: { $0 != 1 }))
    }
  }

  static func of(
    _ service: PAMService, _ type: PAMType, on host: Host
  ) throws(TargetError) -> [PAMStanding] {
    try host.remember("pam.standing.\(service.name).\(type.rawValue)") {
      () throws(TargetError) -> [PAMStanding] in
      all(of: service.stacks[type] ?? [], PAMModuleFiles.of(host))
    }
  }
}
