import ArgumentParser
import Glibc
import RiegelEngine
import RiegelModel
import RiegelProbes
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

      Nothing is written to the target and nothing on it is executed.

      Exit status: 0 all that applies passed; 1 something failed at or above --fail-on; \
      2 nothing failed but something could not be decided, or nothing applied at all.
      """)

  @OptionGroup var target: TargetOptions
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
      "What kind of component the host is (IEC 62443-4-2).", valueName: "HDR|EDR|NDR|SAR"))
  var componentType: ComponentType = .hostDevice

  @Flag(name: .shortAndLong, help: "Only what failed, and the verdict.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Everything, uncut: passes and their evidence too.")
  var verbose = false

  func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
    if format.count(where: { $0.file == nil }) > 1 {
      throw ValidationError("only one --format can go to standard output; name a file: json=FILE")
    }
  }

  func run() throws {
    let (library, selection) = try selection.select(from: content)
    let plan = try Plan(selection, probes: Probes.all)
    let host = try target.host()
    let findings = run(plan, on: host)
    let audit = Audit(
      findings, of: host, profile: selection.profile, library: library,
      componentType: componentType, isPrivileged: TargetOptions.isPrivileged,
      toolVersion: Riegel.version)
    for request in format.isEmpty ? [FormatRequest(name: TerminalReporter.name, file: nil)] : format
    {
      try write(audit, request)
    }
    let status = ExitStatus(audit, failingAt: failOn)
    if status != .passed { throw ExitCode(status.rawValue) }
  }

  private func run(_ plan: Plan, on host: Host) -> [Finding] {
    let progress = AuditProgress()
    guard Console.isErrorTerminal, !quiet else {
      return Auditor(plan).run(on: host, progress: progress)
    }
    let line = ProgressLine(
      progress,
      text: language.language == .de
        ? "Dateisystem wird durchsucht: % Einträge" : "searching the file system: % entries")
    defer { line.end() }
    return Auditor(plan).run(on: host, progress: progress)
  }

  private func write(_ audit: Audit, _ request: FormatRequest) throws {
    guard let reporter = Reporters.named(request.name) else { return }
    let verbosity: ReportOptions.Verbosity = quiet ? .quiet : verbose ? .verbose : .normal
    let bytes = reporter.render(
      audit, language.report(verbosity, toTerminal: request.file == nil))
    guard let file = request.file else {
      Console.write(bytes, to: STDOUT_FILENO)
      return
    }
    try OutputFile.replace(file, with: bytes)
  }
}

extension ComponentType: ExpressibleByArgument {}
