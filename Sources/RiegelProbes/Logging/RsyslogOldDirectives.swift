import RiegelModel

/// The directives of rsyslog's old language in force at some line, and the actions they shape.
struct OldDirectives: Sendable {
  private var values: [String: String] = [:]
  private var peers: [String] = []

  subscript(name: String) -> String? { values[name] }

  mutating func set(_ name: String, _ value: String) {
    if name == "resetconfigvariables" {
      values = [:]
    } else if name == "actionsendstreamdriverpermittedpeer" {
      peers += value.split(separator: ",").map { String($0.trimmed) }
    } else {
      values[name] = value
    }
  }

  /// Settings of a queue and the permitted peers belong to the next action alone.
  mutating func afterAction() {
    peers = []
    for name in values.keys where name.hasPrefix("actionqueue") || name == "actionresumeretrycount"
    {
      values[name] = nil
    }
  }

  /// Reads an action of `rsyslog.conf(5)` in its old form.
  func apply(
    to action: inout RsyslogConfig.Action, _ text: String, _ templates: [String: String]
  ) {
    let parts = text.split(separator: ";", maxSplits: 1).map { String($0.trimmed) }
    let body = parts.first ?? ""
    action.template = parts.count > 1 ? parts[1] : nil
    let queue = values["actionqueuetype"]?.lowercased()
    action.hasDiskQueue =
      queue == "disk" || (queue != nil && queue != "direct" && values["actionqueuefilename"] != nil)
    action.retries = values["actionresumeretrycount"]
    switch body.utf8.first {
    case UInt8(ascii: "@"): forward(body, &action)
    case UInt8(ascii: "/"): file(body, &action)
    case UInt8(ascii: "-"): file(String(body.dropFirst().drop { $0 == " " }), &action)
    case UInt8(ascii: "?"):
      let name = String(body.dropFirst())
      file(templates[name] ?? body, &action)
    case UInt8(ascii: "|"): (action.kind, action.target) = (.pipe, String(body.dropFirst()))
    case UInt8(ascii: "^"): (action.kind, action.target) = (.program, String(body.dropFirst()))
    case UInt8(ascii: "~"): action.kind = .discard
    case UInt8(ascii: ">"): (action.kind, action.target) = (.database, String(body.dropFirst()))
    case UInt8(ascii: "$"): (action.kind, action.target) = (.file, body)
    case UInt8(ascii: ":"): module(body, &action)
    default: (action.kind, action.target) = (.user, body)
    }
  }

  private func file(_ path: String, _ action: inout RsyslogConfig.Action) {
    (action.kind, action.target) = (.file, path)
    let mode = values["filecreatemode"].flatMap { UInt16($0, radix: 8) } ?? 0o644
    let umask = values["umask"].flatMap { UInt16($0, radix: 8) } ?? 0
    action.mode = mode & ~umask
    (action.owner, action.group) = (values["fileowner"], values["filegroup"])
    action.template = action.template ?? values["actionfiledefaulttemplate"]
  }

  /// `@host`, `@@host:port`, `@@(o,z9)[::1]:10514`.
  private func forward(_ body: String, _ action: inout RsyslogConfig.Action) {
    var rest = body[...]
    let isTCP = rest.hasPrefix("@@")
    rest = rest.dropFirst(isTCP ? 2 : 1)
    if rest.hasPrefix("(") { rest = rest.drop { $0 != ")" }.dropFirst() }
    var port = rest[rest.endIndex...]
    if rest.hasPrefix("[") {
      let host = rest.dropFirst().prefix { $0 != "]" }
      port = rest.dropFirst(host.count + 2)
      rest = host
    } else if let colon = rest.firstIndex(of: ":") {
      port = rest[colon...]
      rest = rest[..<colon]
    }
    (action.kind, action.target) = (.forward, String(rest.trimmed))
    action.port = port.isEmpty ? 514 : Int(port.dropFirst().trimmed)
    action.proto = isTCP ? "tcp" : "udp"
    let driver = values["actionsendstreamdriver"] ?? values["defaultnetstreamdriver"] ?? "ptcp"
    action.isEncrypted =
      isTCP && values["actionsendstreamdrivermode"] == "1"
      && ["gtls", "ossl", "mbedtls"].contains(driver.lowercased())
    action.authentication = values["actionsendstreamdriverauthmode"]
    action.peers = peers
    action.template = action.template ?? values["actionforwarddefaulttemplate"]
  }

  /// `:omusrmsg:root`, `:omrelp:host:2514`, `:ommysql:server,database,user,password`.
  private func module(_ body: String, _ action: inout RsyslogConfig.Action) {
    let parts = body.dropFirst().split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let rest = parts.count > 1 ? String(parts[1]) : ""
    switch name {
    case "omusrmsg": (action.kind, action.target) = (.user, rest)
    case "omfile": file(rest, &action)
    case "omdiscard": action.kind = .discard
    case "omrelp":
      let host = rest.split(separator: ":")
      (action.kind, action.proto) = (.forward, "relp")
      action.target = host.first.map(String.init) ?? ""
      action.port = host.count > 1 ? Int(host[1]) : 514
    case "ommysql", "ompgsql", "omlibdbi":
      // Behind the server stand name and password, which stay here.
      action.kind = .database
      action.target = rest.split(separator: ",").first.map(String.init) ?? ""
    default: action.target = name
    }
  }
}
