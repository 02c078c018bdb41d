import RiegelModel
import SystemPackage

/// Observes whether what lies at a path, or in swap, is encrypted while the power is off.
///
/// From mount to LVM, RAID and disk every layer is followed; that another partition is encrypted
/// proves nothing. Self-encrypting drives and file-based encryption (fscrypt) cannot be seen in the
/// tree and have to be attested.
struct EncryptionProbe: Probe {
  static let name = "encryption"
  static let summary = "Whether the storage below a path, or swap, is encrypted."
  static let fields: [Field] = [
    .choice(
      "protection", StorageProtection.Kind.allCases.map(\.rawValue),
      "`encrypted`; `plain`; `volatile` if it is gone without power (tmpfs, zram); `remote` if"
        + " another host stores it."),
    .text("area", "The path, or the swap device."),
    .choice("kind", ["path", "swap", "hibernation"], "What the area is."),
    .choice(
      "source", ["running", "configured"], "In use now, or what fstab says of the next boot."),
    .text("device", "The device below, as the kernel or fstab name it."),
    .text("layer", "What protects: `luks2`, `plain`, `tmpfs`, `zram`, `nfs4`, … or `none`."),
    .number("luks", "The version of LUKS, if that is the layer and the kernel shows it."),
    .text("type", "The type of the file system, for paths of a running host."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(
      \.areas,
      "Paths such as `/home`; `swap` for every swap area and the place of a hibernation image;"
        + " `all` for every mount with storage of its own, and swap.")
  ]
  static let reads = StoragePath.reads + ["/proc/swaps", "/sys/power/resume"]

  var areas: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    for area in areas {
      do throws(TargetError) {
        switch area {
        case "swap": try observeSwap(host, &observation)
        case "all":
          try observeAll(host, &observation)
          try observeSwap(host, &observation)
        default:
          let path = FilePath(area).lexicallyNormalized()
          guard path.isAbsolute else { throw .notCollected(path) }
          observation.rows.append(row(path, host))
        }
      } catch {
        observation.gaps.append(error)
      }
    }
    return observation
  }

  private func row(_ path: FilePath, _ host: Host) -> Row {
    let name = printable(path)
    var facts: [String: Fact] = [
      "area": .text(name), "kind": .text("path"),
      "source": .text(host.isRunning ? "running" : "configured"),
    ]
    do throws(TargetError) {
      let found = try StoragePath(host).protection(of: path)
      facts["device"] = .text(found.device, found.protection.origin)
      fill(&facts, found.protection)
      if host.isRunning, let mount = try MountTable.of(host).mount(of: host.resolve(path) ?? path) {
        facts["type"] = .text(mount.type, mount.origin)
      }
    } catch {
      doubt(&facts, error)
    }
    return Row(name, facts)
  }

  private func fill(_ facts: inout [String: Fact], _ found: StorageProtection) {
    facts["protection"] = .text(found.kind.rawValue, found.origin)
    facts["layer"] = .text(found.layer, found.origin)
    if let luks = found.luks { facts["luks"] = .number(luks, found.origin) }
  }

  private func doubt(_ facts: inout [String: Fact], _ error: TargetError) {
    for field in ["protection", "layer", "luks"] { facts[field] = .unknown(error) }
  }

  private func observeAll(_ host: Host, _ observation: inout Observation) throws(TargetError) {
    if host.isRunning {
      for mount in try MountTable.of(host).visible
      where !StoragePath.isVolatileType(mount.type) {
        observation.rows.append(row(mount.point, host))
      }
      return
    }
    let configured = try ConfiguredMounts.of(host)
    observation.gaps += configured.gaps
    for entry in configured.entries where !StoragePath.isVolatileType(entry.type) {
      observation.rows.append(row(entry.point, host))
    }
  }

  private func observeSwap(_ host: Host, _ observation: inout Observation) throws(TargetError) {
    if host.isRunning { try observeRunningSwap(host, &observation) }
    let configured = try ConfiguredMounts.of(host)
    observation.gaps += configured.gaps
    for entry in configured.swaps {
      var facts: [String: Fact] = [
        "area": .text(entry.device, entry.origin), "kind": .text("swap", entry.origin),
        "source": .text("configured", entry.origin), "device": .text(entry.device, entry.origin),
      ]
      do throws(TargetError) {
        fill(
          &facts,
          try StoragePath(host).protection(
            ofDevice: entry.device, type: entry.type, entry.origin))
      } catch {
        doubt(&facts, error)
      }
      observation.rows.append(Row(entry.device, facts))
    }
  }

  private func observeRunningSwap(
    _ host: Host, _ observation: inout Observation
  ) throws(TargetError) {
    let path: FilePath = "/proc/swaps"
    for line in try (host.lines(of: path) ?? []).dropFirst() {
      let fields = line.text.split { $0 == " " || $0 == "\t" }
      guard fields.count >= 2 else {
        if fields.isEmpty { continue }
        throw .malformed(path, line: line.number, "not a line of swaps")
      }
      let area = unescapedOctal(fields[0])
      let origin = Origin.line(path, line.number)
      var facts: [String: Fact] = [
        "area": .text(area, origin), "kind": .text("swap", origin),
        "source": .text("running", origin), "device": .text(area, origin),
      ]
      do throws(TargetError) {
        if fields[1] == "file" {
          let found = try StoragePath(host).protection(of: FilePath(area))
          facts["device"] = .text(found.device, origin)
          fill(&facts, found.protection)
        } else if let name = try BlockDevices(host).name(of: area) {
          fill(&facts, try BlockDevices(host).protection(of: name))
        } else {
          throw .notCollected(FilePath(area))
        }
      } catch {
        doubt(&facts, error)
      }
      observation.rows.append(Row(area, facts))
    }
    let resume: FilePath = "/sys/power/resume"
    guard let number = try host.text(of: resume)?.filter({ $0 != "\n" }), number != "0:0",
      !number.isEmpty
    else { return }
    var facts: [String: Fact] = [
      "area": .text(number, .kernel(resume)), "kind": .text("hibernation", .kernel(resume)),
      "source": .text("running", .kernel(resume)), "device": .text(number, .kernel(resume)),
    ]
    do throws(TargetError) {
      guard let name = try BlockDevices(host).name(ofNumber: number) else {
        throw .notCollected(resume)
      }
      fill(&facts, try BlockDevices(host).protection(of: name))
    } catch {
      doubt(&facts, error)
    }
    observation.rows.append(Row("hibernation", facts))
  }
}
