package import RiegelModel
import SystemPackage

/// Runs a plan on a host: asks every question once, then judges every rule.
package struct Auditor: Sendable {
  private let plan: Plan
  private let threads: Threads

  package init(_ plan: Plan, threads: Threads = .one) {
    self.plan = plan
    self.threads = threads
  }

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

  /// The walk waits for the kernel most of the time, so the other probes are asked beside it.
  private func answers(
    from host: Host, _ progress: AuditProgress
  ) -> [Result<Observation, TargetError>] {
    let questions = Array(plan.questions.enumerated())
    let walked = questions.filter { if case .walk = $0.element.source { true } else { false } }
      .map { (index: $0.offset, source: $0.element.source) }
    let tasks: [@Sendable () -> [Int: Result<Observation, TargetError>]] = [
      { self.walk(walked, host, progress) }, { self.probed(host) },
    ]
    let answers = threads.map(walked.isEmpty ? [tasks[1]] : tasks) { $0() }
      .reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
    return questions.map { answers[$0.offset] ?? .failure(.notCollected("/")) }
  }

  private func probed(_ host: Host) -> [Int: Result<Observation, TargetError>] {
    var answers: [Int: Result<Observation, TargetError>] = [:]
    for (index, question) in plan.questions.enumerated() {
      switch question.source {
      case .given(let row): answers[index] = .success(Observation(rows: row.map { [$0] } ?? []))
      case .walk: break
      case .probe(let probe):
        answers[index] = Result { () throws(TargetError) in try probe.observe(host) }
      }
    }
    return answers
  }

  private func walk(
    _ questions: [(index: Int, source: Question.Source)], _ host: Host, _ progress: AuditProgress
  ) -> [Int: Result<Observation, TargetError>] {
    progress.walk(true)
    defer { progress.walk(false) }
    return SharedWalk(questions, host: host).run(on: host, progress: progress)
      .mapValues { .success($0) }
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
