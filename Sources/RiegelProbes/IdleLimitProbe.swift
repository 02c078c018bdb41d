import RiegelModel
import SystemPackage

/// Observes after what time remote desktops, web consoles and VPN servers end what nobody uses.
///
/// One row for each of them that is installed. What a program does if nothing is set is built in:
/// none of them ends anything by itself. Of OpenVPN only servers are looked at.
/// `sesman.ini(5)`, `Xtigervnc(1)`, `cockpit.conf(5)`, `openvpn(8)`.
struct IdleLimitProbe: Probe {
  static let name = "idle-limit"
  static let summary = "When remote desktops, web consoles and VPN servers end unused sessions."
  static let fields: [Field] = [
    .duration(
      "idle", "After how long without use a connection is ended; absent where it never is."),
    .choice(
      "program", ["xrdp", "xrdp-vnc", "tigervnc", "cockpit", "openvpn"],
      "The program; `xrdp-vnc` is the desktops that xrdp starts in a VNC server, which the limits of"
        + " sesman.ini do not reach."),
    .duration(
      "disconnected",
      "Of xrdp: after how long a desktop whose viewer is gone is closed; absent where it never is."),
  ]
  static let keys: [Key<Self>] = [.everything("All that are installed: `all`.")]
  static let reads = [
    "/etc/xrdp/*.ini", "/etc/tigervnc/*", "/etc/cockpit/cockpit.conf", "/etc/openvpn/*.conf",
    "/etc/openvpn/server/*.conf",
  ]

