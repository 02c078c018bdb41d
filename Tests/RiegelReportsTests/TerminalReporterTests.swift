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
