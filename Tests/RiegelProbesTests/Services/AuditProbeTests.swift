import RiegelModel
import RiegelProbes
import SystemPackage
import Testing

private func auditd(_ text: String?, _ key: String) throws -> Row? {
  var probe = AuditdProbe()
  probe.key = key
  let texts = text.map { ["/etc/audit/auditd.conf": $0] } ?? [:]
  return try probe.observe(Host(texts: texts)).rows.first
}

@Suite struct AuditdProbeTests {
  @Test func theLastLineCountsWhateverItsCase() throws {
    let text = "# x\nmax_log_file_action = ROTATE\nMax_Log_File_Action = keep_logs\n"
    let row = try #require(try auditd(text, "max_log_file_action"))
    #expect(row["value"].value == .text("keep_logs"))
    #expect(row["value"].origin == .line("/etc/audit/auditd.conf", 3))
    #expect(row["value"].overrides == [.init("rotate", .line("/etc/audit/auditd.conf", 2))])
  }

  @Test func withoutTheFileTheDaemonsOwnDefaultsCount() throws {
    let row = try #require(try auditd(nil, "disk_full_action"))
    #expect(row["value"].value == .text("ignore"))
    #expect(row["value"].origin?.isBuiltIn == true)
    #expect(try auditd(nil, "nonsense") == nil)
  }

  @Test func numbersPercentagesAndPrograms() throws {
    #expect(try auditd("space_left = 25%\n", "space_left")?["percent"].value == .number(25))
    #expect(try auditd("space_left = 25%\n", "space_left")?["number"].content == .absent)
    #expect(try auditd("space_left = 75\n", "space_left")?["number"].value == .number(75))
    let exec = try auditd("space_left_action = EXEC /Usr/x\n", "space_left_action")
    #expect(exec?["value"].value == .text("exec"))
    #expect(exec?["program"].value == .text("/Usr/x"))
    #expect(try auditd("log_file = /Var/Log\n", "log_file")?["value"].value == .text("/Var/Log"))
  }

  @Test(arguments: [
    ("max_log_file = 8\nnum_logs = 5\n", 40), ("max_log_file = 8\nnum_logs = 0\n", 8),
    ("num_logs = 5\n", 0),
  ])
  func theSizeOfAllLogs(_ text: String, _ size: Int) throws {
    #expect(try auditd(text, "total_log_size")?["number"].value == .number(size))
  }

  @Test func theMarginOfTheTwoThresholds() throws {
    let text = "space_left = 75\nadmin_space_left = 50\n"
    #expect(try auditd(text, "space_left_margin")?["number"].value == .number(25))
    let percent = "space_left = 25%\nadmin_space_left = 50\n"
    guard case .unknown? = try auditd(percent, "space_left_margin")?["number"].content else {
      Issue.record("a guess")
      return
    }
  }

  @Test func nologSwitchesWritingOff() throws {
    #expect(try auditd("log_format = NOLOG\n", "write_logs")?["value"].value == .text("no"))
  }

  /// What auditd 3.0.9 was seen to refuse, run with these files by hand.
  @Test(arguments: [
    "max_log_file=8\n", "foo = 3\n", "MAX_LOG_FILE = 8 x\n", "num_logs\t=\t5\n", "num_logs\n",
    "name_format = none extra\n", "\u{FFFD} = \0\n",
  ])
  func aFileThatTheDaemonRefusesSaysNothing(_ text: String) throws {
    #expect(throws: TargetError.self) { try auditd(text, "max_log_file") }
  }

  @Test func aLineThatIsTooLongIsSkipped() throws {
    let text = "num_logs = 5\nnum_logs = 9" + String(repeating: " ", count: 200) + "\n"
    #expect(try auditd(text, "num_logs")?["value"].value == .text("5"))
  }

  @Test func unreadableIsAnError() {
    var sealed = MemoryTarget()
    sealed.seal = { .permissionDenied($0) }
    let host = Host(sealed)
    var probe = AuditdProbe()
    probe.key = "num_logs"
    #expect(throws: TargetError.self) { try probe.observe(host) }
    #expect(throws: TargetError.self) { try AuditRulesProbe().observe(host) }
  }
}

private func audit(_ rules: String, covers: String = "", more: [String] = []) throws -> Observation
{
  var files: [FilePath: MemoryTarget.Node] = ["/etc/audit/rules.d/audit.rules": .file(rules)]
  for path in ["/etc/pam.d", "/var/log", "/usr/bin"] + more { files[FilePath(path)] = .directory() }
  var probe = AuditRulesProbe()
  probe.covers = covers
  return try probe.observe(Host(MemoryTarget(files)))
}

