import Glibc
import RiegelContent
import RiegelModel
import SystemPackage

/// Probes that declare keys and fields and observe nothing: content is read against declarations.
struct SshdFake: Probe {
  static let name = "sshd"
  static let summary = "A setting of sshd."
  static let fields: [Field] = [.text("value", "The value."), .text("context", "The context.")]
  static let keys: [Key<Self>] = [
    .subject(\.keyword, "The keyword."), .option("user", \.user, "Whose session."),
  ]
  static let reads = ["/etc/ssh/**"]
  var keyword = ""
  var user = ""
  func observe(_ host: Host) throws(TargetError) -> Observation { Observation() }
}

struct PackageFake: Probe {
  static let name = "package"
  static let summary = "An installed package."
  static let fields: [Field] = [.version("version", "Its version."), .text("status", "Its state.")]
  static let keys: [Key<Self>] = [.subject(\.package, "The name.")]
  static let reads: [String] = []
  var package = ""
  func observe(_ host: Host) throws(TargetError) -> Observation { Observation() }
}

struct UsersFake: Probe {
  static let name = "users"
  static let summary = "Accounts."
  static let fields: [Field] = [
    .text("name", "The name."), .choice("password", ["usable", "locked", "empty"], "Its state."),
    .number("max-days", "Days."), .list("groups", "Groups."), .instant("changed", "When."),
    .flag("system", "Whether it belongs to the system."),
  ]
  static let keys: [Key<Self>] = [.everything("All of them.")]
  static let reads: [String] = []
  func observe(_ host: Host) throws(TargetError) -> Observation { Observation() }
}

struct FilesFake: Probe {
  static let name = "files"
  static let summary = "Files."
  static let fields: [Field] = [
    .text("path", "The path."), .choice("type", ["file", "directory"], "Type."),
    .mode("mode", "Mode."), .duration("age", "Age."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.roots, "Where to begin."), .options("exclude", \.exclude, "What to leave out."),
    .number("depth", \.depth, "How deep."), .flag("follow", \.follow, "Whether links count."),
    .choice("order", \.order, among: ["name", "size"], "The order."),
    .option("sshd", \.other, "A key called like a probe."),
  ]
  static let reads: [String] = []
  var roots: [String] = []
  var exclude: [String] = []
  var depth = 0
  var follow = false
  var order = "name"
  var other = ""
  func observe(_ host: Host) throws(TargetError) -> Observation { Observation() }
}

struct SocketFake: Probe {
  static let name = "listening"
  static let summary = "Sockets."
  static let fields: [Field] = [
    .text("address", "Address."), .number("port", "Port."), .text("scope", "Scope."),
  ]
  static let keys: [Key<Self>] = [
    .everything("All."), .option("family", \.family, "Family.", isRequired: true),
  ]
  static let reads: [String] = []
  var family = ""
  func observe(_ host: Host) throws(TargetError) -> Observation { Observation() }
}

let fakeProbes = [
  ProbeDeclaration(SshdFake.self), ProbeDeclaration(PackageFake.self),
  ProbeDeclaration(UsersFake.self), ProbeDeclaration(FilesFake.self),
  ProbeDeclaration(SocketFake.self),
]

let fakeContext = RuleContext(
  probes: fakeProbes, topics: ["ssh", "accounts"],
  requirements: ["CR 1.1", "CR 1.1 RE 1", "CR 2.1", "HDR 3.2", "EDR 3.2"],
  directiveRows: ["A4-1", "A1-26"])

