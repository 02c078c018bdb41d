import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelTargets

/// Archives that were made to do harm, and those that are only unusual.
@Suite struct ArchiveTargetTests {
  final class Folder {
    let path = NSTemporaryDirectory() + "riegel-archive-\(UUID().uuidString)"
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open(
      _ bytes: [UInt8], _ name: String = "a.tar", reads: [String] = ["/etc/**"]
    ) throws -> ArchiveTarget {
      let file = path + "/" + name
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      return try ArchiveForm.open(
        file, OpeningRequest(address: file, now: Instant(seconds: 0), reads: reads))
    }
  }

  func text(_ target: ArchiveTarget, _ path: FilePath) throws -> String? {
    try target.read(path, limit: 1 << 20).map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: paths and links

  @Test func absolutePathsLieInTheTreeAndDotDotIsRefused() throws {
    var tar = Tar()
    tar.add("/etc/passwd", "a")
    tar.add("../etc/shadow", "b")
    tar.add("etc/../../etc/group", "c")
    tar.add("./etc/./motd", "d")
    let target = try Folder().open(tar.finished)
    #expect(try text(target, "/etc/passwd") == "a")
    #expect(try text(target, "/etc/motd") == "d")
    #expect(try text(target, "/etc/shadow") == nil)
    #expect(try text(target, "/etc/group") == nil)
    #expect(target.notes.contains { $0.hasPrefix("2 entries with paths") })
  }

  @Test func linksStayInside() throws {
    var tar = Tar()
    tar.add("etc/", type: "5")
    tar.add("etc/up", type: "2", link: "../../../../etc/real")
    tar.add("etc/absolute", type: "2", link: "/etc/real")
    tar.add("etc/real", "inside")
    tar.add("etc/loop", type: "2", link: "loop")
    tar.add("etc/host", type: "2", link: "/../../../../../../../../etc/hostname")
    tar.add("etc/dir", type: "2", link: "real/")
    let target = try Folder().open(tar.finished)
    #expect(try text(target, "/etc/up") == "inside")
    #expect(try text(target, "/etc/absolute") == "inside")
    #expect(try text(target, "/etc/host") == nil)
    #expect(try text(target, "/etc/dir") == nil)
    #expect(throws: TargetError.tooManyLinks("/etc/loop")) { try text(target, "/etc/loop") }
    #expect(try target.resolve("/etc/up") == "/etc/real")
  }

  @Test func whatLiesBelowALinkIsFoundWhereTheLinkLeads() throws {
    var tar = Tar()
    tar.add("usr/lib/", type: "5")
    tar.add("lib", type: "2", link: "usr/lib")
    tar.add("lib/x.conf", "x")
    tar.add("file", "f")
    tar.add("file/below", "lost")
    let target = try Folder().open(tar.finished, reads: ["/usr/lib/*.conf"])
    #expect(try text(target, "/usr/lib/x.conf") == "x")
    #expect(target.notes.contains { $0.contains("1 entries with paths") })
  }

  @Test func contentsBehindALinkAreReadInASecondPass() throws {
    var tar = Tar()
    tar.add("opt/real.conf", "wanted")
    tar.add("opt/other", "not wanted")
    tar.add("etc/a.conf", type: "2", link: "/opt/real.conf")
    let target = try Folder().open(tar.finished)
    #expect(try text(target, "/etc/a.conf") == "wanted")
    #expect(throws: TargetError.notCollected("/opt/other")) { try text(target, "/opt/other") }
  }

  @Test func hardLinksShareContentsAndLostOnesAreNoted() throws {
    var tar = Tar()
    tar.add("etc/one", "same", mode: 0o600)
    tar.add("etc/two", type: "1", link: "etc/one")
    tar.add("etc/lost", type: "1", link: "../../etc/hostname")
    let target = try Folder().open(tar.finished)
    #expect(try text(target, "/etc/two") == "same")
    #expect(try target.metadata(of: "/etc/two")?.mode == 0o600)
    #expect(try target.metadata(of: "/etc/one")?.links == 2)
    #expect(throws: TargetError.notCollected("/etc/lost")) { try text(target, "/etc/lost") }
    #expect(target.notes.contains("1 hard links lead to nothing"))
  }

  @Test func devicesAreMetadataAlone() throws {
    var tar = Tar()
    tar.add("etc/sda", type: "4")
    tar.add("etc/null", type: "3")
    tar.add("etc/pipe", type: "6")
    let target = try Folder().open(tar.finished)
    #expect(try target.metadata(of: "/etc/sda")?.kind == .blockDevice)
    #expect(throws: TargetError.notRegular("/etc/null")) { try text(target, "/etc/null") }
    #expect(throws: TargetError.notRegular("/etc/pipe")) { try text(target, "/etc/pipe") }
  }

  @Test func ofDuplicatesTheLastCountsAndANoteSaysSo() throws {
    var tar = Tar()
    tar.add("etc/a", "first")
    tar.add("etc/a", "second")
    tar.add("etc/b", "file")
    tar.add("etc/b/", type: "5")
    let target = try Folder().open(tar.finished)
    #expect(try text(target, "/etc/a") == "second")
    #expect(try target.metadata(of: "/etc/b")?.kind == .directory)
    #expect(target.notes.contains { $0.hasPrefix("1 entries came twice") })
  }

  @Test func namesMayHoldNewlinesAndAnyByte() throws {
    var tar = Tar()
    tar.add("etc/two\nlines", "n")
    tar.add(Array("etc/".utf8) + [0xff, 0xfe], Array("b".utf8))
    tar.add("etc/ü", "u")
    tar.add(
      "etc/" + String(repeating: "ö", count: 60) + "/" + String(repeating: "x", count: 80), "l")
    let target = try Folder().open(tar.finished)
    let names = try #require(try target.list("/etc")).map { $0.bytes }
    #expect(names.contains(Array("two\nlines".utf8)))
    #expect(names.contains([0xff, 0xfe]))
    #expect(try text(target, "/etc/ü") == "u")
    let long = FilePath("/etc/" + String(repeating: "ö", count: 60)).appending(
      String(repeating: "x", count: 80))
    #expect(try text(target, long) == "l")
  }

  @Test func anUndeclaredFileIsNotCollectedAndAnAbsentOneIsAbsent() throws {
    var tar = Tar()
    tar.add("etc/a", "a")
    tar.add("opt/b", "b")
    let target = try Folder().open(tar.finished)
    #expect(throws: TargetError.notCollected("/opt/b")) { try text(target, "/opt/b") }
    #expect(try text(target, "/opt/c") == nil)
    #expect(try target.metadata(of: "/opt/b")?.size == 1)
    #expect(throws: TargetError.notCollected("/proc/version")) { try text(target, "/proc/version") }
  }

  // MARK: damage

  @Test(arguments: [100, 512, 700, 1024, 1500, 2000])
  func aTruncatedArchiveIsRefused(count: Int) throws {
    var tar = Tar()
    tar.add("etc/a", String(repeating: "a", count: 600))
    tar.add("etc/b", "b")
    #expect(throws: OpeningError.self) { try Folder().open(Array(tar.finished.prefix(count))) }
  }

  @Test func noBitFlipCrashesOrHangs() throws {
    var tar = Tar()
    tar.add("etc/a", "a\n")
    tar.add("etc/b", type: "2", link: "a")
    tar.add("etc/" + String(repeating: "y", count: 120), "y")
    let whole = tar.finished
    let folder = try Folder()
    var refused = 0
    for at in stride(from: 0, to: whole.count - 1024, by: 3) {
      var bytes = whole
      bytes[at] ^= 1 << UInt8(at % 8)
      do { _ = try folder.open(bytes) } catch is OpeningError { refused += 1 }
    }
    #expect(refused > 100)
  }

  @Test(arguments: ["gzip", "zstd", "xz"])
  func compressedArchivesAreReadAndCutOnesRefused(program: String) throws {
    guard isInstalled(program) else { return }
    var tar = Tar()
    tar.add("etc/a", String(repeating: "abc", count: 5000))
    let folder = try Folder()
    try tar.write(to: folder.path + "/x.tar")
    let packed = try run([program, "-c", folder.path + "/x.tar"]).output
    let target = try folder.open(packed, "x.tar.packed")
    #expect(try text(target, "/etc/a")?.count == 15_000)
    #expect(throws: OpeningError.self) {
      try folder.open(Array(packed.prefix(packed.count / 2)), "y.tar.packed")
    }
  }

