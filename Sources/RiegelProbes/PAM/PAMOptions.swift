import RiegelModel
import SystemPackage

/// A module's option as it takes effect: arguments, then the module's own files, then its default.
struct PAMSetting: Sendable, Hashable {
  enum Source: String, Sendable, CaseIterable {
    case argument, file
    case standard = "default"
  }
  var value: String
  var origin: Origin
  var source: Source
  var overrides: [Fact.Overridden] = []
}

/// Works out options of PAM modules. One table knows each module's files and defaults.
struct PAMOptions {
  let host: Host
  let entry: PAMEntry

  /// nil if nothing sets the option and the module has no default that is known here.
  func setting(_ name: String) throws(TargetError) -> PAMSetting? {
    var found = try given(name)
    guard var last = found.popLast() else { return try standard(name) }
    last.overrides = found.map { Fact.Overridden($0.value, $0.origin) }
    return last
  }

  /// What files and arguments say, the strongest last.
  private func given(_ name: String) throws(TargetError) -> [PAMSetting] {
    var found: [PAMSetting] = []
    for item in try configured() where item.name == name {
      if let value = accept(name, item.value) {
        found.append(PAMSetting(value: value, origin: item.origin, source: .file))
      }
    }
    for argument in entry.arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let key = parts.first, canonical(String(key)) == name else { continue }
      let text = parts.count == 2 ? String(parts[1]) : ""
      if let value = accept(name, text) {
        found.append(PAMSetting(value: value, origin: entry.place, source: .argument))
      }
    }
    return found
  }

  /// Whether an argument or a file gives the option a value that the module takes.
  func isSet(_ name: String) throws(TargetError) -> Bool {
    try !given(name).isEmpty
  }

  private func canonical(_ name: String) -> String {
    entry.module == "pam_pwquality" ? name.lowercased() : name
  }

  /// A value in the form in which the module keeps it, or nil where the module would ignore it.
  private func accept(_ name: String, _ text: String) -> String? {
    if PAMOptions.words[entry.module, default: []].contains(name) { return "true" }
    switch (entry.module, name) {
    case ("pam_pwquality", "minlen"): return number(text).map { String(max($0, 6)) }
    case ("pam_pwquality", "minclass"): return number(text).map { String(min($0, 4)) }
    case ("pam_pwquality", _) where !["badwords", "dictpath", "authtok_type"].contains(name):
      return number(text).map(String.init)
    case ("pam_faillock", "unlock_time"), ("pam_faillock", "root_unlock_time"):
      return text == "never" ? "0" : leadingNumber(text)
    case ("pam_faillock", "deny"), ("pam_faillock", "fail_interval"), ("pam_pwhistory", "remember"),
      ("pam_pwhistory", "retry"):
      return leadingNumber(text)
    case ("pam_faillock", "dir"): return text.hasPrefix("/") ? text : nil
    case (_, _) where text.isEmpty: return "true"
    default: return text
    }
  }

  private func number(_ text: String) -> Int? {
    Int(text.hasPrefix("+") ? String(text.dropFirst()) : text)
  }

  /// What `sscanf` with `%u` takes: digits at the start, and whatever follows is left.
  private func leadingNumber(_ text: String) -> String? {
    let digits = text.drop { $0 == " " || $0 == "+" }.prefix { $0.isASCII && $0.isNumber }
    return Int(digits).map(String.init)
  }

  /// Options that are bare words: being there switches them on, whatever stands behind `=`.
  private static let words: [String: Set<String>] = [
    "pam_pwquality": ["enforce_for_root", "local_users_only", "use_authtok", "debug"],
    "pam_faillock": [
      "even_deny_root", "audit", "silent", "no_log_info", "local_users_only", "nodelay",
    ],
    "pam_pwhistory": ["enforce_for_root", "debug", "use_authtok"],
  ]

  private static let defaults: [String: [String: String]] = [
    "pam_pwquality": [
      "maxrepeat": "0", "maxsequence": "0", "maxclassrepeat": "0", "minclass": "0",
      "gecoscheck": "0", "dictcheck": "1", "usercheck": "1", "usersubstr": "0", "enforcing": "1",
      "retry": "1", "enforce_for_root": "false", "local_users_only": "false",
      "use_authtok": "false",
    ],
    "pam_cracklib": [
      "minlen": "9", "difok": "5", "dcredit": "1", "ucredit": "1", "lcredit": "1", "ocredit": "1",
      "minclass": "0", "maxrepeat": "0", "maxsequence": "0", "maxclassrepeat": "0", "retry": "1",
      "enforce_for_root": "false", "use_authtok": "false", "reject_username": "false",
      "gecoscheck": "false",
    ],
    "pam_passwdqc": [
      "min": "disabled,24,11,8,7", "passphrase": "3", "match": "4", "similar": "deny",
      "enforce": "everyone", "retry": "3",
    ],
    "pam_faillock": [
      "deny": "3", "fail_interval": "900", "unlock_time": "600", "dir": "/var/run/faillock",
      "even_deny_root": "false", "audit": "false", "silent": "false", "no_log_info": "false",
      "local_users_only": "false", "nodelay": "false",
    ],
    "pam_pwhistory": [
      "remember": "10", "retry": "1", "enforce_for_root": "false", "use_authtok": "false",
      "file": "/etc/security/opasswd",
    ],
    "pam_unix": [
      "minlen": "6", "nullok": "false", "nodelay": "false", "use_authtok": "false",
      "remember": "0", "obscure": "false", "shadow": "false",
    ],
    "pam_tally2": [
      "deny": "0", "unlock_time": "0", "file": "/var/log/tallylog",
    ],
    "pam_wheel": [
      "use_uid": "false", "trust": "false", "deny": "false", "root_only": "false",
    ],
    "pam_google_authenticator": ["nullok": "false", "echo_verification_code": "false"],
    "pam_u2f": ["nouserok": "false", "userpresence": "1", "pinverification": "0"],
  ]

  private func standard(_ name: String) throws(TargetError) -> PAMSetting? {
    switch (entry.module, name) {
    case ("pam_pwquality", "minlen"), ("pam_pwquality", "difok"), ("pam_pwquality", "dcredit"),
      ("pam_pwquality", "ucredit"), ("pam_pwquality", "lcredit"), ("pam_pwquality", "ocredit"):
      return try pwqualityStandard(name)
    case ("pam_faillock", "root_unlock_time"):
      // Not set, it follows unlock_time.
      return try setting("unlock_time")
    case ("pam_tally2", "even_deny_root"):
      // Only there: pam_faillock, whatever its manual page says, lets root in without the word.
      if var implied = try setting("root_unlock_time") {
        implied.value = "true"
        return implied
      }
      return builtIn("false", entry.module)
    case ("pam_faildelay", "delay"):
      return try LoginDefinitions.of(host)["FAIL_DELAY"].flatMap { found in
        Int(found.value).map {
          PAMSetting(value: String($0 * 1_000_000), origin: found.origin, source: .file)
        }
      }
    case ("pam_umask", "umask"):
      return try LoginDefinitions.of(host)["UMASK"].map {
        PAMSetting(value: $0.value, origin: $0.origin, source: .file)
      }
    default:
      return PAMOptions.defaults[entry.module]?[name].map { builtIn($0, entry.module) }
    }
  }

  private func builtIn(_ value: String, _ version: String) -> PAMSetting {
    PAMSetting(value: value, origin: .builtIn(version), source: .standard)
  }

  /// libpwquality 1.4 lowered what it asks for.
  private func pwqualityStandard(_ name: String) throws(TargetError) -> PAMSetting {
    guard let version = try DpkgVersions.of(host)["libpwquality1"] else {
      if try isOfKnownAge() { return newPwquality(name, "libpwquality 1.4 or later") }
      throw .undetermined(
        "/var/lib/dpkg/status",
        Localized(
          en: "the default of \(name) depends on the version of libpwquality",
          de: "der Vorgabewert von \(name) hängt von der Version von libpwquality ab"))
    }
    let label = "libpwquality \(version.upstream)"
    if let bound = DebianVersion("1.4"), version.compare(bound) < 0 {
      return builtIn(name == "minlen" ? "9" : name == "difok" ? "5" : "1", label)
    }
    return newPwquality(name, label)
  }

  private func newPwquality(_ name: String, _ label: String) -> PAMSetting {
    builtIn(name == "minlen" ? "8" : name == "difok" ? "1" : "0", label)
  }

  /// Other distributions than Debian's family, RHEL 6 and 7 excepted, have libpwquality 1.4 or
  /// later in every release that is still maintained.
  private func isOfKnownAge() throws(TargetError) -> Bool {
    guard let lines = try host.lines(of: "/etc/os-release") else { return false }
    var values: [Substring: String] = [:]
    for line in lines {
      guard let equals = line.text.firstIndex(of: "=") else { continue }
      values[line.text[..<equals]] =
        line.text[line.text.index(after: equals)...].filter { $0 != "\"" }
    }
    guard let id = values["ID"] else { return false }
    let family = id + " " + (values["ID_LIKE"] ?? "")
    if family.contains("debian") || family.contains("ubuntu") { return false }
    let isOld =
      (values["VERSION_ID"] ?? "").hasPrefix("7") || (values["VERSION_ID"] ?? "").hasPrefix("6")
    return !((family.contains("rhel") || family.contains("centos")) && isOld)
  }
}

