package import RiegelModel
import SystemPackage

extension Audit {
  /// Everything known after a run, put into one value.
  package init(
    _ findings: [Finding], of host: Host, profile: ProfileInForce, library: Library,
    componentType: ComponentType, isPrivileged: Bool, toolVersion: String,
    inventory: Inventory? = nil
  ) {
    let practice = PracticeMeasures(
      findings, measures: library.measures, threats: library.threats)
    self.init(
      toolVersion: toolVersion, contentHash: library.hash, host: HostIdentity(of: host),
      targetAddress: host.target.address, targetKind: host.target.kind,
      isPrivileged: isPrivileged, startedAt: host.now, componentType: componentType,
      profile: profile, findings: findings,
      levels: SecurityLevels(
        findings, catalogue: library.security, componentType: componentType,
        target: profile.target
      ).levels,
      measures: practice.measureStatuses, threats: practice.threatStatuses,
      catalogues: CatalogueExtract(findings, of: library), inventory: inventory)
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
