package import RiegelModel

/// What an audit will ask: the questions, each once, and which rule needs which answers.
package struct Plan: Sendable {
  struct PlannedRule: Sendable {
    var rule: Rule
    var arguments: Arguments
    var when: [PreparedCheck]
    var check: PreparedCheck
    /// The check with the values of a level, where a parameter has values per level.
    var byLevel: [(level: SecurityLevel, when: [PreparedCheck], check: PreparedCheck)]
  }

  package let selection: Selection
  package private(set) var questions: [Question] = []
  private(set) var rules: [PlannedRule] = []
  private var byKey: [String: Int] = [:]

  /// What the site states of the host, such as `essential-function`; rules ask with `site:`.
  package typealias SiteProperties = [String: String]

  /// Throws what is wrong with the rules under these parameter values.
  package init(
    _ selection: Selection, probes: [ProbeDeclaration], site: SiteProperties = [:]
  ) throws(ContentError) {
    self.selection = selection
    let declarations = Dictionary(probes.map { ($0.name, $0) }) { first, _ in first }
    var diagnostics: [Diagnostic] = []
    for item in selection.items {
      do {
        rules.append(try plan(item, declarations, site))
      } catch {
        diagnostics += error.diagnostics
      }
    }
    if !diagnostics.isEmpty { throw ContentError(diagnostics) }
  }

  private mutating func plan(
    _ item: Selection.Item, _ probes: [String: ProbeDeclaration], _ site: SiteProperties
  ) throws(ContentError) -> PlannedRule {
    let rule = item.rule
    var prepared = PlannedRule(
      rule: rule, arguments: item.arguments,
      when: try prepare(rule.when, rule, item.arguments, probes, site),
      check: try prepare(rule.check, rule, item.arguments, probes, site), byLevel: [])
    if rule.parameters.contains(where: { !$0.byLevel.isEmpty }) {
      for level in SecurityLevel.claimable {
        let arguments = item.arguments.at(level, of: rule.parameters)
        prepared.byLevel.append(
          (
            level, try prepare(rule.when, rule, arguments, probes, site),
            try prepare(rule.check, rule, arguments, probes, site)
          ))
      }
    }
    return prepared
  }

  private mutating func prepare(
    _ checks: [Check], _ rule: Rule, _ arguments: Arguments, _ probes: [String: ProbeDeclaration],
    _ site: SiteProperties
  ) throws(ContentError) -> [PreparedCheck] {
    var prepared: [PreparedCheck] = []
    for check in checks {
      prepared.append(try prepare(check, rule, arguments, probes, site))
    }
    return prepared
  }

  private mutating func prepare(
    _ check: Check, _ rule: Rule, _ arguments: Arguments, _ probes: [String: ProbeDeclaration],
    _ site: SiteProperties
  ) throws(ContentError) -> PreparedCheck {
    switch check {
    case .all(let checks): .all(try prepare(checks, rule, arguments, probes, site))
    case .any(let checks): .any(try prepare(checks, rule, arguments, probes, site))
    case .none(let checks): .none(try prepare(checks, rule, arguments, probes, site))
    case .not(let check): .not(try prepare(check, rule, arguments, probes, site))
    case .manual(let text): .manual(text)
    case .assertion(let assertion):
      .ask(try prepare(assertion, rule, arguments, probes, site))
    }
  }

  private mutating func prepare(
    _ assertion: Assertion, _ rule: Rule, _ arguments: Arguments,
    _ probes: [String: ProbeDeclaration], _ site: SiteProperties
  ) throws(ContentError) -> PreparedAssertion {
    func fail(_ problem: String, _ suggestion: String? = nil, at place: Place? = nil)
      -> ContentError
    {
      ContentError([
        Diagnostic(
          .error, "\(rule.id): \(problem)", at: place ?? assertion.place,
          suggestion: suggestion.map { "did you mean '\($0)'?" })
      ])
    }
    let fields: [Field]
    var probe: (any Probe)?
    var key: String
    var wanted: String
    var given: Row?
    switch assertion.source {
    case .probe(let name):
      guard let declaration = probes[name] else {
        throw fail("unknown probe '\(name)'", closest(to: name, among: probes.keys.sorted()))
      }
      fields = declaration.fields
      var values: [(key: String?, values: [String])] = []
      key = name
      wanted = name
      for argument in assertion.arguments {
        let filled = argument.value.filled(from: arguments)
        guard let texts = filled.texts else {
          throw fail("'\(argument.key ?? name)' takes texts, not mappings", at: argument.place)
        }
        values.append((argument.key, texts))
        key += " \(argument.key ?? "")=\(filled.description)"
        let text = texts.joined(separator: ", ")
        wanted += argument.key.map { " \($0)=\(text)" } ?? " \(text)"
      }
      switch declaration.make(values) {
      case .success(let made): probe = made
      case .failure(let error):
        throw fail("'\(error.key ?? name)' \(error.problem)")
      }
    case .parameter(let name):
      fields = [.text("value", "The value in force.")]
      let value = arguments[name]
      wanted = "parameter \(name)"
      given = Row(
        wanted, ["value": value.flatMap { $0.isEmpty ? nil : .text($0.description) } ?? .absent()])
      key = "parameter \(name)=\(value?.description ?? "")"
    case .site(let name):
      fields = [.text("value", "What the site states.")]
      wanted = "site \(name)"
      given = Row(wanted, ["value": site[name].map { .text($0) } ?? .absent()])
      key = "site \(name)=\(site[name] ?? "")"
    }

    func condition(_ matcher: Matcher, _ fields: [Field]) throws(ContentError) -> Condition {
      do {
        return try Condition(matcher, fields: fields, arguments: arguments)
      } catch {
        throw fail(error.problem, error.suggestion, at: error.clause.place)
      }
    }
    let filter: Condition? =
      if let matcher = assertion.filter { try condition(matcher, fields) } else { nil }
    let quantifier: PreparedAssertion.Quantifier
    switch assertion.quantifier {
    case .every(let matcher): quantifier = .every(try condition(matcher, fields))
    case .some(let matcher): quantifier = .some(try condition(matcher, fields))
    case .none(let matcher?): quantifier = .none(try condition(matcher, fields))
    case .none(nil): quantifier = .none(nil)
    case .count(let matcher):
      quantifier = .count(try condition(matcher, [.number("count", "The number of rows.")]))
    case .allow(let list):
      guard case .list(let items) = list.filled(from: arguments) else {
        throw fail("'allow' takes a list")
      }
      var entries: [AllowEntry] = []
      for item in items {
        do {
          entries.append(try AllowEntry(item, fields: fields))
        } catch {
          throw fail(error.problem, error.suggestion)
        }
      }
      quantifier = .allow(entries)
    case .present: quantifier = .present
    }

    let source: Question.Source
    if let given {
      // A bare `site: essential-function` asks whether there is such a thing.
      let isMissing = assertion.quantifier == .present && given["value"].content == .absent
      source = .given(isMissing ? nil : given)
      if isMissing { key += " present" }
    } else if let walking = probe as? any WalkingProbe {
      source = .walk(walking, EntrySorter(walking, filter, quantifier))
      // What the walk keeps depends on the conditions, so they are part of the question.
      key += " \(filter?.text ?? "") \(quantifier.text)"
    } else if let probe {
      source = .probe(probe)
    } else {
      throw fail("nothing is asked")
    }
    return PreparedAssertion(
      question: ask(Question(key: key, source: source)), filter: filter, quantifier: quantifier,
      missing: assertion.missing, mainField: fields.first,
      wanted: filter.map { "\(wanted) (\($0.shortText))" } ?? wanted)
  }

  private mutating func ask(_ question: Question) -> Int {
    if let known = byKey[question.key] { return known }
    questions.append(question)
    byKey[question.key] = questions.count - 1
    return questions.count - 1
  }

  /// Globs of the files whose contents the probes of this plan may read, and those that name the
  /// host: what an archive has to keep.
  package var contents: [String] {
    var seen = Set(Audit.HostIdentity.reads)
    for question in questions {
      switch question.source {
      case .probe(let probe): seen.formUnion(type(of: probe).reads)
      case .walk(let probe, _): seen.formUnion(type(of: probe).reads)
      case .given: break
      }
    }
    return seen.sorted()
  }

  /// What the probes of this plan may read, as globs, in order and each once.
  package var reads: [String] {
    var seen: Set<String> = []
    for question in questions {
      switch question.source {
      case .probe(let probe): seen.formUnion(type(of: probe).reads)
      case .walk(let probe, _):
        seen.formUnion(type(of: probe).reads)
        seen.formUnion(probe.question.roots.map { printable($0) + "/** (names and metadata)" })
      case .given: break
      }
    }
    return seen.sorted()
  }
}

extension Condition {
  /// The condition in the words of the matcher language.
  var text: String { clauses.map { "\($0.field.name) \($0.expected)" }.joined(separator: ", ") }
}

extension Condition {
  /// As `text`, with `=` for what has to be equal.
  fileprivate var shortText: String {
    clauses.map {
      $0.comparison == .equals
        ? "\($0.field.name)=\($0.operand)" : "\($0.field.name) \($0.expected)"
    }.joined(separator: ", ")
  }
}

extension PreparedAssertion.Quantifier {
  var text: String {
    switch self {
    case .every(let condition): "expect \(condition.text)"
    case .some(let condition): "some \(condition.text)"
    case .none(let condition): "none \(condition?.text ?? "")"
    case .count(let condition): "count \(condition.text)"
    case .allow(let entries): "allow \(entries.map(\.text))"
    case .present: "present"
    }
  }
}
