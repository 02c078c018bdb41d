package import RiegelModel
import SystemPackage

/// Observes what kind of host this is: distribution, machine, init system, where it runs.
///
/// What only a running kernel knows is not collected where none runs. `/.dockerenv` alone, which
/// images carry into places that are no container, does not make a container.
struct PlatformProbe: Probe {
  static let name = "platform"
  static let summary = "The distribution, the machine and the init system."
  static let fields: [Field] = [
    .text("id", "The distribution's identifier, such as `debian`; `linux` if it gives none."),
    .version("version", "The distribution's version; absent for rolling ones."),
    .text("codename", "The code name of that version."),
    .list("like", "The distributions that it says it is like."),
    .text("name", "The distribution's name for people."),
    .choice(
      "family", OsRelease.Family.allCases.map(\.rawValue),
      "The distributions whose packages and files it shares."),
    .text(
      "architecture",
      "The machine as the kernel names it, such as `x86_64` or `aarch64`; without a kernel, what"
        + " packages or programs are made for."),
    .choice(
      "init", ["systemd", "openrc", "sysvinit", "other", "none"],
      "The first program, if there is one."),
    .flag("container", "Whether this runs in a container; known only where a kernel runs."),
    .flag("virtual", "Whether this runs on a virtual machine; known only where a kernel runs."),
    .text("kernel-release", "The running kernel's release, such as `6.1.0-18-amd64`."),
    .choice(
      "chassis", ["laptop", "tablet", "desktop", "server", "other"],
      "The kind of case, by the firmware; absent where there is no such firmware."),
    .flag("efi", "Whether the kernel was started by UEFI firmware."),
  ]
  static let keys: [Key<Self>] = [.everything("This host.")]
  static let reads = [
    "/etc/os-release", "/usr/lib/os-release", "/proc/sys/kernel/arch",
    "/proc/sys/kernel/osrelease", "/proc/cpuinfo", "/proc/2/comm", "/run/systemd/container",
    "/run/host/container-manager", "/run/.containerenv", "/sys/class/dmi/id/chassis_type",
    "/sys/class/dmi/id/sys_vendor",
  ]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var notes: [Note] = []
    var facts: [String: Fact] = [
      "architecture": fact { () throws(TargetError) in try Machine.architecture(host) },
      "init": fact { () throws(TargetError) in try PlatformProbe.initSystem(host) },
      "container": fact { () throws(TargetError) in
        try PlatformProbe.container(host, &notes)
      },
      "virtual": fact { () throws(TargetError) in try Machine.isVirtual(host) },
      "kernel-release": fact { () throws(TargetError) in
        try Machine.kernelText("/proc/sys/kernel/osrelease", host)
      },
      "chassis": fact { () throws(TargetError) in try Machine.chassis(host) },
      "efi": fact { () throws(TargetError) in
        let path: FilePath = "/sys/firmware/efi"
        return .flag(try host.exists(path), .kernel(path))
      },
    ]
    facts.merge(distribution(host)) { $1 }
    var subject = "linux"
    if case .text(let id)? = facts["id"]?.value { subject = id }
    return Observation(rows: [Row(subject, facts)], notes: notes)
  }

  /// What os-release says. Without the file it is some distribution all the same, so that its facts
  /// are unknown and not absent: a rule for one of them is not ruled out.
  private func distribution(_ host: Host) -> [String: Fact] {
    func unknown(_ error: TargetError) -> [String: Fact] {
      let names = ["id", "version", "codename", "like", "name", "family"]
      return Dictionary(uniqueKeysWithValues: names.map { ($0, Fact.unknown(error)) })
    }
    let release: OsRelease?
    do {
      release = try OsRelease.read(host)
    } catch {
      return unknown(error)
    }
    guard let release else {
      return unknown(
        .undetermined(
          "/etc/os-release",
          Localized(
            en: "nothing says which distribution this is",
            de: "nichts sagt, welche Distribution dies ist")))
    }
    func text(_ key: String) -> Fact {
      release[key].map { .text($0, release.origin(key)) } ?? .absent(release.origin(key))
    }
    return [
      "id": .text(release["ID"] ?? "linux", release.origin("ID")),
      "version": release["VERSION_ID"].map {
        .known(.version($0), release.origin("VERSION_ID"))
      } ?? .absent(release.origin("VERSION_ID")),
      "codename": text("VERSION_CODENAME"),
      "like": .list(release.like, release.origin("ID_LIKE")),
      "name": release["PRETTY_NAME"] == nil ? text("NAME") : text("PRETTY_NAME"),
      "family": .text(release.family.rawValue, release.origin("ID")),
    ]
  }

  /// A fact, or why it cannot be known.
  private func fact(_ body: () throws(TargetError) -> Fact) -> Fact {
    do { return try body() } catch { return .unknown(error) }
  }

  /// By `/sbin/init` and what else is installed; a container image often has none.
  private static func initSystem(_ host: Host) throws(TargetError) -> Fact {
    let path: FilePath = "/sbin/init"
    guard let target = try host.resolve(path) else {
      return .text("none", .file(path))
    }
    let name = target.lastComponent?.string ?? ""
    if name == "systemd" { return .text("systemd", .file(target)) }
    for openrc in ["/sbin/openrc", "/usr/sbin/openrc", "/sbin/openrc-init"] as [FilePath]
    where try host.exists(openrc) {
      return .text("openrc", .file(openrc))
    }
    let table: FilePath = "/etc/inittab"
    return try host.exists(table) ? .text("sysvinit", .file(table)) : .text("other", .file(target))
  }

  private static func container(
    _ host: Host, _ notes: inout [Note]
  ) throws(TargetError) -> Fact {
    let mark: FilePath = "/.dockerenv"
    let hasMark = try host.exists(mark)
    guard host.isRunning else {
      if hasMark {
        notes.append(
          Note(
            en: "made as a container image", de: "als Container-Abbild entstanden", .file(mark)))
      }
      throw .notCollected("/run/systemd/container")
    }
    for path in [
      "/run/systemd/container", "/run/host/container-manager", "/run/.containerenv",
    ] as [FilePath] where try host.exists(path) {
      return .flag(true, .kernel(path))
    }
    // On the host itself process 2 is the kernel's own; a container has its own numbering.
    let thread: FilePath = "/proc/2/comm"
    guard hasMark else { return .flag(false, .kernel("/run/systemd/container")) }
    let isHost = try host.text(of: thread)?.hasPrefix("kthreadd") ?? false
    if isHost {
      notes.append(
        Note(
          en: "the mark of a container image is here, but this is no container",
          de: "das Kennzeichen eines Container-Abbilds liegt hier, dies ist aber kein Container",
          .file(mark)))
    }
    return .flag(!isHost, isHost ? .kernel(thread) : .file(mark))
  }
}
