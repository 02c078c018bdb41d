import Foundation
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelReports
import RiegelTargets
import SystemPackage
import Testing

/// `Examples/clinic` as its administrator meets it, on the day of its audits.
@Suite struct ClinicTests {
  static let folder = ModuleTests.root.appending(path: "Examples/clinic")
  static let now = Instant("2026-11-24T06:00:00Z") ?? Instant(seconds: 0)

  static let library = try? loadLibrary(
    from: FilePath(ModuleTests.root.path),
    adding: AddedContent(profiles: [FilePath(folder.appending(path: "profiles").path)]),
    probes: Probes.all
  ).library

  static func site() throws -> (site: Site, library: Library) {
    let library = try #require(library)
    let path = FilePath(folder.appending(path: "site.yaml").path)
    return (try readSite(at: path, library: library).site, library)
  }

  static func audits(at now: Instant = now) throws -> SiteAudit {
    let (site, library) = try site()
    let audits = try site.members.map { member in
      let membership = try #require(SiteMembership(member, of: site, at: now))
      let target = try #require(member.target)
      guard target.hasPrefix("dir:") else {
        let file = folder.appending(path: target)
        var audit = try AuditReader.read(Array(Data(contentsOf: file)))
        #expect(site.member(of: audit.host)?.id == member.id)
        audit.assess(by: library, in: membership)
        return audit
      }
      let path = folder.appending(path: String(target.dropFirst(4))).path
      let host = Host(try openTarget(OpeningRequest(address: "dir:\(path)", now: now)), now: now)
      #expect(site.member(of: Audit.HostIdentity(of: host))?.id == member.id)
      let selection = try selection(membership, library)
      let plan = try Plan(selection, probes: Probes.all, site: membership.properties)
      return Audit(
        Auditor(plan).run(on: host), of: host, profile: selection.profile, library: library,
        componentType: member.componentType, isPrivileged: false, toolVersion: "test",
        in: membership)
    }
    return SiteAudit(audits, of: site, library: library, toolVersion: "test", at: now)
  }

  static func selection(_ membership: SiteMembership, _ library: Library) throws -> Selection {
    try Selection(
      #require(library.profile(membership.profile ?? "")), isDefault: false, in: library,
      overrides: membership.overrides, target: membership.target(in: library))
  }

  @Test func theClinicHasThreeZonesAndSixHosts() throws {
    let (site, _) = try Self.site()
    #expect(site.zones.count == 3 && site.members.count == 6)
    #expect(Set(site.members.map(\.zone)) == Set(site.zones.map(\.id)))
  }

  @Test func waiversAndAttestationsAreThereInEveryState() throws {
    let audit = try Self.audits()
    let states = Set(audit.waivers.map(\.state))
    #expect(states.isSuperset(of: [.inForce, .expired, .selfApproved]))
    let concerns = Set(audit.waivers.flatMap(\.concerns))
    #expect(concerns.isSuperset(of: [.unused, .everyHost, .noMeasures]))
    let statements = Set(audit.attestations.map(\.state))
    #expect(statements.isSuperset(of: [.valid, .dueSoon, .expired, .contradicted]))
    let measures = audit.audits.flatMap(\.measures).flatMap(\.statements)
    #expect(Set(measures.map(\.state)).count == StatementStatus.State.allCases.count)
  }

  /// The ECG recorder and the gateway both let root in. The risk of the recorder is accepted, that of
  /// the gateway no more: the zone stays at level 1 with and without acceptances.
  @Test func theZoneOfTheDevicesIsHeldByItsGateway() throws {
    let audit = try Self.audits()
    let medical = try #require(audit.zones.first { $0.id == "medical" })
    let access = try #require(medical.intervals.first { $0.foundation.abbreviation == "IAC" })
    #expect(access.ceiling == .sl1 && access.achieved == .sl1 && access.target == .sl2)
    #expect(access.limitsCeiling.map(\.host) == ["ecg-station", "infusion-gateway"])
    #expect(access.limitsCeiling.flatMap(\.requirements).allSatisfy { $0.id == "CR 1.1 RE 1" })
    // The day before the acceptance of the gateway ended, SL-A was higher than SL-C.
    let before = try Self.audits(at: #require(Instant("2026-10-31T23:59:59Z")))
    let then = try #require(before.zones.first { $0.id == "medical" }?.intervals.first)
    #expect(then.ceiling == .sl1 && then.achieved == .sl4)
  }

  @Test func theOfficeIsHeldByTheBackupServer() throws {
    let office = try #require(try Self.audits().zones.first { $0.id == "office" })
    let access = try #require(office.intervals.first)
    #expect(access.ceiling == .sl0)
    #expect(access.limitsCeiling.map(\.host) == ["backup-server"])
    #expect(access.limitsCeiling[0].requirements.map(\.id) == ["CR 1.4"])
  }

  @Test func whatAPersonStatedOfTheRecorderCounts() throws {
    let audit = try #require(try Self.audits().audits.first { $0.site?.host == "ecg-station" })
    let requirements = audit.levels.flatMap(\.requirements)
    let key = try #require(requirements.first { $0.id == "CR 1.5" })
    #expect(key.standing == .evidenced)
    let wireless = try #require(requirements.first { $0.id == "CR 2.2" })
    #expect(wireless.standing == .evidenced && wireless.isNotApplicable)
  }

  @Test func conduitsFeedTheListOfWhatMayListen() throws {
    let (site, library) = try Self.site()
    let member = try #require(site.member("infusion-gateway"))
    let membership = try #require(SiteMembership(member, of: site, at: Self.now))
    let selection = try Self.selection(membership, library)
    let item = try #require(
      selection.items.first { $0.rule.id == "listening-sockets-approved" })
    let approved = try #require(item.arguments["approved"]).description
    #expect(approved.contains("port: 8443") && approved.contains("port: 22"))
    #expect(selection.profile.target["FR1"] == .sl2 && selection.profile.target["FR4"] == .sl1)
  }

