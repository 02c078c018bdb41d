import RiegelModel

/// Checks what profiles name against everything that was read: parents, topics, measures, rules,
/// parameters and their values.
struct ProfileChecks {
  var profiles: [Profile]
  var rules: [String: Rule]
  /// Ids of all rule files, so that a rule with a mistake of its own is no unknown rule besides.
  var ruleIDs: Set<String>
  var measures: MeasuresCatalogue
  /// What the profiles were read from, for the places of their parts.
  var documents: [String: Node]
  let log: DiagnosticLog

  func run() {
    for profile in profiles {
      checkParent(of: profile)
      for (key, selectors) in [("select", profile.selects), ("exclude", profile.excludes)] {
        for (index, selector) in selectors.enumerated() {
          check(selector, at: documents.place(ofSelector: index, under: key, in: profile))
        }
      }
      for setting in profile.settings { check(setting) }
    }
  }

  private func checkParent(of profile: Profile) {
    guard let parent = profile.parent else { return }
    let place = documents[profile.id]?["extends"]?.place ?? profile.place
    guard profiles.contains(where: { $0.id == parent }) else {
      log.unknown("profile", parent, at: place, among: profiles.map(\.id))
      return
    }
    var seen = [profile.id]
    var next = profile.parent
    while let id = next {
      if id == profile.id {
        log.error(
          "'\(profile.id)' extends itself: \((seen + [id]).joined(separator: " → "))",
          at: place)
        return
      }
      // A ring further up is reported where it closes.
      if seen.contains(id) { return }
      seen.append(id)
      next = profiles.first { $0.id == id }?.parent
    }
  }

  private func check(_ selector: Profile.Selector, at place: Place) {
    switch selector {
    case .topic(let id):
      if measures.topic(id) == nil {
        log.unknown("topic", id, at: place, among: measures.topics.map(\.id))
      }
    case .measure(let id):
      if !measures.measures.contains(where: { $0.id == id }) {
        log.unknown("measure", id, at: place, among: measures.measures.map(\.id))
      }
    case .rule(let pattern):
      let isPattern = pattern.contains { "*?[{".contains($0) }
      if !isPattern, !ruleIDs.contains(pattern) {
        log.unknown("rule", pattern, at: place, among: ruleIDs.sorted())
      }
    case .level, .severity: break
    }
  }

  private func check(_ setting: Profile.Setting) {
    guard ruleIDs.contains(setting.rule) else {
      log.unknown("rule", setting.rule, at: setting.place, among: ruleIDs.sorted())
      return
    }
    if let rule = rules[setting.rule] { checkSetting(setting, of: rule, log) }
  }
}

/// Whether a rule has such a parameter, and whether the value fits it.
func checkSetting(_ setting: Profile.Setting, of rule: Rule, _ log: DiagnosticLog) {
  guard let parameter = rule.parameters.first(where: { $0.name == setting.parameter }) else {
    log.unknown(
      "parameter", setting.parameter, at: setting.place, among: rule.parameters.map(\.name))
    return
  }
  if let problem = parameter.problem(with: setting.value) {
    log.error("'\(setting.parameter)': \(problem)", at: setting.place)
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

extension [String: Node] {
  /// Where a profile's selector stands; the profile itself if its document is not there.
  func place(ofSelector index: Int, under key: String, in profile: Profile) -> Place {
    let items = self[profile.id]?[key]?.items ?? []
    return items.indices.contains(index) ? items[index].place : profile.place
  }
}
