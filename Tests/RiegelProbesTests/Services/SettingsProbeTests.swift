import RiegelModel
import RiegelProbes
import SystemPackage
import Testing

private func observe(
  _ texts: [String: String], _ path: String, _ change: (inout SettingsProbe) -> Void = { _ in }
) throws -> [Row] {
  var probe = SettingsProbe()
  probe.path = path
  change(&probe)
  return try probe.observe(Host(texts: texts)).rows
}

private func values(_ rows: [Row]) -> [String] {
  rows.map { "\($0.subject)=\($0["value"].value?.description ?? "?")" }
}

@Suite struct SettingsProbeTests {
  private let plain = ["/etc/foo.conf": "# c\n; c\n a = 1 \nb=\"x y\"\na=2\nflag\nempty=\n"]

  @Test func theLastLineOfAKeyCountsUnlessTheFirstDoes() throws {
    let last = try observe(plain, "/etc/foo.conf")
    #expect(values(last) == ["a=2", "b=x y", "flag=", "empty="])
    #expect(last[0]["value"].origin == .line("/etc/foo.conf", 5))
    #expect(last[0]["value"].overrides == [.init("1", .line("/etc/foo.conf", 3))])
    let first = try observe(plain, "/etc/foo.conf") { $0.precedence = "first" }
    #expect(values(first)[0] == "a=1")
    let all = try observe(plain, "/etc/foo.conf") {
      $0.precedence = "all"
      $0.key = "a"
    }
    #expect(values(all) == ["a=1", "a=2"])
  }

  @Test func blanksAndColonsSeparateToo() throws {
    let rows = try observe(["/f": "UMASK\t 027\nserver a iburst\nrtcsync\n"], "/f") {
      $0.separator = "space"
    }
    #expect(values(rows) == ["UMASK=027", "server=a iburst", "rtcsync="])
    #expect(rows[1]["items"].value == .list(["a", "iburst"]))
    #expect(try values(observe(["/f": "a: b:c\n"], "/f") { $0.separator = ":" }) == ["a=b:c"])
  }

  @Test func sectionsKeepKeysApart() throws {
    let texts = ["/f": "x=0\n[one]\nx=1\n[ two ]\nx=2\n[one]\nx=3\n"]
    #expect(try values(observe(texts, "/f")) == ["x=0", "[one] x=3", "[two] x=2"])
    let one = try observe(texts, "/f") { $0.section = "one" }
    #expect(values(one) == ["[one] x=3"])
    #expect(one[0]["section"].value == .text("one"))
  }

  @Test func dropInsComeAfterTheMainFile() throws {
    let texts = [
      "/etc/foo.conf": "a=main\n", "/usr/lib/foo.d/50-x.conf": "a=vendor\n",
      "/etc/foo.d/50-x.conf": "b=mine\n", "/usr/lib/foo.d/90-y.conf": "c=late\n",
      "/etc/foo.d/10-z.conf": "c=early\n", "/etc/foo.d/README": "a=no\n",
    ]
    let folders = ["/usr/lib/foo.d", "/etc/foo.d/*.conf"]
    let plain = try observe(texts, "/etc/foo.conf") { $0.dropins = folders }
    #expect(values(plain) == ["a=vendor", "c=early", "b=mine"])
    let byName = try observe(texts, "/etc/foo.conf") {
      $0.dropins = folders
      $0.order = "by-name"
    }
    #expect(values(byName) == ["a=main", "c=late", "b=mine"])
  }

  @Test func commentsAndCaseAsTheProgramReadsThem() throws {
    let texts = ["/f": "A=1 # c\na='x # y' # z\n! no\n"]
    let rows = try observe(texts, "/f") {
      $0.hasInlineComments = true
      $0.ignoresCase = true
      $0.comment = "#!"
    }
    #expect(values(rows) == ["a=x # y"])
  }

  @Test func absentFilesGiveNoRowsAndUnreadableOnesThrow() throws {
    #expect(try observe([:], "/etc/none.conf").isEmpty)
    var node = MemoryTarget.Node.file("a=2")
    node.failure = .permissionDenied("/etc/foo.d/x.conf")
    let host = Host(MemoryTarget(["/etc/foo.conf": .file("a=1\n"), "/etc/foo.d/x.conf": node]))
    var probe = SettingsProbe()
    probe.path = "/etc/foo.conf"
    probe.dropins = ["/etc/foo.d"]
    #expect(throws: TargetError.permissionDenied("/etc/foo.d/x.conf")) { try probe.observe(host) }
  }

