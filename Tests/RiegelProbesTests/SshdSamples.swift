/// Configurations for the comparison with sshd; `@` stands for their folder, `§` for an at sign.
enum SshdSamples {
  static let all: [[String: String]] =
    single.map { ["sshd_config": $0] } + included + refused + generated

  private static let single: [String] = [
    "",
    "# nothing but a comment\n\n   \t\n",
    "PermitRootLogin no\nPermitRootLogin yes\n",
    "permitrootlogin NO\nPASSWORDAUTHENTICATION Yes\n",
    "PermitRootLogin=no\nMaxAuthTries = 3\nX11Forwarding= yes\nUsePAM =yes\n",
    "\tPermitRootLogin\t\"no\"   # trailing comment\n\"Banner\" \"/etc/issue net\"\n",
    "PermitRootLogin without-password\nGatewayPorts clientspecified\nIgnoreRhosts shosts-only\n",
    "PermitRootLogin forced-commands-only\nAllowTcpForwarding local\nAllowStreamLocalForwarding all\n",
    "LoginGraceTime 1m30\nClientAliveInterval 1h2m3s\nClientAliveCountMax 0\n",
    "LoginGraceTime 0\nMaxSessions 0\nUnusedConnectionTimeout 10m\n",
    "UnusedConnectionTimeout 5m\nUnusedConnectionTimeout none\nUnusedConnectionTimeout 7m\n",
    "ChannelTimeout session=15m agent-connection=1h\nChannelTimeout *=1\n",
    "ChannelTimeout none\n",
    "LogLevel debug1\nSyslogFacility local3\nLogLevel QUIET\n",
    "LogLevel verbose\nLogVerbose kex.c:* auth2.c:100\nFingerprintHash md5\nFingerprintHash sha512\n",
    "MaxStartups 5\n",
    "MaxStartups 10:20:30\nMaxStartups 3:4:5\n",
    "MaxStartups 10:20:30\nMaxStartups 7\nPerSourceMaxStartups 3\nPerSourceMaxStartups none\n",
    "PerSourceNetBlockSize 24:64\nPerSourceNetBlockSize 16:56\nPerSourceMaxStartups 8\n",
    "RekeyLimit 1G 1h\n",
    "RekeyLimit 512M\nRekeyLimit 2G 30m\n",
    "RekeyLimit default none\nRekeyLimit 1.5k\n",
    "Ciphers aes256-ctr,aes128-ctr\nCiphers +aes128-cbc\nMACs hmac-sha2-512\n",
    "Ciphers +aes256-cbc,aes128-ctr\nMACs ^hmac-md5,hmac-sha2-256\nKexAlgorithms -diffie-*,ecdh-*\n",
    "Ciphers -aes*-ctr,chacha20*\nMACs -*sha1*,umac-64*\nKexAlgorithms +diffie-hellman-group1-sha1\n",
    "HostKeyAlgorithms -ssh-rsa*,ecdsa*\nPubkeyAcceptedKeyTypes +ssh-rsa\nCASignatureAlgorithms ^ssh-rsa\n",
    "HostKeyAlgorithms *\nPubkeyAcceptedAlgorithms sk-*,ssh-ed25519\nHostbasedAcceptedKeyTypes ecdsa*\n",
    "AllowUsers alice bob§10.0.0.0/8\nAllowUsers carol\nDenyUsers mallory\nAllowGroups ssh \"domain users\"\n",
    "AcceptEnv LANG LC_*\nAcceptEnv COLORTERM\nSetEnv A=1 B=2 A=3\nSetEnv C=4\n",
    "Port 22\nPort 2222\nListenAddress 127.0.0.1\nListenAddress [::1]:2200\nListenAddress 0.0.0.0:24\n",
    "ListenAddress ::1\nPort 2022\nAddressFamily inet6\n",
    "Port 2022\nAddressFamily inet\n",
    "HostKey /etc/ssh/ssh_host_ed25519_key\nHostKey /etc/ssh/ssh_host_rsa_key\n",
    "Subsystem sftp internal-sftp -f AUTH -l INFO\nSubsystem other \"/usr/bin/a b\" c\n",
    "PermitOpen 10.0.0.1:80 host:*\nPermitListen 8080 localhost:9090\nPermitTunnel point-to-point\n",
    "PermitOpen none\nPermitListen any\nPermitOpen 1.2.3.4:5\n",
    "AuthenticationMethods publickey,password publickey,keyboard-interactive:pam\nAuthenticationMethods any\n",
    "AuthenticationMethods any\nKbdInteractiveAuthentication no\nChallengeResponseAuthentication yes\n",
    "ChallengeResponseAuthentication no\nKbdInteractiveAuthentication yes\nUsePAM yes\n",
    "PubkeyAuthOptions verify-required touch-required\nRequiredRSASize 3072\nExposeAuthInfo yes\n",
    "PermitUserEnvironment LANG,LC_*\nStreamLocalBindMask 0117\nStreamLocalBindMask 077\n",
    "IPQoS cs1 0x20\nIPQoS af21\nCompression delayed\nTCPKeepAlive no\nKeepAlive yes\n",
    "ForceCommand  internal-sftp -d %u  # not a comment\nVersionAddendum hello # comment\nChrootDirectory /srv/%u\n",
    "AuthorizedKeysFile /etc/keys/%u .ssh/authorized_keys\nAuthorizedKeysFile none\n",
    "AuthorizedPrincipalsCommand /a %u\nAuthorizedPrincipalsCommandUser nobody\nAuthorizedKeysCommand /usr/bin/x %u %k\nAuthorizedKeysCommandUser nobody\n",
    "AuthorizedKeysCommand none\nTrustedUserCAKeys /etc/ca.pub\nRevokedKeys none\nBanner none\n",
    "RSAAuthentication yes\nProtocol 2\nUsePrivilegeSeparation sandbox\nUseLogin no\nServerKeyBits 1024\n",
    "PermitRootLogin no\nMatch User root\n  PermitRootLogin yes\n  X11Forwarding yes\n",
    "Match User root\nPermitRootLogin no\nMatch Address 10.0.0.0/8\nPermitRootLogin yes\nMaxAuthTries 2\n",
    "Match all\nPermitRootLogin no\nPort 2222\nMatch user backup,www-*\nPermitRootLogin yes\nBanner /x\n",
    "PermitRootLogin yes\nMatch all\nPermitRootLogin no\nBanner /after\n",
    "Match Group root,!daemon\nAllowUsers a b\nAllowUsers c\nMatch Group *,!root\nAllowUsers z\nAcceptEnv X\n",
    "AllowUsers global\nAcceptEnv GLOBAL\nMatch Host *.example.org,!nas.*\nAllowUsers inner\nAcceptEnv I\n",
    "Match Host nas.example.com\nMaxSessions 1\nMatch Host=*.test User=www-data\nMaxSessions 2\n",
    "Match LocalPort 2222\nPasswordAuthentication no\nMatch LocalAddress 192.0.2.0/24 LocalPort 22\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n",
    "Match Address 192.168.*,2001:db8::/32\nForceCommand /bin/false\nMatch Address *,!10.1.2.3\nForceCommand none\nChrootDirectory none\n",
    "ChrootDirectory /jail\nForceCommand /x\nMatch User root\nChrootDirectory none\nForceCommand none\n",
    "Match User root\nCASignatureAlgorithms -ecdsa*\nPubkeyAcceptedAlgorithms ssh-ed25519\nRekeyLimit 1M\nMatch User root\nRekeyLimit 2M 5m\n",
    "RekeyLimit 1G 1h\nMatch User root,backup\nRekeyLimit 1M\n",
    "Match User root\nIPQoS ef\nStreamLocalBindMask 0\nLogLevel ERROR\nLogVerbose none\n",
    "ChannelTimeout session=1h\nMatch User backup\nChannelTimeout none\nUnusedConnectionTimeout none\nMatch User root\nUnusedConnectionTimeout 1m\n",
    "UnusedConnectionTimeout 1h\nMatch User root\nUnusedConnectionTimeout none\n",
    "AuthenticationMethods publickey\nMatch User root\nAuthenticationMethods any\nMatch User backup\nAuthenticationMethods hostbased,publickey\n",
    "Match User \"root\"   # who\nPermitTTY no\nMatch all # everybody\nPermitUserRC no\n",
    "Match User root Address 10.0.0.0/8,!10.1.0.0/16\nPermitTTY no\nMatch User root Address !10.1.0.0/16,*\nPermitTTY no\n",
    "MaxAuthTries 6\r\nPermitRootLogin no\r\nMatch User root\r\nMaxAuthTries 1\r\n",
    "PermitOpen 1.1.1.1:1\nMatch User root\nPermitOpen any\nSetEnv X=1\nPermitListen none\n",
    "AuthorizedKeysCommand /k\nAuthorizedPrincipalsCommand /p\nMatch User root\nAuthorizedPrincipalsCommand /q\n",
    "DenyGroups a\nDenyUsers b\nMatch User root\nDenyGroups c\nDenyUsers d e\nAllowGroups f\n",
  ]

