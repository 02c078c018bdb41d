import RiegelModel
import SystemPackage

/// The lines of `limits.conf(5)` and its drop-ins in the order in which pam_limits reads them.
struct Limits: Sendable {
  struct Line: Sendable, Hashable {
    var domain: String
    /// In small letters, as are item and value; nil in a line that frees its domain of all limits.
    var kind: String
    var item: String?
    var value: String
    var origin: Origin
  }

  var lines: [Line] = []
  var notes: [Note] = []

  static let main: FilePath = "/etc/security/limits.conf"
  static let vendor: FilePath = "/usr/etc/security/limits.conf"
  static let dropIns: [FilePath] = ["/etc/security/limits.d", "/usr/etc/security/limits.d"]

  static func read(_ host: Host) throws(TargetError) -> Limits {
    try host.remember("limits") { () throws(TargetError) -> Limits in
      var limits = Limits()
      var isThere = try limits.add(main, host)
      if !isThere { isThere = try limits.add(vendor, host) }
      let path = SearchPath(dropIns, suffix: ".conf", on: host)
      if let gap = path.gaps.first { throw gap }
      for file in path.files {
        // glob(3) leaves out names that begin with a dot.
        if file.lastComponent?.string.hasPrefix(".") == true { continue }
        _ = try limits.add(file, host)
      }
      return limits
    }
  }

  private mutating func add(_ path: FilePath, _ host: Host) throws(TargetError) -> Bool {
    guard let text = try host.lines(of: path) else { return false }
    for line in text {
      let words = line.text.prefix { $0 != "#" }.words
      let origin = Origin.line(path, line.number)
      if words.isEmpty { continue }
      if words.count >= 4 {
        lines.append(
          Line(
            domain: words[0], kind: words[1].lowercased(), item: words[2].lowercased(),
            value: words[3].lowercased(), origin: origin))
      } else if words.count == 2, words[1].hasPrefix("-") {
        lines.append(Line(domain: words[0], kind: "-", item: nil, value: "", origin: origin))
      } else {
        notes.append(
          Note(
            en: "pam_limits skips this line, which has not four fields",
            de: "pam_limits überspringt diese Zeile, die keine vier Felder hat", origin))
      }
    }
    return true
  }
}

/// Whom limits are asked for.
struct LimitsAccount: Sendable {
  /// nil for accounts that no line names and that are in no group that one names.
  var name: String?
  var uid: Int?
  var gid: Int?
  var groups: Set<String> = []
  var groupIDs: Set<Int> = []
}

/// What the lines give an account, as `pam_limits(8)` works it out: a line for the account itself
/// beats one for a group, that one for `%group`, that one for `%`, that one for `*`; of equals the
/// later one wins.
struct LimitsOfAccount {
  enum Rank: Int, Comparable {
    case user, group, allOfGroup, all, standard
    static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }

  struct Limit {
    /// nil for no limit.
    var number: Int?
    var rank: Rank
    var origin: Origin
    var overrides: [Fact.Overridden] = []
  }

  var soft: Limit?
  var hard: Limit?
  /// `maxlogins` and `maxsyslogins` share one number.
  var logins: Limit?
  var countsSystem = false
  /// The line that frees the account of all limits.
  var exemption: Origin?

  /// Debian's module does not apply lines for groups and everybody to root.
  init(_ item: String, of account: LimitsAccount, in limits: Limits, sparesRoot: Bool) {
    for line in limits.lines {
      guard let rank = LimitsOfAccount.rank(line.domain, account) else { continue }
      if sparesRoot, account.uid == 0, rank != .user { continue }
      guard let its = line.item else {
        if rank == .user || rank == .group {
          exemption = line.origin
          soft = nil
          hard = nil
          logins = nil
          return
        }
        continue
      }
      let isLogin = its == "maxlogins" || its == "maxsyslogins"
      if item == "maxlogins" || item == "maxsyslogins" {
        guard isLogin else { continue }
        countsSystem = its == "maxsyslogins"
      } else if its != item {
        continue
      }
      if !isLogin, !["soft", "hard", "-"].contains(line.kind) { continue }
      if !isLogin || its == "maxsyslogins", rank == .all || rank == .allOfGroup { continue }
      guard let number = LimitsOfAccount.number(line.value, isNice: its == "nice") else { continue }
      let limit = Limit(number: number.value, rank: rank, origin: line.origin)
      if isLogin {
        LimitsOfAccount.put(limit, in: &logins)
      } else {
        if line.kind != "hard" { LimitsOfAccount.put(limit, in: &soft) }
        if line.kind != "soft" { LimitsOfAccount.put(limit, in: &hard) }
      }
    }
    // A soft limit above the hard one is brought down to it.
    if let top = hard, let low = soft, let most = top.number, low.number.map({ $0 > most }) ?? true
    {
      soft = top
    }
  }

  private static func put(_ limit: Limit, in place: inout Limit?) {
    guard let old = place else {
      place = limit
      return
    }
    if old.rank < limit.rank {
      place?.overrides.append(.init(text(limit), limit.origin))
      return
    }
    place = limit
    place?.overrides = old.overrides + [.init(text(old), old.origin)]
  }

  private static func text(_ limit: Limit) -> String {
    limit.number.map(String.init) ?? "unlimited"
  }

  private static func number(_ text: String, isNice: Bool) -> (value: Int?, Void)? {
    if !isNice, ["-1", "-", "unlimited", "infinity"].contains(text) { return (nil, ()) }
    // As strtol(3) takes it: the digits at the start count.
    let isNegative = text.hasPrefix("-")
    let digits = (isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...])
      .prefix { $0.isASCII && $0.isNumber }
    if digits.isEmpty { return nil }
    let number = Int(digits) ?? Int(Int32.max)
    return (isNegative ? -number : number, ())
  }

  /// How closely a domain names an account; nil if it does not.
  private static func rank(_ domain: String, _ account: LimitsAccount) -> Rank? {
    if domain == account.name { return .user }
    let sign = domain.first
    let body = sign == "@" || sign == "%" ? domain.dropFirst() : domain[...]
    if let colon = body.firstIndex(of: ":") {
      let from = body[..<colon]
      let to = body[body.index(after: colon)...]
      let least = from.isEmpty ? nil : UInt32(from).map(Int.init)
      let most = to.isEmpty ? nil : UInt32(to).map(Int.init)
      if !from.isEmpty && least == nil || !to.isEmpty && most == nil { return nil }
      if from.isEmpty && to.isEmpty { return nil }
      switch sign {
      case "@":
        if from.isEmpty { return most.map(account.groupIDs.contains) == true ? .group : nil }
        guard let gid = account.gid else { return nil }
        return gid >= least ?? 0 && gid <= most ?? Int.max ? .group : nil
      case "%":
        return from.isEmpty && most.map(account.groupIDs.contains) == true ? .allOfGroup : nil
      default:
        guard let uid = account.uid else { return nil }
        if from.isEmpty { return uid == most ? .user : nil }
        return uid >= least ?? 0 && uid <= most ?? Int.max ? .user : nil
      }
    }
    switch sign {
    case "@": return account.groups.contains(String(body)) ? .group : nil
    case "%":
      if body.isEmpty { return .all }
      return account.groups.contains(String(body)) ? .allOfGroup : nil
    default: return domain == "*" ? .standard : nil
    }
  }
}
