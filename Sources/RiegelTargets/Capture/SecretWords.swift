import RiegelModel

/// What secrets look like, as lists: the binary and the script that it prints read the same ones.
enum SecretWords {
  /// Written in a secret's place. Kept short, and no value that a program would take for its own.
  static let marker = redactedMarker

  /// A key that ends so names a secret; `-` counts as `_`, capitals as small letters.
  static let endings = [
    "password", "passwd", "passphrase", "passwort", "pwd", "psk", "secret", "token", "apikey",
    "api_key", "access_key", "accesskey", "secret_key", "secretkey", "private_key", "privatekey",
    "preshared_key", "presharedkey", "shared_key", "auth_key", "authkey", "encryption_key",
    "community", "bindpw", "rootpw", "authorization", "setcredential", "set_credential",
    "setcredentialencrypted", "wep_key0", "wep_key1", "wep_key2", "wep_key3", "requirepass",
    "masterauth", "_pass", ".pass", "_pin", ".pin", "client_key_data", "storage_key", "account_key",
  ]
  /// Whole keys that name one.
  static let keys = ["pass"]
  /// First words of a line after which a blank is enough: `bindpw geheim`.
  static let directives = [
    "password", "passwd", "passphrase", "secret", "psk", "bindpw", "rootpw", "rootbindpw",
    "requirepass", "masterauth", "community", "token",
  ]
  /// Values that give nothing away.
  static let harmless = [
    "", "yes", "no", "true", "false", "on", "off", "none", "ask", "required", "optional", "enabled",
    "disabled", "null", "sufficient", "requisite",
  ]
  /// What a token of a known service, a hash or an API key begins with.
  static let tokens = [
    "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "AKIA",
    "ASIA", "AIza", "sk_live_", "rk_live_", "eyJ", "grub.pbkdf2.", "{SSHA}", "{SHA}", "{CRYPT}",
    "{SSHA512}", "AGE-SECRET-KEY-", "hvs.", "npm_", "pypi-", "dop_v1_", "SG.", "$1$", "$5$", "$6$",
    "$y$", "$gy$", "$7$", "$2a$", "$2b$", "$2y$", "$apr1$", "$argon2", "$sha1$", "$pbkdf2",
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
    "*/munge/munge.key", "*/users.oath", "*.google_authenticator*",
    "/var/lib/google-authenticator/*", "*/iscsi/initiatorname.iscsi", "*/shadow.backup",
  ]
  /// Files in which nothing looks like a secret by accident, or which have rules of their own.
  static let unscanned = [
    "/etc/nsswitch.conf", "/usr/etc/nsswitch.conf", "/etc/sudoers", "/etc/sudoers.d/*",
    "/usr/etc/sudoers", "/usr/etc/sudoers.d/*", "/etc/passwdqc.conf", "/boot/config-*",
    "/lib/modules/*", "/usr/lib/modules/*", "/var/lib/dpkg/*", "/usr/lib/os-release",
    "*/apk/db/installed", "/proc/sys/*", "/sys/*", "/usr/lib/opkg/status", "/var/lib/opkg/status",
  ]
  /// Files in which a first word and a blank mean something else.
  static let withoutDirectives = [
    "/etc/pam.d/*", "/usr/lib/pam.d/*", "/usr/etc/pam.d/*", "/etc/pam.conf",
  ]
  /// Files whose second field between colons is a password's hash.
  static let accounts = [
    "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/passwd-", "/etc/shadow-",
    "/etc/group-", "/etc/gshadow-", "/usr/lib/passwd", "/usr/lib/group", "/usr/lib/shadow",
  ]
  /// Files of words, in which the one after `password` is one.
  static let netrc = ["*/.netrc", "*/_netrc", "/etc/netrc", "/etc/apt/auth.conf*"]
}
