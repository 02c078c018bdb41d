import RiegelModel

/// What an audit can hand in for laws and norms, and what it says of the KBV directive's rows.
struct NormEvidence {
  let findings: [Finding]
  let attestations: [AttestationStatus]

  func norms(_ catalogue: NormsCatalogue, measures: MeasuresCatalogue) -> [NormStatus] {
    catalogue.norms.map { norm in
      let topics = Set(
        measures.measures.filter { norm.measures.contains($0.id) }.flatMap(\.topics))
      let about = findings.filter { topics.contains($0.topic) }
      return NormStatus(
        id: norm.id, title: norm.title, contribution: norm.contribution, limits: norm.limits,
        sections: norm.reportSections, measures: norm.measures,
        passed: about.count { $0.outcome == .pass }, failed: about.count { $0.outcome == .fail },
        undecided: about.count { $0.outcome.isUndecided })
    }
  }

  /// The rows of the annexes that bind; nil for all of them.
  func rows(_ catalogue: DirectiveCatalogue, annexes: [Int]?) -> [DirectiveRowStatus] {
    let mentions = Mentions(findings)
    return catalogue.rows.filter { annexes?.contains($0.annex) ?? true }
      .map { status($0, mentions.about($0)) }
  }

  /// A finding as far as rows ask; some hundred rows look for theirs among some hundred findings.
  private struct Mention {
    var rule: String
    var outcome: Outcome
  }

  private struct Mentions {
    private var byRow: [String: [Int]] = [:]
    private var byTopic: [String: [Int]] = [:]
    private let all: [Mention]

    init(_ findings: [Finding]) {
      all = findings.map { Mention(rule: $0.rule, outcome: $0.outcome) }
      for (index, finding) in findings.enumerated() {
        byTopic[finding.topic, default: []].append(index)
        for id in finding.directiveRows where byRow[id]?.last != index {
          byRow[id, default: []].append(index)
        }
      }
    }

    /// Rules that name the row decide; where none does, the rules of its topics.
    func about(_ row: DirectiveCatalogue.Row) -> [Mention] {
      let indices = byRow[row.id] ?? Set(row.topics.flatMap { byTopic[$0] ?? [] }).sorted()
      return indices.map { all[$0] }
    }
  }

  private func status(_ row: DirectiveCatalogue.Row, _ about: [Mention]) -> DirectiveRowStatus {
    func rules(_ isWanted: (Outcome) -> Bool) -> [String] {
      about.filter { isWanted($0.outcome) }.map(\.rule)
    }
    func result(
      _ state: DirectiveRowStatus.State, _ rules: [String], _ attestation: String? = nil
    ) -> DirectiveRowStatus {
      DirectiveRowStatus(
        id: row.id, annex: row.annex, subject: row.target, title: row.title, state: state,
        rules: rules, attestation: attestation, needsPerson: row.observable != .yes)
    }
    let failed = rules { $0 == .fail }
    if !failed.isEmpty { return result(.refuted, failed) }
    let stated = attestations.first {
      guard $0.state.counts, case .rows(let ids) = $0.attestation.subject else { return false }
      return ids.contains(row.id)
    }?.attestation
    if let stated, stated.claim == .notApplicable { return result(.notCheckable, [], stated.id) }
    let undecided = rules(\.isUndecided)
    let passed = rules { $0 == .pass }
    switch row.observable {
    case .no: return stated.map { result(.attested, [], $0.id) } ?? result(.open, [])
    case .yes, .partly:
      if !undecided.isEmpty { return result(.open, undecided) }
      if passed.isEmpty {
        // Worded for another system, and nothing here stands for what it means.
        return result(row.platform != nil ? .notCheckable : .open, rules { $0 == .notApplicable })
      }
      if row.observable == .yes { return result(.seen, passed) }
      return stated.map { result(.attested, passed, $0.id) } ?? result(.open, passed)
    }
  }
}
