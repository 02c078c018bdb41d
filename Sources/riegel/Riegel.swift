import ArgumentParser

@main
struct Riegel: ParsableCommand {
  /// Also printed by `--version` and written into every audit.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "riegel",
    abstract: "Checks whether a Linux host is hardened the way its owner says it is.",
    discussion: """
      riegel audit                      audit this machine
      riegel audit dir:/mnt/image       audit a mounted system
      riegel snapshot -o host.tar.zst   capture this machine, to be audited anywhere
      riegel audit host.tar.zst         audit what was captured
      riegel audit --site site.yaml a.json b.json
                                        the zones of a site from audits saved before
      riegel plan --to SL2              what would lift this machine to a level
      riegel explain ssh-root-login-disabled
                                        what a rule wants, why, and what it finds here

      Exit status of audit: 0 all that applies passed, 1 something failed at or above the \
      threshold, 2 nothing failed but something could not be decided or nothing applied, \
      64 wrong usage, 65 bad content, 66 the target cannot be opened.
      """,
    version: version,
    subcommands: [
      AuditCommand.self, SnapshotCommand.self, ReportCommand.self, PlanCommand.self,
      AttestCommand.self, ListCommand.self, ShowCommand.self, ExplainCommand.self,
      LintCommand.self, TestCommand.self, SchemaCommand.self, DocsCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      ExitStatus.leave(after: error)
    }
  }
}
