import RiegelModel
import SystemPackage

/// Which services answer for accounts, groups and hosts (`nsswitch.conf(5)`).
struct NameServiceSwitch: Sendable {
  struct Entry: Sendable, Hashable {
    var sources: [String]
    var line: Int
  }

  static let path: FilePath = "/etc/nsswitch.conf"

  /// Per database every line in order; the last one counts.
  var entries: [String: [Entry]] = [:]
  /// Whether there is a file at all; musl has none and asks the local files only.
  var isPresent = false

  /// What glibc asks where nothing is configured.
  static let defaults: [String: [String]] = [
    "passwd": ["files"], "group": ["files"], "shadow": ["files"], "gshadow": ["files"],
    "initgroups": ["files"], "hosts": ["dns", "files"], "networks": ["dns", "files"],
    "ethers": ["files"], "protocols": ["files"], "services": ["files"], "rpc": ["files"],
    "netgroup": ["nis"], "publickey": ["nis", "nisplus"], "aliases": ["files"],
  ]

  /// Services that answer from the local account files.
  static let local: Set<String> = ["files", "compat", "altfiles"]
  /// Services that answer from this host alone, accounts of its own included.
  static let here: Set<String> = [
    "files", "compat", "altfiles", "db", "systemd", "mymachines", "tcb",
  ]

  func sources(_ database: String) -> [String] {
    entries[database]?.last?.sources ?? NameServiceSwitch.defaults[database] ?? []
  }

  /// The services asked for a database that are a directory elsewhere, such as `sss` or `ldap`.
  func remote(_ database: String) -> [String] {
    sources(database).filter { !NameServiceSwitch.here.contains($0) }
  }

  func origin(_ database: String) -> Origin {
    entries[database]?.last.map { .line(NameServiceSwitch.path, $0.line) } ?? .builtIn("glibc")
  }

  static func read(_ host: Host) throws(TargetError) -> NameServiceSwitch {
    try host.remember("nsswitch") { () throws(TargetError) -> NameServiceSwitch in
      var result = NameServiceSwitch()
      guard let lines = try host.lines(of: path) else { return result }
      result.isPresent = true
      for line in lines {
        let text = line.text.prefix { $0 != "#" }
        guard let colon = text.firstIndex(of: ":") else { continue }
        let database = text[..<colon].filter { $0 != " " && $0 != "\t" }
        result.entries[database, default: []].append(
          Entry(sources: services(text[text.index(after: colon)...]), line: line.number))
      }
      return result
    }
  }

  /// The names of the services; reactions such as `[NOTFOUND=return]` are left out.
  private static func services(_ text: Substring) -> [String] {
    var found: [String] = []
    var isReaction = false
    var word = ""
    for character in text {
      switch character {
      case "[", " ", "\t":
        if !word.isEmpty { found.append(word) }
        word = ""
        if character == "[" { isReaction = true }
      case "]": isReaction = false
      default: if !isReaction { word.append(character) }
      }
    }
    return word.isEmpty ? found : found + [word]
  }
}
