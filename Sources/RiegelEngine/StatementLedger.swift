import RiegelModel

/// The attestations about one host, laid against the calendar and its findings.
struct StatementLedger {
  /// Those whose scope takes in the host, in the site's order.
  let statuses: [AttestationStatus]

  /// `findings` with their waivers: a deviation that is accepted contradicts no statement of a
  /// measure, but it does contradict that a requirement is met.
  init(_ findings: [Finding], _ membership: SiteMembership, measures: MeasuresCatalogue) {
    let type = membership.member.componentType
    func contradicting(_ attestation: Attestation) -> [String] {
      switch attestation.subject {
      case .statement(let id):
        let names = measures.statement(id)?.statement.contradictedBy ?? []
        let globs = names.map { Glob($0) }
        return findings.filter { finding in
          finding.isUnaccepted
            && (names.contains(finding.topic) || globs.contains { $0.matches(text: finding.rule) })
        }.map(\.rule)
      case .requirements(let ids):
        let own = Set(ids.map(type.requirement(for:)))
        return findings.filter { finding in
          finding.outcome == .fail
            && finding.decides.contains { own.contains(type.requirement(for: $0)) }
        }.map(\.rule)
      case .rows(let ids):
        return findings.filter { finding in
          finding.outcome == .fail && finding.cites(anyRow: ids)
        }.map(\.rule)
      }
    }
    statuses = membership.site.attestations.filter { $0.scope.covers(membership.member) }.map {
      let state = $0.state(at: membership.now)
      let contradicting = state.counts ? contradicting($0) : []
      return AttestationStatus(
        $0, state: contradicting.isEmpty ? state : .contradicted, contradictedBy: contradicting)
    }
  }

}

extension [AttestationStatus] {
  /// What may be counted of requirements on a component of this type.
  func requirements(of type: ComponentType) -> RequirementStatements {
    var statements = RequirementStatements()
    for status in self where status.state.counts {
      guard case .requirements(let ids) = status.attestation.subject else { continue }
      let own = ids.map(type.requirement(for:))
      switch status.attestation.claim {
      case .met: statements.met.formUnion(own)
      case .notApplicable: statements.notApplicable.formUnion(own)
      }
    }
    return statements
  }

  /// What became of a statement: the attestation in the best state counts.
  func status(of statement: Measure.Statement) -> StatementStatus {
    let about = filter { $0.attestation.subject == .statement(statement.id) }
    for state in [Attestation.State.valid, .dueSoon, .contradicted, .expired] {
      let latest = about.filter { $0.state == state }.max {
        $0.attestation.until < $1.attestation.until
      }
      guard let latest else { continue }
      let shown: StatementStatus.State =
        switch state {
        case .valid: .valid
        case .dueSoon: .dueSoon
        case .contradicted: .contradicted
        case .expired, .notYet: .expired
        }
      return StatementStatus(
        id: statement.id, text: statement.statement, state: shown,
        until: latest.attestation.until, attestation: latest.attestation.id)
    }
    return StatementStatus(id: statement.id, text: statement.statement, state: .missing)
  }
}

extension Finding {
  /// Whether its rule names one of these rows of the KBV directive.
  func cites(anyRow ids: [String]) -> Bool { directiveRows.contains(where: ids.contains) }

  /// Rows of the KBV's directive that the rule names.
  var directiveRows: [String] { references.filter { $0.framework == "kbv" }.flatMap(\.ids) }
}
