import ArgumentParser
import RiegelContent
import RiegelModel
import SystemPackage

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Check rules, profiles, catalogues and a site for mistakes.",
    discussion: """
      Every mistake is shown with file, line, column and what to write instead. \
      Exit status 0 if there is none, 65 otherwise; warnings count with --strict.
      """)

  @Flag(help: "Warnings count as errors.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "A site too: its file, waivers, attestations and the hashes of their evidence.",
      valueName: "site.yaml"), completion: .file(extensions: ["yaml"]))
  var site: String?

  @OptionGroup var content: ContentOptions

  func run() throws {
    let profiles = try site.flatMap { try profilesFolder(ofSite: FilePath($0)) }
    let content = try content.content(with: [profiles].compactMap { $0 })
    var diagnostics = lint(content)
    if let site {
      diagnostics += try readSite(at: FilePath(site), library: content.library).warnings
    }
    Console.show(diagnostics)
    let isBad = diagnostics.contains { $0.level == .error || strict && $0.level == .warning }
    if isBad { throw ExitCode(ExitStatus.content.rawValue) }
    let library = content.library
    Console.print(
      "\(library.rules.count) rules, \(library.profiles.count) profiles,"
        + " the catalogues\(site == nil ? "" : " and the site") are sound"
        + (diagnostics.isEmpty ? "" : ", with \(diagnostics.count) warnings"))
  }
}
