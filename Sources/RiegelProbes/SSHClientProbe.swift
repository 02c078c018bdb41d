import RiegelModel
import SystemPackage

/// Observes what the ssh client of each user does: the first value wins, the user's file comes
/// before the system's.
///
/// A block that turns host key checks off for some hosts is a row of its own. A user without a
/// file, or whose file does not touch the keyword, is covered by the row of the system's file
/// (`ssh_config(5)`).
struct SSHClientProbe: Probe {
  static let name = "ssh-client"
  static let summary = "A setting of the ssh client, for the system and every user, per Host block."

  static let fields: [Field] = [
    .text("value", "The words of the line; `true`, `false` and `off` as `yes` and `no`."),
    .list("items", "The words; lists of algorithms cut at the commas."),
    .text("user", "The account whose file it is; empty for the system's."),
    .text("context", "`global`, or the block: `Host *.test`."),
    .flag("set", "A line sets it; otherwise it is the default."),
  ]

  static let keys: [Key<Self>] = [
    .subject(\.keyword, "A keyword of `ssh_config(5)` in any case, such as `ForwardAgent`.")
  ]

  static let reads = [
    "/etc/ssh/ssh_config", "/etc/ssh/ssh_config.d/**", "/usr/etc/ssh/ssh_config",
    "/usr/etc/ssh/ssh_config.d/**", "/etc/passwd", "/etc/group", "/root/.ssh/config",
    "/home/*/.ssh/config", "/usr/bin/ssh",
  ]

  var keyword = ""

  private static let gathered: Set<String> = [
    "identityfile", "certificatefile", "sendenv", "localforward", "remoteforward",
    "dynamicforward",
  ]

  /// The same in every version that matters here.
  private static let defaults: [String: [String]] = [
    "stricthostkeychecking": ["ask"], "forwardagent": ["no"], "forwardx11": ["no"],
    "hashknownhosts": ["no"], "permitlocalcommand": ["no"], "tunnel": ["no"],
    "passwordauthentication": ["yes"], "pubkeyauthentication": ["yes"],
    "hostbasedauthentication": ["no"], "gssapiauthentication": ["no"],
    "gssapidelegatecredentials": ["no"], "nohostauthenticationforlocalhost": ["no"],
    "verifyhostkeydns": ["no"], "gatewayports": ["no"],
    "userknownhostsfile": ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"],
    "globalknownhostsfile": ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"],
  ]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let key = keyword.lowercased()
    let system = try host.remember("ssh-client-system") {
      () throws(TargetError) -> SSHClientConfiguration? in
      for path: FilePath in ["/etc/ssh/ssh_config", "/usr/etc/ssh/ssh_config"]
      where try host.exists(path) {
        return try SSHClientConfiguration(path, home: nil, host)
      }
      return nil
    }
    var observation = Observation()
    let lines = (system?.settings ?? []).filter { $0.keyword == key }
    // Without file and program there is no client to speak of.
    if system == nil, try !host.exists("/usr/bin/ssh") { return observation }
    observation.rows += rows(lines, user: "", own: lines)
    for account in try SSHAccounts.of(host).accounts where account.home.isAbsolute {
      let path = account.home.pushing(".ssh/config")
      do {
        let own = try host.remember("ssh-client-\(printable(path))") {
          () throws(TargetError) -> [SSHClientConfiguration.Setting] in
          try SSHClientConfiguration(path, home: account.home, host).settings
        }.filter { $0.keyword == key }
        if !own.isEmpty { observation.rows += rows(own + lines, user: account.name, own: own) }
      } catch {
        observation.gaps.append(error)
      }
    }
    return observation
  }

  /// A row for all destinations, and one for every block of the own file that sets the keyword.
  private func rows(
    _ lines: [SSHClientConfiguration.Setting], user: String, own: [SSHClientConfiguration.Setting]
  ) -> [Row] {
    let global = lines.filter { $0.blocks.allSatisfy(\.isUnconditional) }
    var rows = [row(global, user, "global")]
    var seen: Set<[SSHClientConfiguration.Block]> = []
    for setting in own {
      let chain = setting.blocks.filter { !$0.isUnconditional }
      guard !chain.isEmpty, seen.insert(chain).inserted else { continue }
      let active = lines.filter { line in
        line.blocks.allSatisfy { block in chain.contains { block.isImplied(by: $0) } }
      }
      rows.append(row(active, user, chain.map(\.text).joined(separator: " and ")))
    }
    return rows
  }

  private func row(
    _ lines: [SSHClientConfiguration.Setting], _ user: String, _ context: String
  ) -> Row {
    let key = keyword.lowercased()
    let scope = [user.isEmpty ? nil : user, context == "global" ? nil : context].compactMap { $0 }
    let subject = scope.isEmpty ? keyword : "\(keyword) (\(scope.joined(separator: ", ")))"
    var row = Row(
      subject, ["user": .text(user, lines.first?.origin), "context": .text(context)])
    guard let first = lines.first else {
      row.facts["set"] = .flag(false)
      let origin = Origin.builtIn("OpenSSH")
      if let values = SSHClientProbe.defaults[key] {
        row.facts["value"] = .text(values.joined(separator: " "), origin)
        row.facts["items"] = .list(values, origin)
      } else {
        let doubt = TargetError.undetermined(
          "/etc/ssh/ssh_config",
          Localized(
            en: "\(keyword) is not set, and its default in this client is not known.",
            de:
              "\(keyword) ist nicht gesetzt, und der Standardwert dieses Programms ist nicht bekannt."
          ))
        row.facts["value"] = .unknown(doubt)
        row.facts["items"] = .unknown(doubt)
      }
      return row
    }
    let gathers = SSHClientProbe.gathered.contains(key)
    let words = gathers ? lines.flatMap(\.words) : first.words
    let overrides =
      gathers
      ? [] : lines.dropFirst().map { Fact.Overridden($0.words.joined(separator: " "), $0.origin) }
    let plain = words.map(SSHClientProbe.plain)
    let isList = words.count == 1 && words[0].contains(",")
    row.facts["set"] = .flag(true, first.origin)
    row.facts["value"] = Fact(
      .known(.text(plain.joined(separator: " "))), from: first.origin, overriding: overrides)
    row.facts["items"] = Fact(
      .known(.list(isList ? words[0].split(separator: ",").map(String.init) : plain)),
      from: first.origin, overriding: overrides)
    return row
  }

  private static func plain(_ word: String) -> String {
    switch word.lowercased() {
    case "yes", "true": "yes"
    case "no", "false", "off": "no"
    case "ask", "accept-new", "confirm", "auto", "none": word.lowercased()
    default: word
    }
  }
}
