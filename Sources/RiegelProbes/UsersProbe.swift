package import RiegelModel
import SystemPackage

/// Observes the local accounts: one row for each line of passwd, with what shadow says of it.
///
/// What stands in shadow is unknown, not absent, where shadow cannot be read. An account that
/// passwd sends to shadow and that has no entry there cannot log in with a password (`passwd(5)`,
/// pam_unix); its password is `none`. No hash leaves this probe.
struct UsersProbe: Probe {
  static let name = "users"
  static let summary = "The local accounts with their passwords' state, ages, groups and homes."
  static let fields: [Field] = [
    .text("name", "The account's name."),
    .number("uid", "The user ID."),
    .number("gid", "The ID of the primary group."),
    .text("group", "The name of the primary group; absent if no group has that ID."),
    .list("groups", "All groups by name, the primary one first."),
    .text("home", "The home folder; absent if none is given."),
    .text("shell", "The shell in effect: `/bin/sh` where passwd gives none."),
    .flag("shell-set", "Whether passwd gives a shell."),
    .choice(
      "kind", AccountKind.allCases.map(\.rawValue),
      "`root` has user ID 0; `person` from `UID_MIN` on, without the IDs of packages and `nobody`;"
        + " else `system`."),
    .flag(
      "login-shell",
      "Whether the shell gives a command line; `nologin`, `false`, `true`, `sync`, `shutdown` and"
        + " the like in the usual folders do not."),
    .choice(
      "password", PasswordField.State.allCases.map(\.rawValue),
      "`locked` begins with `!` or `*` or cannot be a hash; `empty` asks for none; `none` has no"
        + " entry in shadow, so that nobody gets in by password."),
    .choice("password-store", ["shadow", "passwd", "none"], "The file that holds the password."),
    .choice(
      "hash", PasswordField.Method.allCases.map(\.rawValue),
      "How the password is hashed; of a locked one, what stands after `!`; absent without a hash."),
    .number(
      "hash-cost",
      "Rounds of SHA-2 (5000 if not given), or the cost factor of yescrypt, scrypt and bcrypt;"
        + " absent for other methods."),
    .instant("last-change", "The day of the last password change; absent if not known."),
    .flag("must-change", "Whether the password has to be changed at the next login."),
    .number("min-days", "Days before a password may be changed again; absent if not set."),
    .number("max-days", "Days before a password must be changed; absent if not set or negative."),
    .number("warn-days", "Days of warning before a password ends; absent if not set."),
    .number("inactive-days", "Days after a password ended until it is refused; absent if never."),
    .instant("expires", "The day from which the account is closed; absent if never."),
    .flag("expired", "Whether the account is closed by its expiry."),
    .flag("changed-in-future", "Whether the last password change lies after the audit."),
    .flag("home-exists", "Whether the home is a folder on this host."),
    .mode("home-mode", "The permissions of the home; absent if there is none."),
    .number("home-owner", "The user ID that owns the home."),
    .flag("home-owned", "Whether the home belongs to this account."),
    .flag("home-private", "Whether the home gives nothing to others than owner and group."),
    .flag("uid-unique", "Whether no other name has the same user ID."),
    .flag("name-unique", "Whether no other line has the same name."),
    .list("duplicates", "The other names with the same user ID."),
    .flag("in-shadow", "Whether shadow has an entry with this name."),
    .instant("last-login", "The newest login in lastlog and wtmp; absent if there is none."),
    .instant(
      "last-use",
      "The last login, or for an account that never logged in the day of the last password change."),
  ]
  static let keys: [Key<Self>] = [.everything("Every local account.")]
  static let reads = AccountDatabase.reads + LoginDefsProbe.reads + LastLogins.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    try host.remember("users") { () throws(TargetError) -> Observation in
      let database = try AccountDatabase.read(host)
      let table = UserTable(database, host)
      return Observation(
        rows: database.accounts.map(table.row), gaps: database.accountGaps,
        notes: database.notes("passwd"))
    }
  }
}

