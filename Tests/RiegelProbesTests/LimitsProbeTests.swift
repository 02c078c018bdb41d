import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct LimitsProbeTests {
  static let passwd = """
    root:x:0:0::/root:/bin/bash
    daemon:x:1:1::/:/usr/sbin/nologin
    anna:x:1000:1000::/home/anna:/bin/bash
    bert:x:1001:1001::/home/bert:/bin/bash

    """
  static let group = "root:x:0:\nstaff:x:50:anna\nanna:x:1000:\nbert:x:1001:\n"

  private func rows(
    _ item: String, _ conf: String, _ more: [String: String] = [:], id: String = "debian"
  ) throws -> [String: Row] {
    var probe = LimitsProbe()
    probe.item = item
    var texts = more
    texts["/etc/passwd"] = LimitsProbeTests.passwd
    texts["/etc/group"] = LimitsProbeTests.group
    texts["/etc/os-release"] = "ID=\(id)\n"
    texts["/etc/security/limits.conf"] = conf
    let rows = try probe.observe(Host(MemoryTarget(texts: texts))).rows
    return Dictionary(
      uniqueKeysWithValues: rows.map { row in
        guard case .text(let name)? = row["account"].value else { return ("", row) }
        return (name, row)
      })
  }

  @Test func aDropInOfEqualRankWinsAndTheCloserDomainBeatsTheLater() throws {
    let rows = try rows(
      "maxlogins", "* hard maxlogins 10\nanna - maxlogins 2\n",
      ["/etc/security/limits.d/10-a.conf": "*  soft  MaxLogins 5 # five\n@staff - maxlogins 99\n"])
    #expect(rows["others"]?["value"].value == .number(5))
    #expect(rows["others"]?["value"].origin == .line("/etc/security/limits.d/10-a.conf", 1))
    #expect(
      rows["others"]?["value"].overrides
        == [.init("10", .line("/etc/security/limits.conf", 1))])
    #expect(rows["anna"]?["value"].value == .number(2))
    #expect(rows["bert"]?["value"].value == .number(5))
    #expect(rows["root"]?["value"].content == .absent)
    #expect(rows["daemon"] == nil)
  }

  @Test(
    arguments: [
      ("%staff - maxlogins 3", "anna", 3, "group"), ("% - maxlogins 7", "bert", 7, "system"),
      ("1000: - maxlogins 4", "anna", 4, "account"), (":1001 - maxlogins 4", "bert", 4, "account"),
      ("@:50 - maxlogins 4", "anna", 4, "account"), ("@50:60 - maxlogins 4", "anna", nil, ""),
      ("* - maxsyslogins 8", "bert", 8, "system"), ("* - maxlogins -1", "bert", nil, "account"),
      ("* x maxlogins 3", "bert", 3, "account"), ("* - maxlogins", "bert", nil, ""),
      ("* - maxlogins x", "bert", nil, ""), ("1000-1001 - maxlogins 1", "anna", nil, ""),
    ] as [(String, String, Int?, String)])
  func domainsAndValues(line: String, account: String, value: Int?, counts: String) throws {
    let row = try #require(try rows("maxlogins", line + "\n")[account])
    #expect(row["value"].value == value.map { .number($0) })
    #expect(row["counts"].value == (counts.isEmpty ? nil : .text(counts)))
  }

  @Test func aLineWithoutItemFreesOfEverything() throws {
    let rows = try rows("maxlogins", "* - maxlogins 3\nanna -\n* - maxlogins 2\n")
    #expect(rows["anna"]?["value"].content == .absent)
    #expect(rows["anna"]?["exempt"].value == .flag(true))
    #expect(rows["anna"]?["exempt"].origin == .line("/etc/security/limits.conf", 2))
    #expect(rows["bert"]?["value"].value == .number(2))
  }

  @Test func debianSparesRootFromWhatIsForEverybody() throws {
    #expect(try rows("nofile", "* hard nofile 5\n")["root"]?["value"].content == .absent)
    let other = try rows("nofile", "* hard nofile 5\n", id: "fedora")
    #expect(other["root"]?["value"].value == .number(5))
    #expect(try rows("nofile", "root hard nofile 5\n")["root"]?["value"].value == .number(5))
  }

  @Test func aDropInThatCannotBeReadThrows() {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/etc/security/limits.d/a.conf")
    let target = MemoryTarget([
      "/etc/passwd": .file("root:x:0:0::/root:/bin/sh\n"), "/etc/group": .file("root:x:0:\n"),
      "/etc/security/limits.conf": .file("* - maxlogins 1\n"),
      "/etc/security/limits.d/a.conf": node,
    ])
    #expect(throws: TargetError.permissionDenied("/etc/security/limits.d/a.conf")) {
      var probe = LimitsProbe()
      probe.item = "maxlogins"
      _ = try probe.observe(Host(target))
    }
  }

  static let samples = [
    "* hard nofile 400\n* soft nofile 300", "anna - nofile 200\n* - nofile 300",
    "* - nofile 300\n@staff hard nofile 250", "@staff - nofile 200\nanna - nofile 210",
    "anna soft nofile 999\n* hard nofile 100", "anna -\n* - nofile 100", "1000: - nofile 150",
    ":1001 - nofile 160", "1000:1000 - nofile 170", "@1000:1000 - nofile 180",
    "@:50 - nofile 190", "@50:60 - nofile 195", "* - NOFILE 300", "* HARD nofile 300",
    "% - nofile 300", "* x nofile 300", "* - nofile 30x", "* - nofile x",
    "   *   -   nofile   77   # c", "#* - nofile 77", "root - nofile 99\n* - nofile 98",
    "0: - nofile 120", "* - maxlogins 0", "* - maxlogins 0\nanna - maxlogins 3",
    "anna - maxlogins 3\n* - maxsyslogins 0", "@staff - maxlogins 0", "%staff - maxlogins 0",
    "% - maxlogins 0", "* hard maxlogins 0", "* soft maxlogins 0", "* y maxlogins 0",
    "anna - maxlogins 1\nanna - maxlogins 0", "* - maxlogins -1", "anna - maxlogins unlimited",
    "@staff -\n* - nofile 50", "* -\n* - nofile 60", "1000: -\n* - nofile 60",
    "x:y - nofile 60\n* - nofile 61", "* - nofile unlimited\n",
  ]

  /// runuser(1) opens a session with pam_limits; what the session then has is what we say.
  @Test(.enabled(if: ShellVariableProbeTests.canCompare), arguments: samples)
  func pamLimitsGivesTheSame(conf: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-limits-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("limits.d"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in [
      "limits.conf": conf + "\n", "passwd": LimitsProbeTests.passwd,
      "group": LimitsProbeTests.group,
      "runuser": "auth sufficient pam_rootok.so\nsession required pam_limits.so\n",
    ] {
      try text.write(
        to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let script = """
      mount --make-rprivate / && cd "$1" && mount --bind limits.conf /etc/security/limits.conf &&
      mount --bind limits.d /etc/security/limits.d && mount --bind passwd /etc/passwd &&
      mount --bind group /etc/group && mount --bind runuser /etc/pam.d/runuser || exit 9
      mount -t tmpfs tmpfs /run && : > /run/utmp
      ulimit -Sn 500 && ulimit -Hn 600
      for name in root anna bert; do
        echo "$name $(runuser -u $name -- sh -c 'ulimit -Hn; ulimit -Sn' 2>/dev/null | xargs)"
      done
      """
    let output = try Spawned.run(
      ["/usr/bin/unshare", "-m", "/bin/bash", "-c", script, "x", folder.path])
    #expect(output.status == 0)
    let files = try rows("nofile", conf + "\n")
    let logins = try rows("maxlogins", conf + "\n")
    for line in output.text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let name = words[0]
      let isRefused = words.count == 1
      let most = logins[name]?["value"].value
      #expect(isRefused == (most == .number(0)), "\(name)")
      if isRefused { continue }
      var hard = 600
      var soft = 500
      let row = try #require(files[name])
      let unlimited = row["set"].value == .flag(true)
      if case .number(let number)? = row["value"].value { hard = number }
      if case .number(let number)? = row["soft"].value { soft = number }
      if unlimited, row["value"].value == nil, row["value"].origin != nil { continue }
      #expect(words[1] == String(hard), "\(name)")
      #expect(words[2] == String(min(soft, hard)), "\(name)")
    }
  }
}
