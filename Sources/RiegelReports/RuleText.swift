package import RiegelModel

/// A rule told to a person: what it asks for, why, how it is looked at, which values are in force.
package struct RuleText: Sendable {
  private let options: ReportOptions

  package init(_ options: ReportOptions) { self.options = options }

  /// One rule whole; the values in force and the verdict where an audit or a profile knows them.
  package func show(
    _ rule: Rule, parameters: [ParameterInForce]? = nil, finding: Finding? = nil
  ) -> [UInt8] {
    var sheet = RuleSheet(options)
    sheet.show(rule, parameters: parameters ?? finding?.parameters ?? [], finding: finding)
    return sheet.page.bytes
  }

  /// All rules with severity, id and title, by topic.
  package func list(_ rules: [Rule]) -> [UInt8] {
    var sheet = RuleSheet(options)
    sheet.list(rules)
    return sheet.page.bytes
  }
}

private struct RuleSheet {
  let language: Language
  let phrases: any Phrases
  let column: Int
  var page: Page

  init(_ options: ReportOptions) {
    language = options.language
    let phrases = options.language.phrases
    self.phrases = phrases
    page = Page(width: options.width, colour: options.colour)
    let labels = [
      phrases.labelTopic, phrases.labelSeverity, phrases.labelStatus, phrases.labelWhy,
      phrases.labelApplies, phrases.labelCheck, phrases.labelParameters, phrases.labelFix,
      phrases.labelRefutes, phrases.labelSupports, phrases.labelReferences,
      phrases.labelExamples, phrases.labelVerdict,
    ]
    column = (labels.map(VisibleText.width).max() ?? 0) + 4
  }

  private func label(_ text: String) -> [Run] { [.host("  "), .term(text, .dim)] }

  private mutating func line(_ label: String, _ runs: [Run]) {
    page.flow(runs, at: column, lead: self.label(label))
  }

  mutating func show(_ rule: Rule, parameters: [ParameterInForce], finding: Finding?) {
    page.flow([.prose(rule.title[language], .bold)])
    page.flow([.host(rule.id, .dim)])
    page.blank()
    line(phrases.labelTopic, [.host(rule.topic)])
    line(
      phrases.labelSeverity,
      [.prose(phrases.severity(rule.severity), TerminalReport.style(of: rule.severity))])
    if rule.status != .stable {
      line(phrases.labelStatus, [.prose(phrases.status(rule.status), .yellow)])
    }
    if let finding { line(phrases.labelVerdict, [.prose(phrases.outcome(finding.outcome), .bold)]) }
    page.paragraphs(rule.rationale[language], at: column, lead: label(phrases.labelWhy))
    if !rule.when.isEmpty { checks(phrases.labelApplies, rule.when) }
    checks(phrases.labelCheck, [rule.check])
    self.parameters(rule, parameters)
    page.paragraphs(rule.remediation.text[language], at: column, lead: label(phrases.labelFix))
    var remedy: [Run] = [.prose(phrases.fixEffort(phrases.effort(rule.remediation.effort)))]
    if !rule.remediation.risks.isEmpty {
      remedy += [
        .prose(" "), .prose(phrases.caution(rule.remediation.risks.map(phrases.risk)), .bold),
      ]
    }
    page.flow(remedy, at: column)
    if !rule.decides.isEmpty { line(phrases.labelRefutes, TerminalReport.list(rule.decides)) }
    if !rule.supports.isEmpty { line(phrases.labelSupports, TerminalReport.list(rule.supports)) }
    var lead = label(phrases.labelReferences)
    for reference in rule.references {
      page.flow(
        [.host("\(reference.framework): \(reference.ids.joined(separator: ", "))")], at: column,
        lead: lead)
      lead = []
    }
    lead = label(phrases.labelExamples)
    for example in rule.examples {
      page.flow(
        [.term(phrases.outcome(example.outcome) + ":"), .prose(" "), .prose(example.name)],
        at: column, hanging: column + 2, lead: lead)
      lead = []
    }
  }

  private mutating func checks(_ label: String, _ checks: [Check]) {
    var lead = self.label(label)
    let text = CheckText(phrases: phrases, language: language)
    let whole: [Check] =
      if case .all(let inner)? = checks.first, checks.count == 1 { inner } else { checks }
    for line in whole.flatMap({ text.lines(of: $0) }) {
      let bullet = "  " + String(repeating: "  ", count: line.depth)
      page.flow(
        [.host(line.text)], at: column + 2 * line.depth, hanging: column + bullet.count,
        lead: lead)
      lead = []
    }
  }

  private mutating func parameters(_ rule: Rule, _ inForce: [ParameterInForce]) {
    var lead = label(phrases.labelParameters)
    for parameter in rule.parameters {
      var parts = [
        phrases.parameterKind(parameter.kind) + (parameter.unit.map { " (\($0))" } ?? "")
      ]
      parts.append(phrases.parameterDefault(shown(parameter.standard)))
      for (level, value) in parameter.byLevel.sorted(by: { $0.key < $1.key }) {
        parts.append("\(level.description): \(shown(value))")
      }
      if let range = parameter.range {
        parts.append(phrases.parameterRange(String(range.lowerBound), String(range.upperBound)))
      }
      if !parameter.values.isEmpty {
        parts.append(phrases.parameterValues(parameter.values.joined(separator: ", ")))
      }
      page.flow(
        [.host(parameter.name, .bold), .prose(": "), .host(parts.joined(separator: "; "))],
        at: column, hanging: column + 2, lead: lead)
      lead = []
      if let doc = parameter.doc { page.flow([.prose(doc[language])], at: column + 2) }
      if let value = inForce.first(where: { $0.name == parameter.name }) {
        page.flow(
          [.host(phrases.parameterInForce(shown(value.value), phrases.source(value.source)))],
          at: column + 2, hanging: column + 4)
      }
    }
  }

  private func shown(_ value: Literal) -> String {
    value.isEmpty ? phrases.listEmpty : value.description
  }

  mutating func list(_ rules: [Rule]) {
    let severities = Severity.allCases.map { VisibleText.width(phrases.severity($0)) }.max() ?? 0
    let topics = Set(rules.map(\.topic)).sorted()
    for topic in topics {
      page.heading(topic)
      for rule in rules.filter({ $0.topic == topic }).sorted(by: { $0.id < $1.id }) {
        page.flow(
          [.host(rule.id, .bold)], at: severities + 4,
          lead: [
            .host("  "),
            .term(phrases.severity(rule.severity), TerminalReport.style(of: rule.severity)),
          ])
        page.flow([.prose(rule.title[language])], at: severities + 4)
      }
      page.blank()
    }
    page.flow([.prose(phrases.rules(rules.count))])
  }
}
