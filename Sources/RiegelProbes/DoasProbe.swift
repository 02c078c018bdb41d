import RiegelModel
import SystemPackage

/// Observes the rules of doas, Alpine's and OpenBSD's way of acting as another user.
///
/// The last rule that matches counts, the reverse of most files: a rule that a later one for the same
/// user or group wholly covers never takes effect. Whoever no rule names is denied. `doas.conf(5)`.
struct DoasProbe: Probe {
  static let name = "doas"
  static let summary = "Who may run what with doas, and with which options."
  static let fields: [Field] = [
    .choice("action", ["permit", "deny"], "What the rule says."),
    .text("identity", "A user, or `:group`."),
    .flag("root", "Whether the identity is root itself."),
    .text("target", "As whom; absent for everybody, root included."),
    .text("command", "The one command; absent for every command."),
    .list("arguments", "The arguments that have to be given; absent for any."),
    .flag("nopass", "Whether no password is asked for."),
    .flag("persist", "Whether the password is not asked for again for some time."),
    .flag("keepenv", "Whether the whole environment is kept."),
    .list("setenv", "Variables that are set or kept."),
    .flag("nolog", "Whether successful use is not logged."),
    .flag("effective", "Whether no later rule covers this one."),
  ]
  static let keys: [Key<Self>] = [.everything("Every rule.")]
  static let reads = DoasRules.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let found = try DoasRules.read(host) else { return Observation() }
    var rows: [Row] = []
    for (index, rule) in found.rules.enumerated() {
      let origin = rule.origin
      let later = found.rules[(index + 1)...].first { $0.covers(rule) }
      rows.append(
        Row(
          "\(rule.permits ? "permit" : "deny") \(rule.identity)",
          [
            "action": .text(rule.permits ? "permit" : "deny", origin),
            "identity": .text(rule.identity, origin),
            "root": .flag(rule.identity == "root" || rule.identity == "0", origin),
            "target": rule.target.map { .text($0, origin) } ?? .absent(origin),
            "command": rule.command.map { .text($0, origin) } ?? .absent(origin),
            "arguments": rule.arguments.map { .list($0, origin) } ?? .absent(origin),
            "nopass": .flag(rule.nopass, origin), "persist": .flag(rule.persist, origin),
            "keepenv": .flag(rule.keepenv, origin), "setenv": .list(rule.setenv, origin),
            "nolog": .flag(rule.nolog, origin),
            "effective": .flag(later == nil, later?.origin ?? origin),
          ]))
    }
    return Observation(rows: rows)
  }
}
