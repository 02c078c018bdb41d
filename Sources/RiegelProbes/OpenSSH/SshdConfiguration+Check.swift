import RiegelModel

/// What stops an sshd only after all its lines were read.
extension SshdConfiguration {
  func check() throws(TargetError) {
    var walk = SshdWalk(oracle: nil)
    walk.visit(root)
    for setting in walk.inactive {
      guard let keyword = SshdKeyword.named(setting.keyword),
        !keyword.isAllowedInMatch(build.number)
      else { continue }
      try refuse(setting, "'\(keyword.name)' is not allowed within a Match block")
    }
    try checkMethods(walk)
    try checkCommand("authorizedkeyscommand", "authorizedkeyscommanduser", walk)
    try checkCommand("authorizedprincipalscommand", "authorizedprincipalscommanduser", walk)
  }

  private func checkMethods(_ walk: SshdWalk) throws(TargetError) {
    let lines = walk.inOrder.filter { $0.setting.keyword == "authenticationmethods" }
    if let number = build.number, (807..<909).contains(number) {
      var hasMethods = commandLine.contains { $0.keyword == "authenticationmethods" }
      for (setting, isActive) in lines {
        if hasMethods, setting.values == ["any"] {
          try refuse(setting, "\"any\" must appear alone in AuthenticationMethods")
        }
        hasMethods = hasMethods || isActive
      }
    }
    let passes = SshdPasses(self) { _ in false }
    guard let first = passes.startup("authenticationmethods").first, first.values != ["any"],
      build.number != nil
    else { return }
    let enabled = SshdMethods(self, passes)
    if !first.values.contains(where: { enabled.allows($0) }) {
      try refuse(
        first, "AuthenticationMethods cannot be satisfied by enabled authentication methods")
    }
  }

  private func checkCommand(
    _ command: String, _ user: String, _ walk: SshdWalk
  ) throws(TargetError) {
    let lines = commandLine.filter { $0.keyword == command } + (walk.active[command] ?? [])
    guard let line = lines.first, line.values != ["none"],
      walk.active[user] == nil, !commandLine.contains(where: { $0.keyword == user })
    else { return }
    try refuse(line, "\(command) set without \(user)")
  }

  private func refuse(_ setting: Setting, _ why: String) throws(TargetError) {
    if case .line(let path, let line) = setting.origin {
      throw .malformed(path, line: line, why)
    }
    throw .malformed(setting.origin.path ?? OpenSSHBuild.binary, line: 0, why)
  }
}
