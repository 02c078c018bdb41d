import ArgumentParser
import RiegelContent
import RiegelProbes
import RiegelReports

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema that editors and programs use.",
    discussion: """
      riegel schema > rule.schema.json
      In a rule file: # yaml-language-server: $schema=rule.schema.json
      """)

  enum What: String, ExpressibleByArgument, CaseIterable {
    case rule, profile, audit
  }

  @Argument(help: "Of a rule, a profile, or the audit as JSON.")
  var what: What = .rule

  func run() throws {
    switch what {
    case .rule: Console.print(ruleSchema(for: Probes.all))
    case .profile: Console.print(profileSchema())
    case .audit: Console.print(AuditSchema.text)
    }
  }
}