@Suite struct AuditRulesProbeTests {
  @Test(arguments: [
    "-w /etc/passwd -p wa -k identity", "-w /etc/passwd -p aw -k identity",
    "-a always,exit -F path=/etc/passwd -F perm=wa -k identity",
    "-a exit,always -S all -F perm=aw -F path=/etc/passwd -F key=identity",
    "  -w  /etc/passwd\t-pwa  -kidentity",
  ])
  func aWatchIsTheSameHoweverItIsWritten(_ text: String) throws {
    let row = try #require(try audit(text + "\n").rows.first)
    #expect(row["kind"].value == .text("watch"))
    #expect(row["path"].value == .text("/etc/passwd"))
    #expect(row["permissions"].value == .text("wa"))
    #expect(row["permission-list"].value == .list(["w", "a"]))
    #expect(row["keys"].value == .list(["identity"]))
    #expect(row["list"].value == .text("exit"))
    #expect(row["action"].value == .text("always"))
    #expect(row["syscalls"].value == .list([]))
  }

  @Test(arguments: [
    "-w /etc/pam.d -p wa", "-w /etc/pam.d/ -p wa", "-a always,exit -F dir=/etc/pam.d/ -F perm=wa",
  ])
  func aWatchOfAFolderIsAboutAllBelowIt(_ text: String) throws {
    let row = try #require(try audit(text + "\n").rows.first)
    #expect(row["dir"].value == .text("/etc/pam.d"))
    #expect(row["path"].content == .absent)
    #expect(try audit(text + "\n", covers: "/etc/pam.d/sshd").rows.count == 1)
    #expect(try audit(text + "\n", covers: "/etc/pam.dx").rows.isEmpty)
  }

  @Test func aPathFieldOfAFolderIsTheFolderAlone() throws {
    let text = "-a always,exit -F path=/etc/pam.d -F perm=wa\n"
    #expect(try audit(text, covers: "/etc/pam.d/sshd").rows.isEmpty)
    #expect(try audit(text, covers: "/etc/pam.d").rows.count == 1)
  }

  @Test func systemCallRulesAreInOneForm() throws {
    let ways = [
      "-a always,exit -F arch=b64 -S chmod,fchmod -F auid>=1000 -F auid!=-1 -k perm_mod",
      "-a exit,always -F arch=x86_64 -S fchmod -S chmod -F auid!=4294967295 -F auid>=1000 -F key=perm_mod",
      "-a always,exit -F arch=b64 -S chmod -S fchmod -F auid!=unset -F auid>=1000 -k perm_mod",
    ]
    for way in ways {
      let row = try #require(try audit(way + "\n").rows.first)
      #expect(row["kind"].value == .text("syscall"))
      #expect(row["arch"].value == .text("b64"))
      #expect(row["syscalls"].value == .list(["chmod", "fchmod"]))
      #expect(row["fields"].value == .list(["auid!=unset", "auid>=1000"]))
      #expect(row["keys"].value == .list(["perm_mod"]))
    }
    for text in ["-C euid!=uid", "-C uid!=euid"] {
      let row = try audit("-a always,exit -S execve \(text)\n").rows.first
      #expect(row?["fields"].value == .list(["euid!=uid"]))
    }
    let denied = try audit("-a always,exit -S open -F exit=-13 -F success=0\n").rows.first
    #expect(denied?["fields"].value == .list(["exit=-EACCES", "success=no"]))
    #expect(denied?["arch"].content == .absent)
  }

  @Test func theOldTrapOfFedoraIsSeen() throws {
    let row = try #require(try audit("-a never,task\n").rows.first)
    #expect(row["action"].value == .text("never"))
    #expect(row["list"].value == .text("task"))
    let exclude = try audit("-a always,exclude -F msgtype=CWD\n").rows.first
    #expect(exclude?["action"].value == .text("never"))
  }

  @Test func theLastSwitchCountsWhereverItStands() throws {
    let host = Host(
      MemoryTarget(texts: [
        "/etc/audit/rules.d/10-a.rules": "-e 2\n-b 100\n-w /etc/passwd -p wa\n",
        "/etc/audit/rules.d/9-b.rules": "-e 1\n-D\n-f 2\n",
        "/etc/audit/rules.d/old.rules.bak": "-e 0\n",
        "/etc/audit/audit.rules": "-e 0\n",
      ]))
    let rows = try AuditRulesProbe().observe(host).rows
    #expect(rows.map(\.subject) == ["-D", "-b 100", "-f 2", "-w /etc/passwd -p wa", "-e 2"])
    let last = try #require(rows.last)
    #expect(last["control"].value == .text("e"))
    #expect(last["value"].value == .text("2"))
    #expect(last["value"].origin == .line("/etc/audit/rules.d/10-a.rules", 1))
  }

