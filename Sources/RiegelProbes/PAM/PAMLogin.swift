import RiegelModel

/// What an `auth` stack asks of a person, worked out from every possible run of it.
///
/// Runs are those of a person who is not root: `pam_rootok` fails, except where the question is who
/// gets in without proof.
struct PAMLogin: Sendable {
  enum Demand: String, Sendable { case none, optional, required }
  enum Lockout: String, Sendable { case none, partial, active }

  let auth: [PAMEntry]
  let account: [PAMEntry]
  let files: PAMModuleFiles

  /// Marks of a run.
  private enum Mark {
    static let password: UInt16 = 1
    static let token: UInt16 = 2
    static let unknown: UInt16 = 4
    static let wrongPassword: UInt16 = 8
    static let counted: UInt16 = 16
    static let asked: UInt16 = 32
    static let checked: UInt16 = 64
    static let biometric: UInt16 = 128
    static let reset: UInt16 = 256
    static let uncountedAttempt: UInt16 = 512
    static let emptyPassword: UInt16 = 1024
    static let proof = password | token | biometric
  }

  private func codes(_ entry: PAMEntry) -> [PAMCode] {
    files.codes(of: entry)
  }

  /// Results of a person's run, each proof marked.
  private func ordinary(_ entry: PAMEntry) -> [PAMEvaluation.Choice] {
    let mark: UInt16
    switch PAMModule.role(of: entry.module) {
    case .password: mark = Mark.password
    case .token: mark = Mark.token
    case .biometric: mark = Mark.biometric
    case .unknown: mark = Mark.unknown
    case .condition where entry.module == "pam_rootok": return [.init(.authErr)]
    case .condition, .side, .lockout: return codes(entry).map { .init($0) }
    }
    var choices: [PAMEvaluation.Choice] = []
    for code in codes(entry) {
      if code == .success {
        choices.append(.init(code, marks: mark))
      } else if code == .ignore, mark == Mark.token, !PAMModule.excusesUnenrolled(entry) {
        continue
      } else {
        choices.append(.init(code))
      }
    }
    if mark == Mark.token, PAMModule.excusesUnenrolled(entry) { choices.append(.init(.success)) }
    return choices
  }

  private var evaluation: PAMEvaluation { PAMEvaluation(auth) }

  /// Every run of somebody who is not root.
  func explore() -> PAMEvaluation.Exploration {
    evaluation.explore { _, entry in ordinary(entry) }
  }

  /// The names of modules that let somebody in without any proof, `pam_rootok` among them;
  /// empty if nobody gets in so. nil if that hangs on a module that is not known here.
  var bypasses: [String]? {
    func unproven(_ conditions: (PAMEntry) -> Bool, unknownsPass: Bool) -> Bool {
      let run = evaluation.explore { _, entry in
        switch PAMModule.role(of: entry.module) {
        case .password, .token, .biometric:
          var choices = codes(entry).filter { $0 != .success }.map { PAMEvaluation.Choice($0) }
          if PAMModule.excusesUnenrolled(entry), PAMModule.role(of: entry.module) == .token {
            choices.append(.init(.success))
          }
          return choices
        case .unknown where !unknownsPass:
          return codes(entry).filter { $0 != .success }.map { .init($0) }
        case .condition where !conditions(entry):
          return codes(entry).filter { $0 != .success && $0 != .ignore }.map { .init($0) }
        default: return codes(entry).map { .init($0) }
        }
      }
      return run.canSucceed
    }
    guard unproven({ _ in true }, unknownsPass: false) else {
      return unproven({ _ in true }, unknownsPass: true) ? nil : []
    }
    let conditions = unique(
      auth.filter { PAMModule.role(of: $0.module) == .condition }.map(\.module))
    if unproven({ _ in false }, unknownsPass: false) {
      return unique(
        auth.filter { entry in
          entry.kind == .module && codes(entry).contains(.success)
            && [.side, .lockout, .token].contains(PAMModule.role(of: entry.module))
        }.map(\.module))
    }
    // Where nobody gets in once pam_rootok fails, the others only stand on root's own way.
    guard unproven({ $0.module != "pam_rootok" }, unknownsPass: false) else {
      return ["pam_rootok"]
    }
    let alone = conditions.filter { name in unproven({ $0.module == name }, unknownsPass: false) }
    return alone.contains { $0 != "pam_rootok" } ? alone : conditions
  }

  func demand(_ mark: UInt16, in run: PAMEvaluation.Exploration) -> Demand {
    guard run.succeeds(where: { $0 & mark != 0 }) else { return .none }
    return run.succeeds(where: { $0 & mark == 0 }) ? .optional : .required
  }

  func password(in run: PAMEvaluation.Exploration) -> Demand { demand(Mark.password, in: run) }
  func secondFactor(in run: PAMEvaluation.Exploration) -> Demand { demand(Mark.token, in: run) }

  /// Second-factor modules that some run comes to.
  func secondFactorModules(in run: PAMEvaluation.Exploration) -> [String] {
    unique(
      run.reached.sorted().map { auth[$0].module }.filter { PAMModule.role(of: $0) == .token })
  }

