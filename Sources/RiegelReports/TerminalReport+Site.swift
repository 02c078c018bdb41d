import RiegelModel

/// What a site adds to the report on one of its hosts.
extension TerminalReport {
  // MARK: acceptances

  /// Beside a failure whose risk somebody accepted.
  mutating func acceptance(of finding: Finding) {
    guard let waiver = finding.waiver else { return }
    page.flow(
      [
        .prose(
          sitePhrases.accepted(
            sitePhrases.day(waiver.expires), waiver.waivers, isWhole: waiver.isWhole,
            lifts: waiver.isCompensated), .yellow)
      ], at: labelColumn, lead: label(sitePhrases.labelAccepted))
  }

  /// The ceiling with acceptances, where it differs.
  mutating func achieved(_ level: FoundationLevel) {
    guard
      let achieved = audit.achieved.first(where: {
        $0.catalogue == level.catalogue && $0.foundation == level.foundation.id
      }), achieved.ceiling > level.ceiling
    else { return }
    page.flow(
      [.prose(sitePhrases.achieved(achieved.ceiling.description, achieved.lifted), .yellow)],
      at: isNarrow ? 9 : 7, hanging: 9)
  }

  mutating func acceptances() {
    guard let waivers = audit.site?.waivers, !waivers.isEmpty else { return }
    page.blank()
    page.heading(sitePhrases.acceptancesHeading(waivers.count))
    for status in waivers {
      let waiver = status.waiver
      page.blank()
      page.flow(
        [.host(waiver.id, .bold), .prose(": ")] + [.prose(stateText(of: status))], at: 2,
        hanging: 4)
      page.flow(
        [
          .host(waiver.rule), .prose(": "),
          waiver.finding.map { .host($0) } ?? .prose(sitePhrases.wholeRule),
        ], at: 4, hanging: 6)
      page.flow([.prose(riskText(of: waiver))], at: 4, hanging: 6)
      for concern in status.concerns {
        page.flow([.prose(sitePhrases.concern(concern), .yellow)], at: 4, hanging: 6)
      }
    }
  }

  private func stateText(of status: WaiverStatus) -> String {
    sitePhrases.text(of: status)
  }

  private func riskText(of waiver: Waiver) -> String {
    let before = sitePhrases.risk(waiver.before)
    let after = sitePhrases.risk(waiver.after)
    return "\(sitePhrases.labelInitialRisk): \(before); \(sitePhrases.labelResidualRisk): \(after)"
  }

  // MARK: statements

  /// Statements that count no more or not for long, by measure; what was never stated is counted.
  mutating func statements() {
    guard audit.site != nil else { return }
    let all = audit.measures.flatMap(\.statements)
    let due = all.filter { $0.state != .valid }
    guard !due.isEmpty else { return }
    page.blank()
    page.heading(sitePhrases.statementsHeading(due.count, all.count))
    page.blank()
    for measure in audit.measures {
      let shown = measure.statements.filter {
        $0.state != .valid && (isVerbose || $0.state != .missing)
      }
      let missing = measure.statements.count { $0.state == .missing }
      guard !shown.isEmpty || isVerbose && missing > 0 else { continue }
      page.flow([.prose(measure.title[language], .bold)], at: 2)
      for statement in shown { row(statement) }
    }
    let missing = all.count { $0.state == .missing }
    if missing > 0, !isVerbose {
      page.flow([.prose(sitePhrases.missingStatements(missing) + ": `riegel attest list`")], at: 2)
    }
    for status in audit.site?.attestations ?? [] {
      if case .statement = status.attestation.subject { continue }
      guard status.state != .valid else { continue }
      page.flow(
        [
          .host(status.attestation.id, .bold), .prose(": "),
          .prose(sitePhrases.text(of: status), TerminalReport.style(of: status.state)),
        ], at: 2, hanging: 4)
    }
  }

  private mutating func row(_ statement: StatementStatus) {
    let style = statement.state == .dueSoon ? Style.yellow : .red
    var text = sitePhrases.state(statement.state)
    if let until = statement.until {
      let day = sitePhrases.day(until)
      text =
        statement.state == .expired
        ? sitePhrases.stateSince(text, sitePhrases.day(until.adding(days: 1)))
        : sitePhrases.stateUntil(text, day)
    }
    if statement.state == .contradicted,
      let rules = audit.site?.attestations.first(where: {
        $0.attestation.id == statement.attestation
      })?.contradictedBy
    {
      text = "\(sitePhrases.state(statement.state)), \(sitePhrases.contradicted(by: rules))"
    }
    page.flow(
      [
        .host(statement.id), .prose(" ("), .prose(text, style), .prose("): "),
        .prose(statement.text[language]),
      ], at: 4, hanging: 6)
  }

  static func style(of state: Attestation.State) -> Style {
    switch state {
    case .valid: .green
    case .dueSoon, .notYet: .yellow
    case .expired, .contradicted: .red
    }
  }

  // MARK: levels of systems

