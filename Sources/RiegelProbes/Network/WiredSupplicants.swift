import RiegelModel
import SystemPackage

/// Configurations of wpa_supplicant for wired interfaces.
enum WiredSupplicants {
  private static let folders = ["/etc/wpa_supplicant", "/run/netplan"]
  static let reads = [
    "/etc/wpa_supplicant/wpa_supplicant-wired-*.conf", "/run/netplan/wpa-*.conf",
    "/etc/systemd/system/*.wants/wpa_supplicant-wired@*.service",
  ]

  static func read(_ host: Host) throws(TargetError) -> [NetworkLogin] {
    var found: [NetworkLogin] = []
    for path in try host.expand("/etc/wpa_supplicant/wpa_supplicant-wired-*.conf") {
      let name = path.lastComponent?.string ?? ""
      let interface = String(name.dropFirst("wpa_supplicant-wired-".count).dropLast(".conf".count))
      var login = try read(path, interface, host)
      login.isAutomatic =
        try !host.expand(
          "/etc/systemd/system/*.wants/wpa_supplicant-wired@\(interface).service"
        ).isEmpty
      found.append(login)
    }
    guard host.isRunning else { return found }
    for path in try host.expand("/run/netplan/wpa-*.conf") {
      let name = path.lastComponent?.string ?? ""
      let login = try read(path, String(name.dropFirst(4).dropLast(5)), host)
      if login.isWired { found.append(login) }
    }
    return found
  }

  static func read(
    _ path: FilePath, _ interface: String, _ host: Host
  ) throws(TargetError) -> NetworkLogin {
    var login = NetworkLogin(
      name: interface, source: "wpa_supplicant", origin: .file(path), interface: interface)
    var settings: [String: GroupedFile.Entry] = [:]
    var isInside = false
    for line in try host.lines(of: path) ?? [] {
      let text = line.text.trimmed
      if text.hasPrefix("#") { continue }
      if text.hasPrefix("network=") {
        // The first network that is not switched off is the one a cable has.
        if settings["disabled"]?.value == "1" { settings = [:] }
        isInside = settings.isEmpty
        continue
      }
      if text.hasPrefix("}") { isInside = false }
      guard isInside, let equals = text.firstIndex(of: "=") else { continue }
      let value = text[text.index(after: equals)...].trimmed
      settings[String(text[..<equals].trimmed)] = GroupedFile.Entry(
        value: unquoted(value), origin: .line(path, line.number))
    }
    apply(settings, to: &login)
    if settings["ssid"] != nil { login.isWired = false }
    return login
  }

  /// Keys as wpa_supplicant.conf(5) writes them.
  static func apply(_ settings: [String: GroupedFile.Entry], to login: inout NetworkLogin) {
    guard let management = settings["key_mgmt"],
      NetworkLogin.words(management.value, " \t").contains("ieee8021x"),
      settings["disabled"]?.value != "1"
    else { return }
    login.login = management.origin
    login.methods = NetworkLogin.words(settings["eap"]?.value ?? "", " \t")
    if let own = settings["ca_cert"] ?? settings["ca_path"], !own.value.isEmpty {
      login.authority = NetworkLogin.authority(of: own.value)
      login.authorityOrigin = own.origin
    }
    func hasName(_ suffix: String) -> Bool {
      ["domain_suffix_match", "domain_match", "subject_match", "altsubject_match"].contains {
        settings[$0 + suffix].map { !$0.value.isEmpty } ?? false
      }
    }
    login.hasName = hasName("")
    let inner = (settings["phase2"]?.value ?? "").lowercased()
    if inner.contains("autheap=tls") || inner.contains("auth=tls") {
      let own = settings["ca_cert2"] ?? settings["ca_path2"]
      login.isInnerUnchecked =
        own.map { NetworkLogin.authority(of: $0.value) == .system && !hasName("2") } ?? true
    }
    let outer = (settings["phase1"]?.value ?? "").filter { $0 != "\"" }
    login.isAnonymousProvisioning =
      outer.contains("fast_provisioning=1") || outer.contains("fast_provisioning=3")
  }

