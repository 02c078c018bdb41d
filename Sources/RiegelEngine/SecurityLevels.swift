package import RiegelModel

/// What findings say about the requirements of IEC 62443-4-2, as an interval of levels.
///
/// With R(n) all requirements whose level is at most n, judged with the parameter values of level
/// n: the ceiling is the highest n up to which nothing in R(n) is refuted, the floor the highest n
/// up to which everything in R(n) is evidenced. What no scan can see stays open until a person
/// attests it, so a floor says what is shown and a ceiling what is not disproved.
package struct SecurityLevels: Sendable {
  private let catalogue: SecurityCatalogue
  let componentType: ComponentType
  private let target: [String: SecurityLevel]
  /// Findings by the requirements they decide on a host of this type.
  private let deciding: [String: [Finding]]
  let statements: RequirementStatements
  /// Rules whose failure is accepted with compensating measures.
  private let accepted: Set<String>

  package init(
    _ findings: [Finding], catalogue: SecurityCatalogue, componentType: ComponentType,
    target: [String: SecurityLevel], statements: RequirementStatements = RequirementStatements(),
    accepted: Set<String> = []
  ) {
    self.catalogue = catalogue
    self.componentType = componentType
    self.target = target
    self.statements = statements
    self.accepted = accepted
    var deciding: [String: [Finding]] = [:]
    for finding in findings {
      for citation in finding.decides {
        deciding[componentType.requirement(for: citation), default: []].append(finding)
      }
    }
    self.deciding = deciding
  }

  /// One interval per foundational requirement, in the catalogue's order.
  package var levels: [FoundationLevel] {
    catalogue.foundations.map { foundation in
      let requirements = catalogue.requirements.filter {
        $0.foundation == foundation.id && $0.componentTypes.contains(componentType)
      }
      return FoundationLevel(
        of: foundation, catalogue: catalogue.id, target: target[foundation.id] ?? .sl0,
        requirements: requirements.map { ($0, $0.level) }, standing: standing)
    }
  }

  /// A requirement by its id, if it binds components of this type.
  func requirement(_ id: String) -> Requirement? {
    catalogue[id].flatMap { $0.componentTypes.contains(componentType) ? $0 : nil }
  }

  /// What the findings that decide a requirement and the statements about it come to.
  func standing(
    _ requirement: Requirement, at level: SecurityLevel
  ) -> FoundationLevel.RequirementStanding {
    let findings = deciding[requirement.id] ?? []
    func rules(_ isWanted: (Outcome) -> Bool) -> [String] {
      findings.filter { isWanted($0.outcome(at: level)) }.map(\.rule)
    }
    func result(
      _ standing: Standing, _ rules: [String], _ reason: FoundationLevel.OpenReason? = nil,
      isNotApplicable: Bool = false
    ) -> FoundationLevel.RequirementStanding {
      .init(
        id: requirement.id, title: requirement.title, level: requirement.level,
        standing: standing, rules: rules, openBecause: reason, isNotApplicable: isNotApplicable)
    }
    let failed = rules { $0 == .fail }
    let refuting = failed.filter { !accepted.contains($0) }
    if !refuting.isEmpty { return result(.refuted, refuting) }
    if !failed.isEmpty { return result(.open, failed, .accepted) }
    if statements.notApplicable.contains(requirement.id) {
      return result(.evidenced, findings.map(\.rule), isNotApplicable: true)
    }
    let undecided = rules { $0.isUndecided }
    if !undecided.isEmpty { return result(.open, undecided, .undecided) }
    let isAttested = statements.met.contains(requirement.id)
    let passed = rules { $0 == .pass }
    if passed.isEmpty {
      // Of what no scan can see anything, the statement is all the evidence there can be.
      if requirement.hostEvidence == .none {
        return isAttested ? result(.evidenced, []) : result(.open, [], .notAttested)
      }
      return result(.open, findings.map(\.rule), findings.isEmpty ? .noRule : .undecided)
    }
    if requirement.hostEvidence != .direct, !isAttested {
      return result(.open, passed, .notAttested)
    }
    return result(.evidenced, passed)
  }
}

/// What persons state of requirements, statements that do not count any more left out.
package struct RequirementStatements: Sendable, Hashable {
  /// What no scan can see of them is as it has to be.
  package var met: Set<String>
  /// They have no object here.
  package var notApplicable: Set<String>

  package init(met: Set<String> = [], notApplicable: Set<String> = []) {
    self.met = met
    self.notApplicable = notApplicable
  }
}

extension FoundationLevel {
  /// The interval that requirements give, each judged at every level that asks for it.
  init<R>(
    of foundation: FoundationalRequirement, catalogue: String, target: SecurityLevel,
    requirements: [(requirement: R, level: SecurityLevel)],
    standing: (R, SecurityLevel) -> RequirementStanding
  ) {
    var ceiling = SecurityLevel.sl0
    var limitsCeiling: [RequirementStanding] = []
    var floor = SecurityLevel.sl0
    var limitsFloor: [RequirementStanding] = []
    for level in SecurityLevel.claimable {
      let standings = requirements.filter { $0.level <= level }.map {
        standing($0.requirement, level)
      }
      let refuted = standings.filter { $0.standing == .refuted }
      let unproven = standings.filter { $0.standing != .evidenced }
      if limitsCeiling.isEmpty {
        if refuted.isEmpty { ceiling = level } else { limitsCeiling = refuted }
      }
      if limitsFloor.isEmpty {
        if unproven.isEmpty { floor = level } else { limitsFloor = unproven }
      }
    }
    self.init(
      foundation: foundation, catalogue: catalogue, floor: floor, ceiling: ceiling,
      target: target,
      requirements: requirements.map { standing($0.requirement, max(target, $0.level)) },
      limitsCeiling: limitsCeiling, limitsFloor: limitsFloor)
  }
}
