import RiegelModel

/// The verdict on a whole audit in a sentence.
struct VerdictText {
  enum Kind: Sendable, Hashable {
    case failed, undecided, nothingApplied, passed
  }

  let kind: Kind
  private let failed: Int
  private let undecided: Int
  private let applicable: Int
  private let critical: Int

  init(_ audit: Audit) {
    failed = audit.count(.fail)
    undecided = audit.count(.error) + audit.count(.notCollected) + audit.count(.manual)
    applicable = audit.findings.count - audit.count(.notApplicable)
    critical = audit.findings.count { $0.outcome == .fail && $0.severity == .critical }
    kind =
      failed > 0
      ? .failed : applicable == 0 ? .nothingApplied : undecided > 0 ? .undecided : .passed
  }

  func sentence(_ phrases: any Phrases) -> String {
    switch kind {
    case .failed: phrases.verdictFailed(failed, of: applicable, critical: critical)
    case .undecided: phrases.verdictUndecided(undecided)
    case .nothingApplied: phrases.verdictNothingApplied
    case .passed: phrases.verdictPassed(applicable)
    }
  }

  /// What has to be said beside a failure; nil where there is nothing.
  func more(_ phrases: any Phrases) -> String? {
    kind == .failed && undecided > 0 ? phrases.verdictUndecidedToo(undecided) : nil
  }
}
