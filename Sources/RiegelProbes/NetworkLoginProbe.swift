import RiegelModel
import SystemPackage

/// Observes how wired and wireless connections authenticate to the network (IEEE 802.1X).
///
/// One row for each connection that NetworkManager, wpa_supplicant for wired interfaces, ifupdown,
/// systemd-networkd and the older scripts of Red Hat are told to make. A connection for whose
/// interface wpa_supplicant has a configuration of its own is left to that row. No identity, key or
/// password becomes a fact. `nm-settings-keyfile(5)`, `wpa_supplicant.conf(5)`, `interfaces(5)`.
struct NetworkLoginProbe: Probe {
  static let name = "network-login"
  static let summary = "How connections authenticate to the network, and whether they check it."
  static let fields: [Field] = [
    .flag(
      "authenticated",
      "The connection comes up only after 802.1X; `optional=true` of NetworkManager does not count."
    ),
    .text("name", "The connection's name, or the interface."),
    .choice("medium", ["wired", "wireless"], "What the connection is made for."),
    .text("interface", "The interface it is bound to; absent if it takes any."),
    .choice(
      "source", ["networkmanager", "wpa_supplicant", "ifupdown", "networkd", "ifcfg"],
      "Whose configuration it is."),
    .flag("automatic", "It is made without anybody asking for it."),
    .list("eap", "The outer EAP methods that may be used."),
    .choice(
      "authority", ["own", "system", "none"],
      "Which certificates may have signed the server's: a given one, every one that the system"
        + " trusts, or any. `none` too where only the inner method has one."),
    .flag("server-name", "The name in the server's certificate is checked."),
    .flag(
      "server-checked",
      "Every method proves who the server is: with a certificate of a given authority, with the"
        + " system's and a name, or by a secret that both know (`pwd`)."),
  ]
  static let keys: [Key<Self>] = [.everything("Every connection: `all`.")]
  static let reads =
    NetworkManagerProfiles.reads + WiredSupplicants.reads + [
      "/etc/network/interfaces", "/etc/network/interfaces.d/*", "/etc/systemd/network/*.network",
      "/run/systemd/network/*.network", "/etc/sysconfig/network-scripts/ifcfg-*",
      "/etc/netplan/*.yaml",
    ]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    func add(_ body: () throws(TargetError) -> [NetworkLogin]) {
      do {
        let found = try body()
        observation.rows += found.map(\.row)
      } catch {
        observation.gaps.append(error)
      }
    }
    var supplicants: [NetworkLogin] = []
    do {
      supplicants = try WiredSupplicants.read(host)
    } catch {
      observation.gaps.append(error)
    }
    observation.rows += supplicants.map(\.row)
    let served = Set(supplicants.compactMap(\.interface))
    do {
      let profiles = try NetworkManagerProfiles.paths(host)
      for path in profiles {
        add { () throws(TargetError) in
          try NetworkManagerProfiles.read(path, host, &observation.notes).map { [$0] } ?? []
        }
      }
    } catch {
      observation.gaps.append(error)
    }
    add { () throws(TargetError) in try Interfaces.read(host, without: served) }
    add { () throws(TargetError) in try NetworkdLinks.read(host, without: served) }
    add { () throws(TargetError) in try OldScripts.read(host) }
    // What netplan makes of its files lies below /run, and is read there.
    if !host.isRunning {
      do {
        observation.gaps += try host.expand("/etc/netplan/*.yaml").map { .notCollected($0) }
      } catch {
        observation.gaps.append(error)
      }
    }
    return observation
  }
}

/// A connection and what it says of 802.1X.
struct NetworkLogin: Sendable {
  enum Authority: String, Sendable { case own, system, none }

  var name: String
  var source: String
  var origin: Origin
  var isWired = true
  var interface: String?
  var isAutomatic = true
  /// Where 802.1X is switched on, if it is and has to succeed.
  var login: Origin?
  var methods: [String] = []
  var authority = Authority.none
  var authorityOrigin: Origin?
  var hasName = false
  /// The inner method has certificates of its own (`tls`), and nothing to check them by.
  var isInnerUnchecked = false
  /// A PAC may be taken from a server that did not prove anything.
  var isAnonymousProvisioning = false

  private var isServerChecked: Bool {
    guard login != nil, !methods.isEmpty else { return false }
    let isSigned = authority == .own || authority == .system && hasName
    return methods.allSatisfy { method in
      switch method {
      case "pwd", "psk", "aka", "aka'", "sim", "ikev2", "sake", "gpsk", "eke": true
      case "tls": isSigned
      case "peap", "ttls", "teap": isSigned && !isInnerUnchecked
      case "fast": isSigned || !isAnonymousProvisioning
      default: false
      }
    }
  }

  var row: Row {
    Row(
      name,
      [
        "authenticated": .flag(login != nil, login ?? origin),
        "name": .text(name, origin),
        "medium": .text(isWired ? "wired" : "wireless", origin),
        "interface": interface.map { .text($0, origin) } ?? .absent(origin),
        "source": .text(source, origin),
        "automatic": .flag(isAutomatic, origin),
        "eap": .list(methods, login ?? origin),
        "authority": .text(authority.rawValue, authorityOrigin ?? login ?? origin),
        "server-name": .flag(hasName, login ?? origin),
        "server-checked": .flag(isServerChecked, authorityOrigin ?? login ?? origin),
      ])
  }

  /// The bundles and folders that hold every authority that the system trusts.
  static func authority(of place: String) -> Authority {
    let text = bytes(place) ?? place
    let path = text.hasPrefix("file://") ? String(text.dropFirst(7)) : text
    let all = [
      "/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted", "/etc/ssl/ca-bundle",
      "/etc/ca-certificates/extracted", "/usr/share/ca-certificates", "/etc/ssl/cert.pem",
    ]
    guard let found = all.first(where: path.hasPrefix) else { return .own }
    let rest = path.dropFirst(found.count)
    let isWhole =
      rest.isEmpty || rest == "/" || rest.contains("ca-certificates") || rest.contains("ca-bundle")
      || found.contains("extracted") || rest.hasPrefix(".pem")
    return isWhole ? .system : .own
  }

  /// NetworkManager also writes a path as its bytes, `102;105;…;0;`.
  private static func bytes(_ place: String) -> String? {
    guard place.contains(";") else { return nil }
    var bytes: [UInt8] = []
    for number in place.split(separator: ";") {
      guard let byte = UInt8(number) else { return nil }
      if byte != 0 { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func words(_ text: String, _ separators: String) -> [String] {
    text.lowercased().split { separators.contains($0) }.map(String.init)
  }
}
