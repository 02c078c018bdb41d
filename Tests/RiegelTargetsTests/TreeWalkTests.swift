import Foundation
import Glibc
import RiegelModel
import Synchronization
import SystemPackage
import Testing

@testable import RiegelTargets

@Suite struct TreeWalkTests {
  final class Collector: WalkVisitor {
    let seen = Mutex<[String]>([])
    let failures = Mutex<[TargetError]>([])
    let skipped = Mutex<[String]>([])
    let leaveOut: FilePath?
    init(leaveOut: FilePath? = nil) { self.leaveOut = leaveOut }

    func enter(_ path: FilePath, parent: Int?) -> Int? {
      path == leaveOut ? nil : (parent ?? 0) + 1
    }
    func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: Int) {
      let name = printable(bytes: Array(entry.name))
      seen.withLock { $0.append(printable(directory) + (directory == "/" ? "" : "/") + name) }
    }
    func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {}
    func fail(_ error: TargetError, _ context: Int?) { failures.withLock { $0.append(error) } }
    func skip(_ path: FilePath, fileSystem: String, _ context: Int) {
      skipped.withLock { $0.append(printable(path)) }
    }
    var sorted: [String] { seen.withLock { $0.sorted() } }
  }

  @Test func aRootInWhatIsNoLocalFileSystemIsSaidToBeUnseen() throws {
    let visitor = Collector()
    try LiveTarget.open(now: Instant(seconds: 0)).walk(["/proc/self"], visitor)
    try LiveTarget.open(now: Instant(seconds: 0)).walk(["/proc"], visitor)
    #expect(visitor.sorted.isEmpty)
    let failures = visitor.failures.withLock { $0 }
    #expect(failures.contains(.notCollected("/proc")) && failures.count == 2)
  }

  @Test(arguments: TreeRoot.Method.allCases)
  func everyEntryIsSeenOnceAndLinksAreNotFollowed(_ method: TreeRoot.Method) throws {
    let folder = try Folder()
    try folder.file("a/one")
    try folder.file("a/b/two")
    folder.link("a/up", to: "..")
    folder.link("a/out", to: "/etc")
    let visitor = Collector()
    try folder.target(method).walk(["/"], visitor)
    #expect(visitor.sorted == ["/a", "/a/b", "/a/b/two", "/a/one", "/a/out", "/a/up"])
    #expect(visitor.failures.withLock { $0.isEmpty })
  }

  @Test func itFindsWhatFindFinds() throws {
    let visitor = Collector()
    try LiveTarget.open(now: Instant(seconds: 0)).walk(["/usr/share/doc"], visitor)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/find")
    process.arguments = ["/usr/share/doc", "-xdev", "-mindepth", "1"]
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(visitor.sorted == text.split(separator: "\n").map(String.init).sorted())
  }

  @Test func whatTheVisitorLeavesOutIsNotEntered() throws {
    let folder = try Folder()
    try folder.file("a/one")
    try folder.file("b/two")
    let visitor = Collector(leaveOut: "/a")
    try folder.target().walk(["/"], visitor)
    #expect(visitor.sorted == ["/a", "/b", "/b/two"])
  }

  @Test func aDeepTreeEndsWithoutTrouble() throws {
    let folder = try Folder()
    // Deeper than a path may be long: made and removed step by step from inside.
    let depth = 2000
    var fd = open(folder.path, O_RDONLY | O_DIRECTORY)
    for _ in 0..<depth {
      #expect(mkdirat(fd, "dddd", 0o755) == 0)
      let next = openat(fd, "dddd", O_RDONLY | O_DIRECTORY)
      close(fd)
      fd = next
    }
    close(fd)
    let visitor = Collector()
    try folder.target().walk(["/"], visitor)
    let failures = visitor.failures.withLock { $0 }
    // Each level is either seen or said to be out of reach; none is lost in silence.
    #expect(visitor.sorted.count == depth || !failures.isEmpty)
    let remove = Process()
    remove.executableURL = URL(fileURLWithPath: "/bin/rm")
    remove.arguments = ["-rf", folder.path + "/dddd"]
    try remove.run()
    remove.waitUntilExit()
  }

  @Test(.enabled(if: geteuid() == 0, "needs root to mount"))
  func otherFileSystemsThatAreNotLocalAreSkipped() throws {
    let folder = try Folder()
    try folder.directory("proc-like")
    try folder.directory("memory")
    let mountProc = mount("proc", folder.path + "/proc-like", "proc", 0, nil)
    guard mountProc == 0 else { return }
    defer { umount(folder.path + "/proc-like") }
    #expect(mount("tmpfs", folder.path + "/memory", "tmpfs", 0, nil) == 0)
    defer { umount(folder.path + "/memory") }
    try folder.file("memory/file")
    let visitor = Collector()
    try folder.target().walk(["/"], visitor)
    #expect(visitor.skipped.withLock { $0 } == ["/proc-like"])
    // Not even asked for its metadata: a dead file server would hang the audit.
    #expect(visitor.sorted == ["/memory", "/memory/file"])
  }
}
