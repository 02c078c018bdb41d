extension Capture {
  /// Files whose contents never go into a snapshot, as shell patterns.
  package static let neverCaptured = SecretWords.files

  /// What is taken out of contents, each by the name that the log of a snapshot has for it.
  package static let redactionRules = [
    "password-hashes: salt and hash in passwd, shadow, group and gshadow; scheme and cost stay",
    "private-keys: private keys in PEM, of PGP and OpenVPN; kind, size and whether they are encrypted stay",
    "named-secrets: values of keys such as password, psk, secret, token, private-key",
    "snmp-communities: communities and users of net-snmp",
    "netrc-passwords: passwords in .netrc and apt's auth.conf",
    "address-passwords: the password in https://user:password@host",
    "tokens: tokens, API keys and hashes that are known by how they begin",
    "command-lines: passwords among the arguments of programs",
    "login-records: of wtmp and lastlog all but the time of each account's last login",
    "luks-headers: salts, digests and key material of LUKS; cipher, key derivation and slots stay",
  ]
}
