import RiegelModel
import SystemPackage

/// The names of users or groups by number, as the target itself knows them and nobody else.
struct AccountNames: Sendable {
  private var names: [UInt32: String] = [:]
  private var ranges: [ClosedRange<UInt32>] = []
  /// Where a directory service (SSSD, winbind, LDAP) is configured, numbers from here on may be
  /// its accounts.
  private var firstOfDirectory: UInt32?

  /// Users, from `passwd(5)`, `subuid(5)` and what `nsswitch.conf(5)` adds.
  static func users(of host: Host) throws(TargetError) -> AccountNames {
    try host.remember("names of users") { () throws(TargetError) in
      try AccountNames("passwd", "subuid", minimum: "UID_MIN", host)
    }
  }

  /// Groups, from `group(5)`, `subgid(5)` and what `nsswitch.conf(5)` adds.
  static func groups(of host: Host) throws(TargetError) -> AccountNames {
    try host.remember("names of groups") { () throws(TargetError) in
      try AccountNames("group", "subgid", minimum: "GID_MIN", host)
    }
  }

  static let reads = [
    "/etc/passwd", "/etc/group", "/etc/subuid", "/etc/subgid", "/etc/nsswitch.conf",
    "/etc/login.defs", "/usr/lib/passwd", "/usr/lib/group",
  ]

  private init(
    _ database: String, _ subordinate: String, minimum: String, _ host: Host
  ) throws(TargetError) {
    var isDirectoryAsked = try read("/etc/" + database, host)
    for source in try AccountNames.sources(database, host) {
      switch source {
      case "files", "compat": break
      case "altfiles": _ = try read("/usr/lib/" + database, host)
      // Users of systemd-homed and of units with DynamicUser=.
      case "systemd": ranges += [60_001...60_513, 61_184...65_519]
      default: isDirectoryAsked = true
      }
    }
    for line in try host.lines(of: FilePath("/etc/" + subordinate)) ?? [] {
      let fields = line.text.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 3, let start = UInt32(fields[1]), let count = UInt32(fields[2]),
        count > 0
      else { continue }
      let end = start.addingReportingOverflow(count - 1)
      ranges.append(start...(end.overflow ? .max : end.partialValue))
    }
    if isDirectoryAsked { firstOfDirectory = try AccountNames.minimum(minimum, host) ?? 1000 }
  }

  /// Returns whether a line `+…` sends on to a directory service. Lines that are none of the format
  /// are no accounts for the C library either.
  private mutating func read(_ path: String, _ host: Host) throws(TargetError) -> Bool {
    var sendsOn = false
    for line in try host.lines(of: FilePath(path)) ?? [] {
      if line.text.hasPrefix("+") { sendsOn = true }
      let fields = line.text.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count >= 3, !fields[0].isEmpty, !line.text.hasPrefix("#"),
        let id = UInt32(fields[2])
      else { continue }
      // The first line with a number gives it its name.
      if names[id] == nil { names[id] = String(fields[0]) }
    }
    return sendsOn
  }

  private static func sources(_ database: String, _ host: Host) throws(TargetError) -> [Substring] {
    for line in try host.lines(of: "/etc/nsswitch.conf") ?? [] {
      let text = line.text.prefix { $0 != "#" }.drop { $0 == " " || $0 == "\t" }
      guard text.hasPrefix(database + ":") else { continue }
      return text.dropFirst(database.count + 1)
        .split { $0 == " " || $0 == "\t" }
        // `[NOTFOUND=return]`, with or without blanks inside.
        .filter { !$0.contains("[") && !$0.contains("]") && !$0.contains("=") }
    }
    return ["files"]
  }

  private static func minimum(_ key: String, _ host: Host) throws(TargetError) -> UInt32? {
    var value: UInt32?
    for line in try host.lines(of: "/etc/login.defs") ?? [] {
      let words = line.text.split { $0 == " " || $0 == "\t" }
      if words.count >= 2, words[0] == key { value = UInt32(words[1]) ?? value }
    }
    return value
  }

  /// The name, or the number as text.
  func text(_ id: UInt32) -> String { names[id] ?? String(id) }

  /// All numbers that have a name.
  var named: [UInt32] { Array(names.keys) }

  func isKnown(_ id: UInt32) -> Bool {
    if names[id] != nil { return true }
    if let firstOfDirectory, id >= firstOfDirectory { return true }
    return ranges.contains { $0.contains(id) }
  }

  /// `isKnown` of all numbers from 0 up to one.
  func known(below count: UInt32) -> [Bool] {
    var known = [Bool](repeating: false, count: Int(count))
    for id in names.keys where id < count { known[Int(id)] = true }
    if let firstOfDirectory, firstOfDirectory < count {
      for id in firstOfDirectory..<count { known[Int(id)] = true }
    }
    for range in ranges where range.lowerBound < count {
      for id in range.lowerBound...min(range.upperBound, count - 1) { known[Int(id)] = true }
    }
    return known
  }
}
