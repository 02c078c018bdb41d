/// A keyword of sshd_config(5): how its value is read, where it may stand, since when it exists.
struct SshdKeyword: Sendable {
  enum Kind: Sendable {
    /// One of these words in any case; the first of equal meaning is how it is shown.
    case choice([[String]])
    case flag
    /// Seconds.
    case time
    /// Seconds, or `none` for no limit.
    case timeOrNone
    case number
    case numberOrNone
    case word
    /// A file name or `none`.
    case path
    /// The rest of the line.
    case rest
    /// The rest of the line, an absolute path first.
    case command
    /// Several words; the first line wins as a whole.
    case words
    /// Several words; lines add up.
    case gathered
    /// One word a line; lines add up.
    case gatheredPath
    case port, listenAddress, subsystem
    case algorithms(SSHAlgorithms.Kind)
    case logLevel, facility, rekey, startups, netBlock, penalties, userEnvironment, tunnel, mask
    case digest, qos, keyOptions, channelTimeouts, methods
    /// Read without effect: deprecated, or built without.
    case ignored
  }

  /// As the manual page writes it.
  let name: String
  let kind: Kind
  /// May stand in a Match block.
  let isConditional: Bool
  /// The first version that knows it (902 = 9.2), or from which it may stand in a Match block.
  let since: Int
  let conditionalSince: Int
  /// Only in builds with the patches of Debian or Red Hat.
  let isPatched: Bool

  var id: String { name.lowercased() }

  private init(
    _ name: String, _ kind: Kind, match: Bool, since: Int = 0, matchSince: Int = 0,
    patched: Bool = false
  ) {
    self.name = name
    self.kind = kind
    isConditional = match
    self.since = since
    conditionalSince = matchSince
    isPatched = patched
  }

  func isAllowedInMatch(_ number: Int?) -> Bool {
    isConditional && (number ?? Int.max) >= conditionalSince
  }

  /// Keywords by their names and aliases in lower case.
  static func named(_ name: String) -> SshdKeyword? {
    let key = name.lowercased()
    return table[aliases[key] ?? key]
  }

  /// Whether lines of it add up instead of the first one winning.
  var gathers: Bool {
    switch kind {
    case .gathered, .gatheredPath, .port, .listenAddress, .subsystem, .penalties: true
    default: false
    }
  }

  /// The last line wins, against the manual page, in this version.
  func lastWins(_ number: Int?) -> Bool {
    guard let number else { return false }
    switch kind {
    case .mask, .digest: return true
    case .startups, .qos, .netBlock: return number < 1003
    case .numberOrNone: return number < 904
    default: return false
    }
  }

  /// What rules may ask for.
  static let names: [String] = all.filter { if case .ignored = $0.kind { false } else { true } }
    .map(\.name).sorted()

  static let aliases: [String: String] = [
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
    "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
    "hostbasedacceptedkeytypes": "hostbasedacceptedalgorithms",
    "dsaauthentication": "pubkeyauthentication",
    "hostdsakey": "hostkey",
    "keepalive": "tcpkeepalive",
    "gssapicleanupcreds": "gssapicleanupcredentials",
    "rsaminsize": "requiredrsasize",
  ]

  private static let table = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

  private static let forwarding: Kind = .choice([["yes", "all"], ["no"], ["remote"], ["local"]])

  private static let all: [SshdKeyword] = conditional + global + ignored

  private static let conditional: [SshdKeyword] = [
    .init("AcceptEnv", .gathered, match: true),
    .init("AllowAgentForwarding", .flag, match: true),
    .init("AllowGroups", .gathered, match: true),
    .init("AllowStreamLocalForwarding", forwarding, match: true),
    .init("AllowTcpForwarding", forwarding, match: true),
    .init("AllowUsers", .gathered, match: true),
    .init("AuthenticationMethods", .methods, match: true),
    .init("AuthorizedKeysCommand", .command, match: true),
    .init("AuthorizedKeysCommandUser", .word, match: true),
    .init("AuthorizedKeysFile", .words, match: true),
    .init("AuthorizedPrincipalsCommand", .command, match: true),
    .init("AuthorizedPrincipalsCommandUser", .word, match: true),
    .init("AuthorizedPrincipalsFile", .word, match: true),
    .init("Banner", .path, match: true),
    .init("CASignatureAlgorithms", .algorithms(.authorities), match: true, since: 709),
    .init("ChannelTimeout", .channelTimeouts, match: true, since: 902),
    .init("ChrootDirectory", .word, match: true),
    .init("ClientAliveCountMax", .number, match: true),
    .init("ClientAliveInterval", .time, match: true),
    .init("DenyGroups", .gathered, match: true),
    .init("DenyUsers", .gathered, match: true),
    .init("DisableForwarding", .flag, match: true, since: 704),
    .init("ExposeAuthInfo", .flag, match: true, since: 706),
    .init("ForceCommand", .rest, match: true),
    .init("GatewayPorts", .choice([["clientspecified"], ["yes"], ["no"]]), match: true),
    .init("GSSAPIAuthentication", .flag, match: true),
    .init("HostbasedAcceptedAlgorithms", .algorithms(.keys), match: true),
    .init("HostbasedAuthentication", .flag, match: true),
    .init("HostbasedUsesNameFromPacketOnly", .flag, match: true),
    .init(
      "IgnoreRhosts", .choice([["yes"], ["no"], ["shosts-only"]]), match: true, matchSince: 803),
    .init("IPQoS", .qos, match: true),
    .init("KbdInteractiveAuthentication", .flag, match: true),
    .init("KerberosAuthentication", .flag, match: true),
    .init("LogLevel", .logLevel, match: true),
    .init("LogVerbose", .words, match: true, since: 805),
    .init("MaxAuthTries", .number, match: true),
    .init("MaxSessions", .number, match: true),
    .init("PAMServiceName", .word, match: true, since: 908),
    .init("PasswordAuthentication", .flag, match: true),
    .init("PermitEmptyPasswords", .flag, match: true),
    .init("PermitListen", .words, match: true, since: 708),
    .init("PermitOpen", .words, match: true),
    .init(
      "PermitRootLogin",
      .choice([
        ["prohibit-password", "without-password"], ["forced-commands-only"], ["yes"], ["no"],
      ]), match: true),
    .init("PermitTTY", .flag, match: true),
    .init("PermitTunnel", .tunnel, match: true),
    .init("PermitUserRC", .flag, match: true),
    .init("PubkeyAcceptedAlgorithms", .algorithms(.keys), match: true),
    .init("PubkeyAuthentication", .flag, match: true),
    .init("PubkeyAuthOptions", .keyOptions, match: true, since: 802),
    .init("RDomain", .word, match: true, since: 707),
    .init("RefuseConnection", .flag, match: true, since: 909),
    .init("RekeyLimit", .rekey, match: true),
    .init("RequiredRSASize", .number, match: true, since: 807),
    .init("RevokedKeys", .path, match: true),
    .init("SetEnv", .words, match: true, since: 708),
    .init("StreamLocalBindMask", .mask, match: true),
    .init("StreamLocalBindUnlink", .flag, match: true),
    .init("Subsystem", .subsystem, match: true, matchSince: 905),
    .init("TrustedUserCAKeys", .path, match: true),
    .init("UnusedConnectionTimeout", .timeOrNone, match: true, since: 902),
    .init("X11DisplayOffset", .number, match: true),
    .init("X11Forwarding", .flag, match: true),
    .init("X11UseLocalhost", .flag, match: true),
  ]

