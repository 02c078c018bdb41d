import ArgumentParser
import RiegelContent
import RiegelModel

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Check rules, profiles and catalogues for mistakes.",
    discussion: """
      Every mistake is shown with file, line, column and what to write instead. \
      Exit status 0 if there is none, 65 otherwise; warnings count with --strict.
      """)

  @Flag(help: "Warnings count as errors.")
  var strict = false

  @OptionGroup var content: ContentOptions

  func run() throws {
    let content = try content.content()
    let diagnostics = lint(content)
    Console.show(diagnostics)
    let isBad = diagnostics.contains { $0.level == .error || strict && $0.level == .warning }
    if isBad { throw ExitCode(ExitStatus.content.rawValue) }
    let library = content.library
    Console.print(
      "\(library.rules.count) rules, \(library.profiles.count) profiles and the catalogues are"
        + " sound" + (diagnostics.isEmpty ? "" : ", with \(diagnostics.count) warnings"))
  }
}