  /// On every host and for every level: after all fixes nothing is refuted, every single fix is
  /// needed, and what is taken twice is in no plan.
  @Test(arguments: SecurityLevel.claimable) func plansAreEnoughAndSmallest(_ level: SecurityLevel)
    throws
  {
    let library = try #require(Self.library)
    for audit in try Self.audits().audits {
      let plan = LevelPlan(for: audit, to: level, foundations: [], library: library)
      #expect(plan.outlook.allSatisfy { $0.ceiling >= level })
      #expect(Set(plan.steps.map { "\($0.action) \($0.id)" }).count == plan.steps.count)
      let fixes = plan.steps.filter { $0.action == .fix }
      for fix in fixes {
        var mended = audit
        for index in mended.findings.indices
        where fixes.contains(where: { $0.id == mended.findings[index].rule && $0.id != fix.id }) {
          mended.findings[index].outcome = .pass
          mended.findings[index].outcomeByLevel = [:]
        }
        mended.site = nil
        mended.assess(by: library, in: nil)
        let own = mended.levels.filter { $0.catalogue == library.security.id }
        #expect(own.contains { $0.ceiling < level }, "\(fix.id)")
      }
    }
  }

  /// The laws of the intervals on the whole catalogue, whatever the rules of the library come to.
  @Test(arguments: 0..<40) func lawsOfTheIntervals(_ seed: Int) throws {
    let library = try #require(Self.library)
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func roll(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    var audit = try #require(try Self.audits().audits.first)
    audit.componentType = ComponentType.allCases[roll(4)]
    for index in audit.findings.indices {
      audit.findings[index].outcome = Outcome.allCases[[0, 0, 0, 1, 2, 4][roll(6)]]
      audit.findings[index].outcomeByLevel = [:]
    }
    func levels(_ findings: [Finding], _ statements: RequirementStatements, _ accepted: Set<String>)
      -> [FoundationLevel]
    {
      SecurityLevels(
        findings, catalogue: library.security, componentType: audit.componentType,
        target: audit.profile.target, statements: statements, accepted: accepted
      ).levels
    }
    let ids = library.security.requirements.map(\.id)
    let some = RequirementStatements(met: Set((0..<20).map { _ in ids[roll(ids.count)] }))
    var more = some
    more.met.insert(ids[roll(ids.count)])
    more.notApplicable.insert(ids[roll(ids.count)])
    var worse = audit.findings
    worse[roll(worse.count)].outcome = .fail
    let accepted = Set((0..<10).map { _ in audit.findings[roll(audit.findings.count)].rule })
    let before = levels(audit.findings, some, [])
    let stated = levels(audit.findings, more, [])
    let failed = levels(worse, some, [])
    let achieved = levels(audit.findings, some, accepted)
    for index in before.indices {
      #expect(before[index].floor <= before[index].ceiling)
      #expect(stated[index].floor >= before[index].floor)
      #expect(failed[index].ceiling <= before[index].ceiling)
      #expect(achieved[index].ceiling >= before[index].ceiling)
      #expect(achieved[index].floor == before[index].floor)
    }
  }

  @Test func everyTextIsThereInBothLanguages() throws {
    let audit = try Self.audits()
    let library = try #require(Self.library)
    let plan = LevelPlan(
      for: audit.audits[4], to: .sl2, foundations: [], library: library)
    for language in Language.allCases {
      let options = ReportOptions(language: language, width: 100)
      let list = RiskAcceptanceList(audit.waivers, of: audit.title, at: Self.now, options)
      let texts: [[UInt8]] = [
        SiteReport(options).render(audit), list.terminal, Array(list.markdown.utf8), list.json,
        LevelPlanText(plan, options).terminal, Array(LevelPlanText(plan, options).markdown.utf8),
        LevelPlanText(plan, options).json, SiteReport.json(audit),
        StatementList(library.measures.statements(audit.attestations), audit.attestations, options)
          .terminal(onlyDue: false),
      ]
      for text in texts { #expect(text.count > 500) }
      let site = String(decoding: texts[0], as: UTF8.self)
      #expect(site.contains(language == .de ? "Klinik Lindenhof" : "Lindenhof clinic"))
      for line in site.split(separator: "\n") where !line.contains("──") {
        #expect(line.count <= 100, "\(line)")
      }
    }
  }

  @Test func anAuditInASiteComesBackWhole() throws {
    for audit in try Self.audits().audits {
      let bytes = JSONReporter().render(audit, ReportOptions())
      #expect(try AuditReader.read(bytes) == audit)
    }
  }

  @Test func nothingOfTheCataloguesStandsTwiceInAnAudit() throws {
    for audit in try Self.audits().audits {
      let lists: [[String]] =
        [
          audit.directive.map(\.id), audit.norms.map(\.id), audit.measures.map(\.id),
          audit.threats.map(\.id), audit.catalogues.standards.map(\.id),
          audit.catalogues.topics.map(\.id),
          audit.catalogues.statements.map { "\($0.measure) \($0.id)" },
          audit.levels.map { "\($0.catalogue) \($0.foundation.id)" },
        ] + audit.directive.map(\.rules) + audit.measures.map(\.failed)
      for list in lists { #expect(Set(list).count == list.count, "\(list)") }
    }
  }
}
