import RiegelModel
import SystemPackage

/// What starts services other than at boot: sockets, timers and paths that are enabled, with the
/// ports that sockets listen on.
struct SocketUnits: Sendable {
  struct Trigger: Sendable {
    var name: String
    var origin: Origin
  }

  private var byService: [String: [Trigger]] = [:]
  private var byPort: [String: Trigger] = [:]
  /// Units whose files cannot be read; what they would start is unknown.
  private(set) var gaps: [TargetError] = []

  static func of(_ host: Host) throws(TargetError) -> SocketUnits {
    try host.remember("systemd-triggers") { () throws(TargetError) in try SocketUnits(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    let index = try UnitIndex.of(host)
    for name in index.names.sorted() where index.canonical(name) == name {
      guard let parsed = UnitName(name), ["socket", "timer", "path"].contains(parsed.type),
        !parsed.isTemplate
      else { continue }
      do {
        guard let unit = try Unit.load(name, index, on: host), unit.install != .masked else {
          continue
        }
        let start = UnitStart.of(unit, index)
        guard start.isAtBoot else { continue }
        take(unit, because: start.because, index)
      } catch {
        gaps.append(error)
      }
    }
  }

  private mutating func take(_ unit: Unit, because: FilePath, _ index: UnitIndex) {
    let trigger = Trigger(name: unit.name.text, origin: .file(because))
    var target = unit.name
    target.type = "service"
    if unit.name.type == "socket",
      unit.setting("Accept", section: "Socket").value.flatMap(systemdBoolean) == true
    {
      // One instance of the template for each connection.
      target.instance = ""
    }
    let key = unit.name.type == "socket" ? "Service" : "Unit"
    let named = unit.setting(key, section: unit.ownSection).value
    byService[index.canonical(named ?? target.text), default: []].append(trigger)
    guard unit.name.type == "socket" else { return }
    for (key, protocols) in [
      ("ListenStream", ["tcp", "tcp6"]), ("ListenDatagram", ["udp", "udp6"]),
    ] {
      for address in unit.setting(key, section: "Socket", isList: true).items {
        guard let digits = address.split(separator: ":").last, let port = Int(digits) else {
          continue
        }
        for proto in protocols where byPort["\(proto)/\(port)"] == nil {
          byPort["\(proto)/\(port)"] = Trigger(
            name: unit.name.text, origin: .file(unit.entry.path))
        }
      }
    }
  }

  func triggers(of service: String) -> [Trigger] { byService[service] ?? [] }
  func unit(proto: String, port: Int) -> Trigger? { byPort["\(proto)/\(port)"] }
}

/// A boolean as `parse_boolean()` of systemd reads it; nil if it is none.
func systemdBoolean(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "1", "yes", "y", "true", "t", "on": true
  case "0", "no", "n", "false", "f", "off": false
  default: nil
  }
}
