package import RiegelModel

/// A host in its place in a site, at a moment: what of the site's records speaks about it.
package struct SiteMembership: Sendable {
  package let site: Site
  package let member: Site.Member
  package let zone: Site.Zone
  package let now: Instant

  /// nil if the site has no such zone, which its reader does not let pass.
  package init?(_ member: Site.Member, of site: Site, at now: Instant) {
    guard let zone = site.zone(member.zone) else { return nil }
    self.site = site
    self.member = member
    self.zone = zone
    self.now = now
  }

  /// What rules may ask about with `site:`. A property that does not hold is not there.
  package var properties: Plan.SiteProperties {
    var properties = ["zone": zone.id, "component-type": member.componentType.rawValue]
    if member.isEssential { properties["essential-function"] = "true" }
    return properties
  }

  /// The profile's id: the host's, else its zone's, else the site's.
  package var profile: String? { member.profile ?? zone.profile ?? site.profile }

  /// The zone's SL-T by the ids of foundational requirements.
  package func target(in library: Library) -> [String: SecurityLevel] {
    Dictionary(
      library.security.foundations.map { ($0.id, zone.target[$0.abbreviation] ?? .sl0) }
    ) { first, _ in first }
  }

  /// Parameter values of the site, then its zone, then the host. `${conduits}` stands for what the
  /// conduits allow to reach this host.
  package var overrides: [Override] {
    let flows = Arguments(["conduits": .init(.list(allowedFlows), .site(site.id))])
    func overrides(_ settings: [Profile.Setting], _ source: Arguments.Source) -> [Override] {
      settings.map {
        Override(
          rule: $0.rule, parameter: $0.parameter, value: $0.value.filled(from: flows),
          source: source, place: $0.place)
      }
    }
    return overrides(site.settings, .site(site.id)) + overrides(zone.settings, .site(zone.id))
      + overrides(member.settings, .host(member.id))
  }

  /// The services that conduits let others reach on this host, as entries of an allow list.
  package var allowedFlows: [Literal] {
    site.conduits.flatMap { conduit -> [Literal] in
      let reaches =
        conduit.to == zone.id || conduit.direction == .both && conduit.from == zone.id
      guard reaches else { return [] }
      return conduit.flows.filter { $0.hosts.isEmpty || $0.hosts.contains(member.id) }.map {
        flow in
        let ports = flow.ports
        var entries: [Literal.Entry] = [
          .init("proto", .text("\(flow.transport.rawValue)*")),
          .init(
            "port",
            .text(
              ports.count == 1
                ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)")),
        ]
        if let process = flow.process { entries.append(.init("process", .text(process))) }
        entries.append(.init("reason", .text("\(conduit.id): \(flow.reason.en)")))
        return .mapping(entries)
      }
    }
  }
}

extension Site {
  /// The host that an audited target is: by its machine's id, its name, or the id in the site.
  package func member(of identity: Audit.HostIdentity) -> Member? {
    if let id = identity.machineID, let found = members.first(where: { $0.machineID == id }) {
      return found
    }
    guard let name = identity.name else { return nil }
    let short = name.split(separator: ".").first.map(String.init) ?? name
    return members.first { $0.hostname == name } ?? members.first { $0.id == name }
      ?? members.first { $0.hostname == short } ?? members.first { $0.id == short }
  }
}
