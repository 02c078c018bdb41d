import RiegelModel
import SystemPackage

/// A system database of dconf with the key files that it is compiled from.
///
/// Programs read the compiled file alone. Without it nothing is in force; where it is older than its
/// sources, what it holds is in force and not what they say. Files come in the order of their names,
/// the last one wins; a lock is a line that is nothing but the path of a key. Tried with
/// `dconf compile` and `dconf read` of dconf 0.40.
struct DconfDatabase: Sendable {
  enum State: String, Sendable, CaseIterable, Comparable {
    case current, outdated, missing
    static func < (a: State, b: State) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .current ? 0 : self == .outdated ? 1 : 2 }
  }

  struct Setting: Sendable {
    var value: GVariantText
    var origin: Origin
    var overrides: [Fact.Overridden] = []
  }

  var name: String
  var file: FilePath
  var settings: [String: Setting] = [:]
  var locks: [String: Origin] = [:]
  var state = State.current
  /// Whether there is anything to compile.
  var hasSources = false

  /// A `system-db`: `/etc/dconf/db/NAME`, from `/etc/dconf/db/NAME.d`.
  static func system(_ name: String, on host: Host) throws(TargetError) -> DconfDatabase {
    let file = FilePath("/etc/dconf/db").appending(name)
    return try DconfDatabase(
      name, file, sources: FilePath("/etc/dconf/db").appending(name + ".d"), on: host)
  }

  /// A `file-db`. Debian's GDM compiles its own anew whenever it starts.
  static func file(_ path: FilePath, on host: Host) throws(TargetError) -> DconfDatabase {
    let name = path.lastComponent?.string ?? ""
    if path == "/var/lib/gdm3/greeter-dconf-defaults" {
      var database = try DconfDatabase(
        name, path, sources: "/usr/share/gdm/dconf", on: host, readsFile: false)
      database.state = .current
      return database
    }
    return try DconfDatabase(name, path, sources: nil, on: host)
  }

  private init(
    _ name: String, _ file: FilePath, sources: FilePath?, on host: Host, readsFile: Bool = true
  ) throws(TargetError) {
    self.name = name
    self.file = file
    var newest = Instant(seconds: Int.min)
    if let sources, try host.metadata(of: sources)?.kind == .directory {
      try read(sources, on: host, &newest)
    }
    guard readsFile else { return }
    guard let compiled = try host.metadata(of: file), compiled.kind == .file else {
      state = .missing
      settings = [:]
      locks = [:]
      return
    }
    if hasSources, compiled.modified < newest { state = .outdated }
    let bytes = try host.bytes(of: file) ?? []
    if bytes.isEmpty, !hasSources {
      state = .missing
      return
    }
    guard let table = DconfFile(bytes) else {
      // Texts of examples cannot be a compiled file; an empty one stands for it.
      if hasSources, bytes.isEmpty { return }
      throw .malformed(file, line: 0, "no database of dconf")
    }
    var settings: [String: Setting] = [:]
    for (key, value) in table.values {
      if let source = self.settings[key], source.value == value {
        settings[key] = source
      } else {
        settings[key] = Setting(value: value, origin: .file(file))
      }
    }
    let sourceLocks = locks
    self.settings = settings
    locks = Dictionary(
      uniqueKeysWithValues: table.locks.map { ($0, sourceLocks[$0] ?? .file(file)) })
  }

  private mutating func read(
    _ folder: FilePath, on host: Host, _ newest: inout Instant
  ) throws(TargetError) {
    hasSources = true
    func note(_ path: FilePath) throws(TargetError) {
      if let metadata = try host.metadata(of: path) { newest = max(newest, metadata.modified) }
    }
    try note(folder)
    for name in try host.list(folder) ?? [] where !name.string.hasPrefix(".") {
      let path = folder.appending(name)
      guard try host.metadata(of: path)?.kind == .file,
        let file = try KeyFile.read(path, on: host)
      else { continue }
      try note(path)
      for entry in file.entries where !entry.key.hasSuffix("]") {
        guard case .line(_, let line) = entry.origin else { continue }
        guard let value = GVariantText(entry.value) else {
          throw .malformed(path, line: line, "no value of GVariant")
        }
        let key = (entry.group == "/" ? "" : "/" + entry.group) + "/" + entry.key
        if key.contains("//") {
          throw .malformed(path, line: line, "two slashes in the path of a key")
        }
        let old = settings[key]
        settings[key] = Setting(
          value: value, origin: entry.origin,
          overrides: (old?.overrides ?? []) + (old.map { [.init($0.value.text, $0.origin)] } ?? []))
      }
    }
    let locked = folder.appending("locks")
    guard try host.metadata(of: locked)?.kind == .directory else { return }
    try note(locked)
    for name in try host.list(locked) ?? [] where !name.string.hasPrefix(".") {
      let path = locked.appending(name)
      guard try host.metadata(of: path)?.kind == .file else { continue }
      try note(path)
      guard let text = try host.text(of: path) else { continue }
      for line in numberedLines(text) where line.text.hasPrefix("/") {
        locks[String(line.text)] = .line(path, line.number)
      }
    }
  }
}

/// The databases that a program consults, the strongest first (`dconf(7)`).
struct DconfProfile: Sendable {
  /// The file; nil where there is none and only people's own settings count.
  var path: FilePath?
  /// Without the first one where it is writable.
  var databases: [DconfDatabase] = []
  /// Whether people's own settings come first.
  var isWritable = true

  static let folders: [FilePath] = [
    "/etc/dconf/profile", "/usr/local/share/dconf/profile", "/usr/share/dconf/profile",
  ]

  static func read(_ name: String, on host: Host) throws(TargetError) -> DconfProfile {
    try host.remember("dconf profile \(name)") { () throws(TargetError) -> DconfProfile in
      var profile = DconfProfile()
      for folder in folders {
        let path = folder.appending(name)
        guard let lines = try host.lines(of: path) else { continue }
        profile.path = path
        profile.isWritable = false
        for line in lines {
          let text = line.text.prefix { $0 != "#" }[...].trimmed
          guard let colon = text.firstIndex(of: ":") else { continue }
          let target = String(text[text.index(after: colon)...])
          switch text[..<colon] {
          case "user-db", "service-db":
            if profile.databases.isEmpty { profile.isWritable = true }
          case "system-db": profile.databases.append(try .system(target, on: host))
          case "file-db" where target.hasPrefix("/"):
            profile.databases.append(try .file(FilePath(target), on: host))
          default: continue
          }
        }
        break
      }
      return profile
    }
  }

  /// What the databases give a key, people's own settings left out: from the weakest lock on, the
  /// first database that has it.
  func lookUp(_ key: String) -> (setting: DconfDatabase.Setting?, database: String?, lock: Origin?)
  {
    let locked = databases.lastIndex { $0.locks[key] != nil }
    var hidden: [Fact.Overridden] = []
    for database in databases[..<(locked ?? 0)] {
      if let setting = database.settings[key] {
        hidden.append(.init(setting.value.text, setting.origin))
      }
    }
    for (index, database) in databases.enumerated() where index >= locked ?? 0 {
      guard var setting = database.settings[key] else { continue }
      for weaker in databases[(index + 1)...] {
        if let other = weaker.settings[key] {
          hidden.append(.init(other.value.text, other.origin))
        }
      }
      setting.overrides += hidden
      return (setting, database.name, locked.flatMap { databases[$0].locks[key] })
    }
    return (nil, nil, locked.flatMap { databases[$0].locks[key] })
  }
}
