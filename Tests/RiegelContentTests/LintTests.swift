import RiegelContent
import RiegelModel
import SystemPackage
import Testing

private struct CommandFake: Probe {
  static let name = "command"
  static let summary = "What a command prints."
  static let fields: [Field] = [.text("output", "What it prints.")]
  static let keys: [Key<Self>] = [.subject(\.path, "The command.")]
  static let reads: [String] = []
  var path = ""
  func observe(_ host: Host) throws(TargetError) -> Observation { Observation() }
}

struct LintTests {
  private func warnings(_ text: String, profile: String? = nil) throws -> [String] {
    let folder = TemporaryFolder()
    folder.fillWithStandards()
    folder.write("Rules/ssh/a-rule.yaml", text)
    if let profile { folder.write("Profiles/p.yaml", profile) }
    let probes = fakeProbes + [ProbeDeclaration(CommandFake.self)]
    // The catalogues name rules that this library of one rule does not have.
    return lint(try readContent(from: folder.path, probes: probes))
      .filter { !$0.place.file.contains("Standards/") }.map(brief)
  }

  @Test func aGoodRuleHasNoWarnings() throws {
    #expect(try warnings(rule()) == [])
    #expect(
      try warnings(designRule.replacing("id: ssh-root-login-disabled", with: "id: a-rule")) == [])
  }

  @Test(arguments: [
    ("A good state", "A good state.", "2:13 a title states a condition and has no full stop"),
    ("A good state", "' A good state'", "2:13 blanks around the title"),
    (
      "A good state", String(repeating: "x", count: 101),
      "2:13 a title of 101 characters; 100 are enough"
    ),
    ("Ein guter Zustand", "A good state", "2:31 the German text is the English one"),
    ("en: Harm.", "en: Harm", "3:17 a rationale is a sentence with a full stop"),
    (
      "en: Mend it.", "en: Edit pam_unix.",
      "8:14 a remedy about 'pam_' can lock people out (add 'risk: [lockout]')"
    ),
  ])
  func textsAreLooked(old: String, new: String, expected: String) throws {
    #expect(try warnings(rule().replacing(old, with: new)).contains(expected))
  }

  @Test func aParameterWantsToBeUsed() throws {
    #expect(
      try warnings(rule(parameters: "x: {type: int, default: 1}"))
        == ["6:6 the parameter 'x' is not used"])
    for check in [
      "- sshd: \"${x}\"\n  expect: a", "- sshd: X\n  where: \"${x}\"\n  none: true",
      "- sshd: X\n  some: \"${x}\"", "- sshd: X\n  none: \"${x}\"", "- sshd: X\n  count: \"${x}\"",
      "- parameter: x\n  expect: 1", "- not: {sshd: X, allow: [\"a${x}\"]}",
    ] {
      #expect(try warnings(rule(check: check, parameters: "x: {type: int, default: 1}")) == [])
    }
  }

  @Test(arguments: [
    ("{SL3: 9}", ["6:43 'x' is 9 at SL3 and falls back to 1 at SL4"]),
    ("{SL2: 9, SL3: 1}", []), ("{SL1: 9}", []), ("{SL3: 9, SL4: 9}", []),
  ])
  func aGapInTheLevelsIsSaid(levels: String, expected: [String]) throws {
    let text = rule(
      check: "- sshd: X\n  expect: \"${x}\"",
      parameters: "x: {type: int, default: 1, by-level: \(levels)}")
    #expect(try warnings(text).map { $0.dropColumn } == expected.map(\.dropColumn))
  }

  @Test func examplesAreToldApartAndCanBeSeen() throws {
    let text = rule(
      examples: """
        - {name: good, outcome: pass}
        - {name: good, outcome: fail}
        - {name: run, outcome: fail, files: {/run/x: a}}
        - {name: proc, outcome: fail, files: {/proc/x: a}, running: false}
        - {name: both, outcome: fail, files: {/proc/x: a, /run/x: b}}
        """)
    let found = try warnings(text)
    #expect(
      found == [
        "11:5 two examples are called 'good'",
        "12:5 /run/x is out of reach while no kernel runs (add 'running: true')",
        "13:5 /proc/x is out of reach while no kernel runs (add 'running: true')",
      ])
  }

  @Test func keysStandInOrder() throws {
    let text = rule(examples: "- {outcome: pass, name: good}\n- {name: bad, outcome: fail}")
      .replacing("severity: low\n", with: "").replacing(
        "remediation", with: "severity: low\nremediation")
    let found = try warnings(text)
    #expect(
      found == [
        "7:1 'severity' belongs before 'check'", "10:21 'name' belongs before 'outcome'",
      ])
  }

  @Test func aSelectorThatSelectsNothingIsSaid() throws {
    let profile = """
      title: {en: a, de: b}
      description: {en: c, de: d}
      target: 1
      select: [{topic: ssh}, {topic: backup}, 'a-*', 'b-*', {measure: physical-security}, {severity: low}, {severity: high}, {level: 1}]
      exclude: ['c*']
      """
    let found = try warnings(rule(), profile: profile)
    #expect(
      found == [
        "4:24 selects no rule", "4:48 selects no rule", "4:55 selects no rule",
        "4:102 selects no rule", "4:120 selects no rule", "5:11 selects no rule",
      ])
  }

  @Test func aCommandIsSaid() throws {
    #expect(
      try warnings(rule(check: "- command: /bin/true\n  none: true"))
        == ["6:5 runs a command, which is off unless --allow-commands is given"])
  }
}

extension String {
  /// `line summary`, for places whose column says nothing.
  fileprivate var dropColumn: String {
    let parts = split(separator: " ", maxSplits: 1)
    return "\(parts[0].prefix { $0 != ":" }) \(parts[1])"
  }
}
