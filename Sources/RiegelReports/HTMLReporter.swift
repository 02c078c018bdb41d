import Crypto
package import RiegelModel

/// One self-contained page for three readers: management, technicians, auditors.
///
/// Both languages are in it, with a switch. It loads nothing: style, script and pictures are part
/// of the file, and its own policy (CSP) forbids everything else, so that not even a text that got
/// past the escaping could run. Without JavaScript everything is shown one below the other.
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
struct HTMLPage {
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

  func say(_ say: (any Phrases) -> String) -> Markup { Markup.both(say) }

  var hostName: Localized {
    Localized(
      en: audit.host.name ?? english.phrases.unnamedHost,
      de: audit.host.name ?? german.phrases.unnamedHost)
  }

  /// The title of the page, which no markup can be put into.
  private var title: Localized {
    Localized(
      en: english.phrases.title(hostName.en), de: german.phrases.title(hostName.de))
  }

  var document: Markup {
    let style = HTMLStyle.text
    let script = HTMLScript.text
    let policy =
      "default-src 'none'; style-src 'sha256-\(base64SHA256(style))'; script-src"
      + " 'sha256-\(base64SHA256(script))'; base-uri 'none'; form-action 'none'"
    let main: Markup = """
      <noscript><p class=notice>\(Label.needsScript)</p></noscript>
      \(overview)
      \(findings)
      \(evidence)
      """
    let (body, table) = Interning.intern(main.html, isGerman: language == .de)
    return """
      <!DOCTYPE html>
      <html lang=\(language.rawValue)>
      <head>
      <meta charset=utf-8>
      <meta http-equiv="Content-Security-Policy" content="\(Markup(trusted: policy))">
      <meta name=viewport content="width=device-width, initial-scale=1">
      <meta name=referrer content=no-referrer>
      <meta name=generator content="riegel \(audit.toolVersion)">
      <title \(Markup.switched(title))>\(title[language])</title>
      <style>\(Markup(trusted: style))</style>
      </head>
      <body>
      \(HTMLPage.symbols)
      \(header)
      <main id=main tabindex=-1>
      \(Markup(trusted: body))
      </main>
      <div hidden id=texts>\(Markup(trusted: table))</div>
      <footer><p>\(say { $0.tool(audit.toolVersion, String(audit.contentHash.prefix(12))) }). \
      \(Label.selfContained)</p></footer>
      <script>\(Markup(trusted: script))</script>
      </body>
      </html>

      """
  }

  private var header: Markup {
    let profile = Localized(
      en: "\(audit.profile.title.en) (\(audit.profile.id))",
      de: "\(audit.profile.title.de) (\(audit.profile.id))")
    return """
      <a class=skip href=#main>\(Label.skip)</a>
      <header class=top>
      <div class=name>
      <p class=brand><svg width=22 height=22 viewBox="0 0 22 22" aria-hidden=true \
      focusable=false><path class=ink d="M2 8h11V5h3v3h4v6h-4v3h-3v-3H2z"/></svg> Riegel · \
      \(Label.report)</p>
      <h1>\(hostName)</h1>
      <p class=sub>\(audit.host.system ?? "") · \(profile) · \
      \(say { $0.moment(audit.startedAt) })</p>
      </div>
      <div class=tools>
      <div class=switch role=group aria-labelledby=lang-l><span id=lang-l class=vh>\
      \(Label.language)</span><button type=button data-lang=de lang=de \
      aria-pressed=\(pressed(.de))>Deutsch</button><button type=button data-lang=en lang=en \
      aria-pressed=\(pressed(.en))>English</button></div>
      <button type=button id=theme>\(Label.theme)</button>
      <button type=button id=print>\(Label.print)</button>
      </div>
      </header>
      <nav class=views aria-labelledby=views-l><span id=views-l class=vh>\(Label.views)</span>
      <a href=#overview>\(Label.overview)</a>
      <a href=#findings>\(Label.findings)</a>
      <a href=#evidence>\(Label.evidence)</a>
      <a href=#all>\(Label.everything)</a>
      </nav>
      """
  }

  private func pressed(_ own: Language) -> String { own == language ? "true" : "false" }

  /// A link to a finding by the rule's id.
  func link(_ rule: String) -> Markup {
    guard let finding = byRule[rule] else { return "<code>\(rule)</code>" }
    return "<a href=\"#\(anchor(rule))\">\(finding.title)</a>"
  }

  func anchor(_ rule: String) -> String { "r-" + percentEncoded(rule.utf8) }
}

extension Markup {
  /// HTML that is ready: text of this program, or what `Markup` has made.
  init(trusted text: String) { self.init(stringLiteral: text) }
}

/// The digest of a source as a content security policy names it.
private func base64SHA256(_ text: String) -> String {
  let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var result = ""
  let digest = Array(SHA256.hash(data: Array(text.utf8)))
  for start in stride(from: 0, to: digest.count, by: 3) {
    let group = digest[start..<min(start + 3, digest.count)]
    var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    bits <<= UInt32(8 * (3 - group.count))
    for index in 0..<4 {
      result.append(
        index <= group.count ? letters[Int(bits >> UInt32(18 - 6 * index) & 63)] : "=")
    }
  }
  return result
}
