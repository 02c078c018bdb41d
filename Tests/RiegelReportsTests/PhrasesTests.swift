import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelReports

@Suite struct PhrasesTests {
  /// Every phrase by the name it has in `Phrases`, with a value for what it takes.
  static func samples(_ p: any Phrases) -> [(String, String)] {
    let texts: [(String, String)] = [
      ("moment", p.moment(Instant(seconds: 1_795_509_251))), ("number", p.number(12_345)),
      ("rules", p.rules(2)), ("rules", p.rules(1)), ("failed", p.failed(2)),
      ("undecided", p.undecided(2)), ("forPersons", p.forPersons(2)), ("passed", p.passed(2)),
      ("notApplicable", p.notApplicable(1)), ("notApplicable", p.notApplicable(2)),
      ("expectedNot", p.expectedNot("x")), ("expectedSome", p.expectedSome("x")),
      ("expectedEvery", p.expectedEvery("x")), ("expectedNone", p.expectedNone("x")),
      ("expectedCount", p.expectedCount("x")), ("expectedApproved", p.expectedApproved("x")),
      ("expectedNoEntry", p.expectedNoEntry), ("expectedCounted", p.expectedCounted),
      ("expectedAllowed", p.expectedAllowed), ("foundAbsent", p.foundAbsent),
      ("foundNothing", p.foundNothing), ("emptyText", p.emptyText), ("builtIn", p.builtIn("x")),
      ("printed", p.printed(by: "x")), ("overrides", p.overrides("x", "y")), ("more", p.more(2)),
      ("moreCharacters", p.moreCharacters(2)), ("inAll", p.inAll(2)), ("title", p.title("x")),
      ("unnamedHost", p.unnamedHost), ("unknownSystem", p.unknownSystem),
      ("kernel", p.kernel("x")), ("defaultProfile", p.defaultProfile), ("tool", p.tool("x", "y")),
      ("labelSystem", p.labelSystem), ("labelTarget", p.labelTarget),
      ("labelProfile", p.labelProfile), ("labelAim", p.labelAim), ("labelTime", p.labelTime),
      ("labelTool", p.labelTool), ("labelRules", p.labelRules), ("labelWhy", p.labelWhy),
      ("labelExpected", p.labelExpected), ("labelFound", p.labelFound), ("labelFix", p.labelFix),
      ("labelRefutes", p.labelRefutes), ("labelSetting", p.labelSetting),
      ("labelByLevel", p.labelByLevel), ("labelNote", p.labelNote),
      ("labelReferences", p.labelReferences), ("labelLook", p.labelLook),
      ("failures", p.failures(1)), ("undecidedHeading", p.undecidedHeading(1)),
      ("manualHeading", p.manualHeading(1)), ("passedHeading", p.passedHeading(1)),
      ("notApplicableHeading", p.notApplicableHeading(1)),
      ("levelsHeading", p.levelsHeading("x", "y")), ("measuresHeading", p.measuresHeading),
      ("threatsHeading", p.threatsHeading), ("verdictHeading", p.verdictHeading),
      ("notMet", p.notMet("x")), ("fixEffort", p.fixEffort("x")), ("caution", p.caution(["x"])),
      ("setBy", p.setBy("x", "y")), ("noPermission", p.noPermission(isPrivileged: true)),
      ("noPermission", p.noPermission(isPrivileged: false)), ("badFormat", p.badFormat),
      ("elsewhere", p.elsewhere), ("notWorkedOut", p.notWorkedOut), ("notReadable", p.notReadable),
      ("noReason", p.noReason),
      ("aimColumn", p.aimColumn), ("intervalColumn", p.intervalColumn),
      ("aimMissed", p.aimMissed), ("aimShown", p.aimShown), ("aimOpen", p.aimOpen),
      ("noAim", p.noAim), ("ceilingLimit", p.ceilingLimit("x")), ("floorLimit", p.floorLimit("x")),
      ("refutedRequirements", p.refutedRequirements(1)),
      ("openRequirements", p.openRequirements(1)), ("levelsExplained", p.levelsExplained),
      (
        "measureCounts",
        p.measureCounts(failed: 1, undecided: 1, passed: 1, openStatements: 1).joined()
      ),
      (
        "measureCounts",
        p.measureCounts(failed: 0, undecided: 0, passed: 0, openStatements: 0).joined()
      ),
      ("openedBy", p.openedBy(["x"])), ("others", p.others(1)),
      ("verdictFailed", p.verdictFailed(1, of: 1, critical: 0)),
      ("verdictFailed", p.verdictFailed(2, of: 3, critical: 1)),
      ("verdictUndecidedToo", p.verdictUndecidedToo(1)),
      ("verdictUndecided", p.verdictUndecided(1)),
      ("verdictNothingApplied", p.verdictNothingApplied), ("verdictPassed", p.verdictPassed(1)),
      ("aimSummary", p.aimSummary(missed: 1, open: 1, of: 7)),
      ("aimSummary", p.aimSummary(missed: 0, open: 1, of: 1)),
      ("aimSummary", p.aimSummary(missed: 0, open: 0, of: 7)),
      ("comparedWith", p.comparedWith("x")), ("stillFailed", p.stillFailed(1)),
      ("stillFailed", p.stillFailed(2)), ("notMetAmong", p.notMetAmong(1)),
      ("notMetAmong", p.notMetAmong(2)), ("levelChange", p.levelChange("x", "y")),
      ("verdictPassed", p.verdictPassed(2)), ("labelTopic", p.labelTopic),
      ("labelSeverity", p.labelSeverity), ("labelStatus", p.labelStatus),
      ("labelSupports", p.labelSupports), ("labelApplies", p.labelApplies),
      ("labelCheck", p.labelCheck), ("labelParameters", p.labelParameters),
      ("labelExamples", p.labelExamples), ("labelExtends", p.labelExtends),
      ("labelSelects", p.labelSelects), ("labelExcludes", p.labelExcludes),
      ("labelSettings", p.labelSettings), ("labelVerdict", p.labelVerdict),
      ("checkAll", p.checkAll), ("checkAny", p.checkAny), ("checkNone", p.checkNone),
      ("checkNot", p.checkNot), ("checkPerson", p.checkPerson),
      ("quantifierEvery", p.quantifierEvery), ("quantifierSome", p.quantifierSome),
      ("quantifierNone", p.quantifierNone), ("quantifierNoRow", p.quantifierNoRow),
      ("quantifierCount", p.quantifierCount), ("quantifierAllow", p.quantifierAllow),
      ("quantifierPresent", p.quantifierPresent), ("narrowing", p.narrowing),
      ("sourceParameter", p.sourceParameter), ("sourceSite", p.sourceSite),
      ("parameterDefault", p.parameterDefault("x")),
      ("parameterInForce", p.parameterInForce("x", "y")),
      ("parameterRange", p.parameterRange("1", "2")),
      ("parameterValues", p.parameterValues("x")), ("listEmpty", p.listEmpty), ("and", p.and),
      ("profiles", p.profiles(1)), ("profiles", p.profiles(2)),
    ]
    return texts + families(p)
  }

