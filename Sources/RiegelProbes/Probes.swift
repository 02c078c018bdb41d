package import RiegelModel

/// Everything that can be asked of a host. A new probe is a file of its own and a line here.
package enum Probes {
  package static let all: [ProbeDeclaration] = [
    ProbeDeclaration(SysctlProbe.self),
    ProbeDeclaration(KernelCommandLineProbe.self),
    ProbeDeclaration(KernelModulesProbe.self),
    ProbeDeclaration(CPUVulnerabilitiesProbe.self),
    ProbeDeclaration(SecureBootProbe.self),
    ProbeDeclaration(MountsProbe.self),
    ProbeDeclaration(EncryptionProbe.self),
    ProbeDeclaration(CrypttabProbe.self),
    ProbeDeclaration(LUKSProbe.self),
    ProbeDeclaration(KernelConfigProbe.self),
    ProbeDeclaration(KernelLockdownProbe.self),
  ]
}
