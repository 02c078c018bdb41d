import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct SSHClientProbeTests {
  private func rows(_ keyword: String, _ texts: [String: String]) throws -> [Row] {
    var texts = texts
    texts["/etc/passwd"] =
      "root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n"
    var probe = SSHClientProbe()
    probe.keyword = keyword
    return try probe.observe(Host(MemoryTarget(texts: texts))).rows
  }

  @Test func theUsersFileComesBeforeTheSystems() throws {
    let found = try rows(
      "ForwardAgent",
      [
        "/etc/ssh/ssh_config": "Host *\n  ForwardAgent no\n",
        "/home/alice/.ssh/config": "Host *.lab\nForwardAgent=yes\nHost *\nForwardAgent no\n",
      ])
    #expect(
      found.map(\.subject)
        == ["ForwardAgent", "ForwardAgent (alice)", "ForwardAgent (alice, Host *.lab)"])
    #expect(found.map { $0["value"].value } == [.text("no"), .text("no"), .text("yes")])
    #expect(found[2]["value"].origin == .line("/home/alice/.ssh/config", 2))
    #expect(found[2]["value"].overrides.map(\.value) == ["no", "no"])
  }

  @Test func offIsNoAndTheDefaultAsks() throws {
    #expect(
      try rows("StrictHostKeyChecking", ["/etc/ssh/ssh_config": ""]).first?["value"].value
        == .text("ask"))
    let found = try rows(
      "stricthostkeychecking",
      [
        "/etc/ssh/ssh_config": "Include ssh_config.d/*.conf\n",
        "/etc/ssh/ssh_config.d/a.conf": "Match host localhost\nStrictHostKeyChecking off\n",
      ])
    #expect(found.map { $0["value"].value } == [.text("ask"), .text("no")])
    #expect(found[1]["context"].value == .text("Match host localhost"))
  }

  @Test func anEarlierPatternThatCoversABlockWins() throws {
    let found = try rows(
      "ForwardX11",
      ["/etc/ssh/ssh_config": "Host pc*\nForwardX11 no\nHost pc1 pc2\nForwardX11 yes\n"])
    #expect(found.map { $0["value"].value } == [.text("no"), .text("no"), .text("no")])
  }

  @Test func withoutClientThereIsNoRowAndWithoutDefaultNobodyCanTell() throws {
    #expect(try rows("ForwardX11", [:]).isEmpty)
    let row = try #require(try rows("Ciphers", ["/etc/ssh/ssh_config": ""]).first)
    guard case .unknown = row["value"].content else {
      Issue.record("\(row)")
      return
    }
  }

  @Test func anIncludeOfItselfEnds() {
    #expect(throws: TargetError.self) {
      try rows("ForwardX11", ["/etc/ssh/ssh_config": "Include /etc/ssh/ssh_config\n"])
    }
  }

  @Test func anUnreadableFileOfAUserIsAGap() throws {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/home/alice/.ssh/config")
    var probe = SSHClientProbe()
    probe.keyword = "ForwardAgent"
    let observation = try probe.observe(
      Host(
        MemoryTarget([
          "/etc/ssh/ssh_config": .file(""), "/home/alice/.ssh/config": node,
          "/etc/passwd": .file("alice:x:1000:1000::/home/alice:/bin/sh\n"),
        ])))
    #expect(observation.gaps == [.permissionDenied("/home/alice/.ssh/config")])
  }
}
