import RiegelModel

/// Every finding with all that a technician needs, grouped by topic, searchable.
extension HTMLPage {
  var findings: Markup {
    """
    <section class=view id=findings aria-labelledby=findings-h>
    <h2 id=findings-h class=viewhead>\(Label.findings)</h2>
    \(toolbar)
    <p id=shown class=muted role=status \(Markup.switched(Label.shownCount.text))></p>
    <p id=nothing class=notice hidden>\(Label.nothingShown)</p>
    \(Markup.joined(topics.map(group)))
    </section>
    """
  }

  /// Topics in the catalogue's order, then what the catalogue does not know.
  private var topics: [(id: String, title: Localized, findings: [Finding])] {
    let grouped = Dictionary(grouping: audit.findings, by: \.topic)
    var order = audit.catalogues.topics.map { ($0.id, $0.title) }
    let known = Set(order.map(\.0))
    order += grouped.keys.filter { !known.contains($0) }.sorted().map {
      ($0, Localized(en: $0, de: $0))
    }
    return order.compactMap { id, title in
      guard let findings = grouped[id] else { return nil }
      return (id, title, findings.sorted(by: HTMLPage.isBefore))
    }
  }

  private static func isBefore(_ a: Finding, _ b: Finding) -> Bool {
    (rank(a.outcome), b.severity, a.rule) < (rank(b.outcome), a.severity, b.rule)
  }

  private static func rank(_ outcome: Outcome) -> Int {
    switch outcome {
    case .fail: 0
    case .error: 1
    case .notCollected: 2
    case .manual: 3
    case .pass: 4
    case .notApplicable: 5
    }
  }

  private var toolbar: Markup {
    let undecided = audit.count(.error) + audit.count(.notCollected)
    let boxes: [(String, Int, Markup, Bool)] = [
      ("fail", audit.count(.fail), say { $0.outcome(.fail) }, true),
      ("error", undecided, say { $0.outcome(.error) }, true),
      ("manual", audit.count(.manual), say { $0.outcome(.manual) }, true),
      ("pass", audit.count(.pass), say { $0.outcome(.pass) }, false),
      ("notApplicable", audit.count(.notApplicable), say { $0.outcome(.notApplicable) }, false),
    ]
    let outcomes = boxes.map { value, count, words, isOn -> Markup in
      """
      <label class=box><input type=checkbox name=outcome value=\(value)\(isOn ? " checked" : "")> \
      \(words) (\(say { $0.number(count) }))</label>
      """
    }
    let severities = Severity.allCases.map { severity in
      option(
        severity.rawValue,
        Localized(en: english.phrases.severity(severity), de: german.phrases.severity(severity)))
    }
    let topicOptions = topics.map { option($0.id, $0.title) }
    return """
      <form class="card toolbar needs-js" role=search>
      <div class=fields>
      <label for=q>\(Label.search)<input type=search id=q autocomplete=off \
      placeholder="\(Label.searchHint.text[language])" \(Markup.switched(Label.searchHint.text))>\
      </label>
      <label for=sev>\(Label.severity)<select id=sev>\(option("", Label.all.text))\
      \(Markup.joined(severities))</select></label>
      <label for=top>\(Label.topic)<select id=top>\(option("", Label.all.text))\
      \(Markup.joined(topicOptions))</select></label>
      </div>
      <fieldset><legend>\(Label.outcome)</legend>\(Markup.joined(outcomes))</fieldset>
      <div class=buttons><button type=button id=open-all>\(Label.openAll)</button>\
      <button type=button id=close-all>\(Label.closeAll)</button>\
      <button type=reset>\(Label.reset)</button></div>
      <span hidden id=t-fix>\(Label.copyFix)</span><span hidden id=t-finding>\
      \(Label.copyFinding)</span><span hidden id=t-copied>\(Label.copied)</span>\
      <span hidden id=t-failed>\(Label.copyFailed)</span>
      </form>
      """
  }

  private func option(_ value: String, _ text: Localized) -> Markup {
    "<option value=\"\(value)\" \(Markup.switched(text))>\(text[language])</option>"
  }

  private func group(_ id: String, _ title: Localized, _ findings: [Finding]) -> Markup {
    """
    <section class=topic data-t="\(id)"><h3>\(title) <span class=count></span></h3>
    \(Markup.joined(findings.map(item)))
    </section>
    """
  }

  private func item(_ finding: Finding) -> Markup {
    let shown = finding.outcome == .notCollected ? Outcome.error : finding.outcome
    let isNew = newRules.contains(finding.rule)
    return """
      <details class=f id="\(anchor(finding.rule))" data-o=\(shown.rawValue) \
      data-s=\(finding.severity.rawValue)><summary>\(sign(finding.outcome))\
      <span class=what><span class=title>\(finding.title)</span> \
      <code class=id>\(finding.rule)</code></span><span class=marks>\
      \(isNew ? "<span class=mark>\(Label.new)</span>" : "")\
      \(finding.waiver == nil ? "" : "<span class=mark>\(Label.accepted)</span>")\
      \(Markup.joined(flags(finding)))\(severity(finding.severity))\
      <span class="out o-\(shown.rawValue)">\(say { $0.outcome(finding.outcome) })</span></span>\
      </summary>
      <div class=body>\(details(finding))</div></details>

      """
  }

