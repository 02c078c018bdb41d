import RiegelModel
import SystemPackage

/// The unit files, aliases and dependency links of all folders that systemd searches, in the order
/// of precedence of `systemd.unit(5)`.
struct UnitIndex: Sendable {
  /// What kind of folder says something, for the words of `systemctl is-enabled`.
  enum Layer: Sendable, Hashable {
    case persistent, runtime, generator, transient, vendor
  }

  struct Folder: Sendable, Hashable {
    var path: FilePath
    var layer: Layer
    /// Position in the search order.
    var rank: Int
  }

  /// A file or link directly in a folder of the search path.
  struct Entry: Sendable, Hashable {
    var name: String
    var folder: Folder
    /// The text of a symbolic link.
    var link: FilePath?
    var path: FilePath { folder.path.appending(name) }
  }

  /// A link in a `.wants`, `.requires` or `.upholds` folder.
  struct Dependency: Sendable, Hashable {
    /// The unit that pulls: `multi-user.target`.
    var from: String
    var folder: Folder
    var path: FilePath
  }

  static let searchPath: [(FilePath, Layer)] = [
    ("/etc/systemd/system.control", .persistent), ("/run/systemd/system.control", .runtime),
    ("/run/systemd/transient", .transient), ("/run/systemd/generator.early", .generator),
    ("/etc/systemd/system", .persistent), ("/etc/systemd/system.attached", .persistent),
    ("/run/systemd/system", .runtime), ("/run/systemd/system.attached", .runtime),
    ("/run/systemd/generator", .generator), ("/usr/local/lib/systemd/system", .vendor),
    ("/usr/lib/systemd/system", .vendor), ("/lib/systemd/system", .vendor),
    ("/run/systemd/generator.late", .generator),
  ]

  private(set) var folders: [Folder] = []
  /// By name, the strongest first.
  private(set) var entries: [String: [Entry]] = [:]
  private(set) var dependencies: [String: [Dependency]] = [:]
  /// Names of drop-in folders (`ssh.service.d`) with the folders that have them, strongest first.
  private(set) var dropInFolders: [String: [FilePath]] = [:]
  /// All links directly in the search path, by the last component of what they lead to.
  private(set) var linksByDestination: [String: [Entry]] = [:]

  static func of(_ host: Host) throws(TargetError) -> UnitIndex {
    try host.remember("systemd-unit-index") { () throws(TargetError) in try UnitIndex(host) }
  }

  /// What lies in `/run` exists only while the system runs; an image starts without it.
  private init(_ host: Host) throws(TargetError) {
    var seen: Set<FilePath> = []
    for (path, layer) in UnitIndex.searchPath {
      if isVolatile(path), !host.isRunning { continue }
      // On merged-/usr systems `/lib` is `/usr/lib`: the same folder counts once.
      guard let resolved = try host.resolve(path), seen.insert(resolved).inserted,
        try host.metadata(of: resolved)?.kind == .directory
      else { continue }
      let folder = Folder(path: path, layer: layer, rank: folders.count)
      folders.append(folder)
      for component in try host.list(path) ?? [] {
        try add(component.string, in: folder, host)
      }
    }
  }

  private mutating func add(
    _ name: String, in folder: Folder, _ host: Host
  ) throws(TargetError) {
    let path = folder.path.appending(name)
    if name.hasSuffix(".d") {
      dropInFolders[name, default: []].append(path)
      return
    }
    if UnitName(name) != nil {
      let entry = Entry(name: name, folder: folder, link: try host.readLink(path))
      entries[name, default: []].append(entry)
      if let last = entry.link?.lastComponent {
        linksByDestination[last.string, default: []].append(entry)
      }
      return
    }
    for suffix in [".wants", ".requires", ".upholds"] where name.hasSuffix(suffix) {
      let from = String(name.dropLast(suffix.count))
      guard try host.metadata(of: path)?.kind == .directory else { return }
      for component in try host.list(path) ?? [] where UnitName(component.string) != nil {
        let child = path.appending(component)
        // systemd takes only links; a file in such a folder is ignored.
        guard try host.readLink(child) != nil else { continue }
        dependencies[component.string, default: []].append(
          Dependency(from: from, folder: folder, path: child))
      }
    }
  }

  /// Every name that something stands for: files, aliases and instances that are pulled in.
  var names: Set<String> { Set(entries.keys).union(dependencies.keys) }

  /// The file or link that systemd takes for a name: of its own, or of its template.
  func entry(for name: String) -> Entry? {
    if let own = entries[name]?.first(where: { !leadsToItself($0) }) { return own }
    guard let template = UnitName(name)?.template else { return nil }
    return entries[template]?.first { !leadsToItself($0) }
  }

  /// A link to the same name inside the search path says nothing new.
  private func leadsToItself(_ entry: Entry) -> Bool {
    guard let target = destination(of: entry) else { return false }
    return target.lastComponent?.string == entry.name && isInSearchPath(target)
  }

  /// Where a link leads by its text, absolute and normal.
  func destination(of entry: Entry) -> FilePath? {
    guard let link = entry.link else { return nil }
    return (link.isAbsolute ? link : entry.folder.path.pushing(link)).lexicallyNormalized()
  }

  func isInSearchPath(_ path: FilePath) -> Bool {
    let folder = path.removingLastComponent()
    return UnitIndex.searchPath.contains { $0.0 == folder }
  }

  /// The name behind a name: aliases followed.
  func canonical(_ name: String) -> String {
    var current = name
    for _ in 0..<8 {
      guard let entry = entry(for: current), let target = destination(of: entry),
        target != "/dev/null", isInSearchPath(target), let last = target.lastComponent?.string,
        var next = UnitName(last)
      else { return current }
      // `foo@.service` as the destination of `bar@x.service` stands for `foo@x.service`.
      if next.isTemplate, let instance = UnitName(current)?.instance, !instance.isEmpty {
        next.instance = instance
      }
      if next.text == current { return current }
      current = next.text
    }
    return current
  }
}
