import Foundation
import Glibc
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelTargets

/// A folder on disk for one test, removed with its last reference.
final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/riegel-test-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    path = String(cString: made)
  }

  deinit {
    _ = try? FileManager.default.removeItem(atPath: path)
  }

  func file(_ name: String, _ text: String = "x", mode: mode_t = 0o644) throws {
    let full = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: full))
    chmod(full, mode)
  }

  func link(_ name: String, to text: String) {
    #expect(symlink(text, path + "/" + name) == 0)
  }

  func directory(_ name: String, mode: mode_t = 0o755) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/" + name, withIntermediateDirectories: true)
    chmod(path + "/" + name, mode)
  }

  func target(_ method: TreeRoot.Method? = nil) throws -> TreeTarget {
    try DirectoryTarget.open(path, now: Instant(seconds: 1000), method: method)
  }
}

@Suite struct TreeTargetTests {
  /// A tree whose links do all they can to get out.
  static func hostile() throws -> Folder {
    let folder = try Folder()
    try folder.file("etc/passwd", "inside")
    try folder.file("etc/deep/file", "deep")
    folder.link("absolute", to: "/etc/passwd")
    folder.link("above", to: "../../../../../../etc/passwd")
    folder.link("etc/middle", to: "/etc/deep")
    folder.link("loop", to: "loop2")
    folder.link("loop2", to: "loop")
    folder.link("dangling", to: "/no/such/file")
    folder.link("root", to: "/")
    folder.link("self", to: ".")
    return folder
  }

  @Test(arguments: TreeRoot.Method.allCases)
  func linksStayInsideTheRoot(_ method: TreeRoot.Method) throws {
    let folder = try Self.hostile()
    let target = try folder.target(method)
    let limit = 1 << 20
    func text(_ path: FilePath) throws -> String? {
      try target.read(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(try text("/etc/passwd") == "inside")
    #expect(try text("/absolute") == "inside")
    #expect(try text("/above") == "inside")
    #expect(try text("/../../../../etc/passwd") == "inside")
    #expect(try text("/etc/middle/file") == "deep")
    #expect(try text("/root/etc/passwd") == "inside")
    #expect(try text("/self/self/etc/deep/../passwd") == "inside")
    #expect(try text("/dangling") == nil)
    #expect(try text("/etc/passwd/below") == nil)
    #expect(throws: TargetError.tooManyLinks("/loop")) { try text("/loop") }
    #expect(try target.resolve("/etc/middle") == "/etc/deep")
    #expect(try target.resolve("/above") == "/etc/passwd")
    #expect(try target.resolve("/dangling") == nil)
    #expect(try target.readLink("/absolute") == "/etc/passwd")
    #expect(try target.readLink("/etc/passwd") == nil)
    #expect(try target.metadata(of: "/absolute", following: false)?.kind == .link)
    #expect(try target.metadata(of: "/absolute")?.kind == .file)
    #expect(try target.metadata(of: "/dangling") == nil)
  }

  @Test(arguments: TreeRoot.Method.allCases)
  func onlyRegularFilesAreRead(_ method: TreeRoot.Method) throws {
    let folder = try Folder()
    try folder.directory("folder")
    #expect(mkfifo(folder.path + "/fifo", 0o644) == 0)
    try folder.file("big", String(repeating: "x", count: 5000))
    try folder.file("empty", "")
    let target = try folder.target(method)
    #expect(throws: TargetError.notRegular("/fifo")) { try target.read("/fifo", limit: 100) }
    #expect(throws: TargetError.notRegular("/folder")) { try target.read("/folder", limit: 100) }
    #expect(throws: TargetError.tooLarge("/big", limit: 100)) {
      try target.read("/big", limit: 100)
    }
    #expect(try target.read("/empty", limit: 100) == [])
    #expect(try target.read("/absent", limit: 100) == nil)
    #expect(try target.readHead("/big", count: 3) == Array("xxx".utf8))
    #expect(throws: TargetError.notRegular("/fifo")) { try target.readHead("/fifo", count: 3) }
  }

  @Test func namesAreListedInOrderOfTheirBytes() throws {
    let folder = try Folder()
    for name in ["b", "a", "B", ".hidden"] { try folder.file(name) }
    let bytes: [CChar] = [0x6e, -1, 0x6e, 0]
    let odd = folder.path + "/"
    let fd = (odd.utf8CString.dropLast() + bytes).withUnsafeBufferPointer {
      Glibc.open($0.baseAddress.unsafelyUnwrapped, O_CREAT | O_WRONLY, 0o644)
    }
    #expect(fd >= 0)
    close(fd)
    let target = try folder.target()
    let names = try #require(try target.list("/")).map { $0.bytes }
    #expect(
      names == [
        Array(".hidden".utf8), Array("B".utf8), Array("a".utf8), Array("b".utf8),
        [0x6e, 0xff, 0x6e],
      ])
    #expect(try target.list("/absent") == nil)
    #expect(throws: TargetError.io("/a", errno: ENOTDIR)) { try target.list("/a") }
  }

