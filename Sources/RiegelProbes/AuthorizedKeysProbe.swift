import RiegelModel
import SystemPackage

/// Observes the keys that open accounts: every key of every file that AuthorizedKeysFile names.
///
/// Options stand before the kind of key and may hold blanks and commas in quotes. Lines that sshd
/// passes over give no row but a note, for whoever wrote them means them to work.
struct AuthorizedKeysProbe: Probe {
  static let name = "authorized-keys"
  static let summary = "The keys that open an account by SSH, with their limits."

  static let fields: [Field] = [
    .text("user", "The account that the key opens."),
    .number("uid", "Its number."),
    .text("shell", "Its shell."),
    .text("path", "The file."),
    .text("type", "`ed25519`, `ecdsa`, `rsa`, `dsa`, `ed25519-sk`, `ecdsa-sk`."),
    .number("bits", "Size of the key."),
    .text("fingerprint", "As `ssh-keygen -l` shows it: `SHA256:…`."),
    .text("comment", "What follows the key."),
    .list("options", "Names of the options, in lower case."),
    .list("from", "Patterns of the addresses that may use it."),
    .text("command", "The one command that it runs."),
    .flag("restrict", "`restrict` takes all forwarding, the terminal and start-up files away."),
    .instant("expires", "`expiry-time`, local time taken for UTC."),
    .flag("cert-authority", "Signs certificates instead of logging in itself."),
    .list("principals", "Names that its certificates have to carry."),
    .flag("limited", "Has at least one of `from`, `command`, `restrict`, `expiry-time`."),
    .flag("hardware", "A key of a hardware token."),
  ]

  static let keys: [Key<Self>] = [.everything("`all`: every account of `/etc/passwd`.")]
  static let reads =
    SshdProbe.reads + [
      "/etc/passwd", "/etc/group", "/root/.ssh/authorized_keys*",
      "/home/*/.ssh/authorized_keys*",
    ]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    for place in try AuthorizedKeysPlaces.all(host) {
      let lines: [NumberedLine]
      do {
        lines = try host.lines(of: place.path) ?? []
      } catch {
        observation.gaps.append(error)
        continue
      }
      for line in lines {
        let text = line.text.drop { $0 == " " || $0 == "\t" }
        if text.isEmpty || text.hasPrefix("#") { continue }
        let origin = Origin.line(place.path, line.number)
        if let key = AuthorizedKey(text) {
          observation.rows.append(row(key, place, origin))
        } else {
          observation.notes.append(
            Note(
              en: "sshd passes over this line: it holds no key.",
              de: "sshd übergeht diese Zeile: Sie enthält keinen Schlüssel.", origin))
        }
      }
    }
    return observation
  }

  private func row(
    _ key: AuthorizedKey, _ place: AuthorizedKeysPlaces.Place, _ origin: Origin
  ) -> Row {
    var row = Row(
      "\(place.account.name) \(key.fingerprint)",
      [
        "user": .text(place.account.name, origin),
        "uid": .number(Int(place.account.id), .file("/etc/passwd")),
        "shell": .text(place.account.shell, .file("/etc/passwd")),
        "path": .text(printable(place.path), place.origin),
        "type": .text(key.key.type, origin),
        "fingerprint": .text(key.fingerprint, origin),
        "comment": .text(key.comment, origin),
        "options": .list(key.options.map(\.name), origin),
        "from": .list(split(key.value("from")), origin),
        "restrict": .flag(key.has("restrict"), origin),
        "cert-authority": .flag(key.has("cert-authority"), origin),
        "principals": .list(split(key.value("principals")), origin),
        "limited": .flag(
          ["from", "command", "restrict", "expiry-time"].contains { key.has($0) }, origin),
        "hardware": .flag(key.key.type.hasSuffix("-sk"), origin),
      ])
    if let bits = key.key.bits { row.facts["bits"] = .number(bits, origin) }
    if let command = key.value("command") { row.facts["command"] = .text(command, origin) }
    if let expires = key.expires { row.facts["expires"] = .known(.instant(expires), origin) }
    return row
  }

  private func split(_ list: String?) -> [String] {
    (list ?? "").split(separator: ",").map(String.init)
  }
}

/// Observes the files themselves: whether somebody else could write a key into an account.
struct AuthorizedKeysFilesProbe: Probe {
  static let name = "authorized-keys-files"
  static let summary = "The files of keys of every account, and who could write them."

  static let fields: [Field] = [
    .flag(
      "protected",
      "The file, or its place, and all folders up to the home can be written by the owner and root only."
    ),
    .text("weak-path", "The first file or folder on the way that others can write."),
    .text("user", "The account."),
    .text("path", "The file."),
    .flag("present", "It is there."),
    .mode("mode", "Its mode."),
    .text("owner", "Its owner."),
  ]

  static let keys: [Key<Self>] = [.everything("`all`: every account of `/etc/passwd`.")]
  static let reads = AuthorizedKeysProbe.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let accounts = try SSHAccounts.of(host)
    var observation = Observation()
    for place in try AuthorizedKeysPlaces.all(host) {
      let origin = Origin.file(place.path)
      do {
        // An account whose home does not exist has no place for keys.
        let metadata = try host.metadata(of: place.path)
        if metadata == nil, try host.metadata(of: place.path.removingLastComponent()) == nil {
          continue
        }
        let weakness = try AuthorizedKeysPlaces.weakness(place, host)
        var row = Row(
          "\(place.account.name) \(printable(place.path))",
          [
            "protected": .flag(weakness == nil, weakness.map { .file($0) } ?? origin),
            "user": .text(place.account.name, .file("/etc/passwd")),
            "path": .text(printable(place.path), place.origin),
            "present": .flag(metadata != nil, origin),
          ])
        if let weakness { row.facts["weak-path"] = .text(printable(weakness), .file(weakness)) }
        if let metadata {
          row.facts["mode"] = .known(.mode(metadata.mode), origin)
          row.facts["owner"] = .text(accounts.user(metadata.user), origin)
        }
        observation.rows.append(row)
      } catch {
        observation.gaps.append(error)
      }
    }
    return observation
  }
}
