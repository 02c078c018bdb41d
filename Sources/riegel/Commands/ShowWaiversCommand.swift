import ArgumentParser
import Glibc
import RiegelEngine
import RiegelModel
import RiegelReports

struct ShowWaiversCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "waivers",
    abstract: "Show the risk acceptance list of a site, to read, to print or for machines.",
    discussion: """
      riegel show waivers --site site.yaml
      riegel show waivers --site site.yaml --zones --format markdown > risks.md

      With audits it says too what each acceptance covers, and which cover nothing.
      """)

  @Argument(
    help: ArgumentHelp(
      "Hosts of the site: targets, or audits saved as JSON.", valueName: "audit"))
  var audits: [String] = []

  @OptionGroup var site: SiteOptions

  @Flag(help: "All hosts of the site, from the targets that it names.")
  var zones = false

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var content: ContentOptions

  @Option(name: .shortAndLong, help: "How the list is written down.")
  var format: PaperFormat = .terminal

  @Option(
    name: .customLong("now"),
    help: ArgumentHelp("The moment that counts as now.", valueName: "time"))
  var now: String?

  @OptionGroup var language: LanguageOptions

  func validate() throws {
    if zones, !audits.isEmpty { throw ValidationError("--zones: the site names the targets") }
    if site.path == nil { throw ValidationError("--site names the site whose list is wanted") }
    if let now, Instant(now) == nil {
      throw ValidationError("--now takes a date or time, not '\(now)'")
    }
  }

  func run() throws {
    var target = TargetOptions()
    target.targets = []
    target.sshOptions = []
    target.now = now
    let moment = target.moment
    let made = try HostAudits(selection, content, site, target, language)
    guard let site = made.site else { return }
    let statuses: [WaiverStatus]
    let addresses = zones ? try made.addressesOfSite() : audits
    if addresses.isEmpty {
      statuses = site.waiverStatuses(at: moment)
    } else {
      let results = try made.audit(
        try made.open(addresses), componentType: nil, isQuiet: true)
      statuses =
        SiteAudit(
          results, of: site, library: made.library, toolVersion: Riegel.version, at: moment
        ).waivers
    }
    let list = RiskAcceptanceList(
      statuses, of: site.title, at: moment, language.report(.normal, toTerminal: true))
    switch format {
    case .terminal: Console.write(list.terminal, to: STDOUT_FILENO)
    case .markdown: Console.print(list.markdown)
    case .json: Console.write(list.json, to: STDOUT_FILENO)
    }
  }
}
