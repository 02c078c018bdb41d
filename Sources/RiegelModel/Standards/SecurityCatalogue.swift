/// The requirements of IEC 62443-4-2 by number, with short titles and levels: facts about the
/// standard, none of its text.
package struct SecurityCatalogue: Sendable, Hashable {
  package var id: String
  /// `IEC 62443-4-2:2019`.
  package var standard: String
  package var foundations: [FoundationalRequirement]
  package var requirements: [Requirement]
  package var place: Place

  package init(
    id: String, standard: String, foundations: [FoundationalRequirement],
    requirements: [Requirement], place: Place
  ) {
    self.id = id
    self.standard = standard
    self.foundations = foundations
    self.requirements = requirements
    self.place = place
  }

  package subscript(id: String) -> Requirement? { requirements.first { $0.id == id } }
}

/// One of the seven foundational requirements.
package struct FoundationalRequirement: Sendable, Hashable {
  /// `FR1`.
  package var id: String
  /// `IAC`, the key in a target vector.
  package var abbreviation: String
  package var title: Localized

  package init(id: String, abbreviation: String, title: Localized) {
    self.id = id
    self.abbreviation = abbreviation
    self.title = title
  }
}

/// A requirement or requirement enhancement.
package struct Requirement: Sendable, Hashable {
  /// How much of it a read-only scan of one host can show.
  package enum HostEvidence: String, Sendable, Hashable, CaseIterable {
    case direct, partial, none
  }

  /// `CR 1.1 RE 1`, `HDR 3.2`.
  package var id: String
  package var title: Localized
  /// The foundational requirement's id, `FR1`.
  package var foundation: String
  /// The lowest level that asks for it.
  package var level: SecurityLevel
  /// The component types it binds.
  package var componentTypes: [ComponentType]
  package var hostEvidence: HostEvidence
  /// Its counterparts in IEC 62443-3-3.
  package var counterparts: [String]

  package init(
    id: String, title: Localized, foundation: String, level: SecurityLevel,
    componentTypes: [ComponentType], hostEvidence: HostEvidence, counterparts: [String]
  ) {
    self.id = id
    self.title = title
    self.foundation = foundation
    self.level = level
    self.componentTypes = componentTypes
    self.hostEvidence = hostEvidence
    self.counterparts = counterparts
  }
}

/// What kind of component a host is, in the words of IEC 62443-4-2.
package enum ComponentType: String, Sendable, Hashable, CaseIterable {
  case softwareApplication = "SAR"
  case embeddedDevice = "EDR"
  case hostDevice = "HDR"
  case networkDevice = "NDR"

  /// The requirement that a citation means on a component of this type: rules cite `HDR x.y`, which
  /// stands for the requirement of the same number of the host's own type.
  package func requirement(for citation: String) -> String {
    for type in ComponentType.allCases where citation.hasPrefix(type.rawValue + " ") {
      return rawValue + citation.dropFirst(3)
    }
    return citation
  }
}
