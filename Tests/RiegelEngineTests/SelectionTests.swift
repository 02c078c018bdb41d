import RiegelEngine
import RiegelModel
import Testing

@Suite struct SelectionTests {
  static let size = Parameter(
    name: "size", kind: .int, range: 1...100, standard: .text("12"),
    byLevel: [.sl1: .text("8"), .sl2: .text("10")])

  static func profile(
    _ id: String, extends parent: String? = nil, target: [String: SecurityLevel] = [:],
    selects: [Profile.Selector] = [], excludes: [Profile.Selector] = [],
    settings: [(String, String, String)] = []
  ) -> Profile {
    Profile(
      id: id, title: SecurityLevelsTests.text(id), description: SecurityLevelsTests.text(id),
      parent: parent, target: target, selects: selects, excludes: excludes,
      settings: settings.map {
        .init(rule: $0.0, parameter: $0.1, value: .text($0.2), place: Build.place)
      }, place: Build.place)
  }

  static func library(_ profiles: [Profile]) -> Library {
    let check = Check.manual(SecurityLevelsTests.text("x"))
    return Library(
      rules: [
        Build.rule(
          check, id: "account-a", topic: "accounts", parameters: [size], decides: ["CR 1.1"]),
        Build.rule(
          check, id: "account-b", topic: "accounts", severity: .low, supports: ["HDR 3.2"]),
        Build.rule(check, id: "old", topic: "accounts", status: .deprecated),
        Build.rule(check, id: "ssh-a", topic: "ssh", severity: .critical, decides: ["CR 1.1 RE 2"]),
      ], profiles: profiles, security: SecurityLevelsTests.catalogue,
      system: SystemCatalogue(id: "s", standard: "S", requirements: [], place: Build.place),
      measures: MeasuresCatalogue(
        id: "m", topics: [], measures: [PracticeMeasuresTests.measure("rights", ["accounts"])],
        place: Build.place),
      threats: ThreatsCatalogue(id: "t", threats: [], place: Build.place),
      norms: NormsCatalogue(id: "n", norms: [], place: Build.place),
      directive: DirectiveCatalogue(
        id: "d", title: SecurityLevelsTests.text("d"), rows: [], place: Build.place), hash: "")
  }

  static func ids(_ selects: [Profile.Selector], _ excludes: [Profile.Selector] = []) throws
    -> [String]
  {
    let profile = profile("p", target: ["IAC": .sl1], selects: selects, excludes: excludes)
    return try Selection(profile, isDefault: false, in: library([profile])).items.map(\.rule.id)
  }

  @Test func selectorsPickByTopicLevelMeasureSeverityAndId() throws {
    #expect(try Self.ids([.topic("ssh")]) == ["ssh-a"])
    #expect(try Self.ids([.measure("rights")]) == ["account-a", "account-b"])
    #expect(try Self.ids([.level(.sl2)]) == ["account-a", "account-b"])
    #expect(try Self.ids([.severity(.high)]) == ["account-a", "ssh-a"])
    #expect(try Self.ids([.rule("*-a")]) == ["account-a", "ssh-a"])
    #expect(try Self.ids([.rule("*")], [.topic("ssh"), .rule("account-b")]) == ["account-a"])
    #expect(try Self.ids([.measure("unknown")]) == [])
  }

  @Test func aChildAddsToItsParentAndLeavesOut() throws {
    let parent = Self.profile(
      "parent", target: ["IAC": .sl1, "SI": .sl1], selects: [.topic("accounts")],
      settings: [("account-a", "size", "20")])
    let child = Self.profile(
      "child", extends: "parent", target: ["IAC": .sl2], selects: [.topic("ssh")],
      excludes: [.rule("account-b")], settings: [("account-a", "size", "30")])
    let selection = try Selection(child, isDefault: true, in: Self.library([parent, child]))
    #expect(selection.items.map(\.rule.id) == ["account-a", "ssh-a"])
    #expect(selection.profile.target == ["FR1": .sl2, "FR3": .sl1])
    #expect(selection.items[0].arguments.byName["size"] == .init(.text("30"), .profile("child")))
  }

