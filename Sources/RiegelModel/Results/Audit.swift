/// One audit: everything a report needs, and nothing that it would have to look up.
package struct Audit: Sendable, Hashable {
  /// The version of this format, raised when a reader would have to know.
  package static let format = 1

  package struct HostIdentity: Sendable, Hashable {
    /// From `/etc/hostname`; nil if the target has none.
    package var name: String?
    /// From `/etc/machine-id`.
    package var machineID: String?
    /// `PRETTY_NAME` of `os-release(5)`.
    package var system: String?
    package var kernel: String?
    package init(name: String?, machineID: String?, system: String?, kernel: String?) {
      self.name = name
      self.machineID = machineID
      self.system = system
      self.kernel = kernel
    }
  }

  package struct ProfileInForce: Sendable, Hashable {
    package var id: String
    package var title: Localized
    /// No profile was named, so the default was taken.
    package var isDefault: Bool
    /// Level by foundational requirement id, `FR1`.
    package var target: [String: SecurityLevel]
    package init(
      id: String, title: Localized, isDefault: Bool, target: [String: SecurityLevel]
    ) {
      self.id = id
      self.title = title
      self.isDefault = isDefault
      self.target = target
    }
  }

  package var toolVersion: String
  package var contentHash: String
  package var host: HostIdentity
  package var targetAddress: String
  package var targetKind: TargetKind
  /// Whether the auditor had root's rights.
  package var isPrivileged: Bool
  package var startedAt: Instant
  package var componentType: ComponentType
  package var profile: ProfileInForce
  /// In order of rule ids.
  package var findings: [Finding]
  /// What the host can do (SL-C): failures count as they are.
  package var levels: [FoundationLevel]
  /// What is reached with risk acceptances (SL-A), one for each of `levels`; empty without a site.
  package var achieved: [AchievedLevel]
  package var measures: [MeasureStatus]
  package var threats: [ThreatStatus]
  package var catalogues: CatalogueExtract
  /// nil in audits that were saved before there was one.
  package var inventory: Inventory?
  package var norms: [NormStatus]
  /// The rows of the KBV directive that bind the site.
  package var directive: [DirectiveRowStatus]
  /// nil for a host audited without a site.
  package var site: SiteStatus?

  package init(
    toolVersion: String, contentHash: String, host: HostIdentity, targetAddress: String,
    targetKind: TargetKind, isPrivileged: Bool, startedAt: Instant, componentType: ComponentType,
    profile: ProfileInForce, findings: [Finding], levels: [FoundationLevel],
    achieved: [AchievedLevel] = [], measures: [MeasureStatus], threats: [ThreatStatus],
    norms: [NormStatus] = [], directive: [DirectiveRowStatus] = [], site: SiteStatus? = nil,
    catalogues: CatalogueExtract = CatalogueExtract(), inventory: Inventory? = nil
  ) {
    self.toolVersion = toolVersion
    self.contentHash = contentHash
    self.host = host
    self.targetAddress = targetAddress
    self.targetKind = targetKind
    self.isPrivileged = isPrivileged
    self.startedAt = startedAt
    self.componentType = componentType
    self.profile = profile
    self.findings = findings
    self.levels = levels
    self.achieved = achieved
    self.measures = measures
    self.threats = threats
    self.catalogues = catalogues
    self.inventory = inventory
    self.norms = norms
    self.directive = directive
    self.site = site
  }

  package func count(_ outcome: Outcome) -> Int {
    findings.reduce(0) { $0 + ($1.outcome == outcome ? 1 : 0) }
  }
}

/// What is known of a requirement, a measure or a threat.
package enum Standing: String, Sendable, Hashable {
  case refuted, evidenced, open
}

