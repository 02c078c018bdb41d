import ArgumentParser
import RiegelContent
import RiegelModel
import RiegelProbes

struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Print the reference page of a probe or rule as Markdown.",
    discussion: """
      riegel docs                     the language of rules and every probe
      riegel docs sysctl              one probe
      riegel docs ssh-root-login-disabled
      """)

  @Argument(help: "A probe or a rule; all probes without it.")
  var name: String?

  @OptionGroup var content: ContentOptions
  @OptionGroup var language: LanguageOptions

  func run() throws {
    guard let name else {
      Console.print(Probes.all.map { referencePage(for: $0) }.joined(separator: "\n"))
      return
    }
    if let probe = Probes.all.first(where: { $0.name == name }) {
      Console.print(referencePage(for: probe))
      return
    }
    let library = try content.library()
    guard let rule = library.rule(name) else {
      let near = closest(to: name, among: Probes.all.map(\.name) + library.rules.map(\.id))
      throw ValidationError(
        "neither probe nor rule is called '\(name)'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    Console.print(referencePage(for: rule, in: library, language.language))
  }
}
