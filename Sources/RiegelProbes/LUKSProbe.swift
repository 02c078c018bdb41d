import RiegelModel
import SystemPackage

/// Observes the headers of LUKS volumes: cipher, key derivation, key slots and tokens.
///
/// Volumes are those that run, those of crypttab, and headers kept in files (`header=`). Reading a
/// device takes root; an image without its disks has only what lies in files.
struct LUKSProbe: Probe {
  static let name = "luks"
  static let summary = "LUKS volumes: version, cipher, key derivation, key slots and tokens."
  static let fields: [Field] = [
    .text("cipher", "Cipher with mode, such as `aes-xts-plain64`."),
    .text("volume", "The name of the mapping, or the path asked for."),
    .text("device", "The device or file that holds the header."),
    .number("version", "1 or 2."),
    .number("key-bits", "Size of the volume key in bits; 512 in XTS mode are AES-256."),
    .list("kdf", "Key derivation of the slots, each once: `argon2id`, `argon2i`, `pbkdf2`."),
    .number("slots", "Key slots in use."),
    .number("pbkdf2-iterations", "The fewest iterations of a PBKDF2 slot; absent without one."),
    .number("argon2-memory", "The least memory of an Argon2 slot in KiB; absent without one."),
    .number("argon2-time", "The fewest passes of an Argon2 slot; absent without one."),
    .list("tokens", "Types of tokens: `systemd-tpm2`, `systemd-fido2`, `clevis`, …"),
    .flag("tpm2-pin", "Whether every TPM2 token asks for a PIN; absent without such a token."),
    .list(
      "tpm2-pcrs",
      "PCRs that every TPM2 token is bound to; empty binds nothing; absent without such a token."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.volumes, "`all`, or paths of devices or header files.")
  ]
  /// `/dev/*` makes a snapshot take the headers of volumes, without their secrets.
  static let reads = ["/etc/crypttab", "/dev/*"] + BlockDevices.reads

  var volumes: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    guard volumes == ["all"] else {
      for volume in volumes {
        observe(volume, FilePath(volume).lexicallyNormalized(), host, &observation)
      }
      return observation
    }
    var seen: Set<FilePath> = []
    let table = try Crypttab.of(host)
    observation.gaps += table?.gaps ?? []
    for entry in table?.entries ?? [] {
      guard entry.layer == "luks" else { continue }
      let place = entry.option("header") ?? entry.device
      guard place.hasPrefix("/") || place.contains("=") else { continue }
      let path = BlockDevices.path(of: place) ?? FilePath(place).lexicallyNormalized()
      do throws(TargetError) {
        let real = try host.resolve(path) ?? path
        if entry.option("header") != nil {
          // The data device then has no header of its own.
          let device = BlockDevices.path(of: entry.device) ?? FilePath(entry.device)
          seen.insert(try host.resolve(device) ?? device)
        }
        guard seen.insert(real).inserted else { continue }
        observe(entry.name, real, host, &observation)
      } catch {
        observation.gaps.append(error)
      }
    }
    if host.isRunning {
      for (name, device) in try BlockDevices(host).luksVolumes() {
        let path = FilePath("/dev").appending(device)
        guard seen.insert(path).inserted else { continue }
        observe(name, path, host, &observation)
      }
    }
    return observation
  }

  /// An absent device is a gap, since crypttab or the kernel says that there is a volume.
  private func observe(
    _ name: String, _ path: FilePath, _ host: Host, _ observation: inout Observation
  ) {
    do throws(TargetError) {
      guard let head = try host.head(of: path, count: 4096) else { throw .notCollected(path) }
      guard let size = LUKSHeader.size(head) else {
        throw .undetermined(
          path,
          Localized(
            en: "no LUKS header starts here; it may be kept elsewhere",
            de: "hier beginnt kein LUKS-Kopf; er kann anderswo liegen"))
      }
      let bytes = size <= head.count ? head : try host.head(of: path, count: size) ?? []
      observation.rows.append(row(name, path, try LUKSHeader(bytes, path)))
    } catch {
      observation.gaps.append(error)
    }
  }

  private func row(_ name: String, _ path: FilePath, _ header: LUKSHeader) -> Row {
    let origin = Origin.file(path)
    var facts: [String: Fact] = [
      "cipher": .text(header.cipher, origin), "volume": .text(name, origin),
      "device": .text(printable(path), origin), "version": .number(header.version, origin),
      "key-bits": .number(header.keyBits, origin),
      "kdf": .list(Set(header.slots.map(\.kdf)).sorted(), origin),
      "slots": .number(header.slots.count, origin),
      "tokens": .list(header.tokens.map(\.type), origin),
    ]
    let derived: [(String, Int?)] = [
      ("pbkdf2-iterations", header.slots.compactMap(\.iterations).min()),
      ("argon2-memory", header.slots.compactMap(\.memory).min()),
      ("argon2-time", header.slots.compactMap(\.time).min()),
    ]
    for (field, value) in derived {
      if let value { facts[field] = .number(value, origin) }
    }
    let chips = header.tokens.filter { $0.type == "systemd-tpm2" }
    if !chips.isEmpty {
      facts["tpm2-pin"] = .flag(chips.allSatisfy { $0.hasPIN == true }, origin)
      var shared = Set(chips[0].pcrs ?? [])
      for chip in chips { shared.formIntersection(chip.pcrs ?? []) }
      facts["tpm2-pcrs"] = .list(shared.sorted().map(String.init), origin)
    }
    return Row(name, facts)
  }
}
