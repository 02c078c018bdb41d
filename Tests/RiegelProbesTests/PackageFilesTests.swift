import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct PackageFilesTests {
  private let host = Host(
    MemoryTarget([
      "/bin": .link(to: "usr/bin"), "/usr/bin/ls": .file(""),
      "/var/lib/dpkg/info/coreutils.list": .file("/.\n/bin\n/bin/ls\n/usr/bin/id\n"),
      "/var/lib/dpkg/info/libc6:amd64.list": .file("/.\n/lib/libc.so\n"),
      "/var/lib/dpkg/info/dash.list": .file("/bin/dash\n/bin/sh\n"),
      "/var/lib/dpkg/info/bash.list": .file("/bin/sh\n/usr/bin/id\n"),
      "/var/lib/dpkg/diversions": .file("/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/id\n/id.x\n:\n"),
    ]))

  @Test(arguments: [
    ("/bin/ls", ["coreutils"]), ("/usr/bin/ls", ["coreutils"]), ("/lib/libc.so", ["libc6"]),
    ("/usr/lib/libc.so", []), ("/bin/sh", ["dash"]), ("/usr/bin/sh.distrib", ["bash", "dash"]),
    ("/usr/bin/id", []), ("/id.x", ["bash", "coreutils"]), ("/opt/x", []),
  ])
  func aFileBelongsToItsPackages(path: String, packages: [String]) throws {
    #expect(try PackageFiles.owners(of: FilePath(path), on: host) == packages)
    #expect(try PackageFiles.owner(of: FilePath(path), on: host) == packages.first)
  }

  @Test func withoutDpkgNobodyCanTell() {
    #expect(throws: TargetError.self) {
      try PackageFiles.owner(of: "/bin/ls", on: Host(MemoryTarget()))
    }
  }

  @Test func aListThatCannotBeReadThrows() {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/var/lib/dpkg/info/a.list")
    let host = Host(MemoryTarget(["/var/lib/dpkg/info/a.list": node]))
    #expect(throws: TargetError.permissionDenied("/var/lib/dpkg/info/a.list")) {
      try PackageFiles.owner(of: "/bin/ls", on: host)
    }
    let broken = Host(
      MemoryTarget(texts: [
        "/var/lib/dpkg/info/a.list": "/.\n", "/var/lib/dpkg/diversions": "/a\n/b\n",
      ]))
    #expect(throws: TargetError.self) { try PackageFiles.owner(of: "/a", on: broken) }
  }

  static let hasDpkg = FileManager.default.fileExists(atPath: "/usr/bin/dpkg-query")

  @Test(.enabled(if: hasDpkg)) func dpkgFindsTheSameOwners() throws {
    let folder = "/var/lib/dpkg/info"
    var nodes: [FilePath: MemoryTarget.Node] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".list") {
      let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
      nodes[FilePath(folder + "/" + name)] = .file(text)
    }
    nodes["/var/lib/dpkg/diversions"] = .file(
      try String(contentsOfFile: "/var/lib/dpkg/diversions", encoding: .utf8))
    for name in ["bin", "sbin", "lib", "lib64"] {
      if let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/" + name) {
        nodes[FilePath("/" + name)] = .link(to: FilePath(link))
      }
    }
    let host = Host(MemoryTarget(nodes))
    for path in ["/bin/ls", "/usr/bin/passwd", "/bin/su", "/bin/dash", "/etc/login.defs"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/dpkg-query")
      process.arguments = ["-S", path]
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let name = String(decoding: data, as: UTF8.self).prefix { $0 != ":" }
      #expect(try PackageFiles.owner(of: FilePath(path), on: host) == String(name))
    }
  }
}
