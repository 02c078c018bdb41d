import RiegelModel
import SystemPackage

/// What is known of a PAM module: what its success means, and what it may return.
struct PAMModule: Sendable {
  enum Role: Sendable, Hashable {
    /// Proves that the person knows a secret (or, for a directory, whatever that asks for).
    case password
    /// Proves that the person has a thing: a hardware key, a one-time code, a smart card.
    case token
    /// Proves a person by the body; alone it is a factor of its own.
    case biometric
    /// Succeeds by who or where somebody is, without any proof.
    case condition
    /// Does something beside, or refuses; its success proves nothing.
    case side
    /// Counts failures and locks.
    case lockout
    /// Not known here.
    case unknown
  }

  static let tokens = [
    "pam_u2f", "pam_google_authenticator", "pam_oath", "pam_yubico", "pam_pkcs11", "pam_p11",
    "pam_radius_auth", "pam_radius", "pam_duo", "pam_otpw", "pam_barada", "pam_privacyidea",
    "pam_linotp", "pam_fido2", "pam_sc", "pam_opensc", "pam_usb",
  ]
  static let lockouts = ["pam_faillock", "pam_tally2", "pam_tally", "pam_abl"]
  /// Modules that keep the passwords; what stands behind them in a stack comes too late.
  static let stores = [
    "pam_unix", "pam_sss", "pam_ldap", "pam_ldapd", "pam_krb5", "pam_winbind", "pam_systemd_home",
    "pam_tcb", "pam_userdb", "pam_pwdfile",
  ]
  static let qualities = ["pam_pwquality", "pam_passwdqc", "pam_cracklib"]

  private static let passwords: Set<String> = [
    "pam_unix", "pam_tcb", "pam_sss", "pam_ldap", "pam_krb5", "pam_winbind", "pam_systemd_home",
    "pam_userdb", "pam_pwdfile", "pam_mysql", "pam_pgsql", "pam_tacplus", "pam_lsass",
    "pam_lwidentity",
    "pam_vas3", "pam_centrifydc", "pam_oidc", "pam_himmelblau", "pam_aad", "pam_extrausers",
    "pam_ecryptfs_auth", "pam_ssh_agent_auth", "pam_rssh", "pam_ssh", "pam_timestamp",
  ]
  private static let biometrics: Set<String> = ["pam_fprintd", "pam_fprint", "pam_howdy"]
  private static let conditions: Set<String> = [
    "pam_rootok", "pam_wheel", "pam_succeed_if", "pam_localuser", "pam_usertype", "pam_listfile",
    "pam_access", "pam_time", "pam_rhosts", "pam_rhosts_auth", "pam_shells", "pam_securetty",
    "pam_debug", "pam_ftp", "pam_sepermit", "pam_selinux_permit",
  ]
  private static let sides: Set<String> = [
    "pam_permit", "pam_deny", "pam_env", "pam_nologin", "pam_faildelay", "pam_warn", "pam_echo",
    "pam_group", "pam_cap", "pam_gnome_keyring", "pam_kwallet", "pam_kwallet5", "pam_mount",
    "pam_ecryptfs", "pam_issue", "pam_motd", "pam_selinux", "pam_loginuid", "pam_limits",
    "pam_umask", "pam_lastlog", "pam_lastlog2", "pam_mail", "pam_keyinit", "pam_systemd",
    "pam_elogind", "pam_mkhomedir", "pam_oddjob_mkhomedir", "pam_namespace", "pam_tty_audit",
    "pam_xauth", "pam_setquota", "pam_postgresok", "pam_systemd_loadkey", "pam_tmpdir",
    "pam_pwquality", "pam_passwdqc", "pam_cracklib", "pam_pwhistory", "pam_canonicalize_user",
    "pam_capability", "pam_chroot", "pam_apparmor", "pam_afs_session", "pam_console",
    "pam_ck_connector",
    "pam_consolekit", "pam_wtmpdb", "pam_cgfs", "pam_lxc", "pam_stress", "pam_filter", "pam_dbus",
  ]

  static func role(of name: String) -> Role {
    if passwords.contains(name) { return .password }
    if tokens.contains(name) { return .token }
    if lockouts.contains(name) { return .lockout }
    if biometrics.contains(name) { return .biometric }
    if conditions.contains(name) { return .condition }
    return sides.contains(name) ? .side : .unknown
  }

