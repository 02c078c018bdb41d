import RiegelModel
import SystemPackage
import Testing

@Suite struct ConditionTests {
  private static let now = Instant(day: 20_000)
  private static let fields: [Field] = [
    .text("text", ""), .number("number", ""), .flag("flag", ""), .list("list", ""),
    .mode("mode", ""), .duration("duration", ""), .instant("instant", ""), .version("version", ""),
    .choice("choice", ["yes", "no"], ""),
  ]
  private static let error = TargetError.permissionDenied("/x")

  private func condition(
    _ field: String?, _ comparison: Comparison, _ operand: Literal
  ) throws(OperandError) -> Condition {
    let clause = Matcher.Clause(field: field, comparison, operand, at: Place(file: "t"))
    return try Condition(Matcher([clause]), fields: Self.fields, arguments: Arguments())
  }

  private func list(_ texts: String...) -> Literal { .list(texts.map(Literal.text)) }

  private func holds(
    _ field: String, _ value: Value, _ comparison: Comparison, _ operand: Literal
  ) throws -> Bool {
    let truth = try condition(field, comparison, operand)
      .truth(of: Row("r", [field: .known(value)]), now: Self.now)
    if case .undecided = truth { Issue.record("undecided") }
    return truth.holds
  }

  @Test func equalityHoldsInTheTypeOfTheField() throws {
    #expect(try holds("text", .text("a"), .equals, .text("a")))
    #expect(try !holds("text", .text("A"), .equals, .text("a")))
    #expect(try holds("number", .number(5), .equals, .text("05")))
    #expect(try holds("flag", .flag(true), .equals, .text("yes")))
    #expect(try holds("flag", .flag(false), .equals, .text("false")))
    #expect(try holds("list", .list(["a", "b"]), .equals, list("a", "b")))
    #expect(try !holds("list", .list(["b", "a"]), .equals, list("a", "b")))
    #expect(try holds("list", .list([]), .equals, list()))
    #expect(try holds("list", .list(["a"]), .equals, .text("a")))
    #expect(try holds("mode", .mode(0o640), .equals, .text("640")))
    #expect(try holds("duration", .duration(900), .equals, .text("15m")))
    #expect(try holds("instant", .instant(Instant(day: 0)), .equals, .text("1970-01-01")))
    #expect(try holds("version", .version("1.00"), .equals, .text("1.0")))
    #expect(try !holds("version", .version("1 0"), .equals, .text("1.0")))
    #expect(try holds("choice", .text("no"), .notEquals, .text("yes")))
  }

  @Test func membershipHoldsForTextsAndLists() throws {
    #expect(try holds("text", .text("a"), .oneOf, list("a", "b")))
    #expect(try !holds("text", .text("c"), .oneOf, list("a", "b")))
    #expect(try holds("number", .number(1), .oneOf, list("1", "2")))
    #expect(try holds("text", .text("c"), .notOneOf, list("a", "b")))
    #expect(try !holds("text", .text("a"), .oneOf, list()))
    #expect(try holds("list", .list(["a", "b"]), .contains, .text("a")))
    #expect(try holds("text", .text("abc"), .contains, .text("b")))
    #expect(try !holds("text", .text("abc"), .contains, list("b", "x")))
    #expect(try holds("list", .list(["a"]), .lacks, list("b", "c")))
    #expect(try !holds("list", .list(["a"]), .lacks, list("b", "a")))
    #expect(try holds("list", .list(["a", "b", "c"]), .containsAll, list("c", "a")))
    #expect(try !holds("list", .list(["a"]), .containsAll, list("c", "a")))
    #expect(try holds("list", .list([]), .subsetOf, list("a")))
    #expect(try !holds("list", .list(["a", "x"]), .subsetOf, list("a")))
  }

  @Test func quantitiesAreCompared() throws {
    #expect(try holds("number", .number(5), .atLeast, .text("5")))
    #expect(try !holds("number", .number(4), .atLeast, .text("5")))
    #expect(try holds("duration", .duration(60), .atMost, .text("15m")))
    #expect(try holds("duration", .duration(86_400), .between, list("1d", "90d")))
    #expect(try holds("text", .text("0.5"), .atMost, .text("0.5")))
    #expect(try holds("text", .text("-1"), .atMost, .text("0")))
    #expect(try !holds("text", .text("never"), .atMost, .text("99")))
    #expect(try !holds("text", .text("inf"), .atLeast, .text("1")))
  }