  @Test func onlyWithoutTheFolderTheMergedFileCounts() throws {
    let old = Host(texts: [
      "/etc/audit/audit.rules": "-w /etc/passwd -p wa\n-e 1\n-D\n-w /etc/group -p wa\n-e 2\n"
    ])
    let rows = try AuditRulesProbe().observe(old).rows
    #expect(rows.map(\.subject) == ["-D", "-w /etc/group -p wa", "-e 2"])
    #expect(rows.last?["value"].overrides.map(\.value) == ["1"])
    #expect(try AuditRulesProbe().observe(Host(texts: [:])).rows.isEmpty)
  }

  @Test(arguments: [
    "-w etc/passwd -p wa", "-w /etc/passwd -p wz", "-a always -S open", "-a always,exit -F",
    "-F auid=0 -a always,exit", "hello", "-a always,exit -F path=/x -k late",
    "-p wa -w /etc/passwd", "-w /no/such/file -p wa", "-a always,exit -F dir=/no/such",
    "-Z", "-a always,task -S open", "-k", "-",
  ])
  func aLineThatAuditctlRefusesEndsTheLoading(_ text: String) throws {
    let rules = "-w /etc/group -p wa\n\(text)\n-w /etc/shadow -p wa\n"
    let observation = try audit(rules)
    #expect(observation.rows.map(\.subject) == ["-w /etc/group -p wa"])
    #expect(observation.gaps.count == 1)
    let tolerant = try audit("-i\n" + rules)
    #expect(tolerant.rows.count == 3)
    #expect(tolerant.gaps.isEmpty && tolerant.notes.count == 1)
  }

  @Test func aBadSwitchComesLastAndLosesNothingButItself() throws {
    let observation = try audit("-e 3\n-w /etc/shadow -p wa\n")
    #expect(observation.rows.map(\.subject) == ["-w /etc/shadow -p wa"])
    #expect(observation.gaps.count == 1)
  }

  @Test func hostileLinesDoNotHurt() throws {
    let long = String(repeating: "-F auid=1 ", count: 20_000)
    #expect(try audit("-a always,exit -S open \(long)\n").rows.count == 1)
    #expect(try audit("\0\u{FFFD}\n").gaps.count == 1)
    #expect(try audit("\r\n \t\n#\n").rows.isEmpty)
  }

  /// The order and the place of the switches are those of augenrules(8), run on a planted folder.
  @Test(.enabled(if: isInstalled("/usr/sbin/augenrules")))
  func rulesAreLoadedInTheOrderOfAugenrules() throws {
    let tree = try PlantedTree()
    let names = [
      "10-base", "9-early", "100-late", "30-b", "30-a", "a", "B", "a10", "a9", "10-base.local",
      "1~", "zz", "20_x", "20-x", "001", "1", "10-", "x.y.z",
    ]
    for (index, name) in names.enumerated() {
      var text = "# comment\n\n-w /etc/\(index) -p wa -k key\(index)\n"
      if index == 3 { text += "-e 2\n-D\n-b 8192\n" }
      if index == 5 { text += "-f 1\n--backlog_wait_time 60000\n-e 1\n-b 64\n" }
      try tree.file("etc/audit/rules.d/\(name).rules", text)
    }
    try tree.file("etc/audit/rules.d/skipped.conf", "-w /etc/no -p wa\n")
    try tree.file("etc/audit/rules.d/.hidden.rules", "-w /etc/hidden -p wa\n")
    // The program has its folders built in, so a copy of the script gets ours.
    let script = try output(of: "/bin/cat", ["/usr/sbin/augenrules"])
      .replacing("/etc/audit/", with: tree.path + "/etc/audit/")
      .replacing("/tmp/aurules", with: tree.path + "/aurules")
    try tree.file("augenrules", script)
    _ = try output(of: "/bin/sh", [tree.path + "/augenrules"])
    let merged = try output(of: "/bin/cat", [tree.path + "/etc/audit/audit.rules"])
    let theirs = merged.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    let ours = try AuditRulesProbe().observe(try tree.host()).rows.map(\.subject)
    #expect(ours == theirs)
    #expect(ours.count == names.count + 5)
    try tree.remove()
  }
}
