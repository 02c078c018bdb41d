import RiegelModel
import SystemPackage

/// Services that are scripts in `/etc/init.d`: of OpenRC (`openrc-run(8)`), of System V init, and
/// those for which `systemd-sysv-generator(8)` makes units.
struct InitScripts: Sendable {
  enum Manager: String, Sendable, CaseIterable {
    case systemd, sysv, openrc
  }

  struct Script: Sendable {
    var name: String
    var path: FilePath
    /// Links in run levels that start the service.
    var starts: [FilePath] = []
    var runlevels: [String] = []
  }

  let manager: Manager
  private(set) var scripts: [String: Script] = [:]

  static func of(_ host: Host) throws(TargetError) -> InitScripts {
    try host.remember("init-scripts") { () throws(TargetError) in try InitScripts(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    var hasSystemd = false
    for path: FilePath in [
      "/usr/lib/systemd/systemd", "/lib/systemd/systemd", "/etc/systemd/system",
      "/usr/lib/systemd/system", "/lib/systemd/system",
    ] where try host.exists(path) {
      hasSystemd = true
      break
    }
    // Packages for OpenRC may bring unit files too, but never systemd itself.
    let hasOpenRC = try host.exists("/etc/runlevels")
    if hasOpenRC {
      let isInstalled = try host.exists("/usr/lib/systemd/systemd")
      let isInOldPlace = try host.exists("/lib/systemd/systemd")
      hasSystemd = isInstalled || isInOldPlace
    }
    manager = hasSystemd ? .systemd : hasOpenRC ? .openrc : .sysv

    let folder: FilePath = "/etc/init.d"
    for name in try host.list(folder) ?? [] {
      let path = folder.appending(name)
      guard let metadata = try host.metadata(of: path), metadata.kind == .file,
        metadata.mode & 0o111 != 0
      else { continue }
      scripts[name.string] = Script(name: name.string, path: path)
    }
    if manager == .openrc { try addRunlevels(host) } else { try addLinks(host) }
  }

  private mutating func addRunlevels(_ host: Host) throws(TargetError) {
    for level in try host.list("/etc/runlevels") ?? [] where level.string != "shutdown" {
      let folder = FilePath("/etc/runlevels").appending(level)
      guard try host.metadata(of: folder)?.kind == .directory else { continue }
      for name in try host.list(folder) ?? [] {
        scripts[name.string]?.starts.append(folder.appending(name))
        scripts[name.string]?.runlevels.append(level.string)
      }
    }
  }

  /// Run levels 2 to 5 start services; `S` and its early steps belong to systemd itself.
  private mutating func addLinks(_ host: Host) throws(TargetError) {
    for level in manager == .sysv ? ["S", "2", "3", "4", "5"] : ["2", "3", "4", "5"] {
      let folder = FilePath("/etc/rc\(level).d")
      for name in try host.list(folder) ?? [] {
        let text = name.string
        guard text.hasPrefix("S"), text.dropFirst().prefix(2).allSatisfy(\.isNumber) else {
          continue
        }
        let script = String(text.dropFirst(3))
        scripts[script]?.starts.append(folder.appending(name))
        scripts[script]?.runlevels.append(level)
      }
    }
  }
}
