import CLinux
import Glibc
import RiegelModel
import SystemPackage

/// What the manifest says of the clock by which a snapshot is dated.
///
/// Ages are counted from the time of the capture, and lines of logs are in local time. A clock that
/// follows no other one may be wrong by any amount, so that who judges the snapshot should know.
struct CaptureClock {
  /// `Europe/Berlin`; nil where nothing says it.
  var timeZone: String?
  /// Seconds east of UTC, at the time of the capture.
  var offset: Int?
  /// Whether the kernel holds its clock to be right; nil where none runs here.
  var isSynchronised: Bool?
  /// Seconds by which the kernel holds the clock to be wrong at most.
  var error: Double?

  init(of target: any Target) {
    timeZone = CaptureClock.zone(of: target)
    guard target.kind == .live else { return }
    var seconds = time_t(target.capturedAt.seconds)
    var parts = tm()
    if localtime_r(&seconds, &parts) != nil { offset = parts.tm_gmtoff }
    var clock = linux_clock()
    if linux_read_clock(&clock) == 0 {
      isSynchronised = clock.is_synchronised != 0
      if clock.is_synchronised != 0 { error = Double(clock.error_microseconds) / 1_000_000 }
    }
  }

  /// By the link `/etc/localtime` (localtime(5)) or, as Debian also has it, `/etc/timezone`. An
  /// unreadable one is no reason to capture nothing.
  private static func zone(of target: any Target) -> String? {
    let mark = Array("zoneinfo/".utf8)
    do throws(TargetError) {
      if let link = try target.readLink("/etc/localtime") {
        let text = Array(printable(link).utf8)[...]
        if let at = text.place(of: mark) {
          return String(decoding: text[at.upperBound...], as: UTF8.self)
        }
      }
      guard let text = try target.read("/etc/timezone", limit: 256) else { return nil }
      let line = text.prefix { $0 != 0x0a }
      return line.isEmpty ? nil : printable(bytes: line)
    } catch {
      return nil
    }
  }

  var json: String {
    let members: [(String, String?)] = [
      ("time-zone", timeZone.map(quoted)), ("utc-offset", offset.map(String.init)),
      ("synchronised", isSynchronised.map(String.init)), ("error", error.map { "\($0)" }),
    ]
    return "{" + members.map { "\(quoted($0)): \($1 ?? "null")" }.joined(separator: ", ") + "}"
  }
}
