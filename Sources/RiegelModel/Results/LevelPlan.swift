/// The smallest set of steps that lifts a host to a level, and what no step of ours can do.
package struct LevelPlan: Sendable, Hashable {
  package static let format = 1

  package struct Step: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable, CaseIterable {
      /// Mend what a rule finds.
      case fix
      /// See to it that a rule can be decided: as root, on the running host, by a person.
      case decide
      /// State what no scan can see of a requirement.
      case attest
      /// No deciding rule applies here: justify that the requirement has no object, or show it.
      case justify
    }

    package var action: Action
    /// The rule's id or the requirement's.
    package var id: String
    package var title: Localized
    package var severity: Severity?
    package var remediation: Remediation?
    /// The parameter values that the level asks for, of those that differ between levels.
    package var settings: [ParameterInForce]
    /// The requirements that stay unmet without it.
    package var requirements: [String]
    /// What it raises when taken after all steps before it.
    package var raises: [Gain]
    /// Its risk is accepted for now: SL-A does not need it, SL-C does.
    package var isAccepted: Bool

    package init(
      action: Action, id: String, title: Localized, severity: Severity? = nil,
      remediation: Remediation? = nil, settings: [ParameterInForce] = [], requirements: [String],
      raises: [Gain] = [], isAccepted: Bool = false
    ) {
      self.action = action
      self.id = id
      self.title = title
      self.severity = severity
      self.remediation = remediation
      self.settings = settings
      self.requirements = requirements
      self.raises = raises
      self.isAccepted = isAccepted
    }
  }

  /// An interval before and after.
  package struct Gain: Sendable, Hashable {
    package var foundation: FoundationalRequirement
    package var floorBefore: SecurityLevel
    package var ceilingBefore: SecurityLevel
    package var floor: SecurityLevel
    package var ceiling: SecurityLevel
    package init(
      foundation: FoundationalRequirement, floorBefore: SecurityLevel,
      ceilingBefore: SecurityLevel, floor: SecurityLevel, ceiling: SecurityLevel
    ) {
      self.foundation = foundation
      self.floorBefore = floorBefore
      self.ceilingBefore = ceilingBefore
      self.floor = floor
      self.ceiling = ceiling
    }

    package var isRise: Bool { floor > floorBefore || ceiling > ceilingBefore }
  }

  /// A requirement that a scan of a host does not show, or not wholly.
  package struct Unseen: Sendable, Hashable {
    package var id: String
    package var title: Localized
    package var level: SecurityLevel
    package var evidence: Requirement.HostEvidence
    package var isAttested: Bool
    package init(
      id: String, title: Localized, level: SecurityLevel, evidence: Requirement.HostEvidence,
      isAttested: Bool
    ) {
      self.id = id
      self.title = title
      self.level = level
      self.evidence = evidence
      self.isAttested = isAttested
    }
  }

  package var host: String?
  package var level: SecurityLevel
  /// In the order in which to take them.
  package var steps: [Step]
  /// Requirements of the level that no rule decides: they keep the floor down whatever is done.
  package var withoutRule: [FoundationLevel.RequirementStanding]
  package var unseen: [Unseen]
  /// The foundational requirements asked about, as they stand and after all steps.
  package var outlook: [Gain]

  package init(
    host: String?, level: SecurityLevel, steps: [Step],
    withoutRule: [FoundationLevel.RequirementStanding], unseen: [Unseen], outlook: [Gain]
  ) {
    self.host = host
    self.level = level
    self.steps = steps
    self.withoutRule = withoutRule
    self.unseen = unseen
    self.outlook = outlook
  }
}
