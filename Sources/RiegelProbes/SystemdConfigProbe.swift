package import RiegelModel
import SystemPackage

/// Observes a setting of one of systemd's daemons, main file and drop-ins merged.
///
/// A setting that nothing sets shows the built-in default. Where distributions build systemd with
/// different defaults (`LLMNR=`, `KillUserProcesses=`), nobody can tell, and the fact says so.
package struct SystemdConfigProbe: Probe {
  package static let name = "systemd-config"
  package static let summary = "A setting of systemd's daemons, after drop-ins, or its default."
  package static let fields = SystemdConfigProbe.declaredFields
  package static let keys: [Key<Self>] = [
    .choice(nil, \.file, among: SystemdConfig.names, "Whose file: `logind` for `logind.conf`."),
    .option("key", \.key, "The setting, such as `IdleAction`.", isRequired: true),
    .option("section", \.section, "The section; by default the file's main one."),
  ]
  package static let reads = [
    "/{etc,run,usr/local/lib,usr/lib,lib}/systemd/*.conf",
    "/{etc,run,usr/local/lib,usr/lib,lib}/systemd/*.conf.d/*.conf",
  ]

  static let declaredFields: [Field] = [
    .text("value", "The value in force, as written."),
    .list("items", "The words of a setting that collects items, since the last empty assignment."),
    .flag("flag", "The value as yes or no, where it is one."),
    .number("bytes", "The value in bytes, where it is a size such as `512M`."),
    .duration("duration", "The value as a time span, where it is one; plain numbers are seconds."),
  ]

  package var file = ""
  package var key = ""
  package var section = ""

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    try SystemdConfigProbe.observe(
      key, in: file, section: section.isEmpty ? SystemdDefaults.section(of: file) : section, host)
  }

  static func observe(
    _ key: String, in file: String, section: String, _ host: Host
  ) throws(TargetError) -> Observation {
    let config = try SystemdConfig.of(file, on: host)
    let found = SystemdSetting(
      key, section: section, in: config.assignments, isList: SystemdDefaults.lists.contains(key))
    if let value = found.value {
      let text = found.effective.count > 1 ? found.items.joined(separator: " ") : value
      return Observation(rows: [
        row(key, text, found.items, found.origin ?? .builtIn("systemd"), found.overrides)
      ])
    }
    let origin = Origin.builtIn("systemd default")
    switch SystemdDefaults.of(key, in: file) {
    case nil: return Observation()
    case .value(let value)?:
      return Observation(rows: [row(key, value, value[...].words, origin, found.overrides)])
    case .unset?:
      let absent = Fact(.absent, from: origin, overriding: found.overrides)
      return Observation(rows: [
        Row(key, Dictionary(uniqueKeysWithValues: declaredFields.map { ($0.name, absent) }))
      ])
    case .varies?:
      let unknown = Fact.unknown(
        .undetermined(
          FilePath("/etc/systemd").appending(file + ".conf"),
          Localized(
            en: "\(key) is not set, and its default depends on how systemd was built",
            de: "\(key) ist nicht gesetzt, und der Vorgabewert hängt vom Bau von systemd ab")))
      return Observation(rows: [
        Row(key, Dictionary(uniqueKeysWithValues: declaredFields.map { ($0.name, unknown) }))
      ])
    }
  }

  private static func row(
    _ key: String, _ value: String, _ items: [String], _ origin: Origin,
    _ overrides: [Fact.Overridden]
  ) -> Row {
    let fact = { (known: Value?) in
      Fact(known.map(Fact.Content.known) ?? .absent, from: origin, overriding: overrides)
    }
    return Row(
      key,
      [
        "value": fact(.text(value)), "items": fact(.list(items)),
        "flag": fact(systemdBoolean(value).map(Value.flag)),
        "bytes": fact(systemdSize(value).map(Value.number)),
        "duration": fact(systemdSeconds(value).map(Value.duration)),
      ])
  }
}
