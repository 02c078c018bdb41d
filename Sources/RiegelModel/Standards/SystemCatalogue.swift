/// The requirements of IEC 62443-3-3, reached from 4-2 through the catalogue's correspondence.
package struct SystemCatalogue: Sendable, Hashable {
  package struct SystemRequirement: Sendable, Hashable {
    package var id: String
    package var title: Localized
    package var foundation: String
    package var level: SecurityLevel
    /// Counterparts in 4-2; empty where there is none.
    package var componentRequirements: [String]
    /// Where levels or content of the counterpart differ.
    package var note: Localized?
    package var hostEvidence: Requirement.HostEvidence
    package init(
      id: String, title: Localized, foundation: String, level: SecurityLevel,
      componentRequirements: [String], note: Localized?, hostEvidence: Requirement.HostEvidence
    ) {
      self.id = id
      self.title = title
      self.foundation = foundation
      self.level = level
      self.componentRequirements = componentRequirements
      self.note = note
      self.hostEvidence = hostEvidence
    }
  }

  package var id: String
  package var standard: String
  package var requirements: [SystemRequirement]
  package var place: Place

  package init(
    id: String, standard: String, requirements: [SystemRequirement], place: Place
  ) {
    self.id = id
    self.standard = standard
    self.requirements = requirements
    self.place = place
  }
}
