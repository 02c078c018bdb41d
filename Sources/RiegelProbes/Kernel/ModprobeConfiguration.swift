import RiegelModel
import SystemPackage

/// What `modprobe.d(5)` and the kernel command line say of modules.
///
/// Of several `install` lines for a module the first counts, in order of file names; `blacklist`
/// lines add up. modprobe reads all lines of the files that are not masked by one of the same name
/// in an earlier directory. In names `-` and `_` are equal, but not on the kernel command line:
/// there `module_blacklist=usb-storage` blocks nothing.
struct ModprobeConfiguration: Sendable {
  struct Line: Sendable {
    var text: String
    var origin: Origin
  }

  private(set) var blacklist: [String: [Origin]] = [:]
  /// Patterns of `fnmatch(3)` with their commands, in order.
  private(set) var installs: [(pattern: String, line: Line)] = []
  private(set) var options: [String: [Line]] = [:]
  /// Aliases by the module they lead to.
  private(set) var aliases: [String: [Line]] = [:]
  /// Modules that the kernel refuses (`module_blacklist=`).
  private(set) var refused: [String: Origin] = [:]
  private(set) var gaps: [TargetError] = []
  private(set) var notes: [Note] = []

  static let directories: [FilePath] = [
    "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
  ]
  static let reads = directories.map { "\($0)/*.conf" } + BootEntries.reads

  static func of(_ host: Host) throws(TargetError) -> ModprobeConfiguration {
    try host.remember("modprobe configuration") { () throws(TargetError) in
      try ModprobeConfiguration(host)
    }
  }

  private init(_ host: Host) throws(TargetError) {
    let path = SearchPath(ModprobeConfiguration.directories, suffix: ".conf", on: host)
    gaps = path.gaps
    for file in path.files {
      do throws(TargetError) {
        if try host.metadata(of: file)?.kind == .characterDevice { continue }
        guard let lines = try host.lines(of: file) else { continue }
        read(lines, file)
      } catch {
        gaps.append(error)
      }
    }
    let boot = try BootEntries.of(host)
    if let entry = boot.entries.first(where: { !$0.isRecovery }) { read(entry) }
  }

  private mutating func read(_ lines: [NumberedLine], _ path: FilePath) {
    var at = 0
    while at < lines.count {
      let number = lines[at].number
      var text = String(lines[at].text)
      // A backslash at the end joins the next line.
      while text.hasSuffix("\\"), at + 1 < lines.count {
        at += 1
        text.removeLast()
        text += lines[at].text
      }
      at += 1
      if text.first == "#" { continue }
      read(text, .line(path, number))
    }
  }

  private mutating func read(_ text: String, _ origin: Origin) {
    let words = text.split(maxSplits: 2) { $0 == " " || $0 == "\t" }.map(String.init)
    guard words.count >= 2 else { return }
    let rest = words.count > 2 ? words[2].drop { $0 == " " || $0 == "\t" } : ""
    switch words[0] {
    case "blacklist":
      blacklist[KernelCommandLine.folded(words[1]), default: []].append(origin)
    case "install" where !rest.isEmpty:
      installs.append(
        (ModprobeConfiguration.foldedPattern(words[1]), Line(text: String(rest), origin: origin)))
    case "options" where !rest.isEmpty:
      options[KernelCommandLine.folded(words[1]), default: []].append(
        Line(text: String(rest), origin: origin))
    case "alias" where !rest.isEmpty:
      let module = rest.split { $0 == " " || $0 == "\t" }.first.map(String.init) ?? ""
      aliases[KernelCommandLine.folded(module), default: []].append(
        Line(text: words[1], origin: origin))
    default: return
    }
  }

  private mutating func read(_ entry: BootEntries.Entry) {
    var refusing: String?
    for parameter in entry.line.parameters {
      guard let value = parameter.value else { continue }
      switch KernelCommandLine.folded(parameter.name) {
      case "module_blacklist": refusing = value
      case "modprobe.blacklist":
        for name in value.split(separator: ",") {
          blacklist[String(name), default: []].append(entry.origin)
          remark(name, entry)
        }
      default:
        guard let dot = parameter.name.firstIndex(of: ".") else { continue }
        let option = parameter.name[parameter.name.index(after: dot)...]
        options[KernelCommandLine.folded(String(parameter.name[..<dot])), default: []].append(
          Line(text: "\(option)=\(value)", origin: entry.origin))
      }
    }
    // The kernel keeps the last list only.
    for name in refusing?.split(separator: ",") ?? [] {
      refused[String(name)] = entry.origin
      remark(name, entry)
    }
  }

  private mutating func remark(_ name: Substring, _ entry: BootEntries.Entry) {
    guard name.contains("-") else { return }
    notes.append(
      Note(
        en: "'\(name)' on the kernel command line blocks nothing: write '_' for '-'",
        de: "'\(name)' auf der Kernel-Befehlszeile sperrt nichts: statt '-' gehört '_' hin",
        entry.origin))
  }

  /// The `install` command that modprobe runs instead of loading a module, by its folded name.
  func install(_ module: String) -> Line? {
    installs.first { pattern, _ in
      pattern == module
        || Glob.matchComponent(Array(pattern.utf8)[...], Array(module.utf8)[...])
    }?.line
  }

  /// Whether a command surely loads nothing: `true`, `false`, `:`, `exit` or `echo` and no more.
  static func loadsNothing(_ command: String) -> Bool {
    var words = command.split { $0 == " " || $0 == "\t" }
    if let comment = words.firstIndex(where: { $0.hasPrefix("#") }) {
      words.removeSubrange(comment...)
    }
    guard let program = words.first else { return true }
    if words.contains(where: { $0.contains { ";&|`$()<>\n\"'\\".contains($0) } }) { return false }
    var name = program
    for folder in ["/bin/", "/usr/bin/"] where name.hasPrefix(folder) {
      name = name.dropFirst(folder.count)
      return ["true", "false", "echo"].contains(name)
    }
    return ["true", "false", "echo", ":", "exit"].contains(name)
  }

  /// Underscores for dashes, but not inside brackets, as kmod does.
  private static func foldedPattern(_ text: String) -> String {
    var depth = 0
    var folded = ""
    for character in text {
      if character == "[" { depth += 1 }
      if character == "]" { depth = max(0, depth - 1) }
      folded.append(character == "-" && depth == 0 ? "_" : character)
    }
    return folded
  }
}
