import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

private let program = "/usr/bin/cvtsudoers"
private let hex = String(repeating: "ab", count: 32)

/// What one file grants, in one line per command: as we read it, and as cvtsudoers prints it.
private enum Flat {
  static func ours(_ text: String) throws -> (grants: [String], defaults: [String], gaps: Int) {
    let host = RiegelModel.Host(MemoryTarget(texts: ["/etc/sudoers": text]))
    let sudoers = try #require(try SudoersParser.sudoers(on: host))
    func list(_ members: [Sudoers.Member]) -> String {
      members.map(\.shown).joined(separator: ",")
    }
    let grants = sudoers.grants.map { grant in
      var tags = grant.tags
      if grant.command.path == "ALL", tags["SETENV"] == nil { tags["SETENV"] = true }
      let shown = [("PASSWD", "authenticate"), ("SETENV", "setenv"), ("EXEC", "noexec")]
        .compactMap { name, json in
          tags[name].map { "\(json)=\(name == "EXEC" ? !$0 : $0)" }
        }.joined(separator: ",")
      let runas =
        grant.runas.map { $0.isEmpty && grant.runasGroups.isEmpty ? "me" : list($0) } ?? ""
      return [
        list(grant.users), list(grant.hosts), runas, list(grant.runasGroups), shown,
        (grant.command.isNegated ? "!" : "") + grant.command.text,
        grant.command.digests.joined(separator: ","),
      ].joined(separator: "|")
    }
    let defaults = sudoers.defaults.map { one in
      let value =
        switch one.operation {
        case .on: "true"
        case .off: "false"
        case .set: one.value
        case .add: "+" + one.value
        case .remove: "-" + one.value
        }
      return "\(list(one.members))|\(one.name)=\(value)"
    }
    return (grants, defaults, sudoers.gaps.count)
  }

