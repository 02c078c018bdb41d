import RiegelEngine
import RiegelModel
import Testing

@Suite struct SecurityLevelsTests {
  static func text(_ word: String) -> Localized { Localized(en: word, de: word) }

  static func requirement(
    _ id: String, _ level: SecurityLevel, _ evidence: Requirement.HostEvidence = .direct,
    _ foundation: String = "FR1", types: [ComponentType] = ComponentType.allCases
  ) -> Requirement {
    Requirement(
      id: id, title: text(id), foundation: foundation, level: level, componentTypes: types,
      hostEvidence: evidence, counterparts: [])
  }

  /// One requirement for each of the first three levels, one that no scan sees wholly, one bound
  /// to host devices.
  static let catalogue = SecurityCatalogue(
    id: "test", standard: "TEST 1",
    foundations: [
      FoundationalRequirement(id: "FR1", abbreviation: "IAC", title: text("one")),
      FoundationalRequirement(id: "FR3", abbreviation: "SI", title: text("three")),
    ],
    requirements: [
      requirement("CR 1.1", .sl1), requirement("CR 1.1 RE 1", .sl2),
      requirement("CR 1.1 RE 2", .sl3), requirement("CR 3.1", .sl1, .partial, "FR3"),
      requirement("HDR 3.2", .sl2, .direct, "FR3", types: [.hostDevice]),
      requirement("NDR 3.2", .sl2, .direct, "FR3", types: [.networkDevice]),
    ], place: Build.place)

  static func finding(
    _ id: String, _ outcome: Outcome, decides: [String], byLevel: [SecurityLevel: Outcome] = [:]
  ) -> Finding {
    Finding(
      rule: Build.rule(.manual(text("x")), id: id, decides: decides), outcome: outcome,
      reason: .satisfied, evidence: [], notes: [], parameters: [], outcomeByLevel: byLevel)
  }

  static func levels(
    _ findings: [Finding], type: ComponentType = .hostDevice, attested: Set<String> = [],
    notApplicable: Set<String> = [], accepted: Set<String> = []
  ) -> [FoundationLevel] {
    SecurityLevels(
      findings, catalogue: catalogue, componentType: type, target: ["FR1": .sl2, "FR3": .sl1],
      statements: RequirementStatements(met: attested, notApplicable: notApplicable),
      accepted: accepted
    ).levels
  }

  @Test func withoutFindingsNothingIsRefutedAndNothingShown() {
    let level = Self.levels([])[0]
    #expect(level.floor == .sl0)
    #expect(level.ceiling == .sl4)
    #expect(level.requirements.allSatisfy { $0.standing == .open && $0.openBecause == .noRule })
    #expect(level.limitsFloor.map(\.id) == ["CR 1.1"])
  }

  @Test func aFailureLimitsTheCeilingBelowItsLevel() {
    let level = Self.levels([Self.finding("a", .fail, decides: ["CR 1.1 RE 1"])])[0]
    #expect(level.ceiling == .sl1)
    #expect(level.limitsCeiling.map(\.id) == ["CR 1.1 RE 1"])
    #expect(level.limitsCeiling[0].rules == ["a"])
  }

  @Test func theFloorRisesWithWhatIsEvidenced() {
    let level = Self.levels([
      Self.finding("a", .pass, decides: ["CR 1.1"]),
      Self.finding("b", .pass, decides: ["CR 1.1 RE 1"]),
    ])[0]
    #expect(level.floor == .sl2)
    #expect(level.ceiling == .sl4)
    #expect(level.limitsFloor.map(\.id) == ["CR 1.1 RE 2"])
  }

  @Test func everythingEvidencedReachesTheTop() {
    let all = ["CR 1.1", "CR 1.1 RE 1", "CR 1.1 RE 2"]
    let level = Self.levels([Self.finding("a", .pass, decides: all)])[0]
    #expect(level.floor == .sl4)
    #expect(level.limitsFloor.isEmpty)
    #expect(level.limitsCeiling.isEmpty)
  }

  @Test func aPassBesideAFailureDoesNotHelp() {
    let level = Self.levels([
      Self.finding("a", .pass, decides: ["CR 1.1"]), Self.finding("b", .fail, decides: ["CR 1.1"]),
    ])[0]
    #expect(level.ceiling == .sl0)
    #expect(level.floor == .sl0)
  }

  @Test func anUndecidedRuleKeepsARequirementOpen() {
    for outcome in [Outcome.error, .notCollected, .manual] {
      let level = Self.levels([
        Self.finding("a", .pass, decides: ["CR 1.1"]),
        Self.finding("b", outcome, decides: ["CR 1.1"]),
      ])[0]
      #expect(level.floor == .sl0)
      #expect(level.ceiling == .sl4)
      #expect(level.requirements[0].openBecause == .undecided)
      #expect(level.requirements[0].rules == ["b"])
    }
  }

  @Test func aRuleThatDoesNotApplyShowsNothing() {
    let level = Self.levels([Self.finding("a", .notApplicable, decides: ["CR 1.1"])])[0]
    #expect(level.floor == .sl0)
    #expect(level.requirements[0].standing == .open)
  }

