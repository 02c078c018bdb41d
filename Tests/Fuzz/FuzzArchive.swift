import Foundation
import Glibc
import RiegelModel
import RiegelTargets
import SystemPackage

/// Opens what libFuzzer makes up as an archive and asks the target everything that a probe may ask.
///
/// The first byte says what the rest is: `A` the bytes of an archive, as they are; `M` members of a
/// tar whose headers are made here, since a changed bit in a header only ever breaks its checksum.
/// Members are separated by NUL; each is a letter of its type, a name, a link, its contents, of which
/// a line end separates the first three.
enum FuzzArchive {
  static func archive(_ input: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let mode = input.first else { return nil }
    let rest = input.dropFirst()
    switch mode {
    case UInt8(ascii: "A"): return Array(rest)
    case UInt8(ascii: "M"): break
    default: return nil
    }
    var tar = Tar()
    for part in rest.split(separator: 0) {
      let lines = part.split(separator: 0x0a, maxSplits: 2, omittingEmptySubsequences: false)
      guard lines.count == 3, let type = lines[0].first else { continue }
      tar.add(
        Array(lines[0].dropFirst().prefix(2000)), Array(lines[2]),
        type: Character(UnicodeScalar(type)),
        link: String(decoding: lines[1].prefix(90).filter { $0 < 0x80 }, as: UTF8.self))
    }
    return tar.finished
  }

  private static let path = "/dev/shm/riegel-fuzz-\(getpid())"

  static func run(_ bytes: [UInt8]) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
    let request = OpeningRequest(
      address: path, now: Instant(seconds: 0), reads: ["/etc/**", "/proc/sys/**", "/dev/*"])
    do {
      ask(try ArchiveForm.open(path, request))
    } catch {}
    unlink(path)
  }

  private static func ask(_ target: ArchiveTarget) {
    for path: FilePath in [
      "/", "/etc", "/etc/passwd", "/etc/l", "/proc/here", "/dev/sda1", "/a/../b",
    ] {
      _ = try? target.metadata(of: path, following: true)
      _ = try? target.metadata(of: path, following: false)
      _ = try? target.read(path, limit: 1 << 20)
      _ = try? target.readHead(path, count: 4096)
      _ = try? target.list(path)
      _ = try? target.readLink(path)
      _ = try? target.resolve(path)
    }
    target.walk(["/"], Walker())
  }

  private struct Walker: WalkVisitor {
    func enter(_ path: FilePath, parent: Int?) -> Int? { (parent ?? 0) + 1 }
    func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {}
    func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: Int) {}
    func fail(_ error: TargetError, _ context: Int?) {}
    func skip(_ path: FilePath, fileSystem: String, _ context: Int) {}
  }

  // MARK: seeds

  static func writeSeeds(to folder: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let host = MemoryTarget(
      [
        "/etc/passwd": .file("root:x:0:0::/root:/bin/sh\n"), "/etc/l": .link(to: "passwd"),
        "/etc/two\nlines": .file("password = x\n"), "/proc/sys/a": .file("1\n"),
      ], isRunning: true)
    for (name, packing) in [("plain", Packing.plain), ("gzip", .gzip), ("zstd", .zstd)] {
      let file = folder + "/raw-\(name)"
      let descriptor = creat(file, 0o600)
      var capture = Capture(
        of: host,
        .init(
          reads: ["/etc/**", "/proc/sys/**"], packing: packing, tool: "fuzz", isPrivileged: true,
          user: "0"))
      _ = try capture.write(to: descriptor, identity: [("name", "host")])
      close(descriptor)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      try (Data("A".utf8) + bytes).write(to: URL(fileURLWithPath: file))
    }
    let manifest =
      "0manifest.json\n\n{\"captured-at\":\"2026-01-01T00:00:00Z\",\"running\":true,\"by\":\"script\",\"privileged\":true}"
    let index =
      "0index/0\n\nd 755 0 0 0 0 2 1 1 /\n/\nd 755 0 0 0 0 2 1 2 etc\nD 555 0 0 0 0 2 1 9 proc\n/etc\n"
      + "f 644 0 0 2 0 1 1 3 a%0A\nl 777 0 0 1 0 1 1 4 l\ta\nb 660 0 6 0 0 1 1 7 sda\n/proc\n! here\n"
    let log =
      "0log\n\nunreadable 13 /etc/l\nskipped proc /proc\nleft-out secret /etc/c\ngone - /etc/d\n"
      + "listed - /proc\nredacted x /etc/a\nnote text\n"
    let seeds: [(String, [String])] = [
      (
        "snapshot",
        [
          "0riegel-snapshot\n\n1\n", "0root/etc/a\n\na\n", index, log, "0asked\n\n/etc/**\n",
          manifest,
        ]
      ),
      ("index-last", ["0riegel-snapshot\n\n1\n", "0hex/dev/sda\n\n4c554b53\n", index, manifest]),
      (
        "tree",
        [
          "5etc/\n\n", "0etc/passwd\n\nroot:x:0:0\n", "2etc/l\npasswd\n", "1etc/h\netc/passwd\n",
          "3dev/x\n\n",
        ]
      ),
      (
        "docker",
        [
          "0manifest.json\n\n[{\"Layers\":[\"a/layer.tar\",\"b\"]}]", "0a/layer.tar\n\n", "0b\n\n",
        ]
      ),
      (
        "oci",
        [
          "0oci-layout\n\n{}", "0index.json\n\n{\"manifests\":[{\"digest\":\"sha256:ab\"}]}",
          "0blobs/sha256/ab\n\n{\"layers\":[{\"digest\":\"sha256:cd\"}]}", "0blobs/sha256/cd\n\n",
        ]
      ),
      (
        "sosreport",
        [
          "5sosreport-x/\n\n", "0sosreport-x/etc/a\n\nx\n",
          "0sosreport-x/sos_commands/kernel/sysctl_-a\n\nnet.a/b = 1\n",
        ]
      ),
      (
        "whiteouts",
        ["0etc/.wh.a\n\n", "0etc/.wh..wh..opq\n\n", "2x\n/y\n", "2y\n/x\n", "0x/z\n\n"]
      ),
    ]
    for (name, members) in seeds {
      try Data(("M" + members.joined(separator: "\0")).utf8).write(
        to: URL(fileURLWithPath: folder + "/" + name))
    }
  }
}

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?
) -> CInt {
  guard let folder = ProcessInfo.processInfo.environment["RIEGEL_SEEDS"] else { return 0 }
  do {
    try FuzzArchive.writeSeeds(to: folder)
    exit(0)
  } catch {
    print(error)
    exit(1)
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  if let archive = FuzzArchive.archive(input) { FuzzArchive.run(archive) }
  return 0
}
