import RiegelContent
import RiegelModel
import SystemPackage
import Testing

struct RuleReaderTests {
  @Test func theRuleOfTheDesignIsReadWhole() throws {
    let (read, problems) = try read(designRule, fileName: "ssh-root-login-disabled.yaml")
    #expect(problems == [])
    let rule = try #require(read)
    #expect(rule.title.de == "Die SSH-Anmeldung als root ist gesperrt")
    #expect(rule.severity == .high)
    #expect(rule.status == .stable)
    #expect(rule.decides == ["CR 1.1 RE 1"])
    #expect(rule.supports == ["CR 2.1"])
    #expect(
      rule.references == [
        Rule.Reference("attack", ["T1021.004", "T1078.003"]), Rule.Reference("kbv", ["A4-1"]),
      ])
    let when = try #require(rule.when.first?.assertions.first)
    #expect(when.source == .probe("package"))
    #expect(when.quantifier == .present)
    #expect(when.arguments.map(\.value) == [.text("openssh-server")])
    let parameter = try #require(rule.parameters.first)
    #expect(parameter.kind == .list)
    #expect(parameter.values == ["yes", "no", "prohibit-password", "forced-commands-only"])
    #expect(parameter.standard == .list([.text("no")]))
    #expect(parameter.byLevel[.sl1]?.texts == ["no", "prohibit-password", "forced-commands-only"])
    guard case .assertion(let assertion) = rule.check,
      case .every(let matcher) = assertion.quantifier
    else {
      Issue.record("the check is no assertion that expects something")
      return
    }
    #expect(assertion.place.line == 22)
    #expect(matcher.clauses.map(\.comparison) == [.oneOf])
    #expect(matcher.clauses[0].field == nil)
    #expect(matcher.clauses[0].operand == .text("${allowed}"))
    #expect(rule.remediation.risks == [.lockout])
    #expect(rule.remediation.effort == .small)
    let example = try #require(rule.examples.first)
    #expect(example.outcome == .fail)
    #expect(example.packages == [Example.Package("openssh-server", "1:9.2p1-2")])
    #expect(example.now.description == "2026-11-24T00:00:00Z")
    let target = example.target
    #expect(
      try target.read("/etc/ssh/sshd_config", limit: 1000)
        == Array("Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n".utf8))
    let status = String(
      decoding: try #require(try target.read("/var/lib/dpkg/status", limit: 1000)), as: UTF8.self)
    #expect(status.contains("Package: openssh-server\nStatus: install ok installed\n"))
    #expect(status.contains("\nVersion: 1:9.2p1-2\n"))
  }

  @Test func allMistakesOfARuleAreFoundAtOnce() throws {
    let text = """
      id: A_rule
      tittle: {en: x}
      rationale: {en: "", fr: x}
      severity: hihg
      status:
      iec62443: {decides: [CR 1.1, EDR 3.2, CR 9.9], supports: [CR 1.1, CR 1.1]}
      references: {attack: [T12], atack: [T1021], kbv: [A9-9], Own: [x], cis: [1.1]}
      check: []
      remediation: {en: x, risk: [lockut], effort: [small]}
      examples: []
      """
    let expected = [
      "1:5 the id 'A_rule' is not in kebab-case",
      "1:5 the id 'A_rule' is not the name of the file (name the file 'A_rule.yaml')",
      "1:1 a rule needs the key 'title'",
      "3:17 'en' is empty",
      "3:12 'rationale' needs the key 'de'",
      "3:21 unknown key 'fr'",
      "4:11 'hihg' is not one of critical, high, medium, low (did you mean 'high'?)",
      "5:8 'status' has no value (leave the key out)",
      "6:30 a rule cites requirements 'CR …' or 'HDR …', not 'EDR 3.2'",
      "6:39 unknown requirement 'CR 9.9' (did you mean 'CR 1.1'?)",
      "6:67 'CR 1.1' stands twice in 'supports'",
      "6:59 'CR 1.1' stands in 'decides' and in 'supports'",
      "6:67 'CR 1.1' stands in 'decides' and in 'supports'",
      "7:23 'T12' is no ATT&CK technique such as T1021.004",
      "7:29 unknown framework 'atack' (did you mean 'attack'?)",
      "7:51 unknown row of the directive 'A9-9' (did you mean 'A4-1'?)",
      "7:58 the framework 'Own' is not in kebab-case",
      "8:8 a list of checks with nothing in it",
      "9:14 'remediation' needs the key 'de'",
      "9:29 'lockut' is not one of lockout, reboot, service-restart, data-loss (did you mean 'lockout'?)",
      "9:46 'effort' must be one of small, medium, large",
      "10:11 'examples' is a list of small hosts",
      "2:1 unknown key 'tittle' (did you mean 'title'?)",
    ]
    let problems = try read(text).1
    #expect(problems.filter { !expected.contains($0) } == [])
    #expect(expected.filter { !problems.contains($0) } == [])
  }

  @Test(arguments: [
    ("just text", "1:1 a rule is a mapping, not a text"),
    ("[a]", "1:1 a rule is a mapping, not a list"),
  ])
  func aRuleIsAMapping(text: String, expected: String) throws {
    #expect(try read(text).1 == [expected])
  }

  @Test func sectionsOfTheWrongKindAreSaid() throws {
    let text = rule(more: "iec62443: [CR 1.1]\nreferences: [T1021]\nstatus: {a: b}\n")
      .replacing("effort: small", with: "risk: lockout, effort: small")
      .replacing("severity: low", with: "severity:")
      .replacing("title: {en: A good state, de: Ein guter Zustand}", with: "title: x")
    let expected = [
      "2:8 'title' is a mapping, not a text",
      "4:10 'severity' has no value",
      "7:9 'status' must be one of preview, stable, deprecated",
      "5:11 'iec62443' is a mapping, not a list",
      "6:13 'references' is a mapping from frameworks to lists, not a list",
      "11:49 'risk' must be a list, not a text",
    ]
    let problems = try read(text).1
    #expect(problems.filter { !expected.contains($0) } == [])
    #expect(expected.filter { !problems.contains($0) } == [])
  }

  @Test func aRuleShowsPassingAndFailing() throws {
    let (read, problems) = try read(rule(examples: "- {name: good, outcome: pass}"))
    #expect(read == nil)
    #expect(problems == ["9:1 no example with the outcome 'fail'"])
  }

  @Test func aRuleThatAsksAPersonShowsThat() throws {
    let check = "- manual: {en: Look., de: Nachsehen.}"
    #expect(
      try RiegelContentTests.read(rule(check: check)).1 == [
        "8:1 no example with the outcome 'manual'"
      ])
    let (read, problems) = try read(
      rule(check: check, examples: "- {name: always, outcome: manual}"))
    #expect(problems == [])
    #expect(read?.check == .manual(Localized(en: "Look.", de: "Nachsehen.")))
  }

  @Test func anUnknownTopicIsAMistake() throws {
    let node = try parseYAML(Array(rule().utf8), file: "Rules/shh/a-rule.yaml")
    let log = DiagnosticLog()
    _ = readRule(
      node, fileName: "a-rule.yaml", topic: "shh", context: fakeContext, log: log)
    #expect(log.diagnostics.map(brief) == ["0:0 unknown topic 'shh' (did you mean 'ssh'?)"])
  }
}

extension String {
  func replacing(_ part: String, with other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
  }
  private func firstRange(of part: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(part) { return at..<index(at, offsetBy: part.count) }
      at = index(after: at)
    }
    return nil
  }
}
