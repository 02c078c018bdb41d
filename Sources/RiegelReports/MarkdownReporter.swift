package import RiegelModel

/// Markdown (CommonMark with tables) for merge requests, tickets and wikis.
///
/// Text of the host stands in code spans whose fence is longer than any inside, so that no name
/// can end one; in prose everything that Markdown or HTML would read is escaped.
package struct MarkdownReporter: Reporter {
  package static let name = "markdown"
  package static let summary = Localized(
    en: "Markdown for merge requests, tickets and wikis",
    de: "Markdown für Merge-Requests, Tickets und Wikis")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    var report = MarkdownReport(audit, options)
    report.head()
    report.failures()
    if options.verbosity != .quiet {
      report.undecided()
      report.levels()
      report.measures()
    }
    if options.verbosity == .verbose { report.others() }
    return Array(report.text.utf8)
  }
}

private struct MarkdownReport {
  let audit: Audit
  let words: FindingText
  let acceptances: AcceptanceText
  let most: Int
  var text = ""

  init(_ audit: Audit, _ options: ReportOptions) {
    self.audit = audit
    words = FindingText(options.language)
    acceptances = AcceptanceText(audit, options.language)
    most = options.verbosity == .verbose ? 100 : 10
  }

  private var phrases: any Phrases { words.phrases }
  private var language: Language { words.language }

  private mutating func line(_ text: String = "") { self.text += text + "\n" }

  private mutating func table(_ heads: [String], _ rows: [[String]]) {
    line("| " + heads.joined(separator: " | ") + " |")
    line("|" + String(repeating: " --- |", count: heads.count))
    for row in rows { line("| " + row.joined(separator: " | ") + " |") }
    line()
  }

  mutating func head() {
    let host = audit.host.name ?? phrases.unnamedHost
    line("# \(MarkdownText.prose(phrases.title(host)))")
    line()
    let verdict = VerdictText(audit)
    line("**\(MarkdownText.prose(verdict.sentence(phrases)))**")
    let accepted = audit.findings.count(where: \.isAccepted)
    if accepted > 0 {
      let left = audit.count(.fail) - accepted
      line(MarkdownText.prose(acceptances.words.verdictAccepted(accepted, left: left)))
    }
    if let more = verdict.more(phrases) { line(MarkdownText.prose(more)) }
    line()
    let system =
      [audit.host.system ?? phrases.unknownSystem, audit.host.kernel.map(phrases.kernel)]
      .compactMap { $0 }.joined(separator: ", ")
    let target = phrases.target(
      audit.targetKind, audit.targetAddress, isPrivileged: audit.isPrivileged)
    let tool = phrases.tool(audit.toolVersion, String(audit.contentHash.prefix(12)))
    for (label, value) in [
      (phrases.labelSystem, MarkdownText.prose(system)),
      (phrases.labelTarget, MarkdownText.prose(target)),
      (
        phrases.labelProfile,
        "\(MarkdownText.prose(audit.profile.title[language])) (\(MarkdownText.code(audit.profile.id)))"
      ), (phrases.labelTime, phrases.moment(audit.startedAt)),
      (phrases.labelTool, MarkdownText.prose(tool)), (phrases.labelRules, counts),
    ] {
      line("- \(label): \(value)")
    }
    line()
  }

  private var counts: String {
    let undecided = audit.count(.error) + audit.count(.notCollected)
    let parts = [
      (audit.count(.fail), phrases.failed(audit.count(.fail))),
      (undecided, phrases.undecided(undecided)),
      (audit.count(.manual), phrases.forPersons(audit.count(.manual))),
      (audit.count(.pass), phrases.passed(audit.count(.pass))),
      (audit.count(.notApplicable), phrases.notApplicable(audit.count(.notApplicable))),
    ]
    return parts.filter { $0.0 > 0 }.map(\.1).joined(separator: ", ")
  }

  mutating func failures() {
    let failed = HTMLPage.worstFirst(audit.findings.filter { $0.outcome == .fail })
    guard !failed.isEmpty else { return }
    line("## \(phrases.failures(failed.count))")
    line()
    for finding in failed {
      let severity = phrases.severity(finding.severity).uppercased()
      line("### \(severity): \(MarkdownText.prose(finding.title[language]))")
      line()
      line("\(MarkdownText.code(finding.rule))")
      line()
      paragraphs(finding.rationale[language])
      evidence(finding)
      for said in acceptances.lines(finding) { line("- \(MarkdownText.prose(said))") }
      if finding.outcome == .fail, !acceptances.lines(finding).isEmpty { line() }
      line("**\(phrases.labelFix):**")
      line()
      paragraphs(finding.remediation.text[language])
      var effort = phrases.fixEffort(phrases.effort(finding.remediation.effort))
      if !finding.remediation.risks.isEmpty {
        effort += " **\(phrases.caution(finding.remediation.risks.map(phrases.risk)))**"
      }
      line(effort)
      line()
    }
  }