  /// A line through which an empty password opens the stack.
  var emptyPasswordLine: PAMEntry? {
    func acceptsEmpty(_ entry: PAMEntry) -> Bool {
      entry.module == "pam_unix" && (entry.has("nullok") || entry.has("nullok_secure"))
    }
    guard auth.contains(where: acceptsEmpty) else { return nil }
    let run = evaluation.explore { _, entry in
      if acceptsEmpty(entry) {
        return [.init(.success, marks: Mark.emptyPassword), .init(.authErr)]
      }
      return ordinary(entry)
    }
    guard run.succeeds(where: { $0 & Mark.emptyPassword != 0 }) else { return nil }
    return auth.first(where: acceptsEmpty)
  }

  /// How long a failed attempt is kept waiting, in seconds.
  func delay(in run: PAMEvaluation.Exploration, failDelay: Int?) -> (seconds: Int, at: Origin?) {
    var longest = (seconds: 0, at: Origin?.none)
    for index in run.reached.sorted() {
      let entry = auth[index]
      if files.isMissing(entry) { continue }
      let seconds: Int
      switch entry.module {
      case "pam_unix": seconds = entry.has("nodelay") ? 0 : 2
      case "pam_faildelay":
        seconds = entry.argument("delay").flatMap(Int.init).map { $0 / 1_000_000 } ?? failDelay ?? 0
      default: continue
      }
      if seconds > longest.seconds { longest = (seconds, entry.place) }
    }
    return longest
  }
}

extension PAMLogin {
  struct LockoutFinding: Sendable {
    var state: Lockout
    var modules: [String]
    var flaws: [Flaw]
    var place: Origin?
  }

  /// Why failures may go on for ever though a lockout module is there.
  enum Flaw: String, Sendable, CaseIterable {
    case notCounted = "failures-not-counted"
    case notRefused = "locked-not-refused"
    case notReset = "count-not-reset"
    case noModule = "module-missing"
  }

  /// Whether a wrong password is counted on every run, a locked account refused on every run, and
  /// the count taken back after a success.
  func lockout(in run: PAMEvaluation.Exploration) -> LockoutFinding {
    let present = run.reached.sorted().map { auth[$0] }.filter {
      PAMModule.role(of: $0.module) == .lockout
    }
    guard let first = present.first else {
      return LockoutFinding(state: .none, modules: [], flaws: [], place: nil)
    }
    var flaws: [Flaw] = []
    if present.allSatisfy({ files.isMissing($0) }) { flaws.append(.noModule) }
    if !countsEveryFailure { flaws.append(.notCounted) }
    if !refusesLocked { flaws.append(.notRefused) }
    if !resetsCount { flaws.append(.notReset) }
    return LockoutFinding(
      state: flaws.isEmpty ? .active : .partial, modules: unique(present.map(\.module)),
      flaws: flaws, place: first.place)
  }

  /// pam_faillock counts in its `authfail` line, which has to be met after the wrong password; the
  /// others count when they are passed on the way to the password.
  private var countsEveryFailure: Bool {
    let run = evaluation.explore { _, entry in
      switch PAMModule.role(of: entry.module) {
      case .password:
        return [
          .init(.success, marks: Mark.password | Mark.asked),
          .init(.authErr, marks: Mark.wrongPassword | Mark.asked),
        ]
      case .lockout where entry.module == "pam_faillock":
        guard entry.has("authfail"), !files.isMissing(entry) else {
          return [.init(.success), .init(.ignore)]
        }
        return [.init(.ignore, marks: Mark.counted), .init(.authErr, marks: Mark.counted)]
      case .lockout:
        return files.isMissing(entry)
          ? [.init(.moduleUnknown)]
          : [.init(.success, marks: Mark.counted), .init(.ignore, marks: Mark.counted)]
      // Nothing else fails, so that only the wrong password decides the way.
      case .side, .condition:
        let codes = codes(entry)
        let mild = codes.filter { $0 == .success || $0 == .ignore }
        return (mild.isEmpty || PAMModule.role(of: entry.module) == .condition ? codes : mild)
          .map { .init($0) }
      default: return ordinary(entry)
      }
    }
    return !run.endings.contains {
      !$0.succeeds && $0.marks & Mark.wrongPassword != 0 && $0.marks & Mark.counted == 0
        && $0.marks & Mark.password == 0
    }
  }

  /// With every check of the lockout module saying "locked", the right password must not help.
  private var refusesLocked: Bool {
    let run = evaluation.explore { _, entry in
      PAMModule.role(of: entry.module) == .lockout
        ? [.init(files.isMissing(entry) ? .moduleUnknown : .authErr)] : ordinary(entry)
    }
    return !run.canSucceed
  }

  /// pam_faillock forgets failures in its account line or in `authsucc`; the others do it when
  /// credentials are set.
  private var resetsCount: Bool {
    guard auth.contains(where: { $0.module == "pam_faillock" }) else { return true }
    if account.contains(where: { $0.module == "pam_faillock" && $0.kind == .module }) {
      let run = PAMEvaluation(account).explore { _, entry in
        let codes = files.codes(of: entry)
        return codes.map {
          .init($0, marks: entry.module == "pam_faillock" ? Mark.reset : 0)
        }
      }
      return !run.succeeds(where: { $0 & Mark.reset == 0 })
    }
    let run = evaluation.explore { _, entry in
      if entry.module == "pam_faillock", entry.has("authsucc") {
        return codes(entry).map { .init($0, marks: Mark.reset) }
      }
      return ordinary(entry)
    }
    return !run.succeeds(where: { $0 & Mark.reset == 0 })
  }
}

/// The items in the order in which they first come.
func unique(_ items: [String]) -> [String] {
  var seen: Set<String> = []
  return items.filter { seen.insert($0).inserted }
}
