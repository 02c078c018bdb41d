import RiegelModel
import SystemPackage

/// Connections of NetworkManager in files of its own.
enum NetworkManagerProfiles {
  /// Of a name that stands in several, the first counts; what runs only until the next boot is the
  /// first.
  private static let folders = [
    "/run/NetworkManager/system-connections", "/etc/NetworkManager/system-connections",
    "/usr/lib/NetworkManager/system-connections",
  ]
  static let reads = folders.map { $0 + "/*" }

  static func paths(_ host: Host) throws(TargetError) -> [FilePath] {
    var seen: Set<String> = []
    var paths: [FilePath] = []
    for folder in folders {
      if !host.isRunning, folder.hasPrefix("/run") { continue }
      for path in try host.expand(folder + "/*") {
        guard let name = path.lastComponent?.string, seen.insert(name).inserted else { continue }
        // `.nmmeta` files are remarks on profiles, and a link to nothing hides one.
        if name.hasSuffix(".nmmeta") || name.hasSuffix("~") { continue }
        guard try host.metadata(of: path)?.kind == .file else { continue }
        paths.append(path)
      }
    }
    return paths
  }

  /// nil for a profile that is no wired or wireless connection, or that NetworkManager ignores.
  static func read(
    _ path: FilePath, _ host: Host, _ notes: inout [Note]
  ) throws(TargetError) -> NetworkLogin? {
    guard let metadata = try host.metadata(of: path) else { return nil }
    if !path.starts(with: "/usr/lib"), metadata.user != 0 || metadata.mode & 0o077 != 0 {
      notes.append(
        Note(
          en: "NetworkManager ignores this file because others than root may use it",
          de: "NetworkManager übergeht diese Datei, weil andere als root auf sie zugreifen dürfen",
          .file(path)))
      return nil
    }
    guard let keys = try KeyFile.read(path, on: host) else { return nil }
    let file = GroupedFile(keys, at: path)
    let isWired: Bool
    switch file.entry("type", ["connection"])?.value {
    case "ethernet", "802-3-ethernet": isWired = true
    case "wifi", "802-11-wireless": isWired = false
    // The type may be left out where the group of it is there.
    case nil where file.hasGroup("ethernet") || file.hasGroup("802-3-ethernet"): isWired = true
    default: return nil
    }
    let name = file.entry("id", ["connection"])?.value ?? path.lastComponent?.string ?? ""
    var login = NetworkLogin(
      name: name, source: "networkmanager", origin: .file(path), isWired: isWired)
    login.interface = file.entry("interface-name", ["connection"])?.value
    login.isAutomatic = !isFalse(file.entry("autoconnect", ["connection"]))
    let group = ["802-1x"]
    guard file.hasGroup("802-1x"), let eap = file.entry("eap", group) else { return login }
    if !isTrue(file.entry("optional", group)) { login.login = eap.origin }
    login.methods = NetworkLogin.words(eap.value, ";, ")
    let system = file.entry("system-ca-certs", group)
    if let own = file.entry("ca-cert", group) ?? file.entry("ca-path", group) {
      login.authority = NetworkLogin.authority(of: own.value)
      login.authorityOrigin = own.origin
    }
    // The system's authorities come beside the one that is given.
    if isTrue(system) {
      login.authority = .system
      login.authorityOrigin = system?.origin
    }
    login.hasName = hasName(file, "")
    let inner = (file.entry("phase2-autheap", group) ?? file.entry("phase2-auth", group))?.value
    if NetworkLogin.words(inner ?? "", ";, ").contains("tls") {
      let own = file.entry("phase2-ca-cert", group) ?? file.entry("phase2-ca-path", group)
      login.isInnerUnchecked =
        isTrue(system)
        ? !hasName(file, "phase2-")
        : own.map {
          NetworkLogin.authority(of: $0.value) == .system && !hasName(file, "phase2-")
        } ?? true
    }
    let provisioning = file.entry("phase1-fast-provisioning", group)?.value
    login.isAnonymousProvisioning = provisioning == "1" || provisioning == "3"
    return login
  }

  private static func hasName(_ file: GroupedFile, _ phase: String) -> Bool {
    ["domain-suffix-match", "domain-match", "subject-match", "altsubject-matches"].contains {
      file.entry(phase + $0, ["802-1x"]) != nil
    }
  }

  private static func isTrue(_ entry: GroupedFile.Entry?) -> Bool {
    ["true", "1", "yes", "on"].contains(entry?.value.lowercased())
  }
  private static func isFalse(_ entry: GroupedFile.Entry?) -> Bool {
    ["false", "0", "no", "off"].contains(entry?.value.lowercased())
  }
}
