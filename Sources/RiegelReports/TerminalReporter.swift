package import RiegelModel

/// The report for a person at a terminal, and for a pipe: what is wrong first, then what nobody
/// could tell, then what it means for levels and measures.
///
/// Colour only underlines what words already say. Everything that comes from the audited host is
/// shown with its control characters escaped.
package struct TerminalReporter: Reporter {
  package static let name = "terminal"
  package static let summary = Localized(
    en: "for people: what failed and why, what to do, what it means for levels and measures",
    de: "für Menschen: was nicht erfüllt ist und warum, was zu tun ist, was es für Level und"
      + " Maßnahmen bedeutet")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    var report = TerminalReport(audit, options)
    if options.verbosity == .quiet {
      report.failedTitles()
      report.verdict()
    } else {
      report.head()
      report.failures()
      report.undecided()
      report.manual()
      report.listed(.pass)
      report.listed(.notApplicable)
      report.levels()
      report.measures()
      report.statements()
      report.threats()
      report.acceptances()
      report.directive()
      report.norms()
      report.verdict()
    }
    return report.page.bytes
  }
}

/// One report on its way to paper; each section is a method in a file of its own.
struct TerminalReport {
  let audit: Audit
  let language: Language
  let phrases: any Phrases
  let sitePhrases: any SitePhrases
  let isVerbose: Bool
  var page: Page

  init(_ audit: Audit, _ options: ReportOptions) {
    self.audit = audit
    language = options.language
    phrases = options.language.phrases
    sitePhrases = options.language.sitePhrases
    isVerbose = options.verbosity == .verbose
    page = Page(width: options.width, colour: options.colour)
  }

  /// The findings of an outcome, the worst first, then by topic and id.
  func findings(_ outcomes: Outcome...) -> [Finding] {
    audit.findings.filter { outcomes.contains($0.outcome) }.sorted {
      ($1.severity, $0.topic, $0.rule) < ($0.severity, $1.topic, $1.rule)
    }
  }

  /// A value of the host, cut where it would fill the screen.
  func value(_ text: String) -> Run {
    let most = 240
    let count = text.unicodeScalars.count
    if isVerbose || count <= most + 40 { return .host(text) }
    var start = ""
    start.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(most))
    return .host(start + phrases.moreCharacters(count - most))
  }

  /// The first items, and how many are left.
  func cut<T>(_ items: [T], to most: Int) -> (shown: ArraySlice<T>, left: Int) {
    // One row more takes no more room than the row that says so.
    if isVerbose || items.count <= most + 1 { return (items[...], 0) }
    return (items.prefix(most), items.count - most)
  }

  static func style(of severity: Severity) -> Style {
    switch severity {
    case .critical, .high: [.red, .bold]
    case .medium: [.red]
    case .low: []
    }
  }
}

extension TerminalReport {
  mutating func head() {
    let host = audit.host
    page.flow([.host(phrases.title(host.name ?? phrases.unnamedHost), .bold)])
    page.blank()
    let labels = [
      phrases.labelSystem, phrases.labelTarget, phrases.labelProfile, phrases.labelAim,
      phrases.labelTime, phrases.labelTool, phrases.labelRules,
    ]
    let column = (labels.map(VisibleText.width).max() ?? 0) + 4
    var system: [Run] = [.host(host.system ?? phrases.unknownSystem)]
    if let kernel = host.kernel { system += [.prose(", "), .host(phrases.kernel(kernel))] }
    page.flow(system, at: column, lead: label(phrases.labelSystem))
    if let site = audit.site {
      page.flow(
        [
          .prose(
            sitePhrases.place(
              site.host, site.zoneTitle[language], site.title[language],
              isEssential: site.isEssential))
        ], at: column, lead: label(sitePhrases.labelSite))
    }
    page.flow(
      [
        .host(
          phrases.target(
            audit.targetKind, audit.targetAddress, isPrivileged: audit.isPrivileged))
      ], at: column, lead: label(phrases.labelTarget))
    page.flow(
      [.prose("\(audit.profile.title[language]) ("), .host(audit.profile.id), .prose(")")],
      at: column, lead: label(phrases.labelProfile))
    if audit.profile.isDefault {
      page.flow([.prose(phrases.defaultProfile, .yellow)], at: column)
    }
    page.flow(aim, at: column, lead: label(phrases.labelAim))
    page.flow([.term(phrases.moment(audit.startedAt))], at: column, lead: label(phrases.labelTime))
    page.flow(
      [.host(phrases.tool(audit.toolVersion, String(audit.contentHash.prefix(12))))], at: column,
      lead: label(phrases.labelTool))
    page.flow(counts, at: column, lead: label(phrases.labelRules))
  }

