import RiegelModel
import SystemPackage

/// Observes who may run what with sudo: one row for each command of each rule in force.
///
/// Aliases are put in, tags run on from one command to the next as sudo reads them, and whether a
/// password is asked follows the last tag, else `Defaults authenticate` in any scope that names the
/// row's users, hosts, target users or command. A line that sudo cannot read is a gap; so is a
/// directory service that adds rules. `sudoers(5)`.
struct SudoersProbe: Probe {
  static let name = "sudoers"
  static let summary = "Who may run what with sudo, aliases resolved and tags in force."
  static let fields: [Field] = [
    .text("user", "The users as written."),
    .list("users", "The users with aliases put in; `!` in front of those left out."),
    .choice(
      "kind", ["user", "group", "uid", "gid", "netgroup", "all", "mixed"],
      "What the resolved users are."),
    .list("hosts", "The hosts with aliases put in."),
    .list("runas", "The target users; `root` if the rule does not say."),
    .list("runas-groups", "The target groups."),
    .text("command", "The command with its arguments, aliases put in."),
    .text("path", "The command's path, `ALL`, `sudoedit` or `list`."),
    .text("arguments", "The arguments that have to be given; absent if any may."),
    .choice(
      "arguments-kind", ["any", "none", "fixed", "pattern"],
      "Whether arguments are free, forbidden, fixed or matched by a pattern."),
    .flag("all-commands", "The command is `ALL`."),
    .flag("negated", "The command is excluded with `!`."),
    .flag("directory", "The path ends in `/` and means every file inside."),
    .flag("wildcard", "Path or arguments hold a shell wildcard or a regular expression."),
    .flag("digest", "The program's checksum is checked."),
    .flag("password-required", "The person has to authenticate."),
    .flag("setenv", "`SETENV` is written; what `ALL` implies does not count."),
    .flag("noexec", "The program is kept from starting others."),
    .flag("root", "The target users include root."),
    .list(
      "system-accounts",
      "Accounts of services among the users, members of groups included; `ALL` for everybody."),
    .flag("exists", "The program is there; absent for `ALL`, `sudoedit` and `list`."),
    .flag(
      "protected",
      "The program and all folders above it belong to root, and nobody else may write to them."),
  ]
  static let keys: [Key<Self>] = [.everything("All rules: `all`.")]
  /// The programs too, wherever rules say that they are; of these only owner and mode.
  static let reads = SudoersParser.reads + SudoersUsers.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let sudoers = try SudoersParser.sudoers(on: host) else { return Observation() }
    var rows: [Row] = []
    let accounts = SudoersUsers(host)
    let programs = SudoersProgram(host)
    for grant in sudoers.grants {
      for command in sudoers.resolve(grant.command) {
        var row = row(grant, command, sudoers)
        row.facts["system-accounts"] = accounts.systemAccounts(
          sudoers.resolve(grant.users, .user), grant.origin)
        row.facts.merge(programs.facts(command, grant.origin)) { $1 }
        rows.append(row)
      }
    }
    return Observation(rows: rows, gaps: sudoers.gaps, notes: sudoers.notes)
  }

  private func row(
    _ grant: Sudoers.Grant, _ command: Sudoers.Command, _ sudoers: Sudoers
  ) -> Row {
    let origin = grant.origin
    let users = sudoers.resolve(grant.users, .user)
    let runas = runas(grant, sudoers)
    let written = grant.users.map(\.shown).joined(separator: ", ")
    let (asksPassword, source) = password(grant, command, users, runas, sudoers)
    let isPattern = command.arguments.map(SudoersProbe.hasWildcard) ?? false
    let kind =
      command.arguments == nil
      ? "any" : command.arguments == "" ? "none" : isPattern ? "pattern" : "fixed"
    let isRoot = runas.contains { !$0.isNegated && ["root", "#0", "ALL"].contains($0.text) }
    return Row(
      "\(written): \(command.isNegated ? "!" : "")\(command.text)",
      [
        "user": .text(written, origin), "users": .list(users.map(\.shown), origin),
        "kind": .text(SudoersProbe.kind(of: users), origin),
        "hosts": .list(sudoers.resolve(grant.hosts, .host).map(\.shown), origin),
        "runas": .list(runas.map(\.shown), origin),
        "runas-groups": .list(
          sudoers.resolve(grant.runasGroups, .runas).map(\.shown), origin),
        "command": .text(command.text, origin), "path": .text(command.path, origin),
        "arguments": command.arguments.map { .text($0, origin) } ?? .absent(origin),
        "arguments-kind": .text(kind, origin),
        "all-commands": .flag(command.path == "ALL", origin),
        "negated": .flag(command.isNegated, origin),
        "directory": .flag(command.path.hasPrefix("/") && command.path.hasSuffix("/"), origin),
        "wildcard": .flag(isPattern || SudoersProbe.hasWildcard(command.path), origin),
        "digest": .flag(!command.digests.isEmpty, origin),
        "password-required": .flag(asksPassword, source),
        "setenv": .flag(grant.tags["SETENV"] ?? false, origin),
        "noexec": .flag(
          !(grant.tags["EXEC"] ?? !isOn("noexec", grant, command, users, runas, sudoers)), origin),
        "root": .flag(isRoot, origin),
      ])
  }

  private func runas(_ grant: Sudoers.Grant, _ sudoers: Sudoers) -> [Sudoers.Member] {
    if let written = grant.runas { return sudoers.resolve(written, .runas) }
    // `(:group)` alone leaves the user as who asks; nothing at all is the default user.
    let preset = sudoers.defaults.last { $0.name == "runas_default" && $0.operation == .set }
    return [Sudoers.Member(text: preset?.value ?? "root", isNegated: false)]
  }

  private static func kind(of users: [Sudoers.Member]) -> String {
    let kinds = Set(
      users.map { user -> String in
        if user.text == "ALL" { return "all" }
        if user.text.hasPrefix("%#") { return "gid" }
        if user.text.hasPrefix("%") { return "group" }
        if user.text.hasPrefix("+") { return "netgroup" }
        return user.text.hasPrefix("#") ? "uid" : "user"
      })
    return kinds.count == 1 ? kinds.first ?? "mixed" : "mixed"
  }

  static func hasWildcard(_ text: String) -> Bool {
    if text.hasPrefix("^"), text.hasSuffix("$") { return true }
    var isEscaped = false
    for byte in text.utf8 {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if "*?[".utf8.contains(byte) {
        return true
      }
    }
    return false
  }

  private func password(
    _ grant: Sudoers.Grant, _ command: Sudoers.Command, _ users: [Sudoers.Member],
    _ runas: [Sudoers.Member], _ sudoers: Sudoers
  ) -> (Bool, Origin) {
    if let tag = grant.tags["PASSWD"] { return (tag, grant.origin) }
    let found = settings("authenticate", grant, command, users, runas, sudoers)
    guard let last = found.last else { return (true, grant.origin) }
    // A scope may reach only some uses of the rule: one that switches the question off is enough
    // for a finding, one that switches it on excuses only the users whom it names all.
    let off = found.last { one in
      guard one.operation == .off else { return false }
      return !found.drop { $0.origin != one.origin }.dropFirst().contains { later in
        later.operation != .off
          && (later.scope == .global || covers(later, users, sudoers))
      }
    }
    return (off == nil, off?.origin ?? last.origin)
  }

  private func covers(
    _ setting: Sudoers.Default, _ users: [Sudoers.Member], _ sudoers: Sudoers
  ) -> Bool {
    guard setting.scope == .user else { return false }
    let named = sudoers.resolve(setting.members, .user).filter { !$0.isNegated }.map(\.text)
    return users.allSatisfy { named.contains($0.text) || named.contains("ALL") }
  }

  private func isOn(
    _ name: String, _ grant: Sudoers.Grant, _ command: Sudoers.Command,
    _ users: [Sudoers.Member], _ runas: [Sudoers.Member], _ sudoers: Sudoers
  ) -> Bool {
    settings(name, grant, command, users, runas, sudoers).last?.operation == .on
  }

  /// Settings that reach some use of a rule, in sudo's order: command scopes last.
  private func settings(
    _ name: String, _ grant: Sudoers.Grant, _ command: Sudoers.Command,
    _ users: [Sudoers.Member], _ runas: [Sudoers.Member], _ sudoers: Sudoers
  ) -> [Sudoers.Default] {
    let all = sudoers.defaults.filter { setting in
      guard setting.name == name else { return false }
      switch setting.scope {
      case .global: return true
      case .host: return true
      case .user: return meets(sudoers.resolve(setting.members, .user), users)
      case .runas: return meets(sudoers.resolve(setting.members, .runas), runas)
      case .command:
        return setting.members.contains { member in
          member.text == "ALL" || command.path == "ALL"
            || sudoers.resolve(Sudoers.Command(path: member.text)).contains {
              $0.path == command.path
            }
        }
      }
    }
    return all.filter { $0.scope != .command } + all.filter { $0.scope == .command }
  }

  private func meets(_ scope: [Sudoers.Member], _ members: [Sudoers.Member]) -> Bool {
    scope.contains { one in
      !one.isNegated
        && members.contains { $0.text == one.text || $0.text == "ALL" || one.text == "ALL" }
    }
  }
}
