import RiegelModel
import SystemPackage

/// Observes a limit that pam_limits gives accounts at login, worked out account by account.
///
/// One row for root, for each local person, and for `others`: whoever has no line and no group of
/// his own, as accounts of a directory service. Whether pam_limits stands in a service's session
/// stack is to be asked of `pam`. The number of logins binds everybody but user ID 0; the type
/// (`soft`, `hard`) does not matter for it. `limits.conf(5)`, `pam_limits(8)`.
struct LimitsProbe: Probe {
  static let name = "limits"
  static let summary = "A limit of `limits.conf` in force, for root, every person and all others."
  static let fields: [Field] = [
    .number(
      "value",
      "The number of logins, or the hard limit in the unit of the file; absent if there is none."),
    .number("soft", "The soft limit in the unit of the file; absent if there is none."),
    .flag("set", "Whether a line sets it, be it to `unlimited`."),
    .choice(
      "counts", ["account", "group", "system"],
      "Whose logins a limit of logins counts: the account's, a group's, or all."),
    .text("account", "The account; `others` for those without a line or group of their own."),
    .choice("kind", ["root", "person", "others"], "What kind of account it is."),
    .flag("exempt", "Whether a line such as `alice -` frees the account of all limits."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.item, "The item, such as `maxlogins`, `nproc` or `core`.")
  ]
  static let reads =
    AccountDatabase.reads + LoginDefsProbe.reads + [
      "/etc/security/limits.conf", "/etc/security/limits.d/*.conf",
      "/usr/etc/security/limits.conf", "/usr/etc/security/limits.d/*.conf",
    ]

  var item = ""

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let limits = try Limits.read(host)
    let database = try AccountDatabase.read(host)
    let family = try OsRelease.read(host)?.family
    let defs = try LoginDefs.read(host)
    var rows: [Row] = []
    func add(_ account: LimitsAccount, _ name: String, _ kind: String) {
      let found = LimitsOfAccount(
        item.lowercased(), of: account, in: limits, sparesRoot: family == .debian)
      rows.append(row(found, name, kind, isRoot: account.uid == 0))
    }
    for entry in database.accounts {
      let kind = AccountKind(
        uid: entry.uid, firstPerson: defs.number("UID_MIN") ?? 1000,
        lastPerson: defs.number("UID_MAX") ?? 60000)
      guard kind != .system else { continue }
      var account = LimitsAccount(name: entry.name, uid: entry.uid, gid: entry.gid)
      account.groupIDs = [entry.gid]
      for group in database.groups
      where group.gid == entry.gid || group.members.contains(entry.name) {
        account.groups.insert(group.name)
        account.groupIDs.insert(group.gid)
      }
      add(account, entry.name, kind.rawValue)
    }
    add(LimitsAccount(), "others", "others")
    return Observation(
      rows: rows, gaps: database.accountGaps + database.groupGaps,
      notes: limits.notes + database.notes("passwd"))
  }

  private func row(
    _ found: LimitsOfAccount, _ name: String, _ kind: String, isRoot: Bool
  ) -> Row {
    let isLogin = item.lowercased() == "maxlogins" || item.lowercased() == "maxsyslogins"
    let limit = isLogin ? found.logins : found.hard
    func fact(_ limit: LimitsOfAccount.Limit?) -> Fact {
      guard let limit else { return .absent(found.exemption) }
      let isVoid = isLogin && (isRoot || limit.number.map { $0 < 0 } == true)
      let number = isVoid ? nil : limit.number
      return Fact(
        number.map { .known(.number($0)) } ?? .absent, from: limit.origin,
        overriding: limit.overrides)
    }
    var facts: [String: Fact] = [
      "value": fact(limit),
      "soft": isLogin ? .absent() : fact(found.soft),
      "set": .flag(limit != nil || !isLogin && found.soft != nil, limit?.origin),
      "account": .text(name),
      "kind": .text(kind),
      "exempt": .flag(found.exemption != nil, found.exemption),
    ]
    if isLogin, let limit {
      let counts =
        found.countsSystem || limit.rank == .all
        ? "system" : limit.rank == .allOfGroup ? "group" : "account"
      facts["counts"] = .text(counts, limit.origin)
    }
    return Row("\(item) of \(name)", facts)
  }
}
