package import RiegelModel
import SystemPackage

/// Observes what rsyslog does with messages: its actions, its inputs, its modules, its settings.
///
/// Both languages of `rsyslog.conf(5)` are read with their includes, in order. Which facilities
/// reach an action is worked out from selectors and from conditions on the facility; of any other
/// condition nobody can tell, so the facilities are unknown then. Whatever the reader does not
/// understand is a gap. No row means that rsyslog is not configured or has nothing of the kind.
package struct RsyslogProbe: Probe {
  package static let name = "rsyslog"
  package static let summary = "What rsyslog logs where, forwards how, and takes from whom."
  package static let fields: [Field] = [
    .text("target", "The file, host, program or users; of a module or setting its name."),
    .choice(
      "kind",
      Set(RsyslogConfig.Action.Kind.allCases.map(\.rawValue)).union(RsyslogConfig.Input.kinds)
        .union(["module", "setting"]).sorted(),
      "What an action does (`file`, `forward`, `discard` …) or where an input takes messages."),
    .text("selector", "The selector and conditions an action stands under."),
    .list("facilities", "The facilities of which some message reaches the action."),
    .list("facilities-full", "Those of which all from `info` upwards reach it."),
    .flag("conditional", "Whether it depends on more than facility and severity."),
    .text("ruleset", "The rule set; empty for the default one."),
    .choice("protocol", ["udp", "tcp", "relp"], "The transport of a forward or network input."),
    .number("port", "The port."),
    .flag("tls", "Whether it is encrypted: a TLS driver with mode 1, or RELP with TLS on."),
    .text(
      "auth-mode", "How the other side is checked, such as `x509/name`; absent or `anon` is not."),
    .list("permitted-peers", "The names or fingerprints that the other side may have."),
    .flag("loopback", "Whether a forward goes to this host, or an input listens on it alone."),
    .text("address", "The address an input listens on; absent for all."),
    .mode("mode", "The mode of files that the action creates, `$Umask` applied."),
    .text("owner", "The owner of files that the action creates."),
    .text("group", "Their group."),
    .text("template", "The template that is named."),
    .flag("disk-queue", "Whether messages wait on disk while the target is away."),
    .text("retries", "How often a failed action is tried again; `-1` is for ever."),
    .text("value", "The value of a setting."),
    .number("position", "The place in the order of all actions, counted from 1."),
  ]
  package static let keys: [Key<Self>] = [
    .choice(
      nil, \.part, among: ["actions", "inputs", "modules", "settings"],
      "What is asked for; `settings` are `global(…)` parameters and old directives in lower case.")
  ]
  package static let reads = ["/etc/rsyslog.conf", "/etc/rsyslog.d/**", "/etc/rsyslog/**"]

  package var part = ""

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    let config = try RsyslogConfig.of(host)
    var observation = Observation(gaps: config.gaps)
    switch part {
    case "actions":
      observation.rows = config.actions.enumerated().map { row($1, $0 + 1) }
    case "inputs": observation.rows = config.inputs.map(row)
    case "modules":
      observation.rows = config.modules.map {
        Row(
          $0.name,
          ["target": .text($0.name, $0.origin), "kind": .text("module", $0.origin)])
      }
    default:
      observation.rows = config.settings.sorted { $0.key < $1.key }.map { name, setting in
        Row(
          name,
          [
            "target": .text(name, setting.origin), "kind": .text("setting", setting.origin),
            "value": Fact(
              .known(.text(setting.value)), from: setting.origin, overriding: setting.overrides),
          ])
      }
    }
    return observation
  }

  private func row(_ action: RsyslogConfig.Action, _ position: Int) -> Row {
    let origin = action.origin
    let text = { (value: String?) -> Fact in
      value.map { .text($0, origin) } ?? .absent(origin)
    }
    var facts: [String: Fact] = [
      "target": text(action.target), "kind": text(action.kind.rawValue),
      "selector": text(action.filter.text), "ruleset": text(action.ruleset),
      "conditional": .flag(action.filter.isConditional, origin),
      "template": text(action.template), "retries": text(action.retries),
      "disk-queue": .flag(action.hasDiskQueue, origin), "position": .number(position, origin),
      "facilities": facilities(action, mask: 0xff, all: false),
      "facilities-full": facilities(action, mask: 0x7f, all: true),
    ]
    if action.kind == .forward {
      facts["protocol"] = text(action.proto)
      facts["port"] = action.port.map { .number($0, origin) }
      facts["tls"] = .flag(action.isEncrypted, origin)
      facts["auth-mode"] = text(action.authentication)
      facts["permitted-peers"] = .list(action.peers, origin)
      facts["loopback"] = .flag(isLoopback(action.target), origin)
    }
    if action.kind == .file {
      facts["mode"] = action.mode.map { .known(.mode($0), origin) }
      facts["owner"] = text(action.owner)
      facts["group"] = text(action.group)
    }
    let subject = [action.filter.text, action.kind.rawValue, action.target]
    return Row(subject.filter { !$0.isEmpty }.joined(separator: " "), facts)
  }

  private func facilities(_ action: RsyslogConfig.Action, mask: UInt8, all: Bool) -> Fact {
    if let names = action.filter.facilities(passing: mask, all: all) {
      return .list(names, action.origin)
    }
    return .unknown(
      .undetermined(
        action.origin.path ?? RsyslogConfig.path,
        Localized(
          en: "which facilities pass '\(action.filter.text)' cannot be worked out",
          de: "welche Facilities '\(action.filter.text)' durchlässt, lässt sich nicht ermitteln")))
  }

  private func row(_ input: RsyslogConfig.Input) -> Row {
    let origin = input.origin
    var facts: [String: Fact] = [
      "target": .text(input.module, origin), "kind": .text(input.kind, origin),
      "ruleset": .text(input.ruleset, origin),
      "address": input.address.map { .text($0, origin) } ?? .absent(origin),
    ]
    if ["tcp", "udp", "relp"].contains(input.kind) {
      facts["protocol"] = .text(input.kind, origin)
      facts["port"] = input.port.map { .number($0, origin) } ?? .absent(origin)
      facts["tls"] = .flag(input.isEncrypted, origin)
      facts["auth-mode"] = input.authentication.map { .text($0, origin) } ?? .absent(origin)
      facts["permitted-peers"] = .list(input.peers, origin)
      facts["loopback"] = .flag(input.address.map(isLoopback) ?? false, origin)
    }
    return Row([input.module, input.port.map(String.init) ?? ""].joined(separator: " "), facts)
  }

  private func isLoopback(_ host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    guard let address = Network(host) else { return false }
    return ["127.0.0.0/8", "::1"].contains { Network($0)?.contains(address) == true }
  }
}
