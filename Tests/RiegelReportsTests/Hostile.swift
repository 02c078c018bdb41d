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
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='alert(1)", "]]>",
    "--> <!-- &lt; &#0; &amp;", "</style><style>*{display:none}", "</title><script>",
    "`tick` ``two``",
    "| cell | other |", "[link](javascript:alert(1)) ![x](http://x)", "@everyone #1 !2",
    "=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "a,b;\"c\"\r\nd", "{{7*7}}",
    "\u{FFFD}\u{FFFD}", "\u{FFFE}", "%1 %2 %s", "$(reboot) `reboot`", "<span lang=en>x</span>",
    "x</span><span lang=de>y", "1. list", "- list", "# heading", "> quote", "javascript:alert(1)",
    "${allowed}", "%s%n", "\u{E000}private",
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
    audit.profile = .init(id: text, title: localized, isDefault: true, target: ["FR1": .sl2])
    audit.inventory = Inventory(
      system: text, distribution: text, distributionVersion: text,
      packages: [.init(name: text, version: text, architecture: text)],
      gap: .malformed(path, line: 1, text))
    return audit
  }
}
