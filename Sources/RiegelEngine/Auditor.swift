package import RiegelModel
import SystemPackage

/// Runs a plan on a host: asks every question once, then judges every rule.
package struct Auditor: Sendable {
  private let plan: Plan

  package init(_ plan: Plan) { self.plan = plan }

  /// The findings in order of rule ids.
  package func run(on host: Host, progress: AuditProgress = AuditProgress()) -> [Finding] {
    let judge = Judge(answers: answers(from: host, progress), now: host.now)
    host.forgetFiles()
    let known = plan.contents.map { Glob($0) }
    return plan.rules.map { advised(finding($0, judge), host, known) }
  }

  /// Of what was not collected, the list and the command that would capture it.
  private func advised(_ finding: Finding, _ host: Host, _ known: [Glob]) -> Finding {
    guard finding.outcome == .notCollected, case .undecided(let obstacles) = finding.reason else {
      return finding
    }
    let missing = Set(
      obstacles.compactMap { if case .notCollected(let path) = $0 { path } else { nil } })
    let unknown = missing.filter { path in
      !isVolatile(path) && !known.contains { $0.matches(path) }
    }
    let globs = unknown.map { printable($0) }.sorted()
    guard !missing.isEmpty, let command = host.target.captureCommand(including: globs) else {
      return finding
    }
    let list = missing.map { printable($0) }.sorted().joined(separator: ", ")
    var advised = finding
    advised.notes.append(
      Note(
        en: "missing in this snapshot: \(list); captured by: \(command)",
        de: "fehlt in dieser Aufnahme: \(list); erfasst von: \(command)"))
    return advised
  }

  private func answers(
    from host: Host, _ progress: AuditProgress
  ) -> [Result<Observation, TargetError>] {
    var answers: [Result<Observation, TargetError>] = []
    var walked: [(index: Int, source: Question.Source)] = []
    for (index, question) in plan.questions.enumerated() {
      switch question.source {
      case .given(let row):
        answers.append(.success(Observation(rows: row.map { [$0] } ?? [])))
      case .walk:
        walked.append((index, question.source))
        answers.append(.failure(.notCollected("/")))
      case .probe(let probe):
        do {
          answers.append(.success(try probe.observe(host)))
        } catch {
          answers.append(.failure(error))
        }
      }
    }
    let walk = SharedWalk(walked, host: host)
    if !walk.isEmpty {
      progress.walk(true)
      for (index, observation) in walk.run(on: host, progress: progress) {
        answers[index] = .success(observation)
      }
      progress.walk(false)
    }
    return answers
  }

  private func finding(_ planned: Plan.PlannedRule, _ judge: Judge) -> Finding {
    let verdict = verdict(planned.when, planned.check, judge)
    var byLevel: [SecurityLevel: Outcome] = [:]
    for (level, when, check) in planned.byLevel {
      byLevel[level] = self.verdict(when, check, judge).outcome
    }
    return Finding(
      rule: planned.rule, outcome: verdict.outcome, reason: reason(verdict),
      evidence: verdict.evidence, notes: verdict.notes,
      parameters: planned.arguments.inForce, outcomeByLevel: byLevel)
  }

  /// `when` is the only source of `notApplicable`; a condition that nobody can decide leaves the
  /// whole rule undecided.
  private func verdict(
    _ when: [PreparedCheck], _ check: PreparedCheck, _ judge: Judge
  ) -> Judgement {
    if !when.isEmpty {
      var applicability = judge.judge(.all(when))
      switch applicability.outcome {
      case .pass: break
      case .fail, .notApplicable:
        applicability.outcome = .notApplicable
        return applicability
      case .error, .notCollected, .manual: return applicability
      }
    }
    return judge.judge(check)
  }

  private func reason(_ judgement: Judgement) -> Reason {
    switch judgement.outcome {
    case .pass: .satisfied
    case .fail:
      judgement.isMissing && judgement.violations <= 1
        ? .missing : .violated(max(1, judgement.violations))
    case .notApplicable: .doesNotApply
    case .error, .notCollected: .undecided(unique(judgement.obstacles))
    case .manual: .person(judgement.manual ?? Localized(en: "", de: ""))
    }
  }

  /// Each obstacle once, in the order met; a walk may meet thousands, of which some tell it all.
  private func unique(_ errors: [TargetError]) -> [TargetError] {
    var seen: Set<TargetError> = []
    return errors.filter { seen.insert($0).inserted }
  }
}
