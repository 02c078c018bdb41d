import RiegelModel

/// A parameter that nothing refers to promises a choice that there is not.
@Sendable func lintUnusedParameters(_ content: Content) -> [Diagnostic] {
  content.library.rules.flatMap { rule -> [Diagnostic] in
    guard !rule.parameters.isEmpty else { return [] }
    let used = Set((rule.when + [rule.check]).flatMap(\.assertions).flatMap(\.parametersUsed))
    return rule.parameters.filter { !used.contains($0.name) }.map { parameter in
      Diagnostic(
        .warning, "the parameter '\(parameter.name)' is not used",
        at: content.place(of: "parameters", parameter.name, in: rule))
    }
  }
}

/// Where the levels named end below SL4 and the default is another value, the levels above fall
/// back to it, and that is seldom meant. A single value for SL1 is: a softer demand to begin with.
@Sendable func lintLevelGaps(_ content: Content) -> [Diagnostic] {
  content.library.rules.flatMap { rule in
    rule.parameters.compactMap { parameter in
      guard let top = parameter.byLevel.keys.max(), top > .sl1, top < .sl4,
        let value = parameter.byLevel[top], value != parameter.standard,
        let next = SecurityLevel(rawValue: top.rawValue + 1)
      else { return nil }
      return Diagnostic(
        .warning,
        "'\(parameter.name)' is \(value.description) at \(top.description) and falls back to"
          + " \(parameter.standard.description) at \(next.description)",
        at: content.place(of: "parameters", parameter.name, "by-level", in: rule))
    }
  }
}

extension Assertion {
  /// The names of the parameters that it refers to.
  var parametersUsed: [String] {
    var names = arguments.flatMap(\.value.fastReferences)
    if case .parameter(let name) = source { names.append(name) }
    names += filter?.parametersUsed ?? []
    switch quantifier {
    case .every(let matcher), .some(let matcher), .count(let matcher):
      names += matcher.parametersUsed
    case .none(let matcher): names += matcher?.parametersUsed ?? []
    case .allow(let list): names += list.fastReferences
    case .present: break
    }
    return names
  }
}

extension Matcher {
  fileprivate var parametersUsed: [String] { clauses.flatMap(\.operand.fastReferences) }
}
