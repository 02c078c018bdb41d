import RiegelModel
import SystemPackage

/// What the next boot sets kernel parameters to, as `systemd-sysctl(8)` reads `sysctl.d(5)`.
///
/// Files come in order of name over all directories; a later assignment of the same key wins; a
/// key without wildcard beats every pattern, wherever it stands; `-key` alone takes a key out of
/// reach of patterns, and of an earlier assignment. The kernel itself applies `sysctl.key=value`
/// of its command line before that (since Linux 5.8).
struct SysctlConfiguration: Sendable {
  struct Setting: Sendable {
    /// As a path below `/proc/sys`: `net/ipv4/conf/eth0.100/rp_filter`.
    var key: String
    /// nil for a bare `-key`.
    var value: String?
    var origin: Origin
  }

  /// Keys without wildcard: all assignments in order of reading, the last of them in force.
  private(set) var explicit: [String: [Setting]] = [:]
  /// Patterns in the order in which they are applied.
  private(set) var patterns: [(setting: Setting, glob: Glob)] = []
  private(set) var commandLine: [String: [Setting]] = [:]
  /// Assignments of `/etc/sysctl.conf` on a host where nothing reads that file.
  private(set) var ignored: [String: [Setting]] = [:]
  private(set) var gaps: [TargetError] = []

  static let directories: [FilePath] = [
    "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d",
    "/lib/sysctl.d",
  ]
  static let reads =
    directories.map { "\($0)/*.conf" } + [
      "/etc/sysctl.conf", "/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl",
      "/etc/ufw/ufw.conf", "/etc/ufw/sysctl.conf", "/etc/default/ufw",
    ] + BootEntries.reads

  static func of(_ host: Host) throws(TargetError) -> SysctlConfiguration {
    try host.remember("sysctl configuration") { () throws(TargetError) in
      try SysctlConfiguration(host)
    }
  }

  private init(_ host: Host) throws(TargetError) {
    let path = SearchPath(SysctlConfiguration.directories, suffix: ".conf", on: host)
    gaps = path.gaps
    let main: FilePath = "/etc/sysctl.conf"
    var readsMain = false
    for file in path.files {
      do throws(TargetError) {
        if try host.resolve(file) == main { readsMain = true }
        // A mask leads to /dev/null, which holds nothing.
        if try host.metadata(of: file)?.kind == .characterDevice { continue }
        guard let lines = try host.lines(of: file) else { continue }
        for setting in SysctlConfiguration.settings(lines, file) { apply(setting) }
      } catch {
        gaps.append(error)
      }
    }
    if !readsMain {
      do throws(TargetError) { try readMain(main, host) } catch { gaps.append(error) }
    }
    do throws(TargetError) { try readFirewall(host) } catch { gaps.append(error) }
    readCommandLine(try BootEntries.of(host))
  }

  /// procps (`sysctl --system`) and OpenRC read `/etc/sysctl.conf` last, systemd only through a
  /// link in `/etc/sysctl.d`.
  private mutating func readMain(_ main: FilePath, _ host: Host) throws(TargetError) {
    guard let lines = try host.lines(of: main) else { return }
    let settings = SysctlConfiguration.settings(lines, main)
    var hasSystemd = false
    for program: FilePath in ["/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl"]
    where try host.exists(program) { hasSystemd = true }
    if hasSystemd {
      for setting in settings { ignored[setting.key, default: []].append(setting) }
    } else {
      for setting in settings { apply(setting) }
    }
  }

  /// ufw writes parameters of its own when it starts, after systemd-sysctl (`ufw-framework(8)`).
  private mutating func readFirewall(_ host: Host) throws(TargetError) {
    guard let state = try host.text(of: "/etc/ufw/ufw.conf") else { return }
    var variables = ShellVariables()
    variables.read(try host.text(of: "/etc/default/ufw") ?? "")
    variables.read(state)
    guard variables.values["ENABLED"]?.text?.lowercased() == "yes",
      let name = variables.values["IPT_SYSCTL"]?.text, name.hasPrefix("/")
    else { return }
    let path = FilePath(name).lexicallyNormalized()
    for setting in SysctlConfiguration.settings(try host.lines(of: path) ?? [], path) {
      apply(setting)
    }
  }

