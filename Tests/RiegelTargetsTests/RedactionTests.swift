import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelTargets

/// Secrets of twenty kinds, each with a word that must never leave the host.
enum PlantedSecrets {
  /// Path, contents, and the words in them that are secret.
  static let files: [(path: String, text: String, secrets: [String])] = [
    (
      "/etc/shadow",
      """
      root:$y$j9T$PLANTSALT01$PLANTHASH01abcdefghijklmnop:19000:0:99999:7:::
      amy:$6$rounds=656000$PLANTSALT02$PLANTHASH02abcdefghijk:19000:0:99999:7:::
      bob:!$2b$12$PLANTHASH03abcdefghijklmnopqrstuvwxyzabcdefghijklmnop:19000::::::
      cat:PLANTHASH04ab:19000::::::
      dan:*:19000::::::
      eve::19000::::::

      """,
      ["PLANTSALT01", "PLANTHASH01", "PLANTSALT02", "PLANTHASH02", "PLANTHASH03", "PLANTHASH04"]
    ),
    ("/etc/gshadow", "wheel:$6$PLANTSALT05$PLANTHASH05abcdef::\n", ["PLANTSALT05", "PLANTHASH05"]),
    (
      "/etc/ssl/app.pem",
      "-----BEGIN RSA PRIVATE KEY-----\nPLANTKEY06MIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n",
      ["PLANTKEY06"]
    ),
    ("/etc/ssl/private/web.key", "PLANTKEY07\n", ["PLANTKEY07"]),
    (
      "/etc/wpa_supplicant/wpa_supplicant.conf",
      "network={\n\tssid=\"praxis\"\n\tpsk=\"PLANT 08, with comma\"\n\twep_key0=PLANT08B\n}\n",
      ["PLANT 08", "with comma", "PLANT08B"]
    ),
    (
      "/etc/NetworkManager/system-connections/wlan.nmconnection",
      "[wifi-security]\nkey-mgmt=wpa-psk\npsk=PLANT09\n[802-1x]\npassword=PLANT09B secret\n",
      ["PLANT09", "B secret"]
    ),
    (
      "/etc/snmp/snmpd.conf",
      "rocommunity PLANT10 default\ncreateUser u SHA \"PLANT10B\" AES PLANT10C\nagentAddress udp:161\n",
      ["PLANT10"]
    ),
    ("/etc/apt/auth.conf.d/x.conf", "machine deb.example login me password PLANT11\n", ["PLANT11"]),
    ("/etc/app/app.conf", "api_key = PLANT12\nAPI_TOKEN: 'PLANT12B'\nname = app\n", ["PLANT12"]),
    (
      "/etc/app/env",
      "export DB_PASSWORD=PLANT13 more\nURL=postgres://app:PLANT13B@db/app\nclientSecret=\"PLANT13C\"\n",
      ["PLANT13", "more"]
    ),
    (
      "/etc/app/config.json",
      #"{"user": "x", "password": "PLANT14\"quoted", "hashedPassword": ["PLANT14B"], "port": 1}"#
        + "\n",
      ["PLANT14", "quoted"]
    ),
    ("/etc/app/settings.xml", "<server><password>PLANT15</password></server>\n", ["PLANT15"]),
    (
      "/etc/fstab",
      "//nas/x /mnt cifs user=a,password=PLANT16,uid=0 0 0\n/dev/sda1 / ext4 defaults 0 1\n",
      ["PLANT16"]
    ),
    (
      "/etc/systemd/system/app.service",
      "[Service]\nEnvironment=\"TOKEN=PLANT17\" A=b\nExecStart=/usr/bin/app --password=PLANT17B -v\n",
      ["PLANT17"]
    ),
    ("/etc/ldap/ldap.conf", "bindpw PLANT18\nrootpw\tPLANT18B\nbase dc=x\n", ["PLANT18"]),
    (
      "/etc/gitlab/runner.toml",
      "x = 1 # glpat-PLANT19abcdefghijklmn and ghp_PLANT19Babcdefghijklmnopqrst\n",
      ["PLANT19"]
    ),
    (
      "/etc/wireguard/wg0.conf",
      "[Interface]\nPrivateKey = PLANT20=\n[Peer]\nPresharedKey=PLANT20B=\n", ["PLANT20"]
    ),
    (
      "/etc/nginx/users", "amy:$apr1$PLANT21salt$PLANT21hash\nbob:{SSHA}PLANT21Babcdefghijklmnop\n",
      ["PLANT21"]
    ),
    ("/etc/ppp/chap-secrets", "client * PLANT22 *\n", ["PLANT22"]),
    (
      "/boot/grub/grub.cfg",
      "password_pbkdf2 root grub.pbkdf2.sha512.10000.PLANT23\nset timeout=5\n",
      ["PLANT23"]
    ),
    ("/etc/krb5.keytab", "PLANT24\n", ["PLANT24"]),
    ("/etc/cryptsetup-keys.d/home.key", "PLANT25\n", ["PLANT25"]),
    (
      "/etc/openvpn/client.conf",
      "<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\nPLANT26\n-----END OpenVPN Static key V1-----\n"
        + "</tls-auth>\n<auth-user-pass>\nPLANT26B\n</auth-user-pass>\nremote x\n", ["PLANT26"]
    ),
    (
      "/etc/app/sign.asc",
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nPLANT27\n-----END PGP PRIVATE KEY BLOCK-----\n",
      ["PLANT27"]
    ),
    (
      "/etc/app/app.yaml",
      "db:\n  password: |\n    PLANT28\n\n    PLANT28B\n  port: 1\n  secret: >-\n    PLANT28C\n- token:\n    PLANT28D\n"
        + "schema:\n  token:\n    type: string\n", ["PLANT28"]
    ),
    (
      "/etc/app/pretty.json", "{\n \"secret\":\n  \"PLANT29: a\",\n \"a\": 1\n}\n",
      ["PLANT29", ": a"]
    ),
    (
      "/etc/app/config.php",
      "$dbpass='PLANT30';\n$cfg['blowfish_secret'] = 'PLANT30B';\n$x = array('password' => 'PLANT30C', 'a' => 'b');\n"
        + "define('DB_PASSWORD', 'PLANT30D');\ndefine( \"AUTH_KEY\", \"PLANT30E x\" );\n",
      ["PLANT30"]
    ),
    (
      "/etc/app/app.xml",
      "<p name=\"password\" value=\"PLANT31\"/>\n<p name=\"db.password\">PLANT31B</p>\n<password>\n PLANT31C\n PLANT31D</password>\n",
      ["PLANT31"]
    ),
    (
      "/etc/bind/keys", "key x { algorithm y; secret \"PLANT32\"; };\nkey { secret PLANT32B; };\n",
      ["PLANT32"]
    ),
    (
      "/etc/cron.d/x",
      "1 2 * * * root mysqldump -u root -pPLANT33 db\n1 2 * * * root curl -u amy:PLANT33B https://x/\n"
        + "1 2 * * * root sshpass -p PLANT33C ssh x\n1 2 * * * root tool --password PLANT33D --verbose\n"
        + "1 2 * * * root curl --user=amy:PLANT33E -H 'Authorization: Bearer PLANT33F' x\n"
        + "1 2 * * * root /usr/bin/ldapsearch -w PLANT33G -b x\n1 2 * * * root smbclient //a/b -U amy%PLANT33H\n"
        + "1 2 * * * root tool --token=PLANT33I -p x\n", ["PLANT33"]
    ),
    (
      "/etc/gitconfig", "[http]\n\textraHeader = Authorization: Basic PLANT34\n", ["PLANT34"]
    ),
    ("/etc/mosquitto/x.conf", "remote_password PLANT35\nremote_username a\n", ["PLANT35"]),
    (
      "/root/.netrc", "machine a\n\tpassword\n\tPLANT36\nmachine b password PLANT36B\n", ["PLANT36"]
    ),
    (
      "/etc/rsyslog.d/x.conf", "*.* :ommysql:127.0.0.1,Syslog,writer,PLANT37\n*.* log:514\n",
      ["PLANT37"]
    ),
    (
      "/etc/dovecot/users", "amy:{PLAIN}PLANT38:::\nbob:{SSHA256}PLANT38B==\n{a} {\n", ["PLANT38"]
    ),
    (
      "/etc/sssd/sssd.conf",
      "ldap_default_authtok_type = password\nldap_default_authtok = PLANT39\ncredentials=/etc/x\n",
      ["PLANT39"]
    ),
    ("/etc/app/x.conf", "password = PLANT40 \\\n PLANT40B\nport = 1\n", ["PLANT40"]),
    ("/etc/x/auto.nas", "x -fstype=cifs,username=amy%PLANT41,uid=0 ://nas/x\n", ["PLANT41"]),
    ("/var/backups/shadow.bak", "root:PLANT42:1::::::\n", ["PLANT42"]),
    ("/etc/frr/frr.conf", "snmp-server community PLANT43\n", ["PLANT43"]),
    ("/etc/app/azure", "x=AccountName=a;AccountKey=PLANT44;End=b\n", ["PLANT44"]),
    ("/etc/kernel/cmdline", "root=/dev/sda1 systemd.set_credential=x:PLANT45\n", ["PLANT45"]),
  ]

