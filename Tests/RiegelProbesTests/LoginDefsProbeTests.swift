import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct LoginDefsProbeTests {
  private func observe(_ name: String, _ texts: [String: String]) throws -> Observation {
    var probe = LoginDefsProbe()
    probe.setting = name
    return try probe.observe(Host(MemoryTarget(texts: texts)))
  }

  @Test func theLastLineWinsAndShowsWhatItOverrides() throws {
    let text = "# PASS_MAX_DAYS 1\nPASS_MAX_DAYS\t99999\n  PASS_MAX_DAYS   90  \n"
    let observation = try observe("PASS_MAX_DAYS", ["/etc/login.defs": text])
    let fact = observation.rows[0]["value"]
    #expect(fact.value == .text("90"))
    #expect(fact.origin == .line("/etc/login.defs", 3))
    #expect(fact.overrides == [.init("99999", .line("/etc/login.defs", 2))])
    #expect(observation.notes.count == 1)
  }

  @Test func aNumberThatIsNoneLeavesTheDefaultInForce() throws {
    let fact = try observe("PASS_MAX_DAYS", ["/etc/login.defs": "PASS_MAX_DAYS 90 # days\n"])
      .rows[0]["value"]
    #expect(fact.value == .text("-1"))
    #expect(fact.origin == .builtIn("shadow"))
    #expect(fact.overrides.map(\.value) == ["90 # days"])
  }

  @Test func whatNothingSetsIsTheDefaultOrNoRow() throws {
    #expect(try observe("UMASK", ["/etc/login.defs": ""]).rows[0]["value"].value == .text("022"))
    #expect(try observe("MOTD_FILE", ["/etc/login.defs": ""]).rows.isEmpty)
    #expect(try observe("UMASK", [:]).rows.isEmpty)
  }

  @Test(arguments: [
    ("ENCRYPT_METHOD \"SHA512\"", "SHA512"), ("ENCRYPT_METHOD\tYESCRYPT  ", "YESCRYPT"),
    ("ENCRYPT_METHOD", "DES"), ("ENCRYPT_METHOD=MD5", "DES"), ("encrypt_method MD5", "DES"),
  ])
  func textsLoseTheirQuotes(line: String, value: String) throws {
    let rows = try observe("ENCRYPT_METHOD", ["/etc/login.defs": line + "\n"]).rows
    #expect(rows[0]["value"].value == .text(value))
  }

  @Test func onSuseTheLocalFileHidesTheVendorsAndDropInsComeLast() throws {
    let observation = try observe(
      "PASS_MAX_DAYS",
      [
        "/usr/etc/login.defs": "PASS_MAX_DAYS 1\n", "/etc/login.defs": "PASS_MIN_DAYS 2\n",
        "/etc/login.defs.d/20-a.defs": "PASS_MAX_DAYS 60\n",
        "/usr/etc/login.defs.d/20-a.defs": "PASS_MAX_DAYS 70\n",
        "/usr/etc/login.defs.d/10-b.defs": "PASS_MAX_DAYS 80\n",
      ])
    let fact = observation.rows[0]["value"]
    #expect(fact.value == .text("60"))
    #expect(fact.overrides == [.init("80", .line("/usr/etc/login.defs.d/10-b.defs", 1))])
    let vendor = try observe("PASS_MIN_DAYS", ["/usr/etc/login.defs": "PASS_MIN_DAYS 5\n"])
    #expect(vendor.rows[0]["value"].value == .text("5"))
  }

  @Test func elsewhereDropInsAreANoteAndNothingMore() throws {
    let observation = try observe(
      "PASS_MAX_DAYS",
      [
        "/etc/os-release": "ID=debian\n", "/etc/login.defs": "PASS_MAX_DAYS 90\n",
        "/etc/login.defs.d/a.defs": "PASS_MAX_DAYS 60\n",
      ])
    #expect(observation.rows[0]["value"].value == .text("90"))
    #expect(observation.notes.map(\.origin) == [.file("/etc/login.defs.d/a.defs")])
  }

  @Test func aFileThatCannotBeReadThrows() {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/etc/login.defs")
    #expect(throws: TargetError.permissionDenied("/etc/login.defs")) {
      try LoginDefsProbe().observe(Host(MemoryTarget(["/etc/login.defs": node])))
    }
  }

  static let canAdd =
    FileManager.default.fileExists(atPath: "/usr/sbin/useradd") && NSUserName() == "root"

  /// What useradd(8) writes into shadow is what it reads from login.defs.
  @Test(
    .enabled(if: canAdd),
    arguments: [
      "90", "\"90\"", "90 # c", "0132", "0x5a", "  90  ", "90\"junk", "\"\"", "abc", "08", "+7",
    ])
  func useraddReadsTheSame(text: String) throws {
    let defs = "PASS_MAX_DAYS 30\nPASS_MAX_DAYS\t\(text)\n"
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-\(UUID().uuidString)")
    let etc = root.appendingPathComponent("etc")
    try FileManager.default.createDirectory(at: etc, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    let files = [
      "login.defs": defs, "passwd": "", "group": "", "shadow": "", "gshadow": "",
    ]
    for (name, content) in files {
      try content.write(
        to: etc.appendingPathComponent(name), atomically: false, encoding: .utf8)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/sbin/useradd")
    process.arguments = ["--prefix", root.path, "-M", "zz"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let shadow = try String(contentsOf: etc.appendingPathComponent("shadow"), encoding: .utf8)
    let days = shadow.split(separator: ":", omittingEmptySubsequences: false)[4]
    let value = try observe("PASS_MAX_DAYS", ["/etc/login.defs": defs]).rows[0]["value"].value
    guard case .text(let mine)? = value else {
      Issue.record("no text")
      return
    }
    #expect(LoginDefs.number(mine) == Int(days) ?? -1)
  }
}
