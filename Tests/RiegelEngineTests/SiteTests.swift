import RiegelEngine
import RiegelModel
import Testing

/// A site of two zones for tests.
enum SiteSample {
  static let noon = Instant("2026-11-24T12:00:00Z") ?? Instant(seconds: 0)

  static func text(_ word: String) -> Localized { Localized(en: word, de: word) }

  static func day(_ text: String) -> Instant { Instant(text) ?? Instant(seconds: 0) }

  static func waiver(
    _ id: String = "w", rule: String = "a", hosts: [String] = ["pump"], finding: String? = nil,
    measures: [Localized] = [text("locked room")], owner: String = "Owner",
    approver: String = "Approver", approved: String = "2026-01-01", expires: String = "2026-12-31"
  ) -> Waiver {
    Waiver(
      id: id, rule: rule, scope: SiteScope(hosts: hosts), finding: finding, reason: text("why"),
      hazard: text("hazard"), situation: text("situation"), harm: text("harm"),
      before: RiskEstimate(.serious, .occasional), after: RiskEstimate(.serious, .remote),
      measures: measures, owner: owner, approver: approver, approved: day(approved),
      expires: day(expires), place: Build.place)
  }

  static func attestation(
    _ id: String = "s", _ subject: Attestation.Subject, claim: Attestation.Claim = .met,
    hosts: [String] = [], on: String = "2026-06-01", months: Int = 12
  ) -> Attestation {
    Attestation(
      id: id, subject: subject, claim: claim, scope: SiteScope(hosts: hosts), text: text("so"),
      person: "Somebody", day: day(on), validity: .months(months),
      document: .init(file: "a.pdf", sha256: String(repeating: "0", count: 64)),
      place: Build.place)
  }

  static func site(
    waivers: [Waiver] = [], attestations: [Attestation] = [], conduits: [Site.Conduit] = [],
    settings: [Profile.Setting] = []
  ) -> Site {
    Site(
      id: "s", title: text("site"), settings: settings,
      zones: [
        .init(
          id: "ward", title: text("ward"), target: ["IAC": .sl2, "SI": .sl1], place: Build.place),
        .init(id: "desk", title: text("desk"), target: ["IAC": .sl1], place: Build.place),
      ],
      members: [
        .init(id: "pump", zone: "ward", isEssential: true, place: Build.place),
        .init(id: "viewer", zone: "ward", place: Build.place),
        .init(
          id: "front", zone: "desk", hostname: "front-pc", machineID: "abc", place: Build.place),
      ], conduits: conduits, waivers: waivers, attestations: attestations, place: Build.place)
  }

  static func finding(
    _ id: String, _ outcome: Outcome, topic: String = "ssh", decides: [String] = [],
    subjects: [String] = [], references: [Rule.Reference] = []
  ) -> Finding {
    var rule = Build.rule(.manual(text("x")), id: id, topic: topic, decides: decides)
    rule.references = references
    return Finding(
      rule: rule, outcome: outcome,
      reason: outcome == .fail ? .violated(max(1, subjects.count)) : .satisfied,
      evidence: subjects.map {
        Evidence(
          subject: $0, field: "value", expected: "no", found: .value("yes"), origin: nil,
          overrides: [], verdict: outcome == .fail ? .violated : .satisfied)
      }, notes: [], parameters: [], outcomeByLevel: [:])
  }

