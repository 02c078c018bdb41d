import RiegelModel

/// Reads `check` and `when`: assertions and their combinations.
struct CheckReader {
  let context: RuleContext
  let log: DiagnosticLog
  let parameters: [Parameter]
  let argumentSets: [(level: SecurityLevel?, arguments: Arguments)]

  init(context: RuleContext, parameters: [Parameter], log: DiagnosticLog) {
    self.context = context
    self.parameters = parameters
    self.log = log
    argumentSets = parameters.argumentSets
  }

  static let combinators = ["all", "any", "none", "not", "manual"]
  static let quantifiers = ["expect", "some", "none", "count", "allow"]
  /// Keys of an assertion that no probe may use for an option of its own.
  static let reserved = ["where"] + quantifiers + ["missing"]
  /// What can be asked beside probes.
  static let otherSources = ["parameter", "site"]

  /// The value of `check`: a list of which all must hold, or one check.
  func check(_ node: Node) -> Check? {
    guard node.items != nil else { return single(node, asCondition: false) }
    let checks = list(node, asCondition: false)
    return checks.count == 1 ? checks[0] : checks.isEmpty ? nil : .all(checks)
  }

  /// A list of checks that is not empty. In a condition (`when`) a bare probe means that it finds
  /// something.
  func list(_ node: Node, asCondition: Bool) -> [Check] {
    guard let items = node.items else {
      if node.entries != nil { return single(node, asCondition: asCondition).map { [$0] } ?? [] }
      log.error("a list of checks is wanted here, not \(node.kind)", at: node.place)
      return []
    }
    if items.isEmpty { log.error("a list of checks with nothing in it", at: node.place) }
    return items.compactMap { single($0, asCondition: asCondition) }
  }

  private func single(_ node: Node, asCondition: Bool) -> Check? {
    guard let entries = node.entries else {
      log.error("a check is a mapping, not \(node.kind)", at: node.place)
      return nil
    }
    guard let first = entries.first else {
      log.error("a check with nothing in it", at: node.place)
      return nil
    }
    if let source = sourceEntry(of: entries) {
      return assertion(node, entries, source, asCondition: asCondition)
    }
    if let combinator = entries.first(where: { CheckReader.combinators.contains($0.key) }) {
      for other in entries where other.keyPlace != combinator.keyPlace {
        log.error(
          "'\(other.key)' cannot stand beside '\(combinator.key)'", at: other.keyPlace,
          suggestion: didYouMean(other.key, among: context.probes.keys.sorted()))
      }
      return combination(combinator, asCondition: asCondition)
    }
    let subject = entries.first { !CheckReader.reserved.contains($0.key) } ?? first
    if CheckReader.reserved.contains(subject.key) {
      log.error("no probe is named beside '\(subject.key)'", at: subject.keyPlace)
    } else {
      log.unknown(
        "probe", subject.key, at: subject.keyPlace,
        among: context.probes.keys.sorted() + CheckReader.otherSources + CheckReader.combinators)
    }
    return nil
  }

  private func combination(_ entry: Node.Entry, asCondition: Bool) -> Check? {
    if entry.key == "manual" {
      return localizedOf(entry.value, "'manual'", log).map(Check.manual)
    }
    if entry.key == "none", entry.value.items == nil {
      log.error(
        "'none' without a probe takes a list of checks, not \(entry.value.kind)",
        at: entry.value.place)
      return nil
    }
    let checks = list(entry.value, asCondition: asCondition)
    guard !checks.isEmpty else { return nil }
    switch entry.key {
    case "all": return .all(checks)
    case "any": return .any(checks)
    case "none": return .none(checks)
    default: return .not(checks.count == 1 ? checks[0] : .all(checks))
    }
  }

