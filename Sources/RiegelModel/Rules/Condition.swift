import SystemPackage

/// A matcher ready to be tested: parameters put in, operands in the types of their fields.
package struct Condition: Sendable {
  package struct Clause: Sendable {
    package var field: Field
    package var comparison: Comparison
    package var test: Test
    /// The operand as evidence shows it.
    package var operand: String

    package init(field: Field, comparison: Comparison, test: Test, operand: String) {
      self.field = field
      self.comparison = comparison
      self.test = test
      self.operand = operand
    }

    /// What the clause expects, in the words of the matcher language.
    package var expected: String {
      // `exists: false` wants absence, and has to say so.
      if case .presence(let wanted) = test {
        return (wanted ? Comparison.exists : .absent).rawValue
      }
      return "\(comparison.rawValue) \(operand)"
    }
  }

  /// An operand in the type that its comparison needs.
  package enum Test: Sendable {
    case values([Value])
    case quantities([Double])
    case pattern(Pattern)
    case bits(UInt16)
    case version(DebianVersion)
    case age(Int)
    case places([Location])
    case presence(Bool)
  }

  /// What `within` looks for: a network, or a shell pattern over paths or plain text.
  package enum Location: Sendable {
    case network(Network)
    case glob(Glob)
  }

  package var clauses: [Clause]
  package init(_ clauses: [Clause]) { self.clauses = clauses }
}

/// Whether something holds, in three values; an undecided one says why.
package enum Truth: Sendable, Hashable {
  case holds, fails
  case undecided(TargetError)

  package var holds: Bool { self == .holds }
  package var negated: Truth {
    switch self {
    case .holds: .fails
    case .fails: .holds
    case .undecided: self
    }
  }
}

/// An operand that does not fit its field or comparison, found before anything is judged.
package struct OperandError: Error, Sendable, Hashable {
  package var clause: Matcher.Clause
  package var problem: String
  package var suggestion: String?
}

extension Condition {
  /// Compiles a matcher for a probe's fields. Throws the first operand that does not fit.
  package init(
    _ matcher: Matcher, fields: [Field], arguments: Arguments
  ) throws(OperandError) {
    var clauses: [Clause] = []
    for clause in matcher.clauses {
      guard let field = Condition.field(clause.field, in: fields) else {
        throw OperandError(
          clause: clause, problem: "unknown field '\(clause.field ?? "")'",
          suggestion: closest(to: clause.field ?? "", among: fields.map(\.name)))
      }
      let operand = clause.operand.filled(from: arguments)
      switch Condition.test(clause.comparison, operand, for: field) {
      case .success(let test):
        clauses.append(
          Clause(
            field: field, comparison: clause.comparison, test: test, operand: operand.description))
      case .failure(let problem):
        throw OperandError(clause: clause, problem: problem.text, suggestion: problem.suggestion)
      }
    }
    self.init(clauses)
  }

  private static func field(_ name: String?, in fields: [Field]) -> Field? {
    guard let name else { return fields.first }
    return fields.first { $0.name == name }
  }

  struct Problem: Error {
    var text: String
    var suggestion: String?
    init(_ text: String, suggestion: String? = nil) {
      self.text = text
      self.suggestion = suggestion
    }
  }

  /// Reads an operand for a comparison with a field of some kind.
  private static func test(
    _ comparison: Comparison, _ operand: Literal, for field: Field
  ) -> Result<Test, Problem> {
    switch comparison {
    case .equals, .notEquals:
      return equality(operand, field)
    case .oneOf, .notOneOf, .containsAll, .subsetOf, .contains, .lacks:
      return membership(comparison, operand, field)
    case .atLeast, .atMost, .between:
      return quantities(comparison, operand, field)
    case .matches, .notMatches:
      guard case .text(let source) = operand else { return .failure(Problem("takes one pattern")) }
      do {
        return .success(.pattern(try Pattern(source)))
      } catch {
        return .failure(Problem("bad pattern: \(error.message) at offset \(error.offset)"))
      }
    case .modeAtMost, .hasBits, .lacksBits:
      guard field.kind == .mode || field.kind == .text else {
        return .failure(Problem("'\(field.name)' is no mode"))
      }
      guard let mode = operand.mode else {
        return .failure(Problem("'\(operand.description)' is no octal mode such as 0640"))
      }
      return .success(.bits(mode))
    case .versionAtLeast, .versionBelow:
      guard case .text(let text) = operand, let version = DebianVersion(text) else {
        return .failure(Problem("'\(operand.description)' is no version"))
      }
      return .success(.version(version))
    case .youngerThan, .olderThan:
      guard field.kind == .instant else {
        return .failure(Problem("'\(field.name)' is no time"))
      }
      guard case .text(let text) = operand, let seconds = DurationText.parse(text) else {
        return .failure(Problem("'\(operand.description)' is no duration such as 90d"))
      }
      return .success(.age(seconds))
    case .within, .notWithin:
      guard let texts = operand.texts else {
        return .failure(Problem("takes networks, folders or shell patterns"))
      }
      return .success(
        .places(texts.map { Network($0).map(Location.network) ?? .glob(Glob($0)) }))
    case .exists, .absent:
      guard case .text(let text) = operand, text == "true" || text == "false" else {
        return .failure(Problem("takes true or false"))
      }
      return .success(.presence((text == "true") == (comparison == .exists)))
    }
  }

