package import RiegelModel

/// Everything that can be asked of a host. A new probe is a file of its own and a line here.
package enum Probes {
  package static let all: [ProbeDeclaration] = [
    ProbeDeclaration(PAMProbe.self),
    ProbeDeclaration(PAMLoginProbe.self),
    ProbeDeclaration(PAMOptionProbe.self),
    ProbeDeclaration(PasswordQualityProbe.self),
    ProbeDeclaration(PasswordHashingProbe.self),
    ProbeDeclaration(SudoersProbe.self),
    ProbeDeclaration(SudoDefaultProbe.self),
  ]
}