/// The folder of the checkout.
let checkout = FilePath(#filePath).removingLastComponent().removingLastComponent()
  .removingLastComponent()

/// The rule of DESIGN.md §3.
let designRule = """
  id: ssh-root-login-disabled
  title:
    en: SSH login as root is disabled
    de: Die SSH-Anmeldung als root ist gesperrt
  rationale:
    en: A direct root login cannot be traced to a person and is the first target of password guessing.
    de: Eine direkte root-Anmeldung ist keiner Person zuzuordnen und das erste Ziel von Passwortangriffen.
  severity: high                        # critical, high, medium, low
  iec62443:
    decides: [CR 1.1 RE 1]              # a failure alone refutes this requirement
    supports: [CR 2.1]                  # evidence, but it does not decide
  references: { attack: [T1021.004, T1078.003], kbv: [A4-1] }
  when:                                 # applicability: the only source of notApplicable
    - package: openssh-server
  parameters:
    allowed:
      type: list
      values: ["yes", "no", prohibit-password, forced-commands-only]
      default: ["no"]
      by-level: { SL1: ["no", prohibit-password, forced-commands-only] }
  check:
    - sshd: PermitRootLogin             # effective value, in every Match context
      expect: { one-of: "${allowed}" }
  remediation:
    en: Set `PermitRootLogin no` in /etc/ssh/sshd_config.d/00-root.conf; make sure that a sudo login works first.
    de: In /etc/ssh/sshd_config.d/00-root.conf `PermitRootLogin no` setzen; vorher prüfen, dass eine Anmeldung mit sudo gelingt.
    risk: [lockout]                     # lockout, reboot, service-restart, data-loss
    effort: small                       # small, medium, large
  examples:                             # documentation and test in one; run by `riegel test`
    - name: a drop-in that comes first wins over the main file
      outcome: fail
      files:
        /etc/ssh/sshd_config: |
          Include /etc/ssh/sshd_config.d/*.conf
          PermitRootLogin no
        /etc/ssh/sshd_config.d/50-vendor.conf: PermitRootLogin yes
      packages: [openssh-server 1:9.2p1-2]
      finds: /etc/ssh/sshd_config.d/50-vendor.conf:1
    - name: the main file says no
      outcome: pass
      files:
        /etc/ssh/sshd_config: PermitRootLogin no
      packages: [openssh-server 1:9.2p1-2]

  """

/// A rule around some text for `check`, for tests that look at one part only.
func rule(
  check: String = "- sshd: PermitRootLogin\n  expect: \"no\"", parameters: String = "",
  when: String = "", examples: String? = nil, more: String = ""
) -> String {
  func section(_ key: String, _ text: String) -> String {
    text.isEmpty
      ? "" : "\(key):\n" + text.split(separator: "\n").map { "  \($0)\n" }.joined()
  }
  return """
    id: a-rule
    title: {en: A good state, de: Ein guter Zustand}
    rationale: {en: Harm., de: Schaden.}
    severity: low

    """ + more + section("when", when) + section("parameters", parameters)
      + section("check", check) + """
        remediation: {en: Mend it., de: Beheben., effort: small}

        """
      + section(
        "examples",
        examples ?? "- {name: good, outcome: pass}\n- {name: bad, outcome: fail}")
}

/// What reading a rule's text gives: the rule, or everything that is wrong as `line:column summary`.
func read(_ text: String, fileName: String = "a-rule.yaml") throws -> (Rule?, [String]) {
  let node = try parseYAML(Array(text.utf8), file: fileName)
  let log = DiagnosticLog()
  let rule = readRule(node, fileName: fileName, topic: "ssh", context: fakeContext, log: log)
  return (rule, log.diagnostics.map(brief))
}

func brief(_ diagnostic: Diagnostic) -> String {
  "\(diagnostic.place.line):\(diagnostic.place.column) \(diagnostic.summary)"
    + (diagnostic.suggestion.map { " (\($0))" } ?? "")
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let path: FilePath

  init() {
    var template = Array("/tmp/riegel-content-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    path = FilePath(made ?? "/nonexistent")
  }

  deinit { remove(path) }

  func write(_ name: String, _ text: String) { write(name, bytes: Array(text.utf8)) }

  func write(_ name: String, bytes: [UInt8]) {
    let file = path.pushing(FilePath(name))
    make(file.removingLastComponent())
    let descriptor = file.withPlatformString { open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }

  func make(_ folder: FilePath) {
    if folder == path || folder.isEmpty { return }
    make(folder.removingLastComponent())
    _ = folder.withPlatformString { mkdir($0, 0o755) }
  }

  /// The shipped catalogues, and empty folders for rules and profiles.
  func fillWithStandards() {
    make(path.appending("Rules"))
    make(path.appending("Profiles"))
    _ = checkout.appending("Standards").withPlatformString { target in
      path.appending("Standards").withPlatformString { symlink(target, $0) }
    }
  }

  private func remove(_ path: FilePath) {
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR, let stream = path.withPlatformString({ opendir($0) }) {
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path.appending(name)) }
      }
      closedir(stream)
      _ = path.withPlatformString { rmdir($0) }
    } else {
      _ = path.withPlatformString { unlink($0) }
    }
  }
}