  static let library = Library(
    rules: [], profiles: [], security: SecurityLevelsTests.catalogue,
    system: SystemCatalogue(
      id: "system", standard: "S",
      requirements: [
        .init(
          id: "SR 1.1", title: text("SR"), foundation: "FR1", level: .sl1,
          componentRequirements: ["CR 1.1"], note: nil, hostEvidence: .direct),
        .init(
          id: "SR 1.3", title: text("SR"), foundation: "FR1", level: .sl2,
          componentRequirements: [], note: nil, hostEvidence: .none),
        .init(
          id: "SR 3.2", title: text("SR"), foundation: "FR3", level: .sl1,
          componentRequirements: ["HDR 3.2", "NDR 3.2"], note: text("differs"),
          hostEvidence: .partial),
      ], place: Build.place),
    measures: MeasuresCatalogue(
      id: "m", topics: [],
      measures: [
        Measure(
          id: "rights", section: .core, title: text("rights"), summary: text("r"), kind: .both,
          coverage: .good, topics: ["accounts"],
          statements: [
            .init(
              id: "review", statement: text("reviewed"), evidence: text("e"), validityMonths: 6,
              contradictedBy: ["accounts"])
          ], foundations: [], threats: ["theft"], references: []),
        Measure(
          id: "training", section: .core, title: text("training"), summary: text("t"),
          kind: .organisational, coverage: .none, topics: [],
          statements: [
            .init(
              id: "course", statement: text("course"), evidence: text("e"), validityMonths: 12)
          ], foundations: [], threats: ["theft"], references: []),
      ], place: Build.place),
    threats: ThreatsCatalogue(
      id: "t",
      threats: [
        .init(
          id: "theft", title: text("theft"), summary: text("t"), foundations: [],
          measures: ["rights", "training"])
      ], place: Build.place),
    norms: NormsCatalogue(
      id: "n",
      norms: [
        .init(
          id: "mdr", title: text("MDR"), contribution: text("c"), limits: text("l"),
          reportSections: [.init(id: "findings", title: text("findings"))], measures: ["rights"])
      ], place: Build.place),
    directive: DirectiveCatalogue(
      id: "kbv", title: text("kbv"),
      rows: [
        row("A1-1", .no, []), row("A1-26", .yes, ["accounts"]), row("A1-2", .partly, ["accounts"]),
        row("A1-27", .partly, ["configuration"], platform: "windows"),
        row("A4-1", .yes, ["ssh"], annex: 4),
      ], place: Build.place), hash: "h")

  static func row(
    _ id: String, _ observable: DirectiveCatalogue.Observable, _ topics: [String], annex: Int = 1,
    platform: String? = nil
  ) -> DirectiveCatalogue.Row {
    .init(
      id: id, annex: annex, target: text("o"), title: text(id), summary: text("s"),
      observable: observable, topics: topics, measure: nil, platform: platform)
  }

  /// An audit of a host in its place, at noon unless said otherwise.
  static func audit(
    _ findings: [Finding], host: String = "pump", in site: Site? = nil, at now: Instant = noon
  ) -> Audit {
    var audit = Audit(
      toolVersion: "0", contentHash: "h",
      host: .init(name: host, machineID: nil, system: nil, kernel: nil), targetAddress: "/",
      targetKind: .memory, isPrivileged: true, startedAt: now, componentType: .hostDevice,
      profile: .init(id: "p", title: text("p"), isDefault: false, target: ["FR1": .sl2]),
      findings: findings, levels: [], measures: [], threats: [])
    let membership = site.flatMap { site in
      site.member(host).flatMap { SiteMembership($0, of: site, at: now) }
    }
    audit.assess(by: library, in: membership)
    return audit
  }
}

@Suite struct RiskAcceptanceTests {
  private typealias S = SiteSample
  private let failure = SiteSample.finding(
    "a", .fail, decides: ["CR 1.1 RE 1"], subjects: ["root", "toor"])

  private func waiver(of audit: Audit) -> WaiverStatus? { audit.site?.waivers.first }

  @Test func twoResultsWithAndWithoutAcceptance() {
    let audit = S.audit([failure], in: S.site(waivers: [S.waiver()]))
    #expect(audit.levels[0].ceiling == .sl1)
    #expect(audit.achieved[0].ceiling == .sl4)
    #expect(audit.achieved[0].lifted == ["CR 1.1 RE 1"])
    #expect(audit.findings[0].outcome == .fail)
    #expect(audit.findings[0].waiver?.isCompensated == true)
    #expect(waiver(of: audit)?.covers == [.init(host: "pump", subjects: ["root", "toor"])])
  }

  /// The last second of the day in UTC counts, the next does not; the day of approval does from its
  /// first second on.
  @Test(arguments: [
    ("2026-12-31T23:59:59Z", Waiver.State.inForce), ("2027-01-01T00:00:00Z", .expired),
    ("2026-01-01T00:00:00Z", .inForce), ("2025-12-31T23:59:59Z", .notYet),
  ])
  func bothEdgesOfAWaiver(_ moment: String, _ state: Waiver.State) {
    let audit = S.audit([failure], in: S.site(waivers: [S.waiver()]), at: S.day(moment))
    #expect(waiver(of: audit)?.state == state)
    #expect((audit.findings[0].waiver != nil) == (state == .inForce))
    #expect((audit.achieved[0].ceiling == .sl4) == (state == .inForce))
  }

