import RiegelModel
import SystemPackage

/// What the next boot mounts: `fstab(5)` and mount units (`systemd.mount(5)`).
///
/// A unit in `/etc/systemd/system` beats the line in fstab for the same point, and that line beats
/// a unit in `/usr/lib`; a unit masked in `/etc` is never mounted, whatever fstab says. Drop-ins
/// apply to all of them. A unit that nothing wants is not started by itself.
struct ConfiguredMounts: Sendable {
  struct Entry: Sendable {
    var device: String
    var point: FilePath
    var type: String
    var options: [String]
    /// Whether the boot mounts it: no `noauto`, or wanted by another unit.
    var isAutomatic: Bool
    var origin: Origin
    var overrides: [Fact.Overridden] = []
  }

  private(set) var entries: [Entry] = []
  /// Lines of fstab with type swap.
  private(set) var swaps: [Entry] = []
  private(set) var gaps: [TargetError] = []
  private(set) var notes: [Note] = []
  /// Whether anything says what a boot mounts; on a bare tree nothing does.
  private(set) var isKnown = false

  static let reads =
    ["/etc/fstab", "/usr/lib/systemd/systemd", "/lib/systemd/systemd"]
    + MountUnits.directories.flatMap {
      ["\($0)/*.mount", "\($0)/*.mount.d/*.conf", "\($0)/*.wants/*.mount"]
    }

  static func of(_ host: Host) throws(TargetError) -> ConfiguredMounts {
    try host.remember("configured mounts") { () throws(TargetError) in ConfiguredMounts(host) }
  }

  private init(_ host: Host) {
    var byPoint: [FilePath: Entry] = [:]
    do throws(TargetError) {
      try readTable(host, &byPoint)
    } catch {
      isKnown = true
      gaps.append(error)
    }
    do throws(TargetError) {
      for program: FilePath in ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"]
      where try host.exists(program) {
        isKnown = true
        for entry in ConfiguredMounts.kernelInterfaces where byPoint[entry.point] == nil {
          byPoint[entry.point] = entry
        }
      }
    } catch {
      gaps.append(error)
    }
    let units = MountUnits(host, points: byPoint.keys.sorted { printable($0) < printable($1) })
    gaps += units.gaps
    for unit in units.units { merge(unit, &byPoint) }
    entries = byPoint.values.sorted { printable($0.point) < printable($1.point) }
  }

  /// What systemd mounts before it reads any unit (`src/core/mount-setup.c`).
  private static let kernelInterfaces: [Entry] = [
    ("proc", "/proc", "nosuid,nodev,noexec"), ("sysfs", "/sys", "nosuid,nodev,noexec"),
    ("devpts", "/dev/pts", "nosuid,noexec"), ("tmpfs", "/dev/shm", "nosuid,nodev"),
  ].map { type, point, options in
    Entry(
      device: type, point: FilePath(point), type: type, options: effectiveMountOptions(options),
      isAutomatic: true, origin: .builtIn("systemd"))
  }

  private mutating func readTable(
    _ host: Host, _ byPoint: inout [FilePath: Entry]
  ) throws(TargetError) {
    let path: FilePath = "/etc/fstab"
    guard let lines = try host.lines(of: path) else { return }
    isKnown = true
    for line in lines {
      let fields = line.text.split { $0 == " " || $0 == "\t" }.map { unescapedOctal($0) }
      guard let first = fields.first, first.first != "#" else { continue }
      guard fields.count >= 3, !fields[2].hasPrefix("#") else {
        gaps.append(.malformed(path, line: line.number, "fewer than three fields"))
        continue
      }
      let options = fields.count > 3 && !fields[3].hasPrefix("#") ? fields[3] : "defaults"
      let effective = effectiveMountOptions(options)
      let entry = Entry(
        device: first, point: FilePath(fields[1]).lexicallyNormalized(), type: fields[2],
        options: effective,
        isAutomatic: !effective.contains("noauto") || effective.contains("x-systemd.automount"),
        origin: .line(path, line.number))
      if fields[2] == "swap" {
        swaps.append(entry)
      } else if fields[1].hasPrefix("/") {
        // systemd makes a unit of the first line for a point and complains about the others.
        if byPoint[entry.point] == nil {
          byPoint[entry.point] = entry
        } else {
          notes.append(
            Note(
              en: "a second line for \(fields[1]): the first one counts",
              de: "eine zweite Zeile für \(fields[1]): es gilt die erste", entry.origin))
        }
      }
    }
  }

  private mutating func merge(_ unit: MountUnits.Unit, _ byPoint: inout [FilePath: Entry]) {
    let old = byPoint[unit.point]
    let isTable = old?.origin.path == "/etc/fstab"
    let hidden = old.map { [Fact.Overridden($0.options.joined(separator: ","), $0.origin)] } ?? []
    if unit.isMasked {
      if isTable, let old {
        notes.append(
          Note(
            en: "the unit is masked, so this line mounts nothing",
            de: "die Unit ist maskiert, diese Zeile hängt deshalb nichts ein", old.origin))
      }
      if isTable || old?.origin.isBuiltIn == false { byPoint[unit.point] = nil }
      return
    }
    // The line in fstab wins over a unit that a package ships, but not over its drop-ins.
    if let old, isTable, !unit.isLocal {
      guard let options = unit.dropInOptions else { return }
      var entry = old
      entry.options = effectiveMountOptions(options.text)
      entry.origin = options.origin
      entry.overrides = hidden
      byPoint[unit.point] = entry
      return
    }
    guard let options = unit.options ?? unit.file.map({ ("", Origin.file($0)) }) else { return }
    // A line in fstab pulls the unit in, whoever wrote the unit.
    let isWanted = unit.isWanted || (isTable && old?.isAutomatic == true)
    if !isWanted {
      notes.append(
        Note(
          en: "nothing wants this unit, so a boot does not mount it",
          de: "nichts verlangt diese Unit, ein Start hängt sie deshalb nicht ein", options.1))
      if old?.isAutomatic == true { return }
    }
    byPoint[unit.point] = Entry(
      device: unit.what ?? old?.device ?? "", point: unit.point,
      type: unit.type ?? old?.type ?? "auto", options: effectiveMountOptions(options.0),
      isAutomatic: isWanted, origin: options.1, overrides: hidden)
  }

  func entry(at point: FilePath) -> Entry? { entries.first { $0.point == point } }

  /// The entry that a path will lie on after a boot.
  func entry(of path: FilePath) -> Entry? {
    entries.filter { $0.isAutomatic && path.starts(with: $0.point) }
      .max { $0.point.components.count < $1.point.components.count }
  }
}
