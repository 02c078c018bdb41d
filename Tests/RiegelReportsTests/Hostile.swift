import RiegelModel
import SystemPackage

/// Names that a hostile host may give its files, in every place of an audit that can hold them.
enum Hostile {
  static let texts: [String] = [
    "", " ", "  two  blanks  ", "a\nPASS everything is fine", "\r\u{1B}[2K\u{1B}[1Agreen",
    "\u{1B}]0;title\u{07}", "\u{202E}gnp.exe", "\u{2066}x\u{2069}", "zero\u{200B}width",
    "\u{FEFF}bom",
    "tab\there", "del\u{7F}", "c1\u{9B}31m", "line\u{2028}separator\u{2029}", "nul\u{0}byte",
    "日本語の名前", "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "👩\u{200D}⚕️",
    "\"quoted\" \\ back",
    "<script>alert(1)</script>", "${allowed}", "%s%n", "\u{E000}private",
    String(repeating: "x", count: 5000), String(repeating: "wide 字 ", count: 200),
  ]

  static func audit(_ text: String) -> Audit {
    let path = FilePath(root: "/", FilePath(text).components)
    let localized = Localized(en: text, de: text)
    let rule = SampleAudit.rule(text, topic: text, .high, en: text, de: text, why: localized)
    let evidence = [Evidence.Found.value(text), .absent, .unknown(.malformed(path, line: 1, text))]
      .map {
        Evidence(
          subject: text, field: text, expected: text, found: $0, origin: .line(path, 1),
          overrides: [.init(text, .command(text)), .init(text, .builtIn(text))], verdict: .violated)
      }
    let note = Note(en: text, de: text, .file(path))
    let parameter = ParameterInForce(name: text, value: .list([.text(text)]), source: .site(text))
    var audit = SampleAudit.audit(of: [
      SampleAudit.finding(
        rule, .fail, .violated(3), evidence: evidence, notes: [note], parameters: [parameter]),
      SampleAudit.finding(rule, .error, .undecided([.undetermined(path, localized)])),
      SampleAudit.finding(rule, .manual, .person(localized)),
      SampleAudit.finding(rule, .pass, .satisfied),
    ])
    audit.host = .init(name: text, machineID: text, system: text, kernel: text)
    audit.targetAddress = text
    return audit
  }
}
