import ArgumentParser
import Glibc
import RiegelModel
import RiegelTargets

/// What is looked at, and which moment counts as now.
struct TargetOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "What to look at: nothing for this host, or dir:PATH for a mounted system.",
      valueName: "target"))
  var target: String = ""

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

  func host() throws -> Host { try host(at: target) }

  func host(at address: String) throws -> Host {
    Host(try openTarget(address: address, now: moment), now: moment)
  }

  var moment: Instant { TargetOptions.moment(now) }

  static func moment(_ now: String?) -> Instant {
    now.flatMap { Instant($0) } ?? Instant(seconds: time(nil))
  }

  static var isPrivileged: Bool { geteuid() == 0 }
}
