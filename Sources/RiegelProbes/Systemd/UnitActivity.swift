import RiegelModel
import SystemPackage

/// Which units are active on a running host, told from files that systemd leaves.
///
/// A service has processes in its control group, and one that systemd started and has not stopped has
/// a link `/run/systemd/units/invocation:NAME`, even where no process is left (`RemainAfterExit=`).
/// The state of sockets, timers, paths and targets is kept only in systemd's memory.
struct UnitActivity: Sendable {
  /// The control group with processes by unit name.
  private var groups: [String: FilePath] = [:]
  private var invocations: Set<String> = []
  /// Whether systemd is the first process (`sd_booted(3)`).
  let isBooted: Bool

  static func of(_ host: Host) throws(TargetError) -> UnitActivity {
    try host.remember("systemd-activity") { () throws(TargetError) in try UnitActivity(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    guard host.isRunning else { throw .notCollected("/sys/fs/cgroup") }
    isBooted = try host.exists("/run/systemd/system")
    guard isBooted else { return }
    for name in try host.list("/run/systemd/units") ?? [] {
      if name.string.hasPrefix("invocation:") {
        invocations.insert(String(name.string.dropFirst(11)))
      }
    }
    // Version 2, version 1, and both together.
    for root: FilePath in ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"] {
      try collect(root, depth: 0, host)
    }
  }

  private mutating func collect(_ path: FilePath, depth: Int, _ host: Host) throws(TargetError) {
    guard depth < 16 else { return }
    for name in try host.list(path) ?? [] {
      let text = name.string
      let child = path.appending(name)
      if text.hasSuffix(".slice") {
        try collect(child, depth: depth + 1, host)
      } else if UnitName(text) != nil, try hasProcesses(child, depth: depth, host) {
        groups[text] = child
      }
    }
  }

  /// A unit may hand its group on and keep its processes in groups below.
  private func hasProcesses(
    _ path: FilePath, depth: Int, _ host: Host
  ) throws(TargetError) -> Bool {
    if let events = try host.text(of: path.appending("cgroup.events")) {
      return events.utf8.split(separator: 10).contains { Substring($0) == "populated 1" }
    }
    if try host.bytes(of: path.appending("cgroup.procs"))?.isEmpty == false { return true }
    guard depth < 16 else { return false }
    for name in try host.list(path) ?? [] {
      let child = path.appending(name)
      guard try host.metadata(of: child, following: false)?.kind == .directory else { continue }
      if try hasProcesses(child, depth: depth + 1, host) { return true }
    }
    return false
  }

  func fact(for name: UnitName, running command: String?, on host: Host) -> Fact {
    if let group = groups[name.text] { return .flag(true, .kernel(group)) }
    let units: FilePath = "/run/systemd/units"
    if invocations.contains(name.text) {
      return .flag(true, .kernel(units.appending("invocation:" + name.text)))
    }
    if !isBooted { return withoutSystemd(command, host) }
    switch name.type {
    case "service", "scope":
      return .flag(false, .kernel(units))
    default: return .unknown(.undetermined(units, onlyInMemory(name.text)))
    }
  }

  /// Where another program is the first process, the unit's program may run all the same, started
  /// by it; and a unit without a program has no state.
  private func withoutSystemd(_ command: String?, _ host: Host) -> Fact {
    guard let command, !command.isEmpty else {
      return .unknown(
        .undetermined(
          "/run/systemd/system",
          Localized(
            en: "systemd does not run here, so the unit has no state",
            de: "systemd läuft hier nicht, daher hat die Unit keinen Zustand")))
    }
    do {
      let table = try ProcessTable.of(host)
      if let found = table.processes.first(where: { $0.runs(command) }) {
        return .flag(true, .kernel(FilePath("/proc").appending(String(found.pid))))
      }
      return table.isComplete
        ? .flag(false, .kernel("/proc")) : .unknown(.permissionDenied("/proc"))
    } catch {
      return .unknown(error)
    }
  }

  private func onlyInMemory(_ name: String) -> Localized {
    Localized(
      en: "whether \(name) is active is known to systemd alone",
      de: "ob \(name) aktiv ist, weiß nur systemd selbst")
  }
}