  private static let included: [[String: String]] = [
    [
      "sshd_config": "Include @/d/*.conf\nPermitRootLogin no\n",
      "d/50-vendor.conf": "PermitRootLogin yes\n", "d/10-first.conf": "MaxAuthTries 2\n",
      "d/.hidden.conf": "MaxAuthTries 9\n", "d/60.conf~": "X11Forwarding yes\n",
    ],
    [
      "sshd_config": "PermitRootLogin no\nInclude @/d/*.conf\nMaxSessions 3\n",
      "d/50.conf": "PermitRootLogin yes\nMatch User root\nMaxSessions 9\n",
      "d/60.conf": "MaxSessions 4\nBanner /sixty\n",
    ],
    [
      "sshd_config":
        "Match User root\nInclude @/inner.conf\nMaxAuthTries 1\nMatch all\nBanner /all\n",
      "inner.conf": "MaxAuthTries 2\nMatch Address 10.0.0.0/8\nPermitTTY no\nMaxSessions 1\n",
    ],
    [
      "sshd_config": "Match User backup\nInclude @/inner.conf\nMatch User root\nPermitTTY no\n",
      "inner.conf": "PermitTTY no\nMatch all\nX11Forwarding yes\nMatch User root\nMaxSessions 7\n",
    ],
    [
      "sshd_config": "Include @/a.conf @/b.conf @/missing.conf\nPort 24\n",
      "a.conf":
        "Include @/c.conf\nPort 22\nMatch Group root\nPermitRootLogin no\nInclude @/c.conf\n",
      "b.conf": "Port 23\nPermitRootLogin yes\n", "c.conf": "AcceptEnv C\nAllowUsers c\n",
    ],
    [
      "sshd_config": "Include \"@/with space.conf\"\nInclude @/[ab]?.conf\nInclude @/a1.conf\n",
      "with space.conf": "MaxAuthTries 5\n", "a1.conf": "AcceptEnv A1\n",
      "b2.conf": "AcceptEnv B2\n",
    ],
    [
      "sshd_config": "Include @/all.conf\nMaxAuthTries 4\nPermitRootLogin no\n",
      "all.conf": "Match all\nMaxAuthTries 3\nUseDNS yes\n",
    ],
    [
      "sshd_config": "Match User root\nMatch User backup\nInclude @/n/*\nPermitTTY no\n",
      "n/1": "Include @/m/1\nForceCommand /n1\n",
      "n/2": "Match Address 2001:db8::/32\nForceCommand /n2\nBanner /n2\n",
      "m/1": "Match LocalPort 2222\nBanner /m1\nAcceptEnv M1\n",
    ],
  ]

