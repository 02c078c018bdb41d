import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

private let debianAuth = """
  auth [success=1 default=ignore] pam_unix.so
  auth requisite pam_deny.so
  auth required pam_permit.so
  auth optional pam_cap.so

  """
private let debianFaillock = """
  auth requisite pam_faillock.so preauth
  auth [success=2 default=ignore] pam_unix.so
  auth [default=die] pam_faillock.so authfail
  auth requisite pam_deny.so
  auth required pam_permit.so

  """
private let fedoraAuth = """
  auth        required      pam_env.so
  auth        required      pam_faildelay.so delay=2000000
  auth        required      pam_faillock.so preauth silent
  auth        [default=1 ignore=ignore success=ok]  pam_usertype.so isregular
  auth        [default=1 ignore=ignore success=ok]  pam_localuser.so
  auth        sufficient    pam_unix.so nullok
  auth        [default=1 ignore=ignore success=ok]  pam_usertype.so isregular
  auth        sufficient    pam_sss.so forward_pass
  auth        required      pam_faillock.so authfail
  auth        required      pam_deny.so

  """

private func host(_ texts: [String: String]) -> Host { Host(MemoryTarget(texts: texts)) }

private func login(_ auth: String, account: String = "account required pam_unix.so\n") throws -> Row
{
  let seen = try PAMLoginProbe(services: ["sshd"]).observe(
    host(["/etc/pam.d/sshd": auth + account]))
  #expect(seen.gaps.isEmpty)
  return try #require(seen.rows.first)
}

private func text(_ row: Row, _ field: String) -> String? { row[field].value?.description }

@Suite struct PAMLoginProbeTests {
  @Test(arguments: [debianAuth, debianFaillock, fedoraAuth, "auth required pam_unix.so\n"])
  func theUsualStacksOfDistributionsAskForAPassword(_ auth: String) throws {
    let row = try login(auth)
    #expect(text(row, "succeeds-without-authentication") == "no")
    #expect(text(row, "bypassed-by") == "[]")
    #expect(text(row, "password") == "required")
    #expect(text(row, "denies") == "no")
  }

  @Test(arguments: [
    ("auth sufficient pam_permit.so\nauth required pam_unix.so\n", "[pam_permit]"),
    ("auth required pam_permit.so\n", "[pam_permit]"),
    ("auth [success=1 default=ignore] pam_succeed_if.so uid > 1\n" + debianAuth, "[]"),
    (
      "auth [success=2 default=ignore] pam_succeed_if.so uid > 1\n" + debianAuth,
      "[pam_succeed_if]"
    ),
    ("auth sufficient pam_wheel.so trust\n" + debianAuth, "[pam_wheel]"),
    ("auth optional pam_unix.so\nauth required pam_permit.so\n", "[pam_permit]"),
    (
      "auth [default=ignore] pam_unix.so\nauth required pam_faillock.so preauth\n", "[pam_faillock]"
    ),
  ])
  func aStackThatOpensWithoutProofIsFound(_ auth: String, by modules: String) throws {
    let row = try login(auth)
    #expect(text(row, "bypassed-by") == modules)
    #expect(text(row, "succeeds-without-authentication") == (modules == "[]" ? "no" : "yes"))
  }

  @Test func rootokIsNamedButIsNoBypassForPeople() throws {
    let row = try login("auth sufficient pam_rootok.so\n" + debianAuth)
    #expect(text(row, "bypassed-by") == "[pam_rootok]")
    #expect(text(row, "succeeds-without-authentication") == "no")
    #expect(text(row, "password") == "required")
  }

