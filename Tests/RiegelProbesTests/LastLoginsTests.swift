import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct LastLoginsTests {
  static let passwd = "root:x:0:0::/root:/bin/sh\na:x:1:1::/:/bin/sh\nb:x:2:2::/:/bin/sh\n"

  private func integer(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A record of wtmp as glibc lays it out on a machine whose times have 32 bits.
  private func record(_ user: String, _ time: Int, kind: Int = 7) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 384)
    bytes.replaceSubrange(0..<2, with: integer(kind, 2))
    bytes.replaceSubrange(8..<13, with: Array("pts/1".utf8))
    bytes.replaceSubrange(44..<(44 + user.utf8.count), with: Array(user.utf8))
    bytes.replaceSubrange(340..<344, with: integer(time, 4))
    return bytes
  }

  private func lastlog(_ times: [Int], wide: Bool = false) -> [UInt8] {
    times.flatMap {
      integer($0, wide ? 8 : 4) + [UInt8](repeating: 0, count: wide ? 288 : 288)
    }
  }

  private func node(_ bytes: [UInt8]) -> MemoryTarget.Node {
    var node = MemoryTarget.Node.file("")
    node.content = bytes
    node.metadata.size = bytes.count
    return node
  }

  private func rows(_ files: [FilePath: MemoryTarget.Node]) throws -> [Row] {
    var files = files
    files["/etc/passwd"] = .file(Self.passwd)
    files["/etc/group"] = .file("root:x:0:\n")
    files["/etc/shadow"] = .file("root:*:19000::::::\na:*:19001::::::\nb:*:19002::::::\n")
    return try UsersProbe().observe(Host(MemoryTarget(files))).rows
  }

  @Test func theNewestOfBothFilesCounts() throws {
    let found = try rows([
      "/var/log/lastlog": node(lastlog([0, 1_700_000_000])),
      "/var/log/wtmp.1": node(record("root", 1_600_000_000) + record("a", 1_600_000_001)),
      "/var/log/wtmp": node(record("b", 1_500_000_000, kind: 8)),
    ])
    #expect(found[0]["last-login"].value == .instant(Instant(seconds: 1_600_000_000)))
    #expect(found[0]["last-login"].origin == .file("/var/log/wtmp.1"))
    #expect(found[1]["last-login"].value == .instant(Instant(seconds: 1_700_000_000)))
    #expect(found[1]["last-use"].origin == .file("/var/log/lastlog"))
    #expect(found[2]["last-login"].content == .absent)
    #expect(found[2]["last-use"].value == .instant(Instant(day: 19002)))
  }

  @Test func recordsOfMachinesWithWideTimesAreRead() throws {
    let found = try rows(["/var/log/lastlog": node(lastlog([1_700_000_000, 5], wide: true))])
    #expect(found[0]["last-login"].value == .instant(Instant(seconds: 1_700_000_000)))
    #expect(found[1]["last-login"].value == .instant(Instant(seconds: 5)))
  }

  @Test func withoutRecordsOrInLastlog2NobodyCanTell() throws {
    for files in [[:], ["/var/lib/lastlog/lastlog2.db": .file("SQLite format 3")]]
      as [[FilePath: MemoryTarget.Node]]
    {
      guard case .unknown(.undetermined) = try rows(files)[0]["last-login"].content else {
        Issue.record("known")
        return
      }
    }
    let odd = try rows(["/var/log/wtmp": node([1, 2, 3])])
    guard case .unknown(.malformed) = odd[0]["last-use"].content else {
      Issue.record("known")
      return
    }
    var hidden = node(record("root", 9))
    hidden.failure = .permissionDenied("/var/log/wtmp")
    #expect(
      try rows(["/var/log/wtmp": hidden])[0]["last-login"].content
        == .unknown(.permissionDenied("/var/log/wtmp")))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/last")))
  func theRecordsAreThoseOfLast() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-wtmp-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(record("anna", 1_700_000_000)).write(to: file)
    let text = try Spawned.run([
      "/usr/bin/env", "TZ=UTC", "/usr/bin/last", "-f", file.path, "--time-format", "iso",
    ]).text
    #expect(text.hasPrefix("anna"))
    #expect(text.contains("2023-11-14T22:13:20"))
  }
}