  @Test func aCompressionBombIsFoundOut() throws {
    guard isInstalled("zstd") else { return }
    // 4 GiB of zeros in a file that no rule asks for.
    var tar = Tar()
    tar.add("opt/zeros", "", size: 4 << 30)
    let folder = try Folder()
    try Data(tar.bytes).write(to: URL(fileURLWithPath: folder.path + "/head"))
    let file = folder.path + "/bomb.tar.zst"
    try run([
      "sh", "-c", "{ cat \(folder.path)/head; head -c 4294967296 /dev/zero; } | zstd -q > \(file)",
    ])
    let start = ContinuousClock.now
    do {
      _ = try ArchiveForm.open(file, OpeningRequest(address: file, now: Instant(seconds: 0)))
      Issue.record("a bomb was opened")
    } catch {
      #expect(error.message.contains("times its size"))
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func aSparseFileTakesNoMemory() throws {
    let folder = try Folder()
    try run(
      [
        "sh", "-c",
        "mkdir etc && truncate -s 8T etc/huge && echo ok > etc/a && tar -cSf s.tar etc && rm -r etc",
      ], directory: folder.path)
    let file = folder.path + "/s.tar"
    let target = try ArchiveForm.open(
      file, OpeningRequest(address: file, now: Instant(seconds: 0), reads: ["/etc/*"]))
    #expect(try text(target, "/etc/a") == "ok\n")
    #expect(throws: TargetError.tooLarge("/etc/huge", limit: Host.sizeLimit)) {
      try text(target, "/etc/huge")
    }
  }

  @Test func moreEntriesThanAnyHostHasAreRefused() throws {
    // One entry makes thousands of folders.
    var tar = Tar()
    let tail = String(repeating: "a/", count: 1500)
    for number in 0..<4 { tar.add("\(number)/" + tail, type: "5") }
    let folder = try Folder()
    try tar.write(to: folder.path + "/a.tar")
    let file = try #require(FileHandle(forReadingAtPath: folder.path + "/a.tar"))
    let reader = try ArchiveReader(descriptor: file.fileDescriptor)
    var building = TreeBuilding(wanted: WantedFiles([]), limit: 5000)
    #expect(throws: ArchiveReader.Trouble("more than 4000000 entries")) {
      while try reader.next() { try building.take(reader) }
    }
  }

