import RiegelModel

/// Waivers laid over the findings of one host.
struct RiskAcceptance {
  /// The findings, each with the waivers that cover it.
  private(set) var findings: [Finding]
  /// Those whose scope takes in the host, in the site's order.
  private(set) var statuses: [WaiverStatus] = []

  init(_ findings: [Finding], _ membership: SiteMembership) {
    self.findings = findings
    let waivers = membership.site.waivers.filter { $0.scope.covers(membership.member) }
    let inForce = waivers.filter { $0.state(at: membership.now) == .inForce }
    for (index, finding) in findings.enumerated() where finding.outcome == .fail {
      self.findings[index].waiver = RiskAcceptance.cover(
        of: finding, by: inForce.filter { $0.rule == finding.rule })
    }
    statuses = waivers.map { status(of: $0, membership) }
  }

  /// Rules whose failure is wholly covered, with compensating measures.
  var compensated: Set<String> {
    Set(findings.filter { $0.waiver?.isCompensated == true }.map(\.rule))
  }

  private static func cover(of finding: Finding, by waivers: [Waiver]) -> FindingWaiver? {
    let subjects = finding.violatedSubjects
    let used = waivers.filter { waiver in
      waiver.finding == nil || subjects.contains { waiver.coversFinding($0) }
    }
    guard let expires = used.map(\.expires).min() else { return nil }
    let isWhole = used.contains { $0.finding == nil } || finding.isCovered(bySubjectOf: used)
    return FindingWaiver(
      waivers: used.map(\.id), isWhole: isWhole,
      isCompensated: isWhole && used.allSatisfy { !$0.measures.isEmpty }, expires: expires)
  }

  private func status(of waiver: Waiver, _ membership: SiteMembership) -> WaiverStatus {
    let state = waiver.state(at: membership.now)
    let failing = findings.filter { $0.rule == waiver.rule && $0.outcome == .fail }
    let violated = failing.flatMap(\.violatedSubjects)
    let subjects = violated.filter(waiver.coversFinding)
    // One that does not count any more covers nothing, although it would fit.
    let isUsed =
      state == .inForce && !failing.isEmpty && (waiver.finding == nil || !subjects.isEmpty)
    // What several hosts may use, one of them cannot call unused.
    let isMeant = waiver.scope == SiteScope(hosts: [membership.member.id])
    return WaiverStatus(
      waiver, state: state,
      concerns: WaiverStatus.concerns(
        waiver, isUnused: !isUsed && state == .inForce && isMeant, subjects: subjects),
      covers: isUsed ? [.init(host: membership.member.id, subjects: subjects)] : [])
  }
}

extension WaiverStatus {
  static func concerns(
    _ waiver: Waiver, isUnused: Bool, subjects: [String]
  ) -> [Concern] {
    var concerns: [Concern] = []
    if isUnused { concerns.append(.unused) }
    if waiver.scope.isWholeSite { concerns.append(.everyHost) }
    if waiver.finding == nil, subjects.count > 1 { concerns.append(.everyFinding) }
    if let finding = waiver.finding, finding.contains(where: { "*?[{".contains($0) }),
      subjects.count > 1
    {
      concerns.append(.wideFinding)
    }
    if waiver.measures.isEmpty { concerns.append(.noMeasures) }
    return concerns
  }
}

extension Waiver {
  /// Whether it covers a finding's subject; without a finding of its own, any.
  func coversFinding(_ subject: String) -> Bool {
    guard let finding else { return true }
    return finding == subject || Glob(finding).matches(text: subject)
  }
}

extension Finding {
  /// What is not as it has to be, each subject once, in order.
  var violatedSubjects: [String] {
    var seen: Set<String> = []
    return evidence.filter { $0.verdict == .violated && !$0.subject.isEmpty }.map(\.subject)
      .filter { seen.insert($0).inserted }
  }

  /// Whether waivers that name their findings leave nothing over. What names no row, or was not
  /// kept, can only be accepted as a whole.
  fileprivate func isCovered(bySubjectOf waivers: [Waiver]) -> Bool {
    let violated = evidence.filter { $0.verdict == .violated }
    if case .violated(let count) = reason, count > violated.count { return false }
    return !violated.isEmpty
      && violated.allSatisfy { row in
        !row.subject.isEmpty && waivers.contains { $0.coversFinding(row.subject) }
      }
  }
}
