import Foundation
import RiegelModel
import Testing

@testable import RiegelReports

/// An audit in a site, with every state of a waiver and a statement, made by hand.
enum SampleSite {
  static func text(_ en: String, _ de: String) -> Localized { Localized(en: en, de: de) }
  static func day(_ text: String) -> Instant { Instant(text) ?? Instant(seconds: 0) }
  static let place = Place(file: "waivers/a.yaml", line: 1, column: 1)

  static func waiver(_ id: String, finding: String? = nil, hostile: String = "reason") -> Waiver {
    Waiver(
      id: id, rule: "ssh-root-login-disabled", scope: SiteScope(hosts: ["pump"], zones: ["ward"]),
      finding: finding, reason: text(hostile, "Grund"), hazard: text("hazard", "Gefährdung"),
      situation: text("situation", "Situation"), harm: text("harm", "Schaden"),
      before: RiskEstimate(.critical, .occasional), after: RiskEstimate(.critical, .improbable),
      measures: finding == nil ? [] : [text("locked", "verschlossen")], owner: "A", approver: "B",
      approved: day("2026-01-01"), expires: day("2026-12-31"), place: place)
  }

  static let waivers: [WaiverStatus] = Waiver.State.allCases.enumerated().map { index, state in
    WaiverStatus(
      waiver("w\(index)", finding: index == 0 ? "PermitRootLogin" : nil), state: state,
      concerns: index == 0 ? [] : WaiverStatus.Concern.allCases,
      covers: index == 0 ? [.init(host: "pump", subjects: ["PermitRootLogin"])] : [])
  }

  static let attestations: [AttestationStatus] = Attestation.State.allCases.enumerated().map {
    index, state in
    let subjects: [Attestation.Subject] = [
      .statement("restore-test"), .requirements(["CR 1.5", "CR 1.9"]), .rows(["A1-1"]),
    ]
    return AttestationStatus(
      Attestation(
        id: "a\(index)", subject: subjects[index % 3],
        claim: index == 1 ? .notApplicable : .met, scope: SiteScope(zones: ["ward"]),
        text: text("so", "so ist es"), person: "Jana", day: day("2026-06-01"),
        validity: index == 0 ? .days(90) : .months(12),
        document: .init(file: "e.pdf", sha256: String(repeating: "a", count: 64)), place: place),
      state: state, contradictedBy: state == .contradicted ? ["x"] : [])
  }

  static var audit: Audit {
    var audit = SampleAudit.audit
    audit.site = SiteStatus(
      id: "s", title: text("Clinic", "Klinik"), host: "pump", zone: "ward",
      zoneTitle: text("Ward", "Station"), isEssential: true, waivers: waivers,
      attestations: attestations)
    for index in audit.findings.indices where audit.findings[index].outcome == .fail {
      audit.findings[index].waiver = FindingWaiver(
        waivers: ["w0"], isWhole: index.isMultiple(of: 2), isCompensated: index.isMultiple(of: 4),
        expires: day("2026-12-31"))
    }
    audit.levels[0].requirements[0].isNotApplicable = true
    audit.levels[0].requirements[1].note = text("differs", "weicht ab")
    audit.levels[0].requirements[2].openBecause = .accepted
    audit.achieved = [
      AchievedLevel(
        foundation: "FR1", catalogue: audit.levels[0].catalogue, ceiling: .sl3,
        lifted: ["CR 1.4"], limitsCeiling: [SampleAudit.requirement("CR 1.9", .sl4, .refuted)])
    ]
    audit.measures[0].statements = StatementStatus.State.allCases.map {
      StatementStatus(
        id: "st-\($0.rawValue)", text: text("said", "gesagt"), state: $0,
        until: $0 == .missing ? nil : day("2026-12-31"),
        attestation: $0 == .missing ? nil : "a4")
    }
    audit.measures[0].isContradicted = true
    audit.threats[0].rules = ["ssh-root-login-disabled"]
    audit.norms = [
      NormStatus(
        id: "mdr", title: text("MDR", "Medizinprodukteverordnung"),
        contribution: text("gives", "gibt"), limits: text("lacks", "fehlt"),
        sections: [.init(id: "findings", title: text("Findings", "Befunde"))],
        measures: ["least-privilege"], passed: 1, failed: 2, undecided: 3)
    ]
    audit.directive = DirectiveRowStatus.State.allCases.enumerated().map { index, state in
      DirectiveRowStatus(
        id: "A1-\(index + 1)", annex: 1, subject: text("Staff", "Personal"),
        title: text("Row", "Zeile"), state: state, rules: ["ssh-protocol-2"],
        attestation: state == .attested ? "a2" : nil, needsPerson: true)
    }
    return audit
  }
}

