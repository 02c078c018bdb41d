import RiegelModel

/// A check in readable form, a line for each assertion, indented as it is nested.
struct CheckText {
  struct Line {
    var depth: Int
    var text: String
  }

  let phrases: any Phrases
  let language: Language

  func lines(of check: Check, depth: Int = 0) -> [Line] {
    switch check {
    case .assertion(let assertion): return [Line(depth: depth, text: text(of: assertion))]
    case .all(let checks): return group(phrases.checkAll, checks, depth)
    case .any(let checks): return group(phrases.checkAny, checks, depth)
    case .none(let checks): return group(phrases.checkNone, checks, depth)
    case .not(let inner): return group(phrases.checkNot, [inner], depth)
    case .manual(let text):
      return [Line(depth: depth, text: "\(phrases.checkPerson) \(text[language])")]
    }
  }

  private func group(_ title: String, _ checks: [Check], _ depth: Int) -> [Line] {
    [Line(depth: depth, text: title)] + checks.flatMap { lines(of: $0, depth: depth + 1) }
  }

  private func text(of assertion: Assertion) -> String {
    var text = source(assertion)
    if let filter = assertion.filter { text += ", \(phrases.narrowing) \(self.text(of: filter))" }
    text += ": " + quantifier(assertion.quantifier)
    if let missing = assertion.missing { text += " (\(phrases.missing(missing)))" }
    return text
  }

  private func source(_ assertion: Assertion) -> String {
    var text =
      switch assertion.source {
      case .probe(let name): name
      case .parameter(let name): "\(phrases.sourceParameter) \(name)"
      case .site(let name): "\(phrases.sourceSite) \(name)"
      }
    for argument in assertion.arguments where argument.key == nil {
      text += " \(argument.value.description)"
    }
    let options = assertion.arguments.compactMap { argument in
      argument.key.map { "\($0) \(argument.value.description)" }
    }
    return options.isEmpty ? text : text + " (\(options.joined(separator: ", ")))"
  }

  private func quantifier(_ quantifier: Assertion.Quantifier) -> String {
    switch quantifier {
    case .every(let matcher): "\(phrases.quantifierEvery) \(text(of: matcher))"
    case .some(let matcher): "\(phrases.quantifierSome) \(text(of: matcher))"
    case .none(let matcher?): "\(phrases.quantifierNone) \(text(of: matcher))"
    case .none(nil): phrases.quantifierNoRow
    case .count(let matcher): "\(phrases.quantifierCount) \(text(of: matcher))"
    case .allow(let entries): "\(phrases.quantifierAllow) \(entries.description)"
    case .present: phrases.quantifierPresent
    }
  }

  private func text(of matcher: Matcher) -> String {
    let expectations = ExpectedText(phrases: phrases)
    return matcher.clauses.map { clause in
      let text = expectations.render(clause.comparison, clause.operand.description)
      return clause.field.map { "\($0) \(text)" } ?? text
    }.joined(separator: " \(phrases.and) ")
  }
}
