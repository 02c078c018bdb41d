package import RiegelModel

/// Everything that can be asked of a host. A new probe is a file of its own and a line here.
package enum Probes {
  package static let all: [ProbeDeclaration] = [
    ProbeDeclaration(SshdProbe.self),
    ProbeDeclaration(SshdAccessProbe.self),
    ProbeDeclaration(SshdConfigProbe.self),
    ProbeDeclaration(SSHHostKeysProbe.self),
    ProbeDeclaration(AuthorizedKeysProbe.self),
    ProbeDeclaration(AuthorizedKeysFilesProbe.self),
    ProbeDeclaration(SSHClientProbe.self),
  ]
}
