import RiegelModel
import SystemPackage

/// What rsyslog does, from all its files: inputs, actions, modules and global settings.
///
/// Old directives hold from where they stand for what comes after; objects of the new language take
/// their defaults from `module(…)` and `global(…)` alone, wherever these stand.
struct RsyslogConfig: Sendable {
  struct Action: Sendable {
    enum Kind: String, Sendable, CaseIterable {
      case file, forward, user, discard, pipe, program, database, call, other
    }
    var kind: Kind
    var target = ""
    var port: Int?
    var proto: String?
    var isEncrypted = false
    var authentication: String?
    var peers: [String] = []
    var mode: UInt16?
    var owner: String?
    var group: String?
    var template: String?
    var hasDiskQueue = false
    var retries: String?
    var filter: RsyslogFilter
    var ruleset: String
    var origin: Origin
  }

  struct Input: Sendable {
    static let kinds = ["tcp", "udp", "relp", "socket", "kernel", "journal", "file", "other"]
    var kind: String
    var module: String
    var address: String?
    var port: Int?
    var isEncrypted = false
    var authentication: String?
    var peers: [String] = []
    var ruleset = ""
    var origin: Origin
  }

  struct Setting: Sendable {
    var name: String
    var value: String
    var origin: Origin
    var overrides: [Fact.Overridden] = []
  }

  static let path: FilePath = "/etc/rsyslog.conf"

  private(set) var isPresent = false
  private(set) var actions: [Action] = []
  private(set) var inputs: [Input] = []
  private(set) var modules: [Setting] = []
  private(set) var settings: [String: Setting] = [:]
  private(set) var gaps: [TargetError] = []

  private var modulePars: [String: [String: [String]]] = [:]
  private var templates: [String: String] = [:]

