import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelTargets

@Suite struct SnapshotTests {
  static let time = Instant(seconds: 1_764_000_000)

  static var host: MemoryTarget {
    var unreadable = MemoryTarget.Node.file("x", mode: 0o600)
    unreadable.failure = .permissionDenied("/etc/secret.conf")
    var sealed = MemoryTarget.Node.directory(mode: 0o700)
    sealed.failure = .permissionDenied("/root")
    return MemoryTarget(
      [
        "/etc/passwd": .file("root:x:0:0::/root:/bin/sh\n"), "/etc/empty": .file(""),
        "/etc/secret.conf": unreadable, "/etc/link": .link(to: "passwd"),
        "/etc/out": .link(to: "/opt/real"), "/opt/real": .file("behind a link", mode: 0o640),
        "/opt/other": .file("nobody asks"), "/root": sealed,
        "/etc/big": .file(String(repeating: "x", count: 2 << 20)),
        "/etc/two\nlines%\t": .file("odd", user: 7, group: 8), "/etc/bin": .file("\u{1}\u{2}"),
        "/etc/keys.conf": .file("password = geheim\n"),
      ], capturedAt: time, isRunning: true)
  }

  final class File {
    let path = NSTemporaryDirectory() + "riegel-snapshot-\(UUID().uuidString).tar"
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open() throws -> ArchiveTarget {
      try ArchiveForm.open(path, OpeningRequest(address: path, now: Instant(seconds: 0)))
    }

    func write(_ bytes: [UInt8]) throws -> ArchiveTarget {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return try open()
    }
  }

  static func capture(_ target: any RiegelModel.Target, to file: File) throws -> Capture.Summary {
    var capture = Capture(
      of: target,
      .init(
        reads: ["/etc/**"], packing: .plain, tool: "test", isPrivileged: false, user: "1000"))
    let descriptor = creat(file.path, 0o600)
    defer { close(descriptor) }
    return try capture.write(to: descriptor, identity: [("name", "a \"b\"\n")])
  }

  func said<T>(_ call: () throws -> T) -> String {
    do { return "\(try call())" } catch { return "\(error)" }
  }

