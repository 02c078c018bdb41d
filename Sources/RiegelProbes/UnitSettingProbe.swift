package import RiegelModel
import SystemPackage

/// Observes one setting of units as systemd would apply it, drop-ins of every kind merged.
///
/// One row for each unit that exists; a setting that nothing sets, or that an empty assignment put
/// back, is absent. Specifiers such as `%i` stay as written.
package struct UnitSettingProbe: Probe {
  package static let name = "unit-setting"
  package static let summary = "A setting of units, after all drop-ins."
  package static let fields: [Field] = [
    .text("value", "The value in force: of a setting that takes a list, all items with blanks."),
    .list("items", "The words of all assignments since the last empty one."),
    .flag("flag", "The value as a yes or no, where it is one."),
    .text("unit", "The unit's name, aliases resolved."),
    .flag("masked", "Whether the unit is masked, so that none of its settings matter."),
  ]
  package static let keys: [Key<Self>] = [
    .subject(\.setting, "The setting, such as `NoNewPrivileges`."),
    .options("unit", \.units, "Names or shell patterns of units.", isRequired: true),
    .option("section", \.section, "The section; by default the unit type's own, `Service`."),
  ]
  package static let reads = ServiceProbe.reads

  package var setting = ""
  package var units: [String] = []
  package var section = ""

  package init() {}

  /// Settings whose assignments add up; of all others the last one counts.
  private static let lists: Set<String> = [
    "After", "AmbientCapabilities", "Before", "BindPaths", "BindReadOnlyPaths", "BindsTo",
    "CapabilityBoundingSet", "Conflicts", "DeviceAllow", "Documentation", "Environment",
    "EnvironmentFile", "ExecCondition", "ExecPaths", "ExecReload", "ExecStart", "ExecStartPost",
    "ExecStartPre", "ExecStop", "ExecStopPost", "InaccessiblePaths", "IPAddressAllow",
    "IPAddressDeny", "ListenDatagram", "ListenStream", "LoadCredential", "NoExecPaths", "OnBootSec",
    "OnCalendar", "OnFailure", "OnUnitActiveSec", "PartOf", "PassEnvironment", "PropagatesReloadTo",
    "ReadOnlyPaths", "ReadWritePaths", "Requires", "Requisite", "RestrictAddressFamilies",
    "RestrictNamespaces", "SocketBindAllow", "SocketBindDeny", "SupplementaryGroups",
    "SystemCallArchitectures", "SystemCallFilter", "SystemCallLog", "TemporaryFileSystem",
    "UnsetEnvironment", "Wants", "WantedBy", "RequiredBy", "Also", "Alias",
  ]

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    let index = try UnitIndex.of(host)
    var observation = Observation()
    var seen: Set<String> = []
    for wanted in units {
      for name in ServiceProbe.names(wanted, index) where seen.insert(name).inserted {
        do {
          guard let unit = try Unit.load(name, index, on: host) else { continue }
          observation.rows.append(row(unit))
        } catch {
          observation.gaps.append(error)
        }
      }
    }
    return observation
  }

  private func row(_ unit: Unit) -> Row {
    let isList = UnitSettingProbe.lists.contains(setting)
    let found = unit.setting(
      setting, section: section.isEmpty ? unit.ownSection : section, isList: isList)
    let origin = found.origin ?? .file(unit.entry.path)
    let value = found.effective.map(\.value).joined(separator: " ")
    let fact = { (known: Value?) in
      Fact(
        found.effective.isEmpty ? .absent : known.map(Fact.Content.known) ?? .absent, from: origin,
        overriding: found.overrides)
    }
    return Row(
      "\(setting) of \(unit.name.text)",
      [
        "value": fact(.text(value)),
        "items": fact(.list(found.items)),
        "flag": fact(systemdBoolean(value).map(Value.flag)),
        "unit": .text(unit.name.text, .file(unit.entry.path)),
        "masked": .flag(unit.install == .masked, .file(unit.entry.path)),
      ])
  }
}
