import ArgumentParser
import RiegelEngine
import RiegelModel
import RiegelReports
import RiegelTargets

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Judge a host by the rules of a profile.",
    discussion: """
      riegel audit                                  this host, profile \
      \(SelectionOptions.defaultProfile)
      sudo riegel audit --profile workstation-sl2   what only root can read is judged too
      riegel audit dir:/mnt/image --lang de         a mounted system, in German
      riegel audit host.tar.zst image.tar           a snapshot, a container image
      riegel audit ssh:root@device                  a host on which nothing is installed
      riegel audit --format json=audit.json --format html=report.html
      riegel audit --site site.yaml                 this host in its zone of a site
      riegel audit --site site.yaml --zones         all its hosts, from the targets it names
      riegel audit --site site.yaml a.json b.json   the zones, from audits saved before

      Nothing is written to the target and nothing on it is executed; behind ssh: runs only the \
      script that `riegel snapshot --script` prints.

      Exit status: 0 all that applies passed; 1 something failed at or above --fail-on; \
      2 nothing failed but something could not be decided, or nothing applied at all. \
      A failure whose risk a waiver in force accepts does not count.
      """)

  @OptionGroup var target: TargetOptions

  @OptionGroup var site: SiteOptions

  @Flag(help: "All hosts of the site, from the targets that it names.")
  var zones = false

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

  private var addresses: [String] { target.targets.isEmpty ? [""] : target.targets }

  /// Whether the zones of a site are reported rather than single hosts.
  private var isAboutZones: Bool {
    site.path != nil
      && (zones || addresses.count > 1 || addresses.contains(where: HostAudits.isSaved))
  }

  func validate() throws {
    if zones, site.path == nil || site.host != nil || !target.targets.isEmpty {
      throw ValidationError("--zones goes with --site alone: the site names the targets")
    }
    if isAboutZones {
      let known = SiteReport.formats
      if let other = reporting.format.first(where: { !known.contains($0.name) }) {
        throw ValidationError(
          "zones are reported as \(known.joined(separator: ", ")), not as \(other.name)")
      }
      return
    }
    if let saved = addresses.first(where: HostAudits.isSaved) {
      throw ValidationError(
        "\(saved) is a saved audit: `riegel report \(saved)` shows it again, and"
          + " --site site.yaml judges it in its zone")
    }
    if addresses.count > 1, reporting.format.contains(where: { $0.file?.contains("%") == false }) {
      throw ValidationError("several targets take several files: json=%.json, % being the target")
    }
  }

  func run() throws {
    let previous = try reporting.earlier()
    let audits = try HostAudits(selection, content, site, target, reporting.language)
    let status =
      if isAboutZones, let site = audits.site {
        try reportZones(of: site, audits)
      } else {
        try reportHosts(audits, comparedWith: previous)
      }
    if status != .passed { throw ExitCode(status.rawValue) }
  }

  private func reportZones(of site: Site, _ audits: HostAudits) throws -> ExitStatus {
    let results = try audits.audit(
      try audits.open(zones ? try audits.addressesOfSite() : addresses),
      componentType: componentType, isQuiet: reporting.quiet)
    let whole = SiteAudit(
      results, of: site, library: audits.library, toolVersion: Riegel.version, at: target.moment)
    try reporting.write { name, options in
      SiteReport(options).render(whole, as: name)
    }
    return ExitStatus(results, failingAt: failOn)
  }

  /// Of several, one that cannot be opened does not keep the others from being judged.
  private func reportHosts(
    _ audits: HostAudits, comparedWith previous: Audit?
  ) throws -> ExitStatus {
    let isQuiet = reporting.quiet || addresses.count > 1
    let componentType = componentType
    var status = ExitStatus.passed
    let all = ParallelWork(addresses) { address in
      try audits.audit(try audits.open(address), componentType: componentType, isQuiet: isQuiet)
    }
    try all.run { address, result in
      switch result {
      case .success(let audit):
        try reporting.write(audit, comparedWith: previous, target: address)
        status = status.worse(ExitStatus(audit, failingAt: failOn))
      case .failure(let error):
        guard addresses.count > 1, let error = error as? OpeningError else { throw error }
        Console.error(error.message)
        status = .target
      }
    }
    return status
  }
}

extension ComponentType: ExpressibleByArgument {}
