import RiegelModel
import SystemPackage

/// Observes what polkit lets whom do without the password of an administrator.
///
/// One row for each result that a rule can return, and for each result of an entry of the old local
/// authority where that is still read; one for the administrators. Rules are programs: those that
/// keep to comparisons of action, user, group and session are worked out, the others are rows that
/// are not `understood` and whose facts are unknown. `polkit(8)`, `pkla-check-authorization(8)`.
struct PolkitProbe: Probe {
  static let name = "polkit"
  static let summary = "What polkit's rules let whom do, and who counts as administrator."
  static let fields: [Field] = [
    .choice(
      "kind", ["rule", "pkla", "admin"], "A result of a rule, of an entry, or the administrators."),
    .choice(
      "result", ["yes", "no", "auth_self", "auth_self_keep", "auth_admin", "auth_admin_keep"],
      "`yes` asks for nothing, `auth_self` for the user's own password."),
    .list(
      "identities",
      "Whom it is about: `unix-user:NAME`, `unix-group:NAME`, `*` for everybody; of `admin` the"
        + " administrators."),
    .flag("people", "Whether people may be among them: all but accounts of the system."),
    .list("actions", "Which actions, with `*` at an end as a wildcard."),
    .choice(
      "session", ["active", "any"],
      "`active` if only sessions in front of the screen get it, `any` if others too."),
    .choice("source", ["local", "vendor"], "Whether the file is of /etc, or of a package."),
    .flag("understood", "Whether the rule keeps to forms that can be worked out."),
  ]
  static let keys: [Key<Self>] = [.everything("Every result, and the administrators.")]
  static let reads = PolkitConfiguration.reads + AccountDatabase.reads + LoginDefsProbe.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let configuration = try PolkitConfiguration.read(host)
    var rows: [Row] = []
    var administrators: Row?
    for script in configuration.scripts {
      for function in script.content.functions {
        let origin = Origin.line(script.path, function.line)
        if function.isAdmin {
          // The first function that returns a list decides.
          if administrators == nil { administrators = admin(function, origin, script) }
          continue
        }
        if !function.isUnderstood {
          rows.append(unknown(origin, script))
          continue
        }
        for outcome in function.outcomes {
          rows.append(row(outcome, script, host))
        }
      }
      for line in script.content.strangeLines where !script.content.readsLocalAuthority {
        rows.append(unknown(.line(script.path, line), script))
      }
    }
    for entry in configuration.entries { rows += entryRows(entry, host) }
    if let administrators { rows.append(administrators) }
    return Observation(rows: rows, gaps: configuration.gaps)
  }

  // MARK: Rows

  private func source(_ path: FilePath) -> String {
    path.starts(with: "/etc") || path.starts(with: "/usr/local")
      ? "local" : "vendor"
  }

  private func row(
    _ outcome: PolkitScript.Outcome, _ script: PolkitConfiguration.Script, _ host: Host
  ) -> Row {
    let origin = Origin.line(script.path, outcome.line)
    let reach = outcome.reach
    let identities = reach.identities?.sorted() ?? ["*"]
    return Row(
      "\(script.path.lastComponent?.string ?? ""):\(outcome.line)",
      [
        "kind": .text("rule", origin),
        "result": outcome.result.map { .text($0, origin) } ?? .absent(origin),
        "identities": .list(identities, origin),
        "people": people(identities, origin, host),
        "actions": .list(reach.actions?.sorted() ?? ["*"], origin),
        "session": .text(reach.isActive || reach.isLocal ? "active" : "any", origin),
        "source": .text(source(script.path), origin), "understood": .flag(true, origin),
      ])
  }

  private func unknown(_ origin: Origin, _ script: PolkitConfiguration.Script) -> Row {
    let reason = Fact.unknown(
      .undetermined(
        script.path,
        Localized(
          en: "a rule in JavaScript that is not worked out; read it yourself",
          de: "eine Regel in JavaScript, die nicht ausgewertet wird; bitte selbst lesen")))
    var facts: [String: Fact] = [
      "kind": .text("rule", origin), "source": .text(source(script.path), origin),
      "understood": .flag(false, origin),
    ]
    for name in ["result", "identities", "people", "actions", "session"] { facts[name] = reason }
    return Row(origin.description, facts)
  }

  private func admin(
    _ function: PolkitScript.Function, _ origin: Origin, _ script: PolkitConfiguration.Script
  ) -> Row? {
    guard function.isUnderstood else {
      var row = unknown(origin, script)
      row.facts["kind"] = .text("admin", origin)
      row.subject = "administrators"
      return row
    }
    guard let identities = function.identities else { return nil }
    return Row(
      "administrators",
      [
        "kind": .text("admin", origin), "identities": .list(identities, origin),
        "source": .text(source(script.path), origin), "understood": .flag(true, origin),
      ])
  }

  private func entryRows(_ entry: PolkitConfiguration.Entry, _ host: Host) -> [Row] {
    let identities = entry.identities.map { $0 == "unix-user:*" ? "*" : $0 }
    var rows: [Row] = []
    // Sessions that are not active are other people's screens: as bad as from anywhere.
    for (session, result) in [
      ("active", entry.active), ("any", entry.any), ("any", entry.inactive),
    ] {
      guard let result else { continue }
      let origin = entry.origin
      rows.append(
        Row(
          entry.title,
          [
            "kind": .text("pkla", origin), "result": .text(result, origin),
            "identities": .list(identities, origin), "people": people(identities, origin, host),
            "actions": .list(entry.actions, origin), "session": .text(session, origin),
            "source": .text(origin.path.map(source) ?? "local", origin),
            "understood": .flag(true, origin),
          ]))
    }
    return rows
  }

  private func people(_ identities: [String], _ origin: Origin, _ host: Host) -> Fact {
    do throws(TargetError) {
      for identity in identities {
        guard identity.hasPrefix("unix-user:") else { return .flag(true, origin) }
        let name = String(identity.dropFirst("unix-user:".count))
        let database = try AccountDatabase.read(host)
        let defs = try LoginDefs.read(host)
        // An account that is not local may be anybody's in a directory.
        guard let account = database.accounts.first(where: { $0.name == name }) else {
          if database.nss.remote("passwd").isEmpty { continue }
          return .flag(true, origin)
        }
        let kind = AccountKind(
          uid: account.uid, firstPerson: defs.number("UID_MIN") ?? 1000,
          lastPerson: defs.number("UID_MAX") ?? 60000)
        if kind == .person { return .flag(true, origin) }
      }
      return .flag(false, origin)
    } catch {
      return .unknown(error)
    }
  }
}
