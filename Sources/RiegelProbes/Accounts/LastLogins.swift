import RiegelModel
import SystemPackage

/// When accounts were last used, from `lastlog` and `wtmp`; whichever is newer counts.
///
/// Graphical logins often miss `lastlog` and stand in `wtmp`, which is rotated: the file before the
/// present one is read too. Both hold records as C lays them out, in two sizes, for 32 and for 64
/// bits of time. Where `lastlog2` keeps the times, or nothing does, nobody can tell.
struct LastLogins: Sendable {
  struct Login: Sendable, Hashable {
    var time: Instant
    var origin: Origin
  }

  static let lastlog: FilePath = "/var/log/lastlog"
  static let wtmp: [FilePath] = ["/var/log/wtmp.1", "/var/log/wtmp"]
  static let lastlog2: FilePath = "/var/lib/lastlog/lastlog2.db"
  static let reads = ["/var/log/lastlog", "/var/log/wtmp", "/var/log/wtmp.1"]

  private var byName: [String: Login] = [:]

  /// Login times of these accounts. Throws where they are kept in a form that is not read, or not
  /// at all.
  init(of accounts: [PasswdEntry], on host: Host) throws(TargetError) {
    if try host.exists(LastLogins.lastlog2) {
      throw .undetermined(
        LastLogins.lastlog2,
        Localized(
          en: "login times are kept in lastlog2, which is not read",
          de: "Anmeldezeiten stehen in lastlog2; das wird nicht gelesen"))
    }
    var isKept = false
    for path in LastLogins.wtmp {
      guard let bytes = try host.bytes(of: path) else { continue }
      isKept = true
      try addWtmp(bytes, path)
    }
    if let metadata = try host.metadata(of: LastLogins.lastlog) {
      isKept = true
      try addLastlog(accounts, size: metadata.size, host)
    }
    if !isKept {
      throw .undetermined(
        LastLogins.lastlog,
        Localized(
          en: "this host keeps no login times", de: "dieser Rechner bewahrt keine Anmeldezeiten auf"
        ))
    }
  }

  subscript(name: String) -> Login? { byName[name] }

  private mutating func note(_ name: String, _ seconds: Int, _ path: FilePath) {
    guard seconds > 0 else { return }
    let login = Login(time: Instant(seconds: seconds), origin: .file(path))
    if let known = byName[name], known.time >= login.time { return }
    byName[name] = login
  }

  /// `lastlog` is sparse and indexed by user ID; only as much as people's IDs need is read.
  private mutating func addLastlog(
    _ accounts: [PasswdEntry], size: Int, _ host: Host
  ) throws(TargetError) {
    if size == 0 { return }
    guard let record = [292, 296].first(where: { size % $0 == 0 }) else {
      throw .malformed(LastLogins.lastlog, line: 0, "no whole number of records")
    }
    let known = accounts.filter { $0.uid < 100_000 && ($0.uid + 1) * record <= size }
    guard let last = known.map(\.uid).max(),
      let bytes = try host.head(of: LastLogins.lastlog, count: (last + 1) * record)
    else { return }
    for account in known {
      let start = account.uid * record
      let width = record == 292 ? 4 : 8
      guard start + width <= bytes.count else { continue }
      note(account.name, LastLogins.integer(bytes, start, width), LastLogins.lastlog)
    }
  }

  private mutating func addWtmp(_ bytes: [UInt8], _ path: FilePath) throws(TargetError) {
    if bytes.isEmpty { return }
    guard let record = [384, 400].first(where: { bytes.count % $0 == 0 }) else {
      throw .malformed(path, line: 0, "no whole number of records")
    }
    for start in stride(from: 0, to: bytes.count, by: record) {
      // Only `USER_PROCESS` is a login.
      guard LastLogins.integer(bytes, start, 2) == 7 else { continue }
      let name = bytes[(start + 44)..<(start + 76)].prefix { $0 != 0 }
      let time =
        record == 384
        ? LastLogins.integer(bytes, start + 340, 4) : LastLogins.integer(bytes, start + 344, 8)
      note(String(decoding: name, as: UTF8.self), time, path)
    }
  }

  /// Little-endian, as all machines are on which this runs.
  private static func integer(_ bytes: [UInt8], _ start: Int, _ width: Int) -> Int {
    (0..<width).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
  }
}
