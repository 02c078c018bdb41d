import ArgumentParser
import RiegelEngine
import RiegelModel
import RiegelProbes
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

      Nothing is written to the target and nothing on it is executed.

      Exit status: 0 all that applies passed; 1 something failed at or above --fail-on; \
      2 nothing failed but something could not be decided, or nothing applied at all.
      """)

  @OptionGroup var target: TargetOptions
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
      "What kind of component the host is (IEC 62443-4-2).", valueName: "HDR|EDR|NDR|SAR"))
  var componentType: ComponentType = .hostDevice

  func validate() throws {
    if target.targets.count > 1,
      reporting.format.contains(where: { $0.file?.contains("%") == false })
    {
      throw ValidationError("several targets take several files: json=%.json, % being the target")
    }
  }

  func run() throws {
    let previous = try reporting.earlier()
    let (library, selection) = try selection.select(from: content)
    let plan = try Plan(selection, probes: Probes.all)
    let inventory = Probes.all.filter { ["package", "platform"].contains($0.name) }
    let reads = plan.contents + inventory.flatMap(\.reads)
    let addresses = target.targets.isEmpty ? [""] : target.targets
    var status = ExitStatus.passed
    let audits = ParallelAudits(addresses) { address in
      let host = try target.host(address, reading: reads)
      let findings = addresses.count == 1 ? run(plan, on: host) : Auditor(plan).run(on: host)
      return Audit(
        findings, of: host, profile: selection.profile, library: library,
        componentType: componentType,
        isPrivileged: host.target.wasPrivileged ?? TargetOptions.isPrivileged,
        toolVersion: Riegel.version, inventory: Inventory(of: host))
    }
    try audits.run { address, result in
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
    if status != .passed { throw ExitCode(status.rawValue) }
  }

  private func run(_ plan: Plan, on host: Host) -> [Finding] {
    let progress = AuditProgress()
    guard Console.isErrorTerminal, !reporting.quiet else {
      return Auditor(plan).run(on: host, progress: progress)
    }
    let line = ProgressLine(
      progress,
      text: reporting.language.language == .de
        ? "Dateisystem wird durchsucht: % Einträge" : "searching the file system: % entries")
    defer { line.end() }
    return Auditor(plan).run(on: host, progress: progress)
  }
}

extension ComponentType: ExpressibleByArgument {}
