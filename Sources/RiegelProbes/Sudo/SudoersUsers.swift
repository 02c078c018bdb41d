import RiegelModel
import SystemPackage

/// Which accounts of services a rule's users take in.
///
/// Members of groups are those that the local files name, and accounts whose primary group it is.
/// A netgroup is known to a directory alone.
struct SudoersUsers {
  static let reads = AccountDatabase.reads + ["/etc/login.defs"]

  private let database: Result<AccountDatabase, TargetError>
  /// The first and last user ID of people.
  private let people: Result<(first: Int, last: Int), TargetError>

  init(_ host: Host) {
    database = outcome { () throws(TargetError) in try AccountDatabase.read(host) }
    people = outcome { () throws(TargetError) in
      let defs = try LoginDefs.read(host)
      return (defs.number("UID_MIN") ?? 1000, defs.number("UID_MAX") ?? 60000)
    }
  }

  /// The names of accounts of services among users; `ALL` if the rule is for everybody.
  func systemAccounts(_ users: [Sudoers.Member], _ origin: Origin) -> Fact {
    do throws(TargetError) {
      let database = try database.get()
      let people = try people.get()
      var found: [String] = []
      var leftOut: Set<String> = []
      for user in users {
        let names = try names(user, database, people)
        if user.isNegated {
          leftOut.formUnion(names)
        } else {
          found += names.filter { !found.contains($0) }
        }
      }
      return .list(found.filter { !leftOut.contains($0) }, origin)
    } catch {
      return .unknown(error)
    }
  }

  private func names(
    _ user: Sudoers.Member, _ database: AccountDatabase, _ people: (first: Int, last: Int)
  ) throws(TargetError) -> [String] {
    func isSystem(_ account: PasswdEntry) -> Bool {
      AccountKind(uid: account.uid, firstPerson: people.first, lastPerson: people.last) == .system
    }
    if user.text == "ALL" { return ["ALL"] }
    return try accounts(user, database).filter(isSystem).map(\.name)
  }

  /// The names of all local accounts among users, each with what in the list names it.
  func accounts(
    _ users: [Sudoers.Member]
  ) throws(TargetError) -> [(name: String, through: String)] {
    let database = try database.get()
    var found: [(name: String, through: String)] = []
    for user in users {
      let names =
        user.text == "ALL"
        ? database.accounts.map(\.name) : try accounts(user, database).map(\.name)
      // Of a list the last member that names somebody counts.
      found.removeAll { names.contains($0.name) }
      if !user.isNegated { found += names.map { ($0, user.text) } }
    }
    return found
  }

  private func accounts(
    _ user: Sudoers.Member, _ database: AccountDatabase
  ) throws(TargetError) -> [PasswdEntry] {
    let text = user.text
    if text.hasPrefix("+") {
      throw .remote(
        NameServiceSwitch.path,
        Localized(
          en: "who belongs to the netgroup \(text.dropFirst()) is not in this tree",
          de: "wer zur Netzgruppe \(text.dropFirst()) gehört, steht nicht in diesem Baum"))
    }
    let accounts: [PasswdEntry]
    if text.hasPrefix("%") {
      let name = text.dropFirst()
      let group = database.groups.first { group in
        name.hasPrefix("#") ? Int(name.dropFirst()) == group.gid : group.name == name
      }
      guard let group else {
        try requireLocal(text, "group", database)
        return []
      }
      accounts = database.accounts.filter {
        $0.gid == group.gid || group.members.contains($0.name)
      }
    } else if text.hasPrefix("#") {
      accounts = database.accounts.filter { $0.uid == Int(text.dropFirst()) }
    } else {
      accounts = database.accounts.filter { $0.name == text }
    }
    if accounts.isEmpty, !text.hasPrefix("%") { try requireLocal(text, "passwd", database) }
    return accounts
  }

  /// What no local file names may be a directory's, of which nothing is known here.
  private func requireLocal(
    _ name: String, _ kind: String, _ database: AccountDatabase
  ) throws(TargetError) {
    let remote = database.nss.remote(kind)
    guard !remote.isEmpty else { return }
    let names = remote.joined(separator: ", ")
    throw .remote(
      NameServiceSwitch.path,
      Localized(
        en: "what \(name) is, only \(names) may know",
        de: "was \(name) ist, weiß allenfalls \(names)"))
  }
}
