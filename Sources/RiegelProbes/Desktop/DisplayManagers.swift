import RiegelModel
import SystemPackage

/// What the display managers of a host do before anybody has logged in.
struct DisplayManagers {
  enum Name: String, CaseIterable {
    case gdm, lightdm, sddm, greetd, lxdm

    var programs: [FilePath] {
      switch self {
      case .gdm: ["/usr/sbin/gdm3", "/usr/sbin/gdm", "/usr/bin/gdm"]
      case .lightdm: ["/usr/sbin/lightdm", "/usr/bin/lightdm"]
      case .sddm: ["/usr/bin/sddm", "/usr/sbin/sddm"]
      case .greetd: ["/usr/bin/greetd", "/usr/sbin/greetd"]
      case .lxdm: ["/usr/sbin/lxdm", "/usr/sbin/lxdm-binary", "/usr/bin/lxdm"]
      }
    }

    /// The units that `display-manager.service` may be another name of.
    var units: [String] {
      self == .gdm ? ["gdm.service", "gdm3.service"] : [rawValue + ".service"]
    }
  }

  struct Setting: Sendable {
    var value: String
    var origin: Origin
    var overrides: [Fact.Overridden] = []

    func fact(_ value: Value?) -> Fact {
      Fact(value.map(Fact.Content.known) ?? .absent, from: origin, overriding: overrides)
    }
  }

  /// Settings by section and key, the last line in force.
  struct Table: Sendable {
    private var settings: [String: Setting] = [:]
    /// In the order of first appearance.
    private(set) var sections: [String] = []

    subscript(section: String, key: String) -> Setting? { settings[section + "\u{0}" + key] }

    mutating func set(_ section: String, _ key: String, _ value: String, _ origin: Origin) {
      if !sections.contains(section) { sections.append(section) }
      let name = section + "\u{0}" + key
      let old = settings[name]
      settings[name] = Setting(
        value: value, origin: origin,
        overrides: (old?.overrides ?? []) + (old.map { [.init($0.value, $0.origin)] } ?? []))
    }

    mutating func add(_ file: KeyFile) {
      for entry in file.entries { set(entry.group, entry.key, entry.value, entry.origin) }
    }
  }

  let host: Host

  func isInstalled(_ name: Name) throws(TargetError) -> Bool {
    for program in name.programs where try host.metadata(of: program)?.kind == .file {
      return true
    }
    return false
  }

  /// Whether the host starts it: by systemd's alias or by Debian's file.
  func isEnabled(_ name: Name) throws(TargetError) -> Fact {
    let link: FilePath = "/etc/systemd/system/display-manager.service"
    if let unit = try host.readLink(link)?.lastComponent?.string {
      return .flag(name.units.contains(unit), .file(link))
    }
    let file: FilePath = "/etc/X11/default-display-manager"
    if let text = try host.text(of: file) {
      let path = FilePath(String(text[...].trimmed))
      return .flag(name.programs.contains(path), .line(file, 1))
    }
    return .flag(false)
  }

  func rows(of name: Name) throws(TargetError) -> [Row] {
    switch name {
    case .gdm: try gdm()
    case .lightdm: try lightdm()
    case .sddm: try sddm()
    case .greetd: try greetd()
    case .lxdm: try lxdm()
    }
  }

  // MARK: GDM

