import ArgumentParser
import Glibc
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelTargets

struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Capture a host, to be audited later and elsewhere.",
    discussion: """
      sudo riegel snapshot -o host.tar.zst        this host
      riegel snapshot -o image.tar.gz dir:/mnt    a mounted system
      riegel snapshot --show                      what is captured, and what is taken out of it
      riegel snapshot --script > capture.sh       a script for a device without riegel:
      ssh root@device sh -s < capture.sh > device.tar

      Captured are the files that probes may read and the metadata of every local file. Hashes of \
      passwords, private keys and other secrets are taken out before anything is written.
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the snapshot goes: .tar.zst, .tar.gz or .tar; standard output without it.",
      valueName: "file"), completion: .file())
  var output: String?

  @Flag(help: "Show what is captured and what is left out, and capture nothing.")
  var show = false

  @Flag(help: "Print a POSIX sh script that captures the same.")
  var script = false

  @Option(
    name: .customLong("include"), parsing: .singleValue,
    help: ArgumentHelp(
      "Files to capture besides, as a shell pattern. May be repeated.", valueName: "glob"))
  var included: [String] = []

  @OptionGroup var target: TargetOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var content: ContentOptions

  func validate() throws {
    if let output, output != "-", Packing(fileName: output) == nil {
      throw ValidationError("a snapshot's name ends in .tar.zst, .tar.gz or .tar, not '\(output)'")
    }
    for glob in included where !glob.hasPrefix("/") {
      throw ValidationError("--include takes an absolute path or pattern, not '\(glob)'")
    }
    if script, output != nil { throw ValidationError("the script goes to standard output") }
  }

  /// Everything that any probe may read, so that rules of tomorrow find it too; with a profile or
  /// rules named, only what these ask about.
  private func reads() throws -> [String] {
    var globs = Set(Audit.HostIdentity.reads + included)
    if selection.profile != nil || !selection.rules.isEmpty {
      let (_, selected) = try selection.select(from: content)
      globs.formUnion(try Plan(selected, probes: Probes.all).contents)
    } else {
      for probe in Probes.all { globs.formUnion(probe.reads) }
    }
    return globs.sorted()
  }

  func run() throws {
    let globs = try reads()
    if show { return showGlobs(globs) }
    if script {
      return Console.write(
        CaptureScript(reads: globs, tool: "riegel \(Riegel.version)").text, to: STDOUT_FILENO)
    }
    if output == nil || output == "-" {
      if Console.isOutputTerminal { throw ValidationError("name a file with -o, or use a pipe") }
      try capture(globs, to: STDOUT_FILENO, .zstd)
    } else if let output {
      try OutputFile.stream(output) {
        try capture(globs, to: $0, Packing(fileName: output) ?? .zstd)
      }
    }
  }

  private func capture(_ globs: [String], to descriptor: Int32, _ packing: Packing) throws {
    let host = try target.host(reading: globs)
    let identity = Audit.HostIdentity(of: host)
    var capture = Capture(
      of: host.target,
      .init(
        reads: globs, packing: packing, tool: "riegel \(Riegel.version)",
        isPrivileged: TargetOptions.isPrivileged, user: String(geteuid())))
    let summary = try capture.write(
      to: descriptor,
      identity: [
        ("name", identity.name), ("machine-id", identity.machineID), ("system", identity.system),
        ("kernel", identity.kernel),
      ])
    var text = "\(summary.entries) entries, \(summary.files) files captured"
    let redacted = summary.redacted.values.reduce(0, +)
    let leftOut = summary.leftOut.values.reduce(0, +)
    if redacted > 0 { text += ", \(redacted) secrets taken out" }
    if leftOut > 0 { text += ", \(leftOut) files left out" }
    if summary.unreadable > 0 { text += ", \(summary.unreadable) could not be read" }
    Console.error(text)
  }

  private func showGlobs(_ globs: [String]) {
    let lines =
      ["captured, contents:"] + globs.map { "  \($0)" }
      + [
        "", "captured, metadata of every file of the local file systems",
        "captured, the headers of LUKS volumes on block devices, nothing else of a device",
        "", "never captured:",
      ]
      + Capture.neverCaptured.map { "  \($0)" }
      + ["", "taken out of what is captured:"] + Capture.redactionRules.map { "  \($0)" }
    Console.print(lines.joined(separator: "\n"))
  }
}