  @Test func whatOnlyARunningKernelFillsIsNotCollected() throws {
    let folder = try Folder()
    try folder.directory("proc")
    try folder.file("etc/x")
    folder.link("etc/mtab", to: "/proc/self/mounts")
    for method in TreeRoot.Method.allCases {
      let target = try folder.target(method)
      #expect(!target.isRunning)
      #expect(throws: TargetError.notCollected("/proc/mounts")) {
        try target.read("/proc/mounts", limit: 100)
      }
      #expect(throws: TargetError.notCollected("/etc/mtab")) {
        try target.read("/etc/mtab", limit: 100)
      }
      #expect(throws: TargetError.notCollected("/sys")) { try target.list("/sys") }
      #expect(try target.readLink("/etc/mtab") == "/proc/self/mounts")
    }
  }

  @Test func aCopyThatBroughtTheKernelsFilesAlongCountsAsRunning() throws {
    let folder = try Folder()
    try folder.file("proc/version", "Linux")
    let target = try folder.target()
    #expect(target.isRunning)
    #expect(try target.read("/proc/version", limit: 100) == Array("Linux".utf8))
    #expect(throws: TargetError.notCollected("/sys/x")) { try target.read("/sys/x", limit: 100) }
  }

  @Test func theLiveHostShowsItsKernel() throws {
    let target = try LiveTarget.open(now: Instant(seconds: 5))
    #expect(target.kind == .live && target.isRunning)
    let version = try #require(try target.read("/proc/version", limit: 1 << 20))
    #expect(String(decoding: version, as: UTF8.self).hasPrefix("Linux version"))
    #expect(try target.readLink("/proc/self/fd/0") != nil || target.list("/proc/self/fd") != nil)
  }

  @Test func addressesAreOpenedOrRefusedWithAReason() throws {
    let folder = try Folder()
    try folder.file("file")
    let now = Instant(seconds: 0)
    #expect(
      try openTarget(OpeningRequest(address: "dir:" + folder.path, now: now)).kind == .directory)
    #expect(try openTarget(OpeningRequest(address: "", now: now)).kind == .live)
    #expect(throws: OpeningError.absent("/no/such")) {
      try openTarget(OpeningRequest(address: "dir:/no/such", now: now))
    }
    #expect(throws: OpeningError.notDirectory(folder.path + "/file")) {
      try openTarget(OpeningRequest(address: "dir:" + folder.path + "/file", now: now))
    }
    #expect(throws: OpeningError.bareDirectory(folder.path)) {
      try openTarget(OpeningRequest(address: folder.path, now: now))
    }
    #expect(throws: OpeningError.unknownForm("bogus:x", known: Targets.all.map(\.usage))) {
      try openTarget(OpeningRequest(address: "bogus:x", now: now))
    }
  }
}
