import RiegelEngine
import RiegelModel
import Testing

/// Situations worked out by hand, each with the reckoning beside it.
///
/// FR1 of the test catalogue asks for CR 1.1 at level 1, CR 1.1 RE 1 from level 2 on and CR 1.1 RE 2
/// from level 3 on, all of which a scan can see. FR3 asks for CR 3.1 at level 1, of which a scan sees
/// a part, and for HDR 3.2 (of host devices) from level 2 on.
@Suite struct LevelExamplesTests {
  private typealias Base = SecurityLevelsTests

  private func interval(_ level: FoundationLevel) -> String {
    "\(level.floor.description) … \(level.ceiling.description)"
  }

  /// R(1) = {CR 1.1} passes: floor at least 1. R(2) adds RE 1, which fails: ceiling 1, floor 1.
  @Test func levelOneIsShownAndLevelTwoRefuted() {
    let level = Base.levels([
      Base.finding("a", .pass, decides: ["CR 1.1"]),
      Base.finding("b", .fail, decides: ["CR 1.1 RE 1"]),
    ])[0]
    #expect(interval(level) == "SL1 … SL1")
  }

  /// CR 1.1 is in every R(n), so that its failure refutes level 1, whatever the enhancements say.
  @Test func aFailureAtTheBottomLeavesNothing() {
    let level = Base.levels([
      Base.finding("a", .fail, decides: ["CR 1.1"]),
      Base.finding("b", .pass, decides: ["CR 1.1 RE 1", "CR 1.1 RE 2"]),
    ])[0]
    #expect(interval(level) == "SL0 … SL0")
  }

  /// Nothing fails: ceiling 4. CR 1.1 is evidenced, RE 1 has no rule and no statement: floor 1.
  @Test func withoutARuleTheFloorStops() {
    let level = Base.levels([Base.finding("a", .pass, decides: ["CR 1.1"])])[0]
    #expect(interval(level) == "SL1 … SL4")
    #expect(level.limitsFloor.map(\.openBecause) == [.noRule])
  }

  /// A statement replaces no rule where a scan could have looked: CR 1.1 RE 1 is `direct`, so that
  /// it stays open although somebody attests it.
  @Test func whatAScanCanSeeNobodyCanAttest() {
    let level = Base.levels(
      [Base.finding("a", .pass, decides: ["CR 1.1"])], attested: ["CR 1.1 RE 1"])[0]
    #expect(interval(level) == "SL1 … SL4")
  }

  /// ... but it can be justified that it has no object: floor 2, stopped by RE 2.
  @Test func whatHasNoObjectCountsForTheFloor() {
    let level = Base.levels(
      [Base.finding("a", .pass, decides: ["CR 1.1"])], notApplicable: ["CR 1.1 RE 1"])[0]
    #expect(interval(level) == "SL2 … SL4")
    #expect(level.requirements[1].isNotApplicable)
  }

  /// A finding that fails shows that there is an object: the justification counts for nothing.
  @Test func aFailureBeatsTheJustification() {
    let level = Base.levels(
      [Base.finding("a", .fail, decides: ["CR 1.1"])], notApplicable: ["CR 1.1"])[0]
    #expect(interval(level) == "SL0 … SL0")
  }

  /// The rule passes with the values of levels 1 and 2 (8 and 12 characters) and fails with those of
  /// 3 (14). CR 1.1 belongs to R(3) too, so that level 3 is refuted: ceiling 2. Level 2 also needs
  /// RE 1, which passes: floor 2.
  @Test func aPasswordThatIsLongEnoughForLevelTwo() {
    let level = Base.levels([
      Base.finding(
        "length", .pass, decides: ["CR 1.1"],
        byLevel: [.sl1: .pass, .sl2: .pass, .sl3: .fail, .sl4: .fail]),
      Base.finding("b", .pass, decides: ["CR 1.1 RE 1"]),
    ])[0]
    #expect(interval(level) == "SL2 … SL2")
    #expect(level.limitsCeiling.map(\.id) == ["CR 1.1"])
  }