  /// What the remedy itself can break, for whoever must not be locked out.
  private func flags(_ finding: Finding) -> [Markup] {
    guard finding.outcome != .pass, finding.outcome != .notApplicable else { return [] }
    return finding.remediation.risks.map { risk in
      "<span class=mark>⚠ \(say { $0.risk(risk) })</span>"
    }
  }

  private func details(_ finding: Finding) -> Markup {
    var rows: Markup = row(.why, Markup.prose(finding.rationale))
    rows += evidenceRows(finding)
    if let acceptance = acceptance(of: finding) { rows += row(.acceptances, acceptance) }
    if finding.outcome != .pass, finding.outcome != .notApplicable {
      let effort = say { $0.fixEffort($0.effort(finding.remediation.effort)) }
      let risks: Markup =
        finding.remediation.risks.isEmpty
        ? "" : " <strong>\(say { $0.caution(finding.remediation.risks.map($0.risk)) })</strong>"
      rows += """
        <dt>\(Label.fix)</dt><dd><div class=fix>\(Markup.prose(finding.remediation.text))</div>\
        <p>\(effort)\(risks)</p></dd>
        """
    }
    if !finding.decides.isEmpty {
      rows += row(.decides, "\(finding.decides.joined(separator: ", "))")
    }
    if !finding.supports.isEmpty {
      rows += row(.supports, "\(finding.supports.joined(separator: ", "))")
    }
    let parameters = finding.parameters.map { parameter -> Markup in
      """
      <li><code>\(parameter.name)</code> = \(parameter.value.description), \
      \(say { $0.source(parameter.source) })</li>
      """
    }
    if !parameters.isEmpty { rows += row(.parameters, "<ul>\(Markup.joined(parameters))</ul>") }
    if Set(finding.outcomeByLevel.values).count > 1 {
      let parts = finding.outcomeByLevel.sorted { $0.key < $1.key }
      rows += row(
        .byLevel,
        say { phrases in
          parts.map { "\($0.key.description): \(phrases.outcome($0.value))" }
            .joined(separator: ", ")
        })
    }
    let notes = finding.notes.prefix(10).map { note -> Markup in
      let origin = note.origin.map { origin in say { $0.origin(origin) } }
      return "<li>\(note.text)\(origin.map { " <code>\($0)</code>" } ?? "")</li>"
    }
    if !notes.isEmpty { rows += row(.notes, "<ul>\(Markup.joined(Array(notes)))</ul>") }
    if !finding.citations.isEmpty {
      rows += row(.references, "\(finding.citations.joined(separator: ", "))")
    }
    return "<dl>\(rows)</dl>"
  }

  private func row(_ label: Label, _ content: Markup) -> Markup {
    "<dt>\(label)</dt><dd>\(content)</dd>"
  }

  /// Expected and found, what expects the same said once.
  private func evidenceRows(_ finding: Finding) -> Markup {
    let most = finding.outcome == .fail ? 15 : 3
    let evidence = FindingText.decisive(finding)
    var rows: Markup = ""
    var open = false
    var last: Localized?
    for piece in evidence.prefix(most) {
      let en = english.row(piece)
      let de = german.row(piece)
      let expected = Localized(
        en: cut(english.expected(en), english), de: cut(german.expected(de), german))
      if expected != last {
        if open { rows += "</ul></dd>" }
        rows += "<dt>\(Label.expected)</dt><dd>\(expected)</dd><dt>\(Label.found)</dt><dd><ul>"
        open = true
      }
      last = expected
      rows += found(en, de)
    }
    if open { rows += "</ul>" }
    if evidence.count > most {
      let left = evidence.count - most
      rows += "<p class=muted>\(say { $0.others(left) }): \(Label.moreRows)</p>"
    }
    if open { rows += "</dd>" }
    if evidence.isEmpty || isUndecided(finding) {
      rows += "<dt>\(Label.found)</dt><dd>\(both { $0.reason(finding) })</dd>"
    }
    return rows
  }

  private func isUndecided(_ finding: Finding) -> Bool {
    if case .undecided = finding.reason { true } else { false }
  }

  private func found(_ en: FindingText.Row, _ de: FindingText.Row) -> Markup {
    let subject: Markup = en.subject.isEmpty ? "" : "<b>\(cut(en.subject, english)):</b> "
    let field: Markup = en.field.isEmpty ? "" : "\(en.field) "
    let value = Localized(en: cut(en.found, english), de: cut(de.found, german))
    let origin: Markup =
      en.origin.isEmpty
      ? "" : " <code class=at>\(Localized(en: en.origin, de: de.origin))</code>"
    var overrides: Markup = ""
    for (one, other) in zip(en.overrides, de.overrides).prefix(5) {
      overrides += "<br><span class=over>\(Localized(en: one, de: other))</span>"
    }
    return "<li>\(subject)\(field)<span class=val>\(value)</span>\(origin)\(overrides)</li>"
  }

  /// A value that would fill the page, cut; the JSON report has it whole.
  private func cut(_ text: String, _ words: FindingText) -> String {
    let most = 600
    let count = text.unicodeScalars.count
    if count <= most + 60 { return text }
    var start = ""
    start.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(most))
    return start + words.phrases.moreCharacters(count - most)
  }
}