  private static func equality(_ operand: Literal, _ field: Field) -> Result<Test, Problem> {
    if field.kind == .list {
      guard let texts = operand.texts else { return .failure(Problem("takes a list of texts")) }
      return .success(.values([.list(texts)]))
    }
    guard case .text(let text) = operand else {
      return .failure(Problem("takes one value; use one-of for several"))
    }
    return read(text, as: field).map { .values([$0]) }
  }

  private static func membership(
    _ comparison: Comparison, _ operand: Literal, _ field: Field
  ) -> Result<Test, Problem> {
    guard let texts = operand.texts else { return .failure(Problem("takes a list of values")) }
    switch comparison {
    case .containsAll, .subsetOf:
      guard field.kind == .list else {
        return .failure(Problem("'\(field.name)' is no list; use one-of"))
      }
      return .success(.values(texts.map(Value.text)))
    case .contains, .lacks:
      guard field.kind == .list || field.kind == .text else {
        return .failure(Problem("'\(field.name)' is neither list nor text"))
      }
      return .success(.values(texts.map(Value.text)))
    default:
      guard field.kind != .list else {
        return .failure(Problem("'\(field.name)' is a list; use subset-of or contains"))
      }
      var values: [Value] = []
      for text in texts {
        switch read(text, as: field) {
        case .success(let value): values.append(value)
        case .failure(let problem): return .failure(problem)
        }
      }
      return .success(.values(values))
    }
  }

  private static func quantities(
    _ comparison: Comparison, _ operand: Literal, _ field: Field
  ) -> Result<Test, Problem> {
    switch field.kind {
    case .number, .duration, .text: break
    default: return .failure(Problem("'\(field.name)' is no number or duration"))
    }
    guard let texts = operand.texts, texts.count == (comparison == .between ? 2 : 1) else {
      return .failure(Problem(comparison == .between ? "takes two values" : "takes one value"))
    }
    var numbers: [Double] = []
    for text in texts {
      guard let number = quantity(text) else {
        return .failure(Problem("'\(text)' is no number or duration"))
      }
      numbers.append(number)
    }
    return .success(.quantities(numbers))
  }

  /// A text in the type of a field.
  private static func read(_ text: String, as field: Field) -> Result<Value, Problem> {
    switch field.kind {
    case .text: return .success(.text(text))
    case .choice(let among):
      guard among.contains(text) else {
        return .failure(
          Problem(
            "'\(text)' is not one of \(among.joined(separator: ", "))",
            suggestion: closest(to: text, among: among)))
      }
      return .success(.text(text))
    case .number:
      guard let number = Int(text) else { return .failure(Problem("'\(text)' is no number")) }
      return .success(.number(number))
    case .flag:
      switch text {
      case "true", "yes": return .success(.flag(true))
      case "false", "no": return .success(.flag(false))
      default: return .failure(Problem("'\(text)' is neither true nor false"))
      }
    case .mode:
      guard let mode = Literal.text(text).mode else {
        return .failure(Problem("'\(text)' is no octal mode such as 0640"))
      }
      return .success(.mode(mode))
    case .duration:
      guard let seconds = DurationText.parse(text) else {
        return .failure(Problem("'\(text)' is no duration such as 15m"))
      }
      return .success(.duration(seconds))
    case .instant:
      guard let instant = Instant(text) else {
        return .failure(Problem("'\(text)' is no date such as 2026-11-24"))
      }
      return .success(.instant(instant))
    case .version: return .success(.version(text))
    case .list: return .success(.list([text]))
    }
  }

  /// A number, a decimal fraction, or a duration in seconds.
  fileprivate static func quantity(_ text: String) -> Double? {
    if let number = Double(text), number.isFinite { return number }
    return DurationText.parse(text).map(Double.init)
  }
}

extension Literal {
  /// An octal mode, at most 07777.
  fileprivate var mode: UInt16? {
    guard case .text(let text) = self, let mode = UInt16(text, radix: 8), mode <= 0o7777 else {
      return nil
    }
    return mode
  }
}

extension Condition {
  /// What a row does to the condition as a whole.
  package func truth(of row: Row, now: Instant) -> Truth {
    var undecided: Truth?
    for clause in clauses {
      let fact = row[clause.field.name]
      switch clause.truth(of: fact.visible, now: now) {
      case .fails: return .fails
      case .holds: break
      case .undecided(let error): undecided = undecided ?? .undecided(error)
      }
    }
    return undecided ?? .holds
  }
}

extension Condition.Clause {
  package func truth(of content: Fact.Content, now: Instant) -> Truth {
    if case .presence(let wanted) = test {
      switch content {
      case .known: return wanted ? .holds : .fails
      case .absent: return wanted ? .fails : .holds
      case .unknown(let error): return .undecided(error)
      }
    }
    switch content {
    case .absent: return comparison.isNegative ? .holds : .fails
    case .unknown(let error): return .undecided(error)
    case .known(let value): return truth(of: value, now: now)
    }
  }