  @Test(arguments: ["", "not a tar", "riegel"])
  func whatIsNoArchiveIsRefusedWithAReason(text: String) throws {
    #expect(throws: OpeningError.self) { try Folder().open(Array(text.utf8)) }
  }

  // MARK: images

  static func layer(_ fill: (inout Tar) -> Void) -> [UInt8] {
    var tar = Tar()
    fill(&tar)
    return tar.finished
  }

  static let lower = layer {
    $0.add("etc/", type: "5")
    $0.add("etc/kept", "kept")
    $0.add("etc/gone", "gone")
    $0.add("etc/changed", "old")
    $0.add("etc/tree/old", "old")
    $0.add("etc/tree/deep/old", "old")
    $0.add("etc/becomes/folder", "x")
  }
  static let upper = layer {
    $0.add("etc/.wh.gone", "")
    $0.add("etc/changed", "new")
    $0.add("etc/tree/new", "new")
    $0.add("etc/tree/.wh..wh..opq", "")
    $0.add("etc/becomes", "a file")
    $0.add("etc/.wh.stays", "")
    $0.add("etc/stays", "from this layer")
  }

  private func expectLayered(_ target: ArchiveTarget) throws {
    #expect(try text(target, "/etc/kept") == "kept")
    #expect(try text(target, "/etc/gone") == nil)
    #expect(try text(target, "/etc/changed") == "new")
    #expect(try text(target, "/etc/tree/old") == nil)
    #expect(try text(target, "/etc/tree/deep/old") == nil)
    #expect(try text(target, "/etc/tree/new") == "new")
    #expect(try text(target, "/etc/becomes") == "a file")
    #expect(try text(target, "/etc/becomes/folder") == nil)
    #expect(try text(target, "/etc/stays") == "from this layer")
  }

