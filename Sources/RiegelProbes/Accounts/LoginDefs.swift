import RiegelModel
import SystemPackage

/// The settings of the shadow programs (`login.defs(5)`), as their `getdef.c` reads them.
///
/// The last line with a name wins; quotes are dropped; a comment stands on a line of its own, so
/// that `PASS_MAX_DAYS 90 # days` is no number and leaves the program's own default in force.
/// SUSE reads through libeconf: `/etc/login.defs` hides the vendor's `/usr/etc/login.defs`, and
/// drop-ins in `login.defs.d` come after both in the order of their names.
struct LoginDefs: Sendable {
  struct Setting: Sendable, Hashable {
    var value: String
    var path: FilePath
    var line: Int
    var origin: Origin { .line(path, line) }
  }

  struct Effective: Sendable, Hashable {
    var value: String
    var origin: Origin
    var overrides: [Fact.Overridden]
  }

  /// Per name every setting in rising precedence.
  private var settings: [String: [Setting]] = [:]
  /// Whether a file was found; without one the programs are not installed.
  private(set) var isPresent = false
  private(set) var notes: [Note] = []

  static let etc: FilePath = "/etc/login.defs"
  static let vendor: FilePath = "/usr/etc/login.defs"
  static let dropIns: [FilePath] = ["/usr/etc/login.defs.d", "/etc/login.defs.d"]

  /// What the programs take for a name that nothing sets; -1 means without limit.
  static let defaults: [String: String] = [
    "PASS_MAX_DAYS": "-1", "PASS_MIN_DAYS": "-1", "PASS_WARN_AGE": "-1",
    "UID_MIN": "1000", "UID_MAX": "60000", "GID_MIN": "1000", "GID_MAX": "60000",
    "SYS_UID_MIN": "101", "SYS_UID_MAX": "999", "SYS_GID_MIN": "101", "SYS_GID_MAX": "999",
    "UMASK": "022", "ENCRYPT_METHOD": "DES",
    "SHA_CRYPT_MIN_ROUNDS": "5000", "SHA_CRYPT_MAX_ROUNDS": "5000", "YESCRYPT_COST_FACTOR": "5",
    "BCRYPT_MIN_ROUNDS": "13", "BCRYPT_MAX_ROUNDS": "13",
    "LOGIN_RETRIES": "5", "LOGIN_TIMEOUT": "60", "CREATE_HOME": "no", "USERGROUPS_ENAB": "no",
    "MD5_CRYPT_ENAB": "no", "FORCE_SHADOW": "no", "FAILLOG_ENAB": "no", "LOG_OK_LOGINS": "no",
    "LOG_UNKFAIL_ENAB": "no", "SYSLOG_SU_ENAB": "no", "SYSLOG_SG_ENAB": "no",
    "DEFAULT_HOME": "no",
  ]

  private static let numbers: Set<String> = [
    "PASS_MAX_DAYS", "PASS_MIN_DAYS", "PASS_WARN_AGE", "UID_MIN", "UID_MAX", "GID_MIN", "GID_MAX",
    "SYS_UID_MIN", "SYS_UID_MAX", "SYS_GID_MIN", "SYS_GID_MAX", "UMASK", "HOME_MODE",
    "SHA_CRYPT_MIN_ROUNDS", "SHA_CRYPT_MAX_ROUNDS", "YESCRYPT_COST_FACTOR", "BCRYPT_MIN_ROUNDS",
    "BCRYPT_MAX_ROUNDS", "LOGIN_RETRIES", "LOGIN_TIMEOUT", "FAIL_DELAY", "LASTLOG_UID_MAX",
    "SUB_UID_MIN", "SUB_UID_MAX", "SUB_UID_COUNT", "SUB_GID_MIN", "SUB_GID_MAX", "SUB_GID_COUNT",
    "MAX_MEMBERS_PER_GROUP",
  ]

