import ArgumentParser
import Glibc
import RiegelEngine
import RiegelModel
import RiegelReports

/// How plans and lists are written down.
enum PaperFormat: String, ExpressibleByArgument, CaseIterable {
  case terminal, markdown, json
}

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show the smallest set of fixes and attestations that reaches a security level.",
    discussion: """
      riegel plan --to SL2                        this host
      riegel plan --to SL2 --fr IAC dir:/mnt      identification and authentication only
      riegel plan --to SL2 --site site.yaml audit.json --format markdown > way.md

      Fixes come first, the worst and the easiest before the others. Exit status 0 if nothing is \
      left to do, 1 otherwise.
      """)

  @OptionGroup var target: TargetOptions

  @Option(help: ArgumentHelp("The level to reach.", valueName: "SL1|SL2|SL3|SL4"))
  var to: SecurityLevel

  @Option(
    name: .customLong("fr"), parsing: .singleValue,
    help: ArgumentHelp(
      "Only this foundational requirement, such as IAC. May be repeated.", valueName: "abbreviation"
    )
  )
  var foundations: [String] = []

  @OptionGroup var site: SiteOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var content: ContentOptions

  @Option(name: .shortAndLong, help: "How the plan is written down.")
  var format: PaperFormat = .terminal

  @Option(
    help: ArgumentHelp(
      "What kind of component the host is (IEC 62443-4-2); a site says it of its hosts.",
      valueName: "HDR|EDR|NDR|SAR"))
  var componentType: ComponentType?

  @OptionGroup var language: LanguageOptions

  func validate() throws {
    if to == .sl0 { throw ValidationError("SL0 asks for nothing") }
  }

  func run() throws {
    let audits = try HostAudits(selection, content, site, target, language)
    let known = audits.library.security.foundations
    for name in foundations
    where !known.contains(where: { $0.abbreviation == name || $0.id == name }) {
      throw ValidationError(
        "there is no foundational requirement '\(name)'; there are"
          + " \(known.map(\.abbreviation).joined(separator: ", "))")
    }
    guard let source = try audits.open([target.single()]).first else { return }
    let audit = try audits.audit(source, componentType: componentType, isQuiet: false)
    let plan = LevelPlan(
      for: audit, to: to, foundations: foundations, library: audits.library)
    let text = LevelPlanText(plan, language.report(.normal, toTerminal: true))
    switch format {
    case .terminal: Console.write(text.terminal, to: STDOUT_FILENO)
    case .markdown: Console.print(text.markdown)
    case .json: Console.write(text.json, to: STDOUT_FILENO)
    }
    if !plan.steps.isEmpty { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}

extension SecurityLevel: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument.uppercased()) }
  public static var allValueStrings: [String] { claimable.map(\.description) }
}
