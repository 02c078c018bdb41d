package import RiegelModel

extension LevelPlan {
  /// What lifts a host's ceiling and floor to a level, for all foundational requirements or some.
  ///
  /// Every step is needed: a requirement that the level asks for is unmet without it, and no other
  /// step could stand in. Rules that fail and decide nothing up to the level are left alone.
  package init(
    for audit: Audit, to level: SecurityLevel, foundations wanted: [String], library: Library
  ) {
    var state = PlannedState(audit, level: level, library: library)
    state.foundations = library.security.foundations.filter {
      wanted.isEmpty || wanted.contains($0.abbreviation) || wanted.contains($0.id)
    }
    let start = state
    var steps: [Step] = []
    var withoutRule: [FoundationLevel.RequirementStanding] = []
    // What is in the way shows one behind the other: a failure hides that a statement is missing.
    while true {
      let (next, unreachable) = state.blockers
      withoutRule = unreachable
      if next.isEmpty { break }
      for step in next {
        steps.append(step)
        state.take(step)
      }
    }
    steps.sort {
      $0.order == $1.order ? $0.id < $1.id : $0.order.lexicographicallyPrecedes($1.order)
    }
    var walked = start
    for index in steps.indices {
      let before = walked.levels
      walked.take(steps[index])
      steps[index].raises = gains(before, walked.levels).filter(\.isRise)
    }
    self.init(
      host: audit.site?.host ?? audit.host.name, level: level, steps: steps,
      withoutRule: withoutRule, unseen: start.unseen,
      outlook: gains(start.levels, walked.levels))
  }
}

private func gains(_ before: [FoundationLevel], _ after: [FoundationLevel]) -> [LevelPlan.Gain] {
  zip(before, after).map {
    LevelPlan.Gain(
      foundation: $0.foundation, floorBefore: $0.floor, ceilingBefore: $0.ceiling,
      floor: $1.floor, ceiling: $1.ceiling)
  }
}

extension LevelPlan.Step {
  /// Fixes before all else; the worst first, then what takes least, then what can break least.
  fileprivate var order: [Int] {
    let kind = Action.allCases.firstIndex(of: action) ?? 0
    let severity = severity.flatMap { Severity.allCases.firstIndex(of: $0) } ?? 0
    let effort = remediation.flatMap { Remediation.Effort.allCases.firstIndex(of: $0.effort) } ?? 0
    let risk =
      remediation.map { remedy in
        remedy.risks.reduce(0) { sum, risk in
          switch risk {
          case .serviceRestart: sum + 1
          case .reboot: sum + 2
          case .lockout: sum + 4
          case .dataLoss: sum + 8
          }
        }
      } ?? 0
    return [kind, severity, effort, risk]
  }
}

/// A host on its way: what its rules and persons would say after the steps taken so far.
private struct PlannedState {
  var findings: [Finding]
  var statements: RequirementStatements
  var foundations: [FoundationalRequirement] = []
  let level: SecurityLevel
  let library: Library
  let componentType: ComponentType
  let target: [String: SecurityLevel]

  init(_ audit: Audit, level: SecurityLevel, library: Library) {
    findings = audit.findings
    self.level = level
    self.library = library
    componentType = audit.componentType
    target = audit.profile.target
    statements = (audit.site?.attestations ?? []).requirements(of: audit.componentType)
  }

  private var securityLevels: SecurityLevels {
    SecurityLevels(
      findings, catalogue: library.security, componentType: componentType, target: target,
      statements: statements)
  }

  var levels: [FoundationLevel] {
    let wanted = Set(foundations.map(\.id))
    return securityLevels.levels.filter { wanted.contains($0.foundation.id) }
  }

  private var requirements: [Requirement] {
    let wanted = Set(foundations.map(\.id))
    return library.security.requirements.filter {
      wanted.contains($0.foundation) && $0.level <= level
        && $0.componentTypes.contains(componentType)
    }
  }

  var unseen: [LevelPlan.Unseen] {
    requirements.filter { $0.hostEvidence != .direct }.map {
      LevelPlan.Unseen(
        id: $0.id, title: $0.title, level: $0.level, evidence: $0.hostEvidence,
        isAttested: statements.met.contains($0.id) || statements.notApplicable.contains($0.id))
    }
  }

  /// The steps that show now, each once, and the requirements that no step helps.
  var blockers: ([LevelPlan.Step], withoutRule: [FoundationLevel.RequirementStanding]) {
    let levels = securityLevels
    var steps: [LevelPlan.Step] = []
    var withoutRule: [FoundationLevel.RequirementStanding] = []
    func add(_ action: LevelPlan.Step.Action, rule: String, _ requirement: Requirement) {
      guard let finding = findings.first(where: { $0.rule == rule }) else { return }
      add(
        LevelPlan.Step(
          action: action, id: rule, title: finding.title, severity: finding.severity,
          remediation: finding.remediation, settings: settings(of: rule),
          requirements: [requirement.id], isAccepted: finding.waiver?.isCompensated == true))
    }
    func add(_ step: LevelPlan.Step) {
      if let known = steps.firstIndex(where: { $0.action == step.action && $0.id == step.id }) {
        for id in step.requirements where !steps[known].requirements.contains(id) {
          steps[known].requirements.append(id)
        }
      } else {
        steps.append(step)
      }
    }
    for requirement in requirements {
      // Levels below may ask for other values, and have to be reached on the way.
      for asked in SecurityLevel.claimable where requirement.level <= asked && asked <= level {
        let standing = levels.standing(requirement, at: asked)
        switch (standing.standing, standing.openBecause) {
        case (.refuted, _): for rule in standing.rules { add(.fix, rule: rule, requirement) }
        case (.open, .notAttested):
          add(
            LevelPlan.Step(
              action: .attest, id: requirement.id, title: requirement.title,
              requirements: [requirement.id]))
        case (.open, .undecided):
          let undecided = standing.rules.filter { rule in
            findings.contains { $0.rule == rule && $0.outcome(at: asked).isUndecided }
          }
          if undecided.isEmpty {
            add(
              LevelPlan.Step(
                action: .justify, id: requirement.id, title: requirement.title,
                requirements: [requirement.id]))
          }
          for rule in undecided { add(.decide, rule: rule, requirement) }
        case (.open, .noRule):
          if asked == requirement.level { withoutRule.append(standing) }
        case (.open, _), (.evidenced, _): break
        }
      }
    }
    return (steps, withoutRule)
  }

  /// The values that the level asks for, where they differ between levels.
  private func settings(of rule: String) -> [ParameterInForce] {
    (library.rule(rule)?.parameters ?? []).filter { !$0.byLevel.isEmpty }.map {
      ParameterInForce(name: $0.name, value: $0.value(at: level), source: .level(level))
    }
  }

  mutating func take(_ step: LevelPlan.Step) {
    switch step.action {
    case .fix, .decide:
      guard let index = findings.firstIndex(where: { $0.rule == step.id }) else { return }
      if findings[index].outcomeByLevel.isEmpty {
        findings[index].outcome = .pass
      } else {
        for asked in SecurityLevel.claimable where asked <= level {
          findings[index].outcomeByLevel[asked] = .pass
        }
      }
    case .attest: statements.met.insert(step.id)
    case .justify: statements.notApplicable.insert(step.id)
    }
  }
}