  static var secrets: [String] { files.flatMap(\.secrets) }

  /// What has to stay as it is, since rules read it.
  static let untouched: [(path: String, text: String)] = [
    ("/etc/login.defs", "PASS_MAX_DAYS\t90\nENCRYPT_METHOD YESCRYPT\nPASS_MIN_LEN 8\n"),
    ("/etc/pam.d/common-password", "password\trequisite\tpam_pwquality.so retry=3 minlen=12\n"),
    ("/etc/nsswitch.conf", "passwd: files systemd\nshadow: files\n"),
    ("/etc/sudoers", "%admin ALL=(ALL) NOPASSWD: ALL\nDefaults passwd_tries=3\n"),
    ("/etc/ssh/sshd_config", "PasswordAuthentication no\nPermitEmptyPasswords=no\n"),
    ("/etc/apt/preferences.d/x", "Package: *\nPin: release a=stable\nPin-Priority: 500\n"),
    ("/etc/security/pwquality.conf", "minlen = 14\ndictcheck = 1\n"),
    ("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n"),
    ("/etc/nginx/sites/x", "  proxy_pass http://127.0.0.1:80;\n\tfastcgi_pass unix:/run/php;\n"),
    ("/usr/lib/systemd/system/user@.service", "[Service]\nUser=%i\nUser=a%i\nx 'user' '%s'\n"),
    ("/etc/cron.daily/x", "if [ -f /etc/samba/smbpasswd ]; then\n  x\nfi\n"),
    ("/etc/services", "kpasswd\t\t464/tcp\npassword-chg 586/udp\n"),
    ("/etc/systemd/system/x.service", "[Unit]\nDescription=Forward Password Requests\n"),
    ("/etc/cron.d/y", "5 * * * * root mysqlcheck -p db -A\n6 * * * * root grep -p x; cp -p a b\n"),
    ("/etc/app/list.yaml", "tokens:\n  - a\nsecret:\n  name: x\n  key: /etc/x\n"),
    ("/etc/samba/smb.conf", "[global]\nencrypt passwords = true\nunix password sync = yes\n"),
  ]

