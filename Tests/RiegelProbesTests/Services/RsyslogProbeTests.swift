import RiegelModel
import RiegelProbes
import SystemPackage
import Testing

private func observe(
  _ part: String, _ text: String, more: [String: String] = [:]
) throws -> Observation {
  var probe = RsyslogProbe()
  probe.part = part
  return try probe.observe(Host(texts: more.merging(["/etc/rsyslog.conf": text]) { $1 }))
}

private func actions(_ text: String) throws -> [Row] { try observe("actions", text).rows }

/// What a Debian host has, and what a forwarding one adds.
private let usual = #"""
  module(load="imuxsock") # local
  module(load="imklog")
  $FileOwner root
  $FileGroup adm
  $FileCreateMode 0640
  $Umask 0022
  *.*;auth,authpriv.none		-/var/log/syslog
  auth,authpriv.*			/var/log/auth.log # comment
  *.emerg				:omusrmsg:*
  :msg, contains, "noise # x" stop
  & stop
  if $programname == "x" then {
    action(type="omfile" file="/var/log/x.log")
    stop
  } else
    action(type="omfile" file="/var/log/y.log" fileCreateMode="0600")
  if $syslogfacility-text == 'authpriv' or $syslogfacility-text == 'auth' then @@secure:6514
  *.* action(type="omfwd" target="log.example" port="6514" protocol="tcp"
    StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name"
    StreamDriverPermittedPeers="log.example"
    queue.type="LinkedList" queue.filename="fwd" action.resumeRetryCount="-1")
  $ActionQueueType LinkedList
  $ActionQueueFileName q
  *.* @@(o)[::1]:10514;RSYSLOG_SyslogProtocol23Format
  *.info;mail.none;cron.!=err @loghost
  """#

@Suite struct RsyslogProbeTests {
  @Test func actionsOfBothLanguages() throws {
    let observation = try observe("actions", usual)
    #expect(observation.gaps.isEmpty)
    let rows = observation.rows
    let kinds = rows.map { $0["kind"].value?.description ?? "" }
    #expect(
      kinds == [
        "file", "file", "user", "discard", "discard", "file", "discard", "file", "forward",
        "forward", "forward", "forward",
      ])
    #expect(rows[0]["target"].value == .text("/var/log/syslog"))
    #expect(rows[1]["target"].value == .text("/var/log/auth.log"))
    #expect(rows[1]["facilities"].value == .list(["auth", "authpriv"]))
    #expect(rows[1]["mode"].value == .mode(0o640))
    #expect(rows[1]["group"].value == .text("adm"))
    // Old directives do not reach actions of the new language.
    #expect(rows[5]["mode"].value == .mode(0o644))
    #expect(rows[7]["mode"].value == .mode(0o600))
    #expect(rows[3]["conditional"].value == .flag(true))
  }

  @Test func forwardsSayWhereToAndHow() throws {
    let rows = try actions(usual).filter { $0["kind"].value == .text("forward") }
    #expect(rows[0]["facilities"].value == .list(["auth", "authpriv"]))
    #expect(rows[0]["tls"].value == .flag(false))
    #expect(rows[0]["port"].value == .number(6514))
    #expect(rows[1]["tls"].value == .flag(true))
    #expect(rows[1]["auth-mode"].value == .text("x509/name"))
    #expect(rows[1]["permitted-peers"].value == .list(["log.example"]))
    #expect(rows[1]["disk-queue"].value == .flag(true))
    #expect(rows[1]["retries"].value == .text("-1"))
    #expect(rows[2]["target"].value == .text("::1"))
    #expect(rows[2]["port"].value == .number(10514))
    #expect(rows[2]["loopback"].value == .flag(true))
    #expect(rows[2]["disk-queue"].value == .flag(true))
    #expect(rows[2]["template"].value == .text("RSYSLOG_SyslogProtocol23Format"))
    // A queue belongs to the next action alone.
    #expect(rows[3]["disk-queue"].value == .flag(false))
    #expect(rows[3]["protocol"].value == .text("udp"))
    #expect(rows[3]["port"].value == .number(514))
  }

  @Test(arguments: [
    ("*.*", 20, 20), ("*.info", 20, 20), ("*.err", 20, 0), ("auth,authpriv.*", 2, 2),
    ("*.*;auth,authpriv.none", 18, 18), ("*.=info", 20, 0), ("*.debug;*.!=info", 20, 0),
    ("mail.none", 0, 0), ("4.7", 1, 1), ("security.*", 1, 1), ("*.*;*.!info", 20, 0),
  ])
  func selectorsAreWorkedOut(_ selector: String, _ some: Int, _ full: Int) throws {
    let row = try #require(try actions(selector + " /var/log/x\n").first)
    guard case .list(let any)? = row["facilities"].value,
      case .list(let all)? = row["facilities-full"].value
    else {
      Issue.record("unknown")
      return
    }
    #expect(any.count == some && all.count == full)
  }

  @Test func whatAConditionLetsThroughIsUnknown() throws {
    let row = try #require(try actions("if $msg contains \"x\" then @@host\n").first)
    #expect(row["facilities"].value == nil && row["facilities"].content != .absent)
    #expect(row["target"].value == .text("host"))
  }

  @Test(arguments: [
    "*.* @@host\n", "*.* action(type=\"omfwd\" target=\"host\" protocol=\"tcp\")\n",
    "$DefaultNetstreamDriver gtls\n*.* @@host\n",
    "*.* action(type=\"omfwd\" target=\"h\" protocol=\"udp\" streamdriver=\"gtls\" streamdrivermode=\"1\")\n",
    "$ActionSendStreamDriverMode 1\n*.* @@host\n",
  ])
  func withoutDriverAndModeNothingIsEncrypted(_ text: String) throws {
    #expect(try actions(text).first?["tls"].value == .flag(false))
  }

  @Test(arguments: [
    "$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n*.* @@host\n",
    "*.* action(type=\"omfwd\" target=\"h\" protocol=\"tcp\" streamdrivermode=\"1\")\n"
      + "global(defaultNetstreamDriver=\"ossl\")\n",
    "*.* action(type=\"omrelp\" target=\"h\" port=\"2514\" tls=\"on\")\n",
  ])
  func withThemItIs(_ text: String) throws {
    #expect(try actions(text).first?["tls"].value == .flag(true))
  }

  @Test func inputsOfBothLanguages() throws {
    let text = #"""
      module(load="imuxsock" SysSock.Use="off")
      module(load="imudp")
      input(type="imudp" port=["514", "515"] address="127.0.0.1")
      $ModLoad imtcp
      $InputTCPServerRun 10514
      module(load="imrelp")
      input(type="imrelp" port="2514" tls="on")
      $ModLoad imklog.so
      # input(type="imtcp" port="1")
      """#
    let rows = try observe("inputs", text).rows
    #expect(
      rows.map(\.subject) == ["imudp 514", "imudp 515", "imtcp 10514", "imrelp 2514", "imklog "])
    #expect(rows[0]["loopback"].value == .flag(true))
    #expect(rows[2]["tls"].value == .flag(false))
    #expect(rows[3]["tls"].value == .flag(true))
    let modules = try observe("modules", text).rows.map(\.subject)
    #expect(modules == ["imuxsock", "imudp", "imtcp", "imrelp", "imklog"])
  }

  @Test func includesCountWhereTheyStand() throws {
    let more = [
      "/etc/rsyslog.d/20-b.conf": "*.* @b\n", "/etc/rsyslog.d/10-a.conf": "*.* @a\n",
      "/etc/rsyslog.d/x.off": "*.* @no\n", "/etc/more/c": "*.* @c\n",
    ]
    let text =
      "$IncludeConfig /etc/rsyslog.d/*.conf\n"
      + "include(file=\"/etc/more/*\" mode=\"optional\")\n*.* @d\n"
    let rows = try observe("actions", text, more: more).rows
    #expect(rows.map { $0["target"].value?.description } == ["a", "b", "c", "d"])
    #expect(rows.first?["target"].origin == .line("/etc/rsyslog.d/10-a.conf", 1))
  }

  @Test func settingsShowTheLastOfBothLanguages() throws {
    let text = "$WorkDirectory /a\nglobal(workDirectory=\"/b\")\n"
    let row = try #require(try observe("settings", text).rows.first)
    #expect(row["target"].value == .text("workdirectory"))
    #expect(row["value"].value == .text("/b"))
    #expect(row["value"].overrides.map(\.value) == ["/a"])
  }

  @Test func ruleSetsAreNamed() throws {
    let text = "ruleset(name=\"remote\") {\n  *.* /var/log/r\n}\n*.* call remote\n"
    let rows = try actions(text)
    #expect(rows[0]["ruleset"].value == .text("remote"))
    #expect(rows[1]["kind"].value == .text("call"))
    #expect(rows[1]["ruleset"].value == .text(""))
  }

  @Test(arguments: [
    "nonsense here\n", "}\n", "*.*\n", "!prog\n", "if $x then_not\n", "wrong.prio /var/log/x\n",
  ])
  func whatIsNotUnderstoodIsAGap(_ text: String) throws {
    #expect(try !observe("actions", text + "*.* @host\n").gaps.isEmpty)
  }

  @Test(arguments: [
    "action(type=\"omfile\n", "action(type=omfile)\n", "include(file=\"/etc/rsyslog.conf\")\n",
    "action(\n", "input(type=[\"a\"\n",
  ])
  func whatCannotBeReadAtAllIsAnError(_ text: String) {
    #expect(throws: TargetError.self) { try observe("actions", text) }
  }

  @Test func hostileInputEnds() throws {
    #expect(throws: TargetError.self) {
      try observe("actions", String(repeating: "{", count: 100_000))
    }
    #expect(throws: TargetError.self) {
      try observe("actions", String(repeating: "*.* {\n& {\n", count: 10_000))
    }
    _ = try observe("actions", "\0\u{FFFD} \\\n\\\n\\")
    _ = try observe("actions", ":\n:a\n:a, b, \"\\")
    var sealed = MemoryTarget()
    sealed.seal = { .permissionDenied($0) }
    let host = Host(sealed)
    var probe = RsyslogProbe()
    probe.part = "actions"
    #expect(throws: TargetError.self) { try probe.observe(host) }
    #expect(try probe.observe(Host(texts: [:])).rows.isEmpty)
  }

  /// The samples are configurations that rsyslogd itself accepts, TLS drivers apart.
  @Test(.enabled(if: isInstalled("/usr/sbin/rsyslogd")))
  func theSampleIsValidForRsyslogd() throws {
    let tree = try PlantedTree()
    try tree.file("rsyslog.conf", usual + "\n")
    #expect(
      try succeeds("/usr/sbin/rsyslogd", ["-N1", "-f", tree.path + "/rsyslog.conf"]))
    try tree.remove()
  }
}
