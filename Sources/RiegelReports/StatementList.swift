package import RiegelModel

/// The statements that measures ask for, with what became of each, and the attestations beside them.
package struct StatementList: Sendable {
  private let statements: [(measure: Measure, status: StatementStatus)]
  private let attestations: [AttestationStatus]
  private let options: ReportOptions
  private let language: Language
  private let words: any SitePhrases

  /// `attestations` are those of the site; the ones about statements are shown with these.
  package init(
    _ statements: [(measure: Measure, status: StatementStatus)],
    _ attestations: [AttestationStatus], _ options: ReportOptions
  ) {
    self.statements = statements
    self.attestations = attestations
    self.options = options
    language = options.language
    words = options.language.sitePhrases
  }

  private var others: [AttestationStatus] {
    attestations.filter {
      if case .statement = $0.attestation.subject { false } else { true }
    }
  }

  /// How many are not valid for longer than the notice.
  package var due: Int {
    statements.count { $0.status.state != .valid } + others.count { $0.state != .valid }
  }

  private func text(of status: StatementStatus) -> String {
    let word = words.state(status.state)
    guard let until = status.until else { return word }
    switch status.state {
    case .valid, .dueSoon: return words.stateUntil(word, words.day(until))
    case .expired: return words.stateSince(word, words.day(until.adding(days: 1)))
    case .contradicted, .missing: return word
    }
  }

  private static func style(of state: StatementStatus.State) -> Style {
    switch state {
    case .valid: .green
    case .dueSoon: .yellow
    case .expired, .contradicted, .missing: .red
    }
  }

  package func terminal(onlyDue: Bool) -> [UInt8] {
    var page = Page(width: options.width, colour: options.colour)
    var last: String?
    for (measure, status) in statements where !onlyDue || status.state != .valid {
      if measure.id != last {
        if last != nil { page.blank() }
        page.flow([.prose(measure.title[language], .bold)])
        last = measure.id
      }
      page.flow(
        [
          .host(status.id), .prose(": "),
          .prose(text(of: status), StatementList.style(of: status.state)),
        ], at: 2, hanging: 4)
      page.flow([.prose(status.text[language])], at: 4)
      if status.state != .valid,
        let asked = measure.statements.first(where: { $0.id == status.id })
      {
        page.flow([.prose(words.wanted(asked.evidence[language]), .dim)], at: 4)
      }
    }
    let others = self.others.filter { !onlyDue || $0.state != .valid }
    if !others.isEmpty, last != nil { page.blank() }
    for status in others {
      let attestation = status.attestation
      page.flow(
        [
          .host(attestation.id, .bold), .prose(": "),
          .prose(words.text(of: status), TerminalReport.style(of: status.state)),
        ])
      page.flow(
        TerminalReport.list(attestation.subject.ids)
          + [.prose(": "), .prose(words.claim(attestation.claim))], at: 2)
    }
    if !page.bytes.isEmpty { page.blank() }
    page.flow([.prose(due == 0 ? words.nothingDue : words.dueCount(due), .bold)])
    return page.bytes
  }

  package func json(onlyDue: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("format", SiteAudit.format)
      writer.member("kind", "statements")
      writer.array("statements", statements.filter { !onlyDue || $0.status.state != .valid }) {
        writer, item in
        writer.object {
          $0.member("measure", item.measure.id)
          $0.members(of: item.status)
        }
      }
      writer.array("attestations", others.filter { !onlyDue || $0.state != .valid }) {
        writer, status in
        writer.object { $0.members(of: status) }
      }
      writer.member("due", due)
    }
    writer.end()
    return writer.bytes
  }
}

/// What `riegel attest new` asks and says, in the reader's language.
package struct StatementQuestions: Sendable {
  private let words: any SitePhrases
  private let language: Language

  package init(_ language: Language) {
    self.language = language
    words = language.sitePhrases
  }

  package var statement: String { words.askStatement }
  package var person: String { words.askPerson }
  package func day(_ today: String) -> String { words.askDay(today) }
  package func validity(_ standard: String) -> String { words.askValidity(standard) }
  package var document: String { words.askDocument }
  package func wanted(_ statement: Measure.Statement) -> String {
    "\(statement.statement[language])\n\(words.wanted(statement.evidence[language]))"
  }
  package func written(_ path: String) -> String { words.written(path) }
}
