import ArgumentParser
import RiegelEngine
import RiegelModel
import RiegelReports

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Judge a host by the rules of a profile.",
    discussion: """
      riegel audit                                  this host, profile \
      \(SelectionOptions.defaultProfile)
      sudo riegel audit --profile workstation-sl2   what only root can read is judged too
      riegel audit dir:/mnt/image --lang de         a mounted system, in German
      riegel audit --format json=audit.json --format terminal
      riegel audit --site site.yaml                 this host in its zone of a site
      riegel audit --site site.yaml --zones         all its hosts, from the targets it names
      riegel audit --site site.yaml a.json b.json   the zones, from audits saved before

      Nothing is written to the target and nothing on it is executed.

      Exit status: 0 all that applies passed; 1 something failed at or above --fail-on; \
      2 nothing failed but something could not be decided, or nothing applied at all. \
      A failure whose risk a waiver in force accepts does not count.
      """)

  @OptionGroup var target: TargetOptions

  @Argument(
    help: ArgumentHelp(
      "More hosts of the site: targets, or audits saved as JSON.", valueName: "more"))
  var more: [String] = []

  @OptionGroup var site: SiteOptions

  @Flag(help: "All hosts of the site, from the targets that it names.")
  var zones = false

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var content: ContentOptions

  @Option(
    name: .shortAndLong, parsing: .singleValue,
    help: ArgumentHelp(
      "Form of the report and where it goes: \(Reporters.names.joined(separator: ", ")).",
      discussion: "May be repeated to write several at once.", valueName: "format[=file]"))
  var format: [FormatRequest] = []

  @OptionGroup var language: LanguageOptions

  @Option(
    help: ArgumentHelp(
      "From where on a failure counts for the exit status: a severity or a level to be reached.",
      valueName: "high|SL2"))
  var failOn: Threshold = .severity(.low)

  @Option(
    help: ArgumentHelp(
      "What kind of component the host is (IEC 62443-4-2); a site says it of its hosts.",
      valueName: "HDR|EDR|NDR|SAR"))
  var componentType: ComponentType?

  @Flag(name: .shortAndLong, help: "Only what failed, and the verdict.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Everything, uncut: passes and their evidence too.")
  var verbose = false

  func validate() throws {
    if zones, site.path == nil || site.host != nil || !target.target.isEmpty || !more.isEmpty {
      throw ValidationError("--zones goes with --site alone: the site names the targets")
    }
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
    if format.count(where: { $0.file == nil }) > 1 {
      throw ValidationError("only one --format can go to standard output; name a file: json=FILE")
    }
  }

  /// Whether zones are reported rather than one host.
  private var isAboutZones: Bool { zones || !more.isEmpty || HostAudits.isSaved(target.target) }

  func run() throws {
    if isAboutZones {
      guard site.path != nil else {
        throw ValidationError("several targets, or a saved audit, need the --site they belong to")
      }
      let known = [TerminalReporter.name, JSONReporter.name]
      if let other = format.first(where: { !known.contains($0.name) }) {
        throw ValidationError(
          "zones are reported as \(known.joined(separator: " or ")), not as \(other.name)")
      }
    }
    let audits = try HostAudits(selection, content, site, target, language)
    let sources = try audits.open(
      zones ? try audits.addressesOfSite() : [target.target] + more)
    let results = try sources.map {
      try audits.audit($0, componentType: componentType, isQuiet: quiet)
    }
    let requests = format.isEmpty ? [FormatRequest(name: TerminalReporter.name, file: nil)] : format
    if isAboutZones, let site = audits.site {
      let whole = SiteAudit(
        results, of: site, library: audits.library, toolVersion: Riegel.version,
        at: target.moment)
      for request in requests { try write(whole, request) }
    } else {
      for audit in results { for request in requests { try write(audit, request) } }
    }
    let status = ExitStatus(results, failingAt: failOn)
    if status != .passed { throw ExitCode(status.rawValue) }
  }

  private func options(_ request: FormatRequest) -> ReportOptions {
    language.report(
      quiet ? .quiet : verbose ? .verbose : .normal, toTerminal: request.file == nil)
  }

  private func write(_ audit: Audit, _ request: FormatRequest) throws {
    guard let reporter = Reporters.named(request.name) else { return }
    try request.write(reporter.render(audit, options(request)))
  }

  private func write(_ audit: SiteAudit, _ request: FormatRequest) throws {
    try request.write(
      request.name == JSONReporter.name
        ? SiteReport.json(audit) : SiteReport(options(request)).render(audit))
  }
}

extension ComponentType: ExpressibleByArgument {}
