import ArgumentParser
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelProbes

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Try rules on their own examples and on the laws for all rules.",
    discussion: """
      riegel test                        every rule
      riegel test ssh-root-login-disabled 'password-*'
      riegel test --rules my-rules       yours too

      The laws: on a target of which nothing can be read no rule passes; on an empty one a rule \
      passes only if it expects absence. Exit status 0 if all holds, 1 otherwise.
      """)

  @Argument(help: ArgumentHelp("Ids or patterns; all rules without them.", valueName: "rule"))
  var patterns: [String] = []

  @OptionGroup var content: ContentOptions

  func run() throws {
    let library = try content.library()
    let globs = patterns.map { Glob($0) }
    let rules = library.rules.filter { rule in
      globs.isEmpty || globs.contains { $0.matches(text: rule.id) }
    }
    if rules.isEmpty {
      throw ValidationError("no rule matches \(patterns.joined(separator: ", "))")
    }
    let trial = RuleTrial(probes: Probes.all)
    var text = ""
    var failed = 0
    for rule in rules {
      for failure in trial.failures(of: rule) {
        failed += 1
        text += "\(failure.place): \(failure.rule): \(failure.trial): \(failure.problem)\n"
      }
    }
    let examples = rules.reduce(0) { $0 + $1.examples.count }
    text += "\(rules.count) rules with \(examples) examples: "
    text += failed == 0 ? "all hold" : "\(failed) do not hold"
    Console.print(text)
    if failed > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}
