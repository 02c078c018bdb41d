/// The verdict on one rule with everything that explains it.
package struct Finding: Sendable, Hashable {
  package var rule: String
  package var topic: String
  package var severity: Severity
  package var title: Localized
  package var rationale: Localized
  package var remediation: Remediation
  package var outcome: Outcome
  package var reason: Reason
  package var evidence: [Evidence]
  package var notes: [Note]
  package var decides: [String]
  package var supports: [String]
  package var references: [Rule.Reference]
  /// The values in force, in order of their names.
  package var parameters: [ParameterInForce]
  /// The outcome with the parameter values of each level, where a parameter has values per level.
  package var outcomeByLevel: [SecurityLevel: Outcome]
  /// Lies over a failure and never changes the outcome.
  package var waiver: FindingWaiver?

  package init(
    rule: Rule, outcome: Outcome, reason: Reason, evidence: [Evidence], notes: [Note],
    parameters: [ParameterInForce], outcomeByLevel: [SecurityLevel: Outcome],
    waiver: FindingWaiver? = nil
  ) {
    self.rule = rule.id
    topic = rule.topic
    severity = rule.severity
    title = rule.title
    rationale = rule.rationale
    remediation = rule.remediation
    self.outcome = outcome
    self.reason = reason
    self.evidence = evidence
    self.notes = notes
    decides = rule.decides
    supports = rule.supports
    references = rule.references
    self.parameters = parameters
    self.outcomeByLevel = outcomeByLevel
    self.waiver = waiver
  }

  /// A failure whose risk nobody accepted.
  package var isUnaccepted: Bool { outcome == .fail && waiver?.isWhole != true }

  /// The outcome that counts at a level.
  package func outcome(at level: SecurityLevel) -> Outcome { outcomeByLevel[level] ?? outcome }
}

/// Why a finding has its outcome, in a form that every language can say.
package enum Reason: Sendable, Hashable {
  /// Everything looked at is as it has to be.
  case satisfied
  /// So many rows are not as they have to be.
  case violated(Int)
  /// The thing that has to be there is not.
  case missing
  /// A condition of `when` does not hold.
  case doesNotApply
  /// Could not be decided; what stood in the way.
  case undecided([TargetError])
  /// A person has to look at this.
  case person(Localized)
}

/// One row's part in a verdict: expected, found, where.
package struct Evidence: Sendable, Hashable {
  package enum Verdict: String, Sendable, Hashable {
    case satisfied, violated, undecided
  }
  package enum Found: Sendable, Hashable {
    case value(String)
    case absent
    case unknown(TargetError)
  }

  package var subject: String
  package var field: String
  /// In the words of the matcher language: `one-of [no]`, `absent`.
  package var expected: String
  package var found: Found
  package var origin: Origin?
  package var overrides: [Fact.Overridden]
  package var verdict: Verdict

  package init(
    subject: String, field: String, expected: String, found: Found, origin: Origin?,
    overrides: [Fact.Overridden], verdict: Verdict
  ) {
    self.subject = subject
    self.field = field
    self.expected = expected
    self.found = found
    self.origin = origin
    self.overrides = overrides
    self.verdict = verdict
  }
}

/// A parameter's value and who set it.
package struct ParameterInForce: Sendable, Hashable {
  package var name: String
  package var value: Literal
  package var source: Arguments.Source
  package init(name: String, value: Literal, source: Arguments.Source) {
    self.name = name
    self.value = value
    self.source = source
  }
}

extension Arguments {
  /// The values in order of their names, as findings and texts show them.
  package var inForce: [ParameterInForce] {
    byName.sorted { $0.key < $1.key }.map {
      ParameterInForce(name: $0.key, value: $0.value.value, source: $0.value.source)
    }
  }
}
