import RiegelModel
import SystemPackage

/// The words of `systemctl is-enabled`, found from files and links alone.
enum UnitState: String, Sendable, CaseIterable {
  case enabled
  case enabledRuntime = "enabled-runtime"
  case linked
  case linkedRuntime = "linked-runtime"
  case masked
  case maskedRuntime = "masked-runtime"
  case `static`, indirect, disabled, generated, transient

  /// The state and the link or file that makes it so.
  static func of(_ unit: Unit, _ index: UnitIndex) -> (state: UnitState, because: FilePath) {
    let layer = unit.entry.folder.layer
    let path = unit.entry.path
    switch unit.install {
    case .masked: return (layer == .runtime ? .maskedRuntime : .masked, path)
    case .regular where layer == .generator: return (.generated, path)
    case .regular where layer == .transient: return (.transient, path)
    case .regular, .linked: break
    }
    if let found = search(unit, index, knownNamesOnly: true) { return found }
    if unit.install == .linked {
      return (layer == .runtime ? .linkedRuntime : .linked, path)
    }
    if let found = search(unit, index, knownNamesOnly: false), found.state != .static {
      return (.indirect, found.because)
    }
    let install = { (key: String) in
      !unit.setting(key, section: "Install", isList: true).items.isEmpty
    }
    if install("WantedBy") || install("RequiredBy") || install("UpheldBy") || install("Alias") {
      return (.disabled, path)
    }
    return (install("Also") ? .indirect : .static, path)
  }

  /// Links that stand for the unit: in dependency folders by its name, in the search path by what
  /// they lead to. Folders below the unit's own file do not count for links of its name.
  private static func search(
    _ unit: Unit, _ index: UnitIndex, knownNamesOnly: Bool
  ) -> (state: UnitState, because: FilePath)? {
    let name = unit.name.text
    var known: Set<String> = [name]
    known.formUnion(unit.setting("Alias", section: "Install", isList: true).items)
    if unit.name.isTemplate,
      let instance = unit.setting("DefaultInstance", section: "Install").value
    {
      var standard = unit.name
      standard.instance = instance
      known.insert(standard.text)
    }
    var found: [(UnitIndex.Folder, FilePath)] = []
    // Links of the unit's own name, or (for a template) of its instances.
    for candidate in knownNamesOnly ? known : instances(of: unit.name, index).union(known) {
      for dependency in index.dependencies[candidate] ?? []
      where dependency.folder.rank <= unit.entry.folder.rank || candidate != name {
        found.append((dependency.folder, dependency.path))
      }
    }
    let template = unit.name.template
    for entry in index.linksByDestination[name] ?? [] where entry.name != name {
      if knownNamesOnly, !known.contains(entry.name) { continue }
      if let template, entry.name == template { continue }
      found.append((entry.folder, entry.path))
    }
    found.sort { $0.0.rank < $1.0.rank }
    if let persistent = found.first(where: { $0.0.path == "/etc/systemd/system" }) {
      return (.enabled, persistent.1)
    }
    if let runtime = found.first(where: { $0.0.layer == .runtime }) {
      return (.enabledRuntime, runtime.1)
    }
    // An instance that the vendor pulls in counts as static, a mere alias as nothing.
    if unit.name.isInstance, let vendor = found.first { return (.static, vendor.1) }
    return nil
  }

  private static func instances(of name: UnitName, _ index: UnitIndex) -> Set<String> {
    guard name.isTemplate else { return [] }
    return index.names.filter { UnitName($0)?.template == name.text }
  }
}

/// What `systemctl preset` would do with a unit (`systemd.preset(5)`): the first line that matches,
/// over all files in order of name; without one, enable.
struct UnitPresets: Sendable {
  struct Line: Sendable {
    var verb: String
    var pattern: Glob
    var origin: Origin
  }
  private var lines: [Line] = []

  static func of(_ host: Host) throws(TargetError) -> UnitPresets {
    try host.remember("systemd-presets") { () throws(TargetError) in try UnitPresets(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    var chosen: [String: FilePath] = [:]
    for folder: FilePath in [
      "/etc/systemd/system-preset", "/run/systemd/system-preset",
      "/usr/local/lib/systemd/system-preset", "/usr/lib/systemd/system-preset",
      "/lib/systemd/system-preset",
    ] {
      if isVolatile(folder), !host.isRunning { continue }
      for name in try host.list(folder) ?? [] where name.string.hasSuffix(".preset") {
        if chosen[name.string] == nil { chosen[name.string] = folder.appending(name) }
      }
    }
    for (_, path) in chosen.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      if try host.readLink(path) == "/dev/null" { continue }
      for line in try host.lines(of: path) ?? [] {
        let words = line.text.words
        guard words.count >= 2, ["enable", "disable", "ignore"].contains(words[0]) else { continue }
        lines.append(
          Line(verb: words[0], pattern: Glob(words[1]), origin: .line(path, line.number)))
      }
    }
  }

  func fact(for name: String) -> Fact {
    for line in lines where line.pattern.matches(text: name) {
      return .text(line.verb, line.origin)
    }
    return .text("enable", .builtIn("systemd: no preset line matches"))
  }
}