  @Test func hostileBytesAreTextLikeAnyOther() throws {
    var node = MemoryTarget.Node.file("")
    node.content = Array("a=".utf8) + [0xff, 0, 0x0a] + Array("[\n]\n[]\n=\n\"\n".utf8)
    var probe = SettingsProbe()
    probe.path = "/f"
    let rows = try probe.observe(Host(MemoryTarget(["/f": node]))).rows
    #expect(rows.first?["value"].value == .text("\u{FFFD}\0"))
    let long = String(repeating: "x", count: 1_000_000)
    #expect(try observe(["/f": long + "=" + long + "\n"], "/f").count == 1)
  }
}

private func journald(_ texts: [String: String], _ key: String) throws -> Row? {
  var probe = JournaldProbe()
  probe.key = key
  return try probe.observe(Host(texts: texts)).rows.first
}

@Suite struct JournaldProbeTests {
  @Test func dropInsOfAllFoldersApplyByName() throws {
    let texts = [
      "/etc/systemd/journald.conf": "[Journal]\nStorage=volatile\n#Seal=no\nX=1\n",
      "/usr/lib/systemd/journald.conf.d/50.conf": "[Journal]\nStorage=none\n",
      "/etc/systemd/journald.conf.d/40.conf":
        "[Journal]\nStorage=persistent\n[Other]\nStorage=no\n",
    ]
    let row = try #require(try journald(texts, "Storage"))
    #expect(row["value"].value == .text("none"))
    #expect(row["value"].origin == .line("/usr/lib/systemd/journald.conf.d/50.conf", 2))
    #expect(row["value"].overrides.map(\.value) == ["volatile", "persistent"])
    #expect(try journald(texts, "Seal")?["value"].origin?.isBuiltIn == true)
    #expect(try journald(texts, "Nonsense") == nil)
  }

  @Test func aDropInOfTheSameNameIsReplacedAndALinkToNullHidesIt() throws {
    let vendor: FilePath = "/usr/lib/systemd/journald.conf.d/50.conf"
    var files: [FilePath: MemoryTarget.Node] = [vendor: .file("[Journal]\nStorage=none\n")]
    files["/etc/systemd/journald.conf.d/50.conf"] = .link(to: "/dev/null")
    var probe = JournaldProbe()
    probe.key = "Storage"
    let row = try #require(try probe.observe(Host(MemoryTarget(files))).rows.first)
    #expect(row["value"].value == .text("auto"))
    #expect(row["storage"].value == .text("volatile"))
  }

  @Test func automaticStorageFollowsTheFolder() throws {
    let row = try #require(try journald(["/var/log/journal/x/system.journal": ""], "Storage"))
    #expect(row["value"].value == .text("auto"))
    #expect(row["storage"].value == .text("persistent"))
    let set = ["/etc/systemd/journald.conf": "[Journal]\nStorage=persistent\n"]
    #expect(try journald(set, "Storage")?["storage"].value == .text("persistent"))
    let odd = ["/etc/systemd/journald.conf": "[Journal]\nStorage=disk\n"]
    #expect(try journald(odd, "Storage")?["storage"].value == nil)
  }

  @Test(arguments: [
    ("SystemMaxUse", "512M", 536_870_912), ("SystemMaxUse", "1G", 1_073_741_824),
    ("SystemMaxUse", "100", 100), ("SystemMaxUse", "1.5K", 1536),
  ])
  func sizesInBytes(_ key: String, _ text: String, _ bytes: Int) throws {
    let texts = ["/etc/systemd/journald.conf": "[Journal]\n\(key)=\(text)\n"]
    #expect(try journald(texts, key)?["bytes"].value == .number(bytes))
  }

  @Test(arguments: [
    ("30day", 2_592_000), ("1month", 2_629_800), ("2h 30min", 9000), ("90", 90), ("1w2d", 777_600),
  ])
  func timeSpansInSeconds(_ text: String, _ seconds: Int) throws {
    let texts = ["/etc/systemd/journald.conf": "[Journal]\nMaxRetentionSec=\(text)\n"]
    let row = try journald(texts, "MaxRetentionSec")
    #expect(row?["duration"].value == .duration(seconds))
  }

