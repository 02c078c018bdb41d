import ArgumentParser
import Glibc
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelReports
import SystemPackage

struct AttestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "Write down what a person states of things that no scan can see, and what is due.",
    subcommands: [AttestListCommand.self, AttestDueCommand.self, AttestNewCommand.self],
    defaultSubcommand: AttestListCommand.self)
}

/// The site, and the moment that counts.
struct AttestOptions: ParsableArguments {
  @Option(
    name: .customLong("site"),
    help: ArgumentHelp("The site's file.", valueName: "site.yaml"),
    completion: .file(extensions: ["yaml"]))
  var path = "site.yaml"

  @Option(
    name: .customLong("now"),
    help: ArgumentHelp("The moment that counts as now.", valueName: "time"))
  var now: String?

  @OptionGroup var content: ContentOptions
  @OptionGroup var language: LanguageOptions

  func validate() throws {
    if let now, Instant(now) == nil {
      throw ValidationError("--now takes a date or time, not '\(now)'")
    }
  }

  var moment: Instant { TargetOptions.moment(now) }

  func read() throws -> (content: SiteContent, library: Library) {
    let profiles = try profilesFolder(ofSite: FilePath(path))
    let library = try content.library(with: [profiles].compactMap { $0 })
    return (try readSite(at: FilePath(path), library: library), library)
  }

  func list(notice days: Int) throws -> StatementList {
    let (content, library) = try read()
    let statuses = content.site.attestations.map {
      AttestationStatus($0, state: $0.state(at: moment, notice: days), contradictedBy: [])
    }
    return StatementList(
      library.measures.statements(statuses), statuses,
      language.report(.normal, toTerminal: true))
  }
}

struct AttestListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List every statement that the measures ask for, and the attestations there are.",
    discussion: """
      By the calendar alone; whether findings on a host contradict one is in its audit.
      """)

  @OptionGroup var options: AttestOptions
  @Flag(help: "As JSON.") var json = false

  func run() throws {
    let list = try options.list(notice: Attestation.noticeDays)
    Console.write(
      json ? list.json(onlyDue: false) : list.terminal(onlyDue: false), to: STDOUT_FILENO)
  }
}

struct AttestDueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "due",
    abstract: "List what is missing, expired, or will expire soon.",
    discussion: "Exit status 0 if nothing is due, 1 otherwise.")

  @OptionGroup var options: AttestOptions

  @Option(help: ArgumentHelp("How many days ahead.", valueName: "days"))
  var within = Attestation.noticeDays

  @Flag(help: "As JSON.") var json = false

  func validate() throws {
    if !(0...3660).contains(within) { throw ValidationError("--within takes 0 to 3660 days") }
  }

  func run() throws {
    let list = try options.list(notice: within)
    Console.write(
      json ? list.json(onlyDue: true) : list.terminal(onlyDue: true), to: STDOUT_FILENO)
    if list.due > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}

