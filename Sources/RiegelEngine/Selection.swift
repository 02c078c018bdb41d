package import RiegelModel

/// The rules that a profile picks from a library, with the parameter values in force.
package struct Selection: Sendable {
  package struct Item: Sendable {
    package var rule: Rule
    package var arguments: Arguments
    package init(rule: Rule, arguments: Arguments) {
      self.rule = rule
      self.arguments = arguments
    }
  }

  package var profile: Audit.ProfileInForce
  /// In order of rule ids.
  package var items: [Item]

  package init(profile: Audit.ProfileInForce, items: [Item]) {
    self.profile = profile
    self.items = items
  }
}

/// A value given for one audit: `--set rule.param=V`.
package struct Override: Sendable, Hashable {
  package var rule: String
  package var parameter: String
  package var value: Literal
  package var source: Arguments.Source
  /// Where it was given, for the diagnostic.
  package var place: Place

  package init(
    rule: String, parameter: String, value: Literal, source: Arguments.Source, place: Place
  ) {
    self.rule = rule
    self.parameter = parameter
    self.value = value
    self.source = source
    self.place = place
  }
}

extension Selection {
  /// Picks the rules of a profile and works out their parameters, in the order of precedence:
  /// rule, level, profile (parents first), overrides in their order. A zone's target stands in for
  /// the profile's.
  package init(
    _ profile: Profile, isDefault: Bool, in library: Library, overrides: [Override] = [],
    only: Set<String>? = nil, target aim: [String: SecurityLevel]? = nil
  ) throws(ContentError) {
    let line = try Selection.ancestry(of: profile, in: library)
    let target = aim ?? Selection.target(of: line, in: library)
    var diagnostics: [Diagnostic] = []
    var chosen: [Rule] = []
    for rule in library.rules where rule.status != .deprecated || only != nil {
      if let only {
        if only.contains(rule.id) { chosen.append(rule) }
      } else if Selection.selects(line, rule, library) {
        chosen.append(rule)
      }
    }
    let settings = line.flatMap { profile in
      profile.settings.map {
        Override(
          rule: $0.rule, parameter: $0.parameter, value: $0.value, source: .profile(profile.id),
          place: $0.place)
      }
    }
    for override in overrides {
      diagnostics += Selection.problems(with: override, in: library)
    }
    if !diagnostics.isEmpty { throw ContentError(diagnostics) }

    let byRule = Dictionary(grouping: settings + overrides, by: \.rule)
    do {
      self.profile = Audit.ProfileInForce(
        id: profile.id, title: profile.title, isDefault: isDefault, target: target)
    }
    items = chosen.map { rule in
      let level = Selection.level(of: rule, target: target, library: library)
      var arguments = Arguments(at: level, of: rule)
      for override in byRule[rule.id] ?? [] {
        arguments.byName[override.parameter] = .init(override.value, override.source)
      }
      return Item(rule: rule, arguments: arguments)
    }
  }

  /// The profile and those it extends, the eldest first.
  private static func ancestry(
    of profile: Profile, in library: Library
  ) throws(ContentError) -> [Profile] {
    var line = [profile]
    while let parent = line[0].parent {
      guard let found = library.profile(parent) else {
        throw ContentError([
          Diagnostic(
            .error, "profile '\(line[0].id)' extends '\(parent)', which does not exist",
            at: line[0].place,
            suggestion: closest(to: parent, among: library.profiles.map(\.id)).map {
              "did you mean '\($0)'?"
            })
        ])
      }
      if line.contains(where: { $0.id == found.id }) {
        throw ContentError([
          Diagnostic(.error, "profile '\(found.id)' extends itself", at: found.place)
        ])
      }
      line.insert(found, at: 0)
    }
    return line
  }

  /// The target vector by foundational requirement id; a child's entries win over its parents'.
  private static func target(of line: [Profile], in library: Library) -> [String: SecurityLevel] {
    var target: [String: SecurityLevel] = [:]
    for foundation in library.security.foundations {
      target[foundation.id] =
        line.last { $0.target[foundation.abbreviation] != nil }?
        .target[foundation.abbreviation] ?? .sl0
    }
    return target
  }

  /// A child adds to what its parents select and may leave out again what they select.
  private static func selects(_ line: [Profile], _ rule: Rule, _ library: Library) -> Bool {
    var isSelected = false
    for profile in line {
      if profile.selects.contains(where: { matches($0, rule, library) }) { isSelected = true }
      if profile.excludes.contains(where: { matches($0, rule, library) }) { isSelected = false }
    }
    return isSelected
  }

  private static func matches(_ selector: Profile.Selector, _ rule: Rule, _ library: Library)
    -> Bool
  {
    switch selector {
    case .topic(let topic): rule.topic == topic
    case .measure(let id):
      library.measures.measures.first { $0.id == id }?.topics.contains(rule.topic) ?? false
    case .severity(let least): rule.severity >= least
    case .rule(let pattern): Glob("/" + pattern).matches(text: "/" + rule.id)
    case .level(let level):
      (rule.decides + rule.supports).contains { citation in
        library.security[citation].map { $0.level <= level } ?? false
      }
    }
  }

  /// The level whose parameter values a rule is judged with: the target of the foundational
  /// requirement that it cites first.
  package static func level(
    of rule: Rule, target: [String: SecurityLevel], library: Library
  ) -> SecurityLevel {
    for citation in rule.decides + rule.supports {
      if let requirement = library.security[citation], let level = target[requirement.foundation] {
        return level
      }
    }
    return target.values.max() ?? .sl0
  }

  private static func problems(with override: Override, in library: Library) -> [Diagnostic] {
    guard let rule = library.rule(override.rule) else {
      return [
        Diagnostic(
          .error, "there is no rule '\(override.rule)'", at: override.place,
          suggestion: closest(to: override.rule, among: library.rules.map(\.id)).map {
            "did you mean '\($0)'?"
          })
      ]
    }
    guard let parameter = rule.parameters.first(where: { $0.name == override.parameter }) else {
      let names = rule.parameters.map(\.name)
      return [
        Diagnostic(
          .error, "rule '\(rule.id)' has no parameter '\(override.parameter)'", at: override.place,
          suggestion: names.isEmpty
            ? "this rule has no parameters" : "it has: \(names.joined(separator: ", "))")
      ]
    }
    guard let problem = parameter.problem(with: override.value) else { return [] }
    return [Diagnostic(.error, "\(rule.id).\(parameter.name): \(problem)", at: override.place)]
  }
}

extension Arguments {
  /// A rule's own values: of a level where it has them, else its defaults.
  package init(at level: SecurityLevel, of rule: Rule) {
    self.init()
    for parameter in rule.parameters {
      if let value = parameter.byLevel[level] {
        byName[parameter.name] = Argument(value, .level(level))
      } else {
        byName[parameter.name] = Argument(parameter.standard, .rule)
      }
    }
  }
}