  /// As Debian's chsh: pam_shells alone opens nothing, and pam_rootok only to root.
  @Test(arguments: [
    ("auth required pam_shells.so\nauth sufficient pam_rootok.so\n", "[pam_rootok]", "no"),
    ("auth sufficient pam_rootok.so\nauth required pam_shells.so\n", "[pam_rootok]", "no"),
    ("auth sufficient pam_shells.so\nauth sufficient pam_rootok.so\n", "yes", "yes"),
    (
      "auth required pam_rootok.so\nauth sufficient pam_succeed_if.so uid >= 0\n", "[pam_rootok]",
      "no"
    ),
  ])
  func whatOpensToRootAloneIsNoBypass(
    _ auth: String, by modules: String, _ opens: String
  ) throws {
    let row = try login(auth + debianAuth)
    #expect(text(row, "succeeds-without-authentication") == opens)
    if modules != "yes" { #expect(text(row, "bypassed-by") == modules) }
  }

  /// Fedora's gdm-password: the list of pam_selinux_permit is delivered empty.
  @Test(
    arguments: [
      ("# nobody\n", "no"), ("xguest\n", "yes"), (nil, "yes"),
    ] as [(String?, String)])
  func theListOfSELinuxDecides(_ list: String?, _ opens: String) throws {
    var files = [
      "/etc/pam.d/gdm-password":
        "auth [success=done ignore=ignore default=bad] pam_selinux_permit.so\n" + debianAuth,
      "/usr/lib64/security/pam_unix.so": "", "/usr/lib64/security/pam_selinux_permit.so": "",
      "/usr/lib64/security/pam_deny.so": "", "/usr/lib64/security/pam_permit.so": "",
    ]
    files["/etc/security/sepermit.conf"] = list
    let row = try #require(
      try PAMLoginProbe(services: ["gdm-password"]).observe(host(files)).rows.first)
    #expect(text(row, "succeeds-without-authentication") == opens)
  }

  @Test func wheelWithoutTrustLetsNobodyIn() throws {
    let row = try login("auth required pam_wheel.so use_uid\n" + debianAuth)
    #expect(text(row, "succeeds-without-authentication") == "no")
  }

  @Test func aModuleThatIsNotKnownLeavesTheQuestionOpen() throws {
    let row = try login("auth sufficient pam_acme.so\nauth required pam_unix.so\n")
    guard case .unknown = row["succeeds-without-authentication"].content else {
      Issue.record("must be unknown")
      return
    }
  }

  @Test(arguments: [
    (debianAuth, "none"), ("auth required pam_u2f.so\n" + debianAuth, "required"),
    (debianAuth + "auth required pam_google_authenticator.so\n", "required"),
    // Debian's jump lands behind the line that was put before pam_deny.
    (
      "auth [success=2 default=ignore] pam_unix.so\nauth required pam_u2f.so\n"
        + "auth requisite pam_deny.so\nauth required pam_permit.so\n", "none"
    ),
    ("auth sufficient pam_unix.so\nauth required pam_u2f.so\n", "optional"),
    ("auth required pam_google_authenticator.so nullok\n" + debianAuth, "optional"),
  ])
  func aSecondFactorCountsOnlyIfItCannotBeSkipped(_ auth: String, _ demand: String) throws {
    #expect(text(try login(auth), "second-factor") == demand)
  }

  @Test(arguments: [
    (debianAuth, "account required pam_unix.so\n", "none", "[]"),
    (debianFaillock, "account required pam_faillock.so\n", "active", "[]"),
    (fedoraAuth, "account required pam_faillock.so\n", "active", "[]"),
    (debianFaillock, "account required pam_unix.so\n", "partial", "[count-not-reset]"),
    // Here every try is counted, and a success takes the count back.
    (
      "auth required pam_faillock.so authfail\nauth required pam_unix.so\n",
      "account required pam_faillock.so\n", "active", "[]"
    ),
    (
      "auth required pam_faillock.so preauth\nauth requisite pam_unix.so\n"
        + "auth [default=die] pam_faillock.so authfail\n",
      "account required pam_faillock.so\n", "partial", "[failures-not-counted]"
    ),
    (
      "auth [success=1 default=ignore] pam_unix.so\nauth [default=die] pam_faillock.so authfail\n"
        + "auth required pam_permit.so\n",
      "account required pam_faillock.so\n", "partial", "[locked-not-refused]"
    ),
    (
      "auth [success=1 default=bad] pam_unix.so\nauth [default=die] pam_faillock.so authfail\n"
        + "auth sufficient pam_faillock.so authsucc\nauth required pam_deny.so\n",
      "account required pam_unix.so\n", "active", "[]"
    ),
    (
      "auth required pam_tally2.so deny=5\nauth required pam_unix.so\n",
      "account required pam_tally2.so\n", "active", "[]"
    ),
  ])
  func lockoutNeedsCountingRefusingAndResetting(
    _ auth: String, _ account: String, _ state: String, _ flaws: String
  ) throws {
    let row = try login(auth, account: account)
    #expect(text(row, "lockout") == state)
    #expect(text(row, "lockout-flaws") == flaws)
  }

