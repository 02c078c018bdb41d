import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

struct LUKSProbeTests {
  private func ask(_ bytes: [UInt8]) throws -> Observation {
    var probe = LUKSProbe()
    probe.volumes = ["/img"]
    let node = MemoryTarget.Node(.init(kind: .file, mode: 0o600, size: bytes.count), content: bytes)
    return try look(probe, at: [:], nodes: ["/img": node])
  }

  private static let cryptsetup = "/sbin/cryptsetup"
  private static let hasCryptsetup = FileManager.default.isExecutableFile(atPath: cryptsetup)

  private struct Case: Sendable, CustomStringConvertible {
    var options: String
    var expected: [String: String]
    var description: String { options }
  }

  /// An image that cryptsetup made, and what it prints of it.
  private func made(_ options: String, _ more: (String) -> Void = { _ in }) throws -> (
    [UInt8], String
  ) {
    let folder = try planted([:])
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.path + "/img"
    FileManager.default.createFile(atPath: path, contents: nil)
    try #require(truncate(path, 20 << 20) == 0)
    let words = options.split(separator: " ").map(String.init)
    _ = try #require(
      printed(
        by: Self.cryptsetup, ["luksFormat", "--batch-mode"] + words + [path, "-"], input: "secret"))
    more(path)
    let dump = try #require(printed(by: Self.cryptsetup, ["luksDump", path]))
    return (Array(try Data(contentsOf: URL(fileURLWithPath: path)).prefix(4 << 20)), dump)
  }

  @Test(
    .enabled(if: hasCryptsetup),
    arguments: [
      Case(
        options:
          "--type luks1 --cipher aes-xts-plain64 --key-size 256 --pbkdf-force-iterations 1234",
        expected: [
          "version": "1", "cipher": "aes-xts-plain64", "key-bits": "256", "kdf": "[pbkdf2]",
          "slots": "1", "pbkdf2-iterations": "1234", "argon2-memory": "absent", "tokens": "[]",
        ]),
      Case(
        options:
          "--type luks2 --cipher aes-xts-plain64 --key-size 512 --pbkdf argon2id --pbkdf-force-iterations 4 --pbkdf-memory 65536 --pbkdf-parallel 1",
        expected: [
          "version": "2", "cipher": "aes-xts-plain64", "key-bits": "512", "kdf": "[argon2id]",
          "slots": "1", "pbkdf2-iterations": "absent", "argon2-memory": "65536", "argon2-time": "4",
          "tpm2-pin": "absent",
        ]),
      Case(
        options:
          "--type luks2 --cipher aes-cbc-essiv:sha256 --key-size 256 --pbkdf pbkdf2 --pbkdf-force-iterations 2000",
        expected: [
          "version": "2", "cipher": "aes-cbc-essiv:sha256", "key-bits": "256", "kdf": "[pbkdf2]",
          "pbkdf2-iterations": "2000",
        ]),
      Case(
        options:
          "--type luks2 --luks2-metadata-size 128k --luks2-keyslots-size 1m --key-size 512 --pbkdf argon2i --pbkdf-force-iterations 4 --pbkdf-memory 32 --pbkdf-parallel 1",
        expected: ["kdf": "[argon2i]", "argon2-memory": "32", "key-bits": "512"]),
    ])
  private func headersThatCryptsetupWritesAreRead(_ example: Case) throws {
    let (bytes, dump) = try made(example.options)
    let seen = try ask(bytes)
    #expect(seen.gaps.isEmpty)
    let row = try #require(seen.rows.first)
    for (field, value) in example.expected { #expect(row.said(field) == value, "\(field)") }
    #expect(dump.contains(row.said("cipher").split(separator: "-").first ?? "?"))
  }

  @Test(.enabled(if: hasCryptsetup))
  func tokensAndFurtherSlotsAreRead() throws {
    let quick = "--pbkdf pbkdf2 --pbkdf-force-iterations 1000"
    let (bytes, _) = try made("--type luks2 --key-size 512 \(quick)") { path in
      for token in [
        #"{"type":"systemd-tpm2","keyslots":["0"],"tpm2-blob":"AAAA","tpm2-policy-hash":"00112233","tpm2-pcrs":[7,11],"tpm2-pin":true}"#,
        #"{"type":"systemd-tpm2","keyslots":["0"],"tpm2-blob":"AAAA","tpm2-policy-hash":"00112233","tpm2-pcrs":[7]}"#,
        #"{"type":"clevis","keyslots":["0"],"jwe":{}}"#,
      ] {
        _ = printed(
          by: Self.cryptsetup, ["token", "import", "--json-file", "-", path], input: token)
      }
    }
    let row = try #require(try ask(bytes).rows.first)
    #expect(row.said("tokens") == "[systemd-tpm2, systemd-tpm2, clevis]")
    #expect(row.said("tpm2-pin") == "no")
    #expect(row.said("tpm2-pcrs") == "[7]")
  }

  // MARK: - Broken headers

  private func header(_ json: String, size: UInt64 = 16384) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16384)
    bytes.replaceSubrange(0..<8, with: [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 2])
    for index in 0..<8 {
      bytes[8 + index] = UInt8(truncatingIfNeeded: size >> UInt64(56 - 8 * index))
    }
    let text = Array(json.utf8.prefix(12288))
    bytes.replaceSubrange(4096..<4096 + text.count, with: text)
    return bytes
  }

  @Test(arguments: [
    "", "{", "null", "[]", "{}", #"{"keyslots":{},"segments":{},"tokens":{}}"#,
    #"{"keyslots":{"0":{"type":"luks2"}},"segments":{"0":{"encryption":"aes"}},"tokens":{}}"#,
    #"{"keyslots":{"0":{"type":"luks2","key_size":-1}},"segments":{"0":{"encryption":"aes"}},"tokens":{}}"#,
    #"{"keyslots":{"0":{"type":"luks2","key_size":99999999999999999999}},"segments":{},"tokens":{}}"#,
    String(repeating: "[", count: 12288), String(repeating: #"{"a":"#, count: 3000),
  ])
  func brokenMetadataIsAGap(_ json: String) throws {
    let seen = try ask(header(json))
    #expect(seen.rows.isEmpty)
    #expect(seen.gaps.count == 1)
  }

  @Test(arguments: [0, 4095, 1 << 40, UInt64.max])
  func lyingSizesAreGaps(_ size: UInt64) throws {
    #expect(try ask(header("{}", size: size)).gaps.count == 1)
  }

  @Test(arguments: [[], [0x4c], Array("LUKS".utf8), [UInt8](repeating: 0xff, count: 10000)])
  func whatIsNoHeaderIsAGap(_ bytes: [UInt8]) throws {
    let seen = try ask(bytes)
    #expect(seen.rows.isEmpty)
    #expect(seen.gaps.count == 1)
  }

  @Test func cryptsetupsFirstFormatWithAStrangeSlotIsMalformed() throws {
    var bytes = header("")
    bytes[7] = 1
    bytes[111] = 32
    #expect(try ask(bytes).gaps.count == 1)
  }

  @Test func allAsksForEveryVolumeOfCrypttabAndKernel() throws {
    var probe = LUKSProbe()
    probe.volumes = ["all"]
    let seen = try look(
      probe,
      at: [
        "/etc/crypttab":
          "a UUID=1 none luks\nb /dev/sdb1 /dev/urandom swap\nc /dev/sdc1 none header=/h\n",
        "/h": "no header", "/proc/x": "",
      ])
    #expect(seen.rows.isEmpty)
    #expect(seen.gaps.map { printable($0.path) } == ["/dev/disk/by-uuid/1", "/h"])
  }
}