  @Test func whatIsReadBackIsWhatWasCaptured() throws {
    let file = File()
    let host = Self.host
    let summary = try Self.capture(host, to: file)
    let target = try file.open()
    #expect(target.capturedAt == Self.time && target.isRunning && target.wasPrivileged == false)
    #expect(summary.leftOut == ["too-large": 1, "binary": 1])
    for path: FilePath in [
      "/etc/passwd", "/etc/empty", "/etc/link", "/etc/out", "/etc/secret.conf", "/absent",
      "/etc/absent", "/etc/two\nlines%\t",
    ] {
      #expect(
        said { try host.read(path, limit: 1 << 20) }
          == said { try target.read(path, limit: 1 << 20) },
        "\(path)")
      for following in [true, false] {
        #expect(
          said { try host.metadata(of: path, following: following)?.mode }
            == said { try target.metadata(of: path, following: following)?.mode })
      }
    }
    for path: FilePath in ["/", "/etc", "/root", "/opt", "/absent", "/etc/passwd"] {
      #expect(
        said { try host.list(path)?.map(\.bytes) } == said { try target.list(path)?.map(\.bytes) })
    }
    #expect(throws: TargetError.notCollected("/opt/other")) {
      try target.read("/opt/other", limit: 100)
    }
    #expect(throws: TargetError.notCollected("/etc/bin")) {
      try target.read("/etc/bin", limit: 100)
    }
    #expect(throws: TargetError.tooLarge("/etc/big", limit: 1 << 20)) {
      try target.read("/etc/big", limit: 1 << 30)
    }
    #expect(try target.read("/etc/keys.conf", limit: 100) == Array("password = [redacted]\n".utf8))
    #expect(try target.metadata(of: "/etc/two\nlines%\t")?.user == 7)
    #expect(try target.metadata(of: "/etc/big")?.size == 2 << 20)
  }

  @Test func theManifestSaysWhatIsKnownOfTheClock() throws {
    let file = File()
    let host = MemoryTarget([
      "/etc/localtime": .link(to: "/usr/share/zoneinfo/Europe/Berlin"), "/etc/a": .file("x"),
    ])
    _ = try Self.capture(host, to: file)
    let manifest = try JSONValue(parsing: run(["tar", "-xOf", file.path, "manifest.json"]).output)
    let clock = try #require(manifest["clock"])
    #expect(clock["time-zone"]?.text == "Europe/Berlin")
    // Only a host that runs has a clock.
    #expect(clock["synchronised"]?.flag == nil && clock["utc-offset"] == .null)
    let live = CaptureClock(of: try openTarget(OpeningRequest(address: "/", now: Self.time)))
    #expect(live.offset != nil && live.isSynchronised != nil)
    let plain = CaptureClock(of: MemoryTarget(texts: ["/etc/timezone": "Etc/UTC\n"]))
    #expect(plain.timeZone == "Etc/UTC" && plain.offset == nil)
  }

  @Test func theCommandThatWouldCaptureMoreIsNamed() throws {
    let file = File()
    _ = try Self.capture(Self.host, to: file)
    #expect(
      try file.open().captureCommand(including: ["/opt/other"])
        == "sudo riegel snapshot --include '/opt/other' -o HOST.tar.zst")
  }

  // MARK: the format

  static let manifest = #"{"captured-at":"2026-01-01T00:00:00Z","running":true}"#

  func snapshot(
    version: String = "1\n", index: String, log: String = "", manifest: String? = manifest
  ) -> [UInt8] {
    var tar = Tar()
    tar.add("riegel-snapshot", version)
    tar.add("index/0", index)
    tar.add("log", log)
    tar.add("root/etc/a", "a\n")
    if let manifest { tar.add("manifest.json", manifest) }
    return tar.finished
  }

  static let index =
    "d 755 0 0 0 0 2 1 1 /\n/\nd 755 0 0 0 0 2 1 2 etc\nD 555 0 0 0 0 2 1 9 proc\n"
    + "/etc\nf 644 0 0 2 0 1 1 3 a\nl 777 0 0 1 0 1 1 4 l\ta\n/proc\n! here\nf 444 0 0 0 0 1 1 5 cpu\n"

  @Test func absentNotCollectedAndUnreadableStayApart() throws {
    let target = try File().write(
      snapshot(index: Self.index, log: "unreadable 13 /etc/l\nskipped proc /proc\n"))
    #expect(try target.read("/etc/a", limit: 10) == Array("a\n".utf8))
    #expect(try target.read("/etc/b", limit: 10) == nil)
    #expect(try target.metadata(of: "/proc/here", following: true) == nil)
    #expect(throws: TargetError.notCollected("/proc/there")) {
      try target.metadata(of: "/proc/there", following: true)
    }
    #expect(throws: TargetError.notCollected("/proc")) { try target.list("/proc") }
    #expect(throws: TargetError.notCollected("/proc/cpu")) {
      try target.read("/proc/cpu", limit: 1)
    }
    #expect(throws: TargetError.permissionDenied("/etc/l")) { try target.read("/etc/l", limit: 1) }
  }

  @Test(arguments: [
    ("2\n", index, manifest), ("x", index, manifest), ("1\n", index, nil),
    ("1\n", index, "{"), ("1\n", index, "{}"),
    ("1\n", index, #"{"captured-at":"2026-01-01T00:00:00Z","running":true,"sha256":"00"}"#),
    ("1\n", "nonsense\n", manifest), ("1\n", "/etc\nf 644 0 0 x 0 1 1 3 a\n", manifest),
    ("1\n", "/etc\nf 644 0 0 2 0 1 1 3 ..\n", manifest),
    ("1\n", "/etc\nf 644 0 0 2 0 1 1 3 a/b\n", manifest), ("1\n", "/../etc\n", manifest),
    ("1\n", "/etc\nf 99999 0 0 2 0 1 1 3 a\n", manifest),
    ("1\n", "/etc\nf 644 0 0 99999999999999999999 0 1 1 3 a\n", manifest),
  ])
  func whatIsNoWholeSnapshotIsRefused(version: String, index: String, manifest: String?) throws {
    #expect(throws: OpeningError.self) {
      try File().write(snapshot(version: version, index: index, manifest: manifest))
    }
  }

  /// A word of a later version could say that something was not seen.
  @Test(arguments: ["future x y\n", "unreadable /etc/a\n", "unreadable x /etc/a\n", "listed\n"])
  func aLineOfTheLogThatIsNotUnderstoodIsRefused(log: String) throws {
    #expect(throws: OpeningError.self) {
      try File().write(snapshot(index: Self.index, log: log))
    }
  }

  @Test func whatCouldNotBeReadIsThereThoughTheIndexLacksIt() throws {
    let target = try File().write(
      snapshot(index: Self.index, log: "unreadable 13 /etc/b\nleft-out secret /etc/c\n"))
    #expect(throws: TargetError.permissionDenied("/etc/b")) { try target.read("/etc/b", limit: 1) }
    #expect(throws: TargetError.notCollected("/etc/c")) { try target.read("/etc/c", limit: 1) }
    #expect(throws: TargetError.permissionDenied("/etc/b")) {
      try target.metadata(of: "/etc/b", following: false)
    }
  }

  @Test func contentsInDigitsAreContents() throws {
    func open(_ digits: String) throws -> ArchiveTarget {
      var tar = Tar()
      tar.add("riegel-snapshot", "1\n")
      tar.add("hex/etc/b", digits)
      tar.add("manifest.json", Self.manifest)
      return try File().write(tar.finished)
    }
    #expect(try open("001e\nff\n").read("/etc/b", limit: 9) == [0, 30, 255])
    for wrong in ["0", "0g", "0A", "00 1"] {
      #expect(throws: OpeningError.self) { try open(wrong) }
    }
  }

  @Test func noFlippedBitOfTheIndexCrashes() throws {
    let whole = snapshot(index: Self.index, log: "skipped proc /proc\n")
    let file = File()
    for at in stride(from: 512, to: whole.count - 1024, by: 2) {
      var bytes = whole
      bytes[at] ^= 1 << UInt8(at / 2 % 8)
      do {
        let target = try file.write(bytes)
        _ = try? target.read("/etc/l", limit: 10)
      } catch is OpeningError {}
    }
  }

  @Test func aChangedByteIsNoticed() throws {
    let file = File()
    _ = try Self.capture(Self.host, to: file)
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file.path)))
    let at = try #require(bytes[...].place(of: Array("root:x:0:0".utf8)))
    bytes[at.lowerBound + 7] = UInt8(ascii: "7")
    #expect(throws: OpeningError.self) { try file.write(bytes) }
  }

  /// A file that the first version wrote; readable for ever.
  @Test func aVersionOneFileIsReadable() throws {
    let path =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().path + "/Golden/snapshot-1.tar.gz"
    let target = try ArchiveForm.open(
      path, OpeningRequest(address: path, now: Instant(seconds: 0)))
    #expect(target.capturedAt == Instant("2026-11-24T06:00:00Z"))
    #expect(target.isRunning)
    let shadow = try #require(try target.read("/etc/shadow", limit: 1000))
    #expect(String(decoding: shadow, as: UTF8.self).hasPrefix("root:$y$j9T$REDACTED:"))
    #expect(try target.read("/proc/sys/kernel/osrelease", limit: 100) == Array("6.1.0\n".utf8))
    #expect(try target.readLink("/etc/mtab") == "/proc/mounts")
    #expect(try target.list("/srv") == [])
  }
}
