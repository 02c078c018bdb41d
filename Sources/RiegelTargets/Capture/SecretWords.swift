import RiegelModel

/// What secrets look like, as lists: the binary and the script that it prints read the same ones.
enum SecretWords {
  /// Written in a secret's place. Kept short, and no value that a program would take for its own.
  static let marker = redactedMarker

  /// First words of a line of which the rest is a secret or tells one, besides keys that name one.
  static let directives = ["snmp-server"]
  /// What sends lines of rsyslog to a database; the last of its arguments is the password.
  static let outputs = [":ommysql:", ":ompgsql:", ":omlibdbi:"]
  /// Options of programs that take a secret, by the beginning of the program's name: with `=` only
  /// where the secret follows without a blank, with `%` or `:` what follows that sign in the value.
  static let options: [(program: String, option: String, after: String)] = [
    ("mysql", "-p", "="), ("mariadb", "-p", "="), ("sshpass", "-p", ""), ("curl", "-u", ":"),
    ("curl", "--user", ":"), ("curl", "--proxy-user", ":"), ("ldap", "-w", ""),
    ("smb", "-U", "%"), ("rpcclient", "-U", "%"), ("redis-cli", "-a", ""),
    ("mosquitto_", "-P", ""), ("ipmitool", "-P", ""), ("mongo", "-p", ""),
  ]
  /// What a token of a known service, a hash or an API key begins with.
  static let tokens = [
    "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "AKIA",
    "ASIA", "AIza", "sk_live_", "rk_live_", "eyJ", "grub.pbkdf2.", "AGE-SECRET-KEY-", "hvs.",
    "npm_", "pypi-", "dop_v1_", "SG.", "$1$", "$5$", "$6$",
    "$y$", "$gy$", "$7$", "$2a$", "$2b$", "$2y$", "$apr1$", "$argon2", "$sha1$", "$pbkdf2",
    "hooks.slack.com/services/", "sk-ant-", "sk-proj-",
  ]
  /// Schemes of passwords as dovecot and LDAP write them; what follows is one, however short.
  static let schemes = [
    "{PLAIN}", "{CLEARTEXT}", "{SSHA}", "{SHA}", "{CRYPT}", "{SSHA256}", "{SHA256}", "{SSHA512}",
    "{SHA512}", "{MD5}", "{SMD5}", "{CRAM-MD5}", "{NT}", "{NTLM}", "{LANMAN}", "{PBKDF2}",
    "{BLF-CRYPT}", "{SHA256-CRYPT}", "{SHA512-CRYPT}", "{ARGON2ID}", "{ARGON2I}", "{SCRAM-SHA-256}",
  ]
  /// Fewer characters after a token's beginning are an ordinary word.
  static let tokenLength = 12
  /// Keywords of the files of net-snmp; the rest of the line is a secret or tells one.
  static let snmp = [
    "rocommunity", "rwcommunity", "rocommunity6", "rwcommunity6", "trapcommunity",
    "authcommunity", "com2sec", "com2sec6", "com2secunix", "createuser", "usmuser", "trapsink",
    "trap2sink", "informsink", "trapsess", "proxy", "defauthpassphrase", "defprivpassphrase",
    "defpassphrase", "defauthlocalizedkey", "defprivlocalizedkey", "defcommunity",
  ]

  /// Files that are secrets as a whole, as shell patterns in which `*` also takes a slash.
  static let files = [
    "/etc/ssl/private/*", "/etc/pki/tls/private/*", "*/private/*.key", "/etc/cryptsetup-keys.d/*",
    "/run/cryptsetup-keys.d/*", "/etc/luks-keys/*", "*/chap-secrets", "*/pap-secrets",
    "*/srp-secrets", "*ipsec.secrets", "/etc/ipsec.d/private/*", "*.keytab", "*.p12", "*.pfx",
    "*.jks", "*.kdbx", "*.kdb", "*.ppk", "*.keystore", "*.tdb", "*/sasl_passwd*", "*/sasldb2",
    "*/passwd.client", "*/.pgpass", "*/opasswd*", "*htpasswd*", "*htdigest*", "*/ntp.keys",
    "*/chrony.keys", "*/rndc.key", "/etc/userdb/*", "/var/lib/systemd/home/*",
    "/etc/credstore*", "/run/credstore*", "*/dropbear*_host_key", "*/debconf/passwords.dat",
    "*/cookies*", "*/secring.*", "*/private-keys-v1.d/*", "*/.git-credentials",
    "*/.docker/config.json", "*/radius/clients*", "*/racoon/psk.txt", "*/master.key",
    "*/ssl/*.key", "*/openvpn/*.key", "*/stunnel/*.key", "*/ceph/*.keyring", "*/corosync/authkey",
    "*/munge/munge.key", "*/iscsi/initiatorname.iscsi", "*/shadow.backup",
    "*.secret", "*.secrets", "*.psk", "*wpa_psk", "*/docker/config.json", "*/containers/auth.json",
    "*/krb5kdc/stash*", "*/krb5kdc/.k5.*", "*/private_key.json", "*.private", "*/openvpn/*auth*",
    "*/openvpn/*pass*", "*google_authenticator*", "*users.oath*", "*u2f_mappings*", "*u2f_keys*",
    "*/.yubico/*", "*pam_radius_auth.conf*", "*/.vnc/passwd*", "*/redis/*.acl", "*/valkey/*.acl",
    "*erlang.cookie*", "/var/lib/google-authenticator/*",
  ]
  /// Files in which nothing looks like a secret by accident, or which have rules of their own.
  static let unscanned = [
    "/etc/nsswitch.conf", "/usr/etc/nsswitch.conf", "/etc/sudoers", "/etc/sudoers.d/*",
    "/usr/etc/sudoers", "/usr/etc/sudoers.d/*", "/etc/passwdqc.conf", "/boot/config-*",
    "/lib/modules/*", "/usr/lib/modules/*", "/var/lib/dpkg/*", "/usr/lib/os-release",
    "*/apk/db/installed", "/proc/sys/*", "/sys/*", "/usr/lib/opkg/status", "/var/lib/opkg/status",
    "/etc/apt/preferences*", "/etc/services", "/etc/rpc", "/etc/protocols",
  ]
  /// Files in which a first word and a blank mean something else.
  static let withoutDirectives = [
    "/etc/pam.d/*", "/usr/lib/pam.d/*", "/usr/etc/pam.d/*", "/etc/pam.conf",
  ]
  /// Files whose second field between colons is a password's hash, as shell patterns.
  static let accounts = [
    "/etc/passwd", "/etc/passwd-", "/etc/passwd.*", "/etc/group", "/etc/group-", "/etc/group.*",
    "/usr/lib/passwd", "/usr/lib/group", "*/shadow", "*/shadow-", "*/shadow.*", "*/gshadow",
    "*/gshadow-", "*/gshadow.*", "/var/backups/passwd.*", "/var/backups/group.*",
  ]
  /// Files of words, in which the one after `password` is one.
  static let netrc = [
    "*/.netrc", "*/_netrc", "/etc/netrc", "/etc/apt/auth.conf*", "*fetchmailrc",
  ]
  /// Records of logins, see ``LoginRecords``.
  static let logins = ["/var/log/wtmp*", "/var/log/btmp*", "/run/utmp", "/var/log/lastlog"]
}