  /// Every code that the module of a line may return, as far as this is known; all where it is not.
  ///
  /// - Parameter isListEmpty: whether the list of pam_sepermit names nobody.
  static func codes(
    of entry: PAMEntry, isMissing: Bool, isListEmpty: Bool = false
  ) -> [PAMCode] {
    if isMissing { return [.moduleUnknown] }
    switch entry.module {
    case "pam_permit": return [.success]
    case "pam_deny": return [.authErr]
    case "pam_warn": return [.ignore]
    case "pam_rootok": return [.success, .authErr]
    // Lets in whom its list names while SELinux enforces; the list is delivered empty.
    case "pam_sepermit" where isListEmpty && entry.argument("conf") == nil,
      "pam_selinux_permit" where isListEmpty && entry.argument("conf") == nil:
      return [.ignore]
    case "pam_env" where entry.type == .auth: return [.ignore]
    case "pam_group" where entry.type == .auth: return [.ignore] + PAMCode.failures
    case "pam_nologin" where !entry.has("successok"): return [.ignore] + PAMCode.failures
    case "pam_faildelay": return [.ignore, .moduleUnknown]
    // Without `trust` a member of the group is not let in, only not kept out.
    case "pam_wheel" where entry.type == .auth && !entry.has("trust"):
      return [.ignore, .permDenied, .authErr]
    case "pam_faillock" where entry.type == .auth && entry.has("authfail"):
      return [.ignore, .authErr]
    case "pam_unix" where entry.type == .auth:
      return [.success, .authErr, .userUnknown, .authinfoUnavail, .maxTries]
    default: return PAMCode.all
    }
  }

  /// Whether a token module lets a person through who has not set up the second factor.
  static func excusesUnenrolled(_ entry: PAMEntry) -> Bool {
    entry.arguments.contains { ["nullok", "nouserok", "allow_missing_name"].contains($0) }
      || entry.module == "pam_duo"
        && entry.argument("failmode").map { $0 == "safe" } ?? false
  }
}

/// Which module files a host has.
struct PAMModuleFiles: Sendable {
  /// nil if no folder with modules was found.
  private var names: Set<String>?
  private var error: TargetError?
  /// The list of pam_sepermit is there and names nobody.
  private var isSepermitEmpty = false

  static let folders = [
    "/lib/security", "/lib64/security", "/usr/lib/security", "/usr/lib64/security",
    "/usr/lib/*/security", "/lib/*/security", "/usr/lib/pam",
  ]

  static func of(_ host: Host) -> PAMModuleFiles {
    do {
      return try host.remember("pam.modules") { () throws(TargetError) -> PAMModuleFiles in
        PAMModuleFiles(host)
      }
    } catch {
      return PAMModuleFiles(error)
    }
  }

  private init(_ error: TargetError) { self.error = error }

  private init(_ host: Host) {
    // A list that cannot be read may name somebody.
    let list = outcome { () throws(TargetError) in
      try host.lines(of: "/etc/security/sepermit.conf")
    }
    if case .success(let lines?) = list {
      isSepermitEmpty = lines.allSatisfy {
        $0.text.trimmed.isEmpty || $0.text.trimmed.hasPrefix("#")
      }
    }
    do {
      for pattern in PAMModuleFiles.folders {
        for folder in try host.expand(pattern)
        where try host.metadata(of: folder)?.kind == .directory {
          let here = try host.list(folder) ?? []
          // A folder without any module is another program's.
          guard here.contains(where: { $0.string == "pam_unix.so" }) else { continue }
          names = (names ?? []).union(here.map(\.string))
        }
      }
    } catch {
      self.error = error
    }
  }

  /// Whether the module of a line is known to be missing, so that libpam returns `module_unknown`.
  func isMissing(_ entry: PAMEntry) -> Bool {
    if entry.path.hasPrefix("/") { return false }
    guard let names, error == nil else { return !entry.path.hasSuffix(".so") }
    return !names.contains(entry.path.split(separator: "/").last.map(String.init) ?? "")
  }

  /// What the module of a line may return on this host.
  func codes(of entry: PAMEntry) -> [PAMCode] {
    PAMModule.codes(of: entry, isMissing: isMissing(entry), isListEmpty: isSepermitEmpty)
  }

  /// nil where it cannot be said: no folder with modules, or a path of its own.
  func presence(of entry: PAMEntry) -> Fact {
    if let error { return .unknown(error) }
    guard names != nil, !entry.path.hasPrefix("/") else { return .absent() }
    return .flag(!isMissing(entry))
  }
}
