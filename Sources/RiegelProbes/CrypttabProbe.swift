import RiegelModel
import SystemPackage

/// Observes the volumes that `crypttab(5)` unlocks at boot, and the protection of their key files.
///
/// A volume without key file still takes `/etc/cryptsetup-keys.d/NAME.key` if that exists
/// (systemd); `/dev/urandom` is no file to protect but a new key for every boot.
struct CrypttabProbe: Probe {
  static let name = "crypttab"
  static let summary = "Volumes unlocked at boot, how, and who can read their keys."
  static let fields: [Field] = [
    .text("name", "The name of the mapping."),
    .text("device", "The device as written."),
    .text("keyfile", "The key file; absent if a person or a token unlocks the volume."),
    .choice(
      "unlock",
      ["passphrase", "file", "random", "tpm2", "fido2", "pkcs11", "keyscript", "socket"],
      "What unlocks the volume."),
    .list("options", "The options as written."),
    .mode("keyfile-mode", "Permissions of the key file; absent if there is none on this host."),
    .number("keyfile-user", "Numeric owner of the key file."),
    .number("keyfile-group", "Numeric group of the key file."),
    .choice(
      "keyfile-protection", ["encrypted", "plain", "volatile", "remote"],
      "What protects the storage that the key file lies on."),
  ]
  static let keys: [Key<Self>] = [.everything("All lines of /etc/crypttab.")]
  static let reads =
    ["/etc/crypttab", "/etc/cryptsetup-keys.d/*", "/run/cryptsetup-keys.d/*"] + StoragePath.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let table = try Crypttab.of(host) else { return Observation() }
    var observation = Observation(gaps: table.gaps)
    for entry in table.entries {
      let origin = entry.origin
      var facts: [String: Fact] = [
        "name": .text(entry.name, origin), "device": .text(entry.device, origin),
        "options": .list(entry.options, origin),
      ]
      do throws(TargetError) {
        let key = try keyFile(entry, host)
        facts["unlock"] = .text(CrypttabProbe.unlock(entry, key), origin)
        if let key {
          facts["keyfile"] = .text(key, origin)
          describe(key, host, &facts)
        }
      } catch {
        for field in ["keyfile", "unlock", "keyfile-mode", "keyfile-user", "keyfile-group"] {
          facts[field] = .unknown(error)
        }
      }
      observation.rows.append(Row(entry.name, facts))
    }
    return observation
  }

  private func keyFile(_ entry: Crypttab.Entry, _ host: Host) throws(TargetError) -> String? {
    if let written = entry.keyFile { return written }
    guard !entry.name.contains("/") else { return nil }
    for folder in ["/etc/cryptsetup-keys.d", "/run/cryptsetup-keys.d"] {
      let path = FilePath(folder).appending(entry.name + ".key")
      if !host.isRunning, isVolatile(path) { continue }
      if try host.exists(path) { return printable(path) }
    }
    return nil
  }

  private static func unlock(_ entry: Crypttab.Entry, _ key: String?) -> String {
    if entry.option("tpm2-device") != nil { return "tpm2" }
    if entry.option("fido2-device") != nil { return "fido2" }
    if entry.option("pkcs11-uri") != nil { return "pkcs11" }
    if entry.option("keyscript") != nil { return "keyscript" }
    guard let key else { return "passphrase" }
    if ["/dev/urandom", "/dev/random", "/dev/hw_random"].contains(key) { return "random" }
    return "file"
  }

  /// Facts of the key file itself; never its content.
  private func describe(_ key: String, _ host: Host, _ facts: inout [String: Fact]) {
    guard key.hasPrefix("/"), !key.hasPrefix("/dev/") else { return }
    let path = FilePath(key).lexicallyNormalized()
    let fields = ["keyfile-mode", "keyfile-user", "keyfile-group"]
    // `FILE:DEVICE` lies on another device that only the boot mounts.
    if let colon = key.firstIndex(of: ":"),
      key[colon...].dropFirst().contains(where: { $0 == "=" || $0 == "/" })
    {
      let error = TargetError.notCollected(FilePath(String(key[..<colon])))
      for field in fields + ["keyfile-protection"] { facts[field] = .unknown(error) }
      return
    }
    do throws(TargetError) {
      guard let metadata = try host.metadata(of: path) else { return }
      if metadata.kind == .socket {
        facts["unlock"] = .text("socket", .file(path))
        return
      }
      facts["keyfile-mode"] = .known(.mode(metadata.mode), .file(path))
      facts["keyfile-user"] = .number(Int(metadata.user), .file(path))
      facts["keyfile-group"] = .number(Int(metadata.group), .file(path))
    } catch {
      for field in fields { facts[field] = .unknown(error) }
    }
    do throws(TargetError) {
      let found = try StoragePath(host).protection(of: path)
      facts["keyfile-protection"] = .text(found.protection.kind.rawValue, found.protection.origin)
    } catch {
      facts["keyfile-protection"] = .unknown(error)
    }
  }
}
