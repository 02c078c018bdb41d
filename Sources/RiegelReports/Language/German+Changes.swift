/// What is said of the aim, and of what changed between two audits.
extension German {
  func aimSummary(missed: Int, open: Int, of all: Int) -> String {
    let requirements = all == 1 ? "1 Grundanforderung" : "\(number(all)) Grundanforderungen"
    if missed > 0 { return "Das Ziel ist in \(number(missed)) von \(requirements) verfehlt." }
    if open > 0 {
      return "Das Ziel ist nicht widerlegt, aber in \(number(open)) von \(requirements) offen."
    }
    return "Das Ziel ist in \(requirements) belegt."
  }
  func comparedWith(_ moment: String) -> String { "Verglichen mit der Prüfung vom \(moment)." }
  func stillFailed(_ count: Int) -> String {
    count == 1
      ? "1 Regel ist weiterhin nicht erfüllt."
      : "\(number(count)) Regeln sind weiterhin nicht erfüllt."
  }
  func notMetAmong(_ count: Int) -> String {
    count == 1 ? "1 Regel ist nicht erfüllt" : "\(number(count)) Regeln sind nicht erfüllt"
  }
  func levelChange(_ before: String, _ now: String) -> String { "von \(before) auf \(now)" }
}