/// The level interval of one foundational requirement, with what limits each end.
package struct FoundationLevel: Sendable, Hashable {
  package struct RequirementStanding: Sendable, Hashable {
    package var id: String
    package var title: Localized
    package var level: SecurityLevel
    package var standing: Standing
    /// Rules that fail and so refute it, or whose verdict is missing.
    package var rules: [String]
    /// What keeps it open: nothing looks at it, a verdict is missing, or a person has to state it.
    package var openBecause: OpenReason?
    /// Evidenced because a person justified that it has no object here.
    package var isNotApplicable: Bool
    /// Where a requirement of 3-3 differs from its counterparts in 4-2.
    package var note: Localized?
    package init(
      id: String, title: Localized, level: SecurityLevel, standing: Standing, rules: [String],
      openBecause: OpenReason?, isNotApplicable: Bool = false, note: Localized? = nil
    ) {
      self.id = id
      self.title = title
      self.level = level
      self.standing = standing
      self.rules = rules
      self.openBecause = openBecause
      self.isNotApplicable = isNotApplicable
      self.note = note
    }
  }

  package enum OpenReason: String, Sendable, Hashable {
    /// No selected rule decides it.
    case noRule
    /// A deciding rule could not be decided or does not apply.
    case undecided
    /// What no scan can see of it is not attested.
    case notAttested
    /// A deciding rule fails, and the risk is accepted with compensating measures.
    case accepted
  }

  package var foundation: FoundationalRequirement
  /// The standard's name, `IEC 62443-4-2:2019`.
  package var catalogue: String
  /// The highest level of which everything is evidenced.
  package var floor: SecurityLevel
  /// The highest level of which nothing is refuted.
  package var ceiling: SecurityLevel
  package var target: SecurityLevel
  /// Up to level 4, in the order of the catalogue, each with its standing at the target level or,
  /// where it is asked for later, at its own.
  package var requirements: [RequirementStanding]
  /// The refuted requirements that keep the ceiling from being one level higher.
  package var limitsCeiling: [RequirementStanding]
  /// The requirements, refuted or open, that keep the floor from being one level higher.
  package var limitsFloor: [RequirementStanding]

  package init(
    foundation: FoundationalRequirement, catalogue: String, floor: SecurityLevel,
    ceiling: SecurityLevel, target: SecurityLevel, requirements: [RequirementStanding],
    limitsCeiling: [RequirementStanding], limitsFloor: [RequirementStanding]
  ) {
    self.foundation = foundation
    self.catalogue = catalogue
    self.floor = floor
    self.ceiling = ceiling
    self.target = target
    self.requirements = requirements
    self.limitsCeiling = limitsCeiling
    self.limitsFloor = limitsFloor
  }
}

/// The ceiling of a foundational requirement where accepted risks lift what they refute to open.
///
/// The floor is the same with and without: an acceptance shows nothing.
package struct AchievedLevel: Sendable, Hashable {
  package var foundation: String
  package var catalogue: String
  package var ceiling: SecurityLevel
  /// The requirements that acceptances lift, in the catalogue's order.
  package var lifted: [String]
  /// What keeps the ceiling from being one level higher all the same.
  package var limitsCeiling: [FoundationLevel.RequirementStanding]

  package init(
    foundation: String, catalogue: String, ceiling: SecurityLevel, lifted: [String],
    limitsCeiling: [FoundationLevel.RequirementStanding]
  ) {
    self.foundation = foundation
    self.catalogue = catalogue
    self.ceiling = ceiling
    self.lifted = lifted
    self.limitsCeiling = limitsCeiling
  }
}

/// A measure's standing from its rules; what a person has to state stays open until attested.
package struct MeasureStatus: Sendable, Hashable {
  package var id: String
  package var title: Localized
  package var section: Measure.Section
  package var standing: Standing
  package var failed: [String]
  package var undecided: [String]
  package var passed: Int
  /// Ids of the statements that are not attested.
  package var openStatements: [String]
  /// All statements that it asks of persons.
  package var statements: [StatementStatus]
  /// A person attested something of it, and findings say otherwise.
  package var isContradicted: Bool

  package init(
    id: String, title: Localized, section: Measure.Section, standing: Standing, failed: [String],
    undecided: [String], passed: Int, openStatements: [String],
    statements: [StatementStatus] = [], isContradicted: Bool = false
  ) {
    self.id = id
    self.title = title
    self.section = section
    self.standing = standing
    self.failed = failed
    self.undecided = undecided
    self.passed = passed
    self.openStatements = openStatements
    self.statements = statements
    self.isContradicted = isContradicted
  }
}

/// How exposed a host is to a threat, from the measures against it.
package struct ThreatStatus: Sendable, Hashable {
  package var id: String
  package var title: Localized
  package var standing: Standing
  /// Measures against it that are refuted.
  package var openedBy: [String]
  /// The failing rules of those measures, each once.
  package var rules: [String]

  package init(
    id: String, title: Localized, standing: Standing, openedBy: [String], rules: [String] = []
  ) {
    self.rules = rules
    self.id = id
    self.title = title
    self.standing = standing
    self.openedBy = openedBy
  }
}
