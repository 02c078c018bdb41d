/// The part of the catalogues that reports show, so that a saved audit needs nobody to look it up.
package struct CatalogueExtract: Sendable, Hashable {
  package struct Topic: Sendable, Hashable {
    package var id: String
    package var title: Localized
    /// The measure under which a failed rule of this topic is shown first.
    package var measure: String
    package init(id: String, title: Localized, measure: String) {
      self.id = id
      self.title = title
      self.measure = measure
    }
  }

  /// What a person has to state for a measure, with which document.
  package struct Statement: Sendable, Hashable {
    package var id: String
    package var measure: String
    package var statement: Localized
    package var evidence: Localized
    package var validityMonths: Int
    package init(
      id: String, measure: String, statement: Localized, evidence: Localized, validityMonths: Int
    ) {
      self.id = id
      self.measure = measure
      self.statement = statement
      self.evidence = evidence
      self.validityMonths = validityMonths
    }
  }

  /// A row of the KBV's directive with what the findings say of it.
  package struct DirectiveRow: Sendable, Hashable {
    package var id: String
    package var target: Localized
    package var title: Localized
    package var observable: DirectiveCatalogue.Observable
    package var standing: Standing
    package var failed: [String]
    package var undecided: [String]
    package var passed: [String]
    package init(
      id: String, target: Localized, title: Localized, observable: DirectiveCatalogue.Observable,
      standing: Standing, failed: [String], undecided: [String], passed: [String]
    ) {
      self.id = id
      self.target = target
      self.title = title
      self.observable = observable
      self.standing = standing
      self.failed = failed
      self.undecided = undecided
      self.passed = passed
    }
  }

  /// A law or norm: what a host audit can hand in as evidence for it, and what it never shows.
  package struct Norm: Sendable, Hashable {
    package var id: String
    package var title: Localized
    package var contribution: Localized
    package var limits: Localized
    package var measures: [String]
    package init(
      id: String, title: Localized, contribution: Localized, limits: Localized, measures: [String]
    ) {
      self.id = id
      self.title = title
      self.contribution = contribution
      self.limits = limits
      self.measures = measures
    }
  }

  package var topics: [Topic]
  package var statements: [Statement]
  package var directive: Localized
  package var directiveRows: [DirectiveRow]
  package var norms: [Norm]

  package init(
    topics: [Topic] = [], statements: [Statement] = [],
    directive: Localized = Localized(en: "", de: ""), directiveRows: [DirectiveRow] = [],
    norms: [Norm] = []
  ) {
    self.topics = topics
    self.statements = statements
    self.directive = directive
    self.directiveRows = directiveRows
    self.norms = norms
  }
}