  func label(_ text: String) -> [Run] { [.host("  "), .term(text, .dim)] }

  private var aim: [Run] {
    let target = audit.profile.target
    let levels = Set(target.values)
    if levels.isEmpty { return [.prose(phrases.noAim)] }
    if levels.count == 1, let level = levels.first { return [.term(level.description)] }
    let parts = target.sorted { $0.key < $1.key }.map { id, level in
      let foundation = audit.levels.first { $0.foundation.id == id }?.foundation
      return "\(foundation?.abbreviation ?? id)\u{A0}\(level.description)"
    }
    return [.host(parts.joined(separator: ", "))]
  }

  private var counts: [Run] {
    let parts: [(Int, String, Style)] = [
      (audit.count(.fail), phrases.failed(audit.count(.fail)), [.red, .bold]),
      (undecidedCount, phrases.undecided(undecidedCount), .yellow),
      (audit.count(.manual), phrases.forPersons(audit.count(.manual)), []),
      (audit.count(.pass), phrases.passed(audit.count(.pass)), .green),
      (audit.count(.notApplicable), phrases.notApplicable(audit.count(.notApplicable)), []),
    ]
    var runs: [Run] = [.term(phrases.rules(audit.findings.count) + ":")]
    for (index, part) in parts.filter({ $0.0 > 0 }).enumerated() {
      runs += [.prose(index == 0 ? " " : ", "), .term(part.1, part.2)]
    }
    return runs
  }

  var undecidedCount: Int { audit.count(.error) + audit.count(.notCollected) }

  /// The titles alone, for `--quiet`.
  mutating func failedTitles() {
    let column = severityColumn
    for finding in findings(.fail) {
      page.flow(
        [
          .prose(phrases.notMet(finding.title[language])), .prose(" ("), .host(finding.rule),
          .prose(")"),
        ],
        at: column, lead: [severity(finding)])
    }
  }

  var severityColumn: Int {
    (Severity.allCases.map { VisibleText.width(phrases.severity($0)) }.max() ?? 0) + 2
  }

  func severity(_ finding: Finding) -> Run {
    .term(
      phrases.severity(finding.severity).uppercased(),
      TerminalReport.style(of: finding.severity))
  }

  /// Passed or not applicable findings: counted in the head, listed only where all is wanted.
  mutating func listed(_ outcome: Outcome) {
    let findings = findings(outcome)
    guard isVerbose, !findings.isEmpty else { return }
    page.blank()
    page.heading(
      outcome == .pass
        ? phrases.passedHeading(findings.count) : phrases.notApplicableHeading(findings.count),
      outcome == .pass ? .green : [])
    page.blank()
    for finding in findings {
      page.flow(
        [.prose(finding.title[language]), .prose(" ("), .host(finding.rule), .prose(")")], at: 2,
        hanging: 4)
    }
  }

  mutating func verdict() {
    let verdict = VerdictText(audit)
    let style: Style =
      switch verdict.kind {
      case .failed: .red
      case .undecided, .nothingApplied: .yellow
      case .passed: .green
      }
    var runs: [Run] = [.prose(verdict.sentence(phrases), style.union(.bold))]
    if let more = verdict.more(phrases) { runs += [.prose(" "), .prose(more, .yellow)] }
    let left = audit.findings.count(where: \.isUnaccepted)
    let failed = audit.count(.fail)
    if left < failed {
      runs += [.prose(" "), .prose(sitePhrases.verdictAccepted(failed - left, left: left))]
    }
    if !page.bytes.isEmpty { page.blank() }
    page.flow(runs, at: 0, lead: [.prose("\(phrases.verdictHeading): ", .bold)])
  }
}
