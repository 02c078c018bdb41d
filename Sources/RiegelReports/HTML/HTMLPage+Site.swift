import RiegelModel

/// What persons accept and state, and the rows and norms that this is evidence for.
extension HTMLPage {
  func site(_ say: (any SitePhrases) -> String) -> Markup {
    Markup.both(
      Localized(en: say(Language.en.sitePhrases), de: say(Language.de.sitePhrases)))
  }

  /// The risk acceptances in the vocabulary of ISO 14971, each with all that its approver signed.
  var acceptances: Markup {
    guard let waivers = audit.site?.waivers, !waivers.isEmpty else {
      return "<p>\(Label.acceptancesNone)</p>"
    }
    return .joined(waivers.map(acceptance))
  }

  private func acceptance(_ status: WaiverStatus) -> Markup {
    let waiver = status.waiver
    let standing: Standing = status.state == .inForce ? .evidenced : .refuted
    var rows: Markup = ""
    func row(_ label: (any SitePhrases) -> String, _ content: Markup) {
      rows += "<tr><th scope=row>\(site(label))</th><td>\(content)</td></tr>"
    }
    func risk(_ risk: RiskEstimate) -> Markup {
      site { $0.risk($0.severity(risk.severity), $0.probability(risk.probability)) }
    }
    row({ $0.labelState }, "\(sign(standing, .small)) \(site { $0.text(of: status) })")
    row({ $0.labelRule }, reference(waiver.rule))
    row({ $0.labelScope }, site { $0.text(of: waiver.scope) })
    row({ $0.labelFinding }, waiver.finding.map { "\($0)" } ?? site { $0.wholeRule })
    let covers = status.covers.map { cover in
      cover.subjects.isEmpty
        ? cover.host : "\(cover.host): \(cover.subjects.joined(separator: ", "))"
    }
    if !covers.isEmpty { row({ $0.labelCovers }, "\(covers.joined(separator: "; "))") }
    row({ $0.labelReason }, "\(waiver.reason)")
    row({ $0.labelHazard }, "\(waiver.hazard)")
    row({ $0.labelSituation }, "\(waiver.situation)")
    row({ $0.labelHarm }, "\(waiver.harm)")
    row({ $0.labelInitialRisk }, risk(waiver.before))
    row(
      { $0.labelMeasures },
      waiver.measures.isEmpty
        ? site { $0.noMeasure } : .joined(waiver.measures.map { "\($0)" }, by: "<br>"))
    row({ $0.labelResidualRisk }, risk(waiver.after))
    row({ $0.labelOwner }, "\(waiver.owner)")
    row({ $0.labelApprover }, "\(waiver.approver)")
    row({ $0.labelApproved }, site { $0.day(waiver.approved) })
    row({ $0.labelExpires }, site { $0.day(waiver.expires) })
    let concerns = status.concerns.map { concern in
      "<p class=notice>\(site { $0.concern(concern) })</p>" as Markup
    }
    return """
      <h4>\(waiver.id)</h4>\(Markup.joined(concerns))<table class=facts><tbody>\(rows)</tbody></table>
      """
  }

  /// What persons attested, then what measures ask for and nobody has stated.
  var attestations: Markup {
    var result: Markup = ""
    let rows = (audit.site?.attestations ?? []).map { status -> Markup in
      let attestation = status.attestation
      return """
        <tr><th scope=row>\(attestation.id)<br><span class=muted>\
        \(attestation.subject.ids.joined(separator: ", "))</span></th>\
        <td>\(site { $0.text(of: status) })</td><td>\(site { $0.claim(attestation.claim) }). \
        \(attestation.text)</td><td>\(attestation.person), \(site { $0.day(attestation.day) })</td>\
        <td>\(attestation.document.file)<br><code class=hash>\(attestation.document.sha256)</code>\
        </td></tr>
        """
    }
    result =
      rows.isEmpty
      ? "<p>\(Label.attestationsNone)</p>"
      : table(
        [.attestations, .standing, .statements, .statedBy, .documentWanted], rows,
        named: "e-attestations")
    return result + openStatements
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