  /// What sshd does not start with.
  private static let refused: [[String: String]] =
    [
      "PermitRootLogin\n", "PermitRootLogin maybe\n", "\nPermitRotLogin no\n", "MaxAuthTries two\n",
      "LoginGraceTime 10x\n", "PermitRootLogin no yes\n", "Port 0\n", "Banner \"unclosed\n",
      "Match User root\nPort 22\n", "Match User\n", "Match Planet earth\nBanner /x\n",
      "Match all User x\n",
      "Match Address 10.0.0.1/8\n", "Match LocalPort ssh1\n", "Ciphers nosuch\n", "Ciphers aes*\n",
      "MACs hmac-md4\n", "KexAlgorithms +foo\n", "HostKeyAlgorithms foo\n", "AcceptEnv A=1\n",
      "SetEnv A\n",
      "AuthenticationMethods any publickey\n", "AuthenticationMethods magic\n",
      "MaxStartups 10:0:20\n",
      "AuthorizedKeysCommand bin/x\n", "PermitTunnel YES\n", "StreamLocalBindMask 999\n",
      "RekeyLimit 5\n",
      "ChannelTimeout session\n", "PerSourcePenalties no\n", "Subsystem sftp\n", "LogLevel LOUD\n",
      "SyslogFacility MAIL\n", "RequiredRSASize -1\n", "Match User root\nCiphers aes128-ctr\n",
      "PermitOpen 80\n", "IPQoS x\n", "Include\n", "Match User root\nSubsystem a b\n",
      "AllowUsers \"\"\n",
    ].map { ["sshd_config": $0] } + [
      ["sshd_config": "Include @/sshd_config\n"],
      ["sshd_config": "Match User root\nInclude @/a\n", "a": "Banner /x\nPort 3\n"],
    ]

