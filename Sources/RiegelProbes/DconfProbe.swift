import RiegelModel
import SystemPackage

/// Observes a setting of GNOME and its kin as the system's databases of dconf give it.
///
/// A lock makes the setting one that people cannot change; without a lock their own choice comes
/// first, and what stands here is where they start from. The databases count only if the profile
/// names them and only as they were compiled. What no database sets comes from the schema and the
/// vendor's overrides. `dconf(7)`.
struct DconfProbe: Probe {
  static let name = "dconf"
  static let summary = "A desktop setting in dconf: value, lock, and whether it is compiled."
  static let fields: [Field] = [
    .text("value", "The value without quotes and type; absent if nothing gives one."),
    .number("number", "The value where it is a whole number; seconds for `idle-delay`."),
    .flag("flag", "The value where it is a truth value."),
    .list("items", "The value where it is an array."),
    .flag("locked", "Whether people cannot change it."),
    .choice("source", ["database", "schema"], "Who gives the value."),
    .text("database", "The database that gives it, such as `local`."),
    .choice(
      "compiled", DconfDatabase.State.allCases.map(\.rawValue),
      "The worst state of the profile's databases: `outdated` is older than its sources, and"
        + " `missing` was never compiled, so that its sources have no effect."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.key, "The path of the key: `/org/gnome/desktop/session/idle-delay`."),
    .option("profile", \.profile, "The profile; `user` by default, `gdm` for the login screen."),
  ]
  static let reads =
    [
      "/etc/dconf/profile/*", "/usr/local/share/dconf/profile/*", "/usr/share/dconf/profile/*",
      "/etc/dconf/db/**", "/usr/share/gdm/dconf/**", "/etc/gdm3/greeter.dconf-defaults",
      "/usr/share/gdm/greeter-dconf-defaults",
    ] + GSettingsDefaults.reads

  var key = ""
  var profile = "user"

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let profile = try DconfProfile.read(self.profile, on: host)
    let found = profile.lookUp(key)
    var facts: [String: Fact] = [
      "locked": .flag(found.lock != nil, found.lock ?? profile.path.map { .file($0) })
    ]
    let worst = profile.databases.filter { $0.hasSources || $0.state == .missing }
      .max { $0.state < $1.state }
    if let worst { facts["compiled"] = .text(worst.state.rawValue, .file(worst.file)) }
    do throws(TargetError) {
      var setting = found.setting
      if setting == nil { setting = try GSettingsDefaults.of(key, on: host) }
      if let setting {
        let fact = { (value: Value?) in
          Fact(
            value.map(Fact.Content.known) ?? .absent, from: setting.origin,
            overriding: setting.overrides)
        }
        facts["value"] = fact(.text(setting.value.text))
        facts["number"] = fact(setting.value.number.map(Value.number))
        facts["flag"] = fact(setting.value.flag.map(Value.flag))
        facts["items"] = fact(setting.value.items.map(Value.list))
        facts["source"] = .text(found.setting == nil ? "schema" : "database", setting.origin)
        facts["database"] = found.database.map { .text($0, setting.origin) } ?? .absent()
      }
    } catch {
      for name in ["value", "number", "flag", "items", "source", "database"] {
        facts[name] = .unknown(error)
      }
    }
    return Observation(rows: [Row(key, facts)])
  }
}
