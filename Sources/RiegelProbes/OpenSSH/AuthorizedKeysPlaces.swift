import RiegelModel
import SystemPackage

/// Where sshd looks for the keys that open an account, and whether others could put some there.
struct AuthorizedKeysPlaces: Sendable {
  struct Place: Sendable {
    var account: SSHAccounts.Account
    var path: FilePath
    /// The line that names it.
    var origin: Origin
  }

  /// Every file of every account. Blocks that are about the user or his groups count.
  static func all(_ host: Host) throws(TargetError) -> [Place] {
    try host.remember("authorized-keys-places") { () throws(TargetError) -> [Place] in
      guard let configuration = try SshdConfiguration.of(host),
        let keyword = SshdKeyword.named("AuthorizedKeysFile")
      else { return [] }
      var places: [Place] = []
      for account in try SSHAccounts.of(host).accounts {
        let connection = SSHConnection(user: account.name, groups: account.groups)
        let effective = configuration.effective(keyword, for: connection)
        if effective.isUndetermined { throw configuration.doubt(keyword) }
        var seen: Set<FilePath> = []
        for pattern in effective.values ?? [] where pattern.lowercased() != "none" {
          let path = expand(pattern, account)
          guard path.isAbsolute, seen.insert(path).inserted else { continue }
          places.append(Place(account: account, path: path, origin: effective.origin))
        }
      }
      return places
    }
  }

  /// `%h`, `%u`, `%U` and `%%`; what is relative starts at the home.
  static func expand(_ pattern: String, _ account: SSHAccounts.Account) -> FilePath {
    var text = ""
    var rest = pattern[...]
    while let character = rest.popFirst() {
      guard character == "%", let token = rest.popFirst() else {
        text.append(character)
        continue
      }
      switch token {
      case "h": text += printable(account.home)
      case "u": text += account.name
      case "U": text += String(account.id)
      default: text.append(token)
      }
    }
    if text.hasPrefix("/") { return FilePath(text).lexicallyNormalized() }
    return account.home.pushing(FilePath(text)).lexicallyNormalized()
  }

  /// The first thing on the way to a file that somebody other than its owner and root may write:
  /// the file, or a folder above it up to the home (`safe_path(3)` of OpenSSH). A group of which
  /// nobody else is a member does no harm. Where the file is absent its folders count all the same.
  static func weakness(_ place: Place, _ host: Host) throws(TargetError) -> FilePath? {
    let home = try host.resolve(place.account.home) ?? place.account.home
    var path = try host.resolve(place.path) ?? place.path
    while true {
      if let metadata = try host.metadata(of: path) {
        let isForeign = metadata.user != 0 && metadata.user != place.account.id
        var byGroup = metadata.mode & 0o020 != 0
        if byGroup { byGroup = !(try isPrivate(metadata.group, place.account, host)) }
        if isForeign || byGroup || metadata.mode & 0o002 != 0 { return path }
      }
      if path == home || path.components.isEmpty { return nil }
      path = path.removingLastComponent()
    }
  }

  private static func isPrivate(
    _ group: UInt32, _ account: SSHAccounts.Account, _ host: Host
  ) throws(TargetError) -> Bool {
    if group == 0 { return true }
    let accounts = try SSHAccounts.of(host)
    let name = accounts.group(group)
    let others = accounts.accounts.filter {
      $0.id != account.id && ($0.group == group || $0.groups.contains(name))
    }
    return others.isEmpty && account.groups.contains(name)
  }
}
