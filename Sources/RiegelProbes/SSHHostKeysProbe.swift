import RiegelModel
import SystemPackage

/// Observes the host keys that sshd loads: not what lies in the folder, but what HostKey names.
///
/// sshd ignores a key of its default list that is not there, and one that others may read. Only
/// metadata and the public part are looked at (`sshd_config(5)`, HostKey).
struct SSHHostKeysProbe: Probe {
  static let name = "ssh-host-keys"
  static let summary = "The host keys of the OpenSSH server: kind, size, owner and mode."

  static let fields: [Field] = [
    .text("path", "The private key file."),
    .flag("present", "The file is there; sshd goes on without the ones that are not."),
    .text("type", "`ed25519`, `ecdsa`, `rsa`, `dsa`, from the public part."),
    .number("bits", "Size of the key."),
    .mode("mode", "Mode of the private key file."),
    .text("user", "Its owner."),
    .text("group", "Its group."),
    .mode("public-mode", "Mode of the public key file."),
    .text("public-user", "Owner of the public key file."),
  ]

  static let keys: [Key<Self>] = [.everything("`all`: every key that sshd is told to load.")]
  static let reads = SshdProbe.reads + ["/etc/ssh/ssh_host_*_key", "/etc/ssh/ssh_host_*_key.pub"]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let configuration = try SshdConfiguration.of(host),
      let keyword = SshdKeyword.named("HostKey"),
      let global = try configuration.contexts(host).first
    else { return Observation() }
    let effective = configuration.effective(keyword, global.passes)
    if effective.isUndetermined { throw configuration.doubt(keyword) }
    var observation = Observation()
    for path in effective.values ?? [] where path != "none" {
      observation.rows.append(try row(FilePath(path), effective.origin, host))
    }
    return observation
  }

  private func row(_ path: FilePath, _ named: Origin, _ host: Host) throws(TargetError) -> Row {
    let origin = Origin.file(path)
    var row = Row(printable(path), ["path": .text(printable(path), named)])
    let accounts = try SSHAccounts.of(host)
    do {
      guard let metadata = try host.metadata(of: path) else {
        row.facts["present"] = .flag(false, origin)
        return row
      }
      row.facts["present"] = .flag(true, origin)
      row.facts["mode"] = .known(.mode(metadata.mode), origin)
      row.facts["user"] = .text(accounts.user(metadata.user), origin)
      row.facts["group"] = .text(accounts.group(metadata.group), origin)
    } catch {
      for field in ["present", "mode", "user", "group"] { row.facts[field] = .unknown(error) }
    }
    let publicPath = FilePath(printable(path) + ".pub")
    do {
      if let metadata = try host.metadata(of: publicPath) {
        row.facts["public-mode"] = .known(.mode(metadata.mode), .file(publicPath))
        row.facts["public-user"] = .text(accounts.user(metadata.user), .file(publicPath))
      }
    } catch {
      row.facts["public-mode"] = .unknown(error)
      row.facts["public-user"] = .unknown(error)
    }
    do {
      guard let (key, from) = try key(path, publicPath, host) else {
        let error = TargetError.undetermined(
          path,
          Localized(
            en: "Neither file shows the kind of the key.",
            de: "Keine der Dateien zeigt die Art des Schlüssels."))
        row.facts["type"] = .unknown(error)
        row.facts["bits"] = .unknown(error)
        return row
      }
      row.facts["type"] = .text(key.type, .file(from))
      if let bits = key.bits { row.facts["bits"] = .number(bits, .file(from)) }
    } catch {
      row.facts["type"] = .unknown(error)
      row.facts["bits"] = .unknown(error)
    }
    return row
  }

  /// The private file tells the truth where it can be read; the public one may be of another key.
  private func key(
    _ path: FilePath, _ publicPath: FilePath, _ host: Host
  ) throws(TargetError) -> (SSHPublicKey, FilePath)? {
    var obstacle: TargetError?
    do {
      if let bytes = try host.bytes(of: path), let key = SSHPublicKey(privateFile: bytes) {
        return (key, path)
      }
    } catch {
      obstacle = error
    }
    if let text = try host.text(of: publicPath) {
      let words = text.split(separator: " ", maxSplits: 2)
      if words.count > 1,
        let key = SSHPublicKey(
          algorithm: String(words[0]),
          base64: String(words[1].prefix { !$0.isWhitespace }))
      {
        return (key, publicPath)
      }
    }
    if let obstacle { throw obstacle }
    return nil
  }
}
