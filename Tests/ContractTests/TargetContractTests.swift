import Foundation
import RiegelModel
import RiegelTargets
import SystemPackage
import Testing

/// The same small host as memory and as a directory answers every question alike.
@Suite struct TargetContractTests {
  static let files = [
    "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\n", "/etc/empty": "", "/srv/a/b/c": "deep",
  ]
  static let links = [
    "/etc/link": "passwd", "/etc/absolute": "/srv/a", "/etc/lost": "/nowhere", "/loop": "loop",
  ]
  static let questions: [FilePath] = [
    "/", "/etc", "/etc/passwd", "/etc/empty", "/etc/link", "/etc/absolute", "/etc/absolute/b/c",
    "/etc/lost", "/loop", "/absent", "/etc/passwd/x", "/proc/version", "/srv/../etc/passwd",
  ]

  /// What a call says, in a form that can be compared.
  static func said<T>(_ call: () throws -> T) -> String {
    do { return "\(try call())" } catch { return "\(error)" }
  }

  @Test func memoryAndDirectoryAgree() throws {
    let root = URL(fileURLWithPath: NSTemporaryDirectory())
      .appending(path: "riegel-contract-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    var nodes: [FilePath: MemoryTarget.Node] = [:]
    for (path, text) in Self.files {
      nodes[FilePath(path)] = .file(text)
      let url = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    for (path, text) in Self.links {
      nodes[FilePath(path)] = .link(to: FilePath(text))
      try FileManager.default.createSymbolicLink(
        atPath: root.path + path, withDestinationPath: text)
    }
    let memory: any RiegelModel.Target = MemoryTarget(nodes)
    for method in TreeRoot.Method.allCases {
      let directory: any RiegelModel.Target = try DirectoryTarget.open(
        root.path, now: Instant(seconds: 0), method: method)
      for path in Self.questions {
        #expect(
          Self.said { try memory.read(path, limit: 100) }
            == Self.said { try directory.read(path, limit: 100) }, "read \(path)")
        #expect(
          Self.said { try memory.list(path)?.map(\.string) }
            == Self.said { try directory.list(path)?.map(\.string) }, "list \(path)")
        #expect(
          Self.said { try memory.readLink(path) } == Self.said { try directory.readLink(path) },
          "readLink \(path)")
        #expect(
          Self.said { try memory.resolve(path) } == Self.said { try directory.resolve(path) },
          "resolve \(path)")
        for following in [true, false] {
          #expect(
            Self.said { try memory.metadata(of: path, following: following)?.kind }
              == Self.said { try directory.metadata(of: path, following: following)?.kind },
            "metadata \(path)")
        }
      }
    }
  }
}