  private static func unquoted(_ text: Substring) -> String {
    text.count >= 2 && text.first == "\"" && text.last == "\""
      ? String(text.dropFirst().dropLast()) : String(text)
  }
}

/// Wired interfaces of ifupdown (`interfaces(5)`), with `wpa-` options where they have some.
enum Interfaces {
  static func read(
    _ host: Host, without served: Set<String>
  ) throws(TargetError) -> [NetworkLogin] {
    var files: [FilePath] = ["/etc/network/interfaces"]
    files += try host.expand("/etc/network/interfaces.d/*")
    var at = 0
    var found: [NetworkLogin] = []
    var automatic: Set<String> = []
    var settings: [String: GroupedFile.Entry] = [:]
    var current: NetworkLogin?
    func finish() throws(TargetError) {
      guard var login = current else { return }
      current = nil
      if settings["driver"]?.value == "wired", let file = settings["conf"] {
        // The usual way: all but the driver stands in a file of wpa_supplicant's own.
        let own = try WiredSupplicants.read(FilePath(file.value), login.name, host)
        login.login = own.login
        login.methods = own.methods
        login.authority = own.authority
        login.authorityOrigin = own.authorityOrigin
        login.hasName = own.hasName
        login.isInnerUnchecked = own.isInnerUnchecked
        login.isAnonymousProvisioning = own.isAnonymousProvisioning
      } else if settings["driver"]?.value == "wired" {
        if settings["key_mgmt"] == nil, let eap = settings["eap"] {
          settings["key_mgmt"] = GroupedFile.Entry(value: "IEEE8021X", origin: eap.origin)
        }
        WiredSupplicants.apply(settings, to: &login)
      }
      if settings["ssid"] != nil || settings["conf"] != nil && settings["driver"] == nil {
        login.isWired = false
      }
      found.append(login)
    }
    while at < files.count {
      let path = files[at]
      at += 1
      guard try host.metadata(of: path)?.kind == .file else { continue }
      for line in try host.lines(of: path) ?? [] {
        let words = line.text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard let first = words.first, !first.hasPrefix("#") else { continue }
        let origin = Origin.line(path, line.number)
        switch first {
        case "auto", "allow-hotplug", "allow-auto":
          try finish()
          automatic.formUnion(words.dropFirst())
        case "iface":
          try finish()
          settings = [:]
          guard words.count > 3, isCable(words[1]), !served.contains(words[1]) else { continue }
          current = NetworkLogin(
            name: words[1], source: "ifupdown", origin: origin, interface: words[1])
        case "source", "source-directory":
          try finish()
          // Names are relative to the folder of the file that draws them in.
          for word in words.dropFirst() {
            let place = path.removingLastComponent().pushing(FilePath(word))
            let pattern = printable(place) + (first == "source" ? "" : "/*")
            for more in try host.expand(pattern) where !files.contains(more) { files.append(more) }
          }
        case "mapping", "rename", "no-auto-down", "no-scripts":
          try finish()
        default:
          guard current != nil, first.hasPrefix("wpa-") else { continue }
          let key = String(first.dropFirst(4)).replacing("-", with: "_")
          settings[key] = GroupedFile.Entry(
            value: words.dropFirst().joined(separator: " ").filter { $0 != "\"" }, origin: origin)
        }
      }
      try finish()
    }
    // A second stanza of an interface, as for IPv6, says nothing more of the cable.
    var byName: [String: NetworkLogin] = [:]
    var order: [String] = []
    for var login in found {
      login.isAutomatic = automatic.contains(login.name)
      if byName[login.name] == nil { order.append(login.name) }
      if byName[login.name]?.login == nil { byName[login.name] = login }
    }
    return order.compactMap { byName[$0] }
  }

