import RiegelModel

/// What persons accept and state, and the rows and norms that this is evidence for.
extension HTMLPage {
  /// The risk acceptances in the vocabulary of ISO 14971, each with all that its approver signed.
  var acceptances: Markup {
    guard let waivers = audit.site?.waivers, !waivers.isEmpty else {
      return "<p>\(Label.acceptancesNone)</p>"
    }
    return .joined(waivers.map(acceptance))
  }

  /// What persons attested, then what measures ask for and nobody has stated.
  var attestations: Markup {
    attestations(audit.site?.attestations ?? []) + openStatements
  }

  private var openStatements: Markup {
    let asked = Dictionary(
      audit.catalogues.statements.map { ("\($0.measure) \($0.id)", $0) }
    ) { first, _ in first }
    let rows = audit.measures.flatMap { measure in
      measure.openStatements.map { id -> Markup in
        let status = measure.statements.first { $0.id == id }
        let statement = asked["\(measure.id) \(id)"]
        let text = statement?.statement ?? status?.text ?? Localized(en: id, de: id)
        let state = site { $0.state(status?.state ?? .missing) }
        return """
          <tr><th scope=row>\(text)</th><td>\(measure.title)</td><td>\(state)</td>\
          <td>\(statement?.evidence ?? Localized(en: "–", de: "–"))</td>\
          <td>\(statement.map { String($0.validityMonths) } ?? "–")</td></tr>
          """
      }
    }
    guard !rows.isEmpty else { return "" }
    return "<h4 id=e-statements>\(Label.statementsOpen)</h4>"
      + table(
        [.statements, .measure, .standing, .documentWanted, .validMonths], rows,
        named: "e-statements")
  }

  /// The rows of the directive that bind the site.
  var directive: Markup {
    let rows = audit.directive.map { row -> Markup in
      let standing: Markup =
        switch row.state {
        case .refuted: sign(Standing.refuted, .small)
        case .seen, .attested: sign(Standing.evidenced, .small)
        case .open: sign(Standing.open, .small)
        case .notCheckable: sign(Outcome.notApplicable, .small)
        }
      var proof = row.rules.map(reference)
      if let attestation = row.attestation { proof.append("\(attestation)") }
      if row.needsPerson, row.attestation == nil {
        proof.append(
          row.state == .seen ? site { $0.halfSeen } : say { $0.openReason(.notAttested) })
      }
      return """
        <tr><th scope=row><span class=nb>\(row.id)</span></th><td>\(row.subject): \(row.title)</td>\
        <td>\(standing) \(site { $0.state(row.state) })</td>\
        <td>\(Markup.joined(proof, by: "; "))</td></tr>
        """
    }
    guard !rows.isEmpty else { return "" }
    return table(
      [.directiveRow, .requirement, .standing, .rules], rows, named: "e-directive")
  }

  /// Until when the failure of a finding is accepted, and by which records.
  func acceptance(of finding: Finding) -> Markup? {
    guard let waiver = finding.waiver else { return nil }
    return site {
      $0.accepted(
        $0.day(waiver.expires), waiver.waivers, isWhole: waiver.isWhole,
        lifts: waiver.isCompensated)
    }
  }

  /// Zone and site in the head of the page and among the facts.
  var place: Markup? {
    audit.site.map { status in
      site { phrases in
        let language = phrases is SiteGerman ? Language.de : .en
        return phrases.place(
          status.host, status.zoneTitle[language], status.title[language],
          isEssential: status.isEssential)
      }
    }
  }
}