  private static func families(_ p: any Phrases) -> [(String, String)] {
    let sections = Measure.Section.allCases.map { ("section", p.section($0)) }
    let standings: [Standing] = [.refuted, .evidenced, .open]
    let reasons: [FoundationLevel.OpenReason] = [.noRule, .undecided, .notAttested, .accepted]
    let kinds: [TargetKind] = [.live, .directory, .archive, .memory]
    let sources: [Arguments.Source] = [
      .rule, .level(.sl1), .profile("x"), .site("x"), .host("x"), .commandLine,
    ]
    let errors: [TargetError] = [
      .permissionDenied("/x"), .notCollected("/x"), .io("/x", errno: 5), .io("/x", errno: 999),
      .tooLarge("/x", limit: 10), .notRegular("/x"), .tooManyLinks("/x"),
      .malformed("/x", line: 1, "y"), .undetermined("/x", Localized(en: "a", de: "b")),
      .remote("/x", Localized(en: "c", de: "d")),
    ]
    let selectors: [Profile.Selector] = [
      .topic("x"), .measure("x"), .level(.sl1), .severity(.low), .rule("x"),
    ]
    let verdicts: [Reason] = [
      .satisfied, .violated(1), .violated(2), .missing, .doesNotApply, .undecided([]),
      .undecided(errors), .person(Localized(en: "a", de: "b")),
    ]
    return sections + verdicts.map { ("reason", p.reason($0)) }
      + Severity.allCases.map { ("severity", p.severity($0)) }
      + Outcome.allCases.map { ("outcome", p.outcome($0)) }
      + standings.flatMap { [("standing", p.standing($0)), ("exposure", p.exposure($0))] }
      + reasons.flatMap {
        [("openReason", p.openReason($0)), ("openRequirements", p.openRequirements(2, $0))]
      }
      + kinds.flatMap {
        [("target", p.target($0, "/", isPrivileged: true)), ("notCaptured", p.notCaptured($0))]
      }
      + ComponentType.allCases.map { ("component", p.component($0)) }
      + Remediation.Risk.allCases.map { ("risk", p.risk($0)) }
      + Remediation.Effort.allCases.map { ("effort", p.effort($0)) }
      + sources.map { ("source", p.source($0)) } + errors.map { ("error", p.error($0)) }
      + Rule.Status.allCases.map { ("status", p.status($0)) }
      + Comparison.allCases.map { ("expectation", p.expectation($0, "x")) }
      + Assertion.Missing.allCases.map { ("missing", p.missing($0)) }
      + Parameter.Kind.allCases.map { ("parameterKind", p.parameterKind($0)) }
      + selectors.map { ("selector", p.selector($0)) }
      + [1, 90, 60, 120, 3600, 7200, 86_400, 172_800].map { ("duration", p.duration($0)) }
  }