  /// By the names that kernel and udev give to network cards with a cable.
  static func isCable(_ name: String) -> Bool {
    (name.hasPrefix("eth") || name.hasPrefix("en")) && !name.contains(".") && !name.contains(":")
  }
}

/// Wired links of systemd-networkd, which has no 802.1X of its own.
enum NetworkdLinks {
  static func read(
    _ host: Host, without served: Set<String>
  ) throws(TargetError) -> [NetworkLogin] {
    var found: [NetworkLogin] = []
    let patterns =
      ["/etc/systemd/network/*.network"]
      + (host.isRunning ? ["/run/systemd/network/*.network"] : [])
    for pattern in patterns {
      for path in try host.expand(pattern) {
        guard let file = try GroupedFile.read(path, on: host, comments: "#;") else { continue }
        let names = (file.entry("Name", ["Match"])?.value ?? "").split(separator: " ")
          .map(String.init)
        let isEther =
          file.entry("Type", ["Match"])?.value == "ether"
          && file.entry("Kind", ["Match"]) == nil
        let cables = names.filter(Interfaces.isCable)
        guard isEther && names.isEmpty || !cables.isEmpty else { continue }
        let isServed =
          !served.isEmpty
          && (cables.isEmpty
            || cables.allSatisfy { pattern in
              let glob = Glob(pattern)
              return served.contains { glob.matches(text: $0) }
            })
        if isServed { continue }
        found.append(
          NetworkLogin(
            name: path.lastComponent?.string ?? "", source: "networkd", origin: .file(path),
            interface: cables.first))
      }
    }
    return found
  }
}

/// Wired connections in the scripts of Red Hat before NetworkManager's own files.
enum OldScripts {
  static func read(_ host: Host) throws(TargetError) -> [NetworkLogin] {
    var found: [NetworkLogin] = []
    for path in try host.expand("/etc/sysconfig/network-scripts/ifcfg-*") {
      guard let file = try GroupedFile.read(path, on: host) else { continue }
      func entry(_ key: String) -> GroupedFile.Entry? {
        file.entry(key, [""]).map {
          GroupedFile.Entry(value: $0.value.filter { $0 != "\"" && $0 != "'" }, origin: $0.origin)
        }
      }
      let device = entry("DEVICE")?.value
      guard entry("TYPE")?.value == "Ethernet" || device.map(Interfaces.isCable) == true else {
        continue
      }
      var login = NetworkLogin(
        name: entry("NAME")?.value ?? device ?? path.lastComponent?.string ?? "", source: "ifcfg",
        origin: .file(path), interface: device)
      login.isAutomatic = entry("ONBOOT").map { $0.value.lowercased() != "no" } ?? true
      if let management = entry("KEY_MGMT"), management.value == "IEEE8021X" {
        login.login = management.origin
        login.methods = NetworkLogin.words(entry("IEEE_8021X_EAP_METHODS")?.value ?? "", " ")
        if let own = entry("IEEE_8021X_CA_CERT") {
          login.authority = NetworkLogin.authority(of: own.value)
          login.authorityOrigin = own.origin
        }
        login.hasName =
          entry("IEEE_8021X_DOMAIN_SUFFIX_MATCH") != nil
          || entry("IEEE_8021X_DOMAIN_MATCH") != nil || entry("IEEE_8021X_SUBJECT_MATCH") != nil
          || entry("IEEE_8021X_ALTSUBJECT_MATCHES") != nil
        let inner = (entry("IEEE_8021X_INNER_AUTH_METHODS")?.value ?? "").lowercased()
        login.isInnerUnchecked =
          inner.contains("tls") && entry("IEEE_8021X_INNER_CA_CERT") == nil
      }
      if ["yes", "true"].contains(entry("IEEE_8021X_OPTIONAL")?.value.lowercased()) {
        login.login = nil
      }
      found.append(login)
    }
    return found
  }
}
