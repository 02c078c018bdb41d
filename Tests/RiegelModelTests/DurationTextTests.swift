import RiegelModel
import Testing

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("0", 0), ("90", 90), ("45s", 45), ("15m", 900), ("1h30m", 5400), ("14d", 1_209_600),
    ("2w", 1_209_600), ("1d1h1m1s", 90_061), ("-1", -1), ("007m", 420),
  ])
  func aDurationIsRead(text: String, seconds: Int) {
    #expect(DurationText.parse(text) == seconds)
  }

  @Test(arguments: [
    "", "m", "1.5h", "15 m", "15M", "1h30", "d1", "1y", "٣m", "9223372036854775807w",
    "99999999999999999999", "9223372036854775807s1s", "-1m",
  ])
  func whatIsNoDurationIsNone(text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test(arguments: [
    (0, "0s"), (1, "1s"), (90, "90s"), (900, "15m"), (5400, "90m"), (7200, "2h"), (86_400, "1d"),
    (1_209_600, "14d"), (-60, "-1m"),
  ])
  func theLargestUnitThatDividesIsShown(seconds: Int, text: String) {
    #expect(DurationText.render(seconds) == text)
    if seconds >= 0 { #expect(DurationText.parse(text) == seconds) }
  }
}
