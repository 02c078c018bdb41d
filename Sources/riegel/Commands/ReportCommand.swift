import ArgumentParser

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a saved audit in another form.",
    discussion: """
      riegel report audit.json --format html=report.html
      riegel report audit.json --previous last-month.json --format html=report.html --lang de
      riegel report audit.json --format csv=a.csv --format sarif=a.sarif

      The audit is what `riegel audit --format json=audit.json` wrote; `-` reads standard input. \
      The bytes are the same as if `riegel audit` had written the report itself. Nothing is \
      judged anew, and the exit status says only whether the reports were written.
      """)

  @Argument(
    help: ArgumentHelp("The audit as JSON.", valueName: "audit.json"),
    completion: .file(extensions: ["json"]))
  var audit: String

  @OptionGroup var reporting: ReportingOptions

  func run() throws {
    let language = reporting.language.language
    let audit = try InputFile.audit(audit, language)
    try reporting.write(audit, comparedWith: try reporting.earlier())
  }
}