@Suite struct SiteReportsTests {
  @Test func theAuditComesBackWhole() throws {
    let bytes = JSONReporter().render(SampleSite.audit, ReportOptions())
    #expect(try AuditReader.read(bytes) == SampleSite.audit)
  }

  /// An audit that a version without sites saved is still read.
  @Test func anAuditOfAnOlderVersionIsRead() throws {
    var text = String(
      decoding: JSONReporter().render(SampleAudit.audit, ReportOptions()), as: UTF8.self)
    for member in [
      "  \"achieved\": [],\n", ",\n  \"norms\": [],\n  \"directive\": [],\n  \"site\": null",
    ] {
      #expect(text.contains(member))
      text = text.replacingOccurrences(of: member, with: "")
    }
    #expect(try AuditReader.read(Array(text.utf8)) == SampleAudit.audit)
  }

  @Test(.enabled(if: Python.hasJSONSchema)) func thePublishedSchemaNamesEveryMember() throws {
    let audit = String(
      decoding: JSONReporter().render(SampleSite.audit, ReportOptions()), as: UTF8.self)
    let output = try Python.run(
      """
      import json, sys
      from jsonschema import Draft202012Validator as V
      data = json.load(sys.stdin)
      schema = json.loads(data["schema"])
      def close(node):
          if isinstance(node, dict):
              if "properties" in node and node.get("type") == "object":
                  node["additionalProperties"] = False
              for value in node.values(): close(value)
          elif isinstance(node, list):
              for value in node: close(value)
      close(schema)
      for error in V(schema).iter_errors(json.loads(data["audit"])):
          print(list(error.absolute_path), error.message[:200])
      """, input: JSONEncoder().encode(["schema": AuditSchema.text, "audit": audit]))
    #expect(output == "")
  }

  @Test(arguments: Language.allCases) func theReportOnAHostInASite(_ language: Language) throws {
    let bytes = TerminalReporter().render(
      SampleSite.audit, ReportOptions(language: language, width: 100))
    try Golden.expect(bytes, "site-host.\(language.rawValue).txt")
  }

  @Test(arguments: Language.allCases) func theRiskAcceptanceList(_ language: Language) throws {
    let list = RiskAcceptanceList(
      SampleSite.waivers, of: SampleSite.text("Clinic", "Klinik"),
      at: SampleSite.day("2026-11-24"), ReportOptions(language: language, width: 100))
    try Golden.expect(list.terminal, "waivers.\(language.rawValue).txt")
    try Golden.expect(Array(list.markdown.utf8), "waivers.\(language.rawValue).md")
  }

  @Test func markdownKeepsNobodysStructure() {
    let evil = "a | b <script>\n# head `x` [l](u) \u{1B}[31m \u{202E}"
    let list = RiskAcceptanceList(
      [
        WaiverStatus(
          SampleSite.waiver("w", hostile: evil), state: .inForce, concerns: [], covers: [])
      ], of: SampleSite.text(evil, evil), at: SampleSite.day("2026-11-24"), ReportOptions())
    let text = list.markdown
    #expect(!text.contains("<script>") && !text.contains("\u{1B}") && !text.contains("\u{202E}"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("# ") } == 1)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| Reason") }
    #expect(rows.count == 1 && rows[0].hasSuffix(" |"))
  }

  /// Every phrase of the sites differs between the languages.
  @Test func everyPhraseIsThereInBothLanguagesAndDiffers() {
    for (en, de) in zip(phrases(SiteEnglish()), phrases(SiteGerman())) {
      #expect(!en.isEmpty && !de.isEmpty && en != de, "\(en)")
    }
  }