  @Test func anExpiredOneIsReportedAndTheFailureCountsAgain() {
    let audit = S.audit([failure], in: S.site(waivers: [S.waiver(expires: "2026-11-23")]))
    #expect(waiver(of: audit)?.state == .expired)
    #expect(audit.findings[0].isUnaccepted)
    #expect(audit.achieved[0].ceiling == audit.levels[0].ceiling)
  }

  @Test(arguments: ["Owner", "owner", " OWNER "]) func theOwnerCannotApprove(_ name: String) {
    let audit = S.audit([failure], in: S.site(waivers: [S.waiver(approver: name)]))
    #expect(waiver(of: audit)?.state == .selfApproved)
    #expect(audit.findings[0].isUnaccepted)
  }

  @Test func oneThatCoversNothingIsUnused() {
    let passed = S.finding("a", .pass)
    let audit = S.audit([passed], in: S.site(waivers: [S.waiver()]))
    #expect(waiver(of: audit)?.concerns == [.unused])
    let other = S.audit([failure], in: S.site(waivers: [S.waiver(finding: "nobody")]))
    #expect(waiver(of: other)?.concerns.contains(.unused) == true)
    #expect(other.findings[0].isUnaccepted)
  }

  @Test func overBroadOnesAreNamed() {
    let everywhere = S.audit([failure], in: S.site(waivers: [S.waiver(hosts: [])]))
    #expect(waiver(of: everywhere)?.concerns == [.everyHost, .everyFinding])
    let pattern = S.audit([failure], in: S.site(waivers: [S.waiver(finding: "*oo*")]))
    #expect(waiver(of: pattern)?.concerns == [.wideFinding])
  }

  /// One of two findings is accepted: the failure stays one, in both results.
  @Test func oneFindingIsAcceptedAndTheOtherCounts() {
    let audit = S.audit([failure], in: S.site(waivers: [S.waiver(finding: "toor")]))
    #expect(audit.findings[0].waiver?.isWhole == false)
    #expect(audit.findings[0].isUnaccepted)
    #expect(audit.achieved[0].ceiling == .sl1)
    let both = S.audit(
      [failure],
      in: S.site(waivers: [S.waiver(finding: "toor"), S.waiver("v", finding: "root")]))
    #expect(both.findings[0].waiver?.isWhole == true)
    #expect(both.achieved[0].ceiling == .sl4)
  }

  /// More was found than is shown: what nobody can see cannot be accepted one by one.
  @Test func whatIsNotShownIsNotAcceptedByName() {
    var finding = failure
    finding.reason = .violated(3)
    let audit = S.audit(
      [finding], in: S.site(waivers: [S.waiver(finding: "toor"), S.waiver("v", finding: "root")]))
    #expect(audit.findings[0].waiver?.isWhole == false)
  }

  @Test func withoutMeasuresItIsAcceptedAndLiftsNothing() {
    let audit = S.audit([failure], in: S.site(waivers: [S.waiver(measures: [])]))
    #expect(audit.findings[0].waiver?.isWhole == true)
    #expect(!audit.findings[0].isUnaccepted)
    #expect(audit.achieved[0].ceiling == .sl1)
    #expect(waiver(of: audit)?.concerns == [.everyFinding, .noMeasures])
  }

  @Test func anotherHostIsNotExcused() {
    let audit = S.audit([failure], host: "viewer", in: S.site(waivers: [S.waiver()]))
    #expect(audit.site?.waivers.isEmpty == true)
    #expect(audit.findings[0].isUnaccepted)
  }
}

@Suite struct StatementTests {
  private typealias S = SiteSample

  private func state(
    _ attestation: Attestation, _ findings: [Finding] = [], at now: Instant = SiteSample.noon
  ) -> Attestation.State? {
    S.audit(findings, in: S.site(attestations: [attestation]), at: now).site?.attestations
      .first?.state
  }

  @Test(arguments: [
    ("2026-06-01T00:00:00Z", Attestation.State.valid), ("2026-05-31T23:59:59Z", .notYet),
    ("2026-11-01T23:59:59Z", .valid), ("2026-11-02T00:00:00Z", .dueSoon),
    ("2026-12-01T23:59:59Z", .dueSoon), ("2026-12-02T00:00:00Z", .expired),
  ])
  func anAttestationOfSixMonths(_ moment: String, _ state: Attestation.State) {
    let made = S.attestation(on: "2026-06-01", months: 6, .statement("review"))
    #expect(self.state(made, at: S.day(moment)) == state)
  }

