package import RiegelModel

/// Everything that can be asked of a host. A new probe is a file of its own and a line here.
package enum Probes {
  package static let all: [ProbeDeclaration] = [
    ProbeDeclaration(UsersProbe.self),
    ProbeDeclaration(GroupsProbe.self),
    ProbeDeclaration(AccountDatabaseProbe.self),
    ProbeDeclaration(NsswitchProbe.self),
    ProbeDeclaration(LoginDefsProbe.self),
    ProbeDeclaration(PackageProbe.self),
    ProbeDeclaration(PlatformProbe.self),
    ProbeDeclaration(SysctlProbe.self),
    ProbeDeclaration(KernelCommandLineProbe.self),
    ProbeDeclaration(KernelModulesProbe.self),
    ProbeDeclaration(CPUVulnerabilitiesProbe.self),
    ProbeDeclaration(SecureBootProbe.self),
    ProbeDeclaration(AuditRulesProbe.self),
    ProbeDeclaration(AuditdProbe.self),
    ProbeDeclaration(JournaldProbe.self),
    ProbeDeclaration(ListeningProbe.self),
    ProbeDeclaration(ServiceProbe.self),
    ProbeDeclaration(SettingsProbe.self),
    ProbeDeclaration(SystemdConfigProbe.self),
    ProbeDeclaration(UnitSettingProbe.self),
    ProbeDeclaration(FileProbe.self),
    ProbeDeclaration(FilesProbe.self),
    ProbeDeclaration(SshdProbe.self),
    ProbeDeclaration(PAMProbe.self),
    ProbeDeclaration(PAMLoginProbe.self),
    ProbeDeclaration(MountsProbe.self),
    ProbeDeclaration(EncryptionProbe.self),
    ProbeDeclaration(CrypttabProbe.self),
    ProbeDeclaration(LUKSProbe.self),
    ProbeDeclaration(KernelConfigProbe.self),
    ProbeDeclaration(KernelLockdownProbe.self),
  ]
}
