import ArgumentParser
import Glibc
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelReports

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a rule, a profile, accepted risks, or what an audit would ask.",
    subcommands: [
      ShowRuleCommand.self, ShowProfileCommand.self, ShowPlanCommand.self,
      ShowWaiversCommand.self,
    ])
}

struct ShowRuleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule", abstract: "Show a rule: what it wants, why, and how to mend a failure.")

  @Argument(help: "The rule's id.")
  var id: String

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var site: SiteOptions
  @OptionGroup var content: ContentOptions
  @OptionGroup var language: LanguageOptions

  func run() throws {
    var selection = selection
    selection.rules = [id]
    let library = try selection.library(from: content, site: site)
    let membership = try site.namedMember(in: library, at: TargetOptions.moment(nil))
    for item in try selection.select(from: library, in: membership).items {
      let text = RuleText(language.report(.normal, toTerminal: true))
      Console.write(text.show(item.rule, parameters: item.arguments.inForce), to: STDOUT_FILENO)
    }
  }
}

struct ShowProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Show a profile: its target, its rules and their values.")

  @Argument(help: "The profile's id, or the path of one of your own.")
  var id: String = SelectionOptions.defaultProfile

  @OptionGroup var content: ContentOptions
  @OptionGroup var language: LanguageOptions

  func run() throws {
    var options = SelectionOptions()
    options.profile = id
    options.settings = []
    options.rules = []
    let (library, selection) = try options.select(from: content)
    guard let profile = library.profile(selection.profile.id) else { return }
    let look = language.report(.normal, toTerminal: true)
    let text = ProfileText(look).show(profile, foundations: library.security.foundations)
    Console.write(text, to: STDOUT_FILENO)
    Console.print("")
    Console.write(RuleText(look).list(selection.items.map(\.rule)), to: STDOUT_FILENO)
  }
}

struct ShowPlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what an audit would ask and which files it may read.")

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var content: ContentOptions

  func run() throws {
    let (_, selection) = try selection.select(from: content)
    let plan = try Plan(selection, probes: Probes.all)
    var lines = [
      "profile \(selection.profile.id): \(selection.items.count) rules,"
        + " \(plan.questions.count) questions, no command", "", "questions:",
    ]
    lines += plan.questions.map { "  \($0.key)" }
    lines += ["", "may read:"] + plan.reads.map { "  \($0)" }
    Console.print(lines.joined(separator: "\n"))
  }
}