  /// Words that both languages spell the same.
  static let sameInBoth: Set<String> = ["System"]

  @Test func everyPhraseIsThereInBothLanguagesAndDiffers() {
    for (en, de) in zip(Self.samples(English()), Self.samples(German())) {
      #expect(!en.1.isEmpty && !de.1.isEmpty, "\(en.0)")
      #expect(en.1 != de.1 || Self.sameInBoth.contains(en.1), "\(en.0): \(en.1)")
    }
  }

  @Test func noPhraseIsForgottenHere() throws {
    let source = try String(
      contentsOf: Golden.folder.appending(
        path: "../../Sources/RiegelReports/Language/Phrases.swift"), encoding: .utf8)
    let declaration = source.split(separator: "extension Language").first ?? ""
    let names = declaration.split(separator: "\n").compactMap { line -> String? in
      let words = line.split { " (:".contains($0) }
      guard let first = words.first, first == "func" || first == "var" else { return nil }
      return String(words[1])
    }
    #expect(names.count > 100)
    #expect(Set(names) == Set(Self.samples(English()).map(\.0)))
  }

  @Test(arguments: [
    ("one-of [no]", "one of: no", "eines von: no"),
    ("at-most 4", "at most 4", "höchstens 4"),
    ("between [1, 90]", "between 1 and 90", "zwischen 1 und 90"),
    ("mode-at-most 0640", "mode 0640 or stricter", "Rechte 0640 oder strenger"),
    ("absent", "not present", "nicht vorhanden"),
    ("not-one-of [a, b]", "none of: a, b", "keines von: a, b"),
    ("younger-than 90d", "younger than 90 days", "jünger als 90 Tage"),
    ("equals ", "\"\" (empty)", "\"\" (leer)"),
    ("subset-of []", "nothing but: nothing", "nichts außer: nichts"),
    ("not one-of [x]", "not: one of: x", "nicht: eines von: x"),
    ("none", "no such entry", "kein solcher Eintrag"),
    (
      "none with type one-of [file, link], mode has-bits 0002",
      "no entry with: type: one of: file, link; mode: all bits of mode 0002 set",
      "kein Eintrag mit: type: eines von: file, link; mode: alle Rechte-Bits von 0002 gesetzt"
    ),
    ("something else", "something else", "something else"),
  ])
  func expectationsAreSaidInWords(_ expected: String, _ en: String, _ de: String) {
    #expect(ExpectedText(phrases: English()).render(expected) == en)
    #expect(ExpectedText(phrases: German()).render(expected) == de)
  }

  @Test func datesAndNumbersFollowTheLanguage() {
    let moment = Instant(seconds: 1_795_509_251)
    #expect(English().moment(moment) == "24 November 2026, 08:34 UTC")
    #expect(German().moment(moment) == "24.11.2026 08:34 UTC")
    #expect(English().number(1_234_567) == "1,234,567")
    #expect(German().number(1234) == "1.234")
  }
}
