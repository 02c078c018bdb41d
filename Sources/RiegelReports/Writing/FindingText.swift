import RiegelModel

/// A finding said in plain lines of one language, for formats that hold no more than text.
///
/// Whatever comes from the host has its deceptive characters escaped; what a format escapes
/// besides is its own business.
struct FindingText {
  let language: Language
  let phrases: any Phrases
  private let expectations: ExpectedText

  init(_ language: Language) {
    self.language = language
    phrases = language.phrases
    expectations = ExpectedText(phrases: phrases)
  }

  /// One row of evidence, each part ready to be shown; empty where there is nothing to say.
  struct Row {
    var subject: String
    var field: String
    var expected: String
    var found: String
    var origin: String
    var overrides: [String]
    var verdict: Evidence.Verdict
  }

  func title(_ finding: Finding) -> String { VisibleText.escaped(finding.title[language]) }

  func reason(_ finding: Finding) -> String { VisibleText.escaped(phrases.reason(finding.reason)) }

  /// Prose of a rule: its lines stay, whatever else could deceive is escaped.
  static func prose(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { VisibleText.escaped(String($0)) }.joined(separator: "\n")
  }

  /// The rows that a verdict rests on: for a failure those that violate; satisfied ones only where
  /// there are no others, as with a check that says `not`.
  static func decisive(_ finding: Finding) -> [Evidence] {
    for verdict in [Evidence.Verdict.violated, .undecided, .satisfied] {
      let rows = finding.evidence.filter { $0.verdict == verdict }
      if !rows.isEmpty { return rows }
    }
    return []
  }

  func row(_ evidence: Evidence) -> Row {
    let isPlain =
      evidence.field.isEmpty || evidence.field == "value"
      || (evidence.subject.isEmpty && evidence.field == "count")
    return Row(
      subject: VisibleText.escaped(evidence.subject),
      field: isPlain ? "" : VisibleText.escaped(evidence.field),
      expected: VisibleText.escaped(expectations.render(of: evidence)),
      found: VisibleText.escaped(
        evidence.subject.isEmpty && evidence.found == .absent
          ? phrases.foundNothing : phrases.found(evidence.found)),
      origin: evidence.origin.map { VisibleText.escaped(phrases.origin($0)) } ?? "",
      overrides: evidence.overrides.map {
        VisibleText.escaped(
          phrases.overrides(
            $0.value.isEmpty ? "\"\"" : $0.value, phrases.origin($0.origin)))
      }, verdict: evidence.verdict)
  }

  /// `PermitRootLogin: yes (/etc/ssh/sshd_config:33)`.
  func found(_ row: Row) -> String {
    let subject = row.subject.isEmpty ? "" : "\(row.subject): "
    let field = row.field.isEmpty ? "" : "\(row.field) "
    return subject + field + row.found + (row.origin.isEmpty ? "" : " (\(row.origin))")
  }

  func expected(_ row: Row) -> String {
    if !row.field.isEmpty { return "\(row.field): \(row.expected)" }
    // What a parameter or the site has to be says nothing without its name.
    let isGiven = row.subject.hasPrefix("parameter ") || row.subject.hasPrefix("site ")
    return isGiven ? "\(row.subject): \(row.expected)" : row.expected
  }

  /// Expected, found and where, a line each; at most so many rows.
  func lines(_ finding: Finding, most: Int = 50) -> [String] {
    let rows = FindingText.decisive(finding).map(row)
    var lines: [String] = []
    var last: String?
    for row in rows.prefix(most) {
      let expected = "\(phrases.labelExpected): \(expected(row))"
      if expected != last { lines.append(expected) }
      last = expected
      lines.append("\(phrases.labelFound): \(found(row))")
      lines += row.overrides.map { "  \($0)" }
    }
    if rows.count > most { lines.append("… \(phrases.others(rows.count - most))") }
    if rows.isEmpty { lines.append(reason(finding)) }
    if case .undecided = finding.reason, !rows.isEmpty { lines.append(reason(finding)) }
    return lines
  }

  func risks(_ finding: Finding) -> String {
    finding.remediation.risks.map(phrases.risk).joined(separator: ", ")
  }
}

extension Finding {
  /// Where the evidence that decides stands, each place once, in its order.
  var decisiveOrigins: [Origin] {
    var seen: Set<Origin> = []
    return FindingText.decisive(self).compactMap(\.origin).filter { seen.insert($0).inserted }
  }

  /// `framework:id`, as tags are written.
  var citations: [String] {
    references.flatMap { reference in reference.ids.map { "\(reference.framework):\($0)" } }
  }
}