struct AttestNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write an attestation: who states what, since when, shown by which document.",
    discussion: """
      riegel attest new                                     asks for everything, on a terminal
      riegel attest new restore-test --by 'Jana Brandt' --evidence evidence/restore-2026.pdf
      riegel attest new --requirement 'CR 1.5' --for-host ecg-station --text 'Keys lie in the TPM.' \\
        --valid-for '12 months' --by 'Jana Brandt' --evidence evidence/tpm.pdf

      The document has to lie below the folder of the site's file; its SHA-256 is written beside \
      it, and an audit refuses a document that has changed since. Nothing is overwritten.
      """)

  @Argument(help: "The id of a statement that a measure asks for; `riegel attest list` shows them.")
  var statement: String?

  @Option(
    name: .customLong("requirement"), parsing: .singleValue,
    help: ArgumentHelp(
      "A requirement of IEC 62443 instead, such as 'CR 1.5'. May be repeated.", valueName: "id"))
  var requirements: [String] = []

  @Option(
    name: .customLong("row"), parsing: .singleValue,
    help: ArgumentHelp(
      "A row of the KBV directive instead, such as A1-3. May be repeated.", valueName: "id"))
  var rows: [String] = []

  @Option(help: "met, or not-applicable where a requirement or row has no object here.")
  var claim: Attestation.Claim = .met

  @Option(
    name: .customLong("for-host"), parsing: .singleValue,
    help: ArgumentHelp("Only for this host. May be repeated.", valueName: "id"))
  var hosts: [String] = []

  @Option(
    name: .customLong("for-zone"), parsing: .singleValue,
    help: ArgumentHelp("Only for the hosts of this zone. May be repeated.", valueName: "id"))
  var zones: [String] = []

  @Option(help: ArgumentHelp("What is stated; else the catalogue's words.", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("Who states it.", valueName: "name"))
  var by: String?

  @Option(help: ArgumentHelp("The day of the statement; else today.", valueName: "day"))
  var on: String?

  @Option(help: ArgumentHelp("How long it holds, such as '12 months'.", valueName: "time"))
  var validFor: String?

  @Option(
    help: ArgumentHelp("The document that shows it.", valueName: "file"), completion: .file())
  var evidence: String?

  @Option(help: ArgumentHelp("The name of the new file, without .yaml.", valueName: "name"))
  var name: String?

  @OptionGroup var options: AttestOptions

  func validate() throws {
    let kinds = [statement != nil, !requirements.isEmpty, !rows.isEmpty].count { $0 }
    if kinds > 1 {
      throw ValidationError("a statement, requirements and rows exclude each other")
    }
    if let on, on.utf8.count != 10 || Instant(on) == nil {
      throw ValidationError("--on takes a day such as 2026-11-24, not '\(on)'")
    }
    if let validFor, Attestation.Validity(validFor) == nil {
      throw ValidationError("--valid-for takes '12 months' or '90 days', not '\(validFor)'")
    }
    if let name, name.contains("/") { throw ValidationError("--name is a name, not a path") }
  }

  func run() throws {
    let (content, library) = try options.read()
    let questions = StatementQuestions(options.language.language)
    let subject = try self.subject(questions, library)
    var asked: Measure.Statement?
    if case .statement(let id) = subject {
      asked = library.measures.statement(id)?.statement
      guard let asked else {
        let known = library.measures.measures.flatMap(\.statements).map(\.id)
        let near = closest(to: id, among: known).map { "; did you mean '\($0)'?" }
        throw ValidationError("there is no statement '\(id)'\(near ?? "")")
      }
      if Terminal.isInteractive { Console.print(questions.wanted(asked)) }
    }
    let standard = asked.map { "\($0.validityMonths) months" }
    let today = options.moment.date
    let person = try given(by, "--by", questions.person)
    let day = try on ?? Terminal.ask(questions.day(today), default: today) ?? today
    let validity = try given(
      validFor ?? (Terminal.isInteractive ? nil : standard), "--valid-for",
      questions.validity(standard ?? "12 months"), default: standard ?? "12 months")
    let document = try self.document(
      try given(evidence, "--evidence", questions.document), below: content.folder)
    guard let instant = Instant(day), day.utf8.count == 10 else {
      throw ValidationError("'\(day)' is no day such as 2026-11-24")
    }
    guard let validFor = Attestation.Validity(validity) else {
      throw ValidationError("'\(validity)' is no time such as '12 months' or '90 days'")
    }
    guard let words = text.map({ Localized(en: $0, de: $0) }) ?? asked?.statement else {
      throw ValidationError("--text says what is stated of the requirements or rows")
    }
    let id = name ?? fileName(for: subject, instant, in: content.site)
    let attestation = Attestation(
      id: id, subject: subject, claim: claim, scope: SiteScope(hosts: hosts, zones: zones),
      text: words, person: person, day: instant, validity: validFor, document: document,
      place: Place(file: ""))
    let yaml = try checkedText(of: attestation, in: content.site, library: library)
    let path = content.attestationsFolder.appending("\(id).yaml").string
    mkdir(content.attestationsFolder.string, 0o750)
    try OutputFile.create(path, with: Array(yaml.utf8))
    Console.print(questions.written(path))
  }

  private func subject(
    _ questions: StatementQuestions, _ library: Library
  ) throws -> Attestation.Subject {
    if !requirements.isEmpty { return .requirements(requirements) }
    if !rows.isEmpty { return .rows(rows) }
    return .statement(
      try given(statement, "a statement, --requirement or --row", questions.statement))
  }

  /// A flag's value, or the answer on a terminal; a script has to give it.
  private func given(
    _ value: String?, _ flag: String, _ question: String, default standard: String? = nil
  ) throws -> String {
    if let value { return value }
    if let answer = try Terminal.ask(question, default: standard) { return answer }
    throw ValidationError("\(flag) is missing (asked for on a terminal only)")
  }

  private func document(
    _ file: String, below folder: FilePath
  ) throws -> Attestation.Document {
    func fail(_ words: String) -> ContentError {
      ContentError([Diagnostic(.error, words, at: Place(file: file))])
    }
    // As the shell completes it, or as the file itself will say it.
    guard let real = realPath(file) ?? realPath(folder.pushing(FilePath(file)).string) else {
      throw fail("cannot be opened: \(String(cString: strerror(errno)))")
    }
    guard let root = realPath(folder.string.isEmpty ? "." : folder.string),
      real.hasPrefix(root == "/" ? root : root + "/")
    else {
      throw fail("lies outside of the site's folder; copy it there first")
    }
    return Attestation.Document(
      file: String(real.dropFirst(root == "/" ? 1 : root.utf8.count + 1)),
      sha256: try sha256(of: FilePath(real), name: file))
  }

  /// The statement's or first requirement's id; with the day where that is taken.
  private func fileName(
    for subject: Attestation.Subject, _ day: Instant, in site: Site
  ) -> String {
    let first = subject.ids.first ?? "attestation"
    let base = String(
      first.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    let taken = site.attestations.map(\.id)
    return taken.contains(base) ? "\(base)-\(day.date)" : base
  }
}

extension Attestation.Claim: ExpressibleByArgument {}

private func realPath(_ path: String) -> String? {
  guard let found = realpath(path, nil) else { return nil }
  defer { free(found) }
  return String(cString: found)
}

/// Questions to whoever sits at the terminal.
private enum Terminal {
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && Console.isErrorTerminal }

  /// nil where nobody can answer. An empty answer means the default, or asks again.
  static func ask(_ question: String, default standard: String? = nil) throws -> String? {
    guard isInteractive else { return nil }
    while true {
      Console.write(Array("\(question) ".utf8), to: STDERR_FILENO)
      guard let line = readLine() else { throw ExitCode(ExitStatus.usage.rawValue) }
      let answer = line.drop { $0 == " " }
      if !answer.isEmpty { return String(answer) }
      if let standard { return standard }
    }
  }
}
