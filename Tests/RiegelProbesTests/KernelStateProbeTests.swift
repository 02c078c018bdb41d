import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

/// The small probes of what a running kernel says of itself.
struct KernelStateProbeTests {
  @Test(arguments: [
    ("Not affected\n", "not-affected", "[]"), ("Mitigation: PTI\n", "mitigated", "[]"),
    ("Vulnerable\n", "vulnerable", "[]"), ("Vulnerable: No microcode\n", "vulnerable", "[]"),
    ("KVM: Mitigation: VMX disabled\n", "mitigated", "[]"),
    ("KVM: Vulnerable\n", "vulnerable", "[]"), ("Processor vulnerable\n", "vulnerable", "[]"),
    ("Unknown (XEN PV detected, hypervisor mitigation required)\n", "unknown", "[]"),
    ("Mitigation: Clear CPU buffers; SMT vulnerable\n", "mitigated", "[SMT vulnerable]"),
    (
      "Mitigation: Retpolines; STIBP: disabled; BHI: Vulnerable\n", "mitigated", "[BHI: Vulnerable]"
    ),
    ("", "?", "[]"), ("Gibberish\n", "?", "[]"),
  ])
  func aVulnerabilityHasAState(_ text: String, _ state: String, _ open: String) throws {
    let seen = try look(
      CPUVulnerabilitiesProbe(), at: ["/sys/devices/system/cpu/vulnerabilities/mds": text])
    #expect(seen.said("state") == [state])
    #expect(seen.said("open") == [open])
  }

  @Test func aTreeThatDoesNotRunHasNoProcessor() {
    #expect(throws: TargetError.self) { try look(CPUVulnerabilitiesProbe(), at: ["/etc/x": ""]) }
  }

  private func boot(_ variables: [String: [UInt8]]) throws -> String {
    var nodes: [FilePath: MemoryTarget.Node] = [:]
    for (name, bytes) in variables {
      let vendor =
        name.hasPrefix("Mok")
        ? "605dab50-e046-4300-abb6-3dd810dd8b23" : "8be4df61-93ca-11d2-aa0d-00e098032b8c"
      nodes[FilePath("/sys/firmware/efi/efivars/\(name)-\(vendor)")] = .init(
        .init(kind: .file, mode: 0o644, size: bytes.count), content: bytes)
    }
    return try look(SecureBootProbe(), at: [:], nodes: nodes).said("state").joined()
  }

  @Test func theFifthByteSaysWhetherSecureBootIsOn() throws {
    let on: [UInt8] = [6, 0, 0, 0, 1]
    let off: [UInt8] = [6, 0, 0, 0, 0]
    #expect(try boot(["SecureBoot": on, "SetupMode": off]) == "enabled")
    #expect(try boot(["SecureBoot": off, "SetupMode": off]) == "disabled")
    #expect(try boot(["SecureBoot": on, "SetupMode": on]) == "setup-mode")
    #expect(try boot(["SecureBoot": on, "MokSBStateRT": on]) == "validation-off")
    #expect(try boot(["SecureBoot": on, "MokSBStateRT": off]) == "enabled")
    #expect(try boot(["SetupMode": off]) == "disabled")
    #expect(throws: TargetError.self) { try boot(["SecureBoot": [6, 0, 0]]) }
  }

  @Test func withoutFirmwareVariablesItIsSaidWhy() throws {
    #expect(
      try look(SecureBootProbe(), at: ["/sys/kernel/x": ""]).said("state") == ["no-efi"])
    #expect(throws: TargetError.self) { try look(SecureBootProbe(), at: ["/proc/x": ""]) }
    #expect(throws: TargetError.self) {
      try look(SecureBootProbe(), at: ["/sys/firmware/efi/runtime": ""])
    }
  }

  @Test func buildOptionsAreReadOfEveryKernel() throws {
    var probe = KernelConfigProbe()
    probe.options = ["CONFIG_STRICT_KERNEL_RWX", "DEVMEM", "CMDLINE"]
    let seen = try look(
      probe,
      at: [
        "/boot/config-6.1":
          "CONFIG_STRICT_KERNEL_RWX=y\n# CONFIG_DEVMEM is not set\nCONFIG_CMDLINE=\"a b\"\n",
        "/lib/modules/6.2/modules.dep": "",
      ])
    #expect(seen.said("value") == ["y", "n", "a b"])
    #expect(seen.gaps == [.notCollected("/boot/config-6.2")])
  }

  @Test func lockdownAndSignaturesAreRead() throws {
    let seen = try look(
      KernelLockdownProbe(),
      at: [
        "/sys/kernel/security/lockdown": "none [integrity] confidentiality\n",
        "/sys/module/module/parameters/sig_enforce": "N\n", "/proc/sys/kernel/tainted": "12288\n",
        "/proc/modules": "vbox 1 0 - Live 0x0 (OE)\next4 1 0 - Live 0x0\n",
      ])
    #expect(seen.said("mode") == ["integrity"])
    #expect(seen.said("signatures") == ["yes"])
    #expect(seen.said("taints") == ["[O, E]"])
    #expect(seen.said("unsigned") == ["[vbox]"])
    #expect(try look(KernelLockdownProbe(), at: ["/proc/x": ""]).said("mode") == ["?"])
    #expect(
      try look(KernelLockdownProbe(), at: ["/sys/kernel/security/lsm": "yama"]).said("mode")
        == ["unsupported"])
  }

  /// What this machine says of itself is understood without a remainder.
  @Test func theKernelOfThisMachineIsUnderstood() throws {
    let folder = "/sys/devices/system/cpu/vulnerabilities"
    var texts: [String: String] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      texts["\(folder)/\(name)"] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }
    guard !texts.isEmpty else { return }
    let seen = try look(CPUVulnerabilitiesProbe(), at: texts)
    #expect(seen.rows.count == texts.count)
    #expect(!seen.said("state").contains("?"))
  }
}
