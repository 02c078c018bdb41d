/// A clinic as it describes itself in `site.yaml`: zones, hosts, the flows allowed between zones,
/// and what persons accept and attest.
package struct Site: Sendable, Hashable {
  /// Hosts that are to be protected alike (IEC 62443-3-2).
  package struct Zone: Sendable, Hashable {
    package var id: String
    package var title: Localized
    /// The level aimed at (SL-T) by the abbreviation of the foundational requirement.
    package var target: [String: SecurityLevel]
    package var profile: String?
    package var settings: [Profile.Setting]
    package var place: Place

    package init(
      id: String, title: Localized, target: [String: SecurityLevel], profile: String? = nil,
      settings: [Profile.Setting] = [], place: Place
    ) {
      self.id = id
      self.title = title
      self.target = target
      self.profile = profile
      self.settings = settings
      self.place = place
    }
  }

  package struct Member: Sendable, Hashable {
    package var id: String
    package var title: Localized?
    package var zone: String
    package var profile: String?
    package var componentType: ComponentType
    /// Whether care depends on it; rules ask with `site: essential-function`.
    package var isEssential: Bool
    /// What `/etc/hostname` says there; nil: the id.
    package var hostname: String?
    package var machineID: String?
    /// Where it is audited, or where its saved audit lies; paths begin at the site's folder.
    package var target: String?
    package var settings: [Profile.Setting]
    package var place: Place

    package init(
      id: String, title: Localized? = nil, zone: String, profile: String? = nil,
      componentType: ComponentType = .hostDevice, isEssential: Bool = false,
      hostname: String? = nil, machineID: String? = nil, target: String? = nil,
      settings: [Profile.Setting] = [], place: Place
    ) {
      self.target = target
      self.id = id
      self.title = title
      self.zone = zone
      self.profile = profile
      self.componentType = componentType
      self.isEssential = isEssential
      self.hostname = hostname
      self.machineID = machineID
      self.settings = settings
      self.place = place
    }
  }

  /// What may flow from one zone to another (IEC 62443-3-2 calls the way a conduit).
  package struct Conduit: Sendable, Hashable {
    package enum Direction: String, Sendable, Hashable, CaseIterable {
      /// Connections are opened from `from` to `to` only.
      case forward
      case both
    }
    /// A service that the other side may open connections to.
    package struct Flow: Sendable, Hashable {
      package enum Transport: String, Sendable, Hashable, CaseIterable { case tcp, udp }

      package var transport: Transport
      package var ports: ClosedRange<Int>
      /// The hosts that offer it; empty: every host of the zone.
      package var hosts: [String]
      package var process: String?
      package var reason: Localized
      package var place: Place

      package init(
        transport: Transport, ports: ClosedRange<Int>, hosts: [String] = [],
        process: String? = nil, reason: Localized, place: Place
      ) {
        self.transport = transport
        self.ports = ports
        self.hosts = hosts
        self.process = process
        self.reason = reason
        self.place = place
      }
    }

    package var id: String
    /// A zone, or `outside` for whatever belongs to none.
    package var from: String
    package var to: String
    package var direction: Direction
    package var flows: [Flow]
    package var place: Place

    package init(
      id: String, from: String, to: String, direction: Direction = .forward, flows: [Flow],
      place: Place
    ) {
      self.id = id
      self.from = from
      self.to = to
      self.direction = direction
      self.flows = flows
      self.place = place
    }
  }

  /// The other end of a conduit that leads out of the site.
  package static let outside = "outside"

  package var id: String
  package var title: Localized
  package var profile: String?
  package var settings: [Profile.Setting]
  package var zones: [Zone]
  package var members: [Member]
  package var conduits: [Conduit]
  /// The annexes of the KBV directive that bind this site; nil: all are shown.
  package var annexes: [Int]?
  package var waivers: [Waiver]
  package var attestations: [Attestation]
  package var place: Place

  package init(
    id: String, title: Localized, profile: String? = nil, settings: [Profile.Setting] = [],
    zones: [Zone], members: [Member], conduits: [Conduit] = [], annexes: [Int]? = nil,
    waivers: [Waiver] = [], attestations: [Attestation] = [], place: Place
  ) {
    self.id = id
    self.title = title
    self.profile = profile
    self.settings = settings
    self.zones = zones
    self.members = members
    self.conduits = conduits
    self.annexes = annexes
    self.waivers = waivers
    self.attestations = attestations
    self.place = place
  }

  package func zone(_ id: String) -> Zone? { zones.first { $0.id == id } }
  package func member(_ id: String) -> Member? { members.first { $0.id == id } }
}

/// For which hosts of a site something holds; empty means all of them.
package struct SiteScope: Sendable, Hashable {
  package var hosts: [String]
  package var zones: [String]

  package init(hosts: [String] = [], zones: [String] = []) {
    self.hosts = hosts
    self.zones = zones
  }

  package var isWholeSite: Bool { hosts.isEmpty && zones.isEmpty }

  package func covers(_ member: Site.Member) -> Bool {
    isWholeSite || hosts.contains(member.id) || zones.contains(member.zone)
  }
}
