import RiegelModel
import SystemPackage

/// One assertion laid against what was observed.
///
/// Truth has three values. Where a row, or whether it belongs to those asked about, is unknown, or
/// where there is a gap in what could be seen, "every", "none" and "at most" cannot be known to
/// hold, and "some" and "at least" cannot be known to fail.
struct Appraisal {
  private let assertion: PreparedAssertion
  private let observation: Observation
  private let now: Instant

  init(_ assertion: PreparedAssertion, _ observation: Observation, _ now: Instant) {
    self.assertion = assertion
    self.observation = observation
    self.now = now
  }

  var judgement: Judgement {
    var judgement =
      switch assertion.quantifier {
      case .every(let condition): every(condition)
      case .some(let condition): some(condition)
      case .none(let condition): none(condition)
      case .count(let condition): count(condition)
      case .allow(let entries): allow(entries)
      case .present: present
      }
    judgement.notes += observation.notes
    return judgement
  }

  /// The rows asked about; the truth says whether the filter lets a row in, never `fails`.
  private var rows: [(row: Row, isIn: Truth)] {
    guard let filter = assertion.filter else { return observation.rows.map { ($0, .holds) } }
    return observation.rows.compactMap { row in
      let truth = filter.truth(of: row, now: now)
      return truth == .fails ? nil : (row, truth)
    }
  }

  private func decide(
    _ judgement: Judgement, obstacles: [TargetError], otherwise: Outcome
  ) -> Judgement {
    var decided = judgement
    if decided.outcome == .fail || decided.outcome == .pass && otherwise == .fail { return decided }
    let obstacles = obstacles + observation.gaps
    if obstacles.isEmpty {
      decided.outcome = otherwise
    } else {
      decided.outcome = outcome(of: obstacles)
      decided.obstacles = obstacles
    }
    return decided
  }

  // MARK: every row

  private func every(_ condition: Condition) -> Judgement {
    var judgement = Judgement(outcome: .pass)
    var obstacles: [TargetError] = []
    var seen = observation.satisfied
    for (row, isIn) in rows {
      let truth = self.truth(condition, row)
      if case .undecided(let error) = isIn {
        if !truth.holds { obstacles.append(error) }
        continue
      }
      seen += 1
      judgement.evidence += evidence(condition, row, truth)
      switch truth {
      case .holds: break
      case .fails:
        judgement.outcome = .fail
        judgement.violations += 1
      case .undecided(let error): obstacles.append(error)
      }
    }
    if seen == 0, obstacles.isEmpty, observation.gaps.isEmpty { return missing(condition) }
    return decide(judgement, obstacles: obstacles, otherwise: .pass)
  }

  /// The condition on a row. A rule that wants a value written down (`missing: fail`) does not
  /// take a built-in default for it; one that lets nothing pass still looks at what the default
  /// does.
  private func truth(_ condition: Condition, _ row: Row) -> Truth {
    if assertion.missing == .fail,
      condition.clauses.first.map({ row[$0.field.name] })?.origin?.isBuiltIn == true
    {
      return .fails
    }
    return condition.truth(of: row, now: now)
  }

  private func missing(_ condition: Condition) -> Judgement {
    switch assertion.missing {
    case .pass: return Judgement(outcome: .pass)
    case .standard:
      return Judgement(
        outcome: .error,
        obstacles: [
          .undetermined(
            "/",
            Localized(
              en: "nothing sets it and the default is not known",
              de: "nichts setzt den Wert, und die Vorgabe ist nicht bekannt"))
        ])
    case .fail, nil:
      return Judgement(
        outcome: .fail,
        evidence: condition.clauses.prefix(1).map {
          Evidence(
            subject: assertion.wanted, field: $0.field.name, expected: $0.expected,
            found: .absent, origin: nil,
            overrides: [], verdict: .violated)
        }, violations: 1, isMissing: true)
    }
  }

  // MARK: some row, no row

  private func some(_ condition: Condition) -> Judgement {
    var obstacles: [TargetError] = []
    var candidates: [Evidence] = []
    for (row, isIn) in rows {
      let truth = condition.truth(of: row, now: now)
      switch (isIn, truth) {
      case (.holds, .holds):
        return Judgement(outcome: .pass, evidence: evidence(condition, row, truth))
      case (_, .fails): candidates += evidence(condition, row, .fails)
      case (.undecided(let error), _), (_, .undecided(let error)): obstacles.append(error)
      case (.fails, _): break
      }
    }
    let all = obstacles + observation.gaps
    if !all.isEmpty { return Judgement(outcome: outcome(of: all), obstacles: all) }
    if candidates.isEmpty { return missingRow(condition) }
    return Judgement(outcome: .fail, evidence: candidates, violations: 1)
  }

  private func missingRow(_ condition: Condition) -> Judgement {
    Judgement(
      outcome: .fail,
      evidence: condition.clauses.prefix(1).map {
        Evidence(
          subject: assertion.wanted, field: $0.field.name, expected: $0.expected, found: .absent,
          origin: nil,
          overrides: [], verdict: .violated)
      }, violations: 1, isMissing: true)
  }

  private var present: Judgement {
    let rows = self.rows
    if let row = rows.first(where: { $0.isIn.holds })?.row {
      return Judgement(outcome: .pass, evidence: [forbidden(row, nil, .satisfied, "exists")])
    }
    let obstacles: [TargetError] = rows.compactMap {
      if case .undecided(let error) = $0.isIn { error } else { nil }
    }
    let all = obstacles + observation.gaps
    if !all.isEmpty { return Judgement(outcome: outcome(of: all), obstacles: all) }
    return Judgement(
      outcome: .fail,
      evidence: [
        Evidence(
          subject: assertion.wanted, field: assertion.mainField?.name ?? "value",
          expected: "exists",
          found: .absent, origin: nil, overrides: [], verdict: .violated)
      ], violations: 1, isMissing: true)
  }