  @Test func anExpiredOneIsOpenAndReportedByMeasure() {
    let audit = S.audit(
      [S.finding("r", .pass, topic: "accounts")],
      in: S.site(attestations: [S.attestation(on: "2026-01-01", months: 6, .statement("review"))]))
    let measure = audit.measures[0]
    #expect(measure.standing == .open)
    #expect(measure.openStatements == ["review"])
    #expect(measure.statements[0].state == .expired)
    #expect(measure.statements[0].until == S.day("2026-07-01"))
  }

  @Test func aFindingThatSaysOtherwiseContradicts() {
    let made = S.attestation(.statement("review"))
    let bad = S.finding("r", .fail, topic: "accounts", subjects: ["toor"])
    let audit = S.audit([bad], in: S.site(attestations: [made]))
    #expect(audit.site?.attestations.first?.state == .contradicted)
    #expect(audit.site?.attestations.first?.contradictedBy == ["r"])
    #expect(audit.measures[0].isContradicted && audit.measures[0].standing == .refuted)
    #expect(audit.measures[0].openStatements == ["review"])
    // A deviation that is accepted is known to whoever states it.
    let site = S.site(waivers: [S.waiver(rule: "r")], attestations: [made])
    #expect(S.audit([bad], in: site).site?.attestations.first?.state == .valid)
  }

  @Test func aStatedRequirementIsContradictedEvenWhereTheRiskIsAccepted() {
    let made = S.attestation(.requirements(["CR 3.1"]))
    let bad = S.finding("a", .fail, decides: ["CR 3.1"], subjects: ["x"])
    let audit = S.audit([bad], in: S.site(waivers: [S.waiver()], attestations: [made]))
    #expect(audit.site?.attestations.first?.state == .contradicted)
  }

  @Test func whatNoScanSeesIsShownByMeasureAndRequirement() {
    let audit = S.audit(
      [S.finding("c", .pass, decides: ["CR 3.1", "HDR 3.2"])],
      in: S.site(attestations: [
        S.attestation("t", .statement("course")), S.attestation("q", .requirements(["CR 3.1"])),
      ]))
    #expect(audit.measures[1].standing == .evidenced)
    #expect(audit.levels[1].floor == .sl4)
    // Without the statements nothing of it is.
    let bare = S.audit([S.finding("c", .pass, decides: ["CR 3.1", "HDR 3.2"])])
    #expect(bare.measures[1].standing == .open && bare.levels[1].floor == .sl0)
  }

  @Test func aStatementAboutAnotherHostDoesNotCount() {
    let made = S.attestation(hosts: ["viewer"], .requirements(["CR 3.1"]))
    let audit = S.audit(
      [S.finding("c", .pass, decides: ["CR 3.1"])], in: S.site(attestations: [made]))
    #expect(audit.levels[1].floor == .sl0)
  }

  @Test func threatsNameTheRulesThatOpenThem() {
    let audit = S.audit([S.finding("r", .fail, topic: "accounts")])
    #expect(audit.threats[0].openedBy == ["rights"])
    #expect(audit.threats[0].rules == ["r"])
  }
}

extension SiteSample {
  /// Subject last reads better where it is the point of a test.
  static func attestation(
    hosts: [String] = [], on: String = "2026-06-01", months: Int = 12,
    _ subject: Attestation.Subject
  ) -> Attestation {
    attestation("s", subject, hosts: hosts, on: on, months: months)
  }
}

@Suite struct NormEvidenceTests {
  private typealias S = SiteSample

  private func rows(_ findings: [Finding], _ site: Site? = nil) -> [String: DirectiveRowStatus] {
    Dictionary(
      uniqueKeysWithValues: S.audit(findings, in: site).directive.map { ($0.id, $0) })
  }

  @Test func nothingIsPassedByDefault() {
    let rows = rows([])
    #expect(rows.values.allSatisfy { $0.state == .open || $0.state == .notCheckable })
    #expect(rows["A1-27"]?.state == .notCheckable)
    #expect(rows.count == 5)
  }

