package import RiegelModel
import SystemPackage

/// Tries rules on the hosts of their own examples, and on the laws that hold for every rule.
package struct RuleTrial: Sendable {
  /// Something that did not come out as stated.
  package struct Failure: Sendable, Hashable {
    package var rule: String
    /// The example's name, or the law.
    package var trial: String
    package var problem: String
    package var place: Place
  }

  private let probes: [ProbeDeclaration]

  package init(probes: [ProbeDeclaration]) { self.probes = probes }

  /// Every example, and the three laws; empty if all hold.
  package func failures(of rule: Rule) -> [Failure] {
    rule.examples.flatMap { failures(of: rule, on: $0) } + brokenLaws(of: rule)
  }

  /// An example comes out as stated, and its evidence shows what it is said to find.
  package func failures(of rule: Rule, on example: Example) -> [Failure] {
    func failure(_ problem: String) -> Failure {
      Failure(rule: rule.id, trial: example.name, problem: problem, place: example.place)
    }
    var arguments =
      example.level.map { Arguments(at: $0, of: rule) } ?? Arguments(at: .sl0, of: rule)
    for (name, value) in example.parameters {
      arguments.byName[name] = .init(value, .commandLine)
    }
    let finding: Finding
    do {
      finding = try judge(rule, arguments, on: example.target)
    } catch {
      return error.diagnostics.map { failure($0.summary) }
    }
    var failures: [Failure] = []
    if finding.outcome != example.outcome {
      failures.append(
        failure(
          "outcome is \(finding.outcome.rawValue), not \(example.outcome.rawValue)"
            + explanation(finding)))
    }
    if let finds = example.finds {
      let origins = finding.evidence.flatMap { evidence in
        [evidence.origin?.description].compactMap { $0 }
      }
      if !origins.contains(finds) {
        failures.append(failure("evidence shows \(origins), not \(finds)"))
      }
    }
    return failures
  }

  /// On a target of which nothing can be read no rule passes; on an empty tree a rule passes only
  /// if it expects absence.
  package func brokenLaws(of rule: Rule) -> [Failure] {
    var sealed = MemoryTarget(isRunning: true)
    sealed.seal = { .permissionDenied($0) }
    var uncollected = MemoryTarget(isRunning: false)
    uncollected.seal = { .notCollected($0) }
    var failures: [Failure] = []
    for level in [SecurityLevel.sl0] + SecurityLevel.claimable {
      let arguments = Arguments(at: level, of: rule)
      func pass(_ target: MemoryTarget) -> Bool {
        (try? judge(rule, arguments, on: target))?.outcome == .pass
      }
      func failure(_ law: String) -> Failure {
        Failure(
          rule: rule.id, trial: law, problem: "passes with the values of \(level.description)",
          place: rule.place)
      }
      if pass(sealed) { failures.append(failure("nothing can be read")) }
      if pass(uncollected) { failures.append(failure("nothing was collected")) }
      if !rule.check.canExpectAbsence,
        pass(MemoryTarget(isRunning: true)) || pass(MemoryTarget(isRunning: false))
      {
        failures.append(failure("the tree is empty"))
      }
    }
    return failures
  }

  /// Judges one rule on one target.
  package func judge(
    _ rule: Rule, _ arguments: Arguments, on target: MemoryTarget
  ) throws(ContentError) -> Finding {
    let selection = Selection(
      profile: .init(
        id: "trial", title: Localized(en: "Trial", de: "Probe"), isDefault: false, target: [:]),
      items: [.init(rule: rule, arguments: arguments)])
    return Auditor(try Plan(selection, probes: probes)).run(on: Host(target))[0]
  }

  private func explanation(_ finding: Finding) -> String {
    var parts: [String] = []
    if case .undecided(let errors) = finding.reason {
      parts = errors.map { "\($0)" }
    } else {
      parts = finding.evidence.prefix(6).map {
        "\($0.subject) \($0.field): expected \($0.expected), found \($0.found)"
          + ($0.origin.map { " at \($0.description)" } ?? "")
      }
    }
    return parts.isEmpty ? "" : ": " + parts.joined(separator: "; ")
  }
}

extension Check {
  /// Whether the check can rightly hold where there is nothing at all.
  fileprivate var canExpectAbsence: Bool {
    switch self {
    case .assertion(let assertion): assertion.canExpectAbsence
    case .all(let checks): checks.allSatisfy(\.canExpectAbsence)
    case .any(let checks): checks.contains(where: \.canExpectAbsence)
    case .none, .not: true
    case .manual: false
    }
  }
}

extension Assertion {
  fileprivate var canExpectAbsence: Bool {
    if case .parameter = source { return true }
    if case .site = source { return true }
    return switch quantifier {
    case .none, .allow: true
    case .count(let matcher): matcher.clauses.contains { $0.comparison != .atLeast }
    case .every(let matcher):
      missing == .pass
        || matcher.clauses.contains { $0.comparison == .absent || $0.comparison == .exists }
    case .some, .present: false
    }
  }
}
