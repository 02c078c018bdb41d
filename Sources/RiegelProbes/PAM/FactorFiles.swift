import RiegelModel
import SystemPackage

/// Where the modules of second factors keep who has set one up.
struct FactorFiles {
  /// Mappings of public keys only: what holds a secret is not asked for by content.
  static let reads = [
    "/etc/u2f_mappings", "/etc/u2f_keys", "/etc/Yubico/u2f_keys", "/etc/yubikey_mappings",
    "/etc/yubico/authorized_yubikeys", "/home/*/.config/Yubico/u2f_keys",
    "/root/.config/Yubico/u2f_keys", "/home/*/.yubico/authorized_yubikeys",
  ]

  private let host: Host

  init(_ host: Host) { self.host = host }

  /// Whether a line asks for a second factor: one of the modules for it, or SSSD with smart cards.
  static func isFactor(_ entry: PAMEntry) -> Bool {
    guard entry.kind == .module else { return false }
    return PAMModule.role(of: entry.module) == .token
      || entry.module == "pam_sss" && (entry.has("try_cert_auth") || entry.has("require_cert_auth"))
  }

  /// Enrolled with any of them; what one of them does not tell leaves a "no" of the others open.
  func enrolment(of account: PasswdEntry, _ factors: [PAMEntry]) -> Fact {
    var absent: Origin?
    var doubt: TargetError?
    for factor in factors {
      do {
        let (found, origin) = try enrolment(of: account, factor)
        if found { return .flag(true, origin) }
        absent = absent ?? origin
      } catch {
        doubt = doubt ?? error
      }
    }
    if let doubt { return .unknown(doubt) }
    return .flag(false, absent ?? account.origin)
  }

  private func enrolment(
    of account: PasswdEntry, _ factor: PAMEntry
  ) throws(TargetError) -> (Bool, Origin) {
    switch factor.module {
    case "pam_u2f": return try keys(account, factor)
    case "pam_google_authenticator":
      let path = placed(factor.argument("secret") ?? "${HOME}/.google_authenticator", account)
      // A secret of 80 bits takes 16 characters and a line end.
      let size = try host.metadata(of: path).flatMap { $0.kind == .file ? $0.size : nil } ?? 0
      return (size > 16, .file(path))
    case "pam_oath":
      let path = placed(factor.argument("usersfile") ?? "/etc/users.oath", account)
      return try line(of: path) { words in
        words.count >= 4 && words[0].hasPrefix("HOTP") && words[1] == account.name[...]
      }
    case "pam_yubico": return try yubico(account, factor)
    case "pam_otpw": return try exists(placed("${HOME}/.otpw", account))
    case "pam_pkcs11", "pam_sss", "pam_radius_auth", "pam_radius", "pam_duo", "pam_privacyidea",
      "pam_linotp":
      throw .remote(
        factor.place.path ?? "/etc/pam.d",
        Localized(
          en: "who has set up a second factor for \(factor.module) is kept elsewhere",
          de: "wer für \(factor.module) einen zweiten Faktor hat, ist anderswo hinterlegt"))
    default:
      throw .undetermined(
        factor.place.path ?? "/etc/pam.d",
        Localized(
          en: "where \(factor.module) keeps its mappings is not known here",
          de: "wo \(factor.module) seine Zuordnungen ablegt, ist hier nicht bekannt"))
    }
  }

  /// pam_u2f(8): `name:key:key…`, of one name the last line; in the format of OpenSSH one key.
  private func keys(
    _ account: PasswdEntry, _ factor: PAMEntry
  ) throws(TargetError) -> (Bool, Origin) {
    var text = factor.argument("authfile") ?? ".config/Yubico/u2f_keys"
    if factor.has("expand") {
      text = text.replacing("%u", with: account.name).replacing("%%", with: "%")
    }
    let path =
      text.hasPrefix("/") ? FilePath(text) : FilePath(account.home).pushing(FilePath(text))
    if factor.has("sshformat") { return try exists(path) }
    var found = false
    var origin = Origin.file(path)
    for line in try host.lines(of: path) ?? [] {
      let fields = line.text.split(separator: ":", omittingEmptySubsequences: false)
      guard fields[0] == account.name[...] else { continue }
      found = fields.dropFirst().contains { $0.trimmed.contains(",") }
      origin = .line(path, line.number)
    }
    return (found, origin)
  }

  private func yubico(
    _ account: PasswdEntry, _ factor: PAMEntry
  ) throws(TargetError) -> (Bool, Origin) {
    if factor.argument("mode") == "challenge-response" {
      let own = factor.argument("chalresp_path")
      let folder = placed(own ?? "${HOME}/.yubico", account)
      let name = own == nil ? "challenge" : account.name
      guard try host.metadata(of: folder)?.kind == .directory else { return (false, .file(folder)) }
      let file = try host.list(folder)?.first {
        $0.string == name || $0.string.hasPrefix(name + "-")
      }
      return (file != nil, .file(file.map(folder.appending) ?? folder))
    }
    if factor.argument("ldap_uri") != nil || factor.argument("ldapserver") != nil
      || factor.argument("ldap_server") != nil
    {
      throw .remote(
        factor.place.path ?? "/etc/pam.d",
        Localized(
          en: "which key belongs to whom is kept in a directory",
          de: "welcher Schlüssel wem gehört, steht in einem Verzeichnisdienst"))
    }
    let path = placed(factor.argument("authfile") ?? "${HOME}/.yubico/authorized_yubikeys", account)
    for line in try host.lines(of: path) ?? [] where !line.text.hasPrefix("#") {
      let fields = line.text.split(separator: ":", omittingEmptySubsequences: false)
      if fields[0] == account.name[...], fields.dropFirst().contains(where: { !$0.trimmed.isEmpty })
      {
        return (true, .line(path, line.number))
      }
    }
    return (false, .file(path))
  }

  private func exists(_ path: FilePath) throws(TargetError) -> (Bool, Origin) {
    let metadata = try host.metadata(of: path)
    return (metadata?.kind == .file && (metadata?.size ?? 0) > 0, .file(path))
  }

  private func line(
    of path: FilePath, where condition: ([Substring]) -> Bool
  ) throws(TargetError) -> (Bool, Origin) {
    for line in try host.lines(of: path) ?? [] where !line.text.trimmed.hasPrefix("#") {
      if condition(line.text.split { $0 == " " || $0 == "\t" }) {
        return (true, .line(path, line.number))
      }
    }
    return (false, .file(path))
  }

  /// A place with `~`, `${HOME}` and `${USER}` put in; what is relative begins at the home.
  private func placed(_ text: String, _ account: PasswdEntry) -> FilePath {
    var text = text.replacing("${HOME}", with: account.home).replacing(
      "${USER}", with: account.name)
    text = text.replacing("%h", with: account.home).replacing("%u", with: account.name)
    if text.hasPrefix("~") { text = account.home + text.dropFirst() }
    return text.hasPrefix("/") ? FilePath(text) : FilePath(account.home).pushing(FilePath(text))
  }
}