  private func phrases(_ p: any SitePhrases) -> [String] {
    let foundation = SampleAudit.foundation(1, "IAC", en: "a", de: "b")
    let gain = LevelPlan.Gain(
      foundation: foundation, floorBefore: .sl0, ceilingBefore: .sl1, floor: .sl1, ceiling: .sl2)
    return [
      p.day(SampleSite.day("2026-11-24")), p.labelSite, p.place("h", "z", "s", isEssential: true),
      p.labelAccepted, p.accepted("d", ["w"], isWhole: true, lifts: true),
      p.accepted("d", ["w"], isWhole: true, lifts: false),
      p.accepted("d", ["w"], isWhole: false, lifts: false), p.verdictAccepted(1, left: 1),
      p.verdictAccepted(1, left: 2), p.achieved("SL2", ["x"]), p.systemLevels("c"),
      p.acceptancesHeading(1), p.noAcceptances, p.riskListTitle, p.riskListIntroduction,
      p.stateUntil("s", "d"), p.stateSince("s", "d"), p.labelRule, p.labelScope, p.labelFinding,
      p.labelReason, p.labelHazard, p.labelSituation, p.labelHarm, p.labelInitialRisk,
      p.labelMeasures, p.labelResidualRisk, p.labelOwner, p.labelApprover, p.labelApproved,
      p.labelExpires, p.labelState, p.labelCovers, p.wholeSite, p.wholeRule, p.noMeasure,
      p.risk("a", "b"), p.matrixTitle, p.statementsHeading(1, 2), p.contradicted(by: ["x"]),
      p.missingStatements(1), p.missingStatements(2), p.contradictedMeasure, p.dueCount(1),
      p.dueCount(2), p.nothingDue, p.askStatement, p.askPerson, p.askDay("d"),
      p.askValidity("v"), p.askDocument, p.wanted("d"), p.written("p"), p.directiveHeading([1]),
      p.directiveHeading([1, 2]), p.halfSeen, p.normsHint(2), p.normsHeading, p.labelHandIn,
      p.labelLimits, p.normCounts(1, 2, 3), p.siteTitle("s"), p.zoneHeading("z", 1),
      p.zoneHeading("z", 2), p.notAudited(["h"]), p.hostNotAudited, p.withAcceptances("SL2"),
      p.hostsHeading, p.hostCounts(1, accepted: 1, 1, 1), p.zonesExplained,
      p.planTitle("SL2", "h"), p.planTitle("SL2", nil), p.planOutlook, p.planSteps(1),
      p.planSteps(2), p.planNothing, p.gain(gain), p.labelNeededFor, p.labelRaises,
      p.labelValues, p.raisesLater, p.acceptedStep, p.attestStep("CR"), p.justifyStep("CR"),
      p.decideStep, p.planWithoutRule(1), p.withoutRuleExplained, p.planUnseen(1),
      p.planPartlyUnseen(1), p.attestedMark, p.planReached("SL2"),
      p.planNotReached("SL2", ["IAC"]),
    ] + HarmSeverity.allCases.map(p.severity) + HarmProbability.allCases.map(p.probability)
      + Waiver.State.allCases.map(p.state) + WaiverStatus.Concern.allCases.map(p.concern)
      + Attestation.State.allCases.map(p.state) + StatementStatus.State.allCases.map(p.state)
      + DirectiveRowStatus.State.allCases.map(p.state)
      + LevelPlan.Step.Action.allCases.map(p.action) + Attestation.Claim.allCases.map(p.claim)
      + DirectiveRowStatus.State.allCases.map { p.rowCount(1, $0) }
  }
}