  @Test func anEmptyPasswordIsSeenThroughIncludes() throws {
    let seen = try PAMLoginProbe(services: ["login"]).observe(
      host([
        "/etc/pam.d/login": "@include common-auth\n",
        "/etc/pam.d/common-auth": "auth sufficient pam_unix.so nullok\nauth required pam_deny.so\n",
      ]))
    let row = try #require(seen.rows.first)
    #expect(row["empty-password-accepted"] == .flag(true, .line("/etc/pam.d/common-auth", 1)))
    #expect(text(row, "delay") == "2s")
  }

  @Test func aServiceWithoutAFileHasNoRowAndABrokenOneIsAGap() throws {
    let seen = try PAMLoginProbe(services: ["gdm-password", "sshd"]).observe(
      host(["/etc/pam.d/sshd": "@include nothing\n"]))
    #expect(seen.rows.isEmpty)
    #expect(
      seen.gaps == [
        .malformed("/etc/pam.d/sshd", line: 1, "'@include' of 'nothing', which does not exist")
      ])
  }

  @Test func filesThatIncludeEachOtherEnd() throws {
    let seen = try PAMLoginProbe(services: ["a"]).observe(
      host([
        "/etc/pam.d/a": "auth include b\nauth include b\n",
        "/etc/pam.d/b": "auth include a\nauth include a\n",
      ]))
    #expect(seen.rows.isEmpty && seen.gaps.count == 1)
  }

  @Test func anUnreadableOrSealedFileNeverLooksLikeAnEmptyOne() throws {
    let target = MemoryTarget([
      "/etc/pam.d/sshd": .init(
        FileMetadata(kind: .file, mode: 0o600), failure: .permissionDenied("/etc/pam.d/sshd"))
    ])
    let seen = try PAMLoginProbe(services: ["sshd"]).observe(Host(target))
    #expect(seen.gaps == [.permissionDenied("/etc/pam.d/sshd")])
    var sealed = MemoryTarget(texts: [:])
    sealed.seal = { .permissionDenied($0) }
    for probe in [PAMLoginProbe(services: ["sshd"]), PAMLoginProbe(services: ["all"])] {
      let host = Host(sealed)
      let isSilent = (try? probe.observe(host)).map { $0.gaps.isEmpty } ?? false
      #expect(!isSilent)
    }
  }

  @Test func withoutFoldersPamConfIsRead() throws {
    let seen = try PAMLoginProbe(services: ["sshd"]).observe(
      host(["/etc/pam.conf": "sshd auth required pam_unix.so\nother auth required pam_deny.so\n"]))
    #expect(text(try #require(seen.rows.first), "password") == "required")
  }
}

@Suite struct PAMProbeTests {
  @Test func aLineIsBindingOnlyIfNoSuccessGoesRoundIt() throws {
    let seen = try PAMProbe(services: ["passwd"], type: "password").observe(
      host([
        "/etc/pam.d/passwd": "@include common-password\n",
        "/etc/pam.d/common-password": """
        password requisite pam_pwquality.so retry=3
        password [success=1 default=ignore] pam_unix.so use_authtok
        password requisite pam_deny.so
        password required pam_permit.so
        password optional pam_gnome_keyring.so
        """,
      ]))
    let binding = seen.rows.map {
      "\($0["module"].value?.description ?? ""):\(text($0, "binding") ?? "")"
    }
    #expect(
      binding == [
        "pam_pwquality:yes", "pam_unix:yes", "pam_deny:no", "pam_permit:yes",
        "pam_gnome_keyring:no",
      ])
    #expect(text(seen.rows[0], "before-store") == "yes")
    #expect(seen.rows[1]["module"].origin == .line("/etc/pam.d/common-password", 2))
  }

  @Test func theWholeHostLeavesOutFragments() throws {
    let seen = try PAMProbe(services: ["all"]).observe(
      host([
        "/etc/pam.d/sshd": "@include common-auth\n", "/usr/lib/pam.d/sshd": "auth required x.so\n",
        "/usr/lib/pam.d/cron": "session required pam_loginuid.so\n",
        "/etc/pam.d/common-auth": "auth required pam_unix.so\n",
      ]))
    #expect(seen.rows.map(\.subject) == ["cron session pam_loginuid", "sshd auth pam_unix"])
  }
}

