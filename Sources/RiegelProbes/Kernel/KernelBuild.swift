import RiegelModel
import SystemPackage

/// A kernel that is installed or running, with the options it was built with.
struct KernelBuild: Sendable {
  var release: String
  var isRunning: Bool
  /// Options by name without `CONFIG_`; nil if no build configuration is on the host.
  var options: [String: Option]?
  var path: FilePath?
  /// Why the configuration could not be read.
  var failure: TargetError?

  struct Option: Sendable {
    var value: String
    var line: Int
  }

  static let reads = [
    "/proc/sys/kernel/osrelease", "/lib/modules/*", "/boot/config-*", "/lib/modules/*/config",
  ]

  /// All kernels, the running one first, then the newest first.
  static func all(_ host: Host) throws(TargetError) -> [KernelBuild] {
    try host.remember("kernels") { () throws(TargetError) in
      var releases: [String] = []
      var running: String?
      if host.isRunning, let text = try host.text(of: "/proc/sys/kernel/osrelease") {
        running = text.split(whereSeparator: \.isWhitespace).first.map(String.init)
      }
      for name in try host.list("/lib/modules") ?? [] {
        let folder = FilePath("/lib/modules").appending(name)
        // A folder without a list of modules is what a removed kernel left behind.
        if try host.exists(folder.appending("modules.dep")) { releases.append(name.string) }
      }
      for path in try host.expand("/boot/config-*") {
        let release = String((path.lastComponent?.string ?? "").dropFirst(7))
        if !release.isEmpty, !releases.contains(release) { releases.append(release) }
      }
      releases.sort { newer($0, $1) }
      if let running {
        releases.removeAll { $0 == running }
        releases.insert(running, at: 0)
      }
      return releases.map { build($0, $0 == running, host) }
    }
  }

  private static func newer(_ a: String, _ b: String) -> Bool {
    // The part before the flavour may have dashes too; whole texts compare well enough.
    guard let x = DebianVersion(a), let y = DebianVersion(b) else { return a > b }
    return x > y
  }

  private static func build(_ release: String, _ isRunning: Bool, _ host: Host) -> KernelBuild {
    var build = KernelBuild(release: release, isRunning: isRunning)
    for path in [
      FilePath("/boot/config-" + release), FilePath("/lib/modules/" + release + "/config"),
    ] {
      do throws(TargetError) {
        guard let lines = try host.lines(of: path) else { continue }
        build.options = parse(lines)
        build.path = path
        build.failure = nil
        return build
      } catch {
        build.failure = error
      }
    }
    return build
  }

  /// `CONFIG_X=y`, and `# CONFIG_X is not set` as `n`.
  private static func parse(_ lines: [NumberedLine]) -> [String: Option] {
    var options: [String: Option] = [:]
    for line in lines {
      if line.text.hasPrefix("CONFIG_"), let equals = line.text.firstIndex(of: "=") {
        var value = line.text[line.text.index(after: equals)...]
        if value.count >= 2, value.first == "\"", value.last == "\"" {
          value = value.dropFirst().dropLast()
        }
        options[String(line.text[..<equals].dropFirst(7))] = Option(
          value: String(value), line: line.number)
      } else if line.text.hasPrefix("# CONFIG_"), line.text.hasSuffix(" is not set") {
        options[String(line.text.dropFirst(9).dropLast(11))] = Option(value: "n", line: line.number)
      }
    }
    return options
  }

  /// The value of an option: `n` if the configuration is known and does not name it, nil if the
  /// configuration is not known.
  func option(_ name: String) -> String? {
    options.map { $0[name]?.value ?? "n" }
  }
}
