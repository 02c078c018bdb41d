import RiegelModel

/// What sshd does when nothing is set, by version (`fill_default_server_options`).
///
/// Compared with the sources of 8.2, 8.4, 8.9, 9.2, 9.6, 9.9, 10.0 and 10.3 and with the programs of
/// Debian 11, 12 and 13; versions between follow the release notes.
enum SshdDefaults {
  enum Answer: Sendable, Hashable {
    case value([String])
    /// Nothing is in force, such as no list of users.
    case nothing
    /// This build may have another default than upstream, or its version is not known.
    case undetermined
  }

  static func answer(_ keyword: SshdKeyword, _ build: OpenSSHBuild) -> Answer {
    guard let number = build.number, OpenSSHBuild.known.contains(number) else {
      return .undetermined
    }
    if case .algorithms(let kind) = keyword.kind {
      // Red Hat and SUSE patch the lists themselves.
      guard build.vendor == .debian || build.vendor == .alpine else { return .undetermined }
      return SSHAlgorithms.defaults(kind, build).map { .value($0) } ?? .undetermined
    }
    if let doubt = doubtful(keyword.id, number, build) { return doubt }
    if nothing.contains(keyword.id) { return .nothing }
    if let value = byVersion(keyword.id, number, build) { return .value(value) }
    if let value = constant[keyword.id] { return .value(value) }
    if none.contains(keyword.id) { return .value(["none"]) }
    return .undetermined
  }

  private static func doubtful(_ id: String, _ number: Int, _ build: OpenSSHBuild) -> Answer? {
    if keywordsOfBuild.contains(id), build.vendor != .debian { return .undetermined }
    switch id {
    // SUSE patches these (until the defaults of SLES 16).
    case "permitrootlogin", "usepam", "x11forwarding":
      return build.vendor == .suse ? .undetermined : nil
    // Host keys of the DSA kind left the list somewhere before 8.0.
    case "hostkey": return number < 800 ? .undetermined : nil
    default: return nil
    }
  }

  /// Their default depends on how the program was built.
  private static let keywordsOfBuild: Set<String> = [
    "gssapikeyexchange", "gssapistorecredentialsonrekey", "xauthlocation", "pidfile",
    "sshdsessionpath", "sshdauthpath", "debianbanner", "ipqos", "modulifile",
  ]

  private static let nothing: Set<String> = [
    "acceptenv", "allowusers", "allowgroups", "denyusers", "denygroups", "setenv",
    "hostcertificate", "logverbose", "subsystem",
  ]

  private static let none: Set<String> = [
    "banner", "forcecommand", "chrootdirectory", "trustedusercakeys", "revokedkeys",
    "authorizedprincipalsfile", "versionaddendum", "authorizedkeyscommand",
    "authorizedkeyscommanduser", "authorizedprincipalscommand", "authorizedprincipalscommanduser",
    "hostkeyagent", "channeltimeout", "unusedconnectiontimeout", "pubkeyauthoptions",
    "persourcemaxstartups", "persourcepenaltyexemptlist", "rdomain",
  ]

  private static func byVersion(
    _ id: String, _ number: Int, _ build: OpenSSHBuild
  ) -> [String]? {
    switch id {
    case "persourcepenalties": SshdPenalties.merge([], number)
    case "ipqos":
      if number >= 1001 {
        ["ef", "cs0"]
      } else if number >= 1000 {
        ["ef", "cs1"]
      } else {
        // Debian kept the old classes until 9.9.
        ["lowdelay", "throughput"]
      }
    case "sshdsessionpath": ["/usr/lib/openssh/sshd-session"]
    case "sshdauthpath": ["/usr/lib/openssh/sshd-auth"]
    default: nil
    }
  }

  private static let constant: [String: [String]] = [
    "addressfamily": ["any"], "allowagentforwarding": ["yes"],
    "allowstreamlocalforwarding": ["yes"], "allowtcpforwarding": ["yes"],
    "authenticationmethods": ["any"],
    "authorizedkeysfile": [".ssh/authorized_keys", ".ssh/authorized_keys2"],
    "clientalivecountmax": ["3"], "clientaliveinterval": ["0"], "compression": ["yes"],
    "debianbanner": ["yes"], "disableforwarding": ["no"], "exposeauthinfo": ["no"],
    "fingerprinthash": ["SHA256"], "gatewayports": ["no"], "gssapiauthentication": ["no"],
    "gssapicleanupcredentials": ["yes"], "gssapidelegatecredentials": ["yes"],
    "gssapikeyexchange": ["no"], "gssapistorecredentialsonrekey": ["no"],
    "gssapistrictacceptorcheck": ["yes"], "hostbasedauthentication": ["no"],
    "hostbasedusesnamefrompacketonly": ["no"],
    "hostkey": [
      "/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ecdsa_key", "/etc/ssh/ssh_host_ed25519_key",
    ],
    "ignorerhosts": ["yes"], "ignoreuserknownhosts": ["no"],
    "kbdinteractiveauthentication": ["yes"], "kerberosauthentication": ["no"],
    "kerberosgetafstoken": ["no"], "kerberosorlocalpasswd": ["yes"],
    "kerberosticketcleanup": ["yes"], "listenaddress": ["[::]:22", "0.0.0.0:22"],
    "logingracetime": ["120"], "loglevel": ["INFO"], "maxauthtries": ["6"],
    "maxsessions": ["10"], "maxstartups": ["10:30:100"], "modulifile": ["/etc/ssh/moduli"],
    "pamservicename": ["sshd"], "passwordauthentication": ["yes"],
    "permitemptypasswords": ["no"], "permitlisten": ["any"], "permitopen": ["any"],
    "permitrootlogin": ["prohibit-password"], "permittty": ["yes"], "permittunnel": ["no"],
    "permituserenvironment": ["no"], "permituserrc": ["yes"], "persourcenetblocksize": ["32:128"],
    "pidfile": ["/run/sshd.pid"], "port": ["22"], "printlastlog": ["yes"], "printmotd": ["yes"],
    "pubkeyauthentication": ["yes"], "refuseconnection": ["no"], "rekeylimit": ["0", "0"],
    "requiredrsasize": ["1024"], "securitykeyprovider": ["internal"],
    "streamlocalbindmask": ["0177"], "streamlocalbindunlink": ["no"], "strictmodes": ["yes"],
    "syslogfacility": ["AUTH"], "tcpkeepalive": ["yes"], "usedns": ["no"], "usepam": ["no"],
    "x11displayoffset": ["10"], "x11forwarding": ["no"], "x11uselocalhost": ["yes"],
    "xauthlocation": ["/usr/bin/xauth"],
  ]
}