extension PAMOptions {
  struct Item: Sendable {
    var name: String
    var value: String
    var origin: Origin
  }

  /// What the module's own files say, in the order in which later lines win.
  private func configured() throws(TargetError) -> [Item] {
    switch entry.module {
    case "pam_pwquality":
      return try host.remember("pam.pwquality") { () throws(TargetError) -> [Item] in
        try pwquality()
      }
    case "pam_faillock":
      let file = entry.argument("conf")
      let paths = file.map { [FilePath($0)] } ?? PAMOptions.vendored("faillock.conf")
      return try PAMOptions.pairs(first(paths))
    case "pam_pwhistory":
      guard try readsPwhistoryFile() else { return [] }
      let file = entry.argument("conf")
      let paths = file.map { [FilePath($0)] } ?? PAMOptions.vendored("pwhistory.conf")
      // The module takes the first line with a name, the others the last.
      var seen: Set<String> = []
      return try PAMOptions.pairs(first(paths)).filter { seen.insert($0.name).inserted }
    case "pam_passwdqc":
      guard let file = entry.argument("config") else { return [] }
      return try PAMOptions.pairs(first([FilePath(file)]))
    default: return []
    }
  }

  private static func vendored(_ name: String) -> [FilePath] {
    [
      FilePath("/etc/security").appending(name), FilePath("/usr/etc/security").appending(name),
      FilePath("/usr/lib/security").appending(name),
    ]
  }

