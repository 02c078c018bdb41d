import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct PackageProbeTests {
  private func observe(
    _ names: [String], _ texts: [String: String]
  ) throws(TargetError) -> Observation {
    var probe = PackageProbe()
    probe.names = names
    return try probe.observe(Host(MemoryTarget(texts: texts)))
  }

  private func paragraph(
    _ name: String, _ status: String = "install ok installed", _ version: String = "1.0",
    _ architecture: String = "amd64"
  ) -> String {
    "Package: \(name)\nStatus: \(status)\nPriority: optional\nArchitecture: \(architecture)\n"
      + "Version: \(version)\nDescription: text\n Package: no\n .\n\n"
  }

  private static let status = "/var/lib/dpkg/status"

  @Test func anInstalledPackageIsARow() throws {
    let text = paragraph("a") + paragraph("openssh-server", "hold ok installed", "1:9.2p1-2")
    let row = try #require(try observe(["openssh-server"], [Self.status: text]).rows.first)
    #expect(row["version"].value == .version("1:9.2p1-2"))
    #expect(row["version"].origin == .line("/var/lib/dpkg/status", 10))
    #expect(row["state"].value == .text("installed"))
    #expect(row["architecture"].value == .text("amd64"))
    #expect(row["held"].value == .flag(true))
    #expect(try observe(["telnetd"], [Self.status: text]).rows.isEmpty)
  }

  @Test(
    arguments: [
      ("install ok installed", "installed"), ("deinstall ok installed", "installed"),
      ("install ok half-installed", "half-installed"), ("install ok unpacked", "unpacked"),
      ("install reinstreq half-configured", "half-configured"),
      ("install ok triggers-awaited", "triggers-awaited"),
      ("install ok triggers-pending", "triggers-pending"),
      ("deinstall ok config-files", nil), ("purge ok not-installed", nil),
      ("unknown ok not-installed", nil),
    ] as [(String, String?)])
  func theStateDecidesWhetherThereIsARow(status: String, state: String?) throws {
    let rows = try observe(["a"], [Self.status: paragraph("a", status)]).rows
    #expect(rows.map { $0["state"].value } == (state.map { [.text($0)] } ?? []))
  }

  @Test func namesAndPatternsFindEachPackageOnce() throws {
    let text =
      paragraph("php8.2") + paragraph("php-cli") + paragraph("libc6")
      + paragraph("libc6", "install ok installed", "1.0", "i386")
    #expect(try observe(["php*", "php8.2"], [Self.status: text]).rows.count == 2)
    #expect(try observe(["libc6"], [Self.status: text]).rows.count == 2)
    #expect(try observe(["php[0-9]*"], [Self.status: text]).rows.map(\.subject) == ["php8.2"])
  }

  @Test(arguments: [
    "Package: a\nStatus: install ok exploded\nVersion: 1\n",
    "Package: a\nStatus: installed\nVersion: 1\n", "Package: a\nStatus: install ok installed\n",
    "Package: a\nPackage: b\n", "Package:\n",
  ])
  func aBrokenDatabaseThrowsAndNeverSaysNotInstalled(text: String) {
    #expect(throws: TargetError.self) { try observe(["telnetd"], [Self.status: text]) }
  }

  @Test func whatDpkgHasNotYetMergedCounts() throws {
    let texts = [
      Self.status: paragraph("a") + paragraph("b"),
      "/var/lib/dpkg/updates/0001": paragraph("a", "deinstall ok config-files"),
      "/var/lib/dpkg/updates/0002": paragraph("c"), "/var/lib/dpkg/updates/tmp.i": "rubbish",
    ]
    #expect(try observe(["a", "b", "c"], texts).rows.map(\.subject) == ["b", "c"])
  }

  @Test func imagesWithoutDpkgKeepAFilePerPackage() throws {
    let texts = [
      "/var/lib/dpkg/status.d/base": "Package: base-files\nVersion: 12\nArchitecture: amd64\n",
      "/var/lib/dpkg/status.d/base.md5sums": "0123 usr/share/x\n",
    ]
    #expect(try observe(["base-files"], texts).rows.count == 1)
    #expect(try observe(["telnetd"], texts).rows.isEmpty)
  }

  @Test(arguments: ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"])
  func alpinesDatabaseIsRead(path: String) throws {
    let text = "C:Q1x=\nP:openssh\nV:9.6_p1-r0\nA:x86_64\nF:usr\nR:sshd\n\nP:musl\nV:1.2.4-r2\n"
    let rows = try observe(["openssh", "musl"], [path: text]).rows
    #expect(rows.map { $0["version"].value } == [.version("9.6_p1-r0"), .version("1.2.4-r2")])
    #expect(throws: TargetError.self) { try observe(["x"], [path: "P:a\nV:1\nrubbish\n"]) }
  }

  @Test func opkgIsReadLikeDpkg() throws {
    let text = "Package: dropbear\nVersion: 2022.83\nStatus: install user installed\n\n"
    #expect(try observe(["dropbear"], ["/usr/lib/opkg/status": text]).rows.count == 1)
  }

  @Test(arguments: [
    "/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/Packages.db", "/var/lib/rpm/Packages",
    "/var/lib/pacman/local/a/desc",
  ])
  func aDatabaseThatIsNotReadIsUndetermined(path: String) {
    for extra in [[:], [Self.status: ""], [Self.status: paragraph("a")]] {
      let texts = extra.merging([path: "x"]) { $1 }
      #expect {
        try observe(["telnetd"], texts)
      } throws: { error in
        if case .undetermined(let found, _)? = error as? TargetError {
          path.hasPrefix(found.string)
        } else {
          false
        }
      }
    }
  }

  @Test func onDebianAForeignDatabaseIsANote() throws {
    let texts = [
      Self.status: paragraph("a"), "/var/lib/rpm/rpmdb.sqlite": "x", "/etc/os-release": "ID=debian",
    ]
    let observation = try observe(["a"], texts)
    #expect(observation.rows.count == 1)
    #expect(observation.notes.map(\.origin) == [.file("/var/lib/rpm/rpmdb.sqlite")])
  }

  @Test func noDatabaseAtAllIsNoAnswer() throws {
    #expect(throws: TargetError.self) { try observe(["telnetd"], [:]) }
    #expect(try observe(["telnetd"], [Self.status: ""]).rows.isEmpty)
    let lost = [Self.status: "", "/var/lib/dpkg/info/bash.list": "/.\n"]
    #expect(throws: TargetError.self) { try observe(["telnetd"], lost) }
  }

  @Test func anUnreadableDatabaseThrows() {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/var/lib/dpkg/status")
    var sealed = MemoryTarget(texts: [Self.status: paragraph("a")])
    sealed.seal = { .notCollected($0) }
    for target in [MemoryTarget(["/var/lib/dpkg/status": node]), sealed] {
      #expect(throws: TargetError.self) {
        var probe = PackageProbe()
        probe.names = ["telnetd"]
        _ = try probe.observe(Host(target))
      }
    }
  }

  @Test func hostileBytesDoNoHarm() throws {
    var node = MemoryTarget.Node.file(paragraph("a"))
    node.content += Array("Package: b\u{0}\n".utf8) + [0xff, 10]
    node.content += [UInt8](repeating: 65, count: 1 << 20)
    let database = try PackageDatabase.read(Host(MemoryTarget(["/var/lib/dpkg/status": node])))
    #expect(database.packages.map(\.name) == ["a"])
  }

  static let hasDpkg = FileManager.default.fileExists(atPath: "/usr/bin/dpkg-query")

  @Test(.enabled(if: hasDpkg))
  func thisMachinesPackagesAreThoseOfDpkgQuery() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/dpkg-query")
    process.arguments = [
      "-W", "-f", "${Package} ${Version} ${Architecture} ${db:Status-Status} ${db:Status-Want}\n",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    let text = try String(contentsOfFile: Self.status, encoding: .utf8)
    try process.run()
    let output = String(
      decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let theirs = output.split(separator: "\n").filter {
      !$0.contains(" not-installed ") && !$0.contains(" config-files ")
    }.map(String.init)
    let database = try PackageDatabase.read(Host(MemoryTarget(texts: [Self.status: text])))
    let mine = database.packages.map {
      "\($0.name) \($0.version) \($0.architecture) \($0.state.rawValue)"
        + ($0.isHeld ? " hold" : " install")
    }
    #expect(mine.sorted() == theirs.sorted())
    #expect(mine.count > 50)
  }
}
