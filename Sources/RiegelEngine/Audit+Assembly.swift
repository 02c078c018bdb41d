package import RiegelModel
import SystemPackage

extension Audit {
  /// Everything known after a run, put into one value.
  package init(
    _ findings: [Finding], of host: Host, profile: ProfileInForce, library: Library,
    componentType: ComponentType, isPrivileged: Bool, toolVersion: String,
    in membership: SiteMembership? = nil, inventory: Inventory? = nil
  ) {
    self.init(
      toolVersion: toolVersion, contentHash: library.hash, host: HostIdentity(of: host),
      targetAddress: host.target.address, targetKind: host.target.kind,
      isPrivileged: isPrivileged, startedAt: host.now, componentType: componentType,
      profile: profile, findings: findings, levels: [], measures: [], threats: [],
      inventory: inventory)
    assess(by: library, in: membership)
  }

  /// Works out anew all that follows from the findings: levels, measures, threats, norms, rows,
  /// and what the site's records say. A saved audit is judged by today's acceptances this way.
  package mutating func assess(by library: Library, in membership: SiteMembership?) {
    var attestations: [AttestationStatus] = []
    var compensated: Set<String> = []
    var statements = RequirementStatements()
    site = nil
    for index in findings.indices { findings[index].waiver = nil }
    if let membership {
      componentType = membership.member.componentType
      profile.target = membership.target(in: library)
      let acceptance = RiskAcceptance(findings, membership)
      findings = acceptance.findings
      compensated = acceptance.compensated
      let ledger = StatementLedger(findings, membership, measures: library.measures)
      attestations = ledger.statuses
      statements = attestations.requirements(of: componentType)
      site = SiteStatus(
        id: membership.site.id, title: membership.site.title, host: membership.member.id,
        zone: membership.zone.id, zoneTitle: membership.zone.title,
        isEssential: membership.member.isEssential, waivers: acceptance.statuses,
        attestations: attestations)
    }
    func levels(accepting accepted: Set<String>) -> [FoundationLevel] {
      let components = SecurityLevels(
        findings, catalogue: library.security, componentType: componentType,
        target: profile.target, statements: statements, accepted: accepted)
      return components.levels
        + SystemLevels(
          components: components, catalogue: library.system,
          foundations: library.security.foundations, target: profile.target
        ).levels
    }
    self.levels = levels(accepting: [])
    achieved = membership == nil ? [] : levels(accepting: compensated).map(AchievedLevel.init)
    let practice = PracticeMeasures(
      findings, measures: library.measures, threats: library.threats, attestations: attestations)
    measures = practice.measureStatuses
    threats = practice.threatStatuses
    let evidence = NormEvidence(findings: findings, attestations: attestations)
    norms = evidence.norms(library.norms, measures: library.measures)
    catalogues = CatalogueExtract(of: library)
    directive = evidence.rows(library.directive, annexes: membership?.site.annexes)
  }
}

extension AchievedLevel {
  fileprivate init(_ level: FoundationLevel) {
    self.init(
      foundation: level.foundation.id, catalogue: level.catalogue, ceiling: level.ceiling,
      lifted: level.requirements.filter { $0.openBecause == .accepted }.map(\.id),
      limitsCeiling: level.limitsCeiling)
  }
}

extension Audit.HostIdentity {
  /// The files that `init(of:)` reads.
  package static let reads = [
    "/etc/hostname", "/etc/machine-id", "/etc/os-release", "/usr/lib/os-release",
    "/proc/sys/kernel/osrelease",
  ]

  /// What names a host; a part that is absent or cannot be read is left out, since no verdict
  /// hangs on it.
  package init(of host: Host) {
    func line(_ path: FilePath) -> String? {
      guard let text = try? host.text(of: path) else { return nil }
      let first = numberedLines(text).first?.text.trimmingBlanks ?? ""
      return first.isEmpty ? nil : first
    }
    func prettyName(_ path: FilePath) -> String? {
      guard let lines = try? host.lines(of: path) else { return nil }
      let prefix = "PRETTY_NAME="
      return lines.last { $0.text.hasPrefix(prefix) }.map { line in
        String(line.text.dropFirst(prefix.count).filter { $0 != "\"" && $0 != "'" })
      }
    }
    self.init(
      name: line("/etc/hostname"), machineID: line("/etc/machine-id"),
      system: prettyName("/etc/os-release") ?? prettyName("/usr/lib/os-release"),
      kernel: line("/proc/sys/kernel/osrelease"))
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