  private func first(
    _ paths: [FilePath]
  ) throws(TargetError) -> (FilePath, [NumberedLine])? {
    for path in paths {
      if let lines = try host.lines(of: path) { return (path, lines) }
    }
    return nil
  }

  /// pam_pwhistory has a file of its own since Linux-PAM 1.5.3; Red Hat had it before.
  private func readsPwhistoryFile() throws(TargetError) -> Bool {
    guard let version = try DpkgVersions.of(host)["libpam-modules"],
      let bound = DebianVersion("1.5.3")
    else { return true }
    return version.compare(bound) >= 0
  }

  /// `name = value` or a bare name; `#` starts a comment.
  private static func pairs(_ file: (FilePath, [NumberedLine])?) -> [Item] {
    guard let (path, lines) = file else { return [] }
    return lines.compactMap { line in
      LoginDefinitions.split(line.text).map {
        Item(name: $0.0, value: $0.1, origin: .line(path, line.number))
      }
    }
  }

  /// The drop-ins in order of name, then the main file, which so has the last word.
  private func pwquality() throws(TargetError) -> [Item] {
    let main: FilePath = "/etc/security/pwquality.conf"
    let folder: FilePath = "/etc/security/pwquality.conf.d"
    var paths: [FilePath] = []
    if try host.metadata(of: folder)?.kind == .directory {
      for name in try host.list(folder) ?? [] where name.string.hasSuffix(".conf") {
        paths.append(folder.appending(name))
      }
    }
    var items: [Item] = []
    for path in paths + [main] {
      guard let lines = try host.lines(of: path) else { continue }
      for item in PAMOptions.pairs((path, lines)) {
        let name = item.name.lowercased()
        try PAMOptions.checkPwquality(name, item)
        items.append(Item(name: name, value: item.value, origin: item.origin))
      }
    }
    return items
  }

  private static let pwqualityNumbers: Set<String> = [
    "difok", "minlen", "dcredit", "ucredit", "lcredit", "ocredit", "minclass", "maxrepeat",
    "maxclassrepeat", "maxsequence", "gecoscheck", "dictcheck", "usercheck", "usersubstr",
    "enforcing", "retry",
  ]

  /// The library stops reading at the first line that it does not understand.
  private static func checkPwquality(_ name: String, _ item: Item) throws(TargetError) {
    guard case .line(let path, let line) = item.origin else { return }
    if pwqualityNumbers.contains(name) {
      if Int(item.value.hasPrefix("+") ? String(item.value.dropFirst()) : item.value) == nil {
        throw .malformed(path, line: line, "'\(item.value)' is no number")
      }
    } else if !["badwords", "dictpath", "enforce_for_root", "local_users_only"].contains(name) {
      throw .malformed(path, line: line, "unknown setting '\(item.name)'")
    }
  }
}