  /// The second catalogue in one paragraph.
  mutating func derivedLevels(_ catalogue: String) {
    let levels = audit.levels.filter { $0.catalogue == catalogue }
    page.blank()
    page.flow([.prose(sitePhrases.systemLevels(audit.standard(catalogue)), .bold)], at: 2)
    page.flow(
      TerminalReport.list(
        levels.map {
          "\($0.foundation.abbreviation) \($0.floor.description) … \($0.ceiling.description)"
        }), at: 4)
    let notes = levels.flatMap(\.limitsCeiling).compactMap { requirement in
      requirement.note.map { "\(requirement.id): \($0[language])" }
    }
    for note in Set(notes).sorted() { page.flow([.prose(note, .dim)], at: 4, hanging: 6) }
  }

  // MARK: directive and norms

  /// Row by row where something is known; open rows are counted and listed only where all is wanted.
  mutating func directive() {
    guard !audit.directive.isEmpty else { return }
    page.blank()
    page.heading(sitePhrases.directiveHeading(Set(audit.directive.map(\.annex)).sorted()))
    page.blank()
    let counts = DirectiveRowStatus.State.allCases.compactMap { state -> String? in
      let count = audit.directive.count { $0.state == state }
      return count == 0 ? nil : sitePhrases.rowCount(count, state)
    }
    page.flow(TerminalReport.list(counts), at: 2)
    for state in DirectiveRowStatus.State.allCases {
      let rows = audit.directive.filter {
        $0.state == state && (isVerbose || state != .open || !$0.rules.isEmpty)
      }
      for row in rows where isVerbose || state != .notCheckable { self.row(row) }
    }
  }

  private mutating func row(_ row: DirectiveRowStatus) {
    var runs: [Run] = [
      .term(row.id, .bold), .prose(" "),
      .prose(sitePhrases.state(row.state), TerminalReport.style(of: row.state)), .prose(": "),
      .prose(row.title[language]),
    ]
    if row.state == .open, row.needsPerson, !row.rules.isEmpty, row.rules.allSatisfy(hasPassed) {
      runs += [.prose(", "), .prose(sitePhrases.halfSeen)]
    }
    if let attestation = row.attestation {
      runs += [.prose(" ("), .host(attestation), .prose(")")]
    } else if row.state == .refuted || row.state == .open || isVerbose, !row.rules.isEmpty {
      let (shown, left) = cut(row.rules, to: 3)
      let names = Array(shown) + (left > 0 ? [phrases.others(left)] : [])
      runs += [.prose(" (")] + TerminalReport.list(names) + [.prose(")")]
    }
    page.flow(runs, at: 2, hanging: 4)
  }

  private func hasPassed(_ rule: String) -> Bool {
    audit.findings.contains { $0.rule == rule && $0.outcome == .pass }
  }

  private static func style(of state: DirectiveRowStatus.State) -> Style {
    switch state {
    case .refuted: .red
    case .seen, .attested: .green
    case .open, .notCheckable: .yellow
    }
  }

  mutating func norms() {
    guard !audit.norms.isEmpty else { return }
    page.blank()
    guard isVerbose else {
      page.flow([.prose(sitePhrases.normsHint(audit.norms.count))], at: 2)
      return
    }
    page.heading(sitePhrases.normsHeading)
    let labels = [sitePhrases.labelHandIn, sitePhrases.labelLimits]
    let column = (labels.map(VisibleText.width).max() ?? 0) + 4
    for norm in audit.norms {
      page.blank()
      page.flow([.prose(norm.title[language], .bold)], at: 2)
      page.flow(
        [
          .prose(norm.contribution[language]), .prose(" "),
          .prose("(" + norm.sections.map { $0.title[language] }.joined(separator: "; ") + "; "),
          .prose(sitePhrases.normCounts(norm.passed, norm.failed, norm.undecided) + ")"),
        ], at: column, lead: label(sitePhrases.labelHandIn))
      page.flow(
        [.prose(norm.limits[language])], at: column, lead: label(sitePhrases.labelLimits))
    }
  }
}

extension SitePhrases {
  func risk(_ risk: RiskEstimate) -> String {
    self.risk(severity(risk.severity), probability(risk.probability))
  }

  /// `in force until 30 April 2027`.
  func text(of status: WaiverStatus) -> String {
    let word = state(status.state)
    switch status.state {
    case .inForce: return stateUntil(word, day(status.waiver.expires))
    case .expired: return stateSince(word, day(status.waiver.expires.adding(days: 1)))
    case .selfApproved, .notYet: return word
    }
  }

  func text(of status: AttestationStatus) -> String {
    let word = state(status.state)
    switch status.state {
    case .valid, .dueSoon: return stateUntil(word, day(status.attestation.until))
    case .expired: return stateSince(word, day(status.attestation.until.adding(days: 1)))
    case .notYet: return word
    case .contradicted: return "\(word), \(contradicted(by: status.contradictedBy))"
    }
  }

  func text(of scope: SiteScope) -> String {
    scope.isWholeSite
      ? wholeSite : (scope.hosts + scope.zones.map(zone)).joined(separator: ", ")
  }
}
