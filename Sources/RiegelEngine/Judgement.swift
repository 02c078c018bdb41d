import RiegelModel

/// What a check comes to, with the evidence for it.
struct Judgement: Sendable {
  var outcome: Outcome
  var evidence: [Evidence] = []
  var notes: [Note] = []
  /// What stood in the way of a verdict.
  var obstacles: [TargetError] = []
  /// Rows that are not as they have to be.
  var violations = 0
  /// The thing that has to be there is not.
  var isMissing = false
  /// What a person has to look at.
  var manual: Localized?
}

/// Judges prepared checks on the answers to their questions.
struct Judge: Sendable {
  /// By index of the question.
  let answers: [Result<Observation, TargetError>]
  let now: Instant

  func judge(_ check: PreparedCheck) -> Judgement {
    switch check {
    case .ask(let assertion): judge(assertion)
    case .all(let checks): all(checks.map(judge))
    case .any(let checks): any(checks.map(judge))
    case .none(let checks): all(checks.map { negate(judge($0)) })
    case .not(let check): negate(judge(check))
    case .manual(let text): Judgement(outcome: .manual, manual: text)
    }
  }

  func judge(_ assertion: PreparedAssertion) -> Judgement {
    switch answers[assertion.question] {
    case .failure(let error): undecided([error])
    case .success(let observation): Appraisal(assertion, observation, now).judgement
    }
  }

  private func undecided(_ errors: [TargetError]) -> Judgement {
    Judgement(outcome: outcome(of: errors), obstacles: errors)
  }

  /// All have to hold; evidence is kept of the parts that decide, and of all if they do hold.
  private func all(_ parts: [Judgement]) -> Judgement {
    combine(parts, Outcome.all(parts.map(\.outcome)), deciding: .fail)
  }

  private func any(_ parts: [Judgement]) -> Judgement {
    combine(parts, Outcome.any(parts.map(\.outcome)), deciding: .pass)
  }

  private func combine(
    _ parts: [Judgement], _ outcome: Outcome, deciding: Outcome
  ) -> Judgement {
    var whole = Judgement(outcome: outcome)
    for part in parts where outcome != deciding || part.outcome == outcome {
      whole.evidence += part.evidence
      whole.notes += part.notes
      whole.obstacles += part.obstacles
      whole.violations += part.violations
      whole.isMissing = whole.isMissing || part.isMissing
      whole.manual = whole.manual ?? part.manual
    }
    return whole
  }

  private func negate(_ judgement: Judgement) -> Judgement {
    var negated = judgement
    negated.outcome = judgement.outcome.negated
    negated.isMissing = false
    negated.violations = 0
    negated.evidence = judgement.evidence.map { evidence in
      var copy = evidence
      copy.expected = "not \(evidence.expected)"
      switch evidence.verdict {
      case .satisfied:
        copy.verdict = .violated
        negated.violations += 1
      case .violated: copy.verdict = .satisfied
      case .undecided: break
      }
      return copy
    }
    return negated
  }
}

/// Unreadable weighs more than not captured: somebody can do something about it.
func outcome(of errors: [TargetError]) -> Outcome {
  errors.allSatisfy(\.isNotCollected) ? .notCollected : .error
}