  @Test func precedenceIsRuleLevelProfileCommandLine() throws {
    func value(
      _ target: [String: SecurityLevel], settings: [(String, String, String)] = [],
      overrides: [Override] = []
    ) throws -> Arguments.Argument? {
      let profile = Self.profile("p", target: target, selects: [.rule("*")], settings: settings)
      return try Selection(
        profile, isDefault: false, in: Self.library([profile]), overrides: overrides
      ).items[0].arguments.byName["size"]
    }
    #expect(try value([:]) == .init(.text("12"), .rule))
    #expect(try value(["IAC": .sl2]) == .init(.text("10"), .level(.sl2)))
    #expect(try value(["IAC": .sl4]) == .init(.text("12"), .rule))
    let settings = [("account-a", "size", "20")]
    #expect(try value(["IAC": .sl2], settings: settings) == .init(.text("20"), .profile("p")))
    let override = Override(
      rule: "account-a", parameter: "size", value: .text("40"), source: .commandLine,
      place: Build.place)
    #expect(
      try value([:], settings: settings, overrides: [override]) == .init(.text("40"), .commandLine))
  }

  @Test(arguments: [
    ("acount-a", "size", "1", "there is no rule 'acount-a'", "did you mean 'account-a'?"),
    ("account-a", "sise", "1", "rule 'account-a' has no parameter 'sise'", "it has: size"),
    ("ssh-a", "x", "1", "rule 'ssh-a' has no parameter 'x'", "this rule has no parameters"),
    ("account-a", "size", "x", "account-a.size: 'x' is not a whole number", nil),
    ("account-a", "size", "500", "account-a.size: 500 is outside 1…100", nil),
  ])
  func overridesThatDoNotFitAreSaid(
    rule: String, parameter: String, value: String, summary: String, suggestion: String?
  ) throws {
    let profile = Self.profile("p", selects: [.rule("*")])
    let override = Override(
      rule: rule, parameter: parameter, value: .text(value), source: .commandLine,
      place: Build.place)
    let error = #expect(throws: ContentError.self) {
      try Selection(profile, isDefault: false, in: Self.library([profile]), overrides: [override])
    }
    #expect(error?.diagnostics.map(\.summary) == [summary])
    #expect(error?.diagnostics.map(\.suggestion) == [suggestion])
  }

  @Test func profilesThatExtendNothingOrThemselvesAreSaid() {
    let lost = Self.profile("lost", extends: "parnt")
    let parent = Self.profile("parent")
    let a = Self.profile("a", extends: "b")
    let b = Self.profile("b", extends: "a")
    let lostError = #expect(throws: ContentError.self) {
      try Selection(lost, isDefault: false, in: Self.library([lost, parent]))
    }
    #expect(lostError?.diagnostics[0].suggestion == "did you mean 'parent'?")
    let loopError = #expect(throws: ContentError.self) {
      try Selection(a, isDefault: false, in: Self.library([a, b]))
    }
    #expect(loopError?.diagnostics[0].summary == "profile 'a' extends itself")
  }

  @Test func namedRulesAreTakenWhateverTheProfileSays() throws {
    let profile = Self.profile("p", selects: [.topic("ssh")])
    let selection = try Selection(
      profile, isDefault: false, in: Self.library([profile]), only: ["old", "account-b"])
    #expect(selection.items.map(\.rule.id) == ["account-b", "old"])
  }
}

@Suite struct PlanTests {
  static func problem(_ check: Check, parameters: [Parameter] = []) -> Diagnostic? {
    do {
      _ = try Build.finding(Build.rule(check, parameters: parameters), table: "")
      return nil
    } catch let error as ContentError {
      return error.diagnostics.first
    } catch {
      return nil
    }
  }

  static func ask(_ probe: String, _ arguments: [Assertion.Argument] = []) -> Check {
    .assertion(
      Assertion(
        source: .probe(probe), arguments: arguments, quantifier: .none(nil), place: Build.place))
  }

  @Test func whatCannotBeAskedIsSaidWithItsPlace() {
    let unknown = Self.problem(Self.ask("tabel"))
    #expect(unknown?.summary == "test-rule: unknown probe 'tabel'")
    #expect(unknown?.suggestion == "did you mean 'table'?")
    #expect(unknown?.place == Build.place)
    let key = Self.problem(Self.ask("table", [.init("bogus", .text("x"), at: Build.place)]))
    #expect(key?.summary == "test-rule: 'bogus' is not a key of this probe")
    let mapping = Self.problem(Self.ask("table", [.init(nil, .mapping([]), at: Build.place)]))
    #expect(mapping?.summary == "test-rule: 'table' takes texts, not mappings")
    let field = Self.problem(
      Build.table(.every(Build.matcher("siez", .equals, .text("1")))))
    #expect(field?.suggestion == "did you mean 'size'?")
  }

  @Test func entriesOfAnAllowListAreRead() {
    func allow(_ entry: Literal) -> String? {
      Self.problem(Build.table(.allow(.list([entry]))))?.summary
    }
    #expect(
      allow(.mapping([.init("nam", .text("a"))])) == "test-rule: unknown field 'nam' in an entry")
    #expect(
      allow(.mapping([.init("reason", .text("a"))]))
        == "test-rule: an entry without a field covers everything")
    #expect(
      allow(.mapping([.init("size", .text("x"))]))
        == "test-rule: 'x' is no number or range such as 8000-8100")
    #expect(
      allow(.mapping([.init("size", .list([]))])) == "test-rule: 'size' in an entry takes one value"
    )
    #expect(
      allow(.mapping([.init("mode", .text("x"))])) == "test-rule: 'x' is no octal mode such as 0640"
    )
    #expect(allow(.list([])) == "test-rule: an entry is a text or a mapping, not a list")
    #expect(
      Self.problem(Build.table(.allow(.text("a"))))?.summary == "test-rule: 'allow' takes a list")
    #expect(allow(.mapping([.init("mode", .text("0640"))])) == nil)
  }

  @Test func thePlanSaysWhatItReads() throws {
    let selection = Selection(
      profile: .init(id: "p", title: SecurityLevelsTests.text("p"), isDefault: false, target: [:]),
      items: [
        .init(rule: Build.rule(Build.table(.none(nil))), arguments: Arguments()),
        .init(
          rule: Build.rule(Build.tree("/etc", .none(nil)), id: "b"), arguments: Arguments()),
      ])
    let plan = try Plan(selection, probes: testProbes)
    #expect(plan.reads == ["/etc/** (names and metadata)", "/table"])
  }

  @Test func theSiteIsAskedForWhatItStates() throws {
    let check = Check.assertion(
      Assertion(
        source: .site("essential-function"),
        quantifier: .every(Build.matcher(nil, .equals, .text("true"))), place: Build.place))
    let selection = Selection(
      profile: .init(id: "p", title: SecurityLevelsTests.text("p"), isDefault: false, target: [:]),
      items: [.init(rule: Build.rule(check), arguments: Arguments())])
    func outcome(_ site: [String: String]) throws -> Outcome {
      let plan = try Plan(selection, probes: testProbes, site: site)
      return Auditor(plan).run(on: Host(MemoryTarget()))[0].outcome
    }
    #expect(try outcome(["essential-function": "true"]) == .pass)
    #expect(try outcome([:]) == .fail)
  }
}
