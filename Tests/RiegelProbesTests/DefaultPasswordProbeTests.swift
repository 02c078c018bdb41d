import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct DefaultPasswordProbeTests {
  private func observe(
    _ shadow: String, _ candidates: [String] = ["%n", "admin", "raspberry"],
    passwd: String = "anna:x:1000:1000::/home/anna:/bin/bash\n", effort: Int = 100_000
  ) throws -> Observation {
    var probe = DefaultPasswordProbe()
    probe.candidates = candidates
    probe.effort = effort
    return try probe.observe(
      Host(
        MemoryTarget(texts: [
          "/etc/passwd": passwd, "/etc/shadow": shadow, "/etc/group": "anna:x:1000:\n",
        ])))
  }

  private func answer(_ hash: String, _ candidates: [String]) throws -> Fact.Content? {
    try observe("anna:\(hash):20000:0:99999:7:::\n", candidates).rows.first?["default"].content
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  /// Hashes as the programs of the distribution make them now, salt and all.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/mkpasswd")),
    arguments: [
      ["-m", "yescrypt"], ["-m", "yescrypt", "-R", "3"], ["-m", "gost-yescrypt", "-R", "1"],
      ["-m", "scrypt", "-R", "6"], ["-m", "bcrypt", "-R", "5"], ["-m", "sha512crypt"],
      ["-m", "sha512crypt", "-R", "20000"], ["-m", "sha256crypt"],
      ["-m", "sunmd5"], ["-m", "md5crypt"], ["-m", "bsdicrypt"], ["-m", "descrypt"],
      ["-m", "nt"],
    ])
  func whatMkpasswdHashedIsFound(_ method: [String]) throws {
    let program = "/usr/bin/mkpasswd"
    let known = try Self.run(program, method + ["raspberry"])
    let other = try Self.run(program, method + ["Vier-Tassen"])
    #expect(!known.isEmpty)
    #expect(try answer(known, ["admin", "raspberry"]) == .known(.flag(true)), "\(known)")
    #expect(try answer(other, ["admin", "raspberry"]) == .known(.flag(false)), "\(other)")
  }

  @Test func anEmptyListOfPasswordsProvesNothing() {
    #expect(throws: TargetError.self) { try observe("anna:$1$a$b:20000:0:99999:7:::\n", []) }
  }

  /// Debian's mkpasswd makes none of these, but crypt(3) checks them.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/perl")))
  func whatPerlHashedAsSHA1IsFound() throws {
    let hash = try Self.run(
      "/usr/bin/perl", ["-e", "print crypt('raspberry', '$sha1$2000$abcdefgh$')"])
    #expect(hash.hasPrefix("$sha1$2000$abcdefgh$"))
    #expect(try answer(hash, ["admin", "raspberry"]) == .known(.flag(true)))
    #expect(try answer(hash, ["admin"]) == .known(.flag(false)))
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")),
    arguments: ["-6", "-5", "-1"])
  func whatOpensslHashedIsFound(_ method: String) throws {
    let hash = try Self.run("/usr/bin/openssl", ["passwd", method, "toor"])
    #expect(try answer(hash, ["admin", "toor"]) == .known(.flag(true)))
    #expect(try answer(hash, ["admin"]) == .known(.flag(false)))
  }

  // Made with crypt(3) for `anna`, `%`, and `100%n`.
  private static let anna = hash("anna")

  private static func hash(_ phrase: String) -> String {
    (try? run("/usr/bin/perl", ["-e", "print crypt($ARGV[0], q($5$rounds=1000$salt$))", phrase]))
      ?? ""
  }

  @Test func theAccountsOwnNameIsPutIn() throws {
    #expect(try answer(Self.anna, ["%n"]) == .known(.flag(true)))
    #expect(try answer(Self.anna, ["%%n"]) == .known(.flag(false)))
    #expect(try answer(Self.hash("100%n"), ["100%%n"]) == .known(.flag(true)))
    #expect(try answer(Self.hash("anna1%"), ["%n1%"]) == .known(.flag(true)))
  }

  @Test(arguments: ["", "*", "!", "!!", "!$5$rounds=1000$salt$x", "x"])
  func whatOpensToNoPasswordHasNoRow(_ field: String) throws {
    #expect(try observe("anna:\(field):20000::::::\n").rows.isEmpty)
  }

  @Test(arguments: [
    "$y$j9T$REDACTED", "$6$REDACTED", "$6$rounds=9000$REDACTED", "$2b$10$REDACTED", "$7$CREDACTED",
    ".............", "_...................",
  ])
  func whatASnapshotTookOutIsNotCollected(_ field: String) throws {
    #expect(try answer(field, ["admin"]) == .unknown(.notCollected("/etc/shadow")))
  }

  /// A hash that costs too much, one whose method is not known, and one that asks for gigabytes.
  @Test(arguments: [
    "$6$rounds=900000000$salt$x", "$2b$31$abcdefghijklmnopqrstuu", "$argon2id$v=19$m=1,t=1,p=1$x$x",
    "$y$jHT$salt$x", "$y$jzz$salt$x", "$y$j9T/1$salt$x", "$7$zzzzz/....salt$x", "$2b$99999999999$x",
    "$sha1$99999999999999999999$x$x", "$6$rounds=x$salt$x",
  ])
  func whatIsNotTriedIsNotKnown(_ field: String) throws {
    guard case .unknown(.undetermined) = try answer(field, ["admin"]) else {
      Issue.record("must be undetermined")
      return
    }
  }

  @Test func theBoundCutsTheSameTriesEveryTime() throws {
    let names = (0..<50).map { "u\($0)" }
    let passwd = names.enumerated().map { "\($1):x:\(1000 + $0):1000::/:/bin/sh\n" }.joined()
    let shadow = names.map { "\($0):\(Self.anna):20000::::::\n" }.joined()
    let found = try (0..<2).map { _ in
      try observe(shadow, ["admin", "anna"], passwd: passwd, effort: 400)
    }
    #expect(found[0] == found[1])
    let contents = found[0].rows.map { $0["default"].content }
    #expect(contents.filter { $0 == .known(.flag(true)) }.count == 30)
    #expect(!contents.contains(.known(.flag(false))))
  }

  @Test func shadowThatCannotBeReadIsAGap() throws {
    var nodes: [FilePath: MemoryTarget.Node] = [
      "/etc/passwd": .file("anna:x:1000:1000::/:/bin/sh\nbert:\(Self.anna):1001:1001::/:/bin/sh\n"),
      "/etc/group": .file(""), "/etc/shadow": .file(""),
    ]
    nodes["/etc/shadow"]?.failure = .permissionDenied("/etc/shadow")
    var probe = DefaultPasswordProbe()
    probe.candidates = ["anna"]
    let found = try probe.observe(Host(MemoryTarget(nodes)))
    #expect(found.gaps == [.permissionDenied("/etc/shadow")])
    #expect(found.rows.map { $0["default"].content } == [.known(.flag(true))])
  }

  @Test func nothingOfHashOrPasswordLeavesTheProbe() throws {
    let found = try observe("anna:\(Self.anna):20000::::::\n", ["secret-default", "anna"])
    let text = String(describing: found)
    #expect(!text.contains("secret-default"))
    #expect(!text.contains("$5$"))
    #expect(!text.contains(Self.anna.suffix(20)))
  }

  /// The estimate may not be far from what this machine takes, or the bound would mean nothing.
  @Test(arguments: ["$5$rounds=100000$salt$x", "$6$rounds=100000$salt$x", "$y$j8T$salt$x"])
  func anEstimateIsOfTheRightSize(_ setting: String) throws {
    let hash = PasswordHash(setting[...])
    let cost = try #require(hash.cost)
    #expect((50...500).contains(cost), "\(cost)")
  }
}
