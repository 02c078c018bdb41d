package import RiegelModel
import SystemPackage

/// Observes a setting of `auditd.conf(5)` as the audit daemon takes it.
///
/// The daemon is strict: key, `=` and value stand apart with blanks, a key it does not know or a
/// line it cannot split makes it refuse to start, and a line of 160 characters or more is skipped.
/// A file that it would refuse is `malformed`, for then nothing is recorded at all. Without the
/// file it runs with defaults that differ from those of the file that packages bring.
package struct AuditdProbe: Probe {
  package static let name = "auditd"
  package static let summary = "A setting of the audit daemon, or its built-in default."
  package static let fields: [Field] = [
    .text("value", "The value in force; words in lower case, for their case does not matter."),
    .number("number", "The value as a number; absent for one in percent."),
    .number("percent", "The value of `space_left` or `admin_space_left` given in percent."),
    .text("program", "The program of an action `exec`."),
  ]
  package static let keys: [Key<Self>] = [
    .subject(
      \.key,
      "The setting in lower case. Also two that are computed: `total_log_size`, which is "
        + "`max_log_file` times `num_logs` in MiB (`max_log_file` alone where nothing rotates), and "
        + "`space_left_margin`, which is `space_left` less `admin_space_left`.")
  ]
  package static let reads = ["/etc/audit/auditd.conf"]

  package var key = ""

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    let file = try AuditdFile.of(host)
    if key == "total_log_size" || key == "space_left_margin" {
      return Observation(rows: [Row(key, computed(file))])
    }
    guard let fact = file.setting(key) else { return Observation() }
    return Observation(rows: [Row(key, facts(fact))])
  }

  private func facts(_ setting: AuditdFile.Setting) -> [String: Fact] {
    let fact = { (value: Value?) in
      Fact(
        value.map(Fact.Content.known) ?? .absent, from: setting.origin,
        overriding: setting.overrides)
    }
    let percent = setting.value.hasSuffix("%") ? Int(setting.value.dropLast()) : nil
    return [
      "value": fact(.text(setting.value)),
      "number": fact(Int(setting.value).map(Value.number)),
      "percent": fact(percent.map(Value.number)),
      "program": fact(setting.option.map(Value.text)),
    ]
  }

  private func computed(_ file: AuditdFile) -> [String: Fact] {
    let isTotal = key == "total_log_size"
    guard let first = file.setting(isTotal ? "max_log_file" : "space_left"),
      let second = file.setting(isTotal ? "num_logs" : "admin_space_left"),
      let a = Int(first.value), let b = Int(second.value)
    else {
      let error = TargetError.undetermined(
        AuditdFile.path,
        Localized(
          en: "\(key) cannot be computed from values in percent",
          de: "\(key) lässt sich aus Prozentwerten nicht berechnen"))
      return ["value": .unknown(error), "number": .unknown(error), "percent": .absent()]
    }
    // With fewer than two files the daemon does not rotate, so one file is all there is.
    let (product, overflow) = a.multipliedReportingOverflow(by: max(1, b))
    let number = isTotal ? (overflow ? Int.max : product) : a.subtractingReportingOverflow(b).0
    let origin = first.origin.isBuiltIn ? second.origin : first.origin
    return ["value": .text(String(number), origin), "number": .number(number, origin)]
  }
}

/// `auditd.conf(5)`, read as the daemon reads it.
struct AuditdFile: Sendable {
  struct Setting: Sendable {
    var value: String
    /// The second word: the program of `exec`.
    var option: String?
    var origin: Origin
    var overrides: [Fact.Overridden] = []
  }

  static let path: FilePath = "/etc/audit/auditd.conf"
  private var settings: [String: Setting] = [:]

  static func of(_ host: Host) throws(TargetError) -> AuditdFile {
    try host.remember("auditd.conf") { () throws(TargetError) in try AuditdFile(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    let path = AuditdFile.path
    for line in try host.lines(of: path) ?? [] {
      // `buf[160]` holds the line's end too.
      if line.text.utf8.count >= 159 { continue }
      // Only blanks separate: a tab is part of a word.
      let words = line.text.split(separator: " ").map(String.init)
      guard let name = words.first, !name.hasPrefix("#") else { continue }
      guard words.count >= 3, words[1] == "=" else {
        throw .malformed(path, line: line.number, "blanks are needed round '='")
      }
      let key = name.lowercased()
      guard AuditdFile.known.contains(key) else {
        throw .malformed(path, line: line.number, "unknown keyword '\(name)'")
      }
      let isExec = words[2].lowercased() == "exec"
      guard words.count == 3 || (isExec && words.count == 4) else {
        throw .malformed(path, line: line.number, "too many words")
      }
      let value = AuditdFile.keepsCase.contains(key) ? words[2] : words[2].lowercased()
      let origin = Origin.line(path, line.number)
      let before = settings[key].map { $0.overrides + [.init($0.value, $0.origin)] } ?? []
      settings[key] = Setting(
        value: value, option: words.count == 4 ? words[3] : nil, origin: origin, overrides: before)
    }
    // The deprecated format switches writing off, whatever `write_logs` says.
    if let format = settings["log_format"], format.value == "nolog" {
      settings["write_logs"] = Setting(value: "no", origin: format.origin)
    }
  }

  /// nil for a key that is neither set nor has a default.
  func setting(_ key: String) -> Setting? {
    if let found = settings[key] { return found }
    guard let standard = AuditdFile.defaults[key] else { return nil }
    return Setting(value: standard, origin: .builtIn("auditd 3.0"))
  }

  private static let keepsCase: Set<String> = [
    "log_file", "log_group", "name", "action_mail_acct", "krb5_principal", "krb5_key_file",
    "plugin_dir", "dispatcher",
  ]

  /// What `auditd` has where the file says nothing; the file that packages bring says more.
  private static let defaults: [String: String] = [
    "local_events": "yes", "write_logs": "yes", "log_file": "/var/log/audit/audit.log",
    "log_group": "root", "priority_boost": "4", "num_logs": "0", "name_format": "none",
    "max_log_file": "0", "max_log_file_action": "ignore", "space_left": "0",
    "space_left_action": "ignore", "action_mail_acct": "root", "verify_email": "yes",
    "admin_space_left": "0", "admin_space_left_action": "ignore", "disk_full_action": "ignore",
    "disk_error_action": "syslog", "tcp_listen_queue": "5", "tcp_max_per_addr": "1",
    "use_libwrap": "yes", "tcp_client_max_idle": "0", "transport": "tcp",
    "distribute_network": "no", "overflow_action": "syslog", "max_restarts": "10",
    "plugin_dir": "/etc/audit/plugins.d",
  ]

  private static let known: Set<String> = Set(defaults.keys).union([
    "log_format", "flush", "freq", "name", "tcp_listen_port", "tcp_client_ports", "enable_krb5",
    "krb5_principal", "krb5_key_file", "q_depth", "end_of_event_timeout", "dispatcher", "disp_qos",
    "report_interval",
  ])
}