  private mutating func evidence(_ finding: Finding) {
    let rows = FindingText.decisive(finding)
    for row in rows.prefix(most).map(words.row) {
      let subject = row.subject.isEmpty ? "" : "\(MarkdownText.code(row.subject)): "
      let field = row.field.isEmpty ? "" : "\(MarkdownText.code(row.field)) "
      let origin = row.origin.isEmpty ? "" : " (\(MarkdownText.code(row.origin)))"
      line(
        "- \(subject)\(field)\(MarkdownText.code(row.found))\(origin); \(phrases.labelExpected):"
          + " \(MarkdownText.code(row.expected))")
      for overridden in row.overrides.prefix(3) { line("  - \(MarkdownText.prose(overridden))") }
    }
    if rows.count > most { line("- … \(phrases.others(rows.count - most))") }
    if rows.isEmpty { line("- \(MarkdownText.prose(phrases.reason(finding.reason)))") }
    line()
  }

  private mutating func paragraphs(_ text: String) {
    for paragraph in Page.paragraphs(of: text) {
      line(
        paragraph.hasPrefix("  ")
          ? MarkdownText.code(String(paragraph.drop { $0 == " " })) : MarkdownText.prose(paragraph))
      line()
    }
  }

  mutating func undecided() {
    let findings = HTMLPage.worstFirst(audit.findings.filter(\.outcome.isUndecided))
    guard !findings.isEmpty else { return }
    line("## \(Label.undecided.text[language])")
    line()
    table(
      [phrases.labelSeverity, Label.rules.text[language], Label.openWhy.text[language]],
      findings.map { finding in
        [
          phrases.severity(finding.severity),
          "\(MarkdownText.cell(finding.title[language])) (\(MarkdownText.codeCell(finding.rule)))",
          MarkdownText.cell(phrases.reason(finding.reason)),
        ]
      })
  }

  mutating func levels() {
    guard let catalogue = audit.levels.first?.catalogue else { return }
    line(
      "## \(MarkdownText.prose(phrases.levelsHeading(audit.standard(catalogue), phrases.component(audit.componentType))))"
    )
    line()
    table(
      [
        Label.foundation.text[language], phrases.aimColumn, phrases.intervalColumn,
        Label.standing.text[language],
      ],
      audit.levels.filter { $0.catalogue == catalogue }.map { level in
        [
          "\(MarkdownText.cell(level.foundation.abbreviation)) \(MarkdownText.cell(level.foundation.title[language]))",
          level.target.description, "\(level.floor.description) … \(level.ceiling.description)",
          level.target == .sl0
            ? phrases.noAim
            : level.ceiling < level.target
              ? phrases.aimMissed
              : level.floor >= level.target ? phrases.aimShown : phrases.aimOpen,
        ]
      })
    line(MarkdownText.prose(phrases.levelsExplained))
    line()
  }

  mutating func measures() {
    guard !audit.measures.isEmpty else { return }
    line("## \(phrases.measuresHeading)")
    line()
    table(
      [Label.measure.text[language], Label.standing.text[language], Label.counts.text[language]],
      audit.measures.map { measure in
        [
          MarkdownText.cell(measure.title[language]), phrases.standing(measure.standing),
          phrases.measureCounts(
            failed: measure.failed.count, undecided: measure.undecided.count,
            passed: measure.passed, openStatements: measure.openStatements.count
          ).joined(separator: ", "),
        ]
      })
  }

  /// What passed and what does not apply, for who wants everything.
  mutating func others() {
    for outcome in [Outcome.pass, .notApplicable] {
      let findings = audit.findings.filter { $0.outcome == outcome }
      guard !findings.isEmpty else { continue }
      line(
        "## "
          + (outcome == .pass
            ? phrases.passedHeading(findings.count)
            : phrases.notApplicableHeading(findings.count)))
      line()
      for finding in findings {
        line(
          "- \(MarkdownText.prose(finding.title[language])) (\(MarkdownText.code(finding.rule)))")
      }
      line()
    }
  }
}
