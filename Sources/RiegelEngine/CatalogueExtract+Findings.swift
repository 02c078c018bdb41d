package import RiegelModel

extension CatalogueExtract {
  /// What reports show of a library's catalogues, with the rows of the directive judged.
  package init(_ findings: [Finding], of library: Library) {
    let measures = library.measures.measures
    self.init(
      topics: library.measures.topics.map {
        Topic(id: $0.id, title: $0.title, measure: $0.primaryMeasure)
      },
      statements: measures.flatMap { measure in
        measure.statements.map {
          Statement(
            id: $0.id, measure: measure.id, statement: $0.statement, evidence: $0.evidence,
            validityMonths: $0.validityMonths)
        }
      },
      directive: library.directive.title,
      directiveRows: library.directive.rows.map { DirectiveRow($0, findings) },
      norms: library.norms.norms.map {
        Norm(
          id: $0.id, title: $0.title, contribution: $0.contribution, limits: $0.limits,
          measures: $0.measures)
      })
  }
}

extension CatalogueExtract.DirectiveRow {
  /// The rules that cite a row speak to it; where none does, those of its topics. A row of which a
  /// scan sees only a part is never more than open, however much passes.
  fileprivate init(_ row: DirectiveCatalogue.Row, _ findings: [Finding]) {
    let citing = findings.filter { finding in
      finding.references.contains { $0.framework == "kbv" && $0.ids.contains(row.id) }
    }
    let speaking = citing.isEmpty ? findings.filter { row.topics.contains($0.topic) } : citing
    let failed = speaking.filter { $0.outcome == .fail }.map(\.rule)
    let undecided = speaking.filter(\.outcome.isUndecided).map(\.rule)
    let passed = speaking.filter { $0.outcome == .pass }.map(\.rule)
    let isShown = row.observable == .yes && undecided.isEmpty && !passed.isEmpty
    self.init(
      id: row.id, target: row.target, title: row.title, observable: row.observable,
      standing: !failed.isEmpty ? .refuted : isShown ? .evidenced : .open, failed: failed,
      undecided: undecided, passed: passed)
  }
}