  static func theirs(_ text: String) throws -> (grants: [String], defaults: [String])? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["-f", "json"]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    var json = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    // cvtsudoers writes members without braces round them: `"runcwd": "/tmp"` inside a list.
    json = json.replacing(#/(?m)^\s*"(runcwd|runchroot)": "[^"]*",?$/#, with: "")
      .replacing(#/"SELinux_Spec": \[[^\]]*\],/#, with: "").replacing(#/,(\s*\])/#) { $0.output.1 }
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    var grants: [String] = []
    for spec in root["User_Specs"] as? [[String: Any]] ?? [] {
      for cmnds in spec["Cmnd_Specs"] as? [[String: Any]] ?? [] {
        var tags: [String: Bool] = [:]
        for option in cmnds["Options"] as? [[String: Any]] ?? [] {
          for name in ["authenticate", "setenv", "noexec"] {
            if let value = option[name] as? Bool { tags[name] = value }
          }
        }
        let shown = ["authenticate", "setenv", "noexec"]
          .compactMap { name in tags[name].map { "\(name)=\($0)" } }.joined(separator: ",")
        for command in cmnds["Commands"] as? [[String: Any]] ?? [] {
          let digests = ["sha224", "sha256", "sha384", "sha512"].compactMap { kind in
            (command[kind] as? String).map { "\(kind):\($0)" }
          }.joined(separator: ",")
          grants.append(
            [
              members(spec["User_List"]), members(spec["Host_List"]),
              members(cmnds["runasusers"]), members(cmnds["runasgroups"], isGroup: true), shown,
              member(command), digests,
            ].joined(separator: "|"))
        }
      }
    }
    var defaults: [String] = []
    for entry in root["Defaults"] as? [[String: Any]] ?? [] {
      for option in entry["Options"] as? [[String: Any]] ?? [] {
        let sign =
          ["list_add": "+", "list_remove": "-"][option["operation"] as? String ?? ""] ?? ""
        for (name, value) in option where name != "operation" {
          let text =
            if let flag = value as? Bool, !(value is String) {
              String(flag)
            } else if let items = value as? [String] { items.joined(separator: " ") } else {
              "\(value)"
            }
          defaults.append("\(members(entry["Binding"]))|\(name)=\(sign)\(text)")
        }
      }
    }
    return (grants, defaults)
  }

  private static func members(_ json: Any?, isGroup: Bool = false) -> String {
    (json as? [[String: Any]] ?? []).map { member($0, isGroup: isGroup) }.joined(separator: ",")
  }

  private static func member(_ json: [String: Any], isGroup: Bool = false) -> String {
    let sign = json["negated"] as? Bool == true ? "!" : ""
    for (key, prefix) in [
      ("usergroup", isGroup ? "" : "%"), ("usergid", isGroup ? "#" : "%#"), ("userid", "#"),
      ("netgroup", "+"), ("nonunixgroup", "%:"),
    ] {
      if let value = json[key] { return "\(sign)\(prefix)\(value)" }
    }
    for key in [
      "username", "hostname", "networkaddr", "command", "useralias", "hostalias", "runasalias",
      "cmndalias",
    ] {
      if let value = json[key] as? String {
        return sign + (key == "username" && value.isEmpty ? "me" : value)
      }
    }
    return "?"
  }
}

@Suite struct SudoersTests {
  static let files = [
    "root ALL=(ALL:ALL) ALL\n", "%sudo ALL=(ALL:ALL) ALL\n", "bob ALL = /bin/ls\n",
    "bob ALL = NOPASSWD: /bin/ls, /bin/cat, PASSWD: /bin/vi\n",
    "bob h1, h2 = (op) /bin/a : h3 = /bin/b, /bin/c\n",
    "bob ALL = (op) /bin/a, (root) /bin/b, /bin/c\n",
    "bob ALL = (op : adm) NOPASSWD: SETENV: /bin/a, NOSETENV: /bin/b\n",
    "bob ALL = (:adm) /bin/a\n", "bob ALL = () /bin/a\n", "#12 ALL = /bin/a\n",
    "%#1000 ALL=(ALL) NOPASSWD: ALL\n", "+ng +hosts = /bin/a\n",
    "bob, !carl ALL = NOSETENV: ALL, !/bin/sh\n",
    "bob ALL = !!/bin/sh\n", "bob ALL=/bin/a x  y   z\n", "bob ALL = /bin/a \"\"\n",
    "bob ALL = /bin/a a\\,b\\:c\\=d\\\\ e\n", "bob ALL = /bin/a *, /bin/b?[a-z] [0-9]*\n",
    "bob ALL = /bin/a ^[a-z,:]+$, /bin/b\n", "bob ALL = /bin/dir/\n",
    "bob ALL = sudoedit /etc/hosts, sudoedit\n", "bob ALL = list\n",
    "bob ALL = sha256:\(hex) /bin/a, /bin/b\n",
    "bob ALL = CWD=/tmp TIMEOUT=1h NOPASSWD: /bin/a, /bin/b\n",
    "bob ALL = NOTBEFORE=20200101000000Z NOTAFTER=20300101000000Z /bin/a\n",
    "bob ALL = ROLE=r TYPE=t /bin/a\n", "\"a b\" ALL = /bin/a\n", "a\\ b ALL = /bin/a\n",
    "a\\x20b ALL = /bin/a\n", "\"%a b\" ALL = /bin/a\n", "bob 10.0.0.0/8, 192.168.1.1 = /bin/a\n",
    "bob fe80::1, 2001:db8::/32 = /bin/a\n", "bob ALL = \\\n  /bin/a, \\\n  /bin/b # comment\n",
    "# comment \\\nbob ALL = /bin/a\n",
    "bob ALL = NOEXEC: /bin/a, EXEC: /bin/b, LOG_OUTPUT: MAIL: /bin/c\n",
    "bob ALL=NOPASSWD:ALL\n", "bob ALL = NOSETENV: ALL\n", "bob ALL = SETENV: ALL, /bin/a\n",
    "User_Alias A = b, %c : B = d\nA ALL = /bin/x\n!B ALL = /bin/y\n",
    "Cmnd_Alias K = /bin/kill, /bin/pkill -9 *\nCmd_Alias L = K\nbob ALL = NOPASSWD: K, !L\n",
    "Host_Alias H = a, b : I = !c\nRunas_Alias R = x, y\nbob H, I = (R) /bin/x\n",
    "Defaults env_reset, !lecture, passwd_tries=5\n",
    "Defaults:%wheel,bob !authenticate\nDefaults@h timestamp_timeout=-1\n",
    "Defaults!/bin/vi,/bin/ls noexec\nDefaults>root umask=0077\n",
    "Defaults env_keep += \"LC_* FOO\", env_keep -= BAR\nDefaults env_keep = X\n",
    "Defaults secure_path=\"/usr/sbin:/usr/bin\"\nDefaults logfile=/var/log/sudo\\ log\n",
    "Defaults !authenticate\nDefaults\tuse_pty\n", "DefaultsX ALL = /bin/a\n",
    "%:dom ALL = /bin/a\n",
    "bob ALL=(root,!op) /bin/a\n", "bob ALL=(#0 : #5) /bin/a\n", "bob ALL=(%adm) /bin/a\n",
    "bob\tALL\t=\t/bin/a\n", "bob ALL = FOLLOW: sudoedit /x, NOINTERCEPT: /bin/a\n",
  ]

