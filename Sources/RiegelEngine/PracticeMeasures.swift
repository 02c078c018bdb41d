package import RiegelModel

/// What findings and attestations say about the practice-level measures, and the threats these
/// counter.
package struct PracticeMeasures: Sendable {
  private let measures: MeasuresCatalogue
  private let threats: ThreatsCatalogue
  private let byTopic: [String: [Finding]]
  private let attestations: [AttestationStatus]

  package init(
    _ findings: [Finding], measures: MeasuresCatalogue, threats: ThreatsCatalogue,
    attestations: [AttestationStatus] = []
  ) {
    self.measures = measures
    self.threats = threats
    self.attestations = attestations
    byTopic = Dictionary(grouping: findings, by: \.topic)
  }

  /// In the catalogue's order.
  package var measureStatuses: [MeasureStatus] { measures.measures.map(status) }

  package var threatStatuses: [ThreatStatus] {
    let statuses = measureStatuses
    return threats.threats.map { threat in
      let against = statuses.filter { threat.measures.contains($0.id) }
      let refuted = against.filter { $0.standing == .refuted }
      let isShown =
        against.count == threat.measures.count && !against.isEmpty
        && against.allSatisfy { $0.standing == .evidenced }
      return ThreatStatus(
        id: threat.id, title: threat.title,
        standing: !refuted.isEmpty ? .refuted : isShown ? .evidenced : .open,
        openedBy: threat.measures.filter { id in refuted.contains { $0.id == id } },
        rules: Set(refuted.flatMap(\.failed)).sorted())
    }
  }

  /// A failure refutes; without one, a missing verdict or a statement that nobody made keeps it
  /// open, and so does a measure of which no rule says anything, unless no rule can.
  private func status(_ measure: Measure) -> MeasureStatus {
    let findings = measure.topics.flatMap { byTopic[$0] ?? [] }
    let failed = findings.filter { $0.outcome == .fail }.map(\.rule)
    let undecided = findings.filter(\.outcome.isUndecided).map(\.rule)
    let passed = findings.count { $0.outcome == .pass }
    let statements = measure.statements.map(attestations.status)
    let open = statements.filter { $0.state != .valid && $0.state != .dueSoon }
    let isSeen = passed > 0 || measure.topics.isEmpty && !statements.isEmpty
    let isShown = undecided.isEmpty && open.isEmpty && isSeen
    return MeasureStatus(
      id: measure.id, title: measure.title, section: measure.section,
      standing: !failed.isEmpty ? .refuted : isShown ? .evidenced : .open, failed: failed.sorted(),
      undecided: undecided.sorted(), passed: passed, openStatements: open.map(\.id),
      statements: statements,
      isContradicted: !failed.isEmpty
        && statements.contains { $0.state != .missing && $0.state != .expired })
  }
}
