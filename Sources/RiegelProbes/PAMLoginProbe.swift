import RiegelModel

/// Observes what a PAM service asks of a person before it lets them in.
///
/// Every run of the `auth` stack is followed, whatever its modules return, so the answer does not
/// depend on how the stack is written: Debian's jump over `pam_deny` to a closing `pam_permit` is
/// sound, and a `sufficient pam_permit` anywhere is not.
struct PAMLoginProbe: Probe {
  static let name = "pam-login"
  static let summary = "What a PAM service asks for before it lets somebody in."
  private static let demands = ["none", "optional", "required"]
  static let fields: [Field] = [
    .text("service", "The service."),
    .flag(
      "succeeds-without-authentication",
      "Authentication can succeed though nobody proved anything; `pam_rootok` does not count."),
    .list(
      "bypassed-by",
      "Modules that let somebody in without proof, `pam_rootok` included; empty if none does."),
    .flag("denies", "Authentication can never succeed."),
    .choice("password", demands, "Whether a password (or a directory's word for it) is asked."),
    .choice("second-factor", demands, "Whether a key, code or card is asked; root left aside."),
    .list("second-factor-modules", "The modules for this that some run comes to."),
    .flag("empty-password-accepted", "An account with an empty password gets in (`nullok`)."),
    .choice(
      "lockout", ["none", "partial", "active"],
      "Whether wrong passwords are counted, locked accounts refused, and counts taken back."),
    .list("lockout-modules", "The counting modules that some run comes to."),
    .list(
      "lockout-flaws",
      "Why the lockout is only partial: `failures-not-counted`, `locked-not-refused`,"
        + " `count-not-reset`, `module-missing`."),
    .duration("delay", "How long a failed attempt waits, before libpam's random quarter."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(
      \.services,
      "Services by name or shell pattern; a service without a file of its own has no row.")
  ]
  static let reads = PAMConfiguration.reads + ["/etc/login.defs"]

  var services: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let found = try PAMServices(services, on: host)
    let files = PAMModuleFiles.of(host)
    var rows: [Row] = []
    var gaps = found.gaps
    for service in found.services {
      let auth = service.stacks[.auth] ?? []
      // A service without any auth line, such as `passwd`, lets nobody in.
      if auth.isEmpty, service.name != "other" { continue }
      let login = PAMLogin(auth: auth, account: service.stacks[.account] ?? [], files: files)
      do {
        rows.append(try row(service, login, host))
      } catch {
        gaps.append(error)
      }
    }
    return Observation(rows: rows, gaps: gaps)
  }

  private func row(
    _ service: PAMService, _ login: PAMLogin, _ host: Host
  ) throws(TargetError) -> Row {
    let file = Origin.file(service.file)
    let run = login.explore()
    let lockout = login.lockout(in: run)
    let delay = login.delay(
      in: run, failDelay: try LoginDefinitions.of(host).number("FAIL_DELAY"))
    let unclear = Fact.unknown(
      .undetermined(
        service.file,
        Localized(
          en: "depends on a PAM module that Riegel does not know",
          de: "hängt von einem PAM-Modul ab, das Riegel nicht kennt")))
    var facts: [String: Fact] = [
      "service": .text(service.name, file),
      "denies": .flag(!run.canSucceed, file),
      "password": .text(login.password(in: run).rawValue, file),
      "second-factor": .text(login.secondFactor(in: run).rawValue, file),
      "second-factor-modules": .list(login.secondFactorModules(in: run), file),
      "lockout": .text(lockout.state.rawValue, lockout.place ?? file),
      "lockout-modules": .list(lockout.modules, lockout.place ?? file),
      "lockout-flaws": .list(lockout.flaws.map(\.rawValue), lockout.place ?? file),
      "delay": .known(.duration(delay.seconds), delay.at ?? file),
    ]
    let empty = login.emptyPasswordLine
    facts["empty-password-accepted"] = .flag(empty != nil, empty?.place ?? file)
    if let bypasses = login.bypasses {
      let others = bypasses.filter { $0 != "pam_rootok" }
      let place = login.auth.first { bypasses.contains($0.module) }?.place ?? file
      facts["succeeds-without-authentication"] = .flag(!others.isEmpty, place)
      facts["bypassed-by"] = .list(bypasses, place)
    } else {
      facts["succeeds-without-authentication"] = unclear
      facts["bypassed-by"] = unclear
    }
    return Row(service.name, facts)
  }
}