  @Test(.enabled(if: FileManager.default.fileExists(atPath: program)), arguments: files)
  func everyFileIsReadAsByCvtsudoers(_ text: String) throws {
    let real = try #require(try Flat.theirs(text), "cvtsudoers refuses the file")
    let ours = try Flat.ours(text)
    #expect(ours.gaps == 0)
    #expect(ours.grants == real.grants)
    #expect(ours.defaults == real.defaults)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: program)),
    arguments: [
      "bob ALL /bin/a\n", "bob ALL = \n", "bob = /bin/a\n", "bob ALL = bin/a\n",
      "bob ALL = (root /bin/a\n",
      "\"bob ALL = /bin/a\n", "User_Alias a = b\n", "User_Alias A = b\nUser_Alias A = c\n",
      "bob ALL = NOPASSWD /bin/a\n", "Defaults !x=1\n", "Defaults\n", "bob ALL = /bin/a : \n",
      "bob ALL = /bin/a,\n", "bob ALL = /bin/a = b\n",
    ])
  func whatCvtsudoersRefusesIsAGap(_ text: String) throws {
    #expect(try Flat.theirs(text) == nil)
    #expect(try Flat.ours(text).gaps > 0)
  }

  private func rows(_ texts: [String: String]) throws -> Observation {
    try SudoersProbe().observe(RiegelModel.Host(MemoryTarget(texts: texts)))
  }

  private func text(_ row: Row, _ field: String) -> String? { row[field].value?.description }

  @Test func foldersAreReadInOrderWithoutDotsAndTildes() throws {
    let seen = try rows([
      "/etc/sudoers": "@includedir /etc/sudoers.d\n#include local\nroot ALL=(ALL) ALL\n",
      "/etc/sudoers.d/b": "bob ALL = /bin/b\n", "/etc/sudoers.d/a": "al ALL = /bin/a\n",
      "/etc/sudoers.d/x.conf": "eve ALL = NOPASSWD: ALL\n",
      "/etc/sudoers.d/y~": "eve ALL = NOPASSWD: ALL\n", "/etc/local": "lo ALL = /bin/l\n",
    ])
    #expect(seen.rows.map { text($0, "user") } == ["al", "bob", "lo", "root"])
    #expect(seen.notes.count == 2 && seen.gaps.isEmpty)
  }

  @Test func aliasesArePutInAndNegationIsCarriedThrough() throws {
    let seen = try rows([
      "/etc/sudoers": """
      User_Alias IN = a, !b : OUT = IN, c
      Cmnd_Alias K = /bin/k, !/bin/l
      OUT ALL = NOPASSWD: !K
      """
    ])
    #expect(seen.rows.map { text($0, "users") } == ["[a, !b, c]", "[a, !b, c]"])
    #expect(seen.rows.map { text($0, "negated") } == ["yes", "no"])
    #expect(text(seen.rows[0], "password-required") == "no")
  }

