import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct FactorEnrolmentProbeTests {
  private let accounts = [
    "/etc/passwd":
      "root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n"
      + "bert:x:1001:27::/home/bert:/bin/bash\ncarl:x:1002:1002::/home/carl:/bin/bash\n",
    "/etc/group": "sudo:x:27:anna\nops:x:50:carl\nanna:x:1000:\n",
  ]

  private func observe(_ auth: String, _ more: [String: String] = [:]) throws -> Observation {
    var texts = accounts.merging(more) { $1 }
    texts["/etc/pam.d/sudo"] = auth + "\n"
    var probe = FactorEnrolmentProbe()
    probe.services = ["sudo"]
    return try probe.observe(Host(MemoryTarget(texts: texts)))
  }

  @Test func administratorsAreMembersAndWhomSudoersLetsDoEverything() throws {
    let found = try observe(
      "auth required pam_u2f.so authfile=/etc/keys",
      [
        "/etc/keys": "anna:kh,pk\n",
        "/etc/sudoers":
          "User_Alias OPS = %ops, !bert\nroot ALL=(ALL) ALL\nOPS ALL=(ALL) NOPASSWD: ALL\n",
      ])
    #expect(found.rows.map(\.subject) == ["sudo anna", "sudo bert", "sudo carl"])
    #expect(found.rows.map { $0["enrolled"].value } == [true, false, false].map { .flag($0) })
    #expect(found.rows[0]["enrolled"].origin == .line("/etc/keys", 1))
    #expect(found.rows[1]["through"].value == .list(["sudo"]))
    #expect(found.rows[2]["through"].value == .list(["%ops"]))
  }

  @Test func withoutASecondFactorThereAreNoRows() throws {
    #expect(try observe("auth required pam_unix.so").rows.isEmpty)
    // No run comes to it.
    #expect(
      try observe("auth requisite pam_deny.so\nauth required pam_u2f.so").rows.isEmpty)
  }

  @Test(arguments: [
    ("auth required pam_u2f.so authfile=/etc/%u.keys expand", "/etc/anna.keys", "anna:kh,pk"),
    ("auth required pam_u2f.so authfile=.ssh/u2f_keys", "/home/anna/.ssh/u2f_keys", "anna:kh,pk"),
    (
      "auth required pam_u2f.so authfile=/etc/keys", "/etc/keys",
      "anna:\nanna:kh,pk,es256,+presence"
    ),
    (
      "auth required pam_google_authenticator.so secret=~/.otp/${USER}", "/home/anna/.otp/anna",
      "JBSWY3DPEHPK3PXPJBSWY3DP"
    ),
    (
      "auth required pam_google_authenticator.so secret=${HOME}/x", "/home/anna/x",
      "JBSWY3DPEHPK3PXPJBSWY3DP"
    ),
    (
      "auth required pam_oath.so usersfile=${HOME}/.oath", "/home/anna/.oath",
      "# codes\nHOTP/E/8\tanna\t-\t00"
    ),
    (
      "auth required pam_yubico.so id=1 authfile=/etc/yk", "/etc/yk", "bert:cc\nanna:ccccccb:cccccd"
    ),
    (
      "auth required pam_yubico.so mode=challenge-response", "/home/anna/.yubico/challenge-123",
      "v2:x"
    ),
    (
      "auth required pam_yubico.so mode=challenge-response chalresp_path=/var/yk",
      "/var/yk/anna-123", "v2:x"
    ),
    (
      "auth sufficient pam_duo.so\nauth required pam_u2f.so authfile=/etc/keys", "/etc/keys",
      "anna:kh,pk"
    ),
  ])
  func theFileThatTheModuleReadsCounts(_ auth: String, _ path: String, _ text: String) throws {
    let rows = try observe(auth, [path: text + "\n"]).rows
    #expect(rows.first?["enrolled"].value == .flag(true))
    #expect(rows.first?["enrolled"].origin?.path == FilePath(path))
    let without = try observe(auth).rows
    #expect(without.first?["enrolled"].value != .flag(true))
  }

  @Test(arguments: [
    "auth required pam_duo.so", "auth required pam_pkcs11.so", "auth required pam_radius_auth.so",
    "auth required pam_sss.so try_cert_auth",
    "auth required pam_yubico.so ldap_uri=ldap://x ldapdn=x",
  ])
  func whatAServiceElsewhereKnowsIsNotCollected(_ auth: String) throws {
    guard case .unknown(let error) = try observe(auth).rows.first?["enrolled"].content else {
      Issue.record("must be unknown")
      return
    }
    #expect(error.isNotCollected)
  }

  @Test func ofUserAndPasswordOfADirectoryNothingIsAsked() throws {
    #expect(try observe("auth required pam_sss.so use_first_pass").rows.isEmpty)
  }
}