  @Test func patternsAndPlacesAreLookedFor() throws {
    #expect(try holds("text", .text("abc"), .matches, .text("^a")))
    #expect(try holds("list", .list(["x", "abc"]), .matches, .text("^a")))
    #expect(try holds("text", .text("abc"), .notMatches, .text("^b")))
    #expect(try holds("text", .text("10.1.2.3"), .within, list("10.0.0.0/8")))
    #expect(try holds("text", .text("/srv/a/b"), .within, list("/srv/**")))
    #expect(try holds("list", .list(["LC_ALL", "LANG"]), .within, list("LC_*", "LANG")))
    #expect(try !holds("list", .list(["LC_ALL", "TERM"]), .within, list("LC_*")))
    #expect(try holds("text", .text("11.0.0.1"), .notWithin, list("10.0.0.0/8")))
    #expect(try !holds("list", .list(["TERM", "LC_ALL"]), .notWithin, list("LC_*")))
    #expect(try !holds("text", .text("eth0"), .within, list("10.0.0.0/8")))
  }

  @Test func modesAreComparedByTheirBits() throws {
    #expect(try holds("mode", .mode(0o600), .modeAtMost, .text("0640")))
    #expect(try !holds("mode", .mode(0o604), .modeAtMost, .text("0640")))
    #expect(try holds("mode", .mode(0o1777), .hasBits, .text("1002")))
    #expect(try !holds("mode", .mode(0o777), .hasBits, .text("1002")))
    #expect(try holds("mode", .mode(0o755), .lacksBits, .text("0022")))
    #expect(try holds("text", .text("022"), .hasBits, .text("022")))
    #expect(try !holds("text", .text("none"), .hasBits, .text("022")))
  }

  @Test func versionsAndAgesAreCompared() throws {
    #expect(try holds("version", .version("1:9.2"), .versionAtLeast, .text("9.9")))
    #expect(try holds("version", .version("9.2~rc1"), .versionBelow, .text("9.2")))
    #expect(try holds("text", .text("9.10"), .versionAtLeast, .text("9.9")))
    #expect(try !holds("text", .text("not one"), .versionAtLeast, .text("9.9")))
    #expect(try holds("instant", .instant(Instant(day: 19_990)), .youngerThan, .text("11d")))
    #expect(try !holds("instant", .instant(Instant(day: 19_990)), .youngerThan, .text("10d")))
    #expect(try holds("instant", .instant(Instant(day: 19_990)), .olderThan, .text("9d")))
    #expect(try !holds("instant", .instant(Instant(day: 19_990)), .olderThan, .text("10d")))
    #expect(try holds("instant", .instant(Instant(day: 20_001)), .youngerThan, .text("1d")))
  }

  @Test(arguments: Comparison.allCases)
  func anAbsentValueSatisfiesOnlyNegativeWords(comparison: Comparison) throws {
    let truth = try Self.sample(comparison).truth(of: Row("r", [:]), now: Self.now)
    #expect(truth == (comparison.isNegative ? .holds : .fails))
  }

  @Test(arguments: Comparison.allCases)
  func anUnknownValueLeavesEveryWordUndecided(comparison: Comparison) throws {
    let condition = try Self.sample(comparison)
    let row = Row("r", [condition.clauses[0].field.name: .unknown(Self.error)])
    #expect(condition.truth(of: row, now: Self.now) == .undecided(Self.error))
  }

  @Test func presenceMayBeAskedEitherWay() throws {
    let row = Row("r", ["text": .text("")])
    for (comparison, operand, holds) in [
      (.exists, "true", true), (.exists, "false", false), (.absent, "true", false),
      (.absent, "false", true),
    ] as [(Comparison, String, Bool)] {
      let condition = try condition("text", comparison, .text(operand))
      #expect(condition.truth(of: row, now: Self.now).holds == holds)
      #expect(condition.truth(of: Row("r", [:]), now: Self.now).holds != holds)
    }
  }

  /// A condition of each word that compiles.
  private static func sample(_ comparison: Comparison) throws -> Condition {
    let (field, operand): (String, Literal) =
      switch comparison {
      case .containsAll, .subsetOf: ("list", .text("a"))
      case .atLeast, .atMost: ("number", .text("1"))
      case .between: ("number", .list([.text("1"), .text("2")]))
      case .modeAtMost, .hasBits, .lacksBits: ("mode", .text("0640"))
      case .versionAtLeast, .versionBelow: ("version", .text("1"))
      case .youngerThan, .olderThan: ("instant", .text("1d"))
      case .exists, .absent: ("text", .text("true"))
      default: ("text", .text("a"))
      }
    let clause = Matcher.Clause(field: field, comparison, operand, at: Place(file: "t"))
    return try Condition(Matcher([clause]), fields: fields, arguments: Arguments())
  }

