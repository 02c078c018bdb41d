import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

struct CrypttabProbeTests {
  private func ask(
    _ text: String, _ nodes: [FilePath: MemoryTarget.Node] = [:]
  ) throws -> Observation {
    try look(CrypttabProbe(), at: ["/etc/crypttab": text], nodes: nodes)
  }

  @Test(arguments: [
    ("a UUID=1 none luks,discard", "passphrase", "absent"), ("a UUID=1", "passphrase", "absent"),
    ("a UUID=1 -", "passphrase", "absent"),
    ("a /dev/sda1 /dev/urandom swap", "random", "/dev/urandom"),
    ("a UUID=1 /root/key luks", "file", "/root/key"),
    ("a UUID=1 - tpm2-device=auto", "tpm2", "absent"),
    ("a UUID=1 none fido2-device=auto", "fido2", "absent"),
    ("a UUID=1 x luks,keyscript=decrypt_derived", "keyscript", "x"),
  ])
  func aLineSaysWhatUnlocks(_ line: String, _ unlock: String, _ key: String) throws {
    let seen = try ask("# comment\n\n" + line + "\n")
    #expect(seen.said("unlock") == [unlock])
    #expect(seen.said("keyfile") == [key])
    #expect(seen.rows[0]["name"].origin == .line("/etc/crypttab", 3))
  }

  @Test func theKeyFilesPermissionsAreFacts() throws {
    let seen = try ask(
      "a UUID=1 /root/key luks,discard\n",
      [
        "/root/key": .file("SECRET", mode: 0o640, user: 7),
        "/etc/fstab": .file("PARTUUID=1 / ext4"),
      ])
    #expect(seen.said("keyfile-mode") == ["0640"])
    #expect(seen.said("keyfile-user") == ["7"])
    #expect(seen.said("options") == ["[luks, discard]"])
    #expect(seen.said("keyfile-protection") == ["plain"])
    #expect(!"\(seen)".contains("SECRET"))
  }

  @Test func systemdTakesAKeyFileNamedAfterTheVolume() throws {
    let seen = try ask("a UUID=1\n", ["/etc/cryptsetup-keys.d/a.key": .file("x", mode: 0o600)])
    #expect(seen.said("unlock") == ["file"])
    #expect(seen.said("keyfile-mode") == ["0600"])
  }

  @Test func aKeyFileOnAnotherDeviceIsNotCollected() throws {
    let seen = try ask("a UUID=1 /key:UUID=2 luks\n", ["/key": .file("x", mode: 0o600)])
    #expect(seen.said("keyfile-mode") == ["?"])
  }

  @Test(arguments: [
    "a\n", "a b c d e f\n", "\u{0}\n", String(repeating: "x", count: 1 << 20) + "\n",
  ])
  func hostileLinesAreGaps(_ line: String) throws {
    let seen = try ask("good UUID=1\n" + line)
    #expect(seen.said("name") == ["good"])
    #expect(seen.gaps.count == 1)
  }

  @Test func namesLeadNowhereElse() throws {
    let seen = try ask("../../root/x UUID=1\n", ["/root/x.key": .file("x")])
    #expect(seen.said("unlock") == ["passphrase"])
  }

  @Test func withoutTheFileThereIsNoRow() throws {
    #expect(try look(CrypttabProbe(), at: ["/etc/x": ""]) == Observation())
    var closed = MemoryTarget.Node.file("")
    closed.failure = .permissionDenied("/etc/crypttab")
    #expect(throws: TargetError.permissionDenied("/etc/crypttab")) {
      try look(CrypttabProbe(), at: [:], nodes: ["/etc/crypttab": closed])
    }
  }
}