  private func truth(of value: Value, now: Instant) -> Truth {
    switch (comparison, test) {
    case (.equals, .values(let wanted)): return truth(wanted.contains { value.isSame(as: $0) })
    case (.notEquals, .values(let wanted)): return truth(!wanted.contains { value.isSame(as: $0) })
    case (.oneOf, .values(let wanted)): return truth(wanted.contains { value.isSame(as: $0) })
    case (.notOneOf, .values(let wanted)): return truth(!wanted.contains { value.isSame(as: $0) })
    case (.contains, .values(let wanted)): return truth(wanted.allSatisfy(value.holds))
    case (.containsAll, .values(let wanted)): return truth(wanted.allSatisfy(value.holds))
    case (.lacks, .values(let wanted)): return truth(!wanted.contains(where: value.holds))
    case (.subsetOf, .values(let wanted)):
      return truth(value.items.allSatisfy { wanted.contains(.text($0)) })
    case (.atLeast, .quantities(let bounds)): return compare(value) { $0 >= bounds[0] }
    case (.atMost, .quantities(let bounds)): return compare(value) { $0 <= bounds[0] }
    case (.between, .quantities(let bounds)):
      return compare(value) { $0 >= bounds[0] && $0 <= bounds[1] }
    case (.matches, .pattern(let pattern)): return match(pattern, value)
    case (.notMatches, .pattern(let pattern)): return match(pattern, value).negated
    case (.modeAtMost, .bits(let bits)): return bitTest(value) { $0 & ~bits == 0 }
    case (.hasBits, .bits(let bits)): return bitTest(value) { $0 & bits == bits }
    case (.lacksBits, .bits(let bits)): return bitTest(value) { $0 & bits == 0 }
    case (.versionAtLeast, .version(let bound)):
      return compareVersion(value) { $0.compare(bound) >= 0 }
    case (.versionBelow, .version(let bound)):
      return compareVersion(value) { $0.compare(bound) < 0 }
    case (.youngerThan, .age(let age)):
      guard case .instant(let instant) = value else { return .fails }
      return truth(now.seconds - instant.seconds < age)
    case (.olderThan, .age(let age)):
      guard case .instant(let instant) = value else { return .fails }
      return truth(now.seconds - instant.seconds > age)
    case (.within, .places(let places)):
      return truth(value.items.allSatisfy { item in places.contains { $0.covers(item) } })
    case (.notWithin, .places(let places)):
      return truth(!value.items.contains { item in places.contains { $0.covers(item) } })
    default: return .fails
    }
  }

  private func truth(_ holds: Bool) -> Truth { holds ? .holds : .fails }

  /// A value that is no quantity satisfies no bound.
  private func compare(_ value: Value, _ test: (Double) -> Bool) -> Truth {
    let number: Double? =
      switch value {
      case .number(let number), .duration(let number): Double(number)
      case .text(let text): Condition.quantity(text)
      default: nil
      }
    return truth(number.map(test) ?? false)
  }

  private func bitTest(_ value: Value, _ test: (UInt16) -> Bool) -> Truth {
    let mode: UInt16? =
      switch value {
      case .mode(let mode): mode
      case .text(let text): Literal.text(text).mode
      default: nil
      }
    return truth(mode.map(test) ?? false)
  }

  private func compareVersion(_ value: Value, _ test: (DebianVersion) -> Bool) -> Truth {
    let text: String? =
      switch value {
      case .version(let text), .text(let text): text
      default: nil
      }
    return truth(text.flatMap(DebianVersion.init).map(test) ?? false)
  }

  /// A pattern that runs into its limits leaves the verdict open.
  private func match(_ pattern: Pattern, _ value: Value) -> Truth {
    for item in value.items {
      switch pattern.matches(item) {
      case true?: return .holds
      case false?: break
      case nil:
        return .undecided(
          .undetermined(
            "/",
            Localized(
              en: "the pattern '\(pattern.source)' reached its matching limit",
              de: "das Muster '\(pattern.source)' hat seine Suchgrenze erreicht")))
      }
    }
    return .fails
  }
}

extension Value {
  /// The items of a list, or the value alone, as text.
  fileprivate var items: [String] {
    if case .list(let items) = self { items } else { [description] }
  }

  /// Equality across the forms in which an operand and a fact may hold the same thing.
  fileprivate func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.version(let a), .version(let b)):
      if let x = DebianVersion(a), let y = DebianVersion(b) { return x == y }
      return a == b
    default: return self == other
    }
  }

  /// A list holds an item; a text holds a part.
  fileprivate func holds(_ wanted: Value) -> Bool {
    guard case .text(let part) = wanted else { return false }
    switch self {
    case .list(let items): return items.contains(part)
    case .text(let text): return part.isEmpty || text.contains(part)
    default: return false
    }
  }
}

extension Condition.Location {
  func covers(_ text: String) -> Bool {
    switch self {
    case .network(let network): Network(text).map(network.contains) ?? false
    case .glob(let glob):
      text.hasPrefix("/") ? glob.matches(FilePath(text)) : glob.matches(text: text)
    }
  }
}