  static func read(_ host: Host) throws(TargetError) -> LoginDefs {
    try host.remember("login.defs") { () throws(TargetError) -> LoginDefs in
      var result = LoginDefs()
      if try result.add(etc, host) {
        result.isPresent = true
      } else {
        result.isPresent = try result.add(vendor, host)
      }
      try result.addDropIns(host)
      return result
    }
  }

  /// The value in force; nil if nothing sets it and no default is known.
  ///
  /// Where a number is wanted and none stands there, the programs complain and take their default.
  func effective(_ name: String) -> Effective? {
    var overrides: [Fact.Overridden] = []
    let given = settings[name] ?? []
    for setting in given.dropLast() { overrides.append(.init(setting.value, setting.origin)) }
    if let last = given.last {
      if !LoginDefs.numbers.contains(name) || LoginDefs.number(last.value) != nil {
        return Effective(value: last.value, origin: last.origin, overrides: overrides)
      }
      overrides.append(.init(last.value, last.origin))
    }
    return LoginDefs.defaults[name].map {
      Effective(value: $0, origin: .builtIn("shadow"), overrides: overrides)
    }
  }

  func number(_ name: String) -> Int? { effective(name).flatMap { LoginDefs.number($0.value) } }

  /// Whether two lines give a name different values; programs do not agree on which one counts.
  func isContradictory(_ name: String) -> Bool {
    Set((settings[name] ?? []).map(\.value)).count > 1
  }

  /// A number as `strtol(3)` reads it with base 0: octal after `0`, hexadecimal after `0x`.
  static func number(_ text: String) -> Int? {
    var digits = text.drop { $0 == " " || $0 == "\t" }
    var sign = ""
    if digits.hasPrefix("-") || digits.hasPrefix("+") {
      sign = digits.hasPrefix("-") ? "-" : ""
      digits = digits.dropFirst()
    }
    guard digits.first?.isHexDigit == true else { return nil }
    if digits.lowercased().hasPrefix("0x") { return Int(sign + digits.dropFirst(2), radix: 16) }
    return Int(sign + digits, radix: digits.hasPrefix("0") ? 8 : 10)
  }

  private mutating func addDropIns(_ host: Host) throws(TargetError) {
    var files: [String: FilePath] = [:]
    for folder in LoginDefs.dropIns {
      for name in try host.list(folder) ?? [] where name.string.hasSuffix(".defs") {
        files[name.string] = folder.appending(name)
      }
    }
    if files.isEmpty { return }
    let release = try OsRelease.read(host)
    var isRead = release?.family == .suse
    if !isRead { isRead = try host.exists(LoginDefs.vendor) }
    guard isRead else {
      for path in files.sorted(by: { $0.key < $1.key }).map(\.value) {
        notes.append(
          Note(
            en: "the shadow programs of this distribution do not read this file",
            de: "die shadow-Programme dieser Distribution lesen diese Datei nicht", .file(path)))
      }
      return
    }
    for (_, path) in files.sorted(by: { $0.key < $1.key }) where try add(path, host) {
      isPresent = true
    }
  }

  /// Adds the settings of a file; false if it is absent.
  private mutating func add(_ path: FilePath, _ host: Host) throws(TargetError) -> Bool {
    guard let lines = try host.lines(of: path) else { return false }
    for line in lines {
      let text = line.text.drop { $0 == " " || $0 == "\t" }
      guard let first = text.first, first != "#",
        let end = text.firstIndex(where: { $0 == " " || $0 == "\t" })
      else { continue }
      let rest = text[end...].drop { $0 == " " || $0 == "\t" || $0 == "\"" }
      var value = rest.prefix { $0 != "\"" }
      while let last = value.last, last.isWhitespace { value.removeLast() }
      // A name alone on its line sets nothing.
      if rest.isEmpty, !text[end...].contains("\"") { continue }
      settings[String(text[..<end]), default: []].append(
        Setting(value: String(value), path: path, line: line.number))
    }
    return true
  }
}