  /// The first of its files that exists is the one that the program was built to read.
  private func gdm() throws(TargetError) -> [Row] {
    var table = Table()
    var place: FilePath = "/etc/gdm3/daemon.conf"
    for path in ["/etc/gdm3/daemon.conf", "/etc/gdm3/custom.conf", "/etc/gdm/custom.conf"]
      as [FilePath]
    {
      guard let file = try KeyFile.read(path, on: host) else { continue }
      place = path
      table.add(file)
      break
    }
    // gdm's tools write here what holds until the next start.
    if host.isRunning, let file = try KeyFile.read("/run/gdm/custom.conf", on: host) {
      table.add(file)
    }
    func user(_ kind: String) -> Setting? {
      guard let enabled = table["daemon", kind + "Enable"],
        ["true", "yes", "1"].contains(enabled.value.lowercased()),
        let user = table["daemon", kind], !user.value.isEmpty
      else { return nil }
      return user
    }
    let automatic = user("AutomaticLogin")
    let timed = user("TimedLogin")
    let asked =
      table["daemon", "AutomaticLoginEnable"] ?? table["daemon", "AutomaticLogin"]
      ?? Setting(value: "", origin: .file(place))
    var facts: [String: Fact] = [
      "autologin-user": (automatic ?? timed).map { $0.fact(.text($0.value)) }
        ?? .absent(asked.origin),
      "timed": .flag(automatic == nil && timed != nil, timed?.origin ?? asked.origin),
      "guest": .flag(false, .builtIn("GDM")),
    ]
    do throws(TargetError) {
      let key = "/org/gnome/login-screen/disable-user-list"
      let profile = try DconfProfile.read("gdm", on: host)
      let found = profile.lookUp(key)
      let isStale = profile.databases.contains { $0.hasSources && $0.state != .current }
      if isStale, found.setting?.value.flag == true {
        throw .undetermined(
          profile.path ?? "/etc/dconf/profile/gdm",
          Localized(
            en: "the compiled database is older than its sources",
            de: "die übersetzte Datenbank ist älter als ihre Quellen"))
      }
      facts["users-hidden"] =
        found.setting.map {
          Fact(
            .known(.flag($0.value.flag ?? false)), from: $0.origin, overriding: $0.overrides)
        } ?? .flag(false, .builtIn("GDM"))
    } catch {
      facts["users-hidden"] = .unknown(error)
    }
    return [Row("gdm", facts)]
  }

  // MARK: LightDM

  static let lightdmFolders: [FilePath] = [
    "/usr/share/lightdm/lightdm.conf.d", "/usr/local/share/lightdm/lightdm.conf.d",
    "/etc/xdg/lightdm/lightdm.conf.d", "/etc/lightdm/lightdm.conf.d",
  ]

  /// One row for all seats, and one for each seat with a section of its own.
  private func lightdm() throws(TargetError) -> [Row] {
    var table = Table()
    var files: [FilePath] = []
    for folder in DisplayManagers.lightdmFolders {
      files += try DisplayManagers.files(in: folder, host)
    }
    for path in files + ["/etc/lightdm/lightdm.conf"] {
      guard let file = try KeyFile.read(path, on: host) else { continue }
      for entry in file.entries {
        // The old name of the section for every seat.
        let section = entry.group == "SeatDefaults" ? "Seat:*" : entry.group
        table.set(section, entry.key, entry.value, entry.origin)
      }
    }
    let seats = table.sections.filter { $0.hasPrefix("Seat:") && $0 != "Seat:*" }
    return try (["Seat:*"] + seats).map { section throws(TargetError) in
      try lightdm(section, table)
    }
  }

  private func lightdm(_ section: String, _ table: Table) throws(TargetError) -> Row {
    func setting(_ key: String) -> Setting? { table[section, key] ?? table["Seat:*", key] }
    func flag(_ key: String, _ standard: Bool) -> (Bool, Origin) {
      guard let found = setting(key) else { return (standard, .builtIn("LightDM")) }
      return (found.value == "true" || found.value == "1", found.origin)
    }
    let user = setting("autologin-user").flatMap { $0.value.isEmpty ? nil : $0 }
    let guestLogin = flag("autologin-guest", false)
    let allowed = flag("allow-guest", true)
    let offered = flag("greeter-allow-guest", true)
    var guest = Fact.flag(false, allowed.0 ? offered.1 : allowed.1)
    if allowed.0, offered.0 || guestLogin.0 {
      let script = try guestScript(table["LightDM", "guest-account-script"]?.value)
      guest = .flag(script != nil, script.map { .file($0) } ?? allowed.1)
    }
    let hides = flag("greeter-hide-users", false)
    var automatic = user.map { $0.fact(.text($0.value)) } ?? .absent(.builtIn("LightDM"))
    if user == nil, guestLogin.0, guest.value == .flag(true) {
      automatic = .text("guest", guestLogin.1)
    }
    return Row(
      section == "Seat:*" ? "lightdm" : "lightdm [\(section)]",
      [
        "autologin-user": automatic, "timed": .flag(false, .builtIn("LightDM")), "guest": guest,
        "users-hidden": .flag(hides.0, hides.1), "seat": .text(String(section.dropFirst(5))),
      ])
  }

  /// A guest needs a program that makes its account; most distributions ship none.
  private func guestScript(_ name: String?) throws(TargetError) -> FilePath? {
    let name = name ?? "guest-account"
    if name.hasPrefix("/") {
      return try host.exists(FilePath(name)) ? FilePath(name) : nil
    }
    for folder in [
      "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/usr/lib/lightdm",
    ]
      as [FilePath]
    {
      let path = folder.appending(name)
      if try host.exists(path) { return path }
    }
    return nil
  }