  @Test(
    arguments: [
      ("nubmer", .equals, .text("1"), "number"), ("number", .equals, .text("one"), nil),
      ("flag", .equals, .text("maybe"), nil), ("choice", .equals, .text("yse"), "yes"),
      ("choice", .oneOf, .list([.text("no"), .text("never")]), nil),
      ("mode", .equals, .text("999"), nil), ("mode", .hasBits, .text("17777"), nil),
      ("mode", .atMost, .text("640"), nil), ("number", .hasBits, .text("640"), nil),
      ("duration", .equals, .text("soon"), nil), ("instant", .equals, .text("today"), nil),
      ("text", .equals, .list([.text("a")]), nil), ("text", .subsetOf, .text("a"), nil),
      ("number", .contains, .text("1"), nil), ("list", .oneOf, .text("a"), nil),
      ("list", .equals, .mapping([]), nil), ("text", .oneOf, .mapping([]), nil),
      ("number", .between, .text("1"), nil),
      ("number", .atLeast, .list([.text("1"), .text("2")]), nil),
      ("number", .atLeast, .text("many"), nil), ("text", .matches, .text("("), nil),
      ("text", .matches, .list([]), nil), ("version", .versionAtLeast, .text(""), nil),
      ("text", .youngerThan, .text("1d"), nil), ("instant", .olderThan, .text("old"), nil),
      ("text", .within, .mapping([]), nil), ("text", .exists, .text("yes"), nil),
    ] as [(String, Comparison, Literal, String?)])
  func anOperandThatDoesNotFitIsFoundBeforehand(
    field: String, comparison: Comparison, operand: Literal, suggestion: String?
  ) {
    #expect {
      try condition(field, comparison, operand)
    } throws: { error in
      guard let error = error as? OperandError else { return false }
      return error.suggestion == suggestion && !error.problem.isEmpty
        && error.clause.comparison == comparison
    }
  }

  @Test func withoutAFieldTheFirstIsMeantAndParametersAreFilledIn() throws {
    let clause = Matcher.Clause(field: nil, .oneOf, .text("${names}"), at: Place(file: "t"))
    let arguments = Arguments(["names": .init(.list([.text("a"), .text("b")]), .rule)])
    let condition = try Condition(Matcher([clause]), fields: Self.fields, arguments: arguments)
    #expect(condition.clauses[0].expected == "one-of [a, b]")
    #expect(condition.truth(of: Row("r", ["text": .text("b")]), now: Self.now).holds)
    let exists = try self.condition(nil, .exists, .text("true"))
    #expect(exists.clauses[0].expected == "exists")
  }

  @Test func allClausesHaveToHoldAndOneThatFailsDecides() throws {
    let place = Place(file: "t")
    let matcher = Matcher([
      .init(field: "number", .atLeast, .text("5"), at: place),
      .init(field: "text", .equals, .text("a"), at: place),
    ])
    let condition = try Condition(matcher, fields: Self.fields, arguments: Arguments())
    func truth(_ number: Fact, _ text: Fact) -> Truth {
      condition.truth(of: Row("r", ["number": number, "text": text]), now: Self.now)
    }
    #expect(truth(.number(5), .text("a")) == .holds)
    #expect(truth(.number(4), .text("a")) == .fails)
    #expect(truth(.unknown(Self.error), .text("b")) == .fails)
    #expect(truth(.unknown(Self.error), .text("a")) == .undecided(Self.error))
    #expect(truth(.number(5), .unknown(Self.error)).negated == .undecided(Self.error))
    #expect(Truth.holds.negated == .fails)
    #expect(Truth.fails.negated == .holds)
  }

  @Test func aPatternAtItsLimitLeavesTheVerdictOpen() throws {
    let condition = try condition("text", .notMatches, .text("^(a|a|aa)+$"))
    let row = Row("r", ["text": .text(String(repeating: "a", count: 60) + "b")])
    guard case .undecided(.undetermined) = condition.truth(of: row, now: Self.now) else {
      Issue.record("decided")
      return
    }
  }

  @Test func aTextWithAZeroByteIsNoTrap() throws {
    #expect(try !holds("text", .text("/srv/\u{0}x"), .within, list("/etc/**")))
  }

  @Test func everyWordIsExplained() {
    for comparison in Comparison.allCases { #expect(comparison.doc.hasSuffix(".")) }
  }
}
