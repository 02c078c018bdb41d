import RiegelModel
import SystemPackage

/// Observes a setting of sudo: its value for everybody, and one row for each scope that changes it.
///
/// Lists add up over `+=` and `-=`. What sudo has built in depends on its version, such as `use_pty`
/// since 1.9.14. Where no sudoers file is there is no row. `sudoers(5)`, "SUDOERS OPTIONS".
struct SudoDefaultProbe: Probe {
  static let name = "sudo-default"
  static let summary = "A setting of sudo, for everybody and in each scope that changes it."
  static let fields: [Field] = [
    .text("value", "The value; flags are `true` or `false`, and so is what is switched off."),
    .choice(
      "scope", Sudoers.Default.Scope.allCases.map(\.rawValue), "For whom or what it counts."),
    .text("for", "The members of the scope as written; absent for everybody."),
    .list("items", "A list's items that the configuration gives; what is built in is left out."),
    .duration("duration", "Settings in minutes or seconds; absent where it is for ever."),
    .flag("set", "The configuration sets it; otherwise it is built in."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.setting, "The setting's name, such as `use_pty` or `timestamp_timeout`.")
  ]
  static let reads = SudoersParser.reads

  var setting = ""

  private struct Current {
    var value: Fact.Content = .absent
    var items: [String] = []
    var origin: Origin?
    var overrides: [Fact.Overridden] = []
    var isSet = false
  }

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let sudoers = try SudoersParser.sudoers(on: host) else { return Observation() }
    let preset = try preset(host)
    var global = preset
    let relevant = sudoers.defaults.compactMap(normalised)
    for one in relevant where one.scope == .global { apply(one, to: &global) }
    var rows = [row(global, nil, sudoers)]
    var scopes: [(Sudoers.Default, Current)] = []
    for one in relevant where one.scope != .global {
      if let index = scopes.firstIndex(where: {
        $0.0.scope == one.scope && $0.0.members == one.members
      }) {
        apply(one, to: &scopes[index].1)
      } else {
        var current = global
        apply(one, to: &current)
        scopes.append((one, current))
      }
    }
    rows += scopes.map { row($0.1, $0.0, sudoers) }
    return Observation(rows: rows, gaps: sudoers.gaps, notes: sudoers.notes)
  }

  /// The old name of `timestamp_type` counts for the new one.
  private func normalised(_ one: Sudoers.Default) -> Sudoers.Default? {
    if one.name == setting { return one }
    guard setting == "timestamp_type", one.name == "tty_tickets" else { return nil }
    var other = one
    other.name = setting
    other.operation = .set
    other.value = one.operation == .off ? "global" : "tty"
    return other
  }

  private func apply(_ one: Sudoers.Default, to current: inout Current) {
    let words = one.value.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
    if current.isSet, case .known(let value) = current.value, let origin = current.origin {
      current.overrides.append(.init(value.description, origin))
    }
    let isNumber = SudoDefaultProbe.minutes.contains(setting)
    switch one.operation {
    case .on: current.value = .known(.text("true"))
    case .off:
      current.value = .known(.text(isNumber ? "0" : "false"))
      current.items = []
    case .set:
      current.value = .known(.text(one.value))
      current.items = words
    case .add:
      current.items += words.filter { !current.items.contains($0) }
      current.value = .known(.text(current.items.joined(separator: " ")))
    case .remove:
      current.items.removeAll { words.contains($0) }
      current.value = .known(.text(current.items.joined(separator: " ")))
    }
    current.origin = one.origin
    current.isSet = true
  }

  private func row(_ current: Current, _ scope: Sudoers.Default?, _ sudoers: Sudoers) -> Row {
    let members = scope.map { $0.members.map(\.shown).joined(separator: ", ") }
    let kind = scope?.scope ?? .global
    var duration = Fact.absent(current.origin)
    if case .known(.text(let text)) = current.value, let seconds = seconds(text) {
      duration = .known(.duration(seconds), current.origin)
    } else if case .unknown(let error) = current.value {
      duration = .unknown(error)
    }
    return Row(
      members.map { "\(setting) for \($0)" } ?? setting,
      [
        "value": Fact(current.value, from: current.origin, overriding: current.overrides),
        "scope": .text(kind.rawValue, current.origin),
        "for": members.map { .text($0, scope?.origin) } ?? .absent(),
        "items": .list(current.items, current.origin), "duration": duration,
        "set": .flag(current.isSet, current.origin),
      ])
  }

  private static let minutes: Set<String> = ["timestamp_timeout", "passwd_timeout"]

  /// Minutes may have a fraction; a negative time never ends.
  private func seconds(_ text: String) -> Int? {
    if setting == "command_timeout" { return DurationText.parse(text) }
    guard SudoDefaultProbe.minutes.contains(setting), let minutes = Double(text), minutes >= 0,
      minutes < 1e9
    else { return nil }
    return Int(minutes * 60)
  }

  private static let presets: [String: String] = [
    "env_reset": "true", "authenticate": "true", "timestamp_timeout": "15",
    "passwd_timeout": "5", "timestamp_type": "tty", "passwd_tries": "3", "rootpw": "false",
    "targetpw": "false", "runaspw": "false", "visiblepw": "false", "pwfeedback": "false",
    "setenv": "false", "noexec": "false", "requiretty": "false", "log_input": "false",
    "log_output": "false", "root_sudo": "true", "insults": "false", "runas_default": "root",
    "syslog": "authpriv", "closefrom": "3", "log_allowed": "true", "log_denied": "true",
    "umask": "0022", "verifypw": "all", "listpw": "any", "shell_noargs": "false",
    "set_home": "false", "always_set_home": "false", "path_info": "true", "pam_session": "true",
    "pam_acct_mgmt": "true", "pam_service": "sudo", "match_group_by_gid": "false",
    "ignore_local_sudoers": "false", "closefrom_override": "false", "fast_glob": "false",
    "sudoedit_checkdir": "true", "sudoedit_follow": "false", "iolog_dir": "/var/log/sudo-io",
    "ignore_audit_errors": "true", "ignore_logfile_errors": "true", "mail_badpass": "false",
  ]

  private func preset(_ host: Host) throws(TargetError) -> Current {
    var current = Current()
    let versions = try DpkgVersions.of(host)
    let version = versions["sudo"] ?? versions["sudo-ldap"]
    let label = version.map { "sudo \($0.upstream)" } ?? "sudo"
    if setting == "use_pty" {
      if let version, let bound = DebianVersion("1.9.14") {
        current.value = .known(.text(version.compare(bound) >= 0 ? "true" : "false"))
        current.origin = .builtIn(label)
      } else {
        current.value = .unknown(
          .undetermined(
            "/etc/sudoers",
            Localized(
              en: "the default of use_pty depends on the version of sudo",
              de: "der Vorgabewert von use_pty hängt von der Version von sudo ab")))
      }
    } else if setting == "passwd_timeout", version != nil {
      // Debian builds sudo without this limit.
      current.value = .known(.text("0"))
      current.origin = .builtIn(label)
    } else if let value = SudoDefaultProbe.presets[setting] {
      current.value = .known(.text(value))
      current.origin = .builtIn(label)
    }
    return current
  }
}