  private func none(_ condition: Condition?) -> Judgement {
    var judgement = Judgement(outcome: .pass)
    var obstacles: [TargetError] = []
    for (row, isIn) in rows {
      let truth = condition?.truth(of: row, now: now) ?? .holds
      switch (isIn, truth) {
      case (.holds, .holds):
        judgement.outcome = .fail
        judgement.violations += 1
        judgement.evidence.append(forbidden(row, condition, .violated, noneText(condition)))
      case (_, .fails), (.fails, _): break
      case (.undecided(let error), _), (_, .undecided(let error)): obstacles.append(error)
      }
    }
    return decide(judgement, obstacles: obstacles, otherwise: .pass)
  }

  private func noneText(_ condition: Condition?) -> String {
    let clauses = (assertion.filter?.clauses ?? []) + (condition?.clauses ?? [])
    if clauses.isEmpty { return "none" }
    return "none with "
      + clauses.map { "\($0.field.name) \($0.expected)" }.joined(separator: ", ")
  }

  // MARK: counting and lists

  private func count(_ condition: Condition) -> Judgement {
    let rows = self.rows
    let definite = rows.count { $0.isIn.holds } + observation.satisfied
    var obstacles: [TargetError] = rows.compactMap {
      if case .undecided(let error) = $0.isIn { error } else { nil }
    }
    let possible = obstacles.count
    obstacles += observation.gaps
    // A gap may hide any number of rows; a thousand tell whether more would change the verdict.
    let most = definite + possible + (observation.gaps.isEmpty ? 0 : 1000)
    let truths = Set(
      (definite...most).map { number in
        condition.clauses.allSatisfy { $0.truth(of: .known(.number(number)), now: now).holds }
      })
    if truths.count > 1 { return Judgement(outcome: outcome(of: obstacles), obstacles: obstacles) }
    let holds = truths.contains(true)
    var evidence = condition.clauses.map {
      Evidence(
        subject: "", field: "count", expected: $0.expected, found: .value(String(definite)),
        origin: nil, overrides: [], verdict: holds ? .satisfied : .violated)
    }
    for (row, isIn) in rows where isIn.holds {
      evidence.append(forbidden(row, nil, holds ? .satisfied : .violated, "counted"))
    }
    return Judgement(
      outcome: holds ? .pass : .fail, evidence: evidence, violations: holds ? 0 : 1)
  }

  private func allow(_ entries: [AllowEntry]) -> Judgement {
    var judgement = Judgement(outcome: .pass)
    var obstacles: [TargetError] = []
    var used: Set<Int> = []
    for (row, isIn) in rows {
      var doubt: TargetError?
      var isCovered = false
      for (index, entry) in entries.enumerated() {
        switch entry.condition.truth(of: row, now: now) {
        case .holds:
          isCovered = true
          used.insert(index)
        case .undecided(let error): doubt = doubt ?? error
        case .fails: break
        }
      }
      if isCovered {
        judgement.evidence.append(forbidden(row, nil, .satisfied, "allowed"))
      } else if let doubt {
        obstacles.append(doubt)
      } else if case .undecided(let error) = isIn {
        obstacles.append(error)
      } else {
        judgement.outcome = .fail
        judgement.violations += 1
        judgement.evidence.append(forbidden(row, nil, .violated, "allowed"))
      }
    }
    for (index, entry) in entries.enumerated() where !used.contains(index) {
      judgement.notes.append(
        Note(
          en: "the entry '\(entry.text)' covers nothing",
          de: "der Eintrag »\(entry.text)« deckt nichts ab"))
    }
    return decide(judgement, obstacles: obstacles, otherwise: .pass)
  }

  // MARK: evidence

  /// A row's part, clause by clause; of a violated row only the clauses that do not hold.
  private func evidence(_ condition: Condition, _ row: Row, _ truth: Truth) -> [Evidence] {
    condition.clauses.compactMap { clause in
      let fact = row[clause.field.name]
      var clauseTruth = clause.truth(of: fact.content, now: now)
      // A default that `missing` judges differs from what the clause says.
      if assertion.missing == .fail, fact.origin?.isBuiltIn == true { clauseTruth = truth }
      if truth == .fails, clauseTruth != .fails { return nil }
      let verdict: Evidence.Verdict =
        switch clauseTruth {
        case .holds: .satisfied
        case .fails: .violated
        case .undecided: .undecided
        }
      return Evidence(
        subject: row.subject, field: clause.field.name, expected: clause.expected,
        found: found(fact), origin: fact.origin, overrides: fact.overrides, verdict: verdict)
    }
  }

  /// A row as a whole, shown by the field that says most: the last one a condition names.
  private func forbidden(
    _ row: Row, _ condition: Condition?, _ verdict: Evidence.Verdict, _ expected: String
  ) -> Evidence {
    let field =
      condition?.clauses.last?.field ?? assertion.filter?.clauses.last?.field
      ?? assertion.mainField
    let fact = row[field?.name ?? ""]
    return Evidence(
      subject: row.subject, field: field?.name ?? "", expected: expected, found: found(fact),
      origin: fact.origin ?? row[assertion.mainField?.name ?? ""].origin,
      overrides: fact.overrides, verdict: verdict)
  }

  private func found(_ fact: Fact) -> Evidence.Found {
    switch fact.content {
    case .known(let value): .value(value.description)
    case .absent: .absent
    case .unknown(let error): .unknown(error)
    }
  }
}
