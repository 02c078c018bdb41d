import RiegelModel

/// A rule that runs commands works only where the user allows them (`--allow-commands`).
@Sendable func lintCommands(_ content: Content) -> [Diagnostic] {
  content.library.rules.flatMap { rule in
    (rule.when + [rule.check]).flatMap(\.assertions).compactMap { assertion in
      guard assertion.source == .probe("command") else { return nil }
      return Diagnostic(
        .warning, "runs a command, which is off unless --allow-commands is given",
        at: assertion.place)
    }
  }
}
