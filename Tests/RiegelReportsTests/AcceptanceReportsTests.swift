import Foundation
import RiegelModel
import Testing

@testable import RiegelReports

/// What formats for other people's programs make of accepted risks.
@Suite struct AcceptanceReportsTests {
  /// A waiver in each state, all of one rule, which one in force covers.
  static let audit = SampleSite.audit
  static var failed: [Finding] { audit.findings.filter { $0.outcome == .fail } }
  static var accepted: [Finding] { failed.filter { !$0.isUnaccepted } }
  static var inPart: [Finding] { failed.filter { $0.isUnaccepted && $0.waiver != nil } }

  private func json(_ format: String) throws -> JSONValue {
    try JSONValue(parsing: FormatTests.bytes(format, Self.audit))
  }

  private func items(_ value: JSONValue?) -> [JSONValue] {
    if case .array(let items)? = value { items } else { [] }
  }

  @Test func theSampleHasWhollyAndPartlyAcceptedFailures() {
    #expect(Self.accepted.count > 1 && Self.inPart.count > 1)
  }

  @Test func jUnitSkipsAnAcceptedFailureAndKeepsItsEvidence() {
    let text = FormatTests.text("junit", Self.audit)
    let head = text.split(separator: "\n")[1]
    #expect(head.contains("failures=\"\(Self.failed.count - Self.accepted.count)\""))
    let skipped = text.components(
      separatedBy: "<skipped message=\"Accepted: until 31 December 2026")
    #expect(skipped.count == Self.accepted.count + 1)
    #expect(skipped.dropFirst().allSatisfy { $0.contains("Approver: B") && $0.contains("Found") })
    #expect(
      text.components(separatedBy: "<property name=\"accepted-whole\" value=\"false\"/>").count
        == Self.inPart.count + 1)
  }

  @Test func jUnitNamesRecordsThatCountForNothing() {
    let text = FormatTests.text("junit", Self.audit)
    #expect(text.contains("w1: expired since 1 January 2027"))
    #expect(text.contains("w2: approved by its own owner"))
  }

  @Test(arguments: ["xccdf", "arf"])
  func xccdfOverridesAnAcceptedFailureToWhatIsNoPass(_ format: String) {
    let text = FormatTests.text(format, Self.audit)
    let overrides = text.components(separatedBy: "<override ").dropFirst()
    #expect(overrides.count == Self.accepted.count)
    for override in overrides {
      #expect(override.contains("authority=\"B\""))
      #expect(override.contains("<old-result>fail</old-result>"))
      #expect(override.contains("<new-result>informational</new-result>"))
    }
    #expect(
      text.components(separatedBy: "<result>fail</result>").count
        == Self.failed.count - Self.accepted.count + 1)
    #expect(text.contains("urn:riegel:scoring:without-acceptances"))
  }

  @Test func ocsfSuppressesAnAcceptedFailureThatStaysAFailure() throws {
    let events = try FormatTests.text("ndjson", Self.audit).split(separator: "\n").map {
      try JSONValue(parsing: Array($0.utf8))
    }
    let suppressed = events.filter { $0["status"]?.text == "Suppressed" }
    #expect(suppressed.count == Self.accepted.count)
    #expect(suppressed.allSatisfy { $0["compliance"]?["status"]?.text == "Fail" })
    let root = events.first {
      $0["compliance"]?["control"]?.text == "ssh-root-login-disabled"
    }
    let states = Set(items(root?["unmapped"]?["acceptances"]).compactMap { $0["state"]?.text })
    #expect(states.isSuperset(of: ["expired", "selfApproved", "notYet"]))
  }

  @Test func oscalHasARiskForEachRecordWithItsState() throws {
    let document = try json("oscal")
    let results = items(document["assessment-results"]?["results"])
    let result = try #require(results.first)
    let risks = items(result["risks"])
    #expect(
      risks.map { $0["status"]?.text }
        == ["deviation-approved", "open", "deviation-requested", "deviation-requested"])
    let observations = Set(items(result["observations"]).compactMap { $0["uuid"]?.text })
    for risk in risks {
      for link in items(risk["related-observations"]) {
        #expect(observations.contains(link["observation-uuid"]?.text ?? ""))
      }
    }
    let known = Set(risks.compactMap { $0["uuid"]?.text })
    let links = items(result["findings"]).flatMap { items($0["related-risks"]) }
    #expect(links.allSatisfy { known.contains($0["risk-uuid"]?.text ?? "") })
  }

  @Test func heimdallSeesAFailureWithItsAcceptance() throws {
    let document = try json("hdf")
    let controls = items(items(document["profiles"]).first?["controls"])
    let waived = controls.filter { $0["waiver_data"]?["message"]?.text?.isEmpty == false }
    #expect(waived.count == Self.accepted.count + Self.inPart.count)
    for control in waived {
      #expect(items(control["results"]).first?["status"]?.text == "failed")
      #expect(control["waiver_data"]?["skipped_due_to_waiver"]?.flag == false)
      #expect(control["waiver_data"]?["expiration_date"]?.text == "2026-12-31")
    }
  }

  @Test(arguments: Language.allCases)
  func markdownSaysBothResults(_ language: Language) {
    let text = FormatTests.text("markdown", Self.audit, language)
    let left = Self.failed.count - Self.accepted.count
    #expect(
      text.contains(
        language.sitePhrases.verdictAccepted(Self.accepted.count, left: left)))
    #expect(text.contains("w1"))
  }

  @Test func aHostWithoutASiteHasNothingAccepted() {
    for (format, word) in [
      ("junit", "accepted-by"), ("xccdf", "<override"), ("ndjson", "Suppressed"),
      ("oscal", "\"risks\""), ("hdf", "waiver_data"),
    ] {
      #expect(!FormatTests.text(format).contains(word), "\(format)")
    }
  }
}
