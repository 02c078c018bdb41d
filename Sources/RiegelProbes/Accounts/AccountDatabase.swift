import RiegelModel
import SystemPackage

/// The local accounts and groups of a host with what belongs to them, read once per audit.
///
/// Accounts of a directory service (SSSD, LDAP, winbind) are not in it; a note says so. Where
/// shadow cannot be read, what stands in it is an error of its own and not absent.
struct AccountDatabase: Sendable {
  var accounts: [PasswdEntry]
  var groups: [GroupEntry]
  /// By name, the first line of each; nil if the host has no such file.
  var shadow: Result<Joined<ShadowEntry>?, TargetError>
  var gshadow: Result<Joined<GshadowEntry>?, TargetError>
  /// Lines that may have been meant as accounts or groups, but are none.
  var accountGaps: [TargetError]
  var groupGaps: [TargetError]
  /// Defects of single lines, in the order passwd, shadow, group, gshadow.
  var defects: [AccountDefect]
  var nss: NameServiceSwitch

  /// Entries with the first of each name, as `getspnam(3)` finds them.
  struct Joined<Entry: AccountEntry>: Sendable {
    var entries: [Entry]
    var byName: [String: Entry]
    /// Names that stand only in a line that is no entry.
    var malformed: [String: TargetError]

    init(_ file: AccountFile<Entry>) {
      entries = file.entries
      byName = Dictionary(file.entries.map { ($0.name, $0) }) { first, _ in first }
      malformed = [:]
      for defect in file.defects where defect.kind == .malformed && byName[defect.name] == nil {
        malformed[defect.name] = .malformed(defect.path, line: defect.line, defect.detail)
      }
    }

    func find(_ name: String) throws(TargetError) -> Entry? {
      if let error = malformed[name] { throw error }
      return byName[name]
    }
  }

  static let passwd: FilePath = "/etc/passwd"
  static let shadow: FilePath = "/etc/shadow"
  static let group: FilePath = "/etc/group"
  static let gshadow: FilePath = "/etc/gshadow"

  static let reads = [
    "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/usr/lib/passwd",
    "/usr/lib/group", "/etc/nsswitch.conf", "/etc/userdb/*", "/var/lib/systemd/home/*",
  ]

  /// Throws if there is no passwd or group, or one cannot be read: then nothing can be said.
  static func read(_ host: Host) throws(TargetError) -> AccountDatabase {
    try host.remember("accounts") { () throws(TargetError) -> AccountDatabase in
      let nss = try NameServiceSwitch.read(host)
      let accounts: AccountFile<PasswdEntry> = try merged(
        passwd, "/usr/lib/passwd", nss.sources("passwd"), host)
      let groups: AccountFile<GroupEntry> = try merged(
        group, "/usr/lib/group", nss.sources("group"), host)
      var defects = accounts.defects
      let shadowFile: Result<AccountFile<ShadowEntry>?, TargetError> = outcome {
        () throws(TargetError) in
        try requireLocal("shadow", nss)
        return try AccountFile<ShadowEntry>.read(shadow, on: host)
      }
      if case .success(let file?) = shadowFile { defects += file.defects }
      defects += groups.defects
      let gshadowFile: Result<AccountFile<GshadowEntry>?, TargetError> = outcome {
        () throws(TargetError) in
        try AccountFile<GshadowEntry>.read(gshadow, on: host)
      }
      if case .success(let file?) = gshadowFile { defects += file.defects }
      return AccountDatabase(
        accounts: accounts.entries, groups: groups.entries,
        shadow: shadowFile.map { $0.map(Joined.init) },
        gshadow: gshadowFile.map { $0.map(Joined.init) },
        accountGaps: try accounts.malformed() + records(nss, host), groupGaps: groups.malformed(),
        defects: defects, nss: nss)
    }
  }

  /// What shadow says of an account; nil if it has no entry.
  func shadowEntry(_ name: String) throws(TargetError) -> ShadowEntry? {
    try shadow.get()?.find(name)
  }

  /// Remarks on accounts or groups that come from elsewhere and were not asked for.
  func notes(_ database: String) -> [Note] {
    var notes: [Note] = []
    let remote = nss.remote(database)
    if !remote.isEmpty {
      let names = remote.joined(separator: ", ")
      notes.append(
        Note(
          en: "only local entries are shown; this host also asks \(names)",
          de: "nur örtliche Einträge sind gezeigt; dieser Host fragt auch \(names)",
          nss.origin(database)))
    }
    for defect in defects where defect.kind == .nisEntry {
      let isOfDatabase =
        database == "passwd"
        ? defect.path == AccountDatabase.passwd : defect.path == AccountDatabase.group
      guard isOfDatabase else { continue }
      notes.append(
        Note(
          en: "'\(defect.name)' stands for entries of NIS, which are not shown",
          de: "„\(defect.name)“ steht für NIS-Einträge, die hier fehlen",
          .line(defect.path, defect.line)))
    }
    return notes
  }

  /// The local file, followed by the vendor's where the host asks `altfiles` (image-based systems).
  private static func merged<Entry>(
    _ path: FilePath, _ vendor: FilePath, _ sources: [String], _ host: Host
  ) throws(TargetError) -> AccountFile<Entry> {
    guard var file = try AccountFile<Entry>.read(path, on: host) else {
      throw .undetermined(
        path,
        Localized(
          en: "there is no account database here", de: "hier gibt es keine Kontendatenbank"))
    }
    if sources.contains("altfiles"), let more = try AccountFile<Entry>.read(vendor, on: host) {
      // Image-based systems repeat vendor names in the local file, which hides them.
      let known = Set(file.entries.map(\.name))
      file.entries += more.entries.filter { !known.contains($0.name) }
      file.defects += more.defects
    }
    return file
  }

  /// Password hashes may lie elsewhere, as with `tcb`; then shadow says nothing about them.
  private static func requireLocal(
    _ database: String, _ nss: NameServiceSwitch
  ) throws(TargetError) {
    let sources = nss.sources(database)
    if sources.contains(where: NameServiceSwitch.local.contains) { return }
    let names = sources.joined(separator: ", ")
    let text = Localized(
      en: "passwords come from \(names), which was not asked",
      de: "Passwörter kommen aus \(names); das wurde nicht gefragt")
    if !nss.remote(database).isEmpty { throw .remote(NameServiceSwitch.path, text) }
    throw .undetermined(NameServiceSwitch.path, text)
  }

  /// Accounts in JSON records of systemd (`nss-systemd(8)`, `systemd-homed(8)`) are not read.
  private static func records(
    _ nss: NameServiceSwitch, _ host: Host
  ) throws(TargetError) -> [TargetError] {
    guard nss.sources("passwd").contains("systemd") else { return [] }
    var gaps: [TargetError] = []
    for (folder, suffix) in [
      ("/etc/userdb", ".user"), ("/var/lib/systemd/home", ".identity"),
    ] as [(FilePath, String)] {
      do {
        guard let name = try host.list(folder)?.first(where: { $0.string.hasSuffix(suffix) })
        else { continue }
        gaps.append(
          .undetermined(
            folder.appending(name),
            Localized(
              en: "accounts in records of systemd are not read",
              de: "Konten in Datensätzen von systemd werden nicht gelesen")))
      } catch {
        // The folder of homed is closed to ordinary users, and absent where homed is not used.
        gaps.append(error)
      }
    }
    return gaps
  }
}

/// A result instead of a thrown error, so that one unreadable file leaves the others usable.
func outcome<T>(_ body: () throws(TargetError) -> T) -> Result<T, TargetError> {
  do { return .success(try body()) } catch { return .failure(error) }
}
