import RiegelModel

/// Reads what an assertion says about rows, and compiles it to find operands that cannot work.
struct MatcherReader {
  let fields: [Field]
  let parameters: [Parameter]
  let argumentSets: [(level: SecurityLevel?, arguments: Arguments)]
  let log: DiagnosticLog

  /// A matcher; nil if something in it is wrong.
  func matcher(_ node: Node, key: String) -> Matcher? {
    let before = log.diagnostics.count
    let clauses = self.clauses(node, key: key)
    for clause in clauses { compile(clause) }
    return log.diagnostics.count == before && !clauses.isEmpty ? Matcher(clauses) : nil
  }

  /// The matcher of `count`, about a number that is no field.
  func count(_ node: Node) -> Matcher? {
    let rows = Field.number("count", "The number of rows.")
    let reader = MatcherReader(
      fields: [rows], parameters: parameters, argumentSets: argumentSets, log: log)
    return reader.matcher(node, key: "count")
  }

  private func clauses(_ node: Node, key: String) -> [Matcher.Clause] {
    switch node.content {
    case .scalar:
      if node.isNothing {
        log.error("'\(key)' has no value", at: node.place)
        return []
      }
      return [Matcher.Clause(field: nil, .equals, node.literal, at: node.place)]
    case .sequence(let items):
      if items.isEmpty {
        log.error("'\(key)' is an empty list", at: node.place)
        return []
      }
      return [Matcher.Clause(field: nil, .equals, node.literal, at: node.place)]
    case .mapping(let entries):
      if entries.isEmpty {
        log.error("'\(key)' is an empty mapping", at: node.place)
        return []
      }
      let words = entries.filter { Comparison(rawValue: $0.key) != nil }
      if words.count == entries.count { return comparisons(of: nil, entries) }
      return entries.flatMap(field)
    }
  }

  private func field(_ entry: Node.Entry) -> [Matcher.Clause] {
    guard let field = fields.first(where: { $0.name == entry.key }) else {
      if Comparison(rawValue: entry.key) != nil {
        log.error(
          "the comparison '\(entry.key)' stands among fields", at: entry.keyPlace,
          suggestion: "put it under the field it is about")
      } else {
        log.unknown(
          "field", entry.key, at: entry.keyPlace,
          among: fields.map(\.name) + Comparison.allCases.map(\.rawValue))
      }
      return []
    }
    switch entry.value.content {
    case .scalar, .sequence:
      if entry.value.isNothing {
        log.error("'\(entry.key)' has no value", at: entry.value.place)
        return []
      }
      return [
        Matcher.Clause(field: field.name, .equals, entry.value.literal, at: entry.value.place)
      ]
    case .mapping(let entries):
      if entries.isEmpty { log.error("'\(entry.key)' is an empty mapping", at: entry.value.place) }
      return comparisons(of: field.name, entries)
    }
  }

  private func comparisons(of field: String?, _ entries: [Node.Entry]) -> [Matcher.Clause] {
    entries.compactMap { entry in
      guard let comparison = Comparison(rawValue: entry.key) else {
        log.unknown(
          "comparison", entry.key, at: entry.keyPlace, among: Comparison.allCases.map(\.rawValue))
        return nil
      }
      if entry.value.isNothing {
        log.error("'\(entry.key)' has no value", at: entry.value.place)
        return nil
      }
      if entry.value.items?.isEmpty == true, !comparison.takesEmptyList {
        log.error("'\(entry.key)' is an empty list", at: entry.value.place)
        return nil
      }
      return Matcher.Clause(field: field, comparison, entry.value.literal, at: entry.value.place)
    }
  }

  /// Tries the clause with the defaults of its parameters and with their values at every level.
  private func compile(_ clause: Matcher.Clause) {
    guard checkReferences(clause.operand, parameters, at: clause.place, log) else { return }
    let refers = !clause.operand.fastReferences.isEmpty
    for (level, arguments) in refers ? argumentSets[...] : argumentSets.prefix(1) {
      do throws(OperandError) {
        _ = try Condition(Matcher([clause]), fields: fields, arguments: arguments)
      } catch {
        let name = clause.field.map { "\($0): " } ?? ""
        log.error(
          "\(name)\(clause.comparison.rawValue): \(error.problem)\(suffix(level))",
          at: clause.place, suggestion: error.suggestion.map { "did you mean '\($0)'?" })
        return
      }
    }
  }

  /// The list of `allow`: a reference to a parameter, or entries of which each is a text (the first
  /// field) or a mapping from fields to values, with a `reason`.
  func allowList(_ node: Node) -> Literal? {
    let before = log.diagnostics.count
    guard checkReferences(node.literal, parameters, at: node.place, log) else { return nil }
    if let text = node.text {
      guard let name = Literal.wholeReference(text) else {
        log.error("'allow' takes a list or a parameter such as \"${approved}\"", at: node.place)
        return nil
      }
      for parameter in parameters where parameter.name == name && parameter.kind != .list {
        log.error("the parameter '\(name)' is no list", at: node.place)
      }
      for parameter in parameters where parameter.name == name {
        checkEntries(parameter, at: node.place)
      }
    } else if let items = node.items {
      if items.isEmpty {
        log.error(
          "'allow' is an empty list", at: node.place, suggestion: "say 'none: true' instead")
      }
      for item in items { checkEntry(item.literal, at: item.place) }
    } else {
      log.error("'allow' takes a list, not \(node.kind)", at: node.place)
    }
    return log.diagnostics.count == before ? node.literal : nil
  }

  private func checkEntries(_ parameter: Parameter, at place: Place) {
    for (_, arguments) in argumentSets {
      guard case .list(let items)? = arguments[parameter.name] else { continue }
      for item in items { checkEntry(item, at: place) }
    }
  }

  private func checkEntry(_ entry: Literal, at place: Place) {
    switch entry {
    case .text(let text):
      if text.isEmpty { log.error("an entry of 'allow' with nothing in it", at: place) }
    case .list: log.error("an entry of 'allow' is a text or a mapping, not a list", at: place)
    case .mapping(let entries):
      if !entries.contains(where: { $0.key != "reason" }) {
        log.error("an entry of 'allow' that names no field covers everything", at: place)
      }
      for entry in entries where entry.key != "reason" {
        if !fields.contains(where: { $0.name == entry.key }) {
          log.unknown(
            "field", entry.key, at: place, among: fields.map(\.name) + ["reason"])
        } else if entry.value.isEmpty {
          log.error("'\(entry.key)' has no value", at: place)
        }
      }
    }
  }
}

extension Comparison {
  /// Whether an empty list says something: that there is nothing in the fact's list. With the
  /// other words it would always or never hold.
  var takesEmptyList: Bool {
    switch self {
    case .equals, .notEquals, .subsetOf: true
    default: false
    }
  }
}