  /// The entries that do not agree are no matter here: the running one counts, else the first.
  private mutating func readCommandLine(_ boot: BootEntries) {
    guard let entry = boot.entries.first(where: { !$0.isRecovery }) else { return }
    for parameter in entry.line.parameters {
      guard let value = parameter.value,
        parameter.name.hasPrefix("sysctl.") || parameter.name.hasPrefix("sysctl/")
      else { continue }
      let key = String(parameter.name.dropFirst(7)).replacingCharacters(".", with: "/")
      commandLine[key, default: []].append(
        Setting(key: key, value: normalized(value), origin: entry.origin))
    }
  }

  private mutating func apply(_ setting: Setting) {
    guard setting.key.contains(where: { "*?[".contains($0) }) else {
      explicit[setting.key, default: []].append(setting)
      return
    }
    // The same pattern with the same value keeps its place; another value moves it to the end.
    if let old = patterns.firstIndex(where: { $0.setting.key == setting.key }) {
      if patterns[old].setting.value == setting.value { return }
      patterns.remove(at: old)
    }
    patterns.append((setting, Glob("/" + setting.key)))
  }

  /// The value that is set for a key and what it overrides; nil if nothing sets it.
  func effective(_ key: String) -> Fact? {
    var candidates: [Setting] = commandLine[key] ?? []
    let path = FilePath("/" + key)
    let matching = patterns.filter { $0.setting.value != nil && $0.glob.matches(path) }
      .map(\.setting)
    if let assignments = explicit[key], let last = assignments.last {
      if last.value == nil {
        // Taken out of reach of files; only the command line is left.
        return SysctlConfiguration.fact(candidates)
      }
      candidates += matching + assignments.filter { $0.value != nil }
    } else {
      candidates += matching
    }
    return SysctlConfiguration.fact(candidates)
  }

  private static func fact(_ candidates: [Setting]) -> Fact? {
    guard let last = candidates.last, let value = last.value else { return nil }
    return Fact(
      .known(.text(value)), from: last.origin,
      overriding: candidates.dropLast().reversed().compactMap { setting in
        setting.value.map { Fact.Overridden($0, setting.origin) }
      })
  }

  /// Keys without wildcard that files assign and a pattern names.
  func keys(matching glob: Glob) -> [String] {
    Set(explicit.filter { $0.value.last?.value != nil }.keys).union(commandLine.keys)
      .filter { glob.matches(FilePath("/" + $0)) }.sorted()
  }

  private static func settings(_ lines: [NumberedLine], _ path: FilePath) -> [Setting] {
    var settings: [Setting] = []
    for line in lines {
      var text = trimmed(line.text)
      guard let first = text.first, first != "#", first != ";" else { continue }
      let origin = Origin.line(path, line.number)
      let equals = text.firstIndex(of: "=")
      let value = equals.map { normalized(String(trimmed(text[text.index(after: $0)...]))) }
      if let equals { text = text[..<equals] }
      if text.first == "-" {
        text.removeFirst()
      } else if value == nil {
        continue
      }
      let key = slashed(String(trimmed(text)))
      if !key.isEmpty { settings.append(Setting(key: key, value: value, origin: origin)) }
    }
    return settings
  }

  /// The path below `/proc/sys` of a name: if the first separator is a dot, dots and slashes swap
  /// (`net.ipv4.conf.eth0/100.rp_filter`), else it is a path already.
  static func slashed(_ name: String) -> String {
    guard let first = name.first(where: { $0 == "." || $0 == "/" }) else { return name }
    if first == "." { return swapped(name) }
    return name.split(separator: "/").joined(separator: "/")
  }

  /// The dotted form of a path below `/proc/sys`.
  static func swapped(_ name: String) -> String {
    String(
      decoding: name.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "."): UInt8(ascii: "/")
        case UInt8(ascii: "/"): UInt8(ascii: ".")
        default: byte
        }
      }, as: UTF8.self)
  }

  /// A value in the form in which the kernel shows it: blanks single, hexadecimal and octal
  /// numbers in decimal, as `strtol(3)` with base 0 takes them.
  static func normalized(_ value: String) -> String {
    let words = value.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    return words.map { word in
      if word.hasPrefix("0x") || word.hasPrefix("0X"),
        let number = Int(word.dropFirst(2), radix: 16)
      {
        return String(number)
      }
      if word.count > 1, word.first == "0", let number = Int(word, radix: 8) {
        return String(number)
      }
      return String(word)
    }.joined(separator: " ")
  }

  private func normalized(_ value: String) -> String { SysctlConfiguration.normalized(value) }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return text
  }
}

extension String {
  fileprivate func replacingCharacters(_ old: Character, with new: Character) -> String {
    String(map { $0 == old ? new : $0 })
  }
}
