package import RiegelModel

/// Observes a setting of the programs that make accounts and change passwords.
///
/// It binds new accounts only; what an existing one has stands in shadow (see `users`). Without a
/// `login.defs` there is no row, since then the programs that have the defaults are missing too.
struct LoginDefsProbe: Probe {
  static let name = "login-defs"
  static let summary = "A setting of `login.defs` that is in force, with the built-in default."
  static let fields: [Field] = [
    .text("value", "The value as written; where a number is due and none stands, the default.")
  ]
  static let keys: [Key<Self>] = [
    .subject(\.setting, "The name of the setting, such as `PASS_MAX_DAYS`.")
  ]
  static let reads = [
    "/etc/login.defs", "/usr/etc/login.defs", "/etc/login.defs.d/*.defs",
    "/usr/etc/login.defs.d/*.defs", "/etc/os-release", "/usr/lib/os-release",
  ]

  var setting = ""

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let defs = try LoginDefs.read(host)
    guard defs.isPresent, let effective = defs.effective(setting) else {
      return Observation(notes: defs.notes)
    }
    var notes = defs.notes
    if defs.isContradictory(setting) {
      notes.append(
        Note(
          en: "'\(setting)' is set more than once: the shadow programs take the last line, PAM"
            + " modules the first",
          de: "„\(setting)“ ist mehrfach gesetzt: die shadow-Programme nehmen die letzte Zeile,"
            + " PAM-Module die erste", effective.origin))
    }
    return Observation(
      rows: [
        Row(
          setting,
          [
            "value": Fact(
              .known(.text(effective.value)), from: effective.origin,
              overriding: effective.overrides)
          ])
      ], notes: notes)
  }
}
