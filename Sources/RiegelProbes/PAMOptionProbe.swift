import RiegelModel

/// Observes an option of a PAM module as it takes effect, once for each line with the module.
///
/// Arguments win over the module's file, and that over the default of the installed version. There
/// is no row where the module is not in the stack, however its file may look: a setting that no
/// line reads is worth nothing.
struct PAMOptionProbe: Probe {
  static let name = "pam-option"
  static let summary = "An option of a PAM module, from arguments, its own file or its default."
  static let fields: [Field] = [
    .text("value", "The value; bare words are `true` or `false`, times are seconds."),
    .choice(
      "source", PAMSetting.Source.allCases.map(\.rawValue), "Where the value comes from."),
    .text("service", "The service."),
    .text("module", "The module."),
    .list("arguments", "All arguments of the line."),
    .flag("reachable", "Some run of the stack comes to the line."),
    .flag("binding", "Every successful run passes the line, and none in which it failed."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.option, "The option's name, such as `minlen`, `deny` or `remember`."),
    .option("module", \.module, "The module, such as `pam_pwquality`.", isRequired: true),
    .options("service", \.services, "Services by name or shell pattern; `passwd` by default."),
    .choice(
      "type", \.type, among: PAMType.allCases.map(\.rawValue), "The stack; `password` by default."),
  ]
  static let reads =
    PAMConfiguration.reads + [
      "/etc/security/*.conf", "/etc/security/pwquality.conf.d/*.conf", "/usr/etc/security/*.conf",
      "/usr/lib/security/*.conf", "/etc/passwdqc.conf", "/etc/login.defs", "/var/lib/dpkg/status",
    ]

  var option = ""
  var module = ""
  var services = ["passwd"]
  var type = "password"

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let found = try PAMServices(services, on: host)
    let type = PAMType(rawValue: type) ?? .password
    var rows: [Row] = []
    for service in found.services {
      let standings = try PAMStanding.of(service, type, on: host)
      for (index, entry) in (service.stacks[type] ?? []).enumerated()
      where entry.module == module && entry.kind == .module {
        let place = entry.place
        var facts: [String: Fact] = [
          "service": .text(service.name, .file(service.file)),
          "module": .text(module, place),
          "arguments": .list(entry.arguments, place),
          "reachable": .flag(standings[index].isReachable, place),
          "binding": .flag(standings[index].isBinding, place),
        ]
        do {
          let name = module == "pam_pwquality" ? option.lowercased() : option
          if let setting = try PAMOptions(host: host, entry: entry).setting(name) {
            facts["value"] = Fact(
              .known(.text(setting.value)), from: setting.origin, overriding: setting.overrides)
            facts["source"] = .text(setting.source.rawValue, setting.origin)
          } else {
            facts["value"] = .absent(place)
          }
        } catch {
          facts["value"] = .unknown(error)
          facts["source"] = .unknown(error)
        }
        rows.append(Row("\(service.name) \(module) \(option)", facts))
      }
    }
    return Observation(rows: rows, gaps: found.gaps)
  }
}
