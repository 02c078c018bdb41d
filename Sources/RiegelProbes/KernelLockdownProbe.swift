import RiegelModel
import SystemPackage

/// Observes whether the running kernel is locked down, and whether it takes unsigned modules.
///
/// Lockdown refuses unsigned modules too, whatever `sig_enforce` says (`kernel_lockdown(7)`).
struct KernelLockdownProbe: Probe {
  static let name = "kernel-lockdown"
  static let summary = "Lockdown and module signatures of the running kernel."
  static let fields: [Field] = [
    .choice(
      "mode", ["none", "integrity", "confidentiality", "unsupported"],
      "The mode in force; `unsupported` if the kernel has no lockdown."),
    .flag("signatures", "Whether unsigned modules are refused, by `sig_enforce` or lockdown."),
    .list(
      "taints", "Letters of the kernel's taint flags that tell of modules: `F`, `O`, `E`, `P`."),
    .list("unsigned", "Loaded modules that are marked forced (F) or unsigned (E)."),
  ]
  static let keys: [Key<Self>] = [.everything("The running kernel.")]
  static let reads = [
    "/sys/kernel/security/lockdown", "/sys/module/module/parameters/sig_enforce",
    "/proc/sys/kernel/tainted", "/proc/modules",
  ]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let path: FilePath = "/sys/kernel/security/lockdown"
    guard host.isRunning else { throw .notCollected(path) }
    var facts: [String: Fact] = [:]
    var isLocked: Bool?
    do throws(TargetError) {
      let mode = try mode(host, path)
      facts["mode"] = .text(mode, .kernel(path))
      isLocked = mode == "integrity" || mode == "confidentiality"
    } catch {
      facts["mode"] = .unknown(error)
    }
    do throws(TargetError) {
      let place: FilePath = "/sys/module/module/parameters/sig_enforce"
      let enforced = try host.text(of: place).map { $0.hasPrefix("Y") }
      if enforced == true {
        facts["signatures"] = .flag(true, .kernel(place))
      } else if isLocked == true {
        facts["signatures"] = .flag(true, .kernel(path))
      } else if isLocked == nil, let error = facts["mode"] {
        facts["signatures"] = error
      } else {
        facts["signatures"] = .flag(false, .kernel(place))
      }
    } catch {
      facts["signatures"] = .unknown(error)
    }
    do throws(TargetError) { try taints(host, &facts) } catch {
      facts["taints"] = .unknown(error)
    }
    return Observation(rows: [Row("kernel", facts)])
  }

  private func mode(_ host: Host, _ path: FilePath) throws(TargetError) -> String {
    guard let text = try host.text(of: path) else {
      // Where securityfs is mounted, other files are there and this one is not.
      if try host.list("/sys/kernel/security")?.isEmpty == false { return "unsupported" }
      throw .undetermined(
        path,
        Localized(en: "securityfs is not mounted", de: "securityfs ist nicht eingehängt"))
    }
    guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else {
      throw .malformed(path, line: 1, "no mode in brackets")
    }
    let mode = String(text[text.index(after: open)..<close])
    guard ["none", "integrity", "confidentiality"].contains(mode) else {
      throw .malformed(path, line: 1, "unknown mode")
    }
    return mode
  }

  private func taints(_ host: Host, _ facts: inout [String: Fact]) throws(TargetError) {
    let path: FilePath = "/proc/sys/kernel/tainted"
    if let text = try host.text(of: path) {
      guard let bits = UInt64(text.filter { $0 != "\n" }) else {
        throw .malformed(path, line: 1, "not a number")
      }
      let letters: [(UInt64, String)] = [(0, "P"), (1, "F"), (12, "O"), (13, "E")]
      facts["taints"] = .list(
        letters.filter { bits >> $0.0 & 1 == 1 }.map(\.1), .kernel(path))
    }
    var unsigned: [String] = []
    for line in try host.lines(of: "/proc/modules") ?? [] {
      // `name size uses users state address (OE)`
      let words = line.text.split(separator: " ")
      guard let name = words.first, let last = words.last, last.hasPrefix("(") else { continue }
      if last.contains("E") || last.contains("F") { unsigned.append(String(name)) }
    }
    facts["unsigned"] = .list(unsigned, .kernel("/proc/modules"))
  }
}
