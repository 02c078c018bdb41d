import ArgumentParser
import Glibc
import RiegelModel
import RiegelTargets

/// What is looked at, and which moment counts as now.
struct TargetOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "What to look at; nothing for this host. May be several.",
      discussion: TargetOptions.forms, valueName: "target"))
  var targets: [String] = []

  @Option(
    name: .customLong("ssh-option"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A word for the system's ssh, such as -p2222 or -oBatchMode=yes. May be repeated.",
      valueName: "word"))
  var sshOptions: [String] = []

  @Option(
    name: .customLong("now"),
    help: ArgumentHelp(
      "The moment that counts as now, such as 2026-11-24T06:00:00Z, for repeatable results.",
      valueName: "time"))
  var now: String?

  func validate() throws {
    if let now, Instant(now) == nil {
      throw ValidationError("--now takes a date or time such as 2026-11-24T06:00:00Z, not '\(now)'")
    }
  }

  private static var forms: String {
    Targets.all.map { "\($0.usage): \($0.summary)" }.joined(separator: " ")
  }

  /// The address for commands that look at one host; empty for this one.
  func single() throws -> String {
    if targets.count > 1 { throw ValidationError("only one target can be looked at") }
    return targets.first ?? ""
  }

  /// The one host of commands that look at one.
  func host(reading globs: [String]) throws -> Host { try host(try single(), reading: globs) }

  /// A host by its address; of an archive only the contents that the globs name are kept.
  func host(_ address: String, reading globs: [String]) throws -> Host {
    let fixed = now.flatMap { Instant($0) }
    let request = OpeningRequest(
      address: address, now: moment, reads: globs, sshOptions: sshOptions,
      tool: "riegel \(Riegel.version)")
    return Host(try openTarget(request), now: fixed)
  }

  var moment: Instant { TargetOptions.moment(now) }

  static func moment(_ now: String?) -> Instant {
    now.flatMap { Instant($0) } ?? Instant(seconds: time(nil))
  }

  static var isPrivileged: Bool { geteuid() == 0 }
}
