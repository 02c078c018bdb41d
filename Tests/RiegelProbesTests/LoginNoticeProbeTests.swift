import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct LoginNoticeProbeTests {
  private static let release =
    "ID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n"

  private func rows(_ texts: [String: String]) throws -> [Row] {
    var texts = texts
    texts["/etc/os-release"] = LoginNoticeProbeTests.release
    texts["/etc/hostname"] = "praxis1\n"
    return try LoginNoticeProbe().observe(Host(MemoryTarget(texts: texts))).rows
  }

  private func disclosures(_ text: String, at path: String = "/etc/issue") throws -> [String] {
    let row = try #require(try rows([path: text]).first)
    guard case .list(let items)? = row["disclosures"].value else { return ["none"] }
    return items
  }

  @Test(arguments: [
    (#"Authorised use only. \l \d \t \b"#, []), (#"\s \r"#, ["kernel-name", "kernel-release"]),
    (#"\S \n \l"#, ["os-name", "os-version", "host-name"]), (#"\S{NAME}"#, ["os-name"]),
    (#"\S{VERSION_ID}"#, ["os-version"]), (#"\S{ANSI_COLOR}x\e{red}"#, []),
    (#"\4 \6{eth0}"#, ["address"]),
    (#"\U \o \m \v"#, ["kernel-build", "architecture", "domain", "users"]),
    ("Debian GNU/Linux 12", ["os-name", "os-version"]), ("Room 120, debianic", []),
    ("Host PRAXIS1.", ["host-name"]), (#"\\x"#, []), ("\\", []), ("", []),
  ])
  func whatAnIssueGivesAway(text: String, found: [String]) throws {
    #expect(try disclosures(text) == found)
  }

  @Test func telnetsIssueHasOtherEscapesAndTheMessageOfTheDayNone() throws {
    #expect(
      try disclosures("%s %r \\r", at: "/etc/issue.net") == ["kernel-name", "kernel-release"])
    #expect(try disclosures("\\r %r", at: "/etc/motd") == [])
  }

  @Test func theFolderCountsOnlyBesideItsMainFile() throws {
    let found = try rows([
      "/etc/issue": "a\n", "/etc/issue.d/b.issue": "b \\r\n", "/etc/issue.d/c.txt": "\\r\n",
      "/usr/lib/issue": "\\r\n",
    ])
    #expect(found.map(\.subject) == ["console /etc/issue", "console /etc/issue.d/b.issue"])
    #expect(found[1]["disclosures"].origin == .line("/etc/issue.d/b.issue", 1))
    let vendor = try rows(["/usr/lib/issue": "x\n", "/etc/issue.d/b.issue": "\\r\n"])
    #expect(vendor.map(\.subject) == ["console /usr/lib/issue"])
  }

  @Test func theBannerOfSshIsARowInEveryContext() throws {
    let found = try rows([
      "/etc/ssh/sshd_config": "Banner /etc/note\nMatch User a\n  Banner none\nMatch User b\n"
        + "  Banner /etc/missing\n",
      "/etc/note": "\n  Keep out \n",
    ])
    #expect(found.map { $0["filled"].value } == [.flag(true), .flag(false), .flag(false)])
    #expect(found[0]["text"].value == .text("Keep out"))
    #expect(found[0]["text"].origin == .line("/etc/note", 2))
    #expect(found[1]["text"].origin == .line("/etc/ssh/sshd_config", 3))
    #expect(found[2]["text"].origin == .line("/etc/ssh/sshd_config", 5))
  }

  @Test func scriptsOfTheMessageOfTheDayCountIfTheyRun() throws {
    let target = MemoryTarget([
      "/etc/update-motd.d/10-uname": .file("#!/bin/sh\n# hostname\nuname -snrvm\n", mode: 0o755),
      "/etc/update-motd.d/20-off": .file("uname -a\n", mode: 0o644),
      "/etc/update-motd.d/x.dpkg-old": .file("uname -a\n", mode: 0o755),
      "/etc/motd.d/a": .file("Debian\n"), "/etc/os-release": .file(LoginNoticeProbeTests.release),
      "/etc/motd.d/b": .link(to: "/dev/null"),
    ])
    let found = try LoginNoticeProbe().observe(Host(target)).rows
    #expect(
      found.map(\.subject) == ["motd /etc/motd.d/a", "motd-script /etc/update-motd.d/10-uname"])
    #expect(found[1]["disclosures"].value == .list(["kernel-release"]))
    #expect(found[1]["disclosures"].origin == .line("/etc/update-motd.d/10-uname", 3))
  }

  @Test func anIssueThatCannotBeReadIsUnknown() throws {
    var node = MemoryTarget.Node.file("x")
    node.failure = .permissionDenied("/etc/issue")
    let row = try #require(
      try LoginNoticeProbe().observe(Host(MemoryTarget(["/etc/issue": node]))).rows.first)
    #expect(row["filled"].content == .unknown(.permissionDenied("/etc/issue")))
    #expect(row["disclosures"].content == .unknown(.permissionDenied("/etc/issue")))
  }

  static let canShow =
    ShellVariableProbeTests.canCompare
    && FileManager.default.fileExists(atPath: "/usr/sbin/agetty")
    && FileManager.default.fileExists(atPath: "/usr/bin/script")

  /// Every letter after a backslash: what agetty prints of the system, we name.
  @Test(.enabled(if: canShow)) func agettyExpandsWhatWeName() throws {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".map(String.init)
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-issue-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let text = letters.map { "<\($0)=\\\($0)>" }.joined(separator: "\n") + "\n"
    try text.write(to: file, atomically: true, encoding: .utf8)
    let shown = try Spawned.run([
      "/usr/bin/script", "-qec", "/usr/sbin/agetty --show-issue --issue-file \(file.path)",
      "/dev/null",
    ]).text
    func uname(_ option: String) throws -> String {
      try Spawned.run(["/usr/bin/uname", option]).text.trimmingCharacters(in: .newlines)
    }
    let secrets: [(String, String)] = [
      ("kernel-name", try uname("-s")), ("kernel-release", try uname("-r")),
      ("kernel-build", try uname("-v")), ("architecture", try uname("-m")),
      ("host-name", try uname("-n")),
    ]
    for letter in letters {
      let start = try #require(shown.range(of: "<\(letter)="))
      let end = try #require(shown[start.upperBound...].firstIndex(of: ">"))
      let printed = String(shown[start.upperBound..<end])
      let row = try #require(
        try LoginNoticeProbe().observe(
          Host(MemoryTarget(texts: ["/etc/issue": "\\\(letter)"]))
        ).rows.first)
      guard case .list(let ours)? = row["disclosures"].value else { continue }
      for (name, secret) in secrets where printed == secret {
        #expect(ours.contains(name), "\\\(letter) prints \(printed)")
      }
      if ours.contains(where: { name in secrets.contains { $0.0 == name } }) {
        #expect(secrets.contains { $0.1 == printed }, "\\\(letter) prints \(printed)")
      }
    }
  }
}
