import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

private let debian12 = """
  Package: openssh-server
  Status: install ok installed
  Version: 1:9.2p1-2+deb12u10

  """

private func hostWith(_ texts: [String: String], package: String? = debian12) -> Host {
  var texts = texts
  if let package { texts["/var/lib/dpkg/status"] = package }
  return Host(MemoryTarget(texts: texts))
}

private func rows(_ keyword: String, _ host: Host) throws -> [Row] {
  var probe = SshdProbe()
  probe.keyword = keyword
  return try probe.observe(host).rows
}

@Suite struct SshdProbeTests {
  private let main = "/etc/ssh/sshd_config"

  @Test func aDropInReadFirstWinsOverTheMainFile() throws {
    let host = hostWith([
      main: "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n",
      "/etc/ssh/sshd_config.d/50-vendor.conf": "PermitRootLogin yes\n",
    ])
    let row = try #require(try rows("permitrootlogin", host).first)
    #expect(row.subject == "PermitRootLogin")
    #expect(row["value"].value == .text("yes"))
    #expect(row["value"].origin == .line("/etc/ssh/sshd_config.d/50-vendor.conf", 1))
    #expect(row["value"].overrides == [.init("no", .line("/etc/ssh/sshd_config", 2))])
    #expect(row["set"].value == .flag(true))
  }

  @Test func anUnsetKeywordHasTheDefaultOfTheVersion() throws {
    let row = try #require(try rows("PermitRootLogin", hostWith([main: ""])).first)
    #expect(row["value"].value == .text("prohibit-password"))
    #expect(row["value"].origin == .builtIn("OpenSSH 9.2"))
    #expect(row["set"].value == .flag(false))
  }

