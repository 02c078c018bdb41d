import RiegelModel
import SystemPackage

/// Observes which administrators have set up the second factor that a PAM service asks for.
///
/// Administrators are the members of the groups given, by their primary group too, and whoever
/// sudoers lets run everything as root; accounts with user ID 0 are left out. A service in whose
/// `auth` stack no run comes to a second factor has no rows. What a module asks of a service
/// elsewhere cannot be seen here and counts as not collected. Of files with secrets only size and
/// place are looked at.
struct FactorEnrolmentProbe: Probe {
  static let name = "factor-enrolment"
  static let summary = "Which administrators have set up the second factor a PAM service asks for."
  static let fields: [Field] = [
    .flag("enrolled", "The account has set up one of the second factors of this service."),
    .text("name", "The account's name."),
    .text("service", "The service."),
    .list("modules", "The modules of second factors that some run of the service comes to."),
    .list("through", "What makes the account an administrator: groups, or users of sudoers."),
    .flag("login-shell", "Whether the account's shell gives a command line."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.services, "Services by name or shell pattern: `[sudo, sshd]`, `all`."),
    .options(
      "groups", \.groups, "The groups of administrators; `sudo`, `wheel` and `admin` if not given."),
  ]
  static let reads =
    PAMConfiguration.reads + SudoersParser.reads + SudoersUsers.reads + FactorFiles.reads

  var services: [String] = []
  var groups = ["sudo", "wheel", "admin"]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let found = try PAMServices(services, on: host)
    let files = PAMModuleFiles.of(host)
    var observation = Observation(gaps: found.gaps)
    var active: [(service: PAMService, factors: [PAMEntry])] = []
    for service in found.services {
      let auth = service.stacks[.auth] ?? []
      let login = PAMLogin(auth: auth, account: service.stacks[.account] ?? [], files: files)
      let factors = login.explore().reached.sorted().map { auth[$0] }.filter {
        FactorFiles.isFactor($0) && !files.isMissing($0)
      }
      if !factors.isEmpty { active.append((service, factors)) }
    }
    if active.isEmpty { return observation }
    let administrators = try administrators(host, &observation.gaps)
    let factorFiles = FactorFiles(host)
    for (service, factors) in active {
      for (account, through) in administrators {
        let origin = account.origin
        observation.rows.append(
          Row(
            "\(service.name) \(account.name)",
            [
              "enrolled": factorFiles.enrolment(of: account, factors),
              "name": .text(account.name, origin),
              "service": .text(service.name, .file(service.file)),
              "modules": .list(unique(factors.map(\.module)), factors[0].place),
              "through": .list(through, origin),
              "login-shell": .flag(
                LoginShell.admits(account.shell.isEmpty ? "/bin/sh" : account.shell), origin),
            ]))
      }
    }
    return observation
  }

  private func administrators(
    _ host: Host, _ gaps: inout [TargetError]
  ) throws(TargetError) -> [(PasswdEntry, [String])] {
    let database = try AccountDatabase.read(host)
    gaps += database.accountGaps + database.groupGaps
    var reasons: [String: [String]] = [:]
    for group in database.groups where groups.contains(group.name) {
      for account in database.accounts
      where account.gid == group.gid || group.members.contains(account.name) {
        reasons[account.name, default: []].append(group.name)
      }
    }
    do {
      try addSudoers(database, host, &reasons, &gaps)
    } catch {
      gaps.append(error)
    }
    return database.accounts.filter { $0.uid != 0 }.compactMap { account in
      reasons[account.name].map { (account, unique($0)) }
    }
  }

  /// Whoever may run everything as root; a rule that takes commands away again gives no less.
  private func addSudoers(
    _ database: AccountDatabase, _ host: Host, _ reasons: inout [String: [String]],
    _ gaps: inout [TargetError]
  ) throws(TargetError) {
    guard let sudoers = try SudoersParser.sudoers(on: host) else { return }
    gaps += sudoers.gaps
    let users = SudoersUsers(host)
    for grant in sudoers.grants {
      let commands = sudoers.resolve(grant.command)
      guard commands.contains(where: { $0.path == "ALL" && !$0.isNegated }) else { continue }
      let runas = grant.runas.map { sudoers.resolve($0, .runas) }
      let isRoot =
        runas.map { $0.contains { !$0.isNegated && ["root", "#0", "ALL"].contains($0.text) } }
        ?? true
      guard isRoot else { continue }
      do {
        for (name, through) in try users.accounts(sudoers.resolve(grant.users, .user)) {
          reasons[name, default: []].append(through)
        }
      } catch {
        if !gaps.contains(error) { gaps.append(error) }
      }
    }
  }
}
