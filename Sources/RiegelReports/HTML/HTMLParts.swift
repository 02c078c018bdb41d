import RiegelModel

/// What the pages of a host and of a site have in common.
protocol HTMLParts {
  /// A rule by its id, as a link where the page has something to link to.
  func reference(_ rule: String) -> Markup
}

extension HTMLParts {
  /// A sentence in both languages.
  func say(_ say: (any Phrases) -> String) -> Markup { Markup.both(say) }

  func site(_ say: (any SitePhrases) -> String) -> Markup {
    Markup.both(
      Localized(en: say(Language.en.sitePhrases), de: say(Language.de.sitePhrases)))
  }

  /// A table with its head; it scrolls sideways for itself where it is too wide.
  func table(_ heads: [Label], _ rows: [Markup], named id: String) -> Markup {
    let head = heads.map { "<th scope=col>\($0)</th>" as Markup }
    return scrolling(
      """
      <table><thead><tr>\(Markup.joined(head))</tr></thead>\
      <tbody>\(Markup.joined(rows, by: "\n"))</tbody></table>
      """, named: id)
  }

  func scrolling(_ table: Markup, named id: String) -> Markup {
    "<div class=scroll role=group aria-labelledby=\"\(id)\" tabindex=0>\(table)</div>"
  }

  /// A risk acceptance with all that its approver signed.
  func acceptance(_ status: WaiverStatus) -> Markup {
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

  /// What persons attested.
  func attestations(_ statuses: [AttestationStatus]) -> Markup {
    let rows = statuses.map { status -> Markup in
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
    return rows.isEmpty
      ? "<p>\(Label.attestationsNone)</p>"
      : table(
        [.attestations, .standing, .statements, .statedBy, .documentWanted], rows,
        named: "e-attestations")
  }
}