  static func of(_ host: Host) throws(TargetError) -> RsyslogConfig {
    try host.remember("rsyslog") { () throws(TargetError) in try RsyslogConfig(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    var parser = RsyslogParser(host)
    isPresent = try parser.parse(RsyslogConfig.path)
    gaps = parser.gaps
    // What objects take their defaults from may stand after them.
    for statement in parser.statements { collectGlobals(statement) }
    var old = OldDirectives()
    for statement in parser.statements { take(statement, &old) }
  }

  private mutating func collectGlobals(_ statement: RsyslogStatement) {
    switch statement.kind {
    case .object("global", let parameters):
      for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
        set(name, value.joined(separator: ","), statement.origin)
      }
    case .object("module", let parameters):
      guard let name = parameters["load"]?.first else { return }
      let short = RsyslogConfig.moduleName(name)
      modules.append(Setting(name: short, value: name, origin: statement.origin))
      modulePars[short, default: [:]].merge(parameters) { $1 }
    case .object("template", let parameters):
      guard let name = parameters["name"]?.first else { return }
      templates[name] = parameters["string"]?.first ?? ""
    case .directive("modload", let name):
      modules.append(
        Setting(name: RsyslogConfig.moduleName(name), value: name, origin: statement.origin))
    case .directive("template", let text):
      let parts = text.split(separator: ",", maxSplits: 1).map { String($0.trimmed) }
      guard parts.count == 2 else { return }
      templates[parts[0]] = String(parts[1].dropFirst().prefix { $0 != "\"" })
    case .directive(let name, let value): set(name, value, statement.origin)
    default: break
    }
  }

  private mutating func set(_ name: String, _ value: String, _ origin: Origin) {
    let before = settings[name].map { $0.overrides + [.init($0.value, $0.origin)] } ?? []
    settings[name] = Setting(name: name, value: value, origin: origin, overrides: before)
  }

  /// `imudp`, `imudp.so`, `/usr/lib/rsyslog/imudp.so` and `builtin:omfile` by their bare names.
  private static func moduleName(_ text: String) -> String {
    var name = text.split(separator: "/").last.map(String.init) ?? text
    if name.hasSuffix(".so") { name.removeLast(3) }
    return name.hasPrefix("builtin:") ? String(name.dropFirst(8)) : name
  }

  private mutating func take(_ statement: RsyslogStatement, _ old: inout OldDirectives) {
    let base = Action(
      kind: .other, filter: statement.filter, ruleset: statement.ruleset, origin: statement.origin)
    switch statement.kind {
    case .directive(let name, let value):
      old.set(name, value)
      takeOldInput(name, value, old, statement.origin)
    case .stop:
      var action = base
      action.kind = .discard
      actions.append(action)
    case .call(let name):
      var action = base
      (action.kind, action.target) = (.call, name)
      actions.append(action)
    case .oldAction(let text):
      var action = base
      old.apply(to: &action, text, templates)
      actions.append(action)
      old.afterAction()
    case .object("action", let parameters): actions.append(newAction(parameters, base))
    case .object("input", let parameters): takeInput(parameters, statement.origin)
    case .object("module", let parameters): takeModuleInput(parameters, statement.origin)
    default: break
    }
  }

  private func newAction(_ given: [String: [String]], _ base: Action) -> Action {
    let type = RsyslogConfig.moduleName(given["type"]?.first ?? "")
    let parameters = given.merging(modulePars[type] ?? [:]) { mine, _ in mine }
    let value = { (name: String) in parameters[name]?.first }
    var action = base
    action.template = value("template")
    action.retries = value("action.resumeretrycount")
    action.hasDiskQueue =
      value("queue.type")?.lowercased() == "disk"
      || (value("queue.type").map { $0.lowercased() != "direct" } ?? false
        && value("queue.filename") != nil)
    switch type {
    case "omfile":
      action.kind = .file
      action.target =
        value("file") ?? value("dynafile").map { templates[$0] ?? $0 } ?? ""
      action.mode = value("filecreatemode").flatMap { UInt16($0, radix: 8) } ?? 0o644
      (action.owner, action.group) = (value("fileowner"), value("filegroup"))
    case "omfwd":
      action.kind = .forward
      action.target = (parameters["target"] ?? []).joined(separator: ",")
      action.port = Int(value("port") ?? "514")
      action.proto = value("protocol")?.lowercased() ?? "udp"
      action.isEncrypted = encrypts(
        driver: value("streamdriver") ?? value("streamdriver.name"),
        mode: value("streamdrivermode") ?? value("streamdriver.mode"), action.proto)
      action.authentication =
        value("streamdriverauthmode") ?? value("streamdriver.authmode")
      action.peers = RsyslogConfig.peers(
        parameters["streamdriverpermittedpeers"] ?? parameters["streamdriver.permittedpeers"])
    case "omrelp":
      action.kind = .forward
      (action.target, action.proto) = (value("target") ?? "", "relp")
      action.port = Int(value("port") ?? "514")
      action.isEncrypted = value("tls")?.lowercased() == "on"
      action.authentication = value("tls.authmode")
      action.peers = RsyslogConfig.peers(parameters["tls.permittedpeer"])
    case "omusrmsg":
      action.kind = .user
      action.target = (parameters["users"] ?? []).joined(separator: ",")
    case "ompipe": (action.kind, action.target) = (.pipe, value("pipe") ?? "")
    case "omprog": (action.kind, action.target) = (.program, value("binary") ?? "")
    case "ommysql", "ompgsql", "omlibdbi", "ommongodb":
      (action.kind, action.target) = (.database, value("server") ?? "")
    case "omdiscard": action.kind = .discard
    default: action.target = type
    }
    return action
  }

  /// Only a driver that knows TLS, asked to use it (mode 1), encrypts; and only over TCP.
  private func encrypts(driver: String?, mode: String?, _ proto: String?) -> Bool {
    let driver =
      driver ?? settings["defaultnetstreamdriver"]?.value ?? "ptcp"
    return proto == "tcp" && mode == "1"
      && ["gtls", "ossl", "mbedtls"].contains(driver.lowercased())
  }

  private static func peers(_ values: [String]?) -> [String] {
    (values ?? []).flatMap { $0.split(separator: ",") }.map { String($0.trimmed) }
  }

  private static func kind(of module: String) -> String {
    switch module {
    case "imtcp", "imptcp", "imgssapi": "tcp"
    case "imudp": "udp"
    case "imrelp": "relp"
    case "imuxsock": "socket"
    case "imklog", "imkmsg": "kernel"
    case "imjournal": "journal"
    case "imfile": "file"
    default: "other"
    }
  }

  private mutating func takeInput(_ parameters: [String: [String]], _ origin: Origin) {
    let module = RsyslogConfig.moduleName(parameters["type"]?.first ?? "")
    let all = parameters.merging(modulePars[module] ?? [:]) { mine, _ in mine }
    let value = { (name: String) in all[name]?.first }
    var input = Input(kind: RsyslogConfig.kind(of: module), module: module, origin: origin)
    input.address = value("address")
    input.ruleset = value("ruleset") ?? ""
    switch input.kind {
    case "tcp", "udp":
      let mode = value("streamdriver.mode") ?? value("streamdrivermode")
      input.isEncrypted =
        module == "imtcp" && encrypts(driver: value("streamdriver.name"), mode: mode, "tcp")
      input.authentication = value("streamdriver.authmode") ?? value("streamdriverauthmode")
      input.peers = RsyslogConfig.peers(all["permittedpeer"])
    case "relp":
      input.isEncrypted = value("tls")?.lowercased() == "on"
      input.authentication = value("tls.authmode")
      input.peers = RsyslogConfig.peers(all["tls.permittedpeer"])
    default: input.address = value("socket") ?? value("file")
    }
    // An array of ports is an input for each.
    let ports = (all["port"] ?? []).map(Int.init)
    for port in ports.isEmpty ? [nil] : ports {
      input.port = port
      inputs.append(input)
    }
  }

  /// Modules that take messages of this host by being loaded.
  private mutating func takeModuleInput(_ parameters: [String: [String]], _ origin: Origin) {
    let module = RsyslogConfig.moduleName(parameters["load"]?.first ?? "")
    let kind = RsyslogConfig.kind(of: module)
    guard ["socket", "kernel", "journal"].contains(kind) else { return }
    if parameters["syssock.use"]?.first?.lowercased() == "off" { return }
    inputs.append(Input(kind: kind, module: module, origin: origin))
  }

  private mutating func takeOldInput(
    _ name: String, _ value: String, _ old: OldDirectives, _ origin: Origin
  ) {
    switch name {
    case "modload":
      takeModuleInput(["load": [value]], origin)
    case "omitlocallogging" where value.lowercased() == "on":
      inputs.removeAll { $0.kind == "socket" }
    case "udpserverrun":
      inputs.append(
        Input(
          kind: "udp", module: "imudp", address: old["udpserveraddress"], port: Int(value),
          origin: origin))
    case "inputtcpserverrun":
      var input = Input(kind: "tcp", module: "imtcp", port: Int(value), origin: origin)
      input.isEncrypted = encrypts(
        driver: nil, mode: settings["inputtcpserverstreamdrivermode"]?.value, "tcp")
      input.authentication = settings["inputtcpserverstreamdriverauthmode"]?.value
      input.peers = RsyslogConfig.peers(
        settings["inputtcpserverstreamdriverpermittedpeer"].map { [$0.value] })
      inputs.append(input)
    case "inputptcpserverrun":
      inputs.append(Input(kind: "tcp", module: "imptcp", port: Int(value), origin: origin))
    case "inputrelpserverrun":
      inputs.append(Input(kind: "relp", module: "imrelp", port: Int(value), origin: origin))
    default: break
    }
  }
}
