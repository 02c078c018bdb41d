import RiegelModel
import Testing

@testable import RiegelReports

@Suite struct TerminalReporterTests {
  static func text(
    _ audit: Audit = SampleAudit.audit, _ language: Language = .en, width: Int? = 80,
    colour: Bool = false, _ verbosity: ReportOptions.Verbosity = .normal
  ) -> String {
    let options = ReportOptions(
      language: language, width: width, colour: colour, verbosity: verbosity)
    return String(decoding: TerminalReporter().render(audit, options), as: UTF8.self)
  }

  @Test(arguments: Language.allCases, [40, 80, 120])
  func theReportIsAsItWasLookedAt(_ language: Language, _ width: Int) throws {
    let text = Self.text(SampleAudit.audit, language, width: width)
    let name = width == 80 ? "audit.\(language).txt" : "audit.\(language).\(width).txt"
    try Golden.expect(Array(text.utf8), name)
  }

  @Test(arguments: Language.allCases, [ReportOptions.Verbosity.quiet, .verbose])
  func quietAndVerboseAreAsTheyWereLookedAt(
    _ language: Language, _ verbosity: ReportOptions.Verbosity
  ) throws {
    let text = Self.text(SampleAudit.audit, language, verbosity)
    try Golden.expect(Array(text.utf8), "audit.\(language).\(verbosity.rawValue).txt")
  }

  @Test func theColouredReportIsAsItWasLookedAt() throws {
    try Golden.expect(Array(Self.text(colour: true).utf8), "audit.en.colour.txt")
  }
}

extension TerminalReporterTests {
  @Test(arguments: Hostile.texts)
  func nothingOfAHostileHostReachesTheTerminal(_ text: String) {
    for language in Language.allCases {
      for verbosity in [ReportOptions.Verbosity.normal, .verbose] {
        let report = Self.text(Hostile.audit(text), language, verbosity)
        #expect(!report.unicodeScalars.contains { $0 != "\n" && $0 != "\u{A0}" && $0.isDeceptive })
        #expect(!report.split(separator: "\n").contains { $0.hasPrefix("PASS") })
      }
    }
  }

  @Test(arguments: Language.allCases, [40, 60, 80, 120])
  func noLineIsLongerThanThePageExceptForOneWord(_ language: Language, _ width: Int) {
    for verbosity in ReportOptions.Verbosity.allCases {
      let report = Self.text(SampleAudit.audit, language, width: width, verbosity)
      for line in report.split(separator: "\n") where VisibleText.width(String(line)) > width {
        // What is left of the column is a label; a long word may follow it, and nothing else.
        let words = line.drop { $0 == " " }.split(separator: " ")
        let longest = words.map { VisibleText.width(String($0)) }.max() ?? 0
        #expect(width < 60 || words.count == 1, "\(line)")
        #expect(longest > 10, "\(line)")
      }
    }
  }

  @Test func colourIsOnlyWhereItIsAskedForAndSaysNothingByItself() {
    let plain = Self.text()
    let coloured = Self.text(colour: true)
    #expect(!plain.contains("\u{1B}"))
    var stripped = ""
    var rest = coloured[...]
    while let escape = rest.firstIndex(of: "\u{1B}") {
      stripped += rest[..<escape]
      rest = rest[escape...].drop { $0 != "m" }.dropFirst()
    }
    #expect(stripped + rest == plain)
  }

  @Test func cuttingNeverHidesWhatIsViolated() {
    var finding = SampleAudit.passwordAge
    finding.evidence =
      finding.evidence.map {
        var row = $0
        row.verdict = .satisfied
        return row
      } + [SampleAudit.passwordAge.evidence[46]]
    let report = Self.text(SampleAudit.audit(of: [finding]))
    #expect(report.contains("user47: max-days 99999"))
    #expect(!report.contains("user1:"))
  }

  @Test(arguments: Language.allCases)
  func noReportSaysMoreThanItKnows(_ language: Language) {
    let report = Self.text(SampleAudit.audit, language, .verbose).lowercased()
    for word in ["compliant", "compliance", "certified", "konform", "zertifiziert"] {
      #expect(!report.contains(word))
    }
  }

  @Test func theVerdictKnowsFourCases() {
    func last(_ findings: [Finding]) -> String {
      Self.text(SampleAudit.audit(of: findings), width: nil, .quiet)
        .split(separator: "\n").last.map(String.init) ?? ""
    }
    #expect(last([SampleAudit.toor]).hasPrefix("Verdict: 1 of 1 rule that applies is not met"))
    #expect(last([SampleAudit.undecided[0]]).contains("no all-clear"))
    #expect(last([SampleAudit.others[2]]).contains("Nothing was checked"))
    #expect(last([]).contains("Nothing was checked"))
    #expect(last([SampleAudit.others[1]]).contains("The one rule that applies is met"))
  }

  @Test func rootIsAdvisedOnlyToWhoIsNotRoot() {
    #expect(Self.text().contains("sudo riegel audit"))
    let asRoot = SampleAudit.audit(of: SampleAudit.undecided, isPrivileged: true)
    #expect(!Self.text(asRoot).contains("sudo riegel audit"))
  }
}
