import ArgumentParser
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

  /// Writes an audit in every form asked for.
  ///
  /// In the name of a file, `%` stands for the target's own, so that several have files of theirs.
  func write(_ audit: Audit, comparedWith previous: Audit?, target: String = "") throws {
    let name = target.split(separator: "/").last.map(String.init) ?? "host"
    try write(
      { format, options in
        var options = options
        options.previous = previous
        return Reporters.named(format)?.render(audit, options) ?? []
      }, replacing: name)
  }

  /// Writes every report; one that cannot be written does not keep the others from being so.
  func write(
    _ render: (_ format: String, ReportOptions) throws -> [UInt8], replacing name: String? = nil
  ) throws {
    let verbosity: ReportOptions.Verbosity = quiet ? .quiet : verbose ? .verbose : .normal
    let requests =
      format.isEmpty ? [FormatRequest(name: TerminalReporter.name, file: nil)] : format
    var failures: [OutputError] = []
    for var request in requests {
      let options = language.report(verbosity, toTerminal: request.file == nil)
      if let name, let file = request.file {
        request.file = file.split(separator: "%", omittingEmptySubsequences: false)
          .joined(separator: name)
      }
      do {
        try request.write(try render(request.name, options))
      } catch let error as OutputError {
        failures.append(error)
      }
    }
    guard let last = failures.popLast() else { return }
    for failure in failures { Console.error(failure.description) }
    throw last
  }
}
