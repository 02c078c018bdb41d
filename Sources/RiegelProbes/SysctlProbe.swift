import RiegelModel
import SystemPackage

/// Observes kernel parameters, both as they run and as the next boot will set them.
///
/// A value set by hand is gone after a reboot, and a configured one may never have been loaded.
/// A running host therefore yields two rows, and an expectation has to hold for both. Where no file
/// sets a parameter, the kernel's own default is the configured value if it is known for sure;
/// else only the running row is there. A running kernel that has no such parameter yields no row
/// at all, whatever files say: nothing they set can take effect.
struct SysctlProbe: Probe {
  static let name = "sysctl"
  static let summary = "A kernel parameter: the running value and the one the next boot sets."
  static let fields: [Field] = [
    .text("value", "The value; blanks trimmed and single, numbers in decimal."),
    .choice(
      "source", ["running", "configured"],
      "The running kernel, or what the next boot sets by sysctl.d, command line or default."),
    .text("name", "The parameter in dotted form."),
    .list(
      "bits",
      "The bits of a value that is a whole number, each as its decimal value: `438` gives"
        + " 2, 4, 16, 32, 128, 256."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(
      \.parameters,
      "In dotted form, such as `kernel.kptr_restrict`, or as a path below /proc/sys; shell patterns"
        + " go over interfaces, such as `net.ipv4.conf.*.rp_filter`.")
  ]
  static let reads = ["/proc/sys/**"] + SysctlConfiguration.reads + KernelBuild.reads

  var parameters: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    let configuration = try SysctlConfiguration.of(host)
    observation.gaps = configuration.gaps
    let kernel = try KernelBuild.all(host).first
    for parameter in parameters {
      let path = SysctlConfiguration.slashed(parameter)
      // A name is never a way out of /proc/sys.
      if path.split(separator: "/").contains("..") { continue }
      let isPattern = path.contains { "*?[{".contains($0) }
      for key in try keys(path, isPattern, configuration, host) {
        observe(key, isPattern, configuration, kernel, host, &observation)
      }
    }
    return observation
  }

  private func keys(
    _ path: String, _ isPattern: Bool, _ configuration: SysctlConfiguration, _ host: Host
  ) throws(TargetError) -> [String] {
    guard isPattern else { return [path] }
    var keys = Set(configuration.keys(matching: Glob("/" + path)))
    if host.isRunning {
      for found in try host.expand("/proc/sys/" + path) {
        keys.insert(String(printable(found).dropFirst("/proc/sys/".count)))
      }
    } else {
      // Every kernel with the protocol has these two, whatever interfaces there will be.
      let glob = Glob("/" + path)
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      if parts.count == 5, parts[0] == "net", parts[2] == "conf" {
        for scope in ["all", "default"] {
          let key = "net/\(parts[1])/conf/\(scope)/\(parts[4])"
          if glob.matches(FilePath("/" + key)) { keys.insert(key) }
        }
      }
    }
    return keys.sorted()
  }

  private func observe(
    _ key: String, _ isPattern: Bool, _ configuration: SysctlConfiguration, _ kernel: KernelBuild?,
    _ host: Host, _ observation: inout Observation
  ) {
    let name = SysctlConfiguration.swapped(key)
    if host.isRunning {
      let path = FilePath("/proc/sys").appending(key)
      do throws(TargetError) {
        if let text = try host.text(of: path) {
          observation.rows.append(
            row(name, "running", .text(SysctlConfiguration.normalized(text), .kernel(path))))
        } else if !isPattern {
          if try host.exists("/proc/sys"), let setting = configuration.effective(key) {
            observation.notes.append(
              Note(
                en: "the running kernel has no parameter \(name); what sets it has no effect",
                de: "der laufende Kernel hat keinen Parameter \(name); was ihn setzt, wirkt nicht",
                setting.origin))
          }
          if try host.exists("/proc/sys") { return }
        }
      } catch {
        observation.gaps.append(error)
      }
    }
    if let fact = configuration.effective(key) {
      observation.rows.append(row(name, "configured", fact))
    } else if let kernel, let value = SysctlDefaults.value(key, kernel) {
      observation.rows.append(
        row(name, "configured", .text(value, .builtIn("Linux " + kernel.release))))
    } else if !host.isRunning, !isPattern, configuration.gaps.isEmpty {
      // Nothing sets it, and the kernel whose default would count is not here to be asked. A
      // configuration that was not read whole leaves it open already.
      observation.gaps.append(.notCollected(FilePath("/proc/sys").appending(key)))
    }
    for setting in configuration.ignored[key] ?? [] {
      observation.notes.append(
        Note(
          en: "systemd does not read /etc/sysctl.conf here: no link in /etc/sysctl.d leads to it",
          de: "systemd liest /etc/sysctl.conf hier nicht: kein Verweis in /etc/sysctl.d führt hin",
          setting.origin))
    }
  }

  private func row(_ name: String, _ source: String, _ value: Fact) -> Row {
    var facts: [String: Fact] = [
      "value": value, "source": .text(source, value.origin), "name": .text(name, value.origin),
    ]
    if case .text(let text)? = value.value, let number = Int(text), number >= 0 {
      facts["bits"] = .list(
        (0..<63).filter { number >> $0 & 1 == 1 }.map { String(1 << $0) }, value.origin)
    }
    return Row(name, facts)
  }
}
