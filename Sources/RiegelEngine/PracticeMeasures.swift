package import RiegelModel

/// What findings say about the practice-level measures, and the threats these counter.
package struct PracticeMeasures: Sendable {
  private let measures: MeasuresCatalogue
  private let threats: ThreatsCatalogue
  private let byTopic: [String: [Finding]]

  package init(_ findings: [Finding], measures: MeasuresCatalogue, threats: ThreatsCatalogue) {
    self.measures = measures
    self.threats = threats
    byTopic = Dictionary(grouping: findings, by: \.topic)
  }

  /// In the catalogue's order.
  package var measureStatuses: [MeasureStatus] { measures.measures.map(status) }

  package var threatStatuses: [ThreatStatus] {
    let standings = Dictionary(
      uniqueKeysWithValues: measureStatuses.map { ($0.id, $0.standing) })
    return threats.threats.map { threat in
      let against = threat.measures.map { (id: $0, standing: standings[$0] ?? .open) }
      let refuted = against.filter { $0.standing == .refuted }.map(\.id)
      let isShown = !against.isEmpty && against.allSatisfy { $0.standing == .evidenced }
      return ThreatStatus(
        id: threat.id, title: threat.title,
        standing: !refuted.isEmpty ? .refuted : isShown ? .evidenced : .open, openedBy: refuted)
    }
  }

  /// A failure refutes; without one, a missing verdict or a statement that nobody made keeps it
  /// open, and so does a measure of which no rule says anything.
  private func status(_ measure: Measure) -> MeasureStatus {
    let findings = measure.topics.flatMap { byTopic[$0] ?? [] }
    let failed = findings.filter { $0.outcome == .fail }.map(\.rule)
    let undecided = findings.filter(\.outcome.isUndecided).map(\.rule)
    let passed = findings.count { $0.outcome == .pass }
    let isShown = undecided.isEmpty && measure.statements.isEmpty && passed > 0
    return MeasureStatus(
      id: measure.id, title: measure.title, section: measure.section,
      standing: !failed.isEmpty ? .refuted : isShown ? .evidenced : .open, failed: failed.sorted(),
      undecided: undecided.sorted(), passed: passed, openStatements: measure.statements.map(\.id))
  }
}
