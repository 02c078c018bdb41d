import RiegelEngine
import RiegelModel
import SystemPackage
import Testing

@Suite struct SharedWalkTests {
  static let isFile = Build.matcher("type", .equals, .text("file"))
  static let isOpen = Build.matcher("mode", .hasBits, .text("0002"))
  static let files: [FilePath: MemoryTarget.Node] = [
    "/etc/passwd": .file("", mode: 0o644),
    "/etc/open": .file("", mode: 0o666),
    "/srv/data/open": .file("", mode: 0o666),
    "/usr/bin/ls": .file("", mode: 0o755),
    "/bin": .link(to: "usr/bin"),
  ]

  static func finding(_ check: Check, _ more: [FilePath: MemoryTarget.Node] = [:]) throws -> Finding
  {
    try Build.finding(Build.rule(check), files: files.merging(more) { $1 })
  }

  @Test func violationsAreFoundBelowTheRootAlone() throws {
    let filter = Matcher(Self.isFile.clauses + Self.isOpen.clauses)
    let all = try Self.finding(Build.tree("/", .none(nil), where: filter))
    #expect(all.evidence.map(\.subject) == ["/etc/open", "/srv/data/open"])
    let one = try Self.finding(Build.tree("/etc", .none(nil), where: filter))
    #expect(one.evidence.map(\.subject) == ["/etc/open"])
    #expect(try Self.finding(Build.tree("/usr", .none(nil), where: filter)).outcome == .pass)
  }

  @Test func theRootItselfIsARow() throws {
    let open = MemoryTarget.Node(FileMetadata(kind: .directory, mode: 0o777))
    let finding = try Self.finding(Build.tree("/etc", .none(Self.isOpen)), ["/etc": open])
    #expect(finding.evidence.map(\.subject) == ["/etc", "/etc/open"])
  }

  @Test func exclusionsLeaveOutATreeOrWhatMatches() throws {
    let filter = Matcher(Self.isFile.clauses + Self.isOpen.clauses)
    let check = Build.tree("/", .none(nil), where: filter, exclude: ["/srv/**", "/etc/o*"])
    #expect(try Self.finding(check).outcome == .pass)
  }

  @Test func linkedRootsAreFollowedOnce() throws {
    let finding = try Self.finding(
      Build.tree("/bin", .every(Build.matcher("mode", .equals, .text("0700"))), where: Self.isFile))
    #expect(finding.evidence.map(\.subject) == ["/usr/bin/ls"])
  }

  @Test func satisfiedRowsCountThoughTheyAreNotKept() throws {
    let check = Build.tree("/usr", .every(Build.matcher("mode", .modeAtMost, .text("0755"))))
    let finding = try Self.finding(check)
    #expect(finding.outcome == .pass)
    #expect(finding.evidence.isEmpty)
    let count = Build.tree(
      "/etc", .count(Build.matcher(nil, .equals, .text("2"))), where: Self.isFile)
    #expect(try Self.finding(count).outcome == .pass)
  }

  @Test func whatAPatternLeavesOutDoesNotCount() throws {
    let check = Build.tree(
      "/usr", .every(Build.matcher("mode", .modeAtMost, .text("0755"))), where: Self.isFile,
      exclude: ["/usr/bin/l*"])
    let finding = try Self.finding(check)
    #expect(finding.outcome == .fail)
    #expect(finding.reason == .missing)
  }

  @Test func whatStatCannotTellIsJudgedByTheFullRow() throws {
    let long = Build.matcher("length", .atLeast, .text("14"))
    let finding = try Self.finding(Build.tree("/", .none(long), where: Self.isFile))
    #expect(finding.evidence.map(\.subject) == ["/srv/data/open"])
  }

  @Test func anUnreadableFolderLeavesTheVerdictOpen() throws {
    let closed = MemoryTarget.Node(
      FileMetadata(kind: .directory, mode: 0o700), failure: .permissionDenied("/root"))
    let filter = Matcher(Self.isFile.clauses + Self.isOpen.clauses)
    let finding = try Self.finding(
      Build.tree("/", .none(nil), where: filter, exclude: ["/etc/**", "/srv/**"]), ["/root": closed]
    )
    #expect(finding.outcome == .error)
    #expect(finding.reason == .undecided([.permissionDenied("/root")]))
    let elsewhere = try Self.finding(
      Build.tree("/usr", .none(nil), where: filter), ["/root": closed])
    #expect(elsewhere.outcome == .pass)
  }

  @Test func equalQuestionsAreAskedOnce() throws {
    let rule = Build.rule(Build.table(.none(nil)))
    let same = Build.rule(Build.table(.every(AppraisalTests.small), missing: .pass), id: "other")
    let selection = Selection(
      profile: .init(id: "p", title: Localized(en: "P", de: "P"), isDefault: false, target: [:]),
      items: [.init(rule: rule, arguments: Arguments()), .init(rule: same, arguments: Arguments())])
    #expect(try Plan(selection, probes: testProbes).questions.count == 1)
  }
}
