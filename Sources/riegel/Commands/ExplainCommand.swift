import ArgumentParser
import Glibc
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelReports

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a rule with the parameters in force and what it finds on a host.",
    discussion: """
      riegel explain ssh-root-login-disabled               on this host
      riegel explain ssh-root-login-disabled dir:/mnt      on a mounted system
      """)

  @Argument(help: "The rule's id.")
  var id: String

  @OptionGroup var target: TargetOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var site: SiteOptions
  @OptionGroup var content: ContentOptions
  @OptionGroup var language: LanguageOptions

  func run() throws {
    var selection = selection
    selection.rules = [id]
    let audits = try HostAudits(selection, content, site, target, language)
    guard let source = try audits.open([target.single()]).first, case .host(let host) = source.kind
    else { throw ValidationError("a saved audit holds no host to look at") }
    let (selected, plan) = try audits.asked(of: source)
    let findings = Auditor(plan).run(on: host)
    for (item, finding) in zip(selected.items, findings) {
      let text = RuleText(language.report(.verbose, toTerminal: true))
      Console.write(
        text.show(item.rule, parameters: item.arguments.inForce, finding: finding),
        to: STDOUT_FILENO)
    }
  }
}