  @Test func rowsAreSeenHalfSeenOrRefuted() {
    let passed = rows([S.finding("r", .pass, topic: "accounts")])
    #expect(passed["A1-26"]?.state == .seen)
    #expect(passed["A1-2"]?.state == .open && passed["A1-2"]?.needsPerson == true)
    #expect(passed["A1-1"]?.state == .open)
    let failed = rows([
      S.finding("r", .pass, topic: "accounts"), S.finding("q", .fail, topic: "accounts"),
    ])
    #expect(failed["A1-26"]?.state == .refuted && failed["A1-26"]?.rules == ["q"])
    let undecided = rows([S.finding("r", .error, topic: "accounts")])
    #expect(undecided["A1-26"]?.state == .open && undecided["A1-26"]?.rules == ["r"])
  }

  /// Where a rule names the row, the other rules of its topic do not decide.
  @Test func aRuleThatNamesTheRowDecides() {
    let rows = rows([
      S.finding("r", .pass, topic: "accounts", references: [.init("kbv", ["A1-26"])]),
      S.finding("q", .fail, topic: "accounts"),
    ])
    #expect(rows["A1-26"]?.state == .seen)
  }

  @Test func aPersonStatesTheRest() {
    let site = S.site(attestations: [S.attestation(.rows(["A1-1", "A1-2"]))])
    let rows = rows([S.finding("r", .pass, topic: "accounts")], site)
    #expect(rows["A1-1"]?.state == .attested && rows["A1-1"]?.attestation == "s")
    #expect(rows["A1-2"]?.state == .attested)
    // A statement does not stand in for what a scan could see and did not.
    #expect(self.rows([], site)["A1-2"]?.state == .open)
  }

  @Test func onlyTheAnnexesOfTheSiteAreShown() {
    var site = S.site()
    site.annexes = [4]
    #expect(rows([], site).keys.sorted() == ["A4-1"])
  }

  @Test func normsSayWhatCanBeHandedIn() {
    let audit = S.audit([
      S.finding("r", .pass, topic: "accounts"), S.finding("q", .fail, topic: "accounts"),
      S.finding("o", .fail, topic: "ssh"),
    ])
    #expect(audit.norms[0].passed == 1 && audit.norms[0].failed == 1)
    #expect(audit.norms[0].sections.map(\.id) == ["findings"])
  }
}

@Suite struct SystemLevelsTests {
  private typealias S = SiteSample

  private func levels(_ findings: [Finding], _ attestations: [Attestation] = [])
    -> [FoundationLevel]
  {
    S.audit(findings, in: S.site(attestations: attestations)).levels.filter {
      $0.catalogue == "system"
    }
  }

  @Test func theyFollowTheirCounterparts() {
    #expect(levels([S.finding("a", .fail, decides: ["CR 1.1"])])[0].ceiling == .sl0)
    #expect(levels([S.finding("a", .pass, decides: ["CR 1.1"])])[0].floor == .sl1)
    #expect(levels([])[0].floor == .sl0)
  }

  /// SR 1.3 has no counterpart: no rule can speak to it, a person can.
  @Test func withoutACounterpartAPersonHasToStateIt() {
    let passed = S.finding("a", .pass, decides: ["CR 1.1"])
    #expect(levels([passed])[0].limitsFloor.map(\.openBecause) == [.notAttested])
    #expect(levels([passed], [S.attestation(.requirements(["SR 1.3"]))])[0].floor == .sl4)
  }

  /// HDR 3.2 stands for SR 3.2 on a host device; where the texts differ, a person states the rest.
  @Test func realDifferencesKeepItOpen() {
    let passed = S.finding("a", .pass, decides: ["HDR 3.2"])
    let level = levels([passed])[1]
    #expect(level.floor == .sl0 && level.limitsFloor[0].note == S.text("differs"))
    #expect(levels([passed], [S.attestation(.requirements(["SR 3.2"]))])[1].floor == .sl4)
  }
}

@Suite struct ZoneTests {
  private typealias S = SiteSample

  private func zones(_ hosts: [String: [Finding]], _ site: Site = SiteSample.site()) -> SiteAudit {
    SiteAudit(
      hosts.sorted { $0.key < $1.key }.map { S.audit($1, host: $0, in: site) }, of: site,
      library: S.library, toolVersion: "0", at: S.noon)
  }

