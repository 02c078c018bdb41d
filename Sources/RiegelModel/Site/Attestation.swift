/// A person's statement on what no scan can see, with the document that shows it.
package struct Attestation: Sendable, Hashable {
  /// What it is about; ids of the catalogues.
  package enum Subject: Sendable, Hashable {
    /// A statement that a measure asks for.
    case statement(String)
    /// What no scan sees of these requirements of IEC 62443.
    case requirements([String])
    /// Rows of the KBV directive.
    case rows([String])

    package var ids: [String] {
      switch self {
      case .statement(let id): [id]
      case .requirements(let ids), .rows(let ids): ids
      }
    }
  }

  package enum Claim: String, Sendable, Hashable, CaseIterable {
    case met
    /// What is asked for has no object here: no wireless interface, no mail server.
    case notApplicable = "not-applicable"
  }

  /// How long it holds, in months or days.
  package enum Validity: Sendable, Hashable {
    case months(Int)
    case days(Int)

    /// `12 months`, `90 days`, `2 years`, `1 week`; nil for anything else and for none at all.
    package init?(_ text: String) {
      let words = text.split(separator: " ")
      guard words.count == 2, let count = Int(words[0]), (1...1200).contains(count) else {
        return nil
      }
      switch words[1] {
      case "day", "days": self = .days(count)
      case "week", "weeks": self = .days(count * 7)
      case "month", "months": self = .months(count)
      case "year", "years": self = .months(count * 12)
      default: return nil
      }
    }

    package var description: String {
      switch self {
      case .months(let count): "\(count) \(count == 1 ? "month" : "months")"
      case .days(let count): "\(count) \(count == 1 ? "day" : "days")"
      }
    }

    package func end(from start: Instant) -> Instant {
      switch self {
      case .months(let count): start.adding(months: count)
      case .days(let count): start.adding(days: count)
      }
    }
  }

  /// The document, by its path from the site's folder.
  package struct Document: Sendable, Hashable {
    package var file: String
    /// In lower-case hexadecimal digits.
    package var sha256: String
    package init(file: String, sha256: String) {
      self.file = file
      self.sha256 = sha256
    }
  }

  package var id: String
  package var subject: Subject
  package var claim: Claim
  package var scope: SiteScope
  /// What the person says.
  package var text: Localized
  package var person: String
  /// The day of the statement.
  package var day: Instant
  package var validity: Validity
  package var document: Document
  package var place: Place

  package init(
    id: String, subject: Subject, claim: Claim = .met, scope: SiteScope = SiteScope(),
    text: Localized, person: String, day: Instant, validity: Validity, document: Document,
    place: Place
  ) {
    self.id = id
    self.subject = subject
    self.claim = claim
    self.scope = scope
    self.text = text
    self.person = person
    self.day = day
    self.validity = validity
    self.document = document
    self.place = place
  }

  package enum State: String, Sendable, Hashable, CaseIterable {
    case valid
    /// Valid, and for not much longer.
    case dueSoon
    case expired
    /// Dated on a day that is still to come.
    case notYet
    /// A finding on a host says otherwise.
    case contradicted

    /// Whether the statement counts.
    package var counts: Bool { self == .valid || self == .dueSoon }
  }

  /// The last day on which it holds.
  package var until: Instant { validity.end(from: day) }

  /// How long before its end a statement is called due.
  package static let noticeDays = 30

  /// From the day alone; what hosts say of it comes on top.
  package func state(at now: Instant, notice days: Int = noticeDays) -> State {
    if now < day { return .notYet }
    if now > until.endOfDay { return .expired }
    return now.adding(days: days) > until.endOfDay ? .dueSoon : .valid
  }
}
