package import RiegelModel

/// Observes the local groups: one row for each line of group, with what gshadow says of it.
struct GroupsProbe: Probe {
  static let name = "groups"
  static let summary = "The local groups with all their members and administrators."
  static let fields: [Field] = [
    .text("name", "The group's name."),
    .number("gid", "The group ID."),
    .list("members", "Everybody in it by name, those with it as primary group included."),
    .list("listed", "The members that the line itself lists."),
    .list("primary-of", "The accounts that have it as primary group."),
    .choice(
      "password", ["usable", "locked", "none"],
      "Whether a password lets others than its members join; `none` if there is none."),
    .choice(
      "hash", PasswordField.Method.allCases.map(\.rawValue),
      "How the group's password is hashed; absent without a hash."),
    .flag("gid-unique", "Whether no other name has the same group ID."),
    .flag("name-unique", "Whether no other line has the same name."),
    .list("administrators", "Who may change members and password (`gshadow`)."),
    .flag("in-gshadow", "Whether gshadow has an entry with this name."),
  ]
  static let keys: [Key<Self>] = [.everything("Every local group.")]
  static let reads = AccountDatabase.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    try host.remember("groups") { () throws(TargetError) -> Observation in
      let database = try AccountDatabase.read(host)
      let primary = Dictionary(grouping: database.accounts, by: \.gid)
      let names = Dictionary(grouping: database.groups, by: \.gid).mapValues {
        Set($0.map(\.name))
      }
      let lines = Dictionary(database.groups.map { ($0.name, 1) }, uniquingKeysWith: +)
      let rows = database.groups.map { group in
        let own = (primary[group.gid] ?? []).map(\.name)
        var members = group.members
        for name in own where !members.contains(name) { members.append(name) }
        let origin = group.origin
        let facts: [String: Fact] = [
          "name": .text(group.name, origin),
          "gid": .number(group.gid, origin),
          "members": .list(members, origin),
          "listed": .list(group.members, origin),
          "primary-of": .list(own, origin),
          "gid-unique": .flag(names[group.gid]?.count == 1, origin),
          "name-unique": .flag(lines[group.name] == 1, origin),
        ]
        return Row(group.name, facts.merging(GroupsProbe.secrets(group, database)) { $1 })
      }
      return Observation(
        rows: rows, gaps: database.groupGaps + database.accountGaps,
        notes: database.notes("group"))
    }
  }

  /// What depends on gshadow.
  private static func secrets(_ group: GroupEntry, _ database: AccountDatabase) -> [String: Fact] {
    func facts(_ field: PasswordField?, _ origin: Origin) -> [String: Fact] {
      // An empty field bars everybody but the members (gshadow(5)).
      let state = field?.state ?? .none
      return [
        "password": .text(state == .empty ? "none" : state.rawValue, origin),
        "hash": field?.method.map { .text($0.rawValue, origin) } ?? .absent(origin),
      ]
    }
    let entry: GshadowEntry?
    do {
      entry = try database.gshadow.get()?.find(group.name)
    } catch {
      let own = group.password.map { facts($0, group.origin) }
      return (own ?? ["password": .unknown(error), "hash": .unknown(error)]).merging([
        "administrators": .unknown(error), "in-gshadow": .unknown(error),
      ]) { $1 }
    }
    let origin = entry?.origin ?? group.origin
    let own = group.password.map { facts($0, group.origin) }
    return (own ?? facts(entry?.password, origin)).merging([
      "administrators": .list(entry?.administrators ?? [], origin),
      "in-gshadow": .flag(entry != nil, origin),
    ]) { $1 }
  }
}
