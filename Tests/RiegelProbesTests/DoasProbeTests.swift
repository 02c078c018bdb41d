import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct DoasProbeTests {
  private func rows(_ text: String, _ more: [String: String] = [:]) throws -> [Row] {
    var texts = more
    texts["/etc/doas.conf"] = text.hasSuffix("\n") ? text : text + "\n"
    return try DoasProbe().observe(Host(MemoryTarget(texts: texts))).rows
  }

  @Test func optionsIdentityTargetAndCommand() throws {
    let found = try rows(
      """
      # administrators
      permit persist :wheel
      permit nopass keepenv setenv { A=1 -B "C D" } anna as root cmd /usr/sbin/ip args a "b c"
      deny bert
      permit nopass root
      """)
    #expect(found.map(\.subject) == ["permit :wheel", "permit anna", "deny bert", "permit root"])
    #expect(found[0]["persist"].value == .flag(true))
    #expect(found[0]["command"].content == .absent)
    #expect(found[1]["nopass"].value == .flag(true))
    #expect(found[1]["setenv"].value == .list(["A=1", "-B", "C D"]))
    #expect(found[1]["arguments"].value == .list(["a", "b c"]))
    #expect(found[1]["nopass"].origin == .line("/etc/doas.conf", 3))
    #expect(found[3]["root"].value == .flag(true))
  }

  @Test func aLaterRuleThatCoversAnEarlierOneTakesItsPlace() throws {
    let found = try rows("permit nopass :wheel cmd ls\npermit nopass :wheel\npermit :wheel\n")
    #expect(found.map { $0["effective"].value } == [.flag(false), .flag(false), .flag(true)])
    #expect(found[0]["effective"].origin == .line("/etc/doas.conf", 2))
    let other = try rows("permit nopass :wheel\npermit :wheel cmd ls\npermit :adm\n")
    #expect(other.map { $0["effective"].value } == [.flag(true), .flag(true), .flag(true)])
  }

  @Test func alpineReadsAFolderToo() throws {
    let more = ["/etc/doas.d/a.conf": "permit nopass anna\n", "/etc/doas.d/b": "permit x\n"]
    #expect(try rows("", more).isEmpty)
    #expect(
      try rows("", more.merging(["/etc/os-release": "ID=alpine\n"]) { $1 }).map(\.subject)
        == ["permit anna"])
  }

  @Test(arguments: [
    "permit", "allow anna", "permit nopass persist anna", "permit anna as", "permit anna cmd",
    "permit anna as root as x", "permit setenv anna", "permit setenv { A anna", "permit \"anna",
    "deny nopass anna", "permit anna cmd ls args cmd", "permit anna extra", "permit { anna",
    "permit as root", "permit anna \\",
  ])
  func whatDoasRefusesThrows(text: String) throws {
    #expect(throws: TargetError.self) { try rows(text + "\n") }
    guard Self.hasDoas else { return }
    #expect(try doas(text + "\n", "daemon", []) == nil)
  }

  @Test func aLastLineWithoutItsEndIsRefused() throws {
    #expect(
      throws: TargetError.malformed("/etc/doas.conf", line: 1, "no end of line after the last rule")
    ) {
      try DoasRules.parse(Array("permit anna".utf8), "/etc/doas.conf")
    }
    if Self.hasDoas { #expect(try doas("permit daemon", "daemon", ["ls"]) == nil) }
  }

  @Test func withoutAFileThereIsNoRow() throws {
    #expect(try DoasProbe().observe(Host(MemoryTarget(texts: [:]))).rows.isEmpty)
  }

  // MARK: Against doas

  static let hasDoas =
    geteuid() == 0 && FileManager.default.fileExists(atPath: "/usr/bin/doas")
    && FileManager.default.fileExists(atPath: "/usr/bin/setpriv")

  static let samples = [
    "permit daemon", "permit nopass daemon", "deny daemon", "", "permit root",
    "permit :daemon", "permit nopass :daemon as root cmd ls", "permit daemon as bin",
    "permit daemon cmd ls args -l", "permit daemon cmd ls args",
    "permit nopass daemon\ndeny daemon",
    "deny daemon\npermit nopass daemon", "permit nopass daemon\npermit daemon",
    "permit nopass daemon\npermit daemon cmd cat", "permit \"daemon\"", "permit dae\\mon",
    "permit nopass \\\n daemon", "# c\n\n  permit daemon # d", "permit setenv { A B=1 } daemon",
    "permit nolog keepenv daemon", "permit daemon cmd \"ls\" args \"-l\"", "permit :bin",
    "permit daemon cmd ls\npermit nopass daemon cmd ls args -l", "permit\tnopass\tdaemon",
    "permit nopass daemon as root", "permit persist daemon cmd ls",
    "permit daemon as root cmd l\\s",
  ]

  @Test(.enabled(if: hasDoas), arguments: samples)
  func doasAnswersTheSame(text: String) throws {
    let rules = DoasRules(rules: try DoasRules.parse(Array((text + "\n").utf8), "/etc/doas.conf"))
    for (command, arguments) in [("ls", ["-l"]), ("ls", []), ("cat", [])] {
      let theirs = try doas(text + "\n", "daemon", [command] + arguments)
      let decided = rules.decision(
        user: "daemon", groups: ["daemon"], target: "root", command: command,
        arguments: arguments)
      let ours =
        decided?.permits == true ? decided?.nopass == true ? "permit nopass" : "permit" : "deny"
      #expect(ours == theirs, "\(command) \(arguments)")
    }
  }

  /// What `doas -C` prints for a user; nil where it refuses the file.
  private func doas(_ text: String, _ user: String, _ command: [String]) throws -> String? {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-doas-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    let output = try Spawned.run(
      ["/usr/bin/setpriv", "--reuid", user, "--regid", user, "--init-groups"]
        + ["/usr/bin/doas", "-C", file.path] + command)
    let answer = output.text.trimmingCharacters(in: .whitespacesAndNewlines)
    if answer.isEmpty { return output.status == 0 ? "" : nil }
    return answer.hasPrefix("permit nopass") ? "permit nopass" : String(answer.prefix { $0 != " " })
  }
}
