package import RiegelModel
import SystemPackage

/// Observes a setting of `journald.conf(5)` as the journal applies it.
///
/// `Storage=auto`, the default, keeps the journal over a restart only where the folder
/// `/var/log/journal` exists; the field `storage` of `Storage` says which of the two it is.
package struct JournaldProbe: Probe {
  package static let name = "journald"
  package static let summary = "A setting of the systemd journal, after drop-ins, or its default."
  package static let fields =
    SystemdConfigProbe.declaredFields + [
      .choice(
        "storage", ["persistent", "volatile", "none"],
        "Of `Storage` alone: where the journal is kept, `auto` resolved by `/var/log/journal`.")
    ]
  package static let keys: [Key<Self>] = [
    .subject(\.key, "The setting, such as `Storage` or `SystemMaxUse`.")
  ]
  package static let reads = SystemdConfigProbe.reads + ["/var/log/journal"]

  package var key = ""

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = try SystemdConfigProbe.observe(
      key, in: "journald", section: "Journal", host)
    guard key == "Storage" else { return observation }
    for index in observation.rows.indices {
      observation.rows[index].facts["storage"] = storage(observation.rows[index]["value"], host)
    }
    return observation
  }

  private func storage(_ value: Fact, _ host: Host) -> Fact {
    guard case .known(.text(let text)) = value.content else { return value }
    var resolved = value
    switch text {
    case "persistent", "volatile", "none": return value
    case "auto":
      do {
        let isThere = try host.metadata(of: "/var/log/journal")?.kind == .directory
        resolved.content = .known(.text(isThere ? "persistent" : "volatile"))
        resolved.origin = .file("/var/log/journal")
        resolved.overrides = []
        return resolved
      } catch {
        return .unknown(error)
      }
    default:
      // journald warns of a word that it does not know and goes on with what it had.
      return .unknown(
        .malformed(value.origin?.path ?? "/etc/systemd/journald.conf", line: 0, "Storage=\(text)"))
    }
  }
}
