package import RiegelModel

/// What rules may refer to.
package struct RuleContext: Sendable {
  package var probes: [String: ProbeDeclaration]
  package var topics: Set<String>
  /// Requirements of IEC 62443-4-2.
  package var requirements: Set<String>
  /// Rows of the KBV's directive.
  package var directiveRows: Set<String>

  package init(
    probes: [ProbeDeclaration], topics: Set<String>, requirements: Set<String>,
    directiveRows: Set<String>
  ) {
    self.probes = Dictionary(probes.map { ($0.name, $0) }) { first, _ in first }
    self.topics = topics
    self.requirements = requirements
    self.directiveRows = directiveRows
  }
}

/// The keys of a rule in the order in which they are written.
let ruleKeys = [
  "id", "title", "rationale", "severity", "status", "iec62443", "references", "when",
  "parameters", "check", "remediation", "examples",
]

/// Reads a rule. nil if something in it is wrong; the log says what.
package func readRule(
  _ node: Node, fileName: String, topic: String, context: RuleContext, log: DiagnosticLog
) -> Rule? {
  guard var reader = MappingReader(node, "a rule", log) else { return nil }
  let before = log.diagnostics.count
  let id = readID(&reader, fileName: fileName)
  let title = reader.localized("title")
  let rationale = reader.localized("rationale")
  let severity = reader.choice("severity", Severity.self)
  let status = reader.optionalChoice("status", Rule.Status.self) ?? .stable
  let citations = readCitations(reader.optional("iec62443"), context, log)
  let references = readReferences(reader.optional("references"), context, log)
  let parameters = readParameters(reader.optional("parameters"), log)
  let checks = CheckReader(context: context, parameters: parameters, log: log)
  let when = reader.optional("when").map { checks.list($0, asCondition: true) } ?? []
  let check = reader.required("check").flatMap(checks.check)
  let remediation = reader.required("remediation").flatMap { readRemediation($0, log) }
  let examples = reader.required("examples").map { readExamples($0, parameters, log) }
  reader.finish()
  if !context.topics.contains(topic) {
    log.unknown("topic", topic, at: Place(file: node.place.file), among: context.topics.sorted())
  }
  guard let id, let title, let rationale, let severity, let check, let remediation, let examples
  else { return nil }
  demandExamples(examples, for: check, at: reader.place(ofKey: "examples"), log)
  guard !log.diagnostics[before...].contains(where: { $0.level == .error }) else { return nil }
  return Rule(
    id: id, topic: topic, status: status, title: title, rationale: rationale, severity: severity,
    decides: citations.decides, supports: citations.supports, references: references, when: when,
    parameters: parameters, check: check, remediation: remediation, examples: examples,
    place: node.place)
}

private func readID(_ reader: inout MappingReader, fileName: String) -> String? {
  guard let node = reader.required("id"), let id = nonEmptyText(node, "id", reader.log) else {
    return nil
  }
  if !isKebabCase(id) {
    reader.log.error("the id '\(id)' is not in kebab-case", at: node.place)
  }
  if "\(id).yaml" != fileName {
    reader.log.error(
      "the id '\(id)' is not the name of the file", at: node.place,
      suggestion: "name the file '\(id).yaml'")
  }
  return id
}

private func readCitations(
  _ node: Node?, _ context: RuleContext, _ log: DiagnosticLog
) -> (decides: [String], supports: [String]) {
  guard let node, var reader = MappingReader(node, "'iec62443'", log) else { return ([], []) }
  func ids(_ key: String, _ node: Node?) -> [(text: String, place: Place)] {
    let ids = node.flatMap { textsOf($0, key, log) } ?? []
    for (id, place) in ids {
      guard id.hasPrefix("CR ") || id.hasPrefix("HDR ") else {
        log.error("a rule cites requirements 'CR …' or 'HDR …', not '\(id)'", at: place)
        continue
      }
      if !context.requirements.contains(id) {
        log.unknown("requirement", id, at: place, among: context.requirements.sorted())
      }
    }
    return ids
  }
  let decides = ids("decides", reader.optional("decides"))
  let supports = ids("supports", reader.optional("supports"))
  reader.finish()
  for (id, place) in supports where decides.contains(where: { $0.text == id }) {
    log.error("'\(id)' stands in 'decides' and in 'supports'", at: place)
  }
  return (decides.map(\.text), supports.map(\.text))
}

private func readReferences(
  _ node: Node?, _ context: RuleContext, _ log: DiagnosticLog
) -> [Rule.Reference] {
  guard let node else { return [] }
  guard let entries = node.entries else {
    log.error(
      "'references' is a mapping from frameworks to lists, not \(node.kind)", at: node.place)
    return []
  }
  let known = ["attack", "kbv", "bsi"]
  return entries.compactMap { entry in
    let framework = entry.key
    if !known.contains(framework) {
      if let near = closest(to: framework, among: known) {
        log.error(
          "unknown framework '\(framework)'", at: entry.keyPlace,
          suggestion: "did you mean '\(near)'?")
      } else if !isKebabCase(framework) {
        log.error("the framework '\(framework)' is not in kebab-case", at: entry.keyPlace)
      }
    }
    guard let ids = textsOf(entry.value, framework, log) else { return nil }
    for (id, place) in ids {
      if framework == "attack", !isTechnique(id) {
        log.error("'\(id)' is no ATT&CK technique such as T1021.004", at: place)
      }
      if framework == "kbv", !context.directiveRows.contains(id) {
        log.unknown("row of the directive", id, at: place, among: context.directiveRows.sorted())
      }
    }
    return Rule.Reference(framework, ids.map(\.text))
  }
}

/// `T1021` or `T1021.004`.
func isTechnique(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard bytes.count == 5 || bytes.count == 9, bytes[0] == UInt8(ascii: "T") else { return false }
  return bytes.enumerated().dropFirst().allSatisfy { index, byte in
    index == 5 ? byte == UInt8(ascii: ".") : (48...57).contains(byte)
  }
}

private func readRemediation(_ node: Node, _ log: DiagnosticLog) -> Remediation? {
  guard var reader = MappingReader(node, "'remediation'", log) else { return nil }
  let en = reader.text("en")
  let de = reader.text("de")
  var risks: [Remediation.Risk] = []
  if let node = reader.optional("risk"), let items = node.items {
    risks = items.compactMap { choiceOf($0, "risk", log) }
  } else if let node = reader.raw("risk"), !node.isNothing {
    log.error("'risk' must be a list, not \(node.kind)", at: node.place)
  }
  let effort = reader.choice("effort", Remediation.Effort.self)
  reader.finish()
  guard let en, let de, let effort else { return nil }
  return Remediation(text: Localized(en: en, de: de), risks: risks, effort: effort)
}

/// A rule is trusted because its examples show it passing and failing. One that only asks a person
/// shows that it does.
private func demandExamples(
  _ examples: [Example], for check: Check, at place: Place, _ log: DiagnosticLog
) {
  let wanted: [Outcome] = check.assertions.isEmpty ? [.manual] : [.pass, .fail]
  for outcome in wanted where !examples.contains(where: { $0.outcome == outcome }) {
    log.error("no example with the outcome '\(outcome.rawValue)'", at: place)
  }
}