@Suite struct NetworkLoginProbeTests {
  private func observe(_ nodes: [FilePath: MemoryTarget.Node]) throws -> Observation {
    try NetworkLoginProbe().observe(Host(MemoryTarget(nodes)))
  }

  private func profile(_ text: String, mode: UInt16 = 0o600, user: UInt32 = 0) throws -> Observation
  {
    try observe([
      "/etc/NetworkManager/system-connections/x.nmconnection": .file(text, mode: mode, user: user)
    ])
  }

  @Test func nothingSecretBecomesAFact() throws {
    let found = try profile(
      """
      [connection]
      id=cable
      type=802-3-ethernet
      [802-1x]
      eap=peap;ttls;
      identity=SECRET1
      password=SECRET2
      private-key-password=SECRET3
      ca-cert=/etc/ssl/own.pem
      """)
    #expect(!String(describing: found).contains("SECRET"))
    #expect(found.rows[0]["eap"].value == .list(["peap", "ttls"]))
    #expect(found.rows[0]["authority"].value == .text("own"))
    #expect(found.rows[0]["server-checked"].value == .flag(true))
  }

  @Test(arguments: [
    ("eap=tls;\nca-cert=/etc/ssl/certs/ca-certificates.crt", false),
    ("eap=tls;\nca-cert=/etc/ssl/certs/clinic.pem", true),
    ("eap=tls;\nca-cert=file:///etc/pki/tls/certs/ca-bundle.crt\ndomain-match=a.b", true),
    ("eap=tls;\nca-path=/etc/ssl/certs", false),
    ("eap=md5;", false), ("eap=leap;\nca-cert=/x", false), ("eap=pwd;", true),
    ("eap=tls;md5;\nca-cert=/x", false), ("eap=fast;\npac-file=/x", true),
    ("eap=fast;\npac-file=/x\nphase1-fast-provisioning=1", false), ("eap=", false),
    ("eap=ttls;\nca-cert=/x\nphase2-auth=pap", true), ("eap=newmethod;\nca-cert=/x", false),
    ("eap=peap;\nca-cert=\nphase2-auth=mschapv2", false),
  ])
  func aServerIsCheckedByAnAuthorityOfItsOwnOrByName(_ body: String, _ isChecked: Bool) throws {
    let found = try profile("[connection]\ntype=ethernet\n[802-1x]\n" + body + "\n")
    #expect(found.rows[0]["server-checked"].value == .flag(isChecked))
  }

  @Test func otherKindsOfConnectionsAreLeftOut() throws {
    #expect(try profile("[connection]\ntype=wireguard\n").rows.isEmpty)
    let wifi = try profile("[connection]\ntype=wifi\n[wifi]\nssid=x\n")
    #expect(wifi.rows[0]["medium"].value == .text("wireless"))
  }

  @Test func whatNetworkManagerIgnoresIsANote() throws {
    for (mode, user) in [(0o644, 0), (0o600, 1000)] as [(UInt16, UInt32)] {
      let found = try profile("[connection]\ntype=ethernet\n", mode: mode, user: user)
      #expect(found.rows.isEmpty)
      #expect(found.notes.count == 1)
    }
  }

  @Test func aBrokenFileIsAGap() throws {
    #expect(try profile("[connection\ntype=ethernet\n").gaps.count == 1)
    #expect(try profile("\u{fffd}\0\n").gaps.count == 1)
  }

  @Test func netplanIsNotReadWhereItDidNotRun() throws {
    let found = try observe(["/etc/netplan/01.yaml": .file("network:\n")])
    #expect(found.gaps == [.notCollected("/etc/netplan/01.yaml")])
  }

  @Test func ifupdownDrawsInFilesOfItsOwnAndOfWpaSupplicant() throws {
    let found = try observe([
      "/etc/network/interfaces": .file(
        "source extra/*\nauto eth0\niface eth0 inet dhcp\n  wpa-driver wired\n  wpa-conf /etc/cable.conf\n"
      ),
      "/etc/network/extra/more": .file(
        "source /etc/network/interfaces\nauto eth1\niface eth1 inet dhcp\n"),
      "/etc/cable.conf": .file(
        "network={\n key_mgmt=IEEE8021X\n eap=TLS\n ca_cert=\"/etc/ssl/own.pem\"\n}\n"),
    ])
    let rows = Dictionary(uniqueKeysWithValues: found.rows.map { ($0.subject, $0) })
    #expect(rows["eth0"]?["server-checked"].value == .flag(true))
    #expect(rows["eth0"]?["authenticated"].origin == .line("/etc/cable.conf", 2))
    #expect(rows["eth1"]?["authenticated"].value == .flag(false))
  }

