import RiegelModel
import SystemPackage

/// The mounts of the running host, by `/proc/PID/mountinfo` (`proc(5)`).
///
/// Process 1 is asked first: an audit that a sandboxed service runs has a `/tmp` of its own, which
/// says nothing of the host.
struct MountTable: Sendable {
  struct Mount: Sendable {
    var id: Int
    var parent: Int
    /// `8:1`; 0 as major number for file systems without one block device.
    var number: String
    var point: FilePath
    /// Of this mount and of its file system together: `ro` if either is.
    var options: [String]
    var type: String
    var source: String
    var origin: Origin
  }

  /// What can be reached by path; a mount under another one is left out.
  private(set) var visible: [Mount] = []

  static let reads = ["/proc/1/mountinfo", "/proc/self/mountinfo"]

  static func of(_ host: Host) throws(TargetError) -> MountTable {
    try host.remember("mount table") { () throws(TargetError) in try MountTable(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    let own: FilePath = "/proc/self/mountinfo"
    var path: FilePath = "/proc/1/mountinfo"
    var lines: [NumberedLine]?
    do throws(TargetError) {
      lines = try host.lines(of: path)
    } catch {
      // Without privilege only the own table can be read; nearly always it is the same.
      if case .permissionDenied = error {} else if !error.isNotCollected { throw error }
    }
    if lines == nil {
      path = own
      lines = try host.lines(of: path)
    }
    guard let lines else { throw .notCollected(own) }
    var all: [Mount] = []
    for line in lines where !line.text.isEmpty {
      guard let mount = MountTable.parse(line, path) else {
        throw .malformed(path, line: line.number, "not a line of mountinfo")
      }
      all.append(mount)
    }
    guard !all.isEmpty else { throw .malformed(path, line: 0, "no mount at all") }
    visible = MountTable.reachable(all)
  }

  private static func parse(_ line: NumberedLine, _ path: FilePath) -> Mount? {
    let fields = line.text.split(separator: " ", omittingEmptySubsequences: false)
    guard fields.count >= 9, let id = Int(fields[0]), let parent = Int(fields[1]),
      let dash = fields[6...].firstIndex(of: "-"), fields.count > dash + 3
    else { return nil }
    let point = unescapedOctal(fields[4])
    guard point.hasPrefix("/"), fields[2].contains(":") else { return nil }
    return Mount(
      id: id, parent: parent, number: String(fields[2]), point: FilePath(point),
      options: merged(fields[5], fields[dash + 3]), type: unescapedOctal(fields[dash + 1]),
      source: unescapedOctal(fields[dash + 2]), origin: .line(path, line.number))
  }

  private static func merged(_ mount: Substring, _ fileSystem: Substring) -> [String] {
    let own = mount.split(separator: ",").map { unescapedOctal($0) }
    let shared = fileSystem.split(separator: ",").map { unescapedOctal($0) }
    let isReadOnly = own.contains("ro") || shared.contains("ro")
    var options = [isReadOnly ? "ro" : "rw"]
    for option in own + shared
    where option != "ro" && option != "rw" && !options.contains(option) {
      options.append(option)
    }
    return options
  }

  /// A mount is hidden if another one lies on the same parent at a folder above it, if one lies on
  /// top of it at its own point, or if its parent is hidden.
  private static func reachable(_ all: [Mount]) -> [Mount] {
    var children: [Int: [Mount]] = [:]
    var ids: Set<Int> = []
    for mount in all {
      children[mount.parent, default: []].append(mount)
      ids.insert(mount.id)
    }
    var result: [Mount] = []
    var seen: Set<Int> = []
    var left = all.filter { !ids.contains($0.parent) || $0.parent == $0.id }
    while let mount = left.popLast() {
      guard seen.insert(mount.id).inserted else { continue }
      let below = (children[mount.id] ?? []).filter { $0.id != mount.id }
      if !below.contains(where: { $0.point == mount.point }) { result.append(mount) }
      for child in below {
        let isHidden = below.contains {
          $0.id != child.id && $0.point != child.point && child.point.starts(with: $0.point)
        }
        if !isHidden { left.append(child) }
      }
    }
    // Two at one point without being parent and child: the later line is the later mount.
    let order = Dictionary(
      all.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    return result.sorted { order[$0.id] ?? 0 < order[$1.id] ?? 0 }
  }

  /// The mount that a path lies on.
  func mount(of path: FilePath) -> Mount? {
    var best: Mount?
    for mount in visible where path.starts(with: mount.point) {
      if mount.point.components.count >= best?.point.components.count ?? 0 { best = mount }
    }
    return best
  }
}
