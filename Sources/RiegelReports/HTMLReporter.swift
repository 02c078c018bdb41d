package import RiegelModel

/// One self-contained page for three readers: management, technicians, auditors.
///
/// Both languages are in it, with a switch. It loads nothing: style, script and pictures are part
/// of the file, and its own policy (CSP) forbids everything else, so that not even a text that got
/// past the escaping could run. Without JavaScript everything is shown one below the other, and a
/// check box switches the language.
package struct HTMLReporter: Reporter {
  package static let name = "html"
  package static let summary = Localized(
    en: "one page for management, technicians and auditors, in both languages",
    de: "eine Seite für Leitung, Technik und Revision, in beiden Sprachen")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    Array(HTMLPage(audit, options).document.html.utf8)
  }
}

/// One page on its way to paper; each part is a property in a file of its own.
struct HTMLPage: HTMLParts {
  let audit: Audit
  let language: Language
  let changes: AuditChanges?
  let english = FindingText(.en)
  let german = FindingText(.de)
  let byRule: [String: Finding]
  let newRules: Set<String>

  init(_ audit: Audit, _ options: ReportOptions) {
    self.audit = audit
    language = options.language
    changes = options.previous.map { AuditChanges(from: $0, to: audit) }
    byRule = Dictionary(audit.findings.map { ($0.rule, $0) }) { first, _ in first }
    newRules = Set(changes?.newlyFailed.map(\.rule) ?? [])
  }

  /// A sentence in both languages.
  func both(_ say: (FindingText) -> String) -> Markup {
    Markup.both(Localized(en: say(english), de: say(german)))
  }

  var hostName: Localized {
    Localized(
      en: audit.host.name ?? english.phrases.unnamedHost,
      de: audit.host.name ?? german.phrases.unnamedHost)
  }

  var document: Markup {
    // The title of the page, which no markup can be put into.
    let title = Localized(
      en: english.phrases.title(hostName.en), de: german.phrases.title(hostName.de))
    let profile = Localized(
      en: "\(audit.profile.title.en) (\(audit.profile.id))",
      de: "\(audit.profile.title.de) (\(audit.profile.id))")
    return frame(
      title: title, heading: "\(hostName)",
      under: """
        \(audit.host.system ?? "") · \(profile) · \
        \(say { $0.moment(audit.startedAt) })
        """,
      views: [
        ("overview", .overview), ("findings", .findings), ("evidence", .evidence),
      ], main: "\(overview)\n\(findings)\n\(evidence)", language,
      tool: (audit.toolVersion, audit.contentHash))
  }

  /// A link to a finding by the rule's id.
  func link(_ rule: String) -> Markup {
    guard let finding = byRule[rule] else { return "<code>\(rule)</code>" }
    return "<a href=\"#\(anchor(rule))\">\(finding.title)</a>"
  }

  func anchor(_ rule: String) -> String { "r-" + percentEncoded(rule.utf8) }
}
