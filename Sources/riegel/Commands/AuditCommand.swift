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
      riegel audit --format json=audit.json --format html=report.html
      riegel audit --site site.yaml                 this host in its zone of a site
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
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var content: ContentOptions

  @OptionGroup var reporting: ReportingOptions

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

  /// Whether zones are reported rather than one host.
  private var isAboutZones: Bool { !more.isEmpty || HostAudits.isSaved(target.target) }

  func run() throws {
    if isAboutZones {
      guard site.path != nil else {
        throw ValidationError("several targets, or a saved audit, need the --site they belong to")
      }
      let known = [TerminalReporter.name, JSONReporter.name]
      if let other = reporting.format.first(where: { !known.contains($0.name) }) {
        throw ValidationError(
          "zones are reported as \(known.joined(separator: " or ")), not as \(other.name)")
      }
    }
    let previous = try reporting.earlier()
    let audits = try HostAudits(selection, content, site, target, reporting.language)
    let sources = try audits.open([target.target] + more)
    let results = try sources.map {
      try audits.audit($0, componentType: componentType, isQuiet: reporting.quiet)
    }
    if isAboutZones, let site = audits.site {
      let whole = SiteAudit(
        results, of: site, library: audits.library, toolVersion: Riegel.version,
        at: target.moment)
      try reporting.write { name, options in
        name == JSONReporter.name
          ? SiteReport.json(whole) : SiteReport(options).render(whole)
      }
    } else {
      for audit in results { try reporting.write(audit, comparedWith: previous) }
    }
    let status = ExitStatus(results, failingAt: failOn)
    if status != .passed { throw ExitCode(status.rawValue) }
  }
}

extension ComponentType: ExpressibleByArgument {}