  @Test(arguments: [
    ("bob ALL = /bin/a\n", "yes"), ("Defaults !authenticate\nbob ALL = /bin/a\n", "no"),
    ("Defaults:bob !authenticate\nbob ALL = /bin/a\n", "no"),
    ("Defaults:al !authenticate\nbob ALL = /bin/a\n", "yes"),
    ("Defaults:al !authenticate\nALL ALL = /bin/a\n", "no"),
    ("Defaults!/bin/a !authenticate\nbob ALL = /bin/a x\n", "no"),
    ("Defaults !authenticate\nbob ALL = PASSWD: /bin/a\n", "yes"),
    ("Defaults !authenticate\nDefaults:al authenticate\nALL ALL = /bin/a\n", "no"),
    ("Defaults !authenticate\nDefaults:bob authenticate\nbob ALL = /bin/a\n", "yes"),
    ("Defaults !authenticate\nDefaults authenticate\nbob ALL = /bin/a\n", "yes"),
  ])
  func thePasswordFollowsTagAndDefaults(_ file: String, _ required: String) throws {
    #expect(
      text(try #require(try rows(["/etc/sudoers": file]).rows.first), "password-required")
        == required)
  }

  @Test func cyclesAndBrokenIncludesEndAsGaps() throws {
    #expect(try rows(["/etc/sudoers": "@include /etc/sudoers\n"]).gaps.count == 1)
    #expect(try rows(["/etc/sudoers": "@include nothing\n"]).gaps.count == 1)
    let seen = try rows(["/etc/sudoers": "User_Alias A = B : B = A\nA ALL = ALL\n"])
    #expect(seen.rows.count == 1)
    #expect(
      try rows(["/etc/sudoers": "root ALL=ALL\n", "/etc/nsswitch.conf": "sudoers: files sss\n"])
        .gaps.count == 1)
    #expect(
      try rows(["/etc/nsswitch.conf": "sudoers: sss\n"]).gaps.allSatisfy(\.isNotCollected))
    #expect(try rows(["/etc/nsswitch.conf": "sudoers: sss\n"]).gaps.count == 1)
    #expect(try rows([:]).rows.isEmpty && rows([:]).gaps.isEmpty)
    #expect(try rows(["/usr/etc/sudoers": "root ALL=ALL\n"]).rows.count == 1)
  }

  @Test func anUnreadableSudoersThrows() throws {
    let target = MemoryTarget([
      "/etc/sudoers": .init(
        FileMetadata(kind: .file, mode: 0o440), failure: .permissionDenied("/etc/sudoers"))
    ])
    #expect(throws: TargetError.permissionDenied("/etc/sudoers")) {
      try SudoersProbe().observe(RiegelModel.Host(target))
    }
  }

  private func setting(_ name: String, _ file: String, version: String? = nil) throws -> [Row] {
    var texts = ["/etc/sudoers": file]
    if let version {
      texts["/var/lib/dpkg/status"] =
        "Package: sudo\nStatus: install ok installed\nVersion: \(version)\n"
    }
    return try SudoDefaultProbe(setting: name)
      .observe(RiegelModel.Host(MemoryTarget(texts: texts))).rows
  }

  @Test func settingsHaveTheirDefaultsByVersionAndTheirScopes() throws {
    #expect(text(try setting("use_pty", "", version: "1.9.13p3-1")[0], "value") == "false")
    #expect(text(try setting("use_pty", "", version: "1.9.15p5-3")[0], "value") == "true")
    #expect(try setting("use_pty", "Defaults use_pty\n")[0]["value"].value == .text("true"))
    #expect(try setting("use_pty", "")[0]["value"].value == nil)
    let timeout = try setting(
      "timestamp_timeout", "Defaults timestamp_timeout=0.5\nDefaults:bob timestamp_timeout=-1\n")
    #expect(timeout.map { text($0, "duration") } == ["30s", nil])
    #expect(timeout.map { text($0, "scope") } == ["global", "user"])
    let keep = try setting("env_keep", "Defaults env_keep += \"A B\"\nDefaults env_keep -= A\n")
    #expect(text(keep[0], "items") == "[B]")
    #expect(text(try setting("timestamp_type", "Defaults !tty_tickets\n")[0], "value") == "global")
  }
}
