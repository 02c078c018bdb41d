import RiegelModel

extension TerminalReport {
  mutating func failures() {
    let failed = findings(.fail)
    guard !failed.isEmpty else { return }
    page.blank()
    let severities = Severity.allCases.compactMap { severity -> String? in
      let count = failed.count { $0.severity == severity }
      return count == 0 ? nil : "\(phrases.number(count)) \(phrases.severity(severity))"
    }
    page.heading(
      "\(phrases.failures(failed.count)) (\(severities.joined(separator: ", ")))", .red)
    for finding in failed {
      page.blank()
      failure(finding)
    }
  }

  private mutating func failure(_ finding: Finding) {
    page.flow(
      [.prose(phrases.notMet(finding.title[language]), .bold)], at: labelColumn,
      lead: [severity(finding)])
    page.flow([.host(finding.rule, .dim)], at: labelColumn)
    acceptance(of: finding)
    explanation(of: finding)
    fix(finding)
    if !finding.decides.isEmpty {
      page.flow(
        TerminalReport.list(finding.decides), at: labelColumn,
        lead: label(phrases.labelRefutes))
    }
    settings(of: finding)
    notes(of: finding)
    references(of: finding)
  }

  var labelColumn: Int {
    let labels =
      [
        phrases.labelWhy, phrases.labelExpected, phrases.labelFound, phrases.labelFix,
        phrases.labelRefutes, phrases.labelSetting, phrases.labelByLevel, phrases.labelNote,
        phrases.labelReferences, phrases.labelLook,
      ] + (audit.site == nil ? [] : [sitePhrases.labelAccepted])
    return (labels.map(VisibleText.width).max() ?? 0) + 4
  }

  /// Why it matters, what was expected, what was found and where.
  mutating func explanation(of finding: Finding) {
    page.paragraphs(
      finding.rationale[language], at: labelColumn, lead: label(phrases.labelWhy))
    let rows = FindingText.decisive(finding)
    if case .missing = finding.reason, rows.isEmpty {
      page.flow(
        [.prose(phrases.foundNothing)], at: labelColumn, lead: label(phrases.labelFound))
    }
    evidence(rows)
    if case .violated(let count) = finding.reason, count > rows.count, !rows.isEmpty {
      page.flow([.prose(phrases.inAll(count))], at: labelColumn)
    }
  }

  /// Evidence in groups that expect the same of the same field, each said once.
  mutating func evidence(_ rows: [Evidence]) {
    let expectations = ExpectedText(phrases: phrases)
    for group in TerminalReport.groups(of: rows) {
      guard let first = group.first else { continue }
      page.flow(
        TerminalReport.field(of: group) + [value(expectations.render(of: first))],
        at: labelColumn, lead: label(phrases.labelExpected))
      let (shown, left) = cut(group, to: 10)
      for (index, row) in shown.enumerated() {
        found(row, lead: index == 0 ? label(phrases.labelFound) : [])
      }
      if left > 0 { page.flow([.prose(phrases.more(left))], at: labelColumn) }
    }
  }

  private static func groups(of rows: [Evidence]) -> [[Evidence]] {
    var groups: [[Evidence]] = []
    var places: [[String]: Int] = [:]
    for row in rows {
      if let place = places[[row.field, row.expected]] {
        groups[place].append(row)
      } else {
        places[[row.field, row.expected]] = groups.count
        groups.append([row])
      }
    }
    return groups
  }

  /// `max-days: `; where the field says no more than its subject, the subject if there is but one.
  private static func field(of group: [Evidence]) -> [Run] {
    guard let first = group.first, !ExpectedText.isAboutWholeRow(first.expected) else { return [] }
    if !isPlain(first) { return [.host(first.field), .prose(": ")] }
    let isOne = !first.subject.isEmpty && group.allSatisfy { $0.subject == first.subject }
    return isOne ? [.host(first.subject), .prose(": ")] : []
  }

