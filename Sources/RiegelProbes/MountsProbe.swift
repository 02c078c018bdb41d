import RiegelModel
import SystemPackage

/// Observes mount points and their options, both as they are and as the next boot makes them.
///
/// A path that is no mount point has the options of the file system that it lies on, and a row with
/// `separate` false. Links on the way are followed, so a `/var/tmp` that leads to `/tmp` counts as
/// what `/tmp` is.
struct MountsProbe: Probe {
  static let name = "mounts"
  static let summary = "Mount points with the options in force, now and after a restart."
  static let fields: [Field] = [
    .list(
      "options",
      "The options in force: `rw` or `ro`, `nosuid`, `nodev`, `noexec` and what else is given, with"
        + " those that `user` and its kind imply."),
    .flag("separate", "Whether a file system of its own is mounted there (by the boot itself)."),
    .text("point", "The mount point, or the path asked for."),
    .choice(
      "source", ["running", "configured"],
      "Mounted now, or what fstab and units say of the next boot."),
    .text("type", "The type of the file system, such as `ext4`."),
    .text("device", "What is mounted, as the kernel or fstab name it."),
    .flag(
      "removable",
      "Whether the disk below is removable or hangs on USB; absent where no disk is known."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.points, "Paths such as `/tmp`; `all` asks for every mount point.")
  ]
  static let reads = MountTable.reads + ConfiguredMounts.reads + BlockDevices.reads

  var points: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let configured = try ConfiguredMounts.of(host)
    var observation = Observation(gaps: configured.gaps, notes: configured.notes)
    var table: MountTable?
    if host.isRunning {
      do throws(TargetError) { table = try MountTable.of(host) } catch {
        observation.gaps.append(error)
      }
    }
    if points == ["all"] {
      for mount in table?.visible ?? [] {
        observation.rows.append(row(mount, mount.point, host))
      }
      for entry in configured.entries where !entry.origin.isBuiltIn {
        observation.rows.append(row(entry, entry.point))
      }
      return observation
    }
    for point in points {
      let asked = FilePath(point).lexicallyNormalized()
      var path = asked
      if host.isRunning || !isVolatile(asked) {
        do throws(TargetError) { path = try host.resolve(asked) ?? asked } catch {
          observation.gaps.append(error)
        }
      }
      if let mount = table?.mount(of: path) {
        observation.rows.append(row(mount, path, host, as: asked))
      }
      if let entry = configured.entry(at: path) ?? configured.entry(of: path) {
        observation.rows.append(row(entry, path, as: asked))
      } else if configured.isKnown {
        observation.rows.append(
          Row(
            printable(asked),
            [
              "options": .absent(.file("/etc/fstab")),
              "separate": .flag(false, .file("/etc/fstab")),
              "point": .text(printable(asked)), "source": .text("configured"),
            ]))
      }
    }
    return observation
  }

  private func row(
    _ mount: MountTable.Mount, _ path: FilePath, _ host: Host, as asked: FilePath? = nil
  ) -> Row {
    let origin = mount.origin
    let name = printable(asked ?? path)
    return Row(
      name,
      [
        "options": .list(mount.options, origin),
        "separate": .flag(mount.point == path, origin),
        "point": .text(name, origin), "source": .text("running", origin),
        "type": .text(mount.type, origin), "device": .text(mount.source, origin),
        "removable": BlockDevices(host).removable(mount.number),
      ])
  }

  private func row(
    _ entry: ConfiguredMounts.Entry, _ path: FilePath, as asked: FilePath? = nil
  ) -> Row {
    let origin = entry.origin
    let name = printable(asked ?? path)
    return Row(
      name,
      [
        "options": Fact(
          .known(.list(entry.options)), from: origin, overriding: entry.overrides),
        "separate": .flag(entry.point == path && entry.isAutomatic, origin),
        "point": .text(name, origin), "source": .text("configured", origin),
        "type": .text(entry.type, origin), "device": .text(entry.device, origin),
      ])
  }
}
