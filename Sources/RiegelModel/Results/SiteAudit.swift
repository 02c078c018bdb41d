/// Several audits of a site's hosts, and what they make of its zones.
package struct SiteAudit: Sendable, Hashable {
  /// The version of the form in which it is written down.
  package static let format = 1

  package var toolVersion: String
  package var contentHash: String
  package var moment: Instant
  package var id: String
  package var title: Localized
  /// In the order of the site's hosts.
  package var audits: [Audit]
  package var zones: [ZoneStatus]
  /// All of the site's, with what they cover on any host.
  package var waivers: [WaiverStatus]
  package var attestations: [AttestationStatus]

  package init(
    toolVersion: String, contentHash: String, moment: Instant, id: String, title: Localized,
    audits: [Audit], zones: [ZoneStatus], waivers: [WaiverStatus],
    attestations: [AttestationStatus]
  ) {
    self.toolVersion = toolVersion
    self.contentHash = contentHash
    self.moment = moment
    self.id = id
    self.title = title
    self.audits = audits
    self.zones = zones
    self.waivers = waivers
    self.attestations = attestations
  }
}

/// A zone's vector: the minimum over its hosts, with the host and requirement that keep it there.
package struct ZoneStatus: Sendable, Hashable {
  /// A host that keeps an end of the interval down, with the requirements that do so there.
  package struct Limit: Sendable, Hashable {
    package var host: String
    /// Empty for a host that was not audited.
    package var requirements: [FoundationLevel.RequirementStanding]
    package init(host: String, requirements: [FoundationLevel.RequirementStanding]) {
      self.host = host
      self.requirements = requirements
    }
  }

  package struct Interval: Sendable, Hashable {
    package var foundation: FoundationalRequirement
    package var catalogue: String
    package var target: SecurityLevel
    package var floor: SecurityLevel
    package var ceiling: SecurityLevel
    /// The ceiling with risk acceptances (SL-A).
    package var achieved: SecurityLevel
    package var limitsFloor: [Limit]
    package var limitsCeiling: [Limit]
    package init(
      foundation: FoundationalRequirement, catalogue: String, target: SecurityLevel,
      floor: SecurityLevel, ceiling: SecurityLevel, achieved: SecurityLevel,
      limitsFloor: [Limit], limitsCeiling: [Limit]
    ) {
      self.foundation = foundation
      self.catalogue = catalogue
      self.target = target
      self.floor = floor
      self.ceiling = ceiling
      self.achieved = achieved
      self.limitsFloor = limitsFloor
      self.limitsCeiling = limitsCeiling
    }
  }

  package var id: String
  package var title: Localized
  package var hosts: [String]
  /// Hosts of the zone that no audit was given of. Nothing is shown of them.
  package var notAudited: [String]
  package var intervals: [Interval]

  package init(
    id: String, title: Localized, hosts: [String], notAudited: [String], intervals: [Interval]
  ) {
    self.id = id
    self.title = title
    self.hosts = hosts
    self.notAudited = notAudited
    self.intervals = intervals
  }
}
