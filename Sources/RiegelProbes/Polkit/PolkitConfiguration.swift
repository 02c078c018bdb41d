import RiegelModel
import SystemPackage

/// The files by which polkit decides, in the order in which it reads them.
struct PolkitConfiguration: Sendable {
  struct Script: Sendable {
    var path: FilePath
    var content: PolkitScript
  }

  /// A section of a `.pkla` file of the old local authority.
  struct Entry: Sendable {
    var title: String
    var identities: [String] = []
    var actions: [String] = []
    var any: String?
    var inactive: String?
    var active: String?
    var origin: Origin
  }

  static let folders: [FilePath] = [
    "/etc/polkit-1/rules.d", "/run/polkit-1/rules.d", "/usr/local/share/polkit-1/rules.d",
    "/usr/share/polkit-1/rules.d",
  ]
  static let authority: [FilePath] = [
    "/var/lib/polkit-1/localauthority", "/etc/polkit-1/localauthority",
  ]
  static let reads = [
    "/etc/polkit-1/**", "/run/polkit-1/rules.d/*", "/usr/local/share/polkit-1/rules.d/*",
    "/usr/share/polkit-1/rules.d/*", "/var/lib/polkit-1/localauthority/**",
    "/usr/lib/polkit-1/polkitd", "/usr/libexec/polkitd", "/var/lib/dpkg/status",
  ]

  var scripts: [Script] = []
  var entries: [Entry] = []
  var gaps: [TargetError] = []

  static func read(_ host: Host) throws(TargetError) -> PolkitConfiguration {
    try host.remember("polkit") { () throws(TargetError) -> PolkitConfiguration in
      var result = PolkitConfiguration()
      result.readScripts(host)
      let isOld = try DpkgVersions.of(host)["policykit-1"].map {
        $0.upstream.hasPrefix("0.105")
      }
      if isOld == true || result.scripts.contains(where: \.content.readsLocalAuthority) {
        result.readEntries(host)
      }
      return result
    }
  }

  /// By file name over all folders; of equal names the one in the earlier folder first.
  private mutating func readScripts(_ host: Host) {
    var files: [(name: [UInt8], rank: Int, path: FilePath)] = []
    for (rank, folder) in PolkitConfiguration.folders.enumerated() {
      if !host.isRunning, isVolatile(folder) { continue }
      do throws(TargetError) {
        guard try host.metadata(of: folder)?.kind == .directory else { continue }
        for name in try host.list(folder) ?? [] where name.string.hasSuffix(".rules") {
          files.append((name.bytes, rank, folder.appending(name)))
        }
      } catch {
        gaps.append(error)
      }
    }
    files.sort {
      $0.name == $1.name ? $0.rank < $1.rank : $0.name.lexicographicallyPrecedes($1.name)
    }
    for file in files {
      do throws(TargetError) {
        if let text = try host.text(of: file.path) {
          scripts.append(Script(path: file.path, content: PolkitScript(text)))
        }
      } catch {
        gaps.append(error)
      }
    }
  }

  private mutating func readEntries(_ host: Host) {
    do throws(TargetError) {
      for root in PolkitConfiguration.authority {
        guard try host.metadata(of: root)?.kind == .directory else { continue }
        for folder in try host.list(root) ?? [] where folder.string.hasSuffix(".d") {
          let place = root.appending(folder)
          guard try host.metadata(of: place)?.kind == .directory else { continue }
          for name in try host.list(place) ?? [] where name.string.hasSuffix(".pkla") {
            if let file = try KeyFile.read(place.appending(name), on: host) { add(file) }
          }
        }
      }
    } catch {
      gaps.append(error)
    }
  }

  private mutating func add(_ file: KeyFile) {
    for group in file.groups {
      guard let first = file.entries.first(where: { $0.group == group }) else { continue }
      func list(_ key: String) -> [String] {
        (file.entry(key, in: group)?.value ?? "").split(separator: ";").map(String.init)
      }
      func result(_ key: String) -> String? { file.entry(key, in: group)?.value.lowercased() }
      entries.append(
        Entry(
          title: group, identities: list("Identity"), actions: list("Action"),
          any: result("ResultAny"), inactive: result("ResultInactive"),
          active: result("ResultActive"),
          origin: file.entry("ResultActive", in: group)?.origin ?? file.entry(
            "ResultAny", in: group)?.origin ?? first.origin))
    }
  }
}
