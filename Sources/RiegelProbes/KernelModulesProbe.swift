import RiegelModel
import SystemPackage

/// Observes whether kernel modules are there, loaded, or kept from loading.
///
/// A row per module and installed kernel, since the next boot may start any of them. `blacklist`
/// only stops loading by device: an explicit `modprobe` still works. What stops it is an `install`
/// line with a command that does nothing, or `module_blacklist=` on the kernel command line.
struct KernelModulesProbe: Probe {
  static let name = "kernel-modules"
  static let summary = "Kernel modules: present, loaded, blacklisted, or kept from loading."
  static let fields: [Field] = [
    .choice(
      "state", ["loaded", "built-in", "loadable", "blocked", "absent"],
      "`loaded` now; `built-in` to the kernel; `loadable`; `blocked` from loading; or `absent`."),
    .text("name", "The module as asked for."),
    .text("kernel", "The release of the kernel that the row is about."),
    .flag("loaded", "Whether the running kernel has it loaded; absent for other kernels."),
    .flag("builtin", "Whether it is part of the kernel itself."),
    .flag("available", "Whether there is a file of it, compressed or not."),
    .flag("blacklisted", "Whether a `blacklist` line or `modprobe.blacklist=` names it."),
    .flag("install-blocked", "Whether an `install` line replaces loading by doing nothing."),
    .flag("refused", "Whether the kernel refuses it by `module_blacklist=`."),
    .flag("loadable", "Whether `modprobe` can load it: available and neither blocked nor refused."),
    .text("install-command", "The command that modprobe runs instead of loading it."),
    .list("options", "Its options from modprobe.d and the kernel command line, in order."),
    .list("aliases", "Aliases that modprobe.d gives it."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.modules, "Names such as `usb-storage`; `-` and `_` are equal.")
  ]
  static let reads =
    ["/proc/modules", "/lib/modules/*/modules.dep", "/lib/modules/*/modules.builtin"]
    + ModprobeConfiguration.reads + KernelBuild.reads

  var modules: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let configuration = try ModprobeConfiguration.of(host)
    let kernels = try KernelBuild.all(host)
    var observation = Observation(gaps: configuration.gaps, notes: configuration.notes)
    if kernels.isEmpty {
      observation.notes.append(
        Note(en: "no kernel is installed here", de: "hier ist kein Kernel installiert"))
      // Which kernel this tree will run under, and what that one can load, is not in it.
      observation.gaps.append(.notCollected("/lib/modules"))
    }
    // Where the release is not to be had, what is loaded counts for every kernel.
    let isAnyRunning = !host.isRunning || kernels.contains(where: \.isRunning)
    for module in modules {
      for var kernel in kernels {
        if !isAnyRunning { kernel.isRunning = true }
        do throws(TargetError) {
          observation.rows.append(try row(module, kernel, configuration, host))
        } catch {
          observation.gaps.append(error)
        }
      }
    }
    return observation
  }

  private func row(
    _ module: String, _ kernel: KernelBuild, _ configuration: ModprobeConfiguration, _ host: Host
  ) throws(TargetError) -> Row {
    let name = KernelCommandLine.folded(module)
    let folder = FilePath("/lib/modules/" + kernel.release)
    var facts: [String: Fact] = [
      "name": .text(module, .file(folder)), "kernel": .text(kernel.release, .file(folder)),
    ]
    var isLoaded = false
    var takesModules = true
    if kernel.isRunning {
      let list = try ModuleIndex.loaded(host)
      takesModules = list != nil
      isLoaded = list?[name] != nil
      facts["loaded"] = .flag(isLoaded, .kernel("/proc/modules"))
    }
    let install = configuration.install(name)
    let isBlocked = install.map { ModprobeConfiguration.loadsNothing($0.text) } ?? false
    let refused = configuration.refused[name]
    let blacklist = configuration.blacklist[name]
    facts["install-blocked"] = .flag(isBlocked, install?.origin)
    facts["install-command"] = install.map { .text($0.text, $0.origin) } ?? .absent()
    facts["refused"] = .flag(refused != nil, refused)
    facts["blacklisted"] = .flag(blacklist != nil, blacklist?.first)
    let options = configuration.options[name] ?? []
    facts["options"] = .list(options.map(\.text), options.last?.origin)
    let aliases = configuration.aliases[name] ?? []
    facts["aliases"] = .list(aliases.map(\.text), aliases.last?.origin)

    let index = try ModuleIndex.of(kernel.release, host)
    guard index != nil || !takesModules else {
      let error = TargetError.undetermined(
        folder,
        Localized(
          en: "no list of the modules of kernel \(kernel.release) (modules.dep) is here",
          de: "keine Liste der Module des Kernels \(kernel.release) (modules.dep) ist hier"))
      for field in ["builtin", "available", "loadable"] { facts[field] = .unknown(error) }
      facts["state"] = isLoaded ? .text("loaded", .kernel("/proc/modules")) : .unknown(error)
      if isBlocked || refused != nil {
        facts["loadable"] = .flag(false, install?.origin ?? refused)
      }
      return Row(module, facts)
    }
    let list = Origin.file(folder.appending("modules.dep"))
    let place = index?.available[name].map { Origin.line(folder.appending("modules.dep"), $0) }
    let builtIn = index?.builtIn[name].map { Origin.line(folder.appending("modules.builtin"), $0) }
    facts["available"] = .flag(place != nil, place ?? list)
    facts["builtin"] = .flag(builtIn != nil, builtIn ?? list)
    let isLoadable = place != nil && !isBlocked && refused == nil && builtIn == nil
    facts["loadable"] = .flag(isLoadable, (isBlocked ? install?.origin : refused) ?? place ?? list)
    facts["state"] =
      if isLoaded {
        .text("loaded", .kernel("/proc/modules"))
      } else if builtIn != nil {
        .text("built-in", builtIn)
      } else if place == nil {
        .text("absent", list)
      } else if isLoadable {
        .text("loadable", place)
      } else {
        .text("blocked", isBlocked ? install?.origin : refused)
      }
    return Row(module, facts)
  }
}
