import RiegelModel

/// Checks what profiles name against everything that was read: parents, topics, measures, rules,
/// parameters and their values.
struct ProfileChecks {
  var profiles: [Profile]
  var rules: [String: Rule]
  /// Ids of all rule files, so that a rule with a mistake of its own is no unknown rule besides.
  var ruleIDs: Set<String>
  var measures: MeasuresCatalogue
  let log: DiagnosticLog

  func run() {
    for profile in profiles {
      checkParent(of: profile)
      for selector in profile.selects + profile.excludes { check(selector, of: profile) }
      for setting in profile.settings { check(setting) }
    }
  }

  private func checkParent(of profile: Profile) {
    guard let parent = profile.parent else { return }
    guard profiles.contains(where: { $0.id == parent }) else {
      log.unknown("profile", parent, at: profile.place, among: profiles.map(\.id))
      return
    }
    var seen = [profile.id]
    var next = profile.parent
    while let id = next {
      if id == profile.id {
        log.error(
          "'\(profile.id)' extends itself: \((seen + [id]).joined(separator: " → "))",
          at: profile.place)
        return
      }
      // A ring further up is reported where it closes.
      if seen.contains(id) { return }
      seen.append(id)
      next = profiles.first { $0.id == id }?.parent
    }
  }

  private func check(_ selector: Profile.Selector, of profile: Profile) {
    switch selector {
    case .topic(let id):
      if measures.topic(id) == nil {
        log.unknown("topic", id, at: profile.place, among: measures.topics.map(\.id))
      }
    case .measure(let id):
      if !measures.measures.contains(where: { $0.id == id }) {
        log.unknown("measure", id, at: profile.place, among: measures.measures.map(\.id))
      }
    case .rule(let pattern):
      let isPattern = pattern.contains { "*?[{".contains($0) }
      if !isPattern, !ruleIDs.contains(pattern) {
        log.unknown("rule", pattern, at: profile.place, among: ruleIDs.sorted())
      }
    case .level, .severity: break
    }
  }

  private func check(_ setting: Profile.Setting) {
    guard ruleIDs.contains(setting.rule) else {
      log.unknown("rule", setting.rule, at: setting.place, among: ruleIDs.sorted())
      return
    }
    guard let rule = rules[setting.rule] else { return }
    guard let parameter = rule.parameters.first(where: { $0.name == setting.parameter }) else {
      log.unknown(
        "parameter", setting.parameter, at: setting.place, among: rule.parameters.map(\.name))
      return
    }
    if let problem = parameter.problem(with: setting.value) {
      log.error("'\(setting.parameter)': \(problem)", at: setting.place)
    }
  }
}

extension Profile.Selector {
  /// Whether the selector takes in a rule.
  func covers(
    _ rule: Rule, measures: MeasuresCatalogue, levels: [String: SecurityLevel]
  ) -> Bool {
    switch self {
    case .topic(let topic): rule.topic == topic
    case .measure(let id):
      measures.measures.first { $0.id == id }?.topics.contains(rule.topic) == true
    case .level(let level):
      (rule.decides + rule.supports).contains { (levels[$0] ?? .sl4) <= level }
    case .severity(let severity): rule.severity >= severity
    case .rule(let pattern): Glob(pattern).matches(text: rule.id)
    }
  }
}
