/// The practice-level measures, the topics of rules that speak to them, and the statements of
/// persons that complete them.
package struct MeasuresCatalogue: Sendable, Hashable {
  package struct Topic: Sendable, Hashable {
    package var id: String
    package var title: Localized
    /// The measure under which a failed rule of this topic is shown first.
    package var primaryMeasure: String
    package init(id: String, title: Localized, primaryMeasure: String) {
      self.id = id
      self.title = title
      self.primaryMeasure = primaryMeasure
    }
  }

  package var id: String
  package var topics: [Topic]
  package var measures: [Measure]
  package var place: Place

  package init(id: String, topics: [Topic], measures: [Measure], place: Place) {
    self.id = id
    self.topics = topics
    self.measures = measures
    self.place = place
  }

  /// A statement with the measure that asks for it.
  package func statement(_ id: String) -> (measure: Measure, statement: Measure.Statement)? {
    for measure in measures {
      if let statement = measure.statements.first(where: { $0.id == id }) {
        return (measure, statement)
      }
    }
    return nil
  }

  package func topic(_ id: String) -> Topic? { topics.first { $0.id == id } }
}

/// Something a practice does for security, in everyday words.
package struct Measure: Sendable, Hashable {
  package enum Section: String, Sendable, Hashable, CaseIterable {
    case core, response, challenge, duty
  }
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case technical, organisational, both
  }
  /// How much of it a scan of a host can show.
  package enum Coverage: String, Sendable, Hashable, CaseIterable {
    case good, partial, weak, none
  }
  /// What a person has to state, with which document, and for how long the statement holds.
  package struct Statement: Sendable, Hashable {
    package var id: String
    package var statement: Localized
    package var evidence: Localized
    package var validityMonths: Int
    /// Topics, and ids of rules with `*` and `?`, whose failure says otherwise.
    package var contradictedBy: [String]
    package init(
      id: String, statement: Localized, evidence: Localized, validityMonths: Int,
      contradictedBy: [String] = []
    ) {
      self.contradictedBy = contradictedBy
      self.id = id
      self.statement = statement
      self.evidence = evidence
      self.validityMonths = validityMonths
    }
  }

  package var id: String
  package var section: Section
  package var title: Localized
  package var summary: Localized
  package var kind: Kind
  package var coverage: Coverage
  /// The topics whose rules speak to it.
  package var topics: [String]
  package var statements: [Statement]
  /// Foundational requirements by id.
  package var foundations: [String]
  package var threats: [String]
  package var references: [Rule.Reference]

  package init(
    id: String, section: Section, title: Localized, summary: Localized, kind: Kind,
    coverage: Coverage, topics: [String], statements: [Statement], foundations: [String],
    threats: [String], references: [Rule.Reference]
  ) {
    self.id = id
    self.section = section
    self.title = title
    self.summary = summary
    self.kind = kind
    self.coverage = coverage
    self.topics = topics
    self.statements = statements
    self.foundations = foundations
    self.threats = threats
    self.references = references
  }
}