  // MARK: SDDM

  /// Vendor folder, local folder, local file, the last one strongest (`sddm.conf(5)`).
  private func sddm() throws(TargetError) -> [Row] {
    var table = Table()
    var files: [FilePath] = []
    for folder in ["/usr/lib/sddm/sddm.conf.d", "/etc/sddm.conf.d"] as [FilePath] {
      files += try DisplayManagers.files(in: folder, host)
    }
    for path in files + ["/etc/sddm.conf"] {
      guard let lines = try host.lines(of: path) else { continue }
      var section = ""
      for line in lines {
        let text = line.text.prefix { $0 != "#" }[...].trimmed
        if text.hasPrefix("["), text.hasSuffix("]") {
          section = String(text.dropFirst().dropLast())
        } else if let equals = text.firstIndex(of: "=") {
          table.set(
            section, String(text[..<equals].trimmed),
            String(text[text.index(after: equals)...].trimmed), .line(path, line.number))
        }
      }
    }
    let user = table["Autologin", "User"]
    let theme = table["Theme", "Current"]
    return [
      Row(
        "sddm",
        [
          "autologin-user": user.map {
            $0.value.isEmpty ? .absent($0.origin) : $0.fact(.text($0.value))
          }
            ?? .absent(.builtIn("SDDM")),
          "timed": .flag(false, .builtIn("SDDM")), "guest": .flag(false, .builtIn("SDDM")),
          "users-hidden": .unknown(
            .undetermined(
              theme?.origin.path ?? "/etc/sddm.conf",
              Localized(
                en: "the theme decides whether accounts are listed",
                de: "ob Konten aufgelistet werden, bestimmt das Thema"))),
        ])
    ]
  }

  // MARK: Others

  /// `[initial_session] user` of greetd's TOML.
  private func greetd() throws(TargetError) -> [Row] {
    let path: FilePath = "/etc/greetd/config.toml"
    var table = Table()
    var section = ""
    for line in try host.lines(of: path) ?? [] {
      let text = line.text.prefix { $0 != "#" }[...].trimmed
      if text.hasPrefix("["), text.hasSuffix("]") {
        section = String(text.dropFirst().dropLast()[...].trimmed)
      } else if let equals = text.firstIndex(of: "=") {
        let value = text[text.index(after: equals)...].trimmed.filter { $0 != "\"" && $0 != "'" }
        table.set(section, String(text[..<equals].trimmed), value, .line(path, line.number))
      }
    }
    return [plain("greetd", table["initial_session", "user"], "greetd")]
  }

  private func lxdm() throws(TargetError) -> [Row] {
    var table = Table()
    for path in ["/etc/lxdm/lxdm.conf", "/etc/lxdm/default.conf"] as [FilePath] {
      guard let file = try KeyFile.read(path, on: host) else { continue }
      table.add(file)
      break
    }
    return [plain("lxdm", table["base", "autologin"], "LXDM")]
  }

  private func plain(_ subject: String, _ user: Setting?, _ program: String) -> Row {
    Row(
      subject,
      [
        "autologin-user": user.map {
          $0.value.isEmpty ? .absent($0.origin) : $0.fact(.text($0.value))
        }
          ?? .absent(.builtIn(program)),
        "timed": .flag(false, .builtIn(program)), "guest": .flag(false, .builtIn(program)),
        "users-hidden": .unknown(
          .undetermined(
            "/etc",
            Localized(
              en: "the greeter decides whether accounts are listed",
              de: "ob Konten aufgelistet werden, bestimmt der Anmeldebildschirm"))),
      ])
  }

  /// SUSE's own switch, which its display managers read before their files.
  func suse() throws(TargetError) -> Setting? {
    let path: FilePath = "/etc/sysconfig/displaymanager"
    guard let text = try host.text(of: path) else { return nil }
    var variables = ShellVariables()
    variables.read(text)
    guard let value = variables.values["DISPLAYMANAGER_AUTOLOGIN"], let user = value.text,
      !user.isEmpty
    else { return nil }
    return Setting(value: user, origin: .line(path, value.line))
  }

  private static func files(
    in folder: FilePath, _ host: Host
  ) throws(TargetError) -> [FilePath] {
    guard try host.metadata(of: folder)?.kind == .directory else { return [] }
    var files: [FilePath] = []
    for name in try host.list(folder) ?? []
    where name.string.hasSuffix(".conf") && !name.string.hasPrefix(".") {
      files.append(folder.appending(name))
    }
    return files
  }
}