  @Test func aZoneHasTheMinimumAndNamesWhoHoldsItThere() {
    let pass = S.finding("a", .pass, decides: ["CR 1.1", "CR 1.1 RE 1"])
    let fail = S.finding("b", .fail, decides: ["CR 1.1 RE 1"])
    let ward = zones(["pump": [pass], "viewer": [pass, fail]]).zones[0]
    let interval = ward.intervals[0]
    #expect(interval.ceiling == .sl1 && interval.floor == .sl1 && interval.target == .sl2)
    #expect(interval.limitsCeiling.map(\.host) == ["viewer"])
    #expect(interval.limitsCeiling[0].requirements.map(\.id) == ["CR 1.1 RE 1"])
    #expect(interval.limitsFloor.map(\.host) == ["viewer"])
    #expect(ward.notAudited.isEmpty)
  }

  @Test func ofAHostThatNobodyAuditedNothingIsShown() {
    let pass = S.finding("a", .pass, decides: ["CR 1.1", "CR 1.1 RE 1"])
    let ward = zones(["pump": [pass]]).zones[0]
    #expect(ward.notAudited == ["viewer"])
    #expect(ward.intervals[0].floor == .sl0 && ward.intervals[0].ceiling == .sl4)
    #expect(ward.intervals[0].limitsFloor.map(\.host) == ["viewer"])
  }

  @Test func aWaiverIsUnusedOnlyIfNobodyUsesIt() {
    let fail = S.finding("a", .fail, decides: ["CR 1.1"], subjects: ["x"])
    let site = S.site(waivers: [S.waiver(hosts: ["pump", "viewer"])])
    let used = zones(["pump": [fail], "viewer": []], site)
    #expect(used.waivers[0].concerns.isEmpty)
    #expect(used.waivers[0].covers.map(\.host) == ["pump"])
    #expect(zones(["pump": [], "viewer": []], site).waivers[0].concerns == [.unused])
    // Nobody looked at the viewer, where it might be needed.
    #expect(zones(["pump": []], site).waivers[0].concerns.isEmpty)
  }
}

@Suite struct SiteMembershipTests {
  private typealias S = SiteSample

  private func membership(_ id: String, _ site: Site) throws -> SiteMembership {
    let member = try #require(site.member(id))
    return try #require(SiteMembership(member, of: site, at: S.noon))
  }

  private func conduit(
    _ id: String, _ from: String, _ to: String, _ direction: Site.Conduit.Direction = .forward,
    hosts: [String] = []
  ) -> Site.Conduit {
    .init(
      id: id, from: from, to: to, direction: direction,
      flows: [
        .init(
          transport: .tcp, ports: 8000...8100, hosts: hosts, reason: S.text("why"),
          place: Build.place)
      ], place: Build.place)
  }

  @Test func conduitsSayWhatMayListen() throws {
    let site = S.site(conduits: [
      conduit("in", "desk", "ward"), conduit("out", "ward", "desk"),
      conduit("both", "ward", "desk", .both),
      conduit("viewer-only", "outside", "ward", hosts: ["viewer"]),
    ])
    func names(_ host: String) throws -> [String] {
      try membership(host, site).allowedFlows.map(\.description)
    }
    #expect(
      try names("pump") == [
        "{proto: tcp*, port: 8000-8100, reason: in: why}",
        "{proto: tcp*, port: 8000-8100, reason: both: why}",
      ])
    #expect(try names("viewer").count == 3)
    #expect(try names("front").count == 2)
  }

  @Test func valuesOfTheSiteTheZoneAndTheHostInThisOrder() throws {
    func setting(_ value: Literal) -> [Profile.Setting] {
      [.init(rule: "r", parameter: "p", value: value, place: Build.place)]
    }
    var site = S.site(conduits: [conduit("in", "desk", "ward")], settings: setting(.text("site")))
    site.zones[0].settings = setting(.text("zone"))
    site.members[0].settings = setting(.list([.text("${conduits}"), .text("x")]))
    let overrides = try membership("pump", site).overrides
    #expect(overrides.map(\.source) == [.site("s"), .site("ward"), .host("pump")])
    #expect(
      overrides[2].value.description == "[{proto: tcp*, port: 8000-8100, reason: in: why}, x]")
  }

  @Test func aHostIsKnownByItsMachineOrName() {
    let site = S.site()
    func id(_ name: String?, _ machine: String? = nil) -> String? {
      site.member(of: .init(name: name, machineID: machine, system: nil, kernel: nil))?.id
    }
    #expect(id("whatever", "abc") == "front")
    #expect(id("front-pc") == "front")
    #expect(id("pump.clinic.example") == "pump")
    #expect(id("stranger") == nil && id(nil) == nil)
  }

  /// `site: essential-function` in `when` asks whether the site states it of this host.
  @Test(arguments: [("pump", Outcome.pass), ("viewer", .notApplicable)])
  func rulesAskForEssentialFunctions(_ host: String, _ outcome: Outcome) throws {
    var rule = Build.rule(
      .assertion(
        Assertion(
          source: .site("zone"), quantifier: .every(Build.matcher(nil, .equals, .text("ward"))),
          place: Build.place)))
    rule.when = [
      .assertion(
        Assertion(source: .site("essential-function"), quantifier: .present, place: Build.place))
    ]
    let plan = try Plan(
      Selection(
        profile: .init(id: "p", title: S.text("p"), isDefault: false, target: [:]),
        items: [.init(rule: rule, arguments: Arguments())]), probes: testProbes,
      site: try membership(host, S.site()).properties)
    #expect(Auditor(plan).run(on: Host(MemoryTarget(texts: [:])))[0].outcome == outcome)
  }
}