  /// Drawn from these lines by a generator of fixed seed: whatever order they come in, sshd starts.
  private static let generated: [[String: String]] = {
    let pool = [
      "PermitRootLogin yes", "PermitRootLogin no", "PermitRootLogin prohibit-password",
      "MaxAuthTries 2", "MaxAuthTries 5", "MaxSessions 1", "X11Forwarding yes", "X11Forwarding no",
      "AllowUsers a b", "AllowUsers c", "DenyGroups g", "AcceptEnv A", "AcceptEnv B_*",
      "PasswordAuthentication no", "PasswordAuthentication yes", "Banner /one", "Banner none",
      "ForceCommand /f", "RekeyLimit 1G", "RekeyLimit 2G 1h", "LogLevel VERBOSE", "LogLevel ERROR",
      "ClientAliveInterval 5m", "ClientAliveInterval 60", "PubkeyAcceptedKeyTypes -ssh-rsa*",
      "PermitTunnel yes", "GatewayPorts clientspecified", "PermitOpen a:1 b:2", "PermitOpen none",
      "AuthorizedKeysFile /k/%u", "AuthorizedKeysFile /l/%u .ssh/x", "IPQoS ef", "IPQoS cs3 cs4",
      "StreamLocalBindMask 0117", "AllowTcpForwarding local", "DisableForwarding yes",
      "Match User root", "Match User backup,www-*", "Match Group root,backup", "Match all",
      "Match Address 10.0.0.0/8,192.168.*", "Match Host *.test,*.com",
      "Match LocalAddress 192.0.2.1",
      "Match User !root,*", "Include §/1.conf", "Include §/2.conf", "Include §/*.conf",
    ].map { $0.replacing("§", with: "@") }
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    func text(_ count: Int, _ bound: Int) -> String {
      (0..<count).map { _ in pool[next(bound)] + "\n" }.joined()
    }
    return (0..<40).map { _ in
      [
        "sshd_config": text(14, pool.count), "1.conf": text(5, pool.count - 3),
        "2.conf": text(4, pool.count - 3),
      ]
    }
  }()
}
