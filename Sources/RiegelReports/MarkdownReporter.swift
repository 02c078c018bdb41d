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
  let most: Int
  var text = ""

  init(_ audit: Audit, _ options: ReportOptions) {
    self.audit = audit
    words = FindingText(options.language)
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
    line("# \(Markdown.prose(phrases.title(host)))")
    line()
    let verdict = VerdictText(audit)
    line("**\(Markdown.prose(verdict.sentence(phrases)))**")
    if let more = verdict.more(phrases) { line(Markdown.prose(more)) }
    line()
    let system =
      [audit.host.system ?? phrases.unknownSystem, audit.host.kernel.map(phrases.kernel)]
      .compactMap { $0 }.joined(separator: ", ")
    let target = phrases.target(
      audit.targetKind, audit.targetAddress, isPrivileged: audit.isPrivileged)
    let tool = phrases.tool(audit.toolVersion, String(audit.contentHash.prefix(12)))
    for (label, value) in [
      (phrases.labelSystem, Markdown.prose(system)), (phrases.labelTarget, Markdown.prose(target)),
      (
        phrases.labelProfile,
        "\(Markdown.prose(audit.profile.title[language])) (\(Markdown.code(audit.profile.id)))"
      ), (phrases.labelTime, phrases.moment(audit.startedAt)),
      (phrases.labelTool, Markdown.prose(tool)), (phrases.labelRules, counts),
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
      line("### \(severity): \(Markdown.prose(finding.title[language]))")
      line()
      line("\(Markdown.code(finding.rule))")
      line()
      paragraphs(finding.rationale[language])
      evidence(finding)
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
      let subject = row.subject.isEmpty ? "" : "\(Markdown.code(row.subject)): "
      let field = row.field.isEmpty ? "" : "\(Markdown.code(row.field)) "
      let origin = row.origin.isEmpty ? "" : " (\(Markdown.code(row.origin)))"
      line(
        "- \(subject)\(field)\(Markdown.code(row.found))\(origin); \(phrases.labelExpected):"
          + " \(Markdown.code(row.expected))")
      for overridden in row.overrides.prefix(3) { line("  - \(Markdown.prose(overridden))") }
    }
    if rows.count > most { line("- … \(phrases.others(rows.count - most))") }
    if rows.isEmpty { line("- \(Markdown.prose(phrases.reason(finding.reason)))") }
    line()
  }

  private mutating func paragraphs(_ text: String) {
    for paragraph in Page.paragraphs(of: text) {
      line(
        paragraph.hasPrefix("  ")
          ? Markdown.code(String(paragraph.drop { $0 == " " })) : Markdown.prose(paragraph))
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
          "\(Markdown.cell(finding.title[language])) (\(Markdown.codeCell(finding.rule)))",
          Markdown.cell(phrases.reason(finding.reason)),
        ]
      })
  }

  mutating func levels() {
    guard let catalogue = audit.levels.first?.catalogue else { return }
    line(
      "## \(Markdown.prose(phrases.levelsHeading(catalogue, phrases.component(audit.componentType))))"
    )
    line()
    table(
      [
        Label.foundation.text[language], phrases.aimColumn, phrases.intervalColumn,
        Label.standing.text[language],
      ],
      audit.levels.filter { $0.catalogue == catalogue }.map { level in
        [
          "\(Markdown.cell(level.foundation.abbreviation)) \(Markdown.cell(level.foundation.title[language]))",
          level.target.description, "\(level.floor.description) … \(level.ceiling.description)",
          level.target == .sl0
            ? phrases.noAim
            : level.ceiling < level.target
              ? phrases.aimMissed
              : level.floor >= level.target ? phrases.aimShown : phrases.aimOpen,
        ]
      })
    line(Markdown.prose(phrases.levelsExplained))
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
          Markdown.cell(measure.title[language]), phrases.standing(measure.standing),
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
        line("- \(Markdown.prose(finding.title[language])) (\(Markdown.code(finding.rule)))")
      }
      line()
    }
  }
}

/// Text made safe for Markdown.
enum Markdown {
  /// Prose, with the code spans that its author wrote.
  static func prose(_ text: String) -> String {
    let words = text.split { $0 == "\n" || $0 == "\r\n" || $0 == "\t" }.joined(separator: " ")
    let parts = words.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 2, !parts.count.isMultiple(of: 2) else { return escaped(words) }
    return parts.enumerated().map { index, part in
      index.isMultiple(of: 2) ? escaped(String(part)) : code(String(part))
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in VisibleText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "@": result += "&#64;"
      case "\\", "`", "*", "_", "[", "]", "#", "|", "~", "!", "$":
        result += "\\"
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return startEscaped(result)
  }

  /// At the start of a line a dash, a plus or a number with a point would make a list.
  private static func startEscaped(_ text: String) -> String {
    guard let first = text.first else { return text }
    if "-+=:".contains(first) { return "\\" + text }
    let rest = text.drop { $0.isASCII && $0.isNumber }
    guard rest.count < text.count, let mark = rest.first, mark == "." || mark == ")" else {
      return text
    }
    return text.dropLast(rest.count) + "\\" + rest
  }

  /// A code span that nothing inside can end.
  static func code(_ text: String) -> String {
    let text = VisibleText.escaped(text)
    if text.isEmpty { return "` `" }
    var longest = 0
    var run = 0
    for character in text.utf8 {
      run = character == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let isTight = text.first != "`" && text.last != "`" && text.first != " " && text.last != " "
    return isTight ? fence + text + fence : "\(fence) \(text) \(fence)"
  }

  static func cell(_ text: String) -> String {
    let prose = Markdown.prose(text)
    // A bar inside a code span parts cells all the same.
    return prose.contains("`") ? barred(prose) : prose
  }

  static func codeCell(_ text: String) -> String { barred(code(text)) }

  private static func barred(_ text: String) -> String {
    var result = ""
    var last: Character = " "
    for character in text {
      if character == "|", last != "\\" { result += "\\" }
      result.append(character)
      last = character
    }
    return result
  }
}
