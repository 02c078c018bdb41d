import RiegelModel
import Testing

@Suite struct SiteModelTests {
  @Test(arguments: [
    ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"),
    ("2024-02-29", 12, "2025-02-28"), ("2026-11-24", 6, "2027-05-24"),
    ("2026-12-01", 1, "2027-01-01"), ("2026-03-31", 24, "2028-03-31"),
    ("2026-03-15", -3, "2025-12-15"),
  ])
  func monthsLater(_ start: String, _ months: Int, _ end: String) throws {
    #expect(try #require(Instant(start)).adding(months: months).date == end)
  }

  @Test func aDayEndsWithItsLastSecond() throws {
    let noon = try #require(Instant("2026-11-24T12:00:00Z"))
    #expect(noon.endOfDay.description == "2026-11-24T23:59:59Z")
    #expect(noon.endOfDay.endOfDay == noon.endOfDay)
  }

  @Test(arguments: [
    ("12 months", "12 months"), ("1 month", "1 month"), ("2 years", "24 months"),
    ("1 week", "7 days"), ("90 days", "90 days"),
  ])
  func validitiesAreRead(_ text: String, _ description: String) throws {
    let validity = try #require(Attestation.Validity(text))
    #expect(validity.description == description)
    #expect(Attestation.Validity(validity.description) == validity)
  }

  @Test(arguments: ["", "12", "months", "0 days", "-1 days", "12 moons", "1 2 days", "9999 years"])
  func whatIsNoValidity(_ text: String) { #expect(Attestation.Validity(text) == nil) }

  @Test(arguments: [
    ("Jana Brandt", "jana  brandt", true), ("Dr. Weber", "Dr. Kaya", false), ("a", "", false),
  ])
  func personsAreTheSame(_ a: String, _ b: String, _ isSame: Bool) {
    #expect(Waiver.isSamePerson(a, b) == isSame)
  }
}
