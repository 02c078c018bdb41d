import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelTargets

/// What becomes of files that are no text: records of logins, headers of LUKS.
@Suite struct CapturedFormTests {
  // MARK: logins

  static func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func login(
    _ user: String, _ time: Int, kind: Int = 7, size: Int = 384, host: String = "ward-3.example"
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    bytes.replaceSubrange(0..<2, with: number(kind, 2))
    bytes.replaceSubrange(4..<8, with: number(4711, 4))
    bytes.replaceSubrange(8..<13, with: Array("pts/1".utf8))
    bytes.replaceSubrange(44..<(44 + user.utf8.count), with: Array(user.utf8))
    bytes.replaceSubrange(76..<(76 + host.utf8.count), with: Array(host.utf8))
    if size == 384 {
      bytes.replaceSubrange(340..<344, with: number(time, 4))
      bytes.replaceSubrange(348..<352, with: [203, 0, 113, 7])
    } else {
      bytes.replaceSubrange(344..<352, with: number(time, 8))
    }
    return bytes
  }

  static func only(_ user: String, _ time: Int, size: Int = 384) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    bytes[0] = 7
    bytes.replaceSubrange(44..<(44 + user.utf8.count), with: Array(user.utf8))
    bytes.replaceSubrange(
      size == 384 ? 340..<344 : 344..<352, with: number(time, size == 384 ? 4 : 8))
    return bytes
  }

  /// Times with the byte 30, which the script cannot print.
  static let wtmp =
    login("root", 1_600_000_000) + login("amy", 0x651E_1E1E) + login("root", 1_700_000_000)
    + login("root", 1_650_000_000) + login("", 1_700_000_001, kind: 8)
    + login("reboot", 1_700_000_002, kind: 2, host: "6.1.0-13-amd64")
  static let wtmpKept = only("amy", 0x651E_1E1E) + only("root", 1_700_000_000)

  static let wide = login("amy", 1_700_000_000, size: 400) + login("bob", 5, size: 400)
  static let wideKept = only("amy", 1_700_000_000, size: 400) + only("bob", 5, size: 400)

  static var lastlog: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 292 * 2000)
    for (user, time) in [(0, 1_700_000_000), (1000, 0x651E_1E1E)] {
      bytes.replaceSubrange(user * 292..<(user * 292 + 4), with: number(time, 4))
      // A line and a host that repeat themselves, so that od leaves lines out.
      bytes.replaceSubrange(
        (user * 292 + 4)..<(user * 292 + 292), with: Array(repeating: UInt8(ascii: "h"), count: 288)
      )
    }
    return bytes
  }
  static var lastlogKept: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 292 * 1001)
    bytes.replaceSubrange(0..<4, with: number(1_700_000_000, 4))
    bytes.replaceSubrange(292_000..<292_004, with: number(0x651E_1E1E, 4))
    return bytes
  }

  func redacted(_ path: String, _ bytes: [UInt8]) -> [UInt8]? {
    switch Redaction().apply(bytes, path: path, isBinaryRefused: false) {
    case .keep(let kept, _): kept
    case .leaveOut: nil
    }
  }

  @Test func ofLoginsTheLastTimeOfEachAccountStays() {
    #expect(redacted("/var/log/wtmp", Self.wtmp) == Self.wtmpKept)
    #expect(redacted("/var/log/wtmp.1", Self.wide) == Self.wideKept)
    #expect(redacted("/var/log/lastlog", Self.lastlog) == Self.lastlogKept)
    #expect(redacted("/var/log/wtmp", []) == [])
    #expect(redacted("/var/log/lastlog", [UInt8](repeating: 0, count: 292)) == [])
  }

  @Test func recordsOfAnotherSizeAreLeftOut() {
    #expect(redacted("/var/log/wtmp", Array(Self.wtmp.dropLast())) == nil)
    #expect(redacted("/var/log/btmp", [1, 2, 3]) == nil)
    #expect(redacted("/var/log/lastlog", [1]) == nil)
  }

  @Test func aHugeLastlogIsReadAsFarAsAccountsReach() {
    #expect(LoginRecords.lastlogCount(292 * 10) == 2920)
    #expect(LoginRecords.lastlogCount(292 * 1_000_000_000) == 29_200_000)
    #expect(LoginRecords.lastlogCount(7) == nil)
  }

  // MARK: LUKS

  static let json =
    #"{"keyslots":{"0":{"type":"luks2","key_size":64,"af":{"type":"luks1","stripes":4000,"hash":"sha256"},"#
    + #""area":{"type":"raw","offset":"32768","size":"258048","encryption":"aes-xts-plain64","key_size":64},"#
    + #""kdf":{"type":"argon2id","time":4,"memory":65536,"cpus":1,"salt":"PLANTSALT=\"x"}}},"#
    + #""tokens":{"0":{"type":"systemd-tpm2","keyslots":["0"],"tpm2-blob":"PLANTBLOB","tpm2-pcrs":[7,30],"tpm2-pin":true},"#
    + #""1":{"type":"clevis","jwe":{"ciphertext":"PLANTJWE","tag":["PLANTTAG"]}}},"#
    + #""segments":{"0":{"type":"crypt","offset":"16777216","size":"dynamic","encryption":"aes-xts-plain64"}},"#
    + #""digests":{"0":{"type":"pbkdf2","salt":"PLANTDIGEST","digest":"PLANTDIGEST2"}},"config":{"json_size":"12288"}}"#

  static var second: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16384 + 1000)
    bytes.replaceSubrange(0..<8, with: LUKSMetadata.magic + [0, 2])
    bytes.replaceSubrange(8..<16, with: [0, 0, 0, 0, 0, 0, 0x40, 0])
    bytes.replaceSubrange(24..<28, with: Array("home".utf8))
    bytes.replaceSubrange(104..<109, with: Array("PLANT".utf8))
    bytes.replaceSubrange(168..<172, with: Array("uuid".utf8))
    bytes.replaceSubrange(448..<453, with: Array("PLANT".utf8))
    bytes.replaceSubrange(4096..<(4096 + json.utf8.count), with: Array(json.utf8))
    bytes.replaceSubrange(16384..<16389, with: Array("PLANT".utf8))
    return bytes
  }

  static var first: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 8192)
    bytes.replaceSubrange(0..<8, with: LUKSMetadata.magic + [0, 1])
    bytes.replaceSubrange(8..<11, with: Array("aes".utf8))
    bytes.replaceSubrange(104..<112, with: [0, 0, 16, 0, 0, 0, 0, 30])
    bytes.replaceSubrange(112..<117, with: Array("PLANT".utf8))
    bytes.replaceSubrange(132..<137, with: Array("PLANT".utf8))
    bytes.replaceSubrange(
      208..<221, with: [0, 0xac, 0x71, 0xf3, 0, 0, 4, 0xd2] + Array("PLANT".utf8))
    bytes.replaceSubrange(4096..<4101, with: Array("PLANT".utf8))
    return bytes
  }

  @Test func ofALUKSHeaderNothingStaysThatAPassphraseCouldBeTriedWith() throws {
    for bytes in [Self.first, Self.second] {
      let kept = try #require(redacted("/srv/header", bytes))
      #expect(kept[...].place(of: Array("PLANT".utf8)) == nil)
      #expect(kept.count == (bytes[7] == 1 ? 4096 : 16384))
      #expect(kept[0..<104] == bytes[0..<104] && kept[168..<208] == bytes[168..<208])
    }
    let kept = try #require(redacted("/srv/header", Self.second))
    let text = String(decoding: kept[4096...].prefix { $0 != 0 }, as: UTF8.self)
    let json = try JSONValue(parsing: Array(text.utf8))
    #expect(json["keyslots"]?["0"]?["kdf"]?["type"]?.text == "argon2id")
    #expect(json["segments"]?["0"]?["encryption"]?.text == "aes-xts-plain64")
    #expect(text.contains(#""tpm2-pcrs":[7,30],"tpm2-pin":true"#))
    #expect(Array(kept) == redacted("/srv/header", kept), "twice is once")
  }

  @Test(arguments: [3, 0]) func aHeaderOfAnotherVersionIsLeftOut(version: UInt8) {
    var bytes = Self.first
    bytes[7] = version
    #expect(redacted("/srv/header", bytes) == nil)
    #expect(redacted("/srv/header", Array(Self.first.prefix(100))) == nil)
  }

  @Test func theHeadOfABlockDeviceIsCapturedIfAskedFor() throws {
    var device = MemoryTarget.Node(FileMetadata(kind: .file, mode: 0o660, size: Self.second.count))
    device.content = Self.second
    let host = Devices(
      base: MemoryTarget(["/dev/sda1": device, "/etc/a": .file("x")], isRunning: true))
    for (reads, isThere) in [(["/etc/**", "/dev/*"], true), (["/etc/**"], false)] {
      let file = SnapshotTests.File()
      let descriptor = creat(file.path, 0o600)
      var capture = Capture(
        of: host,
        .init(reads: reads, packing: .plain, tool: "test", isPrivileged: true, user: "0"))
      _ = try capture.write(to: descriptor, identity: [])
      close(descriptor)
      let target = try file.open()
      #expect(try target.metadata(of: "/dev/sda1")?.kind == .blockDevice)
      if isThere {
        #expect(try target.readHead("/dev/sda1", count: 16384) == redacted("/x", Self.second))
      } else {
        #expect(throws: TargetError.notCollected("/dev/sda1")) {
          try target.readHead("/dev/sda1", count: 4096)
        }
      }
    }
  }

  /// A host whose `/dev/sda1` is a block device.
  struct Devices: RiegelModel.Target {
    var base: MemoryTarget
    var kind: TargetKind { .memory }
    var address: String { "memory" }
    var capturedAt: Instant { base.capturedAt }
    var isRunning: Bool { true }

    private static func device(_ metadata: FileMetadata) -> FileMetadata {
      FileMetadata(
        kind: .blockDevice, mode: metadata.mode, size: 0, device: metadata.device,
        inode: metadata.inode)
    }
    func metadata(of path: FilePath, following: Bool) throws(TargetError) -> FileMetadata? {
      let found = try base.metadata(of: path, following: following)
      return path == "/dev/sda1" ? found.map(Self.device) : found
    }
    func read(_ path: FilePath, limit: Int) throws(TargetError) -> [UInt8]? {
      if path == "/dev/sda1" { throw .notRegular(path) }
      return try base.read(path, limit: limit)
    }
    func readHead(_ path: FilePath, count: Int) throws(TargetError) -> [UInt8]? {
      try base.read(path, limit: 1 << 26).map { Array($0.prefix(count)) }
    }
    func list(_ path: FilePath) throws(TargetError) -> [FilePath.Component]? { try base.list(path) }
    func readLink(_ path: FilePath) throws(TargetError) -> FilePath? { try base.readLink(path) }
    func resolve(_ path: FilePath) throws(TargetError) -> FilePath? { try base.resolve(path) }
    func walk(_ roots: [FilePath], _ visitor: some WalkVisitor) {
      base.walk(roots, Disguise(visitor))
    }

    final class Disguise<V: WalkVisitor>: WalkVisitor {
      let visitor: V
      init(_ visitor: V) { self.visitor = visitor }
      func enter(_ path: FilePath, parent: V.Context?) -> V.Context? {
        visitor.enter(path, parent: parent)
      }
      func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {
        visitor.visitRoot(path, metadata)
      }
      func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: V.Context) {
        let isDevice = entry.name.elementsEqual("sda1".utf8)
        visitor.visit(
          WalkEntry(
            name: entry.name, metadata: isDevice ? Devices.device(entry.metadata) : entry.metadata),
          in: directory, context)
      }
      func fail(_ error: TargetError, _ context: V.Context?) { visitor.fail(error, context) }
      func skip(_ path: FilePath, fileSystem: String, _ context: V.Context) {
        visitor.skip(path, fileSystem: fileSystem, context)
      }
    }
  }

  // MARK: the script

  /// The script's own functions give the same records and headers, in every awk there is.
  @Test(arguments: [["mawk"], ["busybox", "awk"], ["gawk"]])
  func theScriptGivesTheSameRecordsAndHeaders(awk: [String]) throws {
    guard isInstalled(awk[0]) else { return }
    let folder = NSTemporaryDirectory() + "riegel-awk-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // The paths of the test instead of those of a host.
    let program = try awkProgram()
      .replacingOccurrences(of: "loginre = \"^(", with: "loginre = \"^(.*/wtmp.*|.*/lastlog|")
    try Data(program.utf8).write(to: URL(fileURLWithPath: folder + "/p.awk"))
    let cases: [(name: String, bytes: [UInt8], record: String)] = [
      ("wtmp", Self.wtmp, "T"), ("wtmp.1", Self.wide, "T"), ("lastlog", Self.lastlog, "T"),
      ("header1", Self.first, "T"), ("header2", Self.second, "H"), ("disk", [1, 2, 3], "H"),
      ("raw", (0...255).map(UInt8.init), "B"),
    ]
    var records: [UInt8] = []
    for (name, bytes, record) in cases {
      try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
      records += "@N@\(record)\(folder)/\(name)\n".utf8
    }
    records +=
      "@N@Mtime 2026-01-01T00:00:00Z\n@N@Mrunning true\n@N@Muser 0\n@N@Mzone Europe/Berlin\n@N@Moffset +0130\n@N@Msynchronised true\n"
      .utf8
    try Data(records).write(to: URL(fileURLWithPath: folder + "/records"))
    let said = try run([
      "sh", "-c",
      "LC_ALL=C \(awk.joined(separator: " ")) -v nonce=@N@ -v raw=0 -f '\(folder)/p.awk' '\(folder)/records' | tr '\\036' '\\000' > '\(folder)/s.tar'",
    ])
    #expect(said.status == 0)
    let target = try ArchiveForm.open(
      folder + "/s.tar", OpeningRequest(address: "s.tar", now: Instant(seconds: 0)))
    for (name, bytes, _) in cases where name != "disk" {
      let path = name.hasPrefix("wtmp") || name == "lastlog" ? "/var/log/\(name)" : "/srv/x"
      let kept = name == "raw" ? bytes : redacted(path, bytes)
      #expect(try target.read(FilePath(folder + "/" + name), limit: 1 << 26) == kept, "\(name)")
    }
    #expect(try target.read(FilePath(folder + "/disk"), limit: 10) == nil)
    let manifest = try run(["tar", "-xOf", folder + "/s.tar", "manifest.json"])
    let clock = try #require(try JSONValue(parsing: manifest.output)["clock"])
    #expect(clock["time-zone"]?.text == "Europe/Berlin" && clock["utc-offset"] == .number("5400"))
    #expect(clock["synchronised"]?.flag == true)
  }
}
