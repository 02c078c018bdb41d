import RiegelModel

/// What differs between an earlier audit and this one.
struct AuditChanges {
  /// Not met now, and not known to be before.
  var newlyFailed: [Finding] = []
  /// Not met before, and met now.
  var fixed: [Finding] = []
  /// Decided before, and not now: somebody can no longer tell.
  var newlyUndecided: [Finding] = []
  var stillFailed = 0
  /// Rules that only one of the two has.
  var added: [Finding] = []
  var removed: [Finding] = []
  var levels:
    [(foundation: FoundationalRequirement, before: FoundationLevel, now: FoundationLevel)] =
      []
  let previous: Audit
  let isOtherHost: Bool
  /// Other rules or another profile, so that a change need not be the host's.
  let isOtherContent: Bool

  init(from previous: Audit, to audit: Audit) {
    self.previous = previous
    isOtherHost =
      previous.host.machineID != audit.host.machineID || previous.host.name != audit.host.name
    isOtherContent =
      previous.contentHash != audit.contentHash || previous.profile.id != audit.profile.id
    let before = Dictionary(previous.findings.map { ($0.rule, $0) }) { first, _ in first }
    let now = Set(audit.findings.map(\.rule))
    for finding in audit.findings {
      guard let old = before[finding.rule] else {
        added.append(finding)
        if finding.outcome == .fail { newlyFailed.append(finding) }
        continue
      }
      switch (old.outcome, finding.outcome) {
      case (.fail, .fail): stillFailed += 1
      case (_, .fail): newlyFailed.append(finding)
      case (.fail, .pass): fixed.append(finding)
      case (.pass, _) where finding.outcome.isUndecided,
        (.fail, _) where finding.outcome.isUndecided:
        newlyUndecided.append(finding)
      default: break
      }
    }
    removed = previous.findings.filter { !now.contains($0.rule) }
    for level in audit.levels {
      guard
        let old = previous.levels.first(where: {
          $0.catalogue == level.catalogue && $0.foundation.id == level.foundation.id
        }), old.floor != level.floor || old.ceiling != level.ceiling
      else { continue }
      levels.append((level.foundation, old, level))
    }
  }
}
