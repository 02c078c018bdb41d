package import RiegelModel

/// What findings say about the requirements of a catalogue, as an interval of levels.
///
/// With R(n) all requirements whose level is at most n, judged with the parameter values of level
/// n: the ceiling is the highest n up to which nothing in R(n) is refuted, the floor the highest n
/// up to which everything in R(n) is evidenced. What no scan can see stays open until a person
/// attests it, so a floor says what is shown and a ceiling what is not disproved.
package struct SecurityLevels: Sendable {
  private let catalogue: SecurityCatalogue
  private let componentType: ComponentType
  private let target: [String: SecurityLevel]
  /// Findings by the requirements they decide on a host of this type.
  private let deciding: [String: [Finding]]
  /// Requirements of which a person stated what no scan can see.
  private let attested: Set<String>

  package init(
    _ findings: [Finding], catalogue: SecurityCatalogue, componentType: ComponentType,
    target: [String: SecurityLevel], attested: Set<String> = []
  ) {
    self.catalogue = catalogue
    self.componentType = componentType
    self.target = target
    self.attested = attested
    var deciding: [String: [Finding]] = [:]
    for finding in findings {
      for citation in finding.decides {
        deciding[componentType.requirement(for: citation), default: []].append(finding)
      }
    }
    self.deciding = deciding
  }

  /// One interval per foundational requirement, in the catalogue's order.
  package var levels: [FoundationLevel] { catalogue.foundations.map(level) }

  private func level(of foundation: FoundationalRequirement) -> FoundationLevel {
    let requirements = catalogue.requirements.filter {
      $0.foundation == foundation.id && $0.componentTypes.contains(componentType)
    }
    let target = self.target[foundation.id] ?? .sl0
    var ceiling = SecurityLevel.sl0
    var limitsCeiling: [FoundationLevel.RequirementStanding] = []
    var floor = SecurityLevel.sl0
    var limitsFloor: [FoundationLevel.RequirementStanding] = []
    for level in SecurityLevel.claimable {
      let standings = requirements.filter { $0.level <= level }.map { standing($0, at: level) }
      let refuted = standings.filter { $0.standing == .refuted }
      let unproven = standings.filter { $0.standing != .evidenced }
      if limitsCeiling.isEmpty {
        if refuted.isEmpty { ceiling = level } else { limitsCeiling = refuted }
      }
      if limitsFloor.isEmpty {
        if unproven.isEmpty { floor = level } else { limitsFloor = unproven }
      }
    }
    return FoundationLevel(
      foundation: foundation, catalogue: catalogue.standard, floor: floor, ceiling: ceiling,
      target: target, requirements: requirements.map { standing($0, at: max(target, $0.level)) },
      limitsCeiling: limitsCeiling, limitsFloor: limitsFloor)
  }

  private func standing(
    _ requirement: Requirement, at level: SecurityLevel
  ) -> FoundationLevel.RequirementStanding {
    let findings = deciding[requirement.id] ?? []
    func rules(_ isWanted: (Outcome) -> Bool) -> [String] {
      findings.filter { isWanted($0.outcome(at: level)) }.map(\.rule)
    }
    func result(
      _ standing: Standing, _ rules: [String], _ reason: FoundationLevel.OpenReason? = nil
    ) -> FoundationLevel.RequirementStanding {
      .init(
        id: requirement.id, title: requirement.title, level: requirement.level,
        standing: standing, rules: rules, openBecause: reason)
    }
    let failed = rules { $0 == .fail }
    if !failed.isEmpty { return result(.refuted, failed) }
    let undecided = rules { $0.isUndecided }
    if !undecided.isEmpty { return result(.open, undecided, .undecided) }
    let passed = rules { $0 == .pass }
    if passed.isEmpty {
      return result(.open, findings.map(\.rule), findings.isEmpty ? .noRule : .undecided)
    }
    if requirement.hostEvidence != .direct, !attested.contains(requirement.id) {
      return result(.open, passed, .notAttested)
    }
    return result(.evidenced, passed)
  }
}
