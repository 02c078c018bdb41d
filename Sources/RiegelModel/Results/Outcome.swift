/// The verdict on a rule. A waiver lies over a failure and is never an outcome.
package enum Outcome: String, Sendable, Hashable, CaseIterable {
  case pass, fail, notApplicable, notCollected, error, manual
}

extension Outcome {
  /// All have to hold: fail > error > notCollected > manual > pass.
  ///
  /// A part that is not applicable says nothing; if all are, so is the whole.
  package static func all(_ parts: some Sequence<Outcome>) -> Outcome {
    strongest(parts, [.fail, .error, .notCollected, .manual, .pass])
  }

  /// One has to hold: pass > error > notCollected > manual > fail.
  package static func any(_ parts: some Sequence<Outcome>) -> Outcome {
    strongest(parts, [.pass, .error, .notCollected, .manual, .fail])
  }

  /// What holds does not and the reverse; what is undecided stays so.
  package var negated: Outcome {
    switch self {
    case .pass: .fail
    case .fail: .pass
    case .notApplicable, .notCollected, .error, .manual: self
    }
  }

  /// Neither passed nor failed, although the rule applies.
  package var isUndecided: Bool {
    switch self {
    case .notCollected, .error, .manual: true
    case .pass, .fail, .notApplicable: false
    }
  }

  private static func strongest(_ parts: some Sequence<Outcome>, _ order: [Outcome]) -> Outcome {
    let present = Set(parts)
    return order.first(where: present.contains) ?? .notApplicable
  }
}
