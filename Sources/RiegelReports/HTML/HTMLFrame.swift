import Crypto
import RiegelModel

extension HTMLParts {
  /// The page round its content: head with style and policy, switches, views and script.
  ///
  /// Each view is a section of `main` with the id named here.
  func frame(
    title: Localized, heading: Markup, under: Markup, views: [(id: String, label: Label)],
    main: Markup, _ language: Language, tool: (version: String, content: String)
  ) -> Markup {
    let style = HTMLStyle.text
    let script = HTMLScript.text
    let page = Interning.intern(
      "<noscript><p class=notice>\(Label.needsScript)</p></noscript>\n\(main)" as Markup,
      language)
    let spare = HTMLStyle.withoutScript(language, page.others)
    let policy =
      "default-src 'none'; style-src 'sha256-\(base64SHA256(style))'"
      + " 'sha256-\(base64SHA256(spare))'; script-src 'sha256-\(base64SHA256(script))';"
      + " base-uri 'none'; form-action 'none'"
    return """
      <!DOCTYPE html>
      <html lang=\(language.rawValue)>
      <head>
      <meta charset=utf-8>
      <meta http-equiv="Content-Security-Policy" content="\(Markup(trusted: policy))">
      <meta name=viewport content="width=device-width, initial-scale=1">
      <meta name=referrer content=no-referrer>
      <meta name=generator content="riegel \(tool.version)">
      <title \(Markup.switched(title))>\(title[language])</title>
      <style>\(Markup(trusted: style))</style>
      <noscript><style>\(Markup(trusted: spare))</style></noscript>
      </head>
      <body>
      \(Self.symbols)
      <a class=skip href=#main>\(Label.skip)</a>
      <input type=checkbox id=other class="nojs vh">
      <header class=top>
      <div class=name>
      <p class=brand><svg width=22 height=22 viewBox="0 0 22 22" aria-hidden=true \
      focusable=false><path class=ink d="M2 8h11V5h3v3h4v6h-4v3h-3v-3H2z"/></svg> Riegel · \
      \(Label.report)</p>
      <h1>\(heading)</h1>
      <p class=sub>\(under)</p>
      </div>
      \(switches(language))
      </header>
      <nav class=views aria-labelledby=views-l><span id=views-l class=vh>\(Label.views)</span>
      \(Markup.joined(views.map { "<a href=#\($0.id)>\($0.label)</a>" }, by: "\n"))
      <a href=#all>\(Label.everything)</a>
      </nav>
      <main id=main tabindex=-1>
      \(page.body)
      </main>
      <div hidden id=texts>\(page.table)</div>
      <footer><p>\(say { $0.tool(tool.version, String(tool.content.prefix(12))) }). \
      \(Label.selfContained)</p></footer>
      <script>\(Markup(trusted: script))</script>
      </body>
      </html>

      """
  }

  /// Buttons where there is a script; else a label for the check box before the header, whose
  /// state the style reads.
  private func switches(_ language: Language) -> Markup {
    func pressed(_ own: Language) -> String { own == language ? "true" : "false" }
    let other: Markup =
      language == .de
      ? "<label class=nojs for=other lang=en>English</label>"
      : "<label class=nojs for=other lang=de>Deutsch</label>"
    return """
      \(other)
      <div class=tools>
      <div class=switch role=group aria-labelledby=lang-l><span id=lang-l class=vh>\
      \(Label.language)</span><button type=button data-lang=de lang=de \
      aria-pressed=\(pressed(.de))>Deutsch</button><button type=button data-lang=en lang=en \
      aria-pressed=\(pressed(.en))>English</button></div>
      <button type=button id=theme>\(Label.theme)</button>
      <button type=button id=print>\(Label.print)</button>
      </div>
      """
  }
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
