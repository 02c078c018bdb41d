import RiegelContent
import RiegelModel
import SystemPackage
import Testing

struct ProfileReaderTests {
  private let head = "title: {en: a, de: b}\ndescription: {en: a, de: b}\n"
  private let names = ["IAC", "UC"]

  private func read(_ text: String, fileName: String = "mine.yaml") throws -> (Profile?, [String]) {
    let log = DiagnosticLog()
    let profile = readProfile(
      try parseYAML(Array(text.utf8), file: "f"), fileName: fileName, foundations: names, log: log)
    return (profile, log.diagnostics.map(brief))
  }

  @Test func aProfileIsReadWhole() throws {
    let (read, problems) = try read(
      "id: mine\n" + head + """
        target: {IAC: 2, UC: SL1}
        select:
          - topic: ssh
          - measure: encryption
          - level: 2
          - severity: high
          - rule: 'ssh-*'
          - account-names-unique
        exclude:
          - rule: ssh-x
        parameters:
          ssh-root: {allowed: ["no"], days: 3}
        """)
    #expect(problems == [])
    let profile = try #require(read)
    #expect(profile.id == "mine")
    #expect(profile.target == ["IAC": .sl2, "UC": .sl1])
    #expect(
      profile.selects == [
        .topic("ssh"), .measure("encryption"), .level(.sl2), .severity(.high), .rule("ssh-*"),
        .rule("account-names-unique"),
      ])
    #expect(profile.excludes == [.rule("ssh-x")])
    #expect(profile.settings.map(\.parameter) == ["allowed", "days"])
    #expect(profile.settings[1].value == .text("3"))
    #expect(profile.settings[1].place.line == 15)
  }

  @Test func oneLevelCountsForAll() throws {
    #expect(
      try read(head + "target: SL3\nselect: [x]").0?.target == ["IAC": .sl3, "UC": .sl3])
  }

  @Test(arguments: [
    ("select: [x]", "1:1 a profile needs the key 'target'"),
    ("target: 1", "1:1 a profile needs the key 'select'"),
    ("target: 9\nselect: [x]", "3:9 a security level is SL0 to SL4"),
    ("target: {IAC: 1}\nselect: [x]", "3:9 no level for UC"),
    (
      "target: {IAC: 1, UC: 1, IAK: 1}\nselect: [x]",
      "3:25 unknown foundational requirement 'IAK' (did you mean 'IAC'?)"
    ),
    ("target: 1\nselect: []", "4:9 'select' is a list of selectors"),
    ("target: 1\nselect: [{topics: a}]", "4:11 unknown selector 'topics' (did you mean 'topic'?)"),
    (
      "target: 1\nselect: [{topic: a, rule: b}]",
      "4:10 a selector has one key of topic, measure, level, severity, rule"
    ),
    (
      "target: 1\nselect: [{severity: hihg}]",
      "4:21 'hihg' is not one of critical, high, medium, low (did you mean 'high'?)"
    ),
    ("target: 1\nselect: [{level: x}]", "4:18 a security level is SL0 to SL4"),
    ("target: 1\nselect: [[a]]", "4:10 'a selector' must be a text, not a list"),
    (
      "extends: x\nparameters: [a]", "4:13 'parameters' is a mapping from rules to their parameters"
    ),
    ("extends: x\nparameters: {a: b}", "4:17 'a' is a mapping from parameters to values"),
    ("extends: x\nparameters: {a: {b: }}", "4:21 'b' has no value"),
    ("extends: x\nexclud: [a]", "4:1 unknown key 'exclud' (did you mean 'exclude'?)"),
    (
      "extends: x\nid: yours",
      "4:5 the id 'yours' is not the name of the file (write 'mine' or leave it out)"
    ),
  ])
  func aProfileThatCannotWorkIsSaidWithItsPlace(text: String, expected: String) throws {
    let (read, problems) = try read(head + text)
    #expect(read == nil)
    #expect(problems.first == expected)
  }

  @Test func theNameOfTheFileIsKebabCase() throws {
    #expect(
      try read(head + "extends: x", fileName: "My_profile.yaml").1
        == ["0:0 the file's name is not in kebab-case"])
    #expect(try read("text").1 == ["1:1 a profile is a mapping, not a text"])
  }

  @Test func whatProfilesNameHasToExist() {
    let folder = TemporaryFolder()
    folder.fillWithStandards()
    folder.write("Rules/ssh/ssh-root-login-disabled.yaml", designRule)
    folder.write(
      "Profiles/a.yaml",
      head + """
        extends: b
        select: [{topic: shh}, {measure: encrption}, ssh-root-login-disable, 'ssh-*', {level: 1}]
        parameters:
          ssh-root-login-disabled: {allowed: [maybe], allow: []}
          ssh-root: {allowed: ["no"]}
        """)
    folder.write("Profiles/b.yaml", head + "extends: c")
    folder.write("Profiles/c.yaml", head + "extends: b")
    var found: [String] = []
    do {
      _ = try loadLibrary(from: folder.path, probes: fakeProbes)
    } catch {
      found = error.diagnostics.map { "\($0.place.file):" + brief($0) }
    }
    #expect(
      found == [
        "Profiles/a.yaml:4:10 unknown topic 'shh' (did you mean 'ssh'?)",
        "Profiles/a.yaml:4:24 unknown measure 'encrption' (did you mean 'encryption'?)",
        "Profiles/a.yaml:4:46 unknown rule 'ssh-root-login-disable' (did you mean 'ssh-root-login-disabled'?)",
        "Profiles/a.yaml:6:38 'allowed': 'maybe' is not one of yes, no, prohibit-password, forced-commands-only",
        "Profiles/a.yaml:6:54 unknown parameter 'allow' (did you mean 'allowed'?)",
        "Profiles/a.yaml:7:23 unknown rule 'ssh-root'",
        "Profiles/b.yaml:3:10 'b' extends itself: b → c → b",
        "Profiles/c.yaml:3:10 'c' extends itself: c → b → c",
      ])
  }
}