  static var all: [(path: String, text: String)] {
    files.map { ($0.path, $0.text) } + untouched
  }
}

@Suite struct RedactionTests {
  func redacted(_ path: String, _ text: String) -> String? {
    switch Redaction().apply(Array(text.utf8), path: path, isBinaryRefused: true) {
    case .keep(let bytes, _): String(decoding: bytes, as: UTF8.self)
    case .leaveOut: nil
    }
  }

  @Test func noPlantedSecretIsLeft() {
    for (path, text, secrets) in PlantedSecrets.files {
      let kept = redacted(path, text) ?? ""
      for secret in secrets { #expect(!kept.contains(secret), "\(path): \(kept)") }
    }
  }

  @Test func whatIsNoSecretStaysToTheByte() {
    for (path, text) in PlantedSecrets.untouched { #expect(redacted(path, text) == text) }
  }

  @Test(arguments: [
    ("$y$j9T$salt$hash", "$y$j9T$REDACTED"), ("$6$salt$hash", "$6$REDACTED"),
    ("$6$rounds=1000$salt$hash", "$6$rounds=1000$REDACTED"), ("!", "!"), ("*", "*"), ("", ""),
    ("!$6$salt$hash", "!$6$REDACTED"), ("$2b$12$abcdefghijklmnop", "$2b$12$REDACTED"),
    ("abcdefghijklm", "............."), ("_J9..CCCCXBrJUJV154M", "_..................."),
    ("x", "x"), ("geheim", "REDACTED"), ("$1$salt$hash", "$1$REDACTED"),
  ])
  func ofAHashSchemeAndCostStay(hash: String, kept: String) {
    #expect(redacted("/etc/shadow", "a:\(hash):1:2\n") == "a:\(kept):1:2\n")
  }

  @Test func anOpenSSHKeyKeepsItsPublicPart() throws {
    guard isInstalled("ssh-keygen") else { return }
    let path = NSTemporaryDirectory() + "riegel-key-\(UUID().uuidString)"
    defer { for end in ["", ".pub"] { try? FileManager.default.removeItem(atPath: path + end) } }
    for (type, phrase) in [("ed25519", ""), ("rsa", "geheim")] {
      for end in ["", ".pub"] { try? FileManager.default.removeItem(atPath: path + end) }
      try run(["ssh-keygen", "-q", "-t", type, "-N", phrase, "-f", path])
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let kept = try #require(redacted("/etc/ssh/ssh_host_key", text))
      #expect(kept.count < text.count && kept.hasPrefix("-----BEGIN OPENSSH PRIVATE KEY-----\n"))
      let decoded = try #require(
        Base64.decode(kept.split(separator: "\n").dropFirst().dropLast().flatMap { Array($0.utf8) })
      )
      let cipher = phrase.isEmpty ? "none" : "aes256-ctr"
      #expect(decoded[...].place(of: Array(cipher.utf8)) != nil)
      #expect(decoded[...].place(of: Array("ssh-\(type)".utf8)) != nil)
      #expect(decoded.count < text.count / 2)
    }
  }

  @Test func commandLinesLoseTheirPasswords() {
    let line = "mysql\0-uroot\0-pPLANT\0--password\0PLANT\0--token=PLANT\0-h\0db\0"
    let kept = redacted("/proc/12/cmdline", line)
    #expect(
      kept == "mysql\0-uroot\0-p[redacted]\0--password\0[redacted]\0--token=[redacted]\0-h\0db\0")
  }