/// What rows of accounts need to know of the other accounts and of the groups.
private struct UserTable {
  private let host: Host
  private let database: AccountDatabase
  private let defs: Result<LoginDefs, TargetError>
  private let groupNames: [Int: String]
  private let memberships: [String: [String]]
  private let namesByUID: [Int: [String]]
  private let linesByName: [String: Int]
  private let logins: Result<LastLogins, TargetError>

  init(_ database: AccountDatabase, _ host: Host) {
    self.host = host
    self.database = database
    defs = outcome { () throws(TargetError) in try LoginDefs.read(host) }
    groupNames = Dictionary(database.groups.map { ($0.gid, $0.name) }) { first, _ in first }
    var memberships: [String: [String]] = [:]
    for group in database.groups {
      for member in Set(group.members) { memberships[member, default: []].append(group.name) }
    }
    self.memberships = memberships
    namesByUID = Dictionary(grouping: database.accounts, by: \.uid).mapValues { $0.map(\.name) }
    linesByName = Dictionary(database.accounts.map { ($0.name, 1) }, uniquingKeysWith: +)
    logins = outcome { () throws(TargetError) in
      try LastLogins(of: database.accounts, on: host)
    }
  }

  func row(_ account: PasswdEntry) -> Row {
    let origin = account.origin
    var groups = groupNames[account.gid].map { [$0] } ?? []
    for name in memberships[account.name] ?? [] where !groups.contains(name) { groups.append(name) }
    let others = Set(namesByUID[account.uid] ?? []).subtracting([account.name]).sorted()
    let shell = account.shell.isEmpty ? "/bin/sh" : account.shell
    var facts: [String: Fact] = [
      "name": .text(account.name, origin),
      "uid": .number(account.uid, origin),
      "gid": .number(account.gid, origin),
      "group": groupNames[account.gid].map { .text($0, origin) } ?? .absent(origin),
      "groups": .list(groups, origin),
      "home": account.home.isEmpty ? .absent(origin) : .text(account.home, origin),
      "shell": .text(shell, origin),
      "shell-set": .flag(!account.shell.isEmpty, origin),
      "kind": kind(account),
      "login-shell": .flag(LoginShell.admits(shell), origin),
      "uid-unique": .flag(others.isEmpty, origin),
      "name-unique": .flag(linesByName[account.name] == 1, origin),
      "duplicates": .list(others, origin),
    ]
    facts.merge(passwordFacts(account)) { $1 }
    facts.merge(useFacts(account, facts["last-change"])) { $1 }
    facts.merge(homeFacts(account)) { $1 }
    return Row(account.name, facts)
  }

  private func kind(_ account: PasswdEntry) -> Fact {
    if account.uid == 0 { return .text(AccountKind.root.rawValue, account.origin) }
    switch defs {
    case .failure(let error): return .unknown(error)
    case .success(let defs):
      let kind = AccountKind(
        uid: account.uid, firstPerson: defs.number("UID_MIN") ?? 1000,
        lastPerson: defs.number("UID_MAX") ?? 60000)
      return .text(kind.rawValue, account.origin)
    }
  }

  // MARK: Password

  private static let ageFields = [
    "last-change", "must-change", "min-days", "max-days", "warn-days", "inactive-days", "expires",
    "expired", "changed-in-future",
  ]

