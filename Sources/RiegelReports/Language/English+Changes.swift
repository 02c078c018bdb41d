/// What is said of the aim, and of what changed between two audits.
extension English {
  func aimSummary(missed: Int, open: Int, of all: Int) -> String {
    let requirements =
      all == 1 ? "1 foundational requirement" : "\(number(all)) foundational requirements"
    if missed > 0 { return "The aim is missed in \(number(missed)) of \(requirements)." }
    if open > 0 {
      return "The aim is not refuted, but still open in \(number(open)) of \(requirements)."
    }
    return "The aim is evidenced in \(requirements)."
  }
  func comparedWith(_ moment: String) -> String { "Compared with the audit of \(moment)." }
  func stillFailed(_ count: Int) -> String {
    count == 1 ? "1 rule is still not met." : "\(number(count)) rules are still not met."
  }
  func notMetAmong(_ count: Int) -> String {
    count == 1 ? "1 rule is not met" : "\(number(count)) rules are not met"
  }
  func levelChange(_ before: String, _ now: String) -> String { "from \(before) to \(now)" }
}
