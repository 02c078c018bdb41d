import RiegelModel
import SystemPackage
import Testing

@testable import RiegelEngine

/// That a rule which does not do what it says is found out, with what it did instead.
struct RuleTrialTests {
  static let small = Build.table(.every(Build.matcher("size", .atMost, .text("3"))))

  static func example(
    _ outcome: Outcome, _ table: String, finds: String? = nil, unreadable: [String] = [],
    level: SecurityLevel? = nil, parameters: [String: Literal] = [:]
  ) -> Example {
    var example = Example(name: "an example", outcome: outcome, place: Build.place)
    example.files = [.init(path: "/table", content: table)]
    example.finds = finds
    example.unreadable = unreadable
    example.level = level
    example.parameters = parameters
    return example
  }

  static func problems(_ check: Check = small, _ examples: Example...) -> [String] {
    var rule = Build.rule(check)
    rule.examples = examples
    return RuleTrial(probes: testProbes).failures(of: rule).map(\.problem)
  }

  @Test func anExampleThatHoldsIsSilent() {
    #expect(Self.problems(Self.small, Self.example(.pass, "name=a size=3")).isEmpty)
    #expect(
      Self.problems(Self.small, Self.example(.fail, "name=a size=4", finds: "/table:1")).isEmpty)
    let unreadable = Self.example(.error, "name=a size=3", unreadable: ["/table"])
    #expect(Self.problems(Self.small, unreadable).isEmpty)
  }

  @Test func anotherOutcomeIsShownWithItsEvidence() {
    let problems = Self.problems(Self.small, Self.example(.pass, "name=a size=4"))
    #expect(problems.count == 1)
    #expect(problems[0].hasPrefix("outcome is fail, not pass: a size: expected at-most 3"))
    #expect(problems[0].hasSuffix("at /table:1"))
    let undecided = Self.problems(Self.small, Self.example(.pass, "name=a size=?"))
    #expect(undecided[0].hasPrefix("outcome is error, not pass: permissionDenied"))
    let pass = Self.problems(Self.small, Self.example(.fail, "name=a size=1"))
    #expect(pass[0].hasPrefix("outcome is pass, not fail"))
  }

  @Test func evidenceElsewhereIsShown() {
    let problems = Self.problems(
      Self.small, Self.example(.fail, "name=a size=4", finds: "/table:2"))
    #expect(problems == [#"evidence shows ["/table:1"], not /table:2"#])
  }

  @Test func aCheckThatCannotBePreparedIsAFailureOfTheExample() {
    let check = Build.table(.every(Build.matcher("no-such-field", .atMost, .text("3"))))
    let problems = Self.problems(check, Self.example(.pass, "name=a size=3"))
    #expect(problems.count == 1 && problems[0].contains("no-such-field"))
  }

  @Test func lawsAreBrokenByWhatPassesWithoutALook() {
    let rule = Build.rule(.any([Self.small, .not(Self.small)]))
    #expect(RuleTrial(probes: testProbes).brokenLaws(of: rule).isEmpty)
    let blind = Build.rule(
      .assertion(
        Assertion(
          source: .parameter("none"),
          quantifier: .every(Build.matcher(nil, .absent, .text("true"))), place: Build.place)))
    let laws = Set(RuleTrial(probes: testProbes).brokenLaws(of: blind).map(\.trial))
    #expect(laws == ["nothing can be read", "nothing was collected"])
  }

  @Test func onAnEmptyTreeOnlyAbsencePasses() {
    func laws(_ check: Check) -> Set<String> {
      Set(RuleTrial(probes: testProbes).brokenLaws(of: Build.rule(check)).map(\.trial))
    }
    let absence = Build.table(.none(Build.matcher("size", .atLeast, .text("1"))))
    #expect(laws(absence).isEmpty)
    #expect(laws(.all([absence, .none([Self.small])])).isEmpty)
    // An upper bound of a count is a statement about absence, a lower bound is not.
    #expect(laws(Build.table(.count(Build.matcher(nil, .atMost, .text("0"))))).isEmpty)
    let nothing = Build.table(.count(Build.matcher(nil, .atLeast, .text("0"))))
    #expect(laws(nothing) == ["the tree is empty"])
    #expect(laws(.manual(Localized(en: "a", de: "b"))).isEmpty)
  }
}
