import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct UsersProbeTests {
  private static let day = 20_781
  private static let now = Instant(day: day)

  private func observe(
    passwd: String, shadow: String? = nil, group: String = "root:x:0:\n",
    more: [FilePath: MemoryTarget.Node] = [:]
  ) throws -> Observation {
    var files = more
    files["/etc/passwd"] = .file(passwd)
    files["/etc/group"] = .file(group)
    if let shadow { files["/etc/shadow"] = .file(shadow, mode: 0o640) }
    return try UsersProbe().observe(Host(MemoryTarget(files), now: Self.now))
  }

  private func first(
    passwd: String = "a:x:1000:1000::/home/a:/bin/bash\n", shadow: String? = nil
  ) throws -> Row {
    try #require(try observe(passwd: passwd, shadow: shadow).rows.first)
  }

  // MARK: Lines

  /// Checked against `getent passwd` and `id` of glibc 2.36 in a changed root.
  @Test(arguments: [
    ("  lead:x:1001:1001::/h:/bin/sh", 1001), ("short:x:1002:1002", 1002),
    ("blank:x: 0:0::/:/bin/sh", 0), ("plus:x:+0:0::/:/bin/sh", 0),
    ("tabbed:x:\t0:0::/:/bin/sh", 0), ("colon:x:1010:1010:g:/h:/bin/sh:extra:more", 1010),
    (":x:1011:1011::/:/bin/sh", 1011), ("top:x:4294967295:0::/:/bin/sh", 4_294_967_295),
  ])
  func aLineThatGlibcTakesIsAnAccount(line: String, uid: Int) throws {
    let observation = try observe(passwd: line + "\n", shadow: "")
    #expect(observation.rows.count == 1)
    #expect(observation.rows[0]["uid"].value == .number(uid))
    #expect(observation.gaps.isEmpty)
  }

  @Test(arguments: [
    "shorter:x:1003", "neg:x:-1:0::/:/bin/sh", "big:x:4294967296:0::/:/bin/sh",
    "nouid:x::0::/:/bin/sh", "hex:x:0x10:0::/:/bin/sh", "trail:x:12 :0::/:/bin/sh", "noise",
    "huge:x:99999999999999999999999:0::/:/bin/sh",
  ])
  func aLineThatNoReaderTakesLeavesAGapWithItsNumber(line: String) throws {
    let observation = try observe(passwd: "root:x:0:0::/root:/bin/sh\n\(line)\n", shadow: "")
    #expect(observation.rows.map(\.subject) == ["root"])
    guard case .malformed("/etc/passwd", line: 2, let text)? = observation.gaps.first else {
      Issue.record("no gap")
      return
    }
    #expect(!text.contains("99999"))
  }

  @Test func commentsAndBlankLinesAreNoAccounts() throws {
    let observation = try observe(passwd: "# a:x:0:0:::\n\n  \nb:x:1:1::/:/bin/sh\n", shadow: "")
    #expect(observation.rows.map(\.subject) == ["b"])
    #expect(observation.rows[0]["name"].origin == .line("/etc/passwd", 4))
    #expect(observation.gaps.isEmpty)
  }

  @Test func nisLinesAreANoteAndNoAccounts() throws {
    let observation = try observe(passwd: "root:x:0:0::/root:/bin/sh\n+::0:0:::\n-x\n", shadow: "")
    #expect(observation.rows.count == 1)
    #expect(observation.gaps.isEmpty)
    #expect(observation.notes.map(\.origin) == [.line("/etc/passwd", 2), .line("/etc/passwd", 3)])
  }

  @Test func duplicatesAreRowsOfTheirOwn() throws {
    let rows = try observe(
      passwd: "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nroot:x:5:0::/root:/bin/sh\n",
      shadow: "root:*:::::::\n"
    ).rows
    #expect(rows.map(\.subject) == ["root", "toor", "root"])
    #expect(rows.map { $0["uid-unique"].value } == [.flag(false), .flag(false), .flag(true)])
    #expect(rows.map { $0["name-unique"].value } == [.flag(false), .flag(true), .flag(false)])
    #expect(rows[0]["duplicates"].value == .list(["toor"]))
    #expect(rows[1]["duplicates"].value == .list(["root"]))
  }

  @Test func theSameLineTwiceSharesNoIDWithAnotherName() throws {
    let line = "a:x:1000:0::/:/bin/sh\n"
    let rows = try observe(passwd: line + line, shadow: "").rows
    #expect(rows[0]["uid-unique"].value == .flag(true))
    #expect(rows[0]["name-unique"].value == .flag(false))
  }

  // MARK: Kind and shell

  @Test(arguments: [
    (0, "root"), (1, "system"), (999, "system"), (1000, "person"), (59_999, "person"),
    (60_000, "person"), (60_001, "system"), (64_055, "system"), (65_534, "system"),
    (65_535, "system"), (65_536, "person"), (1_000_000, "person"), (4_294_967_294, "system"),
  ])
  func theKindFollowsFromTheUserID(uid: Int, kind: String) throws {
    let row = try first(passwd: "a:x:\(uid):0::/:/bin/sh\n", shadow: "")
    #expect(row["kind"].value == .text(kind))
  }

  @Test func loginDefsSaysWherePeopleBegin() throws {
    let more: [FilePath: MemoryTarget.Node] = ["/etc/login.defs": .file("UID_MIN 500\n")]
    let observation = try observe(
      passwd: "a:x:499:0::/:/bin/sh\nb:x:500:0::/:/bin/sh\n", shadow: "", more: more)
    #expect(observation.rows.map { $0["kind"].value } == [.text("system"), .text("person")])
  }

  @Test func anUnreadableLoginDefsLeavesTheKindOpen() throws {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/etc/login.defs")
    let observation = try observe(
      passwd: "root:x:0:0::/:/bin/sh\na:x:500:0::/:/bin/sh\n", shadow: "",
      more: ["/etc/login.defs": node])
    #expect(observation.rows[0]["kind"].value == .text("root"))
    #expect(observation.rows[1]["kind"].content == .unknown(.permissionDenied("/etc/login.defs")))
  }

  @Test(arguments: [
    ("", "/bin/sh", true, false), ("/bin/bash", "/bin/bash", true, true),
    ("/usr/sbin/nologin", "/usr/sbin/nologin", false, true),
    ("/bin/false", "/bin/false", false, true), ("/bin/sync", "/bin/sync", false, true),
    ("/dev/null", "/dev/null", false, true), ("/home/a/nologin", "/home/a/nologin", true, true),
    ("nologin", "nologin", true, true),
  ])
  func theShellInEffect(text: String, shell: String, admits: Bool, isSet: Bool) throws {
    let row = try first(passwd: "a:x:1:1::/:\(text)\n", shadow: "")
    #expect(row["shell"].value == .text(shell))
    #expect(row["login-shell"].value == .flag(admits))
    #expect(row["shell-set"].value == .flag(isSet))
  }

  // MARK: Groups

  @Test func primaryAndSupplementaryGroupsAreNamedOnce() throws {
    let group = "root:x:0:\nsudo:x:27:a,b\na:x:1000:a\ndocker:x:99:a\n"
    let row = try #require(
      try observe(passwd: "a:x:1000:1000::/:/bin/sh\n", shadow: "", group: group).rows.first)
    #expect(row["group"].value == .text("a"))
    #expect(row["groups"].value == .list(["a", "sudo", "docker"]))
  }

  @Test func aPrimaryGroupThatIsNotThereIsAbsent() throws {
    let row = try first(shadow: "")
    #expect(row["group"].content == .absent)
    #expect(row["gid"].value == .number(1000))
    #expect(row["groups"].value == .list([]))
  }

  // MARK: Passwords

  @Test(arguments: [
    ("", "empty"), ("!", "locked"), ("*", "locked"), ("!!", "locked"), ("!*", "locked"),
    ("*LK*", "locked"), ("x", "locked"), ("NP", "locked"), ("no password here", "locked"),
    ("$6$salt$hash", "usable"), ("!$6$salt$hash", "locked"), ("*$6$salt$hash", "locked"),
    ("$new$thing$hash", "usable"), ("b.nnacqJqqcQw", "usable"), ("b.nnacqJqqcQw,A.B", "usable"),
    ("b.nnacqJqqcQ", "locked"), ("$", "usable"), ("_J9..oU1xmVuUX9.DOLA", "usable"),
    ("_J9..oU1xmVuUX9.DOL", "locked"),
  ])
  func theStateOfAPassword(field: String, state: String) throws {
    let row = try first(shadow: "a:\(field):20000:0:99999:7:::\n")
    #expect(row["password"].value == .text(state))
    #expect(row["password-store"].value == .text("shadow"))
    #expect(row["password"].origin == .line("/etc/shadow", 1))
  }

  @Test func aHashInPasswdItselfCountsAndShadowDoesNot() throws {
    let row = try first(
      passwd: "a:$1$abcdefgh$0123456789012345678901:1000:1000::/:/bin/sh\n",
      shadow: "a:!:20000:0:30:7:::\n")
    #expect(row["password"].value == .text("usable"))
    #expect(row["password-store"].value == .text("passwd"))
    #expect(row["hash"].value == .text("md5"))
    #expect(row["max-days"].value == .number(30))
  }

  @Test func anEmptyFieldInPasswdIsAnEmptyPassword() throws {
    let row = try first(passwd: "a::1000:1000::/:/bin/sh\n")
    #expect(row["password"].value == .text("empty"))
  }

  @Test func anAccountWithoutItsShadowEntryHasNoPassword() throws {
    for shadow in [nil, "", "b:!:::::::\n"] as [String?] {
      let row = try first(shadow: shadow)
      #expect(row["password"].value == .text("none"))
      #expect(row["password-store"].value == .text("none"))
      #expect(row["hash"].content == .absent)
      #expect(row["in-shadow"].value == .flag(false))
      #expect(row["max-days"].content == .absent)
    }
  }

  @Test func anUnreadableShadowLeavesItsFieldsUnknown() throws {
    var node = MemoryTarget.Node.file("a::1:::::\n", mode: 0o640)
    node.failure = .permissionDenied("/etc/shadow")
    let rows = try observe(
      passwd: "a:x:1000:1000::/:/bin/sh\nb:*:1001:1001::/:/bin/sh\n",
      more: ["/etc/shadow": node]
    ).rows
    let unknown = Fact.Content.unknown(.permissionDenied("/etc/shadow"))
    for field in ["password", "hash", "hash-cost", "max-days", "expired"] {
      #expect(rows[0][field].content == unknown)
    }
    #expect(rows[0]["password-store"].value == .text("shadow"))
    #expect(rows[0]["password-store"].origin == .line("/etc/passwd", 1))
    #expect(rows[0]["shell"].value == .text("/bin/sh"))
    #expect(rows[1]["password"].value == .text("locked"))
    #expect(rows[1]["max-days"].content == unknown)
  }

  @Test(arguments: ["a:!:abc:0:99999:7:::", "a:!:1", "a", "a:!:1:2:3:4:5", "a:!:1:2:3:4:5:6:7:8"])
  func aMalformedShadowLineLeavesItsAccountUnknownAndNoOther(line: String) throws {
    let rows = try observe(
      passwd: "a:x:1000:1000::/:/bin/sh\nb:x:1001:1001::/:/bin/sh\n",
      shadow: "\(line)\nb:!:1::::::\n"
    ).rows
    if line != "a" {
      guard case .unknown(.malformed("/etc/shadow", line: 1, _)) = rows[0]["password"].content
      else {
        Issue.record("not unknown")
        return
      }
    }
    #expect(rows[1]["password"].value == .text("locked"))
  }

  @Test func hashesKeptInAnotherFormAreUndetermined() throws {
    let rows = try observe(
      passwd: "a:x:1000:1000::/:/bin/sh\n", shadow: "a:!:::::::\n",
      more: ["/etc/nsswitch.conf": .file("passwd: files\nshadow: tcb\n")]
    ).rows
    guard case .unknown(.undetermined) = rows[0]["password"].content else {
      Issue.record("not undetermined")
      return
    }
  }

  @Test func hashesOfADirectoryAreNotCollected() throws {
    let rows = try observe(
      passwd: "a:x:1000:1000::/:/bin/sh\n", shadow: "a:!:::::::\n",
      more: ["/etc/nsswitch.conf": .file("passwd: files sss\nshadow: sss\n")]
    ).rows
    guard case .unknown(.remote) = rows[0]["password"].content else {
      Issue.record("not said to be elsewhere")
      return
    }
  }

  @Test func noHashLeavesTheProbe() throws {
    let secret = "Zq7SECRETsecretHash"
    let observation = try observe(
      passwd: "a:x:1000:1000::/:/bin/sh\nb:$6$\(secret)$x:1001:1001::/:/bin/sh\n\(secret):x\n",
      shadow: "a:$6$\(secret)$\(secret):bad:::::::\nb:$y$j9T$\(secret):1:::::\n")
    var text = ""
    dump(observation.rows, to: &text)
    for gap in observation.gaps { dump(gap, to: &text) }
    #expect(!text.contains(secret))
  }

  // MARK: Ages

  @Test func agesAreReadAndEmptyOnesAbsent() throws {
    let row = try first(shadow: "a:!:20000:1:365:7:30:20700:\n")
    #expect(row["last-change"].value == .instant(Instant(day: 20_000)))
    #expect(row["must-change"].value == .flag(false))
    #expect(row["min-days"].value == .number(1))
    #expect(row["max-days"].value == .number(365))
    #expect(row["warn-days"].value == .number(7))
    #expect(row["inactive-days"].value == .number(30))
    #expect(row["expires"].value == .instant(Instant(day: 20_700)))
    #expect(row["expired"].value == .flag(true))
    let empty = try first(shadow: "a:!:::::::\n")
    for field in ["last-change", "min-days", "max-days", "warn-days", "inactive-days", "expires"] {
      #expect(empty[field].content == .absent)
    }
    #expect(empty["expired"].value == .flag(false))
  }

  @Test func aNegativeAgeIsNone() throws {
    let row = try first(shadow: "a:!:-1:-1:-1:-1:-1:-1:\n")
    for field in ["last-change", "min-days", "max-days", "inactive-days", "expires"] {
      #expect(row[field].content == .absent)
    }
  }

  @Test func dayZeroMeansThatThePasswordHasToBeChanged() throws {
    let row = try first(shadow: "a:!:0:0:99999:7:::\n")
    #expect(row["must-change"].value == .flag(true))
    #expect(row["last-change"].content == .absent)
    #expect(row["max-days"].value == .number(99_999))
  }

  /// pam_unix closes the account from its day of expiry on, and takes day 0 for a day.
  @Test(arguments: [(day - 1, true), (day, true), (day + 1, false), (0, true)])
  func anAccountIsExpiredFromItsDayOn(expires: Int, expired: Bool) throws {
    let row = try first(shadow: "a:!:20000:0:99999:7::\(expires):\n")
    #expect(row["expired"].value == .flag(expired))
  }

  @Test(arguments: [(day, false), (day + 1, true), (2_147_483_647, true)])
  func aChangeAfterTheAuditIsInTheFuture(change: Int, future: Bool) throws {
    let row = try first(shadow: "a:!:\(change):0:99999:7:::\n")
    #expect(row["changed-in-future"].value == .flag(future))
  }

  // MARK: Home

  @Test func theHomeIsLookedAt() throws {
    let observation = try observe(
      passwd: "a:x:1000:1000::/home/a:/bin/sh\nb:x:1001:1001::/home/b:/bin/sh\nc:x:3:3:::\n"
        + "d:x:4:4::/home/file:/bin/sh\ne:x:5:5::/run/e:/bin/sh\n", shadow: "",
      more: [
        "/home/a": .directory(mode: 0o750, user: 1000), "/home/b": .link(to: "../srv/b"),
        "/srv/b": .directory(mode: 0o755, user: 7), "/home/file": .file(""),
      ])
    let rows = observation.rows
    #expect(rows[0]["home-mode"].value == .mode(0o750))
    #expect(rows[0]["home-private"].value == .flag(true))
    #expect(rows[0]["home-owned"].value == .flag(true))
    #expect(rows[1]["home-private"].value == .flag(false))
    #expect(rows[1]["home-owner"].value == .number(7))
    #expect(rows[1]["home-owned"].value == .flag(false))
    #expect(rows[2]["home"].content == .absent)
    #expect(rows[2]["home-exists"].value == .flag(false))
    #expect(rows[3]["home-exists"].value == .flag(false))
    #expect(rows[4]["home-exists"].content == .unknown(.notCollected("/run/e")))
  }

  // MARK: Hosts of which little can be read

  @Test func aSealedHostThrows() {
    var target = MemoryTarget(texts: ["/etc/passwd": ""])
    target.seal = { .permissionDenied($0) }
    #expect(throws: TargetError.self) { try UsersProbe().observe(Host(target)) }
  }

  @Test func aHostWithoutAnAccountDatabaseIsNotAHostWithoutAccounts() {
    #expect(throws: TargetError.self) { try UsersProbe().observe(Host(MemoryTarget())) }
    #expect(throws: TargetError.self) {
      try UsersProbe().observe(Host(MemoryTarget(texts: ["/etc/passwd": ""])))
    }
  }

  @Test func hostileBytesDoNoHarm() throws {
    var node = MemoryTarget.Node.file("")
    node.content = Array("a\u{0}b:x:1:1::/\u{0}x:/bin/sh\n".utf8) + [0xff, 0xfe, 0x3a, 10]
    node.content += [UInt8](repeating: UInt8(ascii: ":"), count: 1 << 20) + [10]
    let target = MemoryTarget([
      "/etc/passwd": node, "/etc/group": .file("\u{0}::::\n:::\n"), "/etc/shadow": node,
    ])
    let observation = try UsersProbe().observe(Host(target))
    #expect(observation.rows.count == 1)
    #expect(observation.rows[0]["home-exists"].value == .flag(false))
    #expect(!observation.gaps.isEmpty)
  }

  @Test func remoteAccountsAreANote() throws {
    let observation = try observe(
      passwd: "a:x:1:1::/:/bin/sh\n", shadow: "",
      more: ["/etc/nsswitch.conf": .file("# c\npasswd: files [NOTFOUND=return] sss systemd\n")])
    #expect(observation.gaps.isEmpty)
    #expect(observation.notes.map(\.origin) == [.line("/etc/nsswitch.conf", 2)])
    #expect(observation.notes[0].text.en.contains("sss"))
  }

  @Test func recordsOfSystemdAreAGap() throws {
    let observation = try observe(
      passwd: "a:x:1:1::/:/bin/sh\n", shadow: "",
      more: [
        "/etc/nsswitch.conf": .file("passwd: files systemd\n"),
        "/etc/userdb/eve.user": .file("{}"),
      ])
    #expect(observation.gaps.map(\.path) == ["/etc/userdb/eve.user"])
  }

  @Test func vendorAccountsOfImageBasedSystemsCountUnlessHidden() throws {
    let observation = try observe(
      passwd: "root:x:0:0::/root:/bin/bash\n", shadow: "",
      more: [
        "/etc/nsswitch.conf": .file("passwd: files altfiles\n"),
        "/usr/lib/passwd": .file("root:x:0:0::/root:/bin/sh\nbin:x:1:1::/bin:/sbin/nologin\n"),
      ])
    #expect(observation.rows.map(\.subject) == ["root", "bin"])
    #expect(observation.rows[1]["name"].origin == .line("/usr/lib/passwd", 2))
  }

  // MARK: Real programs

  static let hasMkpasswd = FileManager.default.fileExists(atPath: "/usr/bin/mkpasswd")

  @Test(
    .enabled(if: hasMkpasswd),
    arguments: [
      ("yescrypt", nil, "yescrypt", 5), ("gost-yescrypt", nil, "gost-yescrypt", 5),
      ("scrypt", nil, "scrypt", 7), ("scrypt", 6, "scrypt", 6), ("bcrypt", 6, "bcrypt", 6),
      ("bcrypt-a", 5, "bcrypt", 5), ("sha512crypt", nil, "sha512", 5000),
      ("sha512crypt", 12_345, "sha512", 12_345), ("sha256crypt", 1000, "sha256", 1000),
      ("sunmd5", nil, "sunmd5", nil), ("md5crypt", nil, "md5", nil),
      ("bsdicrypt", nil, "bsdi", nil), ("descrypt", nil, "des", nil), ("nt", nil, "nt", nil),
    ] as [(String, Int?, String, Int?)])
  func hashesOfMkpasswdAreTold(
    method: String, rounds: Int?, name: String, cost: Int?
  ) throws {
    let options = rounds.map { ["-R", String($0)] } ?? []
    let hash = try run("/usr/bin/mkpasswd", ["-m", method] + options + ["secret"])
    for prefix in ["", "!", "!!"] {
      let row = try first(shadow: "a:\(prefix)\(hash):20000:0:99999:7:::\n")
      #expect(row["password"].value == .text(prefix.isEmpty ? "usable" : "locked"))
      #expect(row["hash"].value == .text(name))
      #expect(row["hash-cost"].value == cost.map(Value.number))
    }
  }

  @Test(.enabled(if: hasMkpasswd), arguments: 1...8)
  func theCostFactorOfYescryptIsFoundAgain(cost: Int) throws {
    let hash = try run("/usr/bin/mkpasswd", ["-m", "yescrypt", "-R", String(cost), "secret"])
    #expect(try first(shadow: "a:\(hash):1::::::\n")["hash-cost"].value == .number(cost))
  }

  static let canPlantRoots =
    FileManager.default.fileExists(atPath: "/usr/bin/passwd") && NSUserName() == "root"

  /// `passwd -S` says L, NP or P, the day, and the ages with -1 for none.
  @Test(.enabled(if: canPlantRoots))
  func passwdStatusSaysTheSame() throws {
    let fields = [
      "!", "*", "", "!!", "$6$s$h", "$y$j9T$s$h", "!$6$s$h", "*LK*", "b.nnacqJqqcQw", "$new$x$y",
    ]
    let ages = ["20000:0:99999:7::", "20000:1:365:14:30:", ":::::", "1::::5:", "20781:7::0::20000"]
    // passwd(1) wants to find its caller.
    var passwd = "root:x:0:0::/root:/bin/sh\n"
    var shadow = "root:*:20000:0:99999:7:::\n"
    for (i, field) in fields.enumerated() {
      for (j, age) in ages.enumerated() {
        passwd += "u\(i)-\(j):x:\(1000 + i * 10 + j):1000::/:/bin/sh\n"
        shadow += "u\(i)-\(j):\(field):\(age):\n"
      }
    }
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: root.appendingPathComponent("etc"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    try passwd.write(
      to: root.appendingPathComponent("etc/passwd"), atomically: false, encoding: .utf8)
    try shadow.write(
      to: root.appendingPathComponent("etc/shadow"), atomically: false, encoding: .utf8)
    let lines = try run("/usr/bin/passwd", ["-R", root.path, "-S", "-a"]).split(separator: "\n")
    let rows = try observe(passwd: passwd, shadow: shadow).rows
    #expect(lines.count == fields.count * ages.count + 1)
    for (line, row) in zip(lines, rows) {
      let letter =
        switch row["password"].value {
        case .text("usable"): "P"
        case .text("empty"): "NP"
        default: "L"
        }
      func number(_ field: String) -> String { row[field].value?.description ?? "-1" }
      // An absent day is printed as the day before 1970 by this version of passwd(1).
      let date: String =
        if case .instant(let instant)? = row["last-change"].value { instant.date } else { "" }
      var words = line.split(separator: " ").map(String.init)
      if date.isEmpty { words[2] = "" }
      let mine = [
        row.subject, letter, date, number("min-days"), number("max-days"), number("warn-days"),
        number("inactive-days"),
      ]
      #expect(mine == words)
    }
  }

  @Test(.enabled(if: canPlantRoots))
  func thisMachinesAccountsAreThoseOfGetentAndId() throws {
    var texts: [String: String] = [:]
    for path in ["/etc/passwd", "/etc/group", "/etc/shadow"] {
      texts[path] = try String(contentsOfFile: path, encoding: .utf8)
    }
    let rows = try UsersProbe().observe(Host(MemoryTarget(texts: texts))).rows
    let lines = try run("/usr/bin/getent", ["-s", "files", "passwd"]).split(separator: "\n")
    #expect(lines.map { String($0.prefix { $0 != ":" }) } == rows.map(\.subject))
    for row in rows {
      let groups = try run("/usr/bin/id", ["-Gn", row.subject]).split(separator: " ")
      #expect(row["groups"].value == .list(groups.map(String.init)))
    }
  }

  private func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