  @Test func dockersLayersAreAppliedInOrder() throws {
    var tar = Tar()
    // The upper layer stands first in the file.
    tar.add(Array("b/layer.tar".utf8), Self.upper)
    tar.add(Array("a/layer.tar".utf8), Self.lower)
    tar.add(
      "manifest.json",
      #"[{"Config":"c.json","RepoTags":["x:1"],"Layers":["a/layer.tar","b/layer.tar"]}]"#)
    try expectLayered(try Folder().open(tar.finished))
  }

  @Test func anOCILayoutIsReadThroughItsManifests() throws {
    var tar = Tar()
    tar.add("oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
    tar.add(
      "index.json",
      #"{"manifests":[{"digest":"sha256:ee","platform":{"os":"linux","architecture":"amd64"}},"#
        + #"{"digest":"sha256:ff","annotations":{"vnd.docker.reference.type":"attestation"}}]}"#)
    tar.add(
      "blobs/sha256/ee",
      #"{"layers":[{"digest":"sha256:aa"},{"digest":"sha256:bb"}],"config":{"digest":"sha256:cc"}}"#
    )
    tar.add(Array("blobs/sha256/aa".utf8), Self.lower)
    tar.add(Array("blobs/sha256/bb".utf8), Self.upper)
    try expectLayered(try Folder().open(tar.finished))
  }

  @Test(arguments: [
    #"[{"Layers":["a/layer.tar"]}]"#, #"[{"Layers":[]}]"#, #"[{"Layers":[7]}]"#,
    #"[{"Layers":"a/layer.tar"}]"#,
  ])
  func anImageThatLacksALayerIsRefused(manifest: String) throws {
    var tar = Tar()
    tar.add("manifest.json", manifest)
    #expect(throws: OpeningError.self) { try Folder().open(tar.finished) }
  }

  // MARK: sosreport

  @Test func aSosreportSaysOnlyWhatIsInIt() throws {
    var tar = Tar()
    tar.add("sosreport-pc-2026/", type: "5")
    tar.add("sosreport-pc-2026/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    tar.add("sosreport-pc-2026/proc/version", "Linux\n")
    tar.add("sosreport-pc-2026/sos_commands/kernel/sysctl_-a", "net.ipv4.ip_forward = 1\n")
    let target = try Folder().open(tar.finished, reads: ["/etc/**", "/proc/**"])
    #expect(try text(target, "/etc/passwd")?.hasPrefix("root") == true)
    #expect(try text(target, "/proc/sys/net/ipv4/ip_forward") == "1\n")
    #expect(throws: TargetError.notCollected("/etc/shadow")) { try text(target, "/etc/shadow") }
    #expect(throws: TargetError.notCollected("/etc")) { try target.list("/etc") }
    #expect(target.isRunning)
  }

  /// What the index refuses is said, not passed over.
  @Test func aSosreportsOddLinesAreCounted() throws {
    var tar = Tar()
    tar.add("sosreport-pc-2026/", type: "5")
    tar.add("sosreport-pc-2026/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    tar.add("sosreport-pc-2026/etc/../../x", "outside\n")
    let long = String(repeating: "x", count: 300)
    tar.add(
      "sosreport-pc-2026/sos_commands/kernel/sysctl_-a",
      "net.ipv4.ip_forward = 1\n\(long) = 1\n//.//.x = 2\nno line\n")
    let target = try Folder().open(tar.finished, reads: ["/etc/**", "/proc/**"])
    #expect(try text(target, "/proc/sys/net/ipv4/ip_forward") == "1\n")
    #expect(target.notes.contains { $0.hasPrefix("2 lines of sos_commands/kernel/sysctl_-a") })
    #expect(target.notes.contains { $0.contains("1 entries with paths that lead outside") })
  }
}
