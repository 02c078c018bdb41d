import RiegelModel
import Testing

@Suite struct InstantTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("2026-11-24", 1_795_478_400), ("2000-02-29", 951_782_400),
    ("1969-12-31", -86_400), ("2026-11-24T08:34:11Z", 1_795_509_251),
    ("2026-11-24 08:34:11Z", 1_795_509_251), ("2026-11-24T08:34:11.25Z", 1_795_509_251),
    ("2026-11-24T09:34:11+01:00", 1_795_509_251), ("2026-11-24T03:04:11-05:30", 1_795_509_251),
    ("2016-12-31T23:59:60Z", 1_483_228_800), ("0001-01-01", -62_135_596_800),
  ])
  func aDateIsRead(text: String, seconds: Int) {
    #expect(Instant(text)?.seconds == seconds)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01", "2026-00-01", "2026-02-29", "1900-02-29", "2026-04-31", "2026-1-01",
    "2026-11-24T", "2026-11-24T24:00:00Z", "2026-11-24T08:60:00Z", "2026-11-24T08:34:61Z",
    "2026-11-24T08:34:11", "2026-11-24T08:34:11z", "2026-11-24T08:34:11Zx", "2026/11/24",
    "2026-11-24T08:34:11+0100", "2026-11-24T08:34:11+1:00", "2026-11-24x08:34:11Z", "+026-11-24",
    "2026-11-24T08:34:11+24:00", "2026-11-24T08:34:11+01:60", "2026-11-24T08:34:11.Z",
    "２０２６-11-24", "2026-11-24T08-34-11Z",
  ])
  func whatIsNoDateIsNone(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test func writingAndReadingAreInverse() {
    for seconds in stride(from: -62_135_596_800, through: 250_000_000_000, by: 7_777_777_777) {
      let instant = Instant(seconds: seconds)
      #expect(Instant(instant.description) == instant)
    }
    for day in -1000...40_000 {
      #expect(Instant(Instant(day: day).date) == Instant(day: day))
    }
  }

  @Test func instantsAreOrderedAndShown() {
    #expect(Instant(day: 1) < Instant(day: 2))
    #expect(Instant(seconds: -1).description == "1969-12-31T23:59:59Z")
    #expect(Instant(day: 20_781).date == "2026-11-24")
  }
}