  @Test func whatAShellIsToldLosesItsPasswords() {
    let line = "sh\0-c\0mysqldump -pPLANT db | restic --password PLANT -w x\0"
    #expect(
      redacted("/proc/12/cmdline", line)
        == "sh\0-c\0mysqldump -p[redacted] db | restic --password [redacted] -w x\0")
  }

  @Test func linesEndAsTheyDid() {
    for text in ["", "a", "a\n", "a\n\n", "\n", "password=x", "password=x\n"] {
      let kept = redacted("/etc/x.conf", text)
      #expect(kept?.hasSuffix("\n") == text.hasSuffix("\n"))
      #expect(
        kept?.split(separator: "\n", omittingEmptySubsequences: false).count
          == text.split(separator: "\n", omittingEmptySubsequences: false).count)
    }
  }

  /// The script's own redaction, in every awk there is, gives the same as the binary's.
  @Test(arguments: [["mawk"], ["busybox", "awk"], ["gawk"]])
  func theScriptTakesOutTheSame(awk: [String]) throws {
    guard isInstalled(awk[0]) else { return }
    let folder = NSTemporaryDirectory() + "riegel-awk-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // Only the functions: each file's lines go through the one that takes a line.
    var program = try awkProgram()
    let begin = try #require(program.range(of: "BEGIN {\n  NUL"))
    program =
      String(program[..<begin.lowerBound]) + """
        BEGIN { NUL = "\\036"; setup(); begin(); inkey = 0
          isaccount = path ~ accountre; isscanned = path !~ unscannedre; issnmp = path ~ /snmp/
          isgrub = path ~ /\\/grub/; isnetrc = path ~ netrcre; hasdirectives = path !~ nodirectivesre; opening = ""
          if (path ~ wholere) { print "LEFT OUT"; exit }
          while ((getline line < file) > 0) take(line)
          if (inkey) endkey()
          for (i = 1; i <= count; i++) print out[i] }
        """
    try Data(program.utf8).write(to: URL(fileURLWithPath: folder + "/p.awk"))
    for (path, text) in PlantedSecrets.all {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/f"))
      let said = try run(
        ["env", "LC_ALL=C"] + awk + [
          "-v", "path=\(path)", "-v", "file=\(folder)/f", "-f", folder + "/p.awk",
        ])
      let kept = redacted(path, text) ?? "LEFT OUT\n"
      #expect(String(decoding: said.output, as: UTF8.self) == kept, "\(awk) \(path)")
    }
  }
}

/// The awk program of the capture script, as the script itself hands it over.
func awkProgram() throws -> String {
  let script = String(
    decoding: CaptureScript(reads: ["/etc/**"], tool: "riegel test").text, as: UTF8.self)
  let start = try #require(script.range(of: "-v raw=$raw '\n"))
  let end = try #require(script.range(of: "\n' | tr"))
  return String(script[start.upperBound..<end.lowerBound])
}
