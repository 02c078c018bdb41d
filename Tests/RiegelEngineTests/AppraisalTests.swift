import RiegelEngine
import RiegelModel
import SystemPackage
import Testing

@Suite struct AppraisalTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var quantifier: Assertion.Quantifier
    var filter: Matcher?
    var missing: Assertion.Missing?
    var table: String
    var outcome: Outcome
    var testDescription: String { name }

    init(
      _ name: String, _ quantifier: Assertion.Quantifier, where filter: Matcher? = nil,
      missing: Assertion.Missing? = nil, on table: String, is outcome: Outcome
    ) {
      self.name = name
      self.quantifier = quantifier
      self.filter = filter
      self.missing = missing
      self.table = table
      self.outcome = outcome
    }
  }

  static let small = Build.matcher("size", .atMost, .text("4"))
  static let isA = Build.matcher("name", .equals, .text("a"))
  static let counts = Build.matcher(nil, .atMost, .text("2"))
  static let atLeastOne = Build.matcher(nil, .atLeast, .text("1"))

  static let cases: [Case] = [
    Case("every row holds", .every(small), on: "name=a size=1\nname=b size=4", is: .pass),
    Case("one row of many does not", .every(small), on: "name=a size=1\nname=b size=5", is: .fail),
    Case("a failure outweighs a gap", .every(small), on: "name=b size=5\ngap", is: .fail),
    Case("a gap leaves every row open", .every(small), on: "name=a size=1\ngap", is: .error),
    Case(
      "what was not captured too", .every(small), on: "name=a size=1\nmissing", is: .notCollected),
    Case(
      "unreadable outweighs not captured", .every(small), on: "name=a size=?\nmissing", is: .error),
    Case("an unknown value", .every(small), on: "name=a size=?", is: .error),
    Case("an absent value fails", .every(small), on: "name=a", is: .fail),
    Case("no row fails", .every(small), on: "", is: .fail),
    Case("no row but a gap", .every(small), on: "gap", is: .error),
    Case("no row may pass", .every(small), missing: .pass, on: "", is: .pass),
    Case("no row and an unknown default", .every(small), missing: .standard, on: "", is: .error),
    Case(
      "the filter leaves out", .every(small), where: isA, on: "name=a size=1\nname=b size=9",
      is: .pass),
    Case("the filter leaves out all", .every(small), where: isA, on: "name=b size=1", is: .fail),
    Case(
      "nobody knows if it is in, it holds", .every(small), where: isA,
      on: "name=a size=1\nname=? size=1", is: .pass),
    Case(
      "nobody knows if it is in, it fails", .every(small), where: isA,
      on: "name=a size=1\nname=? size=9", is: .error),
    Case("some row holds", .some(small), on: "name=a size=9\nname=b size=1", is: .pass),
    Case("some row holds despite a gap", .some(small), on: "name=a size=1\ngap", is: .pass),
    Case("no row holds", .some(small), on: "name=a size=9", is: .fail),
    Case(
      "no row holds but one is unknown", .some(small), on: "name=a size=9\nname=b size=?",
      is: .error),
    Case("no row holds but there is a gap", .some(small), on: "name=a size=9\ngap", is: .error),
    Case("some row of none", .some(small), on: "", is: .fail),
    Case(
      "some row in the filter", .some(small), where: isA, on: "name=b size=1\nname=a size=9",
      is: .fail),
    Case("none is small", .none(small), on: "name=a size=9", is: .pass),
    Case("one is small", .none(small), on: "name=a size=9\nname=b size=1", is: .fail),
    Case("one is small despite a gap", .none(small), on: "name=b size=1\ngap", is: .fail),
    Case("none seen but a gap", .none(small), on: "name=a size=9\ngap", is: .error),
    Case("none known to be", .none(small), on: "name=a size=?", is: .error),
    Case("there is no row", .none(nil), on: "", is: .pass),
    Case("there is a row", .none(nil), on: "name=a", is: .fail),
    Case("there may be a row", .none(nil), where: isA, on: "name=!", is: .notCollected),
    Case("few rows", .count(counts), on: "name=a\nname=b", is: .pass),
    Case("many rows", .count(counts), on: "name=a\nname=b\nname=c", is: .fail),
    Case("many rows and a gap", .count(counts), on: "name=a\nname=b\nname=c\ngap", is: .fail),
    Case("few rows and a gap", .count(counts), on: "name=a\ngap", is: .error),
    Case("enough rows and a gap", .count(atLeastOne), on: "name=a\ngap", is: .pass),
    Case(
      "a row that may count", .count(counts), where: isA, on: "name=a\nname=a\nname=?", is: .error),
    Case(
      "a row that may count and does not matter", .count(counts), where: isA, on: "name=a\nname=?",
      is: .pass),
    Case(
      "all are allowed", .allow(.list([.text("a"), .text("b*")])), on: "name=a\nname=bc", is: .pass),
    Case("one is not allowed", .allow(.list([.text("a")])), on: "name=a\nname=c", is: .fail),
    Case("nothing is allowed and nothing there", .allow(.list([])), on: "", is: .pass),
    Case("nothing is allowed", .allow(.list([])), on: "name=a", is: .fail),
    Case(
      "an entry by fields",
      .allow(
        .list([
          .mapping([
            .init("name", .text("a")), .init("size", .text("1-3")),
            .init("reason", .text("because")),
          ])
        ])), on: "name=a size=2", is: .pass),
    Case(
      "out of the entry's range",
      .allow(.list([.mapping([.init("name", .text("a")), .init("size", .text("1-3"))])])),
      on: "name=a size=4", is: .fail),
    Case(
      "nobody knows if allowed", .allow(.list([.mapping([.init("size", .text("1-3"))])])),
      on: "name=a size=?", is: .error),
    Case("all allowed and a gap", .allow(.list([.text("a")])), on: "name=a\ngap", is: .error),
    Case(
      "a default is judged", .every(Build.matcher("set", .equals, .text("default"))),
      on: "name=a set=default", is: .pass),
    Case(
      "a default counts as missing", .every(Build.matcher("set", .equals, .text("default"))),
      missing: .fail, on: "name=a set=default", is: .fail),
    Case(
      "what lets nothing pass still judges a default",
      .every(Build.matcher("set", .equals, .text("x"))), missing: .pass,
      on: "name=a set=default", is: .fail),
    Case(
      "a default that satisfies passes", .every(Build.matcher("set", .equals, .text("default"))),
      missing: .pass, on: "name=a set=default", is: .pass),
    Case(
      "a known default is judged", .every(Build.matcher("set", .equals, .text("x"))),
      missing: .standard, on: "name=a set=default", is: .fail),
  ]

  @Test(arguments: cases)
  func quantifiersAreThreeValued(_ test: Case) throws {
    let rule = Build.rule(Build.table(test.quantifier, where: test.filter, missing: test.missing))
    let finding = try Build.finding(rule, table: test.table)
    #expect(finding.outcome == test.outcome)
  }

  @Test func aViolationShowsExpectedFoundAndWhere() throws {
    let rule = Build.rule(Build.table(.every(Self.small)))
    let finding = try Build.finding(rule, table: "name=a size=1\nname=b size=5")
    let violated = finding.evidence.filter { $0.verdict == .violated }
    #expect(violated.count == 1)
    #expect(violated[0].subject == "b")
    #expect(violated[0].field == "size")
    #expect(violated[0].expected == "at-most 4")
    #expect(violated[0].found == .value("5"))
    #expect(violated[0].origin == .line("/table", 2))
    #expect(finding.reason == .violated(1))
  }

  @Test func entriesThatCoverNothingAreNoted() throws {
    let rule = Build.rule(Build.table(.allow(.list([.text("a"), .text("z")]))))
    let finding = try Build.finding(rule, table: "name=a")
    #expect(finding.notes.map(\.text.en) == ["the entry 'z' covers nothing"])
  }

  @Test func presenceIsWhatABareProbeMeans() throws {
    let check = Build.table(.every(Self.small), missing: .pass)
    let there = Build.rule(check, when: [Build.table(.present)])
    #expect(try Build.finding(there, table: "name=a size=1").outcome == .pass)
    #expect(try Build.finding(there, table: "").outcome == .notApplicable)
    #expect(try Build.finding(there, table: "gap").outcome == .error)
    #expect(try Build.finding(there, table: "missing").outcome == .notCollected)
    let filtered = Build.rule(check, when: [Build.table(.present, where: Self.isA)])
    #expect(try Build.finding(filtered, table: "name=? size=1").outcome == .error)
  }

  @Test func anUnreadableFileIsAnErrorForWhoeverAsks() throws {
    let node = MemoryTarget.Node(
      FileMetadata(kind: .file, mode: 0o600), failure: .permissionDenied("/table"))
    let rule = Build.rule(Build.table(.none(nil)))
    let finding = try Build.finding(rule, files: ["/table": node])
    #expect(finding.outcome == .error)
    #expect(finding.reason == .undecided([.permissionDenied("/table")]))
  }
}
