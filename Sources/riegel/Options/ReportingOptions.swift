import ArgumentParser
import Glibc
import RiegelModel
import RiegelReports

/// Which reports are written, for whom and where to.
struct ReportingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .singleValue,
    help: ArgumentHelp(
      "Form of the report and where it goes: \(Reporters.names.joined(separator: ", ")).",
      discussion: "May be repeated to write several at once.", valueName: "format[=file]"))
  var format: [FormatRequest] = []

  @Option(
    help: ArgumentHelp(
      "An earlier audit as JSON; reports that show changes compare with it.",
      valueName: "audit.json"), completion: .file(extensions: ["json"]))
  var previous: String?

  @OptionGroup var language: LanguageOptions

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

  /// The earlier audit, read before anything takes time.
  func earlier() throws -> Audit? {
    try previous.map { try InputFile.audit($0, language.language) }
  }

  /// Writes every report; one that cannot be written does not keep the others from being so.
  ///
  /// In the name of a file, `%` stands for the target's own, so that several have files of theirs.
  func write(_ audit: Audit, comparedWith previous: Audit?, target: String = "") throws {
    let requests =
      format.isEmpty ? [FormatRequest(name: TerminalReporter.name, file: nil)] : format
    var failures: [OutputError] = []
    for request in requests {
      do {
        try write(audit, request, previous, target)
      } catch let error as OutputError {
        failures.append(error)
      }
    }
    guard let last = failures.popLast() else { return }
    for failure in failures { Console.error(failure.description) }
    throw last
  }

  private func write(
    _ audit: Audit, _ request: FormatRequest, _ previous: Audit?, _ target: String
  ) throws {
    guard let reporter = Reporters.named(request.name) else { return }
    let verbosity: ReportOptions.Verbosity = quiet ? .quiet : verbose ? .verbose : .normal
    var options = language.report(verbosity, toTerminal: request.file == nil)
    options.previous = previous
    let bytes = reporter.render(audit, options)
    guard let file = request.file else {
      Console.write(bytes, to: STDOUT_FILENO)
      return
    }
    let name = target.split(separator: "/").last.map(String.init) ?? "host"
    let path = file.split(separator: "%", omittingEmptySubsequences: false)
    try OutputFile.replace(path.joined(separator: name), with: bytes)
  }
}
