import RiegelModel

extension CatalogueExtract {
  /// What reports show of a library's catalogues.
  init(of library: Library) {
    self.init(
      standards: [
        Standard(id: library.security.id, name: library.security.standard),
        Standard(id: library.system.id, name: library.system.standard),
      ],
      topics: library.measures.topics.map {
        Topic(id: $0.id, title: $0.title, measure: $0.primaryMeasure)
      },
      statements: library.measures.measures.flatMap { measure in
        measure.statements.map {
          Statement(
            id: $0.id, measure: measure.id, statement: $0.statement, evidence: $0.evidence,
            validityMonths: $0.validityMonths)
        }
      },
      directive: library.directive.title)
  }
}