  /// A path as NetworkManager writes it byte by byte is the path all the same.
  @Test func authoritiesAreToldByTheirPlace() {
    let bytes = "/etc/ssl/certs/ca-certificates.crt".utf8.map { "\($0);" }.joined() + "0;"
    #expect(NetworkLogin.authority(of: bytes) == .system)
    #expect(NetworkLogin.authority(of: "/etc/ssl/certs/ca-certificates.crt") == .system)
    #expect(NetworkLogin.authority(of: "/etc/ssl/certs/clinic.pem") == .own)
  }

  @Test func interfacesMayStandInSeveralStanzas() throws {
    let found = try observe([
      "/etc/network/interfaces": .file(
        """
        auto lo eth0
        iface lo inet loopback
        iface eth0 inet dhcp
          wpa-driver wired
          wpa-eap TLS
          wpa-ca-cert "/etc/ssl/own.pem"
          wpa-password SECRET
        iface eth0 inet6 auto
        iface wlan0 inet dhcp
          wpa-ssid x
        iface enp2s0 inet manual
        """)
    ])
    #expect(found.rows.map(\.subject) == ["eth0", "enp2s0"])
    #expect(found.rows.map { $0["authenticated"].value } == [.flag(true), .flag(false)])
    #expect(found.rows.map { $0["automatic"].value } == [.flag(true), .flag(false)])
    #expect(found.rows[0]["server-checked"].value == .flag(true))
    #expect(!String(describing: found).contains("SECRET"))
  }

  @Test func anUnreadableProfileIsAGapAndASealedHostToo() throws {
    var node = MemoryTarget.Node.file("x", mode: 0o600)
    node.failure = .permissionDenied("/x")
    let found = try observe(["/etc/NetworkManager/system-connections/x": node])
    #expect(found.gaps == [.permissionDenied("/x")])
    var target = MemoryTarget()
    target.seal = { .permissionDenied($0) }
    #expect(try !NetworkLoginProbe().observe(Host(target)).gaps.isEmpty)
    #expect(try !IdleLimitProbe().observe(Host(target)).gaps.isEmpty)
  }
}

@Suite struct IdleLimitProbeTests {
  private func observe(_ texts: [String: String]) throws -> [Row] {
    try IdleLimitProbe().observe(Host(MemoryTarget(texts: texts))).rows
  }

  @Test(arguments: [
    ("[sessions]\nidletimelimit=600\n", Value.duration(600)),
    ("[Sessions]\nIdleTimeLimit=0\n", nil),
    ("[Sessions]\n;IdleTimeLimit=600\n", nil), ("[Globals]\nIdleTimeLimit=600\n", nil),
    ("[Sessions]\nIdleTimeLimit=-5\n", nil), ("[Sessions]\nIdleTimeLimit=ten\n", nil),
    ("[Sessions]\nIdleTimeLimit=99999999999999999999\n", nil),
  ])
  func xrdp(_ text: String, _ idle: Value?) throws {
    #expect(try observe(["/etc/xrdp/sesman.ini": text])[0]["idle"].value == idle)
  }

  @Test func lessThanAMinuteIsOne() throws {
    let row = try observe([
      "/etc/xrdp/sesman.ini": "[Sessions]\nKillDisconnected=yes\nDisconnectedTimeLimit=0\n"
    ])[0]
    #expect(row["disconnected"].value == .duration(60))
  }

  @Test func theMandatoryFileOfTigerVNCWins() throws {
    let row = try observe([
      "/usr/bin/vncserver": "x",
      "/etc/tigervnc/vncserver-config-mandatory": "# $IdleTimeout = \"1\";\n$IdleTimeout=\"300\";",
      "/etc/tigervnc/vncserver-config-defaults": "idletimeout=900\n",
    ])[0]
    #expect(row["idle"].value == .duration(300))
  }

  @Test func onlyServersOfOpenVPNCount() throws {
    let found = try observe([
      "/etc/openvpn/a.conf": "client\ninactive 60\n", "/etc/openvpn/b.conf": "mode server\n",
      "/etc/openvpn/server/c.conf": "tls-server\ninactive 900 1000\ninactive 600\n",
    ])
    #expect(found.map(\.subject) == ["OpenVPN b.conf", "OpenVPN c.conf"])
    #expect(found.map { $0["idle"].value } == [nil, .duration(600)])
  }

  @Test func aFileThatDrawsInAnotherIsAGap() throws {
    let found = try IdleLimitProbe().observe(
      Host(MemoryTarget(texts: ["/etc/openvpn/a.conf": "server 10.8.0.0 255.0.0.0\nconfig b\n"])))
    #expect(found.rows.isEmpty)
    #expect(found.gaps.count == 1)
  }
}
