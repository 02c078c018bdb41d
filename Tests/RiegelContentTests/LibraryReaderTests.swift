import Glibc
import RiegelContent
import RiegelModel
import SystemPackage
import Testing

struct LibraryReaderTests {
  private func folder(_ files: [String: String]) -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.fillWithStandards()
    for (name, text) in files { folder.write(name, text) }
    return folder
  }

  private func problems(
    _ folder: TemporaryFolder, adding added: AddedContent = AddedContent()
  ) -> [String] {
    do {
      _ = try loadLibrary(from: folder.path, adding: added, probes: fakeProbes)
      return []
    } catch {
      return error.diagnostics.map(\.place.description).enumerated().map {
        "\($1) \(error.diagnostics[$0].summary)"
      }
    }
  }

  @Test func theShippedCataloguesHoldWhatTheyCount() throws {
    let folder = folder([:])
    let (library, warnings) = try loadLibrary(from: folder.path, probes: fakeProbes)
    #expect(warnings == [])
    #expect(library.security.requirements.count == 122)
    #expect(library.security.foundations.count == 7)
    #expect(library.system.requirements.count == 100)
    #expect(library.measures.topics.count == 54)
    #expect(library.measures.measures.count == 24)
    #expect(library.threats.threats.count == 5)
    #expect(library.norms.norms.count == 12)
    #expect(library.directive.rows.count == 92)
    let enhancement = try #require(library.security["CR 1.1 RE 1"])
    #expect(enhancement.foundation == "FR1")
    #expect(enhancement.level == .sl2)
    #expect(Set(enhancement.componentTypes) == Set(ComponentType.allCases))
    #expect(library.measures.topic("ssh")?.primaryMeasure == "multi-factor-authentication")
    #expect(library.hash.utf8.count == 64)
  }

  @Test func aRuleOfTheFolderIsRead() throws {
    let folder = folder(["Rules/ssh/ssh-root-login-disabled.yaml": designRule])
    let (library, _) = try loadLibrary(from: folder.path, probes: fakeProbes)
    #expect(library.rules.map(\.id) == ["ssh-root-login-disabled"])
    #expect(library.rules[0].topic == "ssh")
    #expect(library.rules[0].place.file == "Rules/ssh/ssh-root-login-disabled.yaml")
  }

  @Test func mistakesOfAllFilesAreShownTogether() {
    let folder = folder([
      "Rules/ssh/a-rule.yaml": rule(check: "- sshdd: X\n  expect: a"),
      "Rules/ssh/b-rule.yaml": "a: [",
      "Rules/shh/c-rule.yaml": rule().replacing("id: a-rule", with: "id: c-rule"),
      "Rules/accounts/a-rule.yaml": rule(),
      "Rules/lost.yaml": rule(),
      "Rules/ssh/d-rule.yml": rule(),
      "Rules/ssh/deep/e-rule.yaml": rule(),
      "Profiles/p.yaml": "title: {en: a, de: b}\ndescription: {en: a, de: b}\nextends: q\n",
    ])
    let found = problems(folder)
    for expected in [
      "Profiles/p.yaml:3:10 unknown profile 'q'",
      "Rules/lost.yaml a rule lies in the folder of its topic",
      "Rules/shh/c-rule.yaml unknown topic 'shh'",
      "Rules/ssh/a-rule.yaml the id 'a-rule' is taken by Rules/accounts/a-rule.yaml",
      "Rules/ssh/b-rule.yaml:2:1 did not find expected node content (while parsing a flow node that begins in line 2)",
      "Rules/ssh/d-rule.yml the file's name has to end in .yaml",
      "Rules/ssh/deep a folder too deep: nothing in it is read",
    ] {
      #expect(found.contains(expected), "\(expected) is not among \(found)")
    }
  }

  @Test func aFileWithAnotherNameIsSaid() throws {
    let folder = folder(["Rules/ssh/notes.txt": "x", "Rules/ssh/README.md": "x"])
    let warnings = try loadLibrary(from: folder.path, probes: fakeProbes).warnings
    #expect(warnings.map(\.place.file) == ["Rules/ssh/notes.txt"])
  }

  @Test func aFolderThatIsNoneIsAMistake() {
    let folder = TemporaryFolder()
    let found = problems(folder)
    #expect(found.contains("Rules there is no such folder"))
    #expect(found.contains("Standards/measures.yml cannot be opened: No such file or directory"))
    folder.write("Rules", "")
    #expect(problems(folder).contains("Rules cannot be listed: Not a directory"))
  }

  @Test func aFifoAmongTheRulesIsNotWaitedFor() {
    let folder = folder(["Rules/ssh/a-rule.yaml": rule()])
    let fifo = folder.path.appending("Rules").appending("ssh").appending("b-rule.yaml")
    #expect(fifo.withPlatformString { mkfifo($0, 0o644) } == 0)
    #expect(problems(folder) == ["Rules/ssh/b-rule.yaml is no regular file"])
  }

  @Test func theUsersOwnContentJoinsTheShipped() throws {
    let shipped = folder(["Rules/ssh/a-rule.yaml": rule(), "Profiles/base.yaml": baseProfile])
    let own = TemporaryFolder()
    own.write("rules/accounts/own-rule.yaml", rule().replacing("a-rule", with: "own-rule"))
    own.write("profiles/mine.yaml", ownProfile)
    let added = AddedContent(
      rules: [own.path.appending("rules")], profiles: [own.path.appending("profiles")])
    let (library, _) = try loadLibrary(from: shipped.path, adding: added, probes: fakeProbes)
    #expect(library.rules.map(\.id) == ["a-rule", "own-rule"])
    #expect(library.rule("own-rule")?.topic == "accounts")
    #expect(library.profile("mine")?.parent == "base")
    let files = AddedContent(
      rules: [own.path.pushing("rules/accounts/own-rule.yaml")],
      profiles: [own.path.pushing("profiles/mine.yaml")])
    let (same, _) = try loadLibrary(from: shipped.path, adding: files, probes: fakeProbes)
    #expect(same.rules == library.rules.map { $0 })
    #expect(same.profiles == library.profiles)
    let missing = AddedContent(rules: [own.path.appending("x.yaml")])
    #expect(problems(shipped, adding: missing).count == 1)
  }

  @Test func theHashFollowsNamesAndBytes() throws {
    func hash(_ files: [String: String]) throws -> String {
      let folder = folder(files)
      defer { withExtendedLifetime(folder) {} }
      return try loadLibrary(from: folder.path, probes: fakeProbes).library.hash
    }
    let one = try hash(["Rules/ssh/a-rule.yaml": rule()])
    #expect(try hash(["Rules/ssh/a-rule.yaml": rule()]) == one)
    #expect(try hash(["Rules/ssh/a-rule.yaml": rule() + "\n"]) != one)
    #expect(try hash(["Rules/accounts/a-rule.yaml": rule()]) != one)
  }

  @Test func theShippedProfilesAreRead() throws {
    var files: [String: String] = [:]
    for name in ["workstation-sl1.yaml", "workstation-sl2.yaml"] {
      let file = try ContentFile(checkout.appending("Profiles").appending(name), name: name)
      files["Profiles/\(name)"] = String(decoding: file.bytes, as: UTF8.self)
    }
    let folder = folder(files)
    let library = try loadLibrary(from: folder.path, probes: fakeProbes).library
    let two = try #require(library.profile("workstation-sl2"))
    #expect(two.parent == "workstation-sl1")
    #expect(two.target.count == 7 && two.target.values.allSatisfy { $0 == .sl2 })
  }

  /// In release this takes 52 to 57 ms on two busy cores; the bound only finds quadratic work.
  @Test func manyRulesAreReadFast() throws {
    let count = 350
    var files: [String: String] = [:]
    for index in 0..<count {
      files["Rules/ssh/rule-\(index).yaml"] = designRule.replacing(
        "ssh-root-login-disabled", with: "rule-\(index)")
    }
    let folder = folder(files)
    var times: [Duration] = []
    for _ in 0..<5 {
      times.append(
        try ContinuousClock().measure {
          let library = try loadLibrary(from: folder.path, probes: fakeProbes).library
          #expect(library.rules.count == count)
        })
    }
    let time = times.min() ?? .zero
    withExtendedLifetime(folder) { print("loading \(count) rules: \(time)") }
    #expect(time < .seconds(5))
  }
}

private let baseProfile = """
  title: {en: Base, de: Grundlage}
  description: {en: For all., de: Für alle.}
  target: 1
  select:
    - topic: ssh

  """

private let ownProfile = """
  title: {en: Mine, de: Meins}
  description: {en: For me., de: Für mich.}
  extends: base
  select: ['own-*']

  """
