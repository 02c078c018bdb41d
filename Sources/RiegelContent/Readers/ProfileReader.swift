package import RiegelModel

/// The keys of a profile in the order in which they are written.
let profileKeys = [
  "id", "title", "description", "extends", "target", "select", "exclude", "parameters",
]

/// Reads a profile. nil if something in it is wrong; the log says what.
///
/// What its selectors and settings name is checked by `ProfileChecks`, when all rules are known.
package func readProfile(
  _ node: Node, fileName: String, foundations: [String], log: DiagnosticLog
) -> Profile? {
  guard var reader = MappingReader(node, "a profile", log) else { return nil }
  let before = log.diagnostics.count
  let id = fileName.hasSuffix(".yaml") ? String(fileName.dropLast(5)) : fileName
  if !isKebabCase(id) {
    log.error("the file's name is not in kebab-case", at: Place(file: node.place.file))
  }
  if let node = reader.optional("id"), node.text != id {
    log.error(
      "the id '\(node.text ?? node.kind)' is not the name of the file", at: node.place,
      suggestion: "write '\(id)' or leave it out")
  }
  let title = reader.localized("title")
  let description = reader.localized("description")
  let parent = reader.optionalText("extends")
  let targetNode = parent == nil ? reader.required("target") : reader.optional("target")
  let target = targetNode.map { readTarget($0, foundations, isWhole: parent == nil, log) }
  let selectNode = parent == nil ? reader.required("select") : reader.optional("select")
  let selects = selectNode.map { readSelectors($0, "select", log) }
  let excludes = reader.optional("exclude").map { readSelectors($0, "exclude", log) }
  let settings = reader.optional("parameters").map { readSettings($0, log) }
  reader.finish()
  guard let title, let description,
    !log.diagnostics[before...].contains(where: { $0.level == .error })
  else { return nil }
  return Profile(
    id: id, title: title, description: description, parent: parent, target: target ?? [:],
    selects: selects ?? [], excludes: excludes ?? [], settings: settings ?? [], place: node.place)
}

/// A level for all foundational requirements, or a mapping from their abbreviations to levels.
func readTarget(
  _ node: Node, _ foundations: [String], isWhole: Bool, _ log: DiagnosticLog
) -> [String: SecurityLevel] {
  guard let entries = node.entries else {
    guard let level = levelOf(node, log) else { return [:] }
    return Dictionary(foundations.map { ($0, level) }) { first, _ in first }
  }
  var target: [String: SecurityLevel] = [:]
  for entry in entries {
    guard foundations.contains(entry.key) else {
      log.unknown("foundational requirement", entry.key, at: entry.keyPlace, among: foundations)
      continue
    }
    if let level = levelOf(entry.value, log) { target[entry.key] = level }
  }
  let missing = foundations.filter { name in !entries.contains { $0.key == name } }
  if isWhole, !missing.isEmpty {
    log.error("no level for \(missing.joined(separator: ", "))", at: node.place)
  }
  return target
}

/// What a selector may ask for, beside a rule's id alone.
let selectorKeys = ["topic", "measure", "level", "severity", "rule"]

private func readSelectors(
  _ node: Node, _ key: String, _ log: DiagnosticLog
) -> [Profile.Selector] {
  guard let items = node.items, !items.isEmpty else {
    log.error("'\(key)' is a list of selectors", at: node.place)
    return []
  }
  return items.compactMap { readSelector($0, log) }
}

private func readSelector(_ node: Node, _ log: DiagnosticLog) -> Profile.Selector? {
  guard let entries = node.entries else {
    return nonEmptyText(node, "a selector", log).map(Profile.Selector.rule)
  }
  guard let entry = entries.first, entries.count == 1 else {
    log.error("a selector has one key of \(selectorKeys.joined(separator: ", "))", at: node.place)
    return nil
  }
  switch entry.key {
  case "topic": return nonEmptyText(entry.value, entry.key, log).map(Profile.Selector.topic)
  case "measure": return nonEmptyText(entry.value, entry.key, log).map(Profile.Selector.measure)
  case "rule": return nonEmptyText(entry.value, entry.key, log).map(Profile.Selector.rule)
  case "level": return levelOf(entry.value, log).map(Profile.Selector.level)
  case "severity": return choiceOf(entry.value, entry.key, log).map(Profile.Selector.severity)
  default:
    log.unknown("selector", entry.key, at: entry.keyPlace, among: selectorKeys)
    return nil
  }
}

func readSettings(_ node: Node, _ log: DiagnosticLog) -> [Profile.Setting] {
  guard let rules = node.entries else {
    log.error("'parameters' is a mapping from rules to their parameters", at: node.place)
    return []
  }
  return rules.flatMap { rule -> [Profile.Setting] in
    guard let entries = rule.value.entries, !entries.isEmpty else {
      log.error("'\(rule.key)' is a mapping from parameters to values", at: rule.value.place)
      return []
    }
    return entries.compactMap { entry in
      if entry.value.isNothing {
        log.error("'\(entry.key)' has no value", at: entry.value.place)
        return nil
      }
      return Profile.Setting(
        rule: rule.key, parameter: entry.key, value: entry.value.literal, place: entry.value.place)
    }
  }
}
