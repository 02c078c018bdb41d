import RiegelEngine
import RiegelModel
import Testing

@Suite struct JudgementTests {
  /// Checks that come to each outcome on the same table.
  static let byOutcome: [(Outcome, Check)] = [
    (.pass, Build.table(.some(Build.matcher("name", .equals, .text("a"))))),
    (.fail, Build.table(.every(Build.matcher("name", .equals, .text("z"))))),
    (.error, Build.table(.every(Build.matcher("size", .equals, .text("1"))))),
    (.notCollected, Build.table(.every(Build.matcher("mode", .equals, .text("0600"))))),
    (.manual, .manual(Localized(en: "look", de: "nachsehen"))),
  ]
  static let table = "name=a size=? mode=!"

  static func outcome(_ check: Check) throws -> Outcome {
    try Build.finding(Build.rule(check), table: table).outcome
  }

  @Test func theChecksComeToWhatTheySay() throws {
    for (outcome, check) in Self.byOutcome { #expect(try Self.outcome(check) == outcome) }
  }

  /// `all`: fail > error > notCollected > manual > pass. `any`: pass > error > … > fail.
  @Test func theTruthTableOfTwoParts() throws {
    let allOrder: [Outcome] = [.fail, .error, .notCollected, .manual, .pass]
    let anyOrder: [Outcome] = [.pass, .error, .notCollected, .manual, .fail]
    for (a, x) in Self.byOutcome {
      for (b, y) in Self.byOutcome {
        let all = allOrder.first { $0 == a || $0 == b }
        let any = anyOrder.first { $0 == a || $0 == b }
        #expect(try Self.outcome(.all([x, y])) == all)
        #expect(try Self.outcome(.any([x, y])) == any)
        #expect(Outcome.all([a, b]) == all)
        #expect(Outcome.any([a, b]) == any)
        #expect(try Self.outcome(.none([x, y])) == any.map(\.negated))
      }
    }
  }

  @Test func negationKeepsWhatIsUndecided() throws {
    for (outcome, check) in Self.byOutcome {
      #expect(try Self.outcome(.not(check)) == outcome.negated)
    }
    #expect(Outcome.pass.negated == .fail)
    #expect(Outcome.error.negated == .error)
    #expect(Outcome.notCollected.negated == .notCollected)
    #expect(Outcome.notApplicable.negated == .notApplicable)
  }

  @Test func nothingSaysNothing() {
    #expect(Outcome.all([]) == .notApplicable)
    #expect(Outcome.any([.notApplicable]) == .notApplicable)
  }

  @Test func aFailureShowsOnlyTheBranchesThatFail() throws {
    let check = Check.all([Self.byOutcome[0].1, Self.byOutcome[1].1])
    let finding = try Build.finding(Build.rule(check), table: Self.table)
    #expect(finding.evidence.allSatisfy { $0.verdict == .violated })
    #expect(finding.evidence.count == 1)
  }

  @Test func aNegatedViolationSaysNot() throws {
    let check = Check.not(Self.byOutcome[0].1)
    let finding = try Build.finding(Build.rule(check), table: Self.table)
    #expect(finding.outcome == .fail)
    #expect(finding.evidence[0].expected == "not equals a")
    #expect(finding.evidence[0].verdict == .violated)
  }

  @Test func aPersonIsToldWhatToLookAt() throws {
    let finding = try Build.finding(Build.rule(Self.byOutcome[4].1), table: "")
    #expect(finding.outcome == .manual)
    #expect(finding.reason == .person(Localized(en: "look", de: "nachsehen")))
  }

  @Test func anEmptyParameterMakesARuleNotApplicable() throws {
    let exists = Build.matcher(nil, .exists, .text("true"))
    let condition = Check.assertion(
      Assertion(source: .parameter("approved"), quantifier: .every(exists), place: Build.place))
    let parameter = Parameter(name: "approved", kind: .list, standard: .list([]))
    let rule = Build.rule(
      Build.table(.allow(.text("${approved}"))), when: [condition], parameters: [parameter])
    #expect(try Build.finding(rule, table: "name=a").outcome == .notApplicable)
    let filled = Parameter(name: "approved", kind: .list, standard: .list([.text("a")]))
    let second = Build.rule(
      Build.table(.allow(.text("${approved}"))), when: [condition], parameters: [filled])
    #expect(try Build.finding(second, table: "name=a").outcome == .pass)
  }

  @Test func eachLevelIsJudgedWithItsOwnValues() throws {
    let parameter = Parameter(
      name: "least", kind: .int, standard: .text("12"),
      byLevel: [.sl1: .text("8"), .sl2: .text("12"), .sl3: .text("14"), .sl4: .text("14")])
    let rule = Build.rule(
      Build.table(.every(Build.matcher("size", .atLeast, .text("${least}")))),
      parameters: [parameter])
    let finding = try Build.finding(rule, table: "name=a size=12", level: .sl2)
    #expect(finding.outcome == .pass)
    #expect(finding.outcomeByLevel == [.sl1: .pass, .sl2: .pass, .sl3: .fail, .sl4: .fail])
    #expect(finding.parameters.map(\.source) == [.level(.sl2)])
  }
}