@Suite struct LevelPlanTests {
  private typealias S = SiteSample

  private func plan(_ audit: Audit, _ level: SecurityLevel, _ foundations: [String] = ["IAC"])
    -> LevelPlan
  {
    LevelPlan(for: audit, to: level, foundations: foundations, library: S.library)
  }

  @Test func onlyWhatTheLevelNeedsIsMended() {
    let audit = S.audit([
      S.finding("one", .fail, decides: ["CR 1.1"]),
      S.finding("two", .fail, decides: ["CR 1.1 RE 1"]),
      S.finding("three", .fail, decides: ["CR 1.1 RE 2"]), S.finding("none", .fail),
    ])
    #expect(plan(audit, .sl1).steps.map(\.id) == ["one"])
    #expect(plan(audit, .sl2).steps.map(\.id) == ["one", "two"])
    let gain = plan(audit, .sl2).outlook[0]
    #expect(gain.ceilingBefore == .sl0 && gain.ceiling == .sl2 && gain.floor == .sl2)
  }

  @Test func whatAFailureHidesComesAfterIt() {
    let audit = S.audit([
      S.finding("three", .fail, decides: ["CR 3.1"]), S.finding("x", .error, decides: ["CR 3.1"]),
    ])
    let plan = plan(audit, .sl1, ["SI"])
    #expect(plan.steps.map(\.action) == [.fix, .decide, .attest])
    #expect(plan.outlook[0].floor == .sl1)
    #expect(plan.unseen.map(\.id) == ["CR 3.1"])
  }

  @Test func theWorstAndEasiestFirst() {
    func finding(
      _ id: String, _ severity: Severity, _ effort: Remediation.Effort, _ risks: [Remediation.Risk]
    ) -> Finding {
      var finding = S.finding(id, .fail, decides: ["CR 1.1"])
      finding.severity = severity
      finding.remediation = Remediation(text: S.text("do"), risks: risks, effort: effort)
      return finding
    }
    let audit = S.audit([
      finding("d", .low, .small, []), finding("c", .high, .large, []),
      finding("b", .high, .small, [.lockout]), finding("a", .high, .small, []),
      finding("e", .critical, .large, [.dataLoss]),
    ])
    #expect(plan(audit, .sl1).steps.map(\.id) == ["e", "a", "b", "c", "d"])
    #expect(plan(audit, .sl1).steps.map { $0.raises.isEmpty } == [true, true, true, true, false])
  }

  @Test func whatNoRuleDecidesIsSaid() {
    let plan = plan(S.audit([S.finding("a", .pass, decides: ["CR 1.1"])]), .sl2)
    #expect(plan.steps.isEmpty)
    #expect(plan.withoutRule.map(\.id) == ["CR 1.1 RE 1"])
    #expect(plan.outlook[0].floor == .sl1)
  }

  @Test func rulesThatDoNotApplyAreJustified() {
    let plan = plan(S.audit([S.finding("a", .notApplicable, decides: ["CR 1.1"])]), .sl1)
    #expect(plan.steps.map(\.action) == [.justify])
    #expect(plan.outlook[0].floor == .sl1)
  }

  @Test func anAcceptedRiskIsMarked() {
    let site = S.site(waivers: [S.waiver()])
    let audit = S.audit(
      [S.finding("a", .fail, decides: ["CR 1.1"], subjects: ["x"])], in: site)
    #expect(plan(audit, .sl1).steps.map(\.isAccepted) == [true])
  }
}
