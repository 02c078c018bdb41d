import RiegelModel
import SystemPackage

/// A unit as systemd would load it: its file, the drop-ins that apply, and how it is installed.
struct Unit: Sendable {
  enum Install: Sendable {
    case regular
    /// The file lies outside the search path and is linked into it.
    case linked
    case masked
  }

  var name: UnitName
  var entry: UnitIndex.Entry
  var install: Install
  /// The assignments of file and drop-ins in the order in which they apply; a masked unit has none.
  var assignments: [SystemdFile.Assignment] = []

  /// nil if nothing defines the canonical name.
  ///
  /// Throws if the file or a drop-in cannot be read: what it would say is then unknown.
  static func load(
    _ name: String, _ index: UnitIndex, on host: Host
  ) throws(TargetError) -> Unit? {
    guard var unit = try find(name, index, on: host) else { return nil }
    if unit.install == .masked { return unit }
    let file = unit.install == .linked ? index.destination(of: unit.entry) : unit.entry.path
    unit.assignments = try SystemdFile.read(file ?? unit.entry.path, on: host)?.assignments ?? []
    for path in try dropIns(of: unit.name, index, on: host) {
      unit.assignments += try SystemdFile.read(path, on: host)?.assignments ?? []
    }
    return unit
  }

  /// The unit without what its files say.
  static func find(
    _ name: String, _ index: UnitIndex, on host: Host
  ) throws(TargetError) -> Unit? {
    guard let entry = index.entry(for: name), let parsed = UnitName(name) else { return nil }
    if index.destination(of: entry) == "/dev/null" {
      return Unit(name: parsed, entry: entry, install: .masked)
    }
    // A link that leads nowhere defines nothing.
    guard let metadata = try host.metadata(of: entry.path) else { return nil }
    if metadata.kind == .file, metadata.size == 0 {
      return Unit(name: parsed, entry: entry, install: .masked)
    }
    let isLinked = index.destination(of: entry).map { !index.isInSearchPath($0) } ?? false
    return Unit(name: parsed, entry: entry, install: isLinked ? .linked : .regular)
  }

  /// The drop-ins that apply, in the order of their names; of one name the strongest counts, and
  /// one that is empty or leads to `/dev/null` switches off the weaker ones.
  static func dropIns(
    of name: UnitName, _ index: UnitIndex, on host: Host
  ) throws(TargetError) -> [FilePath] {
    let aliases = index.linksByDestination[name.text]?.map(\.name) ?? []
    var names = name.dropInNames
    for alias in aliases where alias != name.text {
      names += UnitName(alias)?.dropInNames ?? []
    }
    var folders: [FilePath] = []
    for folder in index.folders {
      for name in names {
        folders +=
          index.dropInFolders[name + ".d"]?
          .filter { $0.removingLastComponent() == folder.path } ?? []
      }
    }
    folders += index.dropInFolders[name.type + ".d"] ?? []
    return try mergedByName(folders, on: host)
  }

  func setting(_ key: String, section: String, isList: Bool = false) -> SystemdSetting {
    SystemdSetting(key, section: section, in: assignments, isList: isList)
  }

  /// The section named after the type, `[Service]`, where most settings stand.
  var ownSection: String { name.type.prefix(1).uppercased() + name.type.dropFirst() }
}

/// The `*.conf` files of drop-in folders in order of name; of one name the first folder wins, and
/// a file that leads to `/dev/null` or is empty hides the others and says nothing itself.
func mergedByName(_ folders: [FilePath], on host: Host) throws(TargetError) -> [FilePath] {
  var chosen: [String: FilePath] = [:]
  for folder in folders {
    guard try host.metadata(of: folder)?.kind == .directory else { continue }
    for component in try host.list(folder) ?? [] where component.string.hasSuffix(".conf") {
      if component.bytes.first == UInt8(ascii: ".") || chosen[component.string] != nil { continue }
      chosen[component.string] = folder.appending(component)
    }
  }
  var paths: [FilePath] = []
  for (_, path) in chosen.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
    if try host.readLink(path) == "/dev/null" { continue }
    guard try host.metadata(of: path)?.kind == .file else { continue }
    paths.append(path)
  }
  return paths
}