  private func passwordFacts(_ account: PasswdEntry) -> [String: Fact] {
    let found = outcome { () throws(TargetError) in try database.shadowEntry(account.name) }
    let entry: ShadowEntry?
    switch found {
    case .success(let value): entry = value
    case .failure(let error):
      var names = UserTable.ageFields + ["in-shadow"]
      if account.password == nil { names += ["password", "hash", "hash-cost"] }
      var unknown = Dictionary(uniqueKeysWithValues: names.map { ($0, Fact.unknown(error)) })
      if account.password == nil {
        // The `x` of passwd says where the password is, whoever may read that file; where another
        // service answers for shadow, it does not.
        let isLocal = database.nss.sources("shadow").contains {
          NameServiceSwitch.local.contains($0)
        }
        unknown["password-store"] = isLocal ? .text("shadow", account.origin) : .unknown(error)
      }
      guard let own = account.password else { return unknown }
      return unknown.merging(UserTable.facts(own, "passwd", account.origin)) { $1 }
    }
    var facts: [String: Fact] = ["in-shadow": .flag(entry != nil, entry?.origin ?? account.origin)]
    if let own = account.password {
      facts.merge(UserTable.facts(own, "passwd", account.origin)) { $1 }
    } else if let entry {
      facts.merge(UserTable.facts(entry.password, "shadow", entry.origin)) { $1 }
    } else {
      facts.merge(UserTable.facts(.none, "none", account.origin)) { $1 }
    }
    if let entry {
      facts.merge(ageFacts(entry)) { $1 }
    } else {
      facts["must-change"] = .flag(false, account.origin)
      facts["expired"] = .flag(false, account.origin)
      facts["changed-in-future"] = .flag(false, account.origin)
    }
    return facts
  }

  private static func facts(
    _ field: PasswordField, _ store: String, _ origin: Origin
  ) -> [String: Fact] {
    [
      "password": .text(field.state.rawValue, origin),
      "password-store": .text(store, origin),
      "hash": field.method.map { .text($0.rawValue, origin) } ?? .absent(origin),
      "hash-cost": field.cost.map { .number($0, origin) } ?? .absent(origin),
    ]
  }

  private func ageFacts(_ entry: ShadowEntry) -> [String: Fact] {
    let origin = entry.origin
    let today = host.now.seconds / 86_400
    func number(_ value: Int?) -> Fact { value.map { .number($0, origin) } ?? .absent(origin) }
    func day(_ value: Int?) -> Fact {
      value.map { .known(.instant(Instant(day: $0)), origin) } ?? .absent(origin)
    }
    return [
      // Day 0 is no date but the order to change the password (shadow(5)).
      "last-change": day(entry.lastChange == 0 ? nil : entry.lastChange),
      "must-change": .flag(entry.lastChange == 0, origin),
      "min-days": number(entry.minDays),
      "max-days": number(entry.maxDays),
      "warn-days": number(entry.warnDays),
      "inactive-days": number(entry.inactiveDays),
      "expires": day(entry.expires),
      "expired": .flag(entry.expires.map { $0 <= today } ?? false, origin),
      "changed-in-future": .flag(entry.lastChange.map { $0 > today } ?? false, origin),
    ]
  }

  // MARK: Use

  private func useFacts(_ account: PasswdEntry, _ lastChange: Fact?) -> [String: Fact] {
    switch logins {
    case .failure(let error): return ["last-login": .unknown(error), "last-use": .unknown(error)]
    case .success(let logins):
      guard let login = logins[account.name] else {
        return ["last-use": lastChange ?? .absent(account.origin)]
      }
      let fact = Fact.known(.instant(login.time), login.origin)
      return ["last-login": fact, "last-use": fact]
    }
  }

  // MARK: Home

  private static let homeFields = [
    "home-exists", "home-mode", "home-owner", "home-owned", "home-private",
  ]

  private func homeFacts(_ account: PasswdEntry) -> [String: Fact] {
    guard account.home.hasPrefix("/"), !account.home.utf8.contains(0) else {
      return ["home-exists": .flag(false, account.origin)]
    }
    let path = FilePath(account.home)
    let metadata: FileMetadata?
    do {
      metadata = try host.metadata(of: path)
    } catch {
      return Dictionary(
        uniqueKeysWithValues: UserTable.homeFields.map { ($0, Fact.unknown(error)) })
    }
    let origin = Origin.file(path)
    guard let metadata, metadata.kind == .directory else {
      return ["home-exists": .flag(false, origin)]
    }
    return [
      "home-exists": .flag(true, origin),
      "home-mode": .known(.mode(metadata.mode), origin),
      "home-owner": .number(Int(metadata.user), origin),
      "home-owned": .flag(Int(metadata.user) == account.uid, origin),
      "home-private": .flag(metadata.mode & 0o007 == 0, origin),
    ]
  }
}