  private static func isPlain(_ row: Evidence) -> Bool {
    row.field.isEmpty || row.field == "value" || (row.subject.isEmpty && row.field == "count")
  }

  private mutating func found(_ row: Evidence, lead: [Run]) {
    var runs: [Run] = row.subject.isEmpty ? [] : [.host(row.subject), .prose(": ")]
    switch row.found {
    case .unknown(let error): runs += [.host(phrases.error(error))]
    case .absent where row.subject.isEmpty: runs += [.prose(phrases.foundNothing)]
    case .absent where row.origin == nil: runs += [.prose(phrases.foundAbsent)]
    case .value, .absent:
      let isPlain = TerminalReport.isPlain(row)
      runs += (isPlain ? [] : [.host(row.field), .prose(" ")]) + [value(phrases.found(row.found))]
    }
    if let origin = row.origin {
      runs += [.prose(" ("), .host(phrases.origin(origin)), .prose(")")]
    }
    page.flow(runs, at: labelColumn, lead: lead)
    let (shown, left) = cut(row.overrides, to: 3)
    for overridden in shown {
      page.flow(
        [
          .host(
            phrases.overrides(
              overridden.value.isEmpty ? "\"\"" : overridden.value,
              phrases.origin(overridden.origin)))
        ], at: labelColumn + 2)
    }
    if left > 0 { page.flow([.prose(phrases.more(left))], at: labelColumn + 2) }
  }

  private mutating func fix(_ finding: Finding) {
    let remediation = finding.remediation
    page.paragraphs(remediation.text[language], at: labelColumn, lead: label(phrases.labelFix))
    var runs: [Run] = [.prose(phrases.fixEffort(phrases.effort(remediation.effort)))]
    if !remediation.risks.isEmpty {
      runs += [.prose(" "), .prose(phrases.caution(remediation.risks.map(phrases.risk)), .bold)]
    }
    page.flow(runs, at: labelColumn)
  }

  /// Values that somebody chose, and how the verdict differs between levels.
  private mutating func settings(of finding: Finding) {
    var lead = label(phrases.labelSetting)
    for parameter in finding.parameters where isVerbose || parameter.source != .rule {
      page.flow(
        [
          .host(parameter.name), .prose(" = "),
          value(phrases.setBy(parameter.value.description, phrases.source(parameter.source))),
        ], at: labelColumn, lead: lead)
      lead = []
    }
    guard Set(finding.outcomeByLevel.values).count > 1 else { return }
    let parts = finding.outcomeByLevel.sorted { $0.key < $1.key }.map {
      "\($0.key.description) \(phrases.outcome($0.value))"
    }
    page.flow(TerminalReport.list(parts), at: labelColumn, lead: label(phrases.labelByLevel))
  }

  mutating func notes(of finding: Finding) {
    var lead = label(phrases.labelNote)
    let (shown, left) = cut(finding.notes, to: 5)
    for note in shown {
      var runs: [Run] = [.host(note.text[language])]
      if let origin = note.origin {
        runs += [.prose(" ("), .host(phrases.origin(origin)), .prose(")")]
      }
      page.flow(runs, at: labelColumn, lead: lead)
      lead = []
    }
    if left > 0 { page.flow([.prose(phrases.more(left))], at: labelColumn) }
  }

  private mutating func references(of finding: Finding) {
    guard isVerbose else { return }
    let parts = finding.references.map { "\($0.framework): \($0.ids.joined(separator: " "))" }
    guard !parts.isEmpty else { return }
    page.flow(
      [.host(parts.joined(separator: "; "))], at: labelColumn,
      lead: label(phrases.labelReferences))
  }

  /// Terms with commas between, none of them broken over a line.
  static func list(_ terms: [String]) -> [Run] {
    var runs: [Run] = []
    for (index, term) in terms.enumerated() {
      runs.append(.term(index < terms.count - 1 ? term + "," : term))
      if index < terms.count - 1 { runs.append(.prose(" ")) }
    }
    return runs
  }
}