  /// CR 3.1 is seen in part: its rule passes, and nobody attests the rest. Floor 0, ceiling 4.
  @Test func halfOfARequirementIsNotEnough() {
    let level = Base.levels([
      Base.finding("a", .pass, decides: ["CR 3.1"]), Base.finding("b", .pass, decides: ["HDR 3.2"]),
    ])[1]
    #expect(interval(level) == "SL0 … SL4")
  }

  /// The statement alone does not do either: the rule that looks at CR 3.1 has no verdict.
  @Test func aStatementWithoutTheVerdictIsNotEnough() {
    let level = Base.levels(
      [Base.finding("a", .notCollected, decides: ["CR 3.1"])], attested: ["CR 3.1"])[1]
    #expect(interval(level) == "SL0 … SL4")
    #expect(level.limitsFloor.map(\.openBecause) == [.undecided])
  }

  /// Both together do. On a software application HDR 3.2 is not asked for, and nothing else is at
  /// levels 2 to 4: what is shown of level 1 holds for all.
  @Test func requirementsOfOtherComponentsDoNotCount() {
    let level = Base.levels(
      [Base.finding("a", .pass, decides: ["CR 3.1"])], type: .softwareApplication,
      attested: ["CR 3.1"])[1]
    #expect(interval(level) == "SL4 … SL4")
  }

  /// SL-C: the failure refutes CR 1.1 RE 1, ceiling 1. SL-A: its risk is accepted, so it is open and
  /// the ceiling 4, while the floor stays where it was: an acceptance shows nothing.
  @Test func anAcceptanceLiftsTheCeilingOnly() {
    let findings = [
      Base.finding("a", .pass, decides: ["CR 1.1"]),
      Base.finding("b", .fail, decides: ["CR 1.1 RE 1"]),
    ]
    #expect(interval(Base.levels(findings)[0]) == "SL1 … SL1")
    let achieved = Base.levels(findings, accepted: ["b"])[0]
    #expect(interval(achieved) == "SL1 … SL4")
    #expect(achieved.limitsFloor.map(\.openBecause) == [.accepted])
  }

  /// Two rules refute RE 1 and the risk of one is accepted: the other still refutes it.
  @Test func anAcceptanceOfHalfTheFailuresLiftsNothing() {
    let findings = [
      Base.finding("a", .fail, decides: ["CR 1.1 RE 1"]),
      Base.finding("b", .fail, decides: ["CR 1.1 RE 1"]),
    ]
    let achieved = Base.levels(findings, accepted: ["b"])[0]
    #expect(achieved.ceiling == .sl1)
    #expect(achieved.limitsCeiling[0].rules == ["a"])
  }

  /// Over all verdicts of four requirements and a set of statements: SL-A is never below SL-C and
  /// has the same floor; what has neither rule nor statement is open, never met; a statement more
  /// never lowers a floor, a failure more never raises a ceiling.
  @Test func propertiesWithStatementsAndAcceptances() {
    let outcomes: [Outcome] = [.pass, .fail, .error, .notApplicable]
    let ids = ["CR 1.1", "CR 1.1 RE 1", "CR 3.1", "HDR 3.2"]
    for code in 0..<256 {
      let findings = ids.enumerated().map { index, id in
        Base.finding("r\(index)", outcomes[(code >> (2 * index)) & 3], decides: [id])
      }
      let capable = Base.levels(findings)
      let achieved = Base.levels(findings, accepted: ["r\(code % 4)", "r\(code / 7 % 4)"])
      for (c, a) in zip(capable, achieved) {
        #expect(a.ceiling >= c.ceiling && a.floor == c.floor && a.floor <= a.ceiling)
        let unspoken = c.requirements.filter { $0.id == "CR 1.1 RE 2" }
        #expect(unspoken.allSatisfy { $0.standing == .open })
      }
      for id in ids {
        let more = Base.levels(findings, attested: ["CR 3.1"], notApplicable: [id])
        for (before, after) in zip(capable, more) {
          #expect(after.floor >= before.floor && after.floor <= after.ceiling)
          #expect(after.ceiling == before.ceiling)
        }
      }
    }
  }
}