  private static let viewers: [FilePath] = ["/usr/bin/Xvnc", "/usr/bin/Xtigervnc"]
  private static let vnc: [FilePath] = [
    "/usr/bin/tigervncserver", "/usr/bin/vncserver", "/usr/libexec/vncserver",
    "/usr/libexec/tigervncsession-start", "/usr/sbin/vncsession",
  ]
  private static let cockpit: [FilePath] = [
    "/usr/lib/cockpit/cockpit-ws", "/usr/libexec/cockpit-ws", "/usr/lib64/cockpit/cockpit-ws",
    "/usr/lib/cockpit/cockpit-session", "/usr/libexec/cockpit-session",
  ]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    func add(_ rows: () throws(TargetError) -> [Row]) {
      do {
        let found = try rows()
        observation.rows += found
      } catch {
        observation.gaps.append(error)
      }
    }
    add { () throws(TargetError) in try xrdp(host) }
    add { () throws(TargetError) in try tigerVNC(host) }
    add { () throws(TargetError) in try cockpit(host) }
    do {
      for pattern in ["/etc/openvpn/*.conf", "/etc/openvpn/server/*.conf"] {
        for file in try host.expand(pattern) {
          add { () throws(TargetError) in try openVPN(file, host) }
        }
      }
    } catch {
      observation.gaps.append(error)
    }
    return observation
  }

  private func isThere(_ paths: [FilePath], _ host: Host) throws(TargetError) -> Bool {
    for path in paths where try host.exists(path) { return true }
    return false
  }

  private func row(_ subject: String, _ program: String, _ idle: Fact) -> Row {
    Row(subject, ["program": .text(program), "idle": idle])
  }

  /// A number of seconds; zero, and what is no number, never end anything.
  private func limit(_ entry: GroupedFile.Entry?, unit: Int = 1, _ program: String) -> Fact {
    guard let entry else { return .absent(.builtIn(program)) }
    guard let number = Int(entry.value), number > 0, number <= 1_000_000_000 else {
      return .absent(entry.origin)
    }
    return .known(.duration(number * unit), entry.origin)
  }

  // MARK: xrdp

  private func xrdp(_ host: Host) throws(TargetError) -> [Row] {
    let file = try GroupedFile.read(
      "/etc/xrdp/sesman.ini", on: host, comments: "#;", ignoringCase: true)
    guard let file else { return [] }
    var own = row("xrdp", "xrdp", limit(file.entry("idletimelimit", ["sessions"]), "xrdp"))
    let kill = file.entry("killdisconnected", ["sessions"])
    if let kill, ["1", "true", "yes", "on"].contains(kill.value.lowercased()) {
      let after = file.entry("disconnectedtimelimit", ["sessions"])
      // Less than a minute is taken for one.
      let seconds = max(60, after.flatMap { Int($0.value) } ?? 60)
      own.facts["disconnected"] = .known(.duration(seconds), (after ?? kill).origin)
    } else {
      own.facts["disconnected"] = .absent(kill?.origin ?? .builtIn("xrdp"))
    }
    guard let desktops = try virtualDesktop(host), try isThere(Self.viewers, host) else {
      return [own]
    }
    let arguments = try serverArguments(host)
    var idle = Fact.absent(desktops)
    for (index, argument) in arguments.enumerated() {
      let parts = argument.value.lowercased().drop { $0 == "-" }.split(
        separator: "=", maxSplits: 1)
      guard parts.first == "idletimeout" else { continue }
      var value: GroupedFile.Entry?
      if parts.count == 2 {
        value = GroupedFile.Entry(value: String(parts[1]), origin: argument.origin)
      } else if arguments.indices.contains(index + 1) {
        value = arguments[index + 1]
      }
      idle = limit(value, "Xvnc")
    }
    return [own, row("xrdp (Xvnc)", "xrdp-vnc", idle)]
  }

  /// The arguments that sesman gives to its VNC server: one a line, all under the same key.
  private func serverArguments(_ host: Host) throws(TargetError) -> [GroupedFile.Entry] {
    var found: [GroupedFile.Entry] = []
    var isInside = false
    for line in try host.lines(of: "/etc/xrdp/sesman.ini") ?? [] {
      let text = line.text.trimmed
      if text.hasPrefix("[") { isInside = text.lowercased() == "[xvnc]" }
      guard isInside, text.lowercased().hasPrefix("param"), let equals = text.firstIndex(of: "=")
      else { continue }
      found.append(
        GroupedFile.Entry(
          value: String(text[text.index(after: equals)...].trimmed),
          origin: .line("/etc/xrdp/sesman.ini", line.number)))
    }
    return found
  }

  /// Where xrdp.ini offers a desktop that sesman starts in a VNC server.
  private func virtualDesktop(_ host: Host) throws(TargetError) -> Origin? {
    guard let lines = try host.lines(of: "/etc/xrdp/xrdp.ini") else { return nil }
    var library: Origin?
    for line in lines {
      let text = line.text.trimmed.lowercased().filter { $0 != " " }
      if text.hasPrefix("[") { library = nil }
      if text == "lib=libvnc.so" { library = .line("/etc/xrdp/xrdp.ini", line.number) }
      // sesman starts a desktop where no port is given.
      if text == "port=-1", let library { return library }
    }
    return nil
  }

  // MARK: TigerVNC, Cockpit

  /// Debian writes `$IdleTimeout = "600";`, others `IdleTimeout=600`. The mandatory file wins; of
  /// the defaults a person may have other values in a file of his own.
  private func tigerVNC(_ host: Host) throws(TargetError) -> [Row] {
    guard try isThere(Self.vnc, host) else { return [] }
    for name in ["vncserver-config-mandatory", "vncserver-config-defaults"] {
      let path = FilePath("/etc/tigervnc").appending(name)
      var found: GroupedFile.Entry?
      for line in try host.lines(of: path) ?? [] {
        let text = line.text.trimmed
        guard !text.hasPrefix("#"), let equals = text.firstIndex(of: "=") else { continue }
        let key = text[..<equals].filter { $0 != "$" && $0 != " " && $0 != "\t" }.lowercased()
        guard key == "idletimeout" else { continue }
        let value = String(
          text[text.index(after: equals)...].filter { !"\"'; \t".contains($0) })
        found = GroupedFile.Entry(value: value, origin: .line(path, line.number))
      }
      if let found { return [row("TigerVNC", "tigervnc", limit(found, "Xvnc"))] }
    }
    return [row("TigerVNC", "tigervnc", .absent(.builtIn("Xvnc")))]
  }

  /// Minutes, unlike all the others.
  private func cockpit(_ host: Host) throws(TargetError) -> [Row] {
    guard try isThere(Self.cockpit, host) else { return [] }
    let file = try GroupedFile.read("/etc/cockpit/cockpit.conf", on: host)
    let entry = file?.entry("IdleTimeout", ["Session"])
    return [row("Cockpit", "cockpit", limit(entry, unit: 60, "Cockpit"))]
  }

  // MARK: OpenVPN

  private func openVPN(_ path: FilePath, _ host: Host) throws(TargetError) -> [Row] {
    var isServer = false
    var own: GroupedFile.Entry?
    var pushed: GroupedFile.Entry?
    var other: Int?
    for line in try host.lines(of: path) ?? [] {
      let text = line.text.trimmed
      guard let first = text.first, first != "#", first != ";" else { continue }
      let words = text.filter { $0 != "\"" && $0 != "'" }
        .split { $0 == " " || $0 == "\t" }.map(String.init)
      guard let word = words.first else { continue }
      let origin = Origin.line(path, line.number)
      switch word {
      case "server", "server-bridge", "server-ipv6", "tls-server": isServer = true
      case "mode" where words.dropFirst().first == "server": isServer = true
      case "inactive" where words.count > 1:
        own = GroupedFile.Entry(value: words[1], origin: origin)
      case "push" where words.count > 2 && words[1] == "inactive":
        pushed = GroupedFile.Entry(value: words[2], origin: origin)
      case "config": other = line.number
      default: break
      }
    }
    if let other, own == nil {
      throw .undetermined(
        path,
        Localized(
          en: "draws in another file in line \(other), which is not read",
          de: "zieht in Zeile \(other) eine andere Datei ein, die nicht gelesen wird"))
    }
    guard isServer else { return [] }
    let name = path.lastComponent?.string ?? ""
    var idle = limit(own, "OpenVPN")
    if own == nil || idle.value == nil, let pushed { idle = limit(pushed, "OpenVPN") }
    return [row("OpenVPN \(name)", "openvpn", idle)]
  }
}
