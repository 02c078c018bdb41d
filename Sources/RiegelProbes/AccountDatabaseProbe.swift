package import RiegelModel
import SystemPackage

/// Observes where passwd, shadow, group and gshadow break their format or do not fit each other.
///
/// `pwck(8)` and `grpck(8)` look for the same. A sound host has no row.
struct AccountDatabaseProbe: Probe {
  static let name = "account-database"
  static let summary = "Lines of the account files that are wrong or fit no other file."
  static let fields: [Field] = [
    .choice(
      "kind", AccountDefect.Kind.allCases.map(\.rawValue),
      "What is wrong: `malformed` (no reader takes the line), `fields` (their number), `nis-entry`"
        + " (`+` or `-`), `duplicate-name`, `no-shadow-entry`, `no-account` (an entry of shadow),"
        + " `no-primary-group`, `no-gshadow-entry`, `no-group` (an entry of gshadow),"
        + " `unknown-member`, `members-differ` (group and gshadow)."),
    .text("name", "The account or group that the line is about."),
    .text("file", "The file that holds the line."),
    .text("detail", "What is wrong, in English; never anything of a password."),
  ]
  static let keys: [Key<Self>] = [.everything("All four files.")]
  static let reads = AccountDatabase.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    try host.remember("account-database") { () throws(TargetError) -> Observation in
      let database = try AccountDatabase.read(host)
      var gaps: [TargetError] = []
      if case .failure(let error) = database.shadow { gaps.append(error) }
      if case .failure(let error) = database.gshadow { gaps.append(error) }
      let defects = database.defects + AccountDatabaseProbe.disagreements(database)
      return Observation(
        rows: defects.map { defect in
          let origin = Origin.line(defect.path, defect.line)
          return Row(
            "\(defect.kind.rawValue) \(defect.name)",
            [
              "kind": .text(defect.kind.rawValue, origin),
              "name": .text(defect.name, origin),
              "file": .text(printable(defect.path), origin),
              "detail": .text(defect.detail, origin),
            ])
        }, gaps: gaps)
    }
  }

  private static func disagreements(_ database: AccountDatabase) -> [AccountDefect] {
    var found = duplicates(database.accounts) + duplicates(database.groups)
    let accounts = Set(database.accounts.map(\.name))
    let groups = Set(database.groups.map(\.name))
    let groupIDs = Set(database.groups.map(\.gid))
    for account in database.accounts where !groupIDs.contains(account.gid) {
      found.append(
        defect(.noPrimaryGroup, account, "has the primary group \(account.gid), which is not there")
      )
    }
    if case .success(let shadow) = database.shadow {
      for account in database.accounts where account.password == nil {
        if shadow?.byName[account.name] == nil {
          found.append(defect(.noShadowEntry, account, "points to shadow, which has no such entry"))
        }
      }
      found += duplicates(shadow?.entries ?? [])
      for entry in shadow?.entries ?? [] where !accounts.contains(entry.name) {
        found.append(defect(.noAccount, entry, "belongs to no account in passwd"))
      }
    }
    // With a directory, members may have their account there.
    if database.nss.remote("passwd").isEmpty {
      for group in database.groups {
        for member in group.members where !accounts.contains(member) {
          found.append(defect(.unknownMember, group, "has the member \(member), who is no account"))
        }
      }
    }
    // Not every distribution has a gshadow.
    if case .success(let gshadow?) = database.gshadow {
      for group in database.groups {
        guard let entry = gshadow.byName[group.name] else {
          found.append(defect(.noGshadowEntry, group, "has no entry in gshadow"))
          continue
        }
        if Set(entry.members) != Set(group.members) {
          found.append(defect(.membersDiffer, entry, "has other members than group says"))
        }
      }
      found += duplicates(gshadow.entries)
      for entry in gshadow.entries where !groups.contains(entry.name) {
        found.append(defect(.noGroup, entry, "belongs to no group"))
      }
    }
    return found
  }

  private static func duplicates(_ entries: [some AccountEntry]) -> [AccountDefect] {
    var first: [String: Int] = [:]
    return entries.compactMap { entry in
      guard let line = first[entry.name] else {
        first[entry.name] = entry.line
        return nil
      }
      return defect(.duplicateName, entry, "stands on line \(line) already, which hides this one")
    }
  }

  private static func defect(
    _ kind: AccountDefect.Kind, _ entry: some AccountEntry, _ detail: String
  ) -> AccountDefect {
    AccountDefect(kind, entry.name, entry.path, entry.line, detail)
  }
}
