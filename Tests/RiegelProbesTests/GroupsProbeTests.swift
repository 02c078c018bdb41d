import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct GroupsProbeTests {
  private func observe(
    group: String, gshadow: MemoryTarget.Node? = nil,
    passwd: String = "a:x:1000:1000::/:/bin/sh\nb:x:1001:27::/:/bin/sh\n"
  ) throws -> Observation {
    var files: [FilePath: MemoryTarget.Node] = [
      "/etc/passwd": .file(passwd), "/etc/group": .file(group),
    ]
    files["/etc/gshadow"] = gshadow
    return try GroupsProbe().observe(Host(MemoryTarget(files)))
  }

  @Test func membersAreThoseListedAndThoseWithThePrimaryGroup() throws {
    let rows = try observe(group: "sudo:x:27:a\na:x:1000:\nnone:x:5:\n").rows
    #expect(rows[0]["members"].value == .list(["a", "b"]))
    #expect(rows[0]["listed"].value == .list(["a"]))
    #expect(rows[0]["primary-of"].value == .list(["b"]))
    #expect(rows[1]["members"].value == .list(["a"]))
    #expect(rows[2]["members"].value == .list([]))
    #expect(rows[2]["gid"].origin == .line("/etc/group", 3))
  }

  @Test func sharedNamesAndIDsAreTold() throws {
    let rows = try observe(group: "a:x:1:\nb:x:1:\na:x:2:\na:x:2:\n").rows
    #expect(
      rows.map { $0["gid-unique"].value } == [
        .flag(false), .flag(false), .flag(true), .flag(true),
      ])
    #expect(rows.map { $0["name-unique"].value }.filter { $0 == .flag(true) }.count == 1)
  }

  @Test(arguments: [
    ("x", "!", "locked"), ("x", "*", "locked"), ("x", "", "none"), ("x", "$6$s$h", "usable"),
    ("", "$6$s$h", "none"), ("*", "", "locked"), ("$1$s$h", "!", "usable"),
  ])
  func thePasswordOfAGroup(own: String, shadowed: String, state: String) throws {
    let rows = try observe(group: "g:\(own):5:\n", gshadow: .file("g:\(shadowed):a, b:a\n")).rows
    #expect(rows[0]["password"].value == .text(state))
    #expect(rows[0]["administrators"].value == .list(["a", "b"]))
    #expect(rows[0]["in-gshadow"].value == .flag(true))
  }

  @Test func withoutGshadowNobodyAdministersAndNoPasswordLets() throws {
    let rows = try observe(group: "g:x:5:\n").rows
    #expect(rows[0]["password"].value == .text("none"))
    #expect(rows[0]["administrators"].value == .list([]))
  }

  @Test func anUnreadableGshadowLeavesItsFieldsUnknown() throws {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/etc/gshadow")
    let rows = try observe(group: "g:x:5:a\nh:!:6:\n", gshadow: node).rows
    let unknown = Fact.Content.unknown(.permissionDenied("/etc/gshadow"))
    #expect(rows[0]["password"].content == unknown)
    #expect(rows[0]["administrators"].content == unknown)
    #expect(rows[0]["members"].value == .list(["a"]))
    #expect(rows[1]["password"].value == .text("locked"))
  }

  @Test func linesThatAreNoGroupsOrAccountsAreGaps() throws {
    let observation = try observe(group: "g:x:five:\nh:x:6:\n", passwd: "a:x\n")
    #expect(observation.rows.map(\.subject) == ["h"])
    #expect(observation.gaps.map(\.path) == ["/etc/group", "/etc/passwd"])
  }
}
