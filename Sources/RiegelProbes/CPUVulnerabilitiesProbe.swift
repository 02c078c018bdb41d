import RiegelModel
import SystemPackage

/// Observes the kernel's own list of processor vulnerabilities.
///
/// The first word says the state, yet a mitigation may name a part that stays open:
/// `Mitigation: …; SMT vulnerable`, `…; BHI: Vulnerable`. A virtual machine shows what its
/// hypervisor lets it see.
struct CPUVulnerabilitiesProbe: Probe {
  static let name = "cpu-vulnerabilities"
  static let summary = "Processor vulnerabilities and whether the running kernel mitigates them."
  static let fields: [Field] = [
    .choice(
      "state", ["not-affected", "mitigated", "vulnerable", "unknown"],
      "What the kernel says of itself; `unknown` where the kernel says so."),
    .text("name", "The file's name, such as `spectre_v2`."),
    .text("detail", "The kernel's text."),
    .list("open", "Parts of a mitigation that stay open: `SMT vulnerable`, `BHI: Vulnerable`."),
  ]
  static let keys: [Key<Self>] = [.everything("All that the running kernel lists.")]
  static let reads = ["/sys/devices/system/cpu/vulnerabilities/*"]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let folder: FilePath = "/sys/devices/system/cpu/vulnerabilities"
    guard host.isRunning else { throw .notCollected(folder) }
    var observation = Observation()
    for name in try host.list(folder) ?? [] {
      let path = folder.appending(name)
      do throws(TargetError) {
        guard let text = try host.text(of: path) else { continue }
        let detail = text.split(separator: "\n").first.map(String.init) ?? ""
        let origin = Origin.kernel(path)
        let state = CPUVulnerabilitiesProbe.state(detail)
        let open = detail.split(separator: ";").map { $0.drop { $0 == " " } }.filter {
          $0.lowercased().hasSuffix("vulnerable")
        }
        observation.rows.append(
          Row(
            name.string,
            [
              "state": state.map { .text($0, origin) }
                ?? .unknown(.malformed(path, line: 1, "unknown state '\(detail)'")),
              "name": .text(name.string, origin), "detail": .text(detail, origin),
              "open": .list(state == "mitigated" ? open.map(String.init) : [], origin),
            ]))
      } catch {
        observation.gaps.append(error)
      }
    }
    return observation
  }

  static func state(_ detail: String) -> String? {
    var text = detail[...]
    for prefix in ["KVM: ", "Processor "] where text.hasPrefix(prefix) {
      text = text.dropFirst(prefix.count)
    }
    let lower = text.lowercased()
    if lower.hasPrefix("not affected") { return "not-affected" }
    if lower.hasPrefix("mitigation") { return "mitigated" }
    if lower.hasPrefix("vulnerable") { return "vulnerable" }
    if lower.hasPrefix("unknown") { return "unknown" }
    return nil
  }
}
