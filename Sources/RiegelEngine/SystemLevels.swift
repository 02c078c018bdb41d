import RiegelModel

/// The same interval for IEC 62443-3-3, which follows from 4-2 through the catalogue's
/// correspondence.
///
/// A system requirement is refuted by any counterpart that is, and evidenced if all of them are and
/// nothing of it lies beyond them. What the standard asks of systems alone only a person can state.
struct SystemLevels {
  let components: SecurityLevels
  let catalogue: SystemCatalogue
  let foundations: [FoundationalRequirement]
  let target: [String: SecurityLevel]

  var levels: [FoundationLevel] {
    foundations.map { foundation in
      let requirements = catalogue.requirements.filter { $0.foundation == foundation.id }
      return FoundationLevel(
        of: foundation, catalogue: catalogue.id, target: target[foundation.id] ?? .sl0,
        requirements: requirements.map { ($0, $0.level) }, standing: standing)
    }
  }

  private func standing(
    _ requirement: SystemCatalogue.SystemRequirement, _ level: SecurityLevel
  ) -> FoundationLevel.RequirementStanding {
    let counterparts = requirement.componentRequirements.compactMap(components.requirement)
    let parts = counterparts.map { components.standing($0, at: level) }
    func result(
      _ standing: Standing, _ rules: [String], _ reason: FoundationLevel.OpenReason? = nil,
      isNotApplicable: Bool = false
    ) -> FoundationLevel.RequirementStanding {
      var seen: Set<String> = []
      return .init(
        id: requirement.id, title: requirement.title, level: requirement.level,
        standing: standing, rules: rules.filter { seen.insert($0).inserted }, openBecause: reason,
        isNotApplicable: isNotApplicable, note: requirement.note)
    }
    let refuted = parts.filter { $0.standing == .refuted }
    if !refuted.isEmpty { return result(.refuted, refuted.flatMap(\.rules)) }
    if let accepted = parts.first(where: { $0.openBecause == .accepted }) {
      return result(.open, accepted.rules, .accepted)
    }
    if components.statements.notApplicable.contains(requirement.id) {
      return result(.evidenced, [], isNotApplicable: true)
    }
    let isAttested = components.statements.met.contains(requirement.id)
    if parts.isEmpty {
      return isAttested ? result(.evidenced, []) : result(.open, [], .notAttested)
    }
    if let open = parts.first(where: { $0.standing == .open }) {
      return result(.open, open.rules, open.openBecause)
    }
    let isCovered =
      requirement.hostEvidence == .direct
      || requirement.note == nil && counterparts.contains { $0.hostEvidence != .direct }
    if !isCovered, !isAttested { return result(.open, parts.flatMap(\.rules), .notAttested) }
    return result(
      .evidenced, parts.flatMap(\.rules), isNotApplicable: parts.allSatisfy(\.isNotApplicable))
  }
}