/// The reports on several hosts of a site.
@Suite struct ZoneReportTests {
  static func audit(_ text: String = "Clinic") -> SiteAudit {
    let foundation = SampleAudit.foundation(1, "IAC", en: "Identification", de: "Identifizierung")
    func interval(
      _ target: SecurityLevel, _ floor: SecurityLevel, _ ceiling: SecurityLevel,
      achieved: SecurityLevel
    ) -> ZoneStatus.Interval {
      ZoneStatus.Interval(
        foundation: foundation, catalogue: SampleSite.audit.levels[0].catalogue, target: target,
        floor: floor, ceiling: ceiling, achieved: achieved,
        limitsFloor: [
          .init(host: text, requirements: [SampleAudit.requirement("CR 1.4", .sl1, .open)]),
          .init(host: "scanner", requirements: []),
        ],
        limitsCeiling: [
          .init(
            host: text,
            requirements: (1...9).map { SampleAudit.requirement("CR 1.\($0)", .sl2, .refuted) })
        ])
    }
    var host = text == "Clinic" ? SampleSite.audit : Hostile.audit(text)
    host.site = SampleSite.audit.site
    host.site?.host = text
    let words = Localized(en: text, de: text)
    return SiteAudit(
      toolVersion: "1", contentHash: String(repeating: "a", count: 64),
      moment: SampleSite.day("2026-11-24"), id: "s", title: words, audits: [host],
      zones: [
        ZoneStatus(
          id: "ward", title: words, hosts: [text, "scanner"], notAudited: ["scanner"],
          intervals: [
            interval(.sl2, .sl0, .sl1, achieved: .sl3), interval(.sl1, .sl1, .sl4, achieved: .sl4),
            interval(.sl2, .sl1, .sl4, achieved: .sl4), interval(.sl0, .sl0, .sl4, achieved: .sl4),
          ]),
        ZoneStatus(id: text, title: words, hosts: [], notAudited: [], intervals: []),
      ], waivers: SampleSite.waivers, attestations: SampleSite.attestations)
  }

  static func text(
    _ format: String, _ audit: SiteAudit, _ language: Language = .en
  ) -> String {
    String(
      decoding: SiteReport(ReportOptions(language: language)).render(audit, as: format),
      as: UTF8.self)
  }

  @Test(arguments: Language.allCases)
  func markdownNamesWhatLimitsAZone(_ language: Language) throws {
    try Golden.expect(
      Array(Self.text("markdown", Self.audit(), language).utf8), "zones.\(language.rawValue).md")
  }

  @Test(arguments: Language.allCases)
  func thePageHoldsBothLanguagesAndLoadsNothing(_ language: Language) {
    let page = Self.text("html", Self.audit(), language)
    #expect(page.contains("<html lang=\(language.rawValue)>"))
    for word in ["http://", "https://", "src=", "url(http", "@import", "<link", " style="] {
      #expect(!page.contains(word), "\(word)")
    }
    for phrases in [SiteEnglish() as any SitePhrases, SiteGerman()] {
      #expect(page.contains(phrases.hostsHeading))
      #expect(page.contains("\(phrases.withAcceptances("SL3")) (SL-A)"))
      for status in SampleSite.waivers { #expect(page.contains(phrases.text(of: status))) }
    }
    #expect(page.components(separatedBy: "<svg class=bar width").count == 5)
  }

  @Test(arguments: SiteReport.formats, Hostile.texts)
  func aHostileHostCanBreakNoForm(_ format: String, _ hostile: String) throws {
    for language in Language.allCases {
      let report = Self.text(format, Self.audit(hostile), language)
      #expect(report.unicodeScalars.allSatisfy { !$0.isDeceptive || $0 == "\n" })
      switch format {
      case "json": _ = try JSONValue(parsing: Array(report.utf8))
      case "html":
        #expect(report.components(separatedBy: "<script").count == 2)
        #expect(report.components(separatedBy: "<img").count == 1)
      case "markdown":
        #expect(report.split(separator: "\n").count { $0.hasPrefix("# ") } == 1)
        let live = report.replacingOccurrences(of: "\\<", with: "")
        #expect(!live.contains("<script") && !live.contains("<img"))
      default: break
      }
    }
  }

  @Test(arguments: DocumentSchema.allCases)
  func aSchemaIsSoundAndSaysWhichKindItIsOf(_ schema: DocumentSchema) throws {
    let document = try JSONValue(parsing: Array(schema.text.utf8))
    guard case .array(let kinds)? = document["properties"]?["kind"]?["enum"] else {
      Issue.record("no kind")
      return
    }
    #expect(kinds.map(\.text) == [schema.rawValue])
  }

  /// The reader refuses a member that stands twice.
  @Test func theSchemaOfAnAuditIsSound() throws {
    _ = try JSONValue(parsing: Array(AuditSchema.text.utf8))
  }
}
