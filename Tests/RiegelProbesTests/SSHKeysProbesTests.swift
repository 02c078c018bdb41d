import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct SSHKeysProbesTests {
  private static let base: [FilePath: MemoryTarget.Node] = [
    "/var/lib/dpkg/status": .file(
      "Package: openssh-server\nStatus: install ok installed\nVersion: 1:9.2p1-2\n"),
    "/etc/ssh/sshd_config": .file(""),
    "/etc/passwd": .file(
      "root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\nnobody:x:65534:65534::/nonexistent:/bin/false\n"
    ),
    "/etc/group": .file("root:x:0:\nalice:x:1000:\nstaff:x:50:bob\nnogroup:x:65534:\n"),
    "/home/alice": .directory(mode: 0o755, user: 1000, group: 1000),
    "/home/alice/.ssh": .directory(mode: 0o700, user: 1000, group: 1000),
  ]

  private func host(_ nodes: [FilePath: MemoryTarget.Node]) -> Host {
    Host(MemoryTarget(SSHKeysProbesTests.base.merging(nodes) { _, new in new }))
  }

  private func keys(_ text: String) throws -> [Row] {
    try AuthorizedKeysProbe().observe(
      host(["/home/alice/.ssh/authorized_keys": .file(text, mode: 0o600, user: 1000, group: 1000)])
    ).rows
  }

  @Test(arguments: [
    (SSHKeySamples.ed, "ed25519", 256, SSHKeySamples.edFingerprint),
    (SSHKeySamples.rsa, "rsa", 2048, SSHKeySamples.rsaFingerprint),
    (SSHKeySamples.ec, "ecdsa", 384, SSHKeySamples.ecFingerprint),
  ])
  func kindSizeAndFingerprintAreThoseOfSshKeygen(
    key: String, type: String, bits: Int, fingerprint: String
  ) throws {
    let row = try #require(try keys("# mine\n\n  \(key) a comment\n").first)
    #expect(row["type"].value == .text(type))
    #expect(row["bits"].value == .number(bits))
    #expect(row["fingerprint"].value == .text(fingerprint))
    #expect(row["comment"].value == .text("a comment"))
    #expect(row["limited"].value == .flag(false))
    #expect(row["type"].origin == .line("/home/alice/.ssh/authorized_keys", 3))
  }

  @Test func optionsMayHoldBlanksCommasAndQuotes() throws {
    let options =
      "from=\"10.0.0.0/8,!10.1.0.1\",command=\"/bin/echo \\\"a, b\\\" c\",NO-PTY,expiry-time=\"20270101\",restrict"
    let row = try #require(try keys("\(options) \(SSHKeySamples.ed)\n").first)
    #expect(row["from"].value == .list(["10.0.0.0/8", "!10.1.0.1"]))
    #expect(row["command"].value == .text("/bin/echo \"a, b\" c"))
    #expect(
      row["options"].value == .list(["from", "command", "no-pty", "expiry-time", "restrict"]))
    #expect(row["expires"].value == Instant("2027-01-01").map(Value.instant))
    #expect(row["limited"].value == .flag(true))
  }

  @Test func anAuthorityHasPrincipals() throws {
    let row = try #require(
      try keys("cert-authority,principals=\"ops,dev\" \(SSHKeySamples.ed)\n").first)
    #expect(row["cert-authority"].value == .flag(true))
    #expect(row["principals"].value == .list(["ops", "dev"]))
  }

  @Test(arguments: [
    "ssh-ed25519 AAAA", "ssh-rsa \(SSHKeySamples.ed.dropFirst(12))", "garbage", "\u{fffd}\u{1}",
    "command=\"open \(SSHKeySamples.ed)", "ssh-ed25519 ////////",
  ])
  func aLineWithoutAKeyIsANoteAndNoRow(line: String) throws {
    let target: FilePath = "/home/alice/.ssh/authorized_keys"
    let observation = try AuthorizedKeysProbe().observe(host([target: .file(line + "\n")]))
    #expect(observation.rows.isEmpty)
    #expect(observation.notes.map(\.origin) == [.line(target, 1)])
  }

  @Test func theFileNamedForTheUserCountsAndTheDefaultDoesNot() throws {
    let observation = try AuthorizedKeysProbe().observe(
      host([
        "/etc/ssh/sshd_config": .file(
          "AuthorizedKeysFile /etc/keys/%u-%U\nMatch User root\nAuthorizedKeysFile none\n"),
        "/etc/keys/alice-1000": .file(SSHKeySamples.ed),
        "/etc/keys/root-0": .file(SSHKeySamples.rsa),
        "/home/alice/.ssh/authorized_keys": .file(SSHKeySamples.ec),
      ]))
    #expect(observation.rows.map { $0["path"].value } == [.text("/etc/keys/alice-1000")])
  }

  @Test func anUnreadableFileIsAGap() throws {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/home/alice/.ssh/authorized_keys")
    let observation = try AuthorizedKeysProbe().observe(
      host(["/home/alice/.ssh/authorized_keys": node]))
    #expect(observation.gaps == [.permissionDenied("/home/alice/.ssh/authorized_keys")])
  }

  private func protection(_ nodes: [FilePath: MemoryTarget.Node]) throws -> Row? {
    try AuthorizedKeysFilesProbe().observe(host(nodes)).rows.first {
      $0["path"].value == .text("/home/alice/.ssh/authorized_keys")
    }
  }

  @Test func aFolderThatOthersWriteIsTheWeakPath() throws {
    let file = MemoryTarget.Node.file("", mode: 0o600, user: 1000, group: 1000)
    let good = try #require(try protection(["/home/alice/.ssh/authorized_keys": file]))
    #expect(good["protected"].value == .flag(true))
    let open = try #require(
      try protection([
        "/home/alice/.ssh/authorized_keys": file,
        "/home/alice": .directory(mode: 0o775, user: 1000, group: 50),
      ]))
    #expect(open["protected"].value == .flag(false))
    #expect(open["weak-path"].value == .text("/home/alice"))
    // The group of the user alone does no harm; an absent file has a place all the same.
    let own = try #require(
      try protection(["/home/alice": .directory(mode: 0o775, user: 1000, group: 1000)]))
    #expect(own["protected"].value == .flag(true))
    #expect(own["present"].value == .flag(false))
    let foreign = try #require(
      try protection(["/home/alice/.ssh": .directory(mode: 0o700, user: 7, group: 7)]))
    #expect(foreign["weak-path"].value == .text("/home/alice/.ssh"))
  }

  @Test func hostKeysAreThoseThatSshdLoads() throws {
    let observation = try SSHHostKeysProbe().observe(
      host([
        "/etc/ssh/sshd_config": .file("HostKey /etc/ssh/a\nHostKey /etc/ssh/b\n"),
        "/etc/ssh/a": .file("-----BEGIN RSA PRIVATE KEY-----\n", mode: 0o640, group: 50),
        "/etc/ssh/a.pub": .file(SSHKeySamples.rsa + " root@host\n"),
        "/etc/ssh/ssh_host_dsa_key": .file("left over"),
      ]))
    #expect(observation.rows.count == 2)
    let row = observation.rows[0]
    #expect(row["type"].value == .text("rsa"))
    #expect(row["bits"].value == .number(2048))
    #expect(row["mode"].value == .mode(0o640))
    #expect(row["group"].value == .text("staff"))
    #expect(row["path"].origin == .line("/etc/ssh/sshd_config", 1))
    #expect(observation.rows[1]["present"].value == .flag(false))
  }

  @Test func ignoredLinesAreToldOncePerContext() throws {
    let observation = try SshdConfigProbe().observe(
      host([
        "/etc/ssh/sshd_config": .file(
          """
          Include /etc/ssh/missing.conf /etc/ssh/sshd_config.d/*.conf
          PermitRootLogin no
          AllowUsers a
          AllowUsers b
          UsePAM yes
          UsePAM yes
          Protocol 2
          Match User bob
            PermitRootLogin yes
            X11Forwarding no
            X11Forwarding yes
          """),
        "/etc/ssh/sshd_config.d/1.conf": .file("PermitRootLogin yes\n"),
      ]))
    let found = observation.rows.map { "\($0["kind"].value?.description ?? "") \($0.subject)" }
    #expect(
      found == [
        "missing-include Include /etc/ssh/missing.conf", "deprecated Protocol 2",
        "ignored PermitRootLogin no", "ignored X11Forwarding yes",
      ])
    let lost = observation.rows[2]
    #expect(lost["wins"].value == .text("yes"))
    #expect(lost["value"].origin == .line("/etc/ssh/sshd_config", 2))
  }

  @Test func whatSshdRefusesIsARow() throws {
    let observation = try SshdConfigProbe().observe(
      host(["/etc/ssh/sshd_config": .file("UsePAM yes\nPermitRotLogin no\n")]))
    #expect(observation.rows.map { $0["kind"].value } == [.text("refused")])
    #expect(observation.rows.first?["kind"].origin == .line("/etc/ssh/sshd_config", 2))
  }

  @Test func sha256IsThatOfTheStandard() {
    let hex = { (bytes: [UInt8]) in
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(
      hex(SSHFingerprint.digest(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hex(SSHFingerprint.digest([]))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func aSealedHostTellsNothing() {
    var target = MemoryTarget(SSHKeysProbesTests.base)
    target.seal = { .permissionDenied($0) }
    let host = Host(target)
    #expect(throws: TargetError.self) { try AuthorizedKeysProbe().observe(host) }
    #expect(throws: TargetError.self) { try SSHHostKeysProbe().observe(host) }
    #expect(throws: TargetError.self) { try SshdConfigProbe().observe(host) }
    #expect(throws: TargetError.self) { try SshdAccessProbe().observe(host) }
  }
}