  @Test func everyBlockThatSetsTheKeywordHasARowAndNoOther() throws {
    let host = hostWith([
      main: """
      PermitRootLogin no
      Match User backup Address 10.0.0.0/8
        PermitRootLogin forced-commands-only
      Match Group ops
        X11Forwarding yes
      """
    ])
    let found = try rows("PermitRootLogin", host)
    #expect(
      found.map(\.subject)
        == ["PermitRootLogin", "PermitRootLogin (Match User backup Address 10.0.0.0/8)"])
    #expect(found[1]["context"].value == .text("User backup Address 10.0.0.0/8"))
    #expect(found[1]["value"].overrides == [.init("no", .line("/etc/ssh/sshd_config", 1))])
  }

  @Test func matchAllIsNoContextOfItsOwn() throws {
    let host = hostWith([main: "PermitRootLogin no\nMatch all\nPermitRootLogin yes\n"])
    let found = try rows("PermitRootLogin", host)
    #expect(found.count == 1)
    #expect(found[0]["value"].value == .text("yes"))
  }

  @Test func aBlockThatAnEarlierOneCoversHasItsValue() throws {
    let host = hostWith([
      main: """
      Match User a*
        MaxAuthTries 2
      Match User alice,anna
        MaxAuthTries 6
      """
    ])
    let found = try rows("MaxAuthTries", host)
    #expect(found.map { $0["number"].value } == [.number(6), .number(2), .number(2)])
    #expect(found[2]["value"].origin == .line("/etc/ssh/sshd_config", 2))
  }

  @Test func anIncludeInABlockIsConditional() throws {
    let host = hostWith([
      main: "Match Group ops\nInclude ops.conf\n",
      "/etc/ssh/ops.conf": "PermitTTY no\nMatch User bob\nAllowTcpForwarding no\n",
    ])
    #expect(
      try rows("PermitTTY", host).map { $0["context"].value } == [
        .text("global"), .text("Group ops"),
      ])
    #expect(
      try rows("AllowTcpForwarding", host).map { $0["context"].value }
        == [.text("global"), .text("Group ops and User bob")])
  }

  @Test func timesAreSecondsAndListsAreItems() throws {
    let host = hostWith([
      main: "LoginGraceTime 1m30\nMACs -*sha1*,umac-64*\nMaxStartups 5:30:60\nRekeyLimit 1G 1h\n"
    ])
    let grace = try #require(try rows("LoginGraceTime", host).first)
    #expect(grace["value"].value == .text("90"))
    #expect(grace["time"].value == .duration(90))
    let macs = try #require(try rows("MACs", host).first)
    #expect(
      macs["items"].value
        == .list([
          "umac-128-etm@openssh.com", "hmac-sha2-256-etm@openssh.com",
          "hmac-sha2-512-etm@openssh.com", "umac-128@openssh.com", "hmac-sha2-256",
          "hmac-sha2-512",
        ]))
    let startups = try #require(try rows("MaxStartups", host).first)
    #expect(startups["items"].value == .list(["5", "30", "60"]))
    #expect(startups["number"].value == .number(60))
    let rekey = try #require(try rows("RekeyLimit", host).first)
    #expect(rekey["number"].value == .number(1 << 30))
    #expect(rekey["time"].value == .duration(3600))
  }

  @Test func nothingInForceIsAbsentWithAnEmptyList() throws {
    let row = try #require(try rows("AllowUsers", hostWith([main: ""])).first)
    #expect(row["value"].content == .absent)
    #expect(row["items"].value == .list([]))
  }

  @Test func withoutServerAndFileThereIsNoRow() throws {
    #expect(try rows("UsePAM", hostWith([:], package: nil)).isEmpty)
  }

  @Test func aFileWithoutPackageIsJudged() throws {
    let host = hostWith([main: "UsePAM yes\n"], package: nil)
    #expect(try rows("UsePAM", host).first?["value"].value == .text("yes"))
    let unset = try #require(try rows("PermitRootLogin", host).first)
    guard case .unknown(.undetermined) = unset["value"].content else {
      Issue.record("\(unset)")
      return
    }
  }

  @Test func theProgramTellsItsVersionWhereNoPackageDoes() throws {
    var bytes = [UInt8](repeating: 0, count: 4000)
    bytes += Array("OpenSSH_8.7p1\0".utf8) + bytes
    var node = MemoryTarget.Node.file("")
    node.content = bytes
    let host = Host(
      MemoryTarget([
        "/usr/sbin/sshd": node, "/etc/ssh/sshd_config": .file(""),
        "/etc/os-release": .file("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"),
      ]))
    let row = try #require(try rows("PermitRootLogin", host).first)
    #expect(row["value"].origin == .builtIn("OpenSSH 8.7"))
    // Red Hat's lists of algorithms are its own.
    let ciphers = try #require(try rows("Ciphers", host).first)
    guard case .unknown(.undetermined) = ciphers["items"].content else {
      Issue.record("\(ciphers)")
      return
    }
  }

  @Test func theCryptoPolicyOfRedHatComesByInclude() throws {
    let host = hostWith(
      [
        main: "Include /etc/ssh/sshd_config.d/*.conf\n",
        "/etc/ssh/sshd_config.d/50-redhat.conf":
          "Include /etc/crypto-policies/back-ends/opensshserver.config\nGSSAPIAuthentication yes\n",
        "/etc/crypto-policies/back-ends/opensshserver.config": "Ciphers aes256-gcm@openssh.com\n",
        "/etc/os-release": "ID=fedora\n",
      ], package: nil)
    #expect(
      try rows("Ciphers", host).first?["items"].value == .list(["aes256-gcm@openssh.com"]))
  }

  @Test func theCryptoPolicyOfRedHat8ComesByCommandLine() throws {
    let host = hostWith(
      [
        main: "Ciphers aes128-ctr\n",
        "/usr/lib/systemd/system/sshd.service": """
        [Service]
        EnvironmentFile=-/etc/crypto-policies/back-ends/opensshserver.config
        EnvironmentFile=-/etc/sysconfig/sshd
        ExecStart=/usr/sbin/sshd -D $OPTIONS $CRYPTO_POLICY
        """,
        "/etc/crypto-policies/back-ends/opensshserver.config":
          "CRYPTO_POLICY='-oCiphers=aes256-ctr -oMACs=hmac-sha2-512'\n",
        "/etc/sysconfig/sshd": "# CRYPTO_POLICY=\nOPTIONS=\"-o MaxAuthTries=3 -p 2222\"\n",
      ], package: nil)
    let ciphers = try #require(try rows("Ciphers", host).first)
    #expect(ciphers["items"].value == .list(["aes256-ctr"]))
    #expect(
      ciphers["value"].origin?.path == "/etc/crypto-policies/back-ends/opensshserver.config")
    #expect(ciphers["value"].overrides.map(\.value) == ["aes128-ctr"])
    #expect(try rows("MaxAuthTries", host).first?["number"].value == .number(3))
    #expect(try rows("Port", host).first?["number"].value == .number(2222))
  }

  @Test func anotherFileOfTheVendorCountsWhereEtcHasNone() throws {
    let host = hostWith(["/usr/etc/ssh/sshd_config": "PermitRootLogin no\n"], package: nil)
    let row = try #require(try rows("PermitRootLogin", host).first)
    #expect(row["value"].origin == .line("/usr/etc/ssh/sshd_config", 1))
  }

  @Test func aKeywordThatTheVersionDoesNotKnowHasNoRowButANote() throws {
    var probe = SshdProbe()
    probe.keyword = "PerSourcePenalties"
    let observation = try probe.observe(hostWith([main: ""]))
    #expect(observation.rows.isEmpty)
    #expect(observation.notes.count == 1)
  }

  @Test func penaltiesAreOnByDefaultSince98() throws {
    let package = debian12.replacing("1:9.2p1-2+deb12u10", with: "1:10.0p1-7")
    let host = hostWith([main: "PerSourcePenalties authfail:30s\n"], package: package)
    let row = try #require(try rows("PerSourcePenalties", host).first)
    guard case .list(let items) = row["items"].value else {
      Issue.record("\(row)")
      return
    }
    #expect(items.contains("authfail:30") && items.contains("crash:90"))
  }

  @Test(arguments: [
    ("PermitRotLogin no\n", 1), ("UsePAM yes\nPermitRootLogin perhaps\n", 2),
    ("Match User a\nPort 22\n", 2), ("Banner \"open\n", 1), ("A\0b c\n", 1),
  ])
  func whatStopsSshdIsMalformedWithItsLine(text: String, line: Int) throws {
    #expect {
      try rows("UsePAM", hostWith([main: text]))
    } throws: { error in
      guard case TargetError.malformed("/etc/ssh/sshd_config", let found, _) = error else {
        return false
      }
      return found == line
    }
  }

  @Test func anUnreadableIncludeIsNeitherAbsentNorEmpty() throws {
    var node = MemoryTarget.Node.file("PermitRootLogin no\n")
    node.failure = .permissionDenied("/etc/ssh/x.conf")
    let host = Host(
      MemoryTarget([
        "/etc/ssh/sshd_config": .file("Include x.conf\n"), "/etc/ssh/x.conf": node,
      ]))
    #expect(throws: TargetError.permissionDenied("/etc/ssh/x.conf")) {
      try rows("PermitRootLogin", host)
    }
  }

  @Test func aSealedHostTellsNothing() throws {
    var target = MemoryTarget(texts: [main: ""])
    target.seal = { .permissionDenied($0) }
    #expect(throws: TargetError.self) { try rows("PermitRootLogin", Host(target)) }
  }

  @Test func includesThatMultiplyEndSoon() throws {
    let bomb = String(repeating: "Include /etc/ssh/a\n", count: 40)
    #expect(throws: TargetError.self) {
      try rows("UsePAM", hostWith([main: bomb, "/etc/ssh/a": bomb]))
    }
    var chain: [String: String] = [main: "Include /etc/ssh/1\nInclude /etc/ssh/1\n"]
    for step in 1...15 {
      let next = "Include /etc/ssh/\(step + 1)\n"
      chain["/etc/ssh/\(step)"] = next + next + next
    }
    chain["/etc/ssh/16"] = "UsePAM yes\n"
    #expect(throws: TargetError.self) { try rows("UsePAM", hostWith(chain)) }
  }

  @Test func hostileTextDoesNoHarm() throws {
    let long = String(repeating: "a", count: 200_000)
    let host = hostWith([main: "Banner /\(long)\nAllowUsers \u{fffd}\u{0301} ü\n"])
    #expect(try rows("AllowUsers", host).first?["items"].value == .list(["\u{fffd}\u{0301}", "ü"]))
  }

  @Test func aTypoInARuleIsFoundWhenItIsRead() {
    let declaration = ProbeDeclaration(SshdProbe.self)
    for (word, isGood) in [
      ("PermitRootLogin", true), ("challengeResponseAuthentication", true),
      ("PermitRotLogin", false), ("Protocol", false),
    ] {
      let made = declaration.make([(key: nil, values: [word])])
      if case .success = made { #expect(isGood) } else { #expect(!isGood) }
    }
  }

  @Test func everyKeywordHasADefaultOrASaidDoubtInEveryKnownVersion() {
    for number in [704, 802, 804, 902, 1000, 1003] {
      let build = OpenSSHBuild(number: number, package: "1:9.2p1-2+deb12u10")
      for name in SshdKeyword.names {
        guard let keyword = SshdKeyword.named(name), keyword.since <= number else { continue }
        let answer = SshdDefaults.answer(keyword, build)
        if number >= 802 { #expect(answer != .undetermined, "\(name) in \(number)") }
      }
    }
  }
}

@Suite struct SshdAccessProbeTests {
  private func row(_ text: String) throws -> Row {
    let host = hostWith(["/etc/ssh/sshd_config": text])
    return try #require(try SshdAccessProbe().observe(host).rows.last)
  }

  @Test func aPasswordDialogueLeftOnIsAPasswordAlone() throws {
    let row = try row("PasswordAuthentication no\nUsePAM yes\n")
    #expect(row["ways"].value == .list(["keyboard-interactive", "publickey"]))
    #expect(row["password-alone"].value == .flag(true))
    #expect(row["factors"].value == .number(1))
  }

  @Test(arguments: [
    ("AuthenticationMethods publickey,password publickey,keyboard-interactive", 2),
    ("AuthenticationMethods publickey,publickey", 1),
    ("AuthenticationMethods password,keyboard-interactive", 1),
    ("AuthenticationMethods publickey,password publickey", 1),
    (
      "PubkeyAuthOptions verify-required\nPubkeyAcceptedAlgorithms sk-*\nAuthenticationMethods publickey",
      2
    ),
    ("PubkeyAuthOptions verify-required\nAuthenticationMethods publickey", 1),
    ("HostbasedAuthentication yes\nAuthenticationMethods hostbased,publickey", 1),
  ])
  func factorsAreKindsAndNotSteps(text: String, factors: Int) throws {
    #expect(try row(text)["factors"].value == .number(factors))
  }

  @Test func eachBlockIsARowWithAllItsKeywords() throws {
    let row = try row(
      "AuthenticationMethods publickey,password\nMatch User kiosk\nAuthenticationMethods publickey\n"
    )
    #expect(row.subject == "sshd (Match User kiosk)")
    #expect(row["factors"].value == .number(1))
    #expect(row["factors"].origin == .line("/etc/ssh/sshd_config", 3))
  }

  private func contexts(_ text: String) throws -> [String: Row] {
    let rows = try SshdAccessProbe().observe(hostWith(["/etc/ssh/sshd_config": text])).rows
    return Dictionary(
      uniqueKeysWithValues: rows.map { ($0["context"].value?.description ?? "", $0) })
  }

  @Test func aPasswordAloneMayComeFromTwoBlocks() throws {
    let rows = try contexts(
      """
      PasswordAuthentication no
      KbdInteractiveAuthentication no
      AuthenticationMethods publickey
      Match Group staff
        PasswordAuthentication yes
      Match Address 10.0.0.0/8
        AuthenticationMethods password
      """)
    #expect(rows["Group staff"]?["password-alone"].value == .flag(false))
    #expect(rows["Address 10.0.0.0/8"]?["password-alone"].value == .flag(false))
    let both = rows["Group staff and Address 10.0.0.0/8"]
    #expect(both?["password-alone"].value == .flag(true))
  }

  @Test(arguments: [
    "Match User anna\n%\nMatch User bert\n#\n",
    "Match Address 10.0.0.0/8\n%\nMatch Address 192.168.0.0/16\n#\n",
    "Match LocalPort 22\n%\nMatch LocalPort 2222\n#\n",
    "Match Host a.b\n%\nMatch Host !a.b,*.c\n#\n",
    // The second follows from the first.
    "Match Address 10.1.0.0/16\n%\nMatch Address 10.0.0.0/8\n#\n",
  ])
  func blocksThatExcludeEachOtherAreNotCombined(_ text: String) throws {
    let rows = try contexts(
      "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        + text.replacing("%", with: "PasswordAuthentication yes").replacing(
          "#", with: "X11Forwarding yes"))
    #expect(rows.count == 3, "\(rows.keys)")
  }

  @Test func whatGivesNothingNewHasNoRow() throws {
    let rows = try contexts("Match User anna\nX11Forwarding yes\nMatch Group staff\nBanner none\n")
    #expect(rows.count == 3)
  }

  @Test func tooManyCombinationsAreAGap() throws {
    let blocks = (0..<12).map { "Match Group g\($0)\nX11Forwarding yes\n" }.joined()
    let found = try SshdAccessProbe().observe(hostWith(["/etc/ssh/sshd_config": blocks]))
    #expect(found.rows.count == 13)
    #expect(found.gaps.count == 1)
  }

  @Test func aliveMessagesEndNoIdleSession() throws {
    let row = try row("ClientAliveInterval 60\nClientAliveCountMax 5\n")
    #expect(row["idle"].content == .absent)
    #expect(row["dead-peer"].value == .duration(300))
    let other = try self.row(
      "ChannelTimeout session:*=10m\nUnusedConnectionTimeout 1m\nClientAliveInterval 60\nClientAliveCountMax 0\n"
    )
    #expect(other["idle"].value == .duration(660))
    #expect(other["dead-peer"].content == .absent)
    // Tried with sshd 9.2: a bare `session` is not the type of an idle shell.
    let bare = try self.row("ChannelTimeout session=10m\nUnusedConnectionTimeout 1m\n")
    #expect(bare["idle"].content == .absent)
  }

  @Test func disableForwardingClosesAll() throws {
    #expect(try row("X11Forwarding yes\nDisableForwarding yes\n")["forwarding"].value == .list([]))
    #expect(
      try row("AllowTcpForwarding local\nAllowAgentForwarding no\nAllowStreamLocalForwarding no\n")[
        "forwarding"
      ].value == .list(["tcp-local"]))
  }
}
