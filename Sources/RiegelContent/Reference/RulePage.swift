package import RiegelModel

/// The reference page of a rule, in Markdown.
package func referencePage(for rule: Rule, in library: Library, _ language: Language) -> String {
  let words = Words(language)
  var page = "# \(rule.title[language])\n\n`\(rule.id)`\n\n\(rule.rationale[language])\n\n"
  let topic = library.measures.topic(rule.topic)?.title[language] ?? rule.topic
  page += "- \(words.topic): \(topic)\n- \(words.severity): \(rule.severity.rawValue)\n"
  if rule.status != .stable { page += "- \(words.status): \(rule.status.rawValue)\n" }
  if !rule.decides.isEmpty {
    page += "- \(words.decides): \(rule.decides.joined(separator: ", "))\n"
  }
  if !rule.supports.isEmpty {
    page += "- \(words.supports): \(rule.supports.joined(separator: ", "))\n"
  }
  for reference in rule.references {
    page += "- \(reference.framework): \(reference.ids.joined(separator: ", "))\n"
  }
  if !rule.parameters.isEmpty {
    page += "\n## \(words.parameters)\n\n| \(words.name) | \(words.type) | \(words.standard) |"
    page += SecurityLevel.claimable.map { " \($0.description) |" }.joined()
    page += "\n|---|---|---|---|---|---|---|\n"
    for parameter in rule.parameters {
      page += "| `\(parameter.name)` | \(parameter.kind.rawValue)"
      page += parameter.unit.map { ", \($0)" } ?? ""
      page += " | \(cell(parameter.standard.description)) |"
      for level in SecurityLevel.claimable {
        page += " \(cell(parameter.byLevel[level]?.description ?? "")) |"
      }
      page += "\n"
    }
  }
  page += "\n## \(words.remediation)\n\n\(rule.remediation.text[language])\n\n"
  page += "- \(words.effort): \(rule.remediation.effort.rawValue)\n"
  if !rule.remediation.risks.isEmpty {
    let risks = rule.remediation.risks.map(\.rawValue).joined(separator: ", ")
    page += "- \(words.risk): \(risks)\n"
  }
  page += "\n## \(words.examples)\n\n"
  for example in rule.examples {
    page += "- \(example.name): `\(example.outcome.rawValue)`\n"
  }
  return page
}

/// The headings of a rule's page in one language.
private struct Words {
  var topic, severity, status, decides, supports, parameters, name, type, standard: String
  var remediation, effort, risk, examples: String

  init(_ language: Language) {
    switch language {
    case .en:
      (topic, severity, status) = ("Topic", "Severity", "Status")
      (decides, supports) = ("Decides", "Supports")
      (parameters, name, type, standard) = ("Parameters", "name", "type", "default")
      (remediation, effort, risk) = ("Remediation", "Effort", "Risk")
      examples = "Examples"
    case .de:
      (topic, severity, status) = ("Thema", "Schwere", "Status")
      (decides, supports) = ("Entscheidet", "Stützt")
      (parameters, name, type, standard) = ("Parameter", "Name", "Typ", "Vorgabe")
      (remediation, effort, risk) = ("Abhilfe", "Aufwand", "Risiko")
      examples = "Beispiele"
    }
  }
}
