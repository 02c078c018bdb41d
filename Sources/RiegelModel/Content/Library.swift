/// Everything the content holds: rules, profiles, catalogues.
package struct Library: Sendable {
  /// In order of their ids.
  package var rules: [Rule]
  package var profiles: [Profile]
  package var security: SecurityCatalogue
  package var system: SystemCatalogue
  package var measures: MeasuresCatalogue
  package var threats: ThreatsCatalogue
  package var norms: NormsCatalogue
  package var directive: DirectiveCatalogue
  /// SHA-256 of the content's files in order of their paths, as hex digits.
  package var hash: String

  package init(
    rules: [Rule], profiles: [Profile], security: SecurityCatalogue, system: SystemCatalogue,
    measures: MeasuresCatalogue, threats: ThreatsCatalogue, norms: NormsCatalogue,
    directive: DirectiveCatalogue, hash: String
  ) {
    self.rules = rules
    self.profiles = profiles
    self.security = security
    self.system = system
    self.measures = measures
    self.threats = threats
    self.norms = norms
    self.directive = directive
    self.hash = hash
  }

  package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }
  package func profile(_ id: String) -> Profile? { profiles.first { $0.id == id } }
}
