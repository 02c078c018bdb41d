package import RiegelModel

/// The way to a level, for a person at a terminal, to print, and for machines.
package struct LevelPlanText: Sendable {
  private let plan: LevelPlan
  private let options: ReportOptions
  private let language: Language
  private let phrases: any Phrases
  private let words: any SitePhrases

  package init(_ plan: LevelPlan, _ options: ReportOptions) {
    self.plan = plan
    self.options = options
    language = options.language
    phrases = options.language.phrases
    words = options.language.sitePhrases
  }

  private var level: String { plan.level.description }

  /// What the reader is left with.
  private var conclusion: String {
    let short = plan.outlook.filter { $0.floor < plan.level }.map(\.foundation.abbreviation)
    return short.isEmpty ? words.planReached(level) : words.planNotReached(level, short)
  }

  private func instruction(_ step: LevelPlan.Step) -> String {
    switch step.action {
    case .fix: step.remediation?.text[language] ?? ""
    case .decide: words.decideStep
    case .attest: words.attestStep(step.id)
    case .justify: words.justifyStep(step.id)
    }
  }

  private func raises(_ step: LevelPlan.Step) -> String {
    step.raises.isEmpty
      ? words.raisesLater : step.raises.map(words.gain).joined(separator: "; ")
  }

  private func effort(_ step: LevelPlan.Step) -> String? {
    guard step.action == .fix, let remedy = step.remediation else { return nil }
    let effort = phrases.fixEffort(phrases.effort(remedy.effort))
    return remedy.risks.isEmpty
      ? effort : "\(effort) \(phrases.caution(remedy.risks.map(phrases.risk)))"
  }

  private func values(_ step: LevelPlan.Step) -> String? {
    step.settings.isEmpty
      ? nil
      : step.settings.map { "\($0.name) = \($0.value.description)" }.joined(separator: "; ")
  }

  private func unseen(_ evidence: Requirement.HostEvidence) -> [String] {
    plan.unseen.filter { $0.evidence == evidence }.map {
      "\($0.id) \($0.title[language])" + ($0.isAttested ? " (\(words.attestedMark))" : "")
    }
  }

  // MARK: terminal

  package var terminal: [UInt8] {
    var page = Page(width: options.width, colour: options.colour)
    page.flow([.prose(words.planTitle(level, plan.host), .bold)])
    page.blank()
    page.flow([.prose(words.planOutlook)], at: 2)
    for gain in plan.outlook {
      page.flow(
        [
          .term(words.gain(gain), gain.isRise ? .green : []), .prose("  "),
          .prose(gain.foundation.title[language], .dim),
        ], at: 4)
    }
    page.blank()
    page.heading(words.planSteps(plan.steps.count))
    if plan.steps.isEmpty {
      page.blank()
      page.flow([.prose(words.planNothing)], at: 2)
    }
    for (index, step) in plan.steps.enumerated() { write(step, index + 1, to: &page) }
    list(
      words.planWithoutRule(plan.withoutRule.count), words.withoutRuleExplained,
      plan.withoutRule.map { "\($0.id) \($0.title[language])" }, &page)
    list(words.planUnseen(unseen(.none).count), nil, unseen(.none), &page)
    list(words.planPartlyUnseen(unseen(.partial).count), nil, unseen(.partial), &page)
    page.blank()
    page.flow([.prose(conclusion, .bold)])
    return page.bytes
  }

  private func write(_ step: LevelPlan.Step, _ number: Int, to page: inout Page) {
    page.blank()
    let severity = step.action == .fix ? step.severity : nil
    page.flow(
      [.prose(words.action(step.action) + ": ", .bold), .prose(step.title[language], .bold)]
        + (severity.map {
          [.prose(" ("), .term(phrases.severity($0), TerminalReport.style(of: $0)), .prose(")")]
        } ?? []), at: 5, lead: [.term("\(number).")])
    page.flow([.host(step.id, .dim)], at: 5)
    page.paragraphs(instruction(step), at: 5)
    if let effort = effort(step) { page.flow([.prose(effort)], at: 5) }
    if step.isAccepted { page.flow([.prose(words.acceptedStep, .yellow)], at: 5) }
    let labels = [words.labelNeededFor, words.labelRaises, words.labelValues]
    let column = (labels.map(VisibleText.width).max() ?? 0) + 7
    func labelled(_ label: String, _ runs: [Run]) {
      page.flow(runs, at: column, lead: [.host("     "), .term(label, .dim)])
    }
    if let values = values(step) {
      labelled(words.labelValues, [.host(values)])
    }
    labelled(words.labelNeededFor, TerminalReport.list(step.requirements))
    labelled(words.labelRaises, [.prose(raises(step))])
  }

  private func list(
    _ heading: String, _ explanation: String?, _ items: [String], _ page: inout Page
  ) {
    guard !items.isEmpty else { return }
    page.blank()
    page.heading(heading)
    page.blank()
    if let explanation { page.flow([.prose(explanation)], at: 2) }
    for item in items { page.flow([.prose(item)], at: 4, hanging: 6) }
  }

  // MARK: Markdown

  package var markdown: String {
    var text = "# \(Markdown.line(words.planTitle(level, plan.host)))\n\n"
    text += "## \(words.planOutlook)\n\n"
    for gain in plan.outlook {
      text += "- \(words.gain(gain)) (\(Markdown.line(gain.foundation.title[language])))\n"
    }
    text += "\n## \(words.planSteps(plan.steps.count))\n"
    if plan.steps.isEmpty { text += "\n\(words.planNothing)\n" }
    for (index, step) in plan.steps.enumerated() {
      text += "\n### \(index + 1). \(words.action(step.action)): "
      text += "\(Markdown.line(step.title[language]))\n\n`\(step.id)`"
      if step.action == .fix, let severity = step.severity {
        text += " (\(phrases.severity(severity)))"
      }
      text += "\n\n\(instruction(step))\n\n"
      if let effort = effort(step) { text += "- \(effort)\n" }
      if step.isAccepted { text += "- \(words.acceptedStep)\n" }
      if let values = values(step) { text += "- \(words.labelValues): \(Markdown.line(values))\n" }
      text += "- \(words.labelNeededFor): \(step.requirements.joined(separator: ", "))\n"
      text += "- \(words.labelRaises): \(raises(step))\n"
    }
    func section(_ heading: String, _ explanation: String?, _ items: [String]) {
      guard !items.isEmpty else { return }
      text += "\n## \(heading)\n\n"
      if let explanation { text += explanation + "\n\n" }
      for item in items { text += "- \(Markdown.line(item))\n" }
    }
    section(
      words.planWithoutRule(plan.withoutRule.count), words.withoutRuleExplained,
      plan.withoutRule.map { "\($0.id) \($0.title[language])" })
    section(words.planUnseen(unseen(.none).count), nil, unseen(.none))
    section(words.planPartlyUnseen(unseen(.partial).count), nil, unseen(.partial))
    return text + "\n\(conclusion)\n"
  }

  // MARK: JSON

  package var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("format", LevelPlan.format)
      writer.member("kind", "level-plan")
      writer.member("host", plan.host)
      writer.member("level", level)
      writer.array("outlook", plan.outlook) { writer, gain in
        writer.object { $0.members(of: gain) }
      }
      writer.array("steps", plan.steps) { writer, step in
        writer.object { writer in
          writer.member("action", step.action.rawValue)
          writer.member("id", step.id)
          writer.member("title", step.title)
          writer.member("severity", step.severity?.rawValue)
          if let remedy = step.remediation, step.action == .fix {
            writer.object("remediation") {
              $0.member("en", remedy.text.en)
              $0.member("de", remedy.text.de)
              $0.member("risk", remedy.risks.map(\.rawValue))
              $0.member("effort", remedy.effort.rawValue)
            }
          }
          writer.array("settings", step.settings) { writer, setting in
            writer.object { $0.members(of: setting) }
          }
          writer.member("requirements", step.requirements)
          writer.array("raises", step.raises) { writer, gain in
            writer.object { $0.members(of: gain) }
          }
          writer.member("accepted", step.isAccepted)
        }
      }
      writer.member("withoutRule", plan.withoutRule.map(\.id))
      writer.array("unseen", plan.unseen) { writer, unseen in
        writer.object {
          $0.member("id", unseen.id)
          $0.member("title", unseen.title)
          $0.member("level", unseen.level.description)
          $0.member("hostEvidence", unseen.evidence.rawValue)
          $0.member("attested", unseen.isAttested)
        }
      }
    }
    writer.end()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func members(of gain: LevelPlan.Gain) {
    member("foundation", gain.foundation.id)
    object("before") {
      $0.member("floor", gain.floorBefore.description)
      $0.member("ceiling", gain.ceilingBefore.description)
    }
    object("after") {
      $0.member("floor", gain.floor.description)
      $0.member("ceiling", gain.ceiling.description)
    }
  }
}
