/// For whom, to which level, which rules, with which values.
package struct Profile: Sendable, Hashable {
  /// What a profile takes in or leaves out.
  package enum Selector: Sendable, Hashable {
    case topic(String)
    case measure(String)
    /// Rules citing a requirement that this level asks for.
    case level(SecurityLevel)
    /// Rules of at least this severity.
    case severity(Severity)
    /// A rule id, with `*` and `?`.
    case rule(String)
  }

  package struct Setting: Sendable, Hashable {
    package var rule: String
    package var parameter: String
    package var value: Literal
    package var place: Place
    package init(rule: String, parameter: String, value: Literal, place: Place) {
      self.rule = rule
      self.parameter = parameter
      self.value = value
      self.place = place
    }
  }

  package var id: String
  package var title: Localized
  package var description: Localized
  package var parent: String?
  /// The level aimed at per foundational requirement abbreviation (`IAC`); empty inherits.
  package var target: [String: SecurityLevel]
  package var selects: [Selector]
  package var excludes: [Selector]
  package var settings: [Setting]
  package var place: Place

  package init(
    id: String, title: Localized, description: Localized, parent: String?,
    target: [String: SecurityLevel], selects: [Selector], excludes: [Selector],
    settings: [Setting], place: Place
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.parent = parent
    self.target = target
    self.selects = selects
    self.excludes = excludes
    self.settings = settings
    self.place = place
  }
}
