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

  /// A standard by the id of its catalogue: `IEC 62443-4-2:2019`.
  package struct Standard: Sendable, Hashable {
    package var id: String
    package var name: String
    package init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  package var standards: [Standard]
  package var topics: [Topic]
  package var statements: [Statement]
  /// The title of the KBV's directive.
  package var directive: Localized

  package init(
    standards: [Standard] = [], topics: [Topic] = [], statements: [Statement] = [],
    directive: Localized = Localized(en: "", de: "")
  ) {
    self.standards = standards
    self.topics = topics
    self.statements = statements
    self.directive = directive
  }
}

extension Audit {
  /// The name of a standard; the catalogue's id where the audit does not tell it.
  package func standard(_ catalogue: String) -> String {
    catalogues.standards.first { $0.id == catalogue }?.name ?? catalogue
  }
}
