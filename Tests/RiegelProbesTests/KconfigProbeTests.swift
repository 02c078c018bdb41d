import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct KconfigProbeTests {
  private func row(_ texts: [String: String], _ key: String = "Timeout") throws -> Row? {
    var probe = KconfigProbe()
    probe.file = "kscreenlockerrc"
    probe.group = "Daemon"
    probe.key = key
    return try probe.observe(Host(MemoryTarget(texts: texts))).rows.first
  }
  private static let etc = "/etc/xdg/kscreenlockerrc"
  private static let fedora = "/usr/share/kde-settings/kde-profile/default/xdg/kscreenlockerrc"

  @Test(
    arguments: [
      ("[Daemon]\nTimeout=10\n", 10, false), ("[Daemon]\nTimeout[$i]=10\n", 10, true),
      ("[Daemon][$i]\nTimeout=10\n", 10, true), ("[$i]\n[Daemon]\nTimeout=10\n", 10, true),
      ("[Daemon]\nTimeout[de]=9\nTimeout=10\n", 10, false),
      ("[Other]\nTimeout[$i]=1\n", nil, false),
      ("[Daemon]\nTimeout=9\nTimeout=10\n", 10, false), ("[Daemon]\n#Timeout=3\n", nil, false),
      ("[Daemon]\nTimeout[$ei]=10\n", 10, true), ("[Daemon]\n Timeout = 10 \n", 10, false),
      ("Timeout=4\n[Daemon]\nX=1\n", nil, false),
    ] as [(String, Int?, Bool)])
  func marksFixAnEntryAGroupOrAFile(text: String, number: Int?, isFixed: Bool) throws {
    let row = try row([Self.etc: text])
    #expect(row?["number"].value == number.map { .number($0) })
    if number != nil { #expect(row?["immutable"].value == .flag(isFixed)) }
    guard FileManager.default.fileExists(atPath: "/usr/bin/kreadconfig5") else { return }
    try compare(text, number, isFixed)
  }

  @Test func theStrongerFolderWinsUnlessTheWeakerIsFixed() throws {
    let both = [Self.fedora: "[Daemon]\nTimeout=5\n", Self.etc: "[Daemon]\nTimeout=10\n"]
    let found = try #require(try row(both))
    #expect(found["number"].value == .number(10))
    #expect(found["value"].overrides == [.init("5", .line(FilePath(Self.fedora), 2))])
    let fixed = both.merging([Self.fedora: "[Daemon]\nTimeout[$i]=5\n"]) { $1 }
    #expect(try row(fixed)?["number"].value == .number(5))
    #expect(try row(fixed)?["immutable"].value == .flag(true))
  }

  @Test func truthValuesHaveManyWords() throws {
    #expect(
      try row([Self.etc: "[Daemon]\nAutolock=on\n"], "Autolock")?["flag"].value == .flag(true))
    #expect(
      try row([Self.etc: "[Daemon]\nAutolock=0\n"], "Autolock")?["flag"].value == .flag(false))
  }

  @Test func nothingSetIsNoRowAndAnUnreadableFileThrows() throws {
    #expect(try row([:]) == nil)
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied(FilePath(Self.etc))
    #expect(throws: TargetError.self) {
      var probe = KconfigProbe()
      probe.file = "kscreenlockerrc"
      _ = try probe.observe(Host(MemoryTarget([FilePath(Self.etc): node])))
    }
  }

  /// kreadconfig5 with the text in the system's folder, and another value in the user's.
  private func compare(_ text: String, _ number: Int?, _ isFixed: Bool) throws {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-kde-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (name, content) in [("xdg", text), ("home", "[Daemon]\nTimeout=77\n"), ("empty", "")] {
      let folder = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try content.write(
        to: folder.appendingPathComponent("kscreenlockerrc"), atomically: true, encoding: .utf8)
    }
    func read(_ home: String) throws -> String {
      try Spawned.run([
        "/usr/bin/env", "QT_QPA_PLATFORM=offscreen", "HOME=\(root.path)",
        "XDG_CONFIG_DIRS=\(root.path)/xdg", "XDG_CONFIG_HOME=\(root.path)/\(home)",
        "/usr/bin/kreadconfig5", "--file", "kscreenlockerrc", "--group", "Daemon", "--key",
        "Timeout",
      ]).text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    #expect(try read("empty") == number.map(String.init) ?? "", "\(text)")
    #expect(try (read("home") == "77") == !isFixed, "\(text)")
  }
}
