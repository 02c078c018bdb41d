package import RiegelModel

/// Everything that can be asked of a host. A new probe is a file of its own and a line here.
package enum Probes {
  package static let all: [ProbeDeclaration] = [
    ProbeDeclaration(AuditRulesProbe.self),
    ProbeDeclaration(AuditdProbe.self),
    ProbeDeclaration(JournaldProbe.self),
    ProbeDeclaration(ListeningProbe.self),
    ProbeDeclaration(RsyslogProbe.self),
    ProbeDeclaration(ServiceProbe.self),
    ProbeDeclaration(SettingsProbe.self),
    ProbeDeclaration(SystemdConfigProbe.self),
    ProbeDeclaration(UnitSettingProbe.self),
  ]
}
