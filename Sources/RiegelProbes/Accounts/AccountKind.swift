import RiegelModel

/// Whether an account is root, serves a program, or belongs to a person.
enum AccountKind: String, CaseIterable {
  case root, system, person

  /// By the user ID alone, as `useradd(8)` gives them out.
  ///
  /// `UID_MAX` bounds what is given out, not what a person may have: from 65536 on accounts are
  /// people's again (large directories, migrated hosts). The IDs between, 60000 to 65535 at most,
  /// belong to packages, dynamic services and `nobody`.
  init(uid: Int, firstPerson: Int, lastPerson: Int) {
    if uid == 0 {
      self = .root
    } else if uid < firstPerson || uid == 65534 || uid >= 4_294_967_294 {
      self = .system
    } else if uid <= lastPerson || uid > 65535 || uid < 60000 {
      self = .person
    } else {
      self = .system
    }
  }
}

/// Programs in the last field of passwd that give nobody a command line.
enum LoginShell {
  static let refusing: Set<String> = [
    "nologin", "false", "true", "sync", "shutdown", "halt", "poweroff", "reboot",
  ]
  static let folders: Set<Substring> = [
    "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin",
  ]

  /// Whether a shell lets its owner enter commands; only well-known paths count as refusing.
  static func admits(_ shell: String) -> Bool {
    if shell == "/dev/null" { return false }
    guard let slash = shell.lastIndex(of: "/") else { return true }
    let name = String(shell[shell.index(after: slash)...])
    return !(refusing.contains(name) && folders.contains(shell[..<slash]))
  }
}
