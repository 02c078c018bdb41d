package import RiegelModel

extension SiteAudit {
  /// Puts audits of a site's hosts together; each has been assessed in the site before.
  package init(
    _ audits: [Audit], of site: Site, library: Library, toolVersion: String, at moment: Instant
  ) {
    let order = Dictionary(site.members.enumerated().map { ($1.id, $0) }) { first, _ in first }
    let sorted = audits.sorted {
      order[$0.site?.host ?? "", default: .max] < order[$1.site?.host ?? "", default: .max]
    }
    self.init(
      toolVersion: toolVersion, contentHash: library.hash, moment: moment, id: site.id,
      title: site.title, audits: sorted,
      zones: site.zones.map { ZoneStatus($0, of: site, sorted, library.security.foundations) },
      waivers: site.waivers.map { WaiverStatus($0, of: site, sorted, at: moment) },
      attestations: site.attestations.map { AttestationStatus($0, sorted, at: moment) })
  }
}

extension ZoneStatus {
  /// The minimum over the zone's hosts. Of a host that nobody audited nothing is shown, so it
  /// holds the floor at SL0, and nothing is refuted, so it leaves the ceiling alone.
  fileprivate init(
    _ zone: Site.Zone, of site: Site, _ audits: [Audit], _ foundations: [FoundationalRequirement]
  ) {
    let members = site.members.filter { $0.zone == zone.id }.map(\.id)
    let own = audits.filter { $0.site?.zone == zone.id }
    let missing = members.filter { id in !own.contains { $0.site?.host == id } }
    var catalogues: [String] = []
    for level in own.flatMap(\.levels) where !catalogues.contains(level.catalogue) {
      catalogues.append(level.catalogue)
    }
    var intervals: [Interval] = []
    for catalogue in catalogues {
      for foundation in foundations {
        let hosts = own.compactMap { audit in
          audit.levels.first {
            $0.catalogue == catalogue && $0.foundation.id == foundation.id
          }.map { (host: audit.site?.host ?? "", level: $0) }
        }
        let achieved = own.compactMap { audit in
          audit.achieved.first {
            $0.catalogue == catalogue && $0.foundation == foundation.id
          }?.ceiling
        }
        guard let lowest = hosts.map(\.level.floor).min(),
          let ceiling = hosts.map(\.level.ceiling).min(), let reached = achieved.min()
        else { continue }
        let floor = missing.isEmpty ? lowest : .sl0
        intervals.append(
          Interval(
            foundation: foundation, catalogue: catalogue,
            target: zone.target[foundation.abbreviation] ?? .sl0, floor: floor, ceiling: ceiling,
            achieved: reached,
            limitsFloor: floor == .sl4
              ? []
              : hosts.filter { $0.level.floor == floor }.map {
                Limit(host: $0.host, requirements: $0.level.limitsFloor)
              } + missing.map { Limit(host: $0, requirements: []) },
            limitsCeiling: ceiling == .sl4
              ? []
              : hosts.filter { $0.level.ceiling == ceiling }.map {
                Limit(host: $0.host, requirements: $0.level.limitsCeiling)
              }))
      }
    }
    self.init(
      id: zone.id, title: zone.title, hosts: members, notAudited: missing, intervals: intervals)
  }
}

extension WaiverStatus {
  /// Over all audited hosts. It is called unused only if every host of its scope was audited.
  fileprivate init(_ waiver: Waiver, of site: Site, _ audits: [Audit], at moment: Instant) {
    let own = audits.compactMap { audit in
      audit.site?.waivers.first { $0.waiver.id == waiver.id }
    }
    let covers = own.flatMap(\.covers)
    let state = waiver.state(at: moment)
    let scope = site.members.filter(waiver.scope.covers)
    let isSeen = scope.allSatisfy { member in audits.contains { $0.site?.host == member.id } }
    var concerns = Set(own.flatMap(\.concerns))
    concerns.remove(.unused)
    if state == .inForce, covers.isEmpty, isSeen { concerns.insert(.unused) }
    if waiver.scope.isWholeSite { concerns.insert(.everyHost) }
    if waiver.measures.isEmpty { concerns.insert(.noMeasures) }
    self.init(
      waiver, state: state, concerns: Concern.allCases.filter(concerns.contains), covers: covers)
  }
}

extension AttestationStatus {
  /// Over all audited hosts: one that contradicts it is enough.
  fileprivate init(_ attestation: Attestation, _ audits: [Audit], at moment: Instant) {
    let own = audits.compactMap { audit in
      audit.site?.attestations.first { $0.attestation.id == attestation.id }
    }
    let contradicting = Set(own.flatMap(\.contradictedBy)).sorted()
    self.init(
      attestation,
      state: contradicting.isEmpty ? attestation.state(at: moment) : .contradicted,
      contradictedBy: contradicting)
  }
}

extension Site {
  /// The site's waivers and attestations by the calendar alone, before any host is looked at.
  package func waiverStatuses(at moment: Instant) -> [WaiverStatus] {
    waivers.map { waiver in
      var status = WaiverStatus(waiver, of: self, [], at: moment)
      status.concerns.removeAll { $0 == .unused }
      return status
    }
  }

  package func attestationStatuses(at moment: Instant) -> [AttestationStatus] {
    attestations.map { AttestationStatus($0, [], at: moment) }
  }
}

extension MeasuresCatalogue {
  /// What became of every statement that the measures ask for, in the catalogue's order.
  package func statements(
    _ attestations: [AttestationStatus]
  ) -> [(measure: Measure, status: StatementStatus)] {
    measures.flatMap { measure in
      measure.statements.map { (measure, attestations.status(of: $0)) }
    }
  }
}
