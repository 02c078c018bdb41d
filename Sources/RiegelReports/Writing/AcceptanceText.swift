import RiegelModel

/// What persons accepted of a finding's risk, in plain lines of one language.
///
/// A failure has two results, one as it is and one with acceptances. A report shows both, and it
/// shows those records too that speak to a failure and count for nothing.
struct AcceptanceText {
  let words: any SitePhrases
  private let language: Language
  private let all: [WaiverStatus]

  init(_ audit: Audit, _ language: Language) {
    words = language.sitePhrases
    self.language = language
    all = audit.site?.waivers ?? []
  }

  /// `Accepted: until 31 December 2026 (ecg-root-login)`; nil where nothing in force covers it.
  func sentence(_ finding: Finding) -> String? {
    finding.waiver.map { waiver in
      let accepted = words.accepted(
        words.day(waiver.expires), waiver.waivers, isWhole: waiver.isWhole,
        lifts: waiver.isCompensated)
      return VisibleText.escaped("\(words.labelAccepted): \(accepted)")
    }
  }

  /// The sentence with those who approved it.
  func summary(_ finding: Finding) -> String? {
    sentence(finding).map { sentence in
      let approvers = approvers(finding)
      return approvers.isEmpty
        ? sentence
        : "\(sentence); \(words.labelApprover): \(approvers.joined(separator: ", "))"
    }
  }

  /// Who approved what covers a failure, each once.
  func approvers(_ finding: Finding) -> [String] {
    covering(finding).map { VisibleText.escaped($0.waiver.approver) }
      .reduce(into: []) { names, name in
        if !names.contains(name) { names.append(name) }
      }
  }

  /// The records in force that cover a failure.
  func covering(_ finding: Finding) -> [WaiverStatus] {
    guard let waiver = finding.waiver else { return [] }
    return all.filter { waiver.waivers.contains($0.waiver.id) }
  }

  /// The records for a failing rule that count for nothing: expired, self-approved, not yet.
  func idle(_ finding: Finding) -> [WaiverStatus] {
    guard finding.outcome == .fail else { return [] }
    return all.filter { $0.waiver.rule == finding.rule && $0.state != .inForce }
  }

  /// A record on one line: its state, why, and who answers for it.
  func line(_ status: WaiverStatus) -> String {
    let waiver = status.waiver
    return VisibleText.escaped(
      "\(waiver.id): \(words.text(of: status)). \(words.labelReason): \(waiver.reason[language])"
        + " \(words.labelOwner): \(waiver.owner). \(words.labelApprover): \(waiver.approver).")
  }

  /// All that there is to say of a finding.
  func lines(_ finding: Finding) -> [String] {
    (sentence(finding).map { [$0] } ?? []) + (covering(finding) + idle(finding)).map(line)
  }
}

extension Finding {
  /// A failure whose risk is accepted as a whole; it does not count for the exit status.
  var isAccepted: Bool { outcome == .fail && !isUnaccepted }
}