@Suite struct PAMOptionProbeTests {
  private let stack = "password requisite pam_pwquality.so retry=3\npassword required pam_unix.so\n"

  private func value(
    _ option: String, module: String = "pam_pwquality", type: String = "password",
    service: String = "passwd", _ texts: [String: String]
  ) throws -> Fact {
    let probe = PAMOptionProbe(option: option, module: module, services: [service], type: type)
    return try #require(try probe.observe(host(texts)).rows.first)["value"]
  }

  @Test func theMainFileWinsOverDropInsAndArgumentsOverBoth() throws {
    var files = [
      "/etc/pam.d/passwd": stack, "/etc/security/pwquality.conf": "minlen = 10\n",
      "/etc/security/pwquality.conf.d/50-x.conf": "minlen=14\n",
    ]
    let fact = try value("minlen", files)
    #expect(fact.value == .text("10"))
    #expect(
      fact.overrides == [
        Fact.Overridden("14", .line("/etc/security/pwquality.conf.d/50-x.conf", 1))
      ])
    files["/etc/pam.d/passwd"] = "password requisite pam_pwquality.so minlen=3\n"
    #expect(try value("minlen", files).value == .text("6"))
  }

  @Test func theDefaultDependsOnTheVersion() throws {
    let status = "Package: libpwquality1\nStatus: install ok installed\nVersion: "
    #expect(
      try value(
        "difok", ["/etc/pam.d/passwd": stack, "/var/lib/dpkg/status": status + "1.3.0-1\n"]
      )
      .value == .text("5"))
    #expect(
      try value(
        "difok", ["/etc/pam.d/passwd": stack, "/var/lib/dpkg/status": status + "1.4.5-1\n"]
      )
      .value == .text("1"))
    guard case .unknown = try value("difok", ["/etc/pam.d/passwd": stack]).content else {
      Issue.record("must be unknown")
      return
    }
  }

  @Test func aBrokenLineIsNeverSilentlySkipped() throws {
    let fact = try value(
      "minlen", ["/etc/pam.d/passwd": stack, "/etc/security/pwquality.conf": "minlen = 14x\n"])
    #expect(
      fact.content
        == .unknown(.malformed("/etc/security/pwquality.conf", line: 1, "'14x' is no number")))
  }

  @Test func faillockReadsItsFileAndItsArguments() throws {
    let files = [
      "/etc/pam.d/sshd": "auth required pam_faillock.so preauth deny=4\n",
      "/etc/security/faillock.conf": "deny=9\nunlock_time = never\neven_deny_root\n",
    ]
    func faillock(_ option: String) throws -> Value? {
      try value(option, module: "pam_faillock", type: "auth", service: "sshd", files).value
    }
    #expect(try faillock("deny") == .text("4"))
    #expect(try faillock("unlock_time") == .text("0"))
    #expect(try faillock("root_unlock_time") == .text("0"))
    #expect(try faillock("even_deny_root") == .text("true"))
    #expect(try faillock("fail_interval") == .text("900"))
    #expect(try faillock("audit") == .text("false"))
  }

  /// As Linux-PAM 1.5.2 and its source do it; pam_faillock(8) says otherwise of the first.
  @Test(arguments: [("pam_faillock", "false"), ("pam_tally2", "true")])
  func aTimeForRootSwitchesTheLockOnOnlyInTheOldModule(_ module: String, _ value: String) throws {
    let files = ["/etc/pam.d/sshd": "auth required \(module).so deny=3 root_unlock_time=60\n"]
    #expect(
      try self.value("even_deny_root", module: module, type: "auth", service: "sshd", files).value
        == .text(value))
  }

  @Test func thereIsNoRowWithoutTheModule() throws {
    let seen = try PAMOptionProbe(option: "minlen", module: "pam_pwquality").observe(
      host([
        "/etc/pam.d/passwd": "password required pam_unix.so\n",
        "/etc/security/pwquality.conf": "minlen = 14\n",
      ]))
    #expect(seen.rows.isEmpty && seen.gaps.isEmpty)
  }
}

