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
    case rule, profile, site, waiver, attestation, audit
    case siteAudit = "site-audit"
    case levelPlan = "level-plan"
    case riskAcceptanceList = "risk-acceptance-list"
    case statements
  }

  @Argument(
    help: ArgumentHelp(
      "Of a rule, a profile, a site, its waivers and attestations; or of what is written as JSON:"
        + " the audit, the zones of a site, a plan, accepted risks, statements."))
  var what: What = .rule

  func run() throws {
    switch what {
    case .rule: Console.print(ruleSchema(for: Probes.all))
    case .profile: Console.print(profileSchema())
    case .site: Console.print(siteSchema())
    case .waiver: Console.print(waiverSchema())
    case .attestation: Console.print(attestationSchema())
    case .audit: Console.print(AuditSchema.text)
    case .siteAudit: Console.print(DocumentSchema.siteAudit.text)
    case .levelPlan: Console.print(DocumentSchema.levelPlan.text)
    case .riskAcceptanceList: Console.print(DocumentSchema.riskAcceptanceList.text)
    case .statements: Console.print(DocumentSchema.statements.text)
    }
  }
}
