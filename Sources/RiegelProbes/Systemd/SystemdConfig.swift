import RiegelModel
import SystemPackage

/// The configuration of one of systemd's daemons as `systemd-system.conf(5)` describes it: the main
/// file of the strongest folder, then the drop-ins of all folders by file name.
struct SystemdConfig: Sendable {
  /// The daemons whose configuration can be asked for, with the section of each setting.
  static let names = [
    "coredump", "homed", "journal-remote", "journal-upload", "journald", "logind", "networkd",
    "oomd", "pstore", "resolved", "sleep", "system", "timesyncd", "user",
  ]

  private static let folders: [FilePath] = [
    "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd", "/lib/systemd",
  ]

  private(set) var assignments: [SystemdFile.Assignment] = []

  static func of(_ name: String, on host: Host) throws(TargetError) -> SystemdConfig {
    try host.remember("systemd-config \(name)") { () throws(TargetError) in
      try SystemdConfig(name, host)
    }
  }

  private init(_ name: String, _ host: Host) throws(TargetError) {
    let folders = SystemdConfig.folders.filter { host.isRunning || !isVolatile($0) }
    for folder in folders {
      let path = folder.appending(name + ".conf")
      guard try host.metadata(of: path, following: false) != nil else { continue }
      // A link to /dev/null switches the main file off.
      if try host.readLink(path) != "/dev/null" {
        assignments += try SystemdFile.read(path, on: host)?.assignments ?? []
      }
      break
    }
    let dropIns = folders.map { $0.appending(name + ".conf.d") }
    for path in try mergedByName(dropIns, on: host) {
      assignments += try SystemdFile.read(path, on: host)?.assignments ?? []
    }
  }
}

/// A size of `systemd.syntax(7)` with units of 1024: `512M`; nil if it is none.
func systemdSize(_ text: String) -> Int? {
  let units: [Character: Int] = ["B": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6]
  var digits = text[...]
  var power = 0
  if let last = digits.last, let unit = units[last] {
    power = unit
    digits = digits.dropLast()
  }
  guard let number = Double(digits), number >= 0, digits.allSatisfy({ $0.isNumber || $0 == "." })
  else { return nil }
  var scaled = number
  for _ in 0..<power { scaled *= 1024 }
  return scaled < 9e18 ? Int(scaled) : nil
}

/// Seconds of a time span of `systemd.time(7)`: `5min 20s`, `1 week`, plain numbers as seconds;
/// `infinity` and what is none give nil.
func systemdSeconds(_ text: String) -> Int? {
  let units: [(names: [String], seconds: Double)] = [
    (["usec", "us", "μs", "µs"], 0.000001), (["msec", "ms"], 0.001),
    (["seconds", "second", "sec", "s"], 1), (["minutes", "minute", "min", "m"], 60),
    (["hours", "hour", "hr", "h"], 3600), (["days", "day", "d"], 86_400),
    (["weeks", "week", "w"], 604_800), (["months", "month", "M"], 2_629_800),
    (["years", "year", "y"], 31_557_600),
  ]
  var total = 0.0
  var rest = text[...].trimmed
  guard !rest.isEmpty else { return nil }
  while !rest.isEmpty {
    let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits) else { return nil }
    rest = rest.dropFirst(digits.count).trimmedStart
    let word = rest.prefix { $0.isLetter }
    rest = rest.dropFirst(word.count).trimmedStart
    guard !word.isEmpty else {
      total += number
      continue
    }
    guard let unit = units.first(where: { $0.names.contains(String(word)) }) else { return nil }
    total += number * unit.seconds
  }
  return total < 9e18 ? Int(total) : nil
}
