/// How bad a harm would be, in the five levels that ISO 14971's annexes use as their example.
package enum HarmSeverity: String, Sendable, Hashable, CaseIterable {
  case negligible, minor, serious, critical, catastrophic
}

/// How likely a harm is, in the five levels that ISO 14971's annexes use as their example.
package enum HarmProbability: String, Sendable, Hashable, CaseIterable {
  case improbable, remote, occasional, probable, frequent
}

/// A risk as two words; their product is the manufacturer's or operator's to judge, not ours.
package struct RiskEstimate: Sendable, Hashable {
  package var severity: HarmSeverity
  package var probability: HarmProbability
  package init(_ severity: HarmSeverity, _ probability: HarmProbability) {
    self.severity = severity
    self.probability = probability
  }
}

/// A risk acceptance record: a finding that stays for a reason, until a day, with somebody who
/// answers for it. In the vocabulary of ISO 14971.
package struct Waiver: Sendable, Hashable {
  package var id: String
  package var rule: String
  package var scope: SiteScope
  /// The subject of the one finding that is accepted, with `*` and `?`; nil: whatever the rule finds.
  package var finding: String?
  package var reason: Localized
  package var hazard: Localized
  package var situation: Localized
  package var harm: Localized
  /// Before risk control and with the compensating measures in place (residual risk).
  package var before: RiskEstimate
  package var after: RiskEstimate
  /// The compensating measures. Without any, an acceptance does not lift SL-A.
  package var measures: [Localized]
  package var owner: String
  package var approver: String
  package var approved: Instant
  /// The last day on which it counts.
  package var expires: Instant
  package var place: Place

  package init(
    id: String, rule: String, scope: SiteScope = SiteScope(), finding: String? = nil,
    reason: Localized, hazard: Localized, situation: Localized, harm: Localized,
    before: RiskEstimate, after: RiskEstimate, measures: [Localized], owner: String,
    approver: String, approved: Instant, expires: Instant, place: Place
  ) {
    self.id = id
    self.rule = rule
    self.scope = scope
    self.finding = finding
    self.reason = reason
    self.hazard = hazard
    self.situation = situation
    self.harm = harm
    self.before = before
    self.after = after
    self.measures = measures
    self.owner = owner
    self.approver = approver
    self.approved = approved
    self.expires = expires
    self.place = place
  }

  package enum State: String, Sendable, Hashable, CaseIterable {
    case inForce, expired, selfApproved
    /// Approved on a day that is still to come.
    case notYet
  }

  /// Counts through the whole day `expires` in UTC and from the day of its approval on.
  package func state(at now: Instant) -> State {
    if Waiver.isSamePerson(owner, approver) { return .selfApproved }
    if now > expires.endOfDay { return .expired }
    return now < approved ? .notYet : .inForce
  }

  /// Names differ in case and blanks more often than persons do.
  package static func isSamePerson(_ a: String, _ b: String) -> Bool {
    func folded(_ name: String) -> [Substring] {
      name.lowercased().split { $0.isWhitespace }
    }
    return folded(a) == folded(b)
  }
}
