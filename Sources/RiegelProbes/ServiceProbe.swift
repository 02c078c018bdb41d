package import RiegelModel
import SystemPackage

/// Observes how services, sockets, timers and other units are installed, and whether they run.
///
/// Everything but `active` is read from unit files and links, so it is known of an image too. The
/// files and folders of `systemd.unit(5)` count with drop-ins, aliases, masks and presets; where
/// OpenRC or System V init is the manager, its scripts and run levels. No row means that nothing on
/// the host knows a unit of that name.
package struct ServiceProbe: Probe {
  package static let name = "service"
  package static let summary =
    "A service or other unit: installed how, started when, running or not."
  package static let fields: [Field] = [
    .flag(
      "enabled",
      "Whether the next boot starts it: a lasting link of its own, or one that its vendor put into "
        + "a target. A link in `/run` does not count, and a masked unit is never enabled."),
    .flag(
      "active",
      "Whether it runs now, by its control group. Of sockets, timers and targets only systemd "
        + "itself knows, and of what is no running host nobody."),
    .flag("masked", "Whether it leads to `/dev/null` or is empty, so that nothing can start it."),
    .choice(
      "state", UnitState.allCases.map(\.rawValue), "The word of `systemctl is-enabled`."),
    .text("name", "The name with its type, aliases resolved: `ssh.service`, not `sshd.service`."),
    .choice("type", UnitName.types, "The type of unit."),
    .choice("manager", InitScripts.Manager.allCases.map(\.rawValue), "Who starts it."),
    .choice("preset", ["enable", "disable", "ignore"], "What the distribution's preset says."),
    .list("exec", "The commands of `ExecStart=` that are in force, with their prefixes."),
    .text("user", "The account of `User=`; `root` where a service names none."),
    .list("wanted-by", "The units or run levels whose links start it."),
    .list("triggered-by", "Enabled sockets, timers and paths that start it when it is needed."),
    .list("aliases", "Other names that lead to it."),
    .instant("last-run", "When a timer with `Persistent=` last fired."),
  ]
  package static let keys: [Key<Self>] = [
    .subjects(
      \.units,
      "Names such as `chrony.service` or shell patterns such as `*.socket`; without a type, "
        + "`.service` is meant.")
  ]
  package static let reads = [
    "/etc/systemd/system/**", "/etc/systemd/system.{control,attached}/**",
    "/run/systemd/{system,system.control,system.attached,transient,units}/**",
    "/run/systemd/{generator,generator.early,generator.late}/**",
    "/usr/local/lib/systemd/system/**", "/usr/lib/systemd/system/**", "/lib/systemd/system/**",
    "/{etc,run,usr/local/lib,usr/lib,lib}/systemd/system-preset/*",
    "/usr/lib/systemd/systemd", "/lib/systemd/systemd", "/sys/fs/cgroup/**/cgroup.{procs,events}",
    "/var/lib/systemd/timers/*", "/etc/init.d/*", "/etc/rc?.d/*", "/etc/runlevels/*/*",
    "/run/openrc/started/*", "/proc/*/{comm,cmdline,status,cgroup,exe}",
  ]

  package var units: [String] = []

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    let scripts = try InitScripts.of(host)
    var observation = Observation()
    var seen: Set<String> = []
    for wanted in units {
      if scripts.manager != .openrc {
        let index = try UnitIndex.of(host)
        for name in ServiceProbe.names(wanted, index) where !seen.contains(name) {
          guard let row = try unitRow(name, index, host) else { continue }
          seen.insert(name)
          observation.rows.append(row)
        }
      }
      for script in ServiceProbe.scripts(wanted, scripts) {
        guard seen.insert(script.name + ".service").inserted else { continue }
        observation.rows.append(scriptRow(script, scripts.manager, host))
      }
    }
    return observation
  }

  /// The canonical names that a subject stands for, in order.
  static func names(_ wanted: String, _ index: UnitIndex) -> [String] {
    let full = UnitName(wanted) == nil ? wanted + ".service" : wanted
    guard full.utf8.contains(where: { "*?[{".utf8.contains($0) }) else {
      return [index.canonical(full)]
    }
    let pattern = Glob(full)
    return Set(index.names.filter { pattern.matches(text: $0) }.map(index.canonical)).sorted()
  }

  private static func scripts(_ wanted: String, _ all: InitScripts) -> [InitScripts.Script] {
    if let parsed = UnitName(wanted), parsed.type != "service" { return [] }
    let name = wanted.hasSuffix(".service") ? String(wanted.dropLast(8)) : wanted
    if let exact = all.scripts[name] { return [exact] }
    let pattern = Glob(name)
    guard pattern.hasWildcard else { return [] }
    return all.scripts.values.filter { pattern.matches(text: $0.name) }
      .sorted { $0.name < $1.name }
  }

  private func unitRow(
    _ name: String, _ index: UnitIndex, _ host: Host
  ) throws(TargetError) -> Row? {
    guard let found = try Unit.find(name, index, on: host) else { return nil }
    let origin = Origin.file(found.entry.path)
    var facts: [String: Fact] = [
      "masked": .flag(found.install == .masked, origin),
      "name": .text(name, origin),
      "type": .text(found.name.type, origin),
      "manager": .text("systemd", origin),
      "preset": preset(name, host),
      "aliases": .list(aliases(of: name, index), origin),
      "last-run": lastRun(found.name, host),
    ]
    var command: String?
    do {
      guard let unit = try Unit.load(name, index, on: host) else { return nil }
      let start = UnitStart.of(unit, index)
      facts["state"] = .text(start.state.rawValue, .file(start.because))
      // Nothing can be preset where the unit says nothing of its installation.
      if start.state == .static { facts["preset"] = .absent(origin) }
      facts["enabled"] = .flag(start.isAtBoot, .file(start.because))
      facts["wanted-by"] = .list(start.wantedBy, .file(start.because))
      facts["user"] = user(unit, origin)
      let exec = unit.setting("ExecStart", section: "Service", isList: true)
      command = exec.effective.first?.value
      if unit.name.type == "service", unit.install != .masked {
        facts["exec"] = Fact(
          .known(.list(exec.effective.map(\.value))), from: exec.origin ?? origin,
          overriding: exec.overrides)
      }
    } catch {
      for field in ["state", "enabled", "wanted-by", "user", "exec"] {
        facts[field] = .unknown(error)
      }
      if found.install == .masked { facts["enabled"] = .flag(false, origin) }
    }
    facts["triggered-by"] = triggers(of: name, host)
    facts["active"] = activity(found.name, command, host)
    return Row(name, facts)
  }

  private func preset(_ name: String, _ host: Host) -> Fact {
    do { return try UnitPresets.of(host).fact(for: name) } catch { return .unknown(error) }
  }

  private func aliases(of name: String, _ index: UnitIndex) -> [String] {
    let links = index.linksByDestination[name] ?? []
    return Set(links.map(\.name)).filter { $0 != name && index.canonical($0) == name }.sorted()
  }

  private func user(_ unit: Unit, _ origin: Origin) -> Fact {
    guard unit.name.type == "service", unit.install != .masked else { return .absent(origin) }
    let user = unit.setting("User", section: "Service")
    if let value = user.value {
      return Fact(.known(.text(value)), from: user.origin, overriding: user.overrides)
    }
    let dynamic = unit.setting("DynamicUser", section: "Service")
    if dynamic.value.flatMap(systemdBoolean) == true {
      return .text(unit.name.prefix, dynamic.origin)
    }
    return Fact(
      .known(.text("root")), from: .builtIn("systemd: no User="), overriding: user.overrides)
  }

  private func triggers(of name: String, _ host: Host) -> Fact {
    do {
      let all = try SocketUnits.of(host)
      let triggers = all.triggers(of: name)
      if triggers.isEmpty, let gap = all.gaps.first { return .unknown(gap) }
      return .list(triggers.map(\.name), triggers.first?.origin)
    } catch {
      return .unknown(error)
    }
  }

  private func activity(_ name: UnitName, _ command: String?, _ host: Host) -> Fact {
    do {
      return try UnitActivity.of(host).fact(for: name, running: command, on: host)
    } catch {
      return .unknown(error)
    }
  }

  private func lastRun(_ name: UnitName, _ host: Host) -> Fact {
    guard name.type == "timer" else { return .absent() }
    let stamp = FilePath("/var/lib/systemd/timers").appending("stamp-" + name.text)
    do {
      guard let metadata = try host.metadata(of: stamp) else { return .absent(.file(stamp)) }
      return .known(.instant(metadata.modified), .file(stamp))
    } catch {
      return .unknown(error)
    }
  }

  private func scriptRow(
    _ script: InitScripts.Script, _ manager: InitScripts.Manager, _ host: Host
  ) -> Row {
    let origin = Origin.file(script.starts.first ?? script.path)
    let isEnabled = !script.starts.isEmpty
    let state: UnitState =
      manager == .systemd ? .generated : isEnabled ? .enabled : .disabled
    let name = manager == .systemd ? script.name + ".service" : script.name
    return Row(
      name,
      [
        "enabled": .flag(isEnabled, origin),
        "active": scriptActivity(script, manager, host),
        "masked": .flag(false, .file(script.path)),
        "state": .text(state.rawValue, origin),
        "name": .text(name, .file(script.path)),
        "type": .text("service", .file(script.path)),
        "manager": .text(manager == .systemd ? "sysv" : manager.rawValue, .file(script.path)),
        "wanted-by": .list(Set(script.runlevels).sorted(), origin),
        "triggered-by": .list([], .file(script.path)),
        "aliases": .list([], .file(script.path)),
      ])
  }

  private func scriptActivity(
    _ script: InitScripts.Script, _ manager: InitScripts.Manager, _ host: Host
  ) -> Fact {
    guard host.isRunning else { return .unknown(.notCollected("/run")) }
    switch manager {
    case .openrc:
      let started = FilePath("/run/openrc/started").appending(script.name)
      do {
        guard try host.exists("/run/openrc") else { return .unknown(.notCollected("/run/openrc")) }
        return .flag(try host.metadata(of: started, following: false) != nil, .kernel(started))
      } catch {
        return .unknown(error)
      }
    case .systemd:
      guard let name = UnitName(script.name + ".service") else { return .absent() }
      return activity(name, nil, host)
    case .sysv:
      return .unknown(
        .undetermined(
          script.path,
          Localized(
            en: "System V init does not record which services run",
            de: "System-V-Init hält nicht fest, welche Dienste laufen")))
    }
  }
}
