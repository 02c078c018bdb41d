import RiegelModel
import SystemPackage

/// What configures an sshd: its command line, its main file and all that the file includes, checked
/// as sshd checks it before it starts.
struct SshdConfiguration: Sendable {
  /// A line that sets a keyword.
  struct Setting: Sendable, Hashable {
    var keyword: String
    /// As `sshd -T` writes it.
    var values: [String]
    var origin: Origin
    /// The innermost Match line above it, also across Include; nil outside of all.
    var block: Int?

    var text: String { values.joined(separator: " ") }
  }

  struct Include: Sendable, Hashable {
    var pattern: String
    var origin: Origin
    var files: [File]
  }

  indirect enum Node: Sendable, Hashable {
    case setting(Setting)
    case match(SshdMatch)
    case include(Include)
  }

  struct File: Sendable, Hashable {
    var path: FilePath
    var nodes: [Node]
  }

  var build: OpenSSHBuild
  var commandLine: [Setting] = []
  var root: File

  /// The configuration of a host; nil if it has no sshd. Read once per audit.
  static func of(_ host: Host) throws(TargetError) -> SshdConfiguration? {
    try host.remember("sshd-configuration") { () throws(TargetError) -> SshdConfiguration? in
      try read(host)
    }
  }

  private static func read(_ host: Host) throws(TargetError) -> SshdConfiguration? {
    let build = try host.remember("openssh-build") { () throws(TargetError) -> OpenSSHBuild in
      try OpenSSHBuild(host)
    }
    let options = try SshdCommandLine.read(host)
    guard let path = try mainFile(host, options.file) else {
      // The program may be out of reach, as in a snapshot that holds configuration only.
      if let obstacle = build.obstacle, !obstacle.isNotCollected { throw obstacle }
      guard build.isInstalled else { return nil }
      throw .undetermined(
        options.file ?? "/etc/ssh/sshd_config",
        Localized(
          en: "sshd is installed, but its configuration file is not there.",
          de: "sshd ist installiert, aber seine Konfigurationsdatei fehlt."))
    }
    var reader = SshdReader(host: host, build: build)
    let commandLine = try reader.commandLine(options.settings)
    let root = try reader.file(path, depth: 0)
    let configuration = SshdConfiguration(build: build, commandLine: commandLine, root: root)
    try configuration.check()
    return configuration
  }

  /// `/usr/etc` is where SUSE keeps what `/etc` may replace as a whole.
  private static func mainFile(
    _ host: Host, _ told: FilePath?
  ) throws(TargetError) -> FilePath? {
    for path in told.map({ [$0] }) ?? ["/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config"]
    where try host.exists(path) {
      return path
    }
    return nil
  }
}

/// One of sshd's two passes over its files (`parse_server_config_depth`).
///
/// The first, when sshd starts, takes what stands outside of Match blocks; the second, for each
/// connection, takes what stands in the blocks that match, and what it finds replaces the rest.
/// `Match all` counts in both. A Match line ends with the file that has it.
struct SshdWalk {
  /// Says of a block whether it matches; nil in the first pass.
  let oracle: ((SshdMatch) -> Bool)?
  /// By keyword, in the order read.
  private(set) var active: [String: [SshdConfiguration.Setting]] = [:]
  private(set) var inOrder: [(setting: SshdConfiguration.Setting, isActive: Bool)] = []

  var inactive: [SshdConfiguration.Setting] {
    inOrder.filter { !$0.isActive }.map(\.setting)
  }

  private enum Mode { case normal, matchOnly, never }

  init(oracle: ((SshdMatch) -> Bool)?) { self.oracle = oracle }

  mutating func visit(_ file: SshdConfiguration.File) {
    visit(file, oracle == nil ? .normal : .matchOnly, isActive: oracle == nil)
  }

  private mutating func visit(
    _ file: SshdConfiguration.File, _ given: Mode, isActive given2: Bool
  ) {
    var mode = given
    var isActive = given2
    for node in file.nodes {
      switch node {
      case .setting(let setting):
        if isActive { active[setting.keyword, default: []].append(setting) }
        inOrder.append((setting, isActive))
      case .match(let match):
        isActive = mode != .never && (match.isAll || oracle?(match) ?? false)
        if mode == .matchOnly { mode = .normal }
      case .include(let include):
        let inner = mode == .matchOnly ? Mode.matchOnly : isActive ? .normal : .never
        for file in include.files { visit(file, inner, isActive: isActive) }
      }
    }
  }
}