  @Test(arguments: ["blah", "", "infinity", "1 parsec", "-5"])
  func whatIsNoTimeSpanHasNone(_ text: String) throws {
    let texts = ["/etc/systemd/journald.conf": "[Journal]\nMaxFileSec=1h\nMaxFileSec=\(text)\n"]
    let row = try journald(texts, "MaxFileSec")
    let isDefault = text.isEmpty
    #expect(row?["duration"].value == (isDefault ? .duration(2_629_800) : nil))
  }

  @Test func defaultsThatDependOnTheBuildAreUnknown() throws {
    guard case .unknown(.undetermined)? = try journald([:], "ForwardToSyslog")?["value"].content
    else {
      Issue.record("a guess")
      return
    }
    #expect(try journald([:], "SystemMaxUse")?["value"].content == .absent)
  }

  @Test func aBrokenOrUnreadableFileIsAnError() {
    #expect(throws: TargetError.self) {
      try journald(["/etc/systemd/journald.conf": "[Journal\n"], "Storage")
    }
    var sealed = MemoryTarget()
    sealed.seal = { .permissionDenied($0) }
    var probe = JournaldProbe()
    probe.key = "Storage"
    let host = Host(sealed)
    #expect(throws: TargetError.self) { try probe.observe(host) }
  }

  /// `systemd-analyze cat-config` prints the files in the order in which they apply.
  @Test(.enabled(if: isInstalled("/usr/bin/systemd-analyze")))
  func filesApplyInTheOrderOfSystemdAnalyze() throws {
    let tree = try PlantedTree()
    try tree.file("etc/systemd/journald.conf", "[Journal]\nRateLimitBurst=1\n")
    let names = [
      "usr/lib/systemd/journald.conf.d/50-a.conf", "etc/systemd/journald.conf.d/50-a.conf",
      "run/systemd/journald.conf.d/60-b.conf", "usr/local/lib/systemd/journald.conf.d/55-c.conf",
      "usr/lib/systemd/journald.conf.d/55-c.conf", "etc/systemd/journald.conf.d/05-d.conf",
      "usr/lib/systemd/journald.conf.d/B.conf", "usr/lib/systemd/journald.conf.d/a.conf",
    ]
    for (index, name) in names.enumerated() {
      try tree.file(name, "[Journal]\nRateLimitBurst=\(index + 2)\n")
    }
    try tree.link("etc/systemd/journald.conf.d/99-e.conf", to: "/dev/null")
    try tree.file("usr/lib/systemd/journald.conf.d/99-e.conf", "[Journal]\nRateLimitBurst=99\n")
    let printed = try output(
      of: "/usr/bin/systemd-analyze",
      ["cat-config", "--root=" + tree.path, "--no-pager", "systemd/journald.conf"])
    let theirs = printed.split(separator: "\n").filter { $0.hasPrefix("RateLimitBurst=") }
      .map { String($0.dropFirst(15)) }
    var probe = JournaldProbe()
    probe.key = "RateLimitBurst"
    let row = try #require(try probe.observe(try tree.host()).rows.first)
    let ours = row["value"].overrides.map(\.value) + [row["value"].value?.description ?? ""]
    #expect(ours == theirs)
    #expect(ours.count == 7)
    try tree.remove()
  }
}

@Suite struct SystemdConfigProbeTests {
  @Test func listsCollectAndDefaultsShow() throws {
    var probe = SystemdConfigProbe()
    probe.file = "timesyncd"
    probe.key = "NTP"
    let host = Host(texts: [
      "/etc/systemd/timesyncd.conf": "[Time]\nNTP=a b\n",
      "/etc/systemd/timesyncd.conf.d/1.conf": "[Time]\nNTP=c\n",
    ])
    #expect(try probe.observe(host).rows.first?["items"].value == .list(["a", "b", "c"]))
    probe.file = "logind"
    probe.key = "IdleAction"
    let row = try #require(try probe.observe(host).rows.first)
    #expect(row["value"].value == .text("ignore"))
    #expect(row["value"].origin?.isBuiltIn == true)
  }
}