  private static let global: [SshdKeyword] = [
    .init("AddressFamily", .choice([["inet"], ["inet6"], ["any"]]), match: false),
    .init("Ciphers", .algorithms(.ciphers), match: false),
    .init("Compression", .choice([["yes", "delayed"], ["no"]]), match: false),
    .init("DebianBanner", .flag, match: false, patched: true),
    .init("FingerprintHash", .digest, match: false),
    .init("GSSAPICleanupCredentials", .flag, match: false),
    .init("GSSAPIDelegateCredentials", .flag, match: false, since: 1001),
    .init("GSSAPIKexAlgorithms", .algorithms(.gss), match: false, patched: true),
    .init("GSSAPIKeyExchange", .flag, match: false, patched: true),
    .init("GSSAPIStoreCredentialsOnRekey", .flag, match: false, patched: true),
    .init("GSSAPIStrictAcceptorCheck", .flag, match: false),
    .init("HostCertificate", .gatheredPath, match: false),
    .init("HostKey", .gatheredPath, match: false),
    .init("HostKeyAgent", .path, match: false),
    .init("HostKeyAlgorithms", .algorithms(.keys), match: false),
    .init("IgnoreUserKnownHosts", .flag, match: false),
    .init("KerberosGetAFSToken", .flag, match: false),
    .init("KerberosOrLocalPasswd", .flag, match: false),
    .init("KerberosTicketCleanup", .flag, match: false),
    .init("KexAlgorithms", .algorithms(.keyExchanges), match: false),
    .init("ListenAddress", .listenAddress, match: false),
    .init("LoginGraceTime", .time, match: false),
    .init("MACs", .algorithms(.macs), match: false),
    .init("MaxStartups", .startups, match: false),
    .init("ModuliFile", .path, match: false, since: 806),
    .init("PermitUserEnvironment", .userEnvironment, match: false),
    .init("PerSourceMaxStartups", .numberOrNone, match: false, since: 805),
    .init("PerSourceNetBlockSize", .netBlock, match: false, since: 805),
    .init("PerSourcePenalties", .penalties, match: false, since: 908),
    .init("PerSourcePenaltyExemptList", .word, match: false, since: 908),
    .init("PidFile", .path, match: false),
    .init("Port", .port, match: false),
    .init("PrintLastLog", .flag, match: false),
    .init("PrintMotd", .flag, match: false),
    .init("SecurityKeyProvider", .path, match: false, since: 802),
    .init("SshdAuthPath", .path, match: false, since: 1000),
    .init("SshdSessionPath", .path, match: false, since: 908),
    .init("StrictModes", .flag, match: false),
    .init("SyslogFacility", .facility, match: false),
    .init("TCPKeepAlive", .flag, match: false),
    .init("UseDNS", .flag, match: false),
    .init("UsePAM", .flag, match: false),
    .init("VersionAddendum", .rest, match: false),
    .init("XAuthLocation", .path, match: false),
  ]

  private static let ignored: [SshdKeyword] =
    [
      "PAMAuthenticationViaKbdInt", "ServerKeyBits", "KeyRegenerationInterval",
      "RhostsAuthentication", "KerberosTgtPassing", "AFSTokenPassing", "GSSUseSessionCCache",
      "GSSAPIUseSessionCredCache", "CheckMail", "PermitBlacklistedKeys", "UseLogin", "Protocol",
      "VerifyReverseMapping", "ReverseMappingCheck", "UsePrivilegeSeparation",
    ].map { .init($0, .ignored, match: false) }
    + [
      "RhostsRSAAuthentication", "RSAAuthentication", "AuthorizedKeysFile2",
    ].map { .init($0, .ignored, match: true) }
    // Red Hat's patches.
    + [
      "GSSAPIEnablek5users", "KerberosUseKuserok", "KerberosUniqueCCache",
      "ExposeAuthenticationMethods", "ShowPatchLevel",
    ].map { .init($0, .ignored, match: true, patched: true) }
}
