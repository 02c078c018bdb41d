import RiegelModel

/// Observes the lines of PAM stacks in force: includes drawn in, in the order libpam runs them.
///
/// What a line is worth depends on the lines around it. `binding` and `reachable` are worked out by
/// following every run of the stack, jumps and substacks included, so that a module that a
/// `success=1` skips is not taken for protection. `pam.conf(5)`.
struct PAMProbe: Probe {
  static let name = "pam"
  static let summary = "The lines of a PAM service's stacks, as libpam runs them."
  static let fields: [Field] = [
    .text("module", "The module's name without folder and suffix, such as `pam_unix`."),
    .text("service", "The service asked for."),
    .choice("type", PAMType.allCases.map(\.rawValue), "The kind of work the stack is for."),
    .text("control", "The control as written, without brackets."),
    .number("position", "The place in the stack, from 1."),
    .list("arguments", "The module's arguments."),
    .text("path", "The module as written, such as `pam_unix.so`."),
    .flag("quiet", "The type is written with `-`: a missing module is not logged."),
    .flag("usable", "libpam understands the line; otherwise it fails whenever it is met."),
    .flag("installed", "The module's file is there; absent where this target cannot tell."),
    .flag("reachable", "Some run of the stack comes to this line."),
    .flag(
      "binding",
      "Every successful run passes this line, and none succeeds in which the module failed."),
    .flag(
      "before-store",
      "In a `password` stack: stands before the first module that stores the password."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(
      \.services, "Services by name or shell pattern: `sshd`, `[login, gdm-*]`, `all`."),
    .choice(
      "type", \.type, among: PAMType.allCases.map(\.rawValue) + ["any"],
      "Which stack; `any` by default."),
  ]
  static let reads = PAMConfiguration.reads

  var services: [String] = []
  var type = "any"

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let found = try PAMServices(services, on: host)
    let files = PAMModuleFiles.of(host)
    var rows: [Row] = []
    for service in found.services {
      for type in PAMType.allCases where self.type == "any" || self.type == type.rawValue {
        let standings = try PAMStanding.of(service, type, on: host)
        let entries = service.stacks[type] ?? []
        let store = entries.firstIndex { PAMModule.stores.contains($0.module) }
        var position = 0
        for (index, entry) in entries.enumerated() where entry.kind != .substack {
          position += 1
          rows.append(
            row(
              entry, position, service, standings[index], files.presence(of: entry),
              isBeforeStore: type == .password ? store.map { index < $0 } ?? true : nil))
        }
      }
    }
    return Observation(rows: rows, gaps: found.gaps)
  }

  private func row(
    _ entry: PAMEntry, _ position: Int, _ service: PAMService, _ standing: PAMStanding,
    _ installed: Fact, isBeforeStore: Bool?
  ) -> Row {
    let place = entry.place
    return Row(
      "\(service.name) \(entry.type.rawValue) \(entry.module)",
      [
        "module": .text(entry.module, place),
        "service": .text(service.name, .file(service.file)),
        "type": .text(entry.type.rawValue, place),
        "control": .text(entry.controlText, place),
        "position": .number(position, place),
        "arguments": .list(entry.arguments, place),
        "path": .text(entry.path, place),
        "quiet": .flag(entry.isQuiet, place),
        "usable": .flag(entry.kind == .module, place),
        "installed": installed,
        "reachable": .flag(standing.isReachable, place),
        "binding": .flag(standing.isBinding, place),
        "before-store": isBeforeStore.map { .flag($0, place) } ?? .absent(),
      ])
  }
}