@Suite struct PasswordQualityProbeTests {
  private func row(_ stack: String, _ conf: String = "") throws -> Row {
    let files = [
      "/etc/pam.d/passwd": stack, "/etc/security/pwquality.conf": conf,
      "/etc/os-release": "ID=debian\n",
      "/var/lib/dpkg/status":
        "Package: libpwquality1\nStatus: install ok installed\nVersion: 1.4.5-1\n",
    ]
    return try #require(
      try PasswordQualityProbe(services: ["passwd"]).observe(host(files)).rows.first)
  }

  @Test(arguments: [
    ("password requisite pam_pwquality.so\npassword required pam_unix.so\n", "minlen=12", "12"),
    (
      "password requisite pam_pwquality.so\npassword required pam_unix.so\n",
      "minlen=12\ndcredit=1\nucredit=2\n", "9"
    ),
    ("password optional pam_pwquality.so\npassword required pam_unix.so\n", "minlen=12", "6"),
    (
      "password requisite pam_pwquality.so\npassword required pam_unix.so\n",
      "minlen=12\nenforcing=0", "6"
    ),
    (
      "password required pam_unix.so minlen=9\npassword required pam_pwquality.so\n", "minlen=12",
      "9"
    ),
    (
      "password requisite pam_passwdqc.so min=disabled,24,14,10,9\npassword required pam_unix.so\n",
      "", "9"
    ),
    ("password requisite pam_cracklib.so\npassword required pam_unix.so\n", "", "6"),
    ("password required pam_unix.so\n", "minlen=12", "6"),
  ])
  func onlyWhatCanStopAChangeCounts(_ stack: String, _ conf: String, _ length: String) throws {
    #expect(text(try row(stack, conf), "min-length") == length)
  }

  /// Without the version of libpwquality its default length is not known, all else is.
  @Test func anUnknownDefaultLeavesTheOtherFactsKnown() throws {
    let seen = try PasswordQualityProbe(services: ["passwd"]).observe(
      host([
        "/etc/pam.d/passwd":
          "password requisite pam_pwquality.so minclass=3\npassword required pam_unix.so\n",
        "/etc/os-release": "ID=debian\n",
      ]))
    #expect(seen.gaps.isEmpty)
    let row = try #require(seen.rows.first)
    guard case .unknown(.undetermined) = row["min-length"].content else {
      Issue.record("the length must be unknown")
      return
    }
    #expect(text(row, "classes") == "3")
    #expect(text(row, "modules") == "[pam_pwquality]")
    #expect(text(row, "dictionary") == "yes")
    #expect(text(row, "root") == "no")
  }

  @Test func negativeCreditsDemandClasses() throws {
    let seen = try row(
      "password requisite pam_pwquality.so\npassword required pam_unix.so\n",
      "dcredit=-1\nucredit=-1\nlcredit=-1\nminclass=2\n")
    #expect(text(seen, "classes") == "3")
    #expect(text(seen, "root") == "no")
  }
}

@Suite struct PasswordHashingProbeTests {
  @Test(arguments: [
    ("yescrypt", "", "yescrypt", "5"), ("sha512 rounds=65536", "", "sha512", "65536"),
    ("sha512", "", "sha512", "5000"), ("", "ENCRYPT_METHOD SHA512\n", "sha512", "5000"),
    ("", "ENCRYPT_METHOD SHA512\nSHA_CRYPT_MAX_ROUNDS 100000\n", "sha512", "100000"),
    ("md5", "ENCRYPT_METHOD YESCRYPT\n", "md5", nil), ("", "", "des", nil),
    ("gost_yescrypt rounds=7", "", "gost-yescrypt", "7"),
    ("blowfish rounds=12", "", "bcrypt", "12"), ("yescrypt rounds=20", "", "yescrypt", "5"),
  ])
  func theArgumentWinsOverLoginDefs(
    _ arguments: String, _ definitions: String, _ method: String, _ cost: String?
  ) throws {
    let seen = try PasswordHashingProbe(services: ["passwd"]).observe(
      host([
        "/etc/pam.d/passwd": "password required pam_unix.so \(arguments)\n",
        "/etc/login.defs": definitions,
      ]))
    let row = try #require(seen.rows.first)
    #expect(text(row, "method") == method)
    #expect(text(row, "cost") == cost)
  }
}