  /// The entry that names who is asked: the first probe of which all other keys are options.
  private func sourceEntry(of entries: [Node.Entry]) -> Node.Entry? {
    let candidates = entries.filter {
      context.probes[$0.key] != nil || CheckReader.otherSources.contains($0.key)
    }
    guard candidates.count > 1 else { return candidates.first }
    return candidates.first { candidate in
      let options = context.probes[candidate.key]?.keys.compactMap(\.name) ?? []
      return candidates.allSatisfy { $0.key == candidate.key || options.contains($0.key) }
    } ?? candidates.first
  }

  private func assertion(
    _ node: Node, _ entries: [Node.Entry], _ source: Node.Entry, asCondition: Bool
  ) -> Check? {
    guard let subject = self.subject(of: source) else { return nil }
    var options: [Node.Entry] = []
    var clauses: [String: Node.Entry] = [:]
    for entry in entries where entry.keyPlace != source.keyPlace {
      if CheckReader.reserved.contains(entry.key) {
        clauses[entry.key] = entry
      } else {
        options.append(entry)
      }
    }
    let arguments = subject.probe.map { probeArguments($0, source, options) }
    if subject.probe == nil {
      for option in options {
        log.unknown("key", option.key, at: option.keyPlace, among: CheckReader.reserved)
      }
    }
    let matchers = MatcherReader(
      fields: subject.fields, parameters: parameters, argumentSets: argumentSets, log: log)
    let filter = clauses["where"].map { matchers.matcher($0.value, key: "where") }
    let quantifier = readQuantifier(
      clauses, matchers, asCondition: asCondition, source: source)
    let missing = readMissing(clauses)
    guard let quantifier else { return nil }
    if case .some(nil) = filter { return nil }
    return .assertion(
      Assertion(
        source: subject.source, arguments: arguments ?? [], filter: filter ?? nil,
        quantifier: quantifier, missing: missing, place: node.place))
  }

  /// Who is asked, and the fields of the rows that come back.
  private func subject(
    of entry: Node.Entry
  ) -> (source: Assertion.Source, fields: [Field], probe: ProbeDeclaration?)? {
    if let probe = context.probes[entry.key] {
      return (.probe(probe.name), probe.fields, probe)
    }
    guard let name = nonEmptyText(entry.value, entry.key, log) else { return nil }
    if entry.key == "site" {
      let field = Field.text("value", "What the site states of this host.")
      return (.site(name), [field], nil)
    }
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      log.unknown("parameter", name, at: entry.value.place, among: parameters.map(\.name))
      return nil
    }
    return (.parameter(name), [parameter.field], nil)
  }

  private func readQuantifier(
    _ clauses: [String: Node.Entry], _ matchers: MatcherReader, asCondition: Bool,
    source: Node.Entry
  ) -> Assertion.Quantifier? {
    let given = CheckReader.quantifiers.compactMap { clauses[$0] }
    guard let entry = given.first else {
      if asCondition { return .present }
      log.error(
        "nothing is said about '\(source.key)': one of \(CheckReader.quantifiers.joined(separator: ", ")) is needed",
        at: source.keyPlace)
      return nil
    }
    for other in given.dropFirst() {
      log.error("'\(other.key)' cannot stand beside '\(entry.key)'", at: other.keyPlace)
    }
    switch entry.key {
    case "expect": return matchers.matcher(entry.value, key: entry.key).map { .every($0) }
    case "some": return matchers.matcher(entry.value, key: entry.key).map { .some($0) }
    case "none":
      if entry.value.content == .scalar("true", .plain) { return Assertion.Quantifier.none(nil) }
      return matchers.matcher(entry.value, key: entry.key).map { .none($0) }
    case "count": return matchers.count(entry.value).map { .count($0) }
    default: return matchers.allowList(entry.value).map { .allow($0) }
    }
  }

  private func readMissing(_ clauses: [String: Node.Entry]) -> Assertion.Missing? {
    guard let entry = clauses["missing"] else { return nil }
    if clauses["expect"] == nil {
      log.error("'missing' says what no row means for 'expect' only", at: entry.keyPlace)
    }
    return choiceOf(entry.value, "missing", log)
  }
}