  /// A password of ten characters: enough for level 1, not for level 2.
  @Test func eachLevelCountsWithItsOwnParameterValues() {
    let level = Self.levels([
      Self.finding(
        "a", .fail, decides: ["CR 1.1"],
        byLevel: [.sl1: .pass, .sl2: .fail, .sl3: .fail, .sl4: .fail])
    ])[0]
    #expect(level.ceiling == .sl1)
    #expect(level.floor == .sl1)
    #expect(level.limitsCeiling.map(\.id) == ["CR 1.1"])
    #expect(level.requirements[0].standing == .refuted)
  }

  @Test func whatNoScanSeesStaysOpenUntilAttested() {
    let findings = [
      Self.finding("a", .pass, decides: ["CR 3.1"]), Self.finding("b", .pass, decides: ["HDR 3.2"]),
    ]
    let open = Self.levels(findings)[1]
    #expect(open.floor == .sl0)
    #expect(open.requirements[0].openBecause == .notAttested)
    let attested = Self.levels(findings, attested: ["CR 3.1"])[1]
    #expect(attested.floor == .sl4)
  }

  @Test func hostCitationsStandForTheHostsOwnType() {
    let finding = Self.finding("a", .fail, decides: ["HDR 3.2"])
    #expect(Self.levels([finding])[1].limitsCeiling.map(\.id) == ["HDR 3.2"])
    #expect(Self.levels([finding], type: .networkDevice)[1].limitsCeiling.map(\.id) == ["NDR 3.2"])
    #expect(Self.levels([finding], type: .softwareApplication)[1].ceiling == .sl4)
  }

  /// Over all combinations of three verdicts: floor ≤ ceiling, and a failure more never raises a
  /// ceiling, an attestation more never lowers a floor.
  @Test func propertiesOfTheInterval() {
    let outcomes: [Outcome] = [.pass, .fail, .error, .notApplicable]
    let ids = ["CR 1.1", "CR 1.1 RE 1", "CR 3.1", "HDR 3.2"]
    for code in 0..<256 {
      let findings = ids.enumerated().map { index, id in
        Self.finding("r\(index)", outcomes[(code >> (2 * index)) & 3], decides: [id])
      }
      let levels = Self.levels(findings)
      for level in levels { #expect(level.floor <= level.ceiling) }
      let worse = Self.levels(findings + [Self.finding("x", .fail, decides: [ids[code % 4]])])
      let attested = Self.levels(findings, attested: ["CR 3.1"])
      for index in levels.indices {
        #expect(worse[index].ceiling <= levels[index].ceiling)
        #expect(attested[index].floor >= levels[index].floor)
      }
    }
  }
}

@Suite struct PracticeMeasuresTests {
  static func measure(_ id: String, _ topics: [String], statements: Int = 0) -> Measure {
    Measure(
      id: id, section: .core, title: SecurityLevelsTests.text(id),
      summary: SecurityLevelsTests.text(id), kind: .both, coverage: .good, topics: topics,
      statements: (0..<statements).map {
        .init(
          id: "s\($0)", statement: SecurityLevelsTests.text("s"),
          evidence: SecurityLevelsTests.text("e"), validityMonths: 12)
      }, foundations: [], threats: [], references: [])
  }

  static func statuses(_ findings: [(topic: String, outcome: Outcome)]) -> PracticeMeasures {
    PracticeMeasures(
      findings.enumerated().map { index, item in
        Finding(
          rule: Build.rule(
            .manual(SecurityLevelsTests.text("x")), id: "r\(index)", topic: item.topic),
          outcome: item.outcome, reason: .satisfied, evidence: [], notes: [], parameters: [],
          outcomeByLevel: [:])
      },
      measures: MeasuresCatalogue(
        id: "m", topics: [],
        measures: [
          measure("rights", ["accounts", "sudo"]), measure("logs", ["logging"], statements: 2),
          measure("nothing", ["none"]),
        ], place: Build.place),
      threats: ThreatsCatalogue(
        id: "t",
        threats: [
          .init(
            id: "theft", title: SecurityLevelsTests.text("t"),
            summary: SecurityLevelsTests.text("t"), foundations: [], measures: ["rights"]),
          .init(
            id: "outage", title: SecurityLevelsTests.text("o"),
            summary: SecurityLevelsTests.text("o"), foundations: [], measures: ["logs", "nothing"]),
        ], place: Build.place))
  }

  @Test func aFailureRefutesAMeasureAndOpensItsThreats() {
    let practice = Self.statuses([("accounts", .pass), ("sudo", .fail)])
    #expect(practice.measureStatuses.map(\.standing) == [.refuted, .open, .open])
    #expect(practice.measureStatuses[0].failed == ["r1"])
    #expect(practice.threatStatuses.map(\.standing) == [.refuted, .open])
    #expect(practice.threatStatuses[0].openedBy == ["rights"])
  }

  @Test func passesShowAMeasureOnlyWhereNoStatementIsMissing() {
    let practice = Self.statuses([("accounts", .pass), ("logging", .pass)])
    #expect(practice.measureStatuses.map(\.standing) == [.evidenced, .open, .open])
    #expect(practice.measureStatuses[1].openStatements == ["s0", "s1"])
    #expect(practice.threatStatuses.map(\.standing) == [.evidenced, .open])
  }

  @Test func aMissingVerdictKeepsAMeasureOpen() {
    let practice = Self.statuses([("accounts", .pass), ("sudo", .error)])
    #expect(practice.measureStatuses[0].standing == .open)
    #expect(practice.measureStatuses[0].undecided == ["r1"])
  }
}
