import RiegelModel
import SystemPackage

/// Observes how one can log in to sshd, context by context, with what several keywords decide
/// together.
///
/// The `sshd` probe shows one keyword at a time; here a row has what has to be judged in the same
/// context: whether a password alone opens a session, how many factors the weakest way asks for,
/// when an unused session ends. Every Match block has a row, whatever it sets, and so has every
/// combination of blocks that together give what none of them gives alone.
struct SshdAccessProbe: Probe {
  static let name = "sshd-access"
  static let summary = "The ways of logging in by SSH, in every Match context."

  static let fields: [Field] = [
    .text(
      "context",
      """
      `global`, or the criteria of the Match block: `User backup`; of several blocks that apply \
      together joined by `and`.
      """),
    .list(
      "ways",
      """
      What opens a session, each a method or several joined by `+`: `publickey`, `password`, \
      `keyboard-interactive`, `hostbased`, `gssapi-with-mic`, `publickey+password`.
      """),
    .number(
      "factors",
      """
      How many different proofs the weakest way asks for: key, secret, ticket; hardware keys with \
      user verification alone count two. What PAM asks beyond is not seen.
      """),
    .flag("password-alone", "A password, also by keyboard-interactive, is enough."),
    .flag("pam", "`UsePAM` is on, so that PAM checks accounts and counts failures."),
    .text("root", "`PermitRootLogin`."),
    .list(
      "forwarding",
      """
      What a session may forward: `tcp-local`, `tcp-remote`, `socket-local`, `socket-remote`, \
      `agent`, `x11`, `tunnel`; empty with `DisableForwarding`.
      """),
    .list("users", "`AllowUsers` in force."),
    .list("groups", "`AllowGroups` in force."),
    .duration(
      "idle",
      """
      After how long an unused shell ends: `ChannelTimeout` for sessions and \
      `UnusedConnectionTimeout` after it. Absent where it never ends.
      """),
    .duration(
      "dead-peer",
      """
      After how long a vanished client is noticed: `ClientAliveInterval` times \
      `ClientAliveCountMax`. Absent where it never is.
      """),
  ]

  static let keys: [Key<Self>] = [.everything("`all`: every context.")]
  static let reads = SshdProbe.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let configuration = try SshdConfiguration.of(host) else { return Observation() }
    let contexts = try configuration.contexts(host)
    var observation = Observation(
      rows: contexts.map { SshdAccess(configuration, $0.passes).row($0) })
    guard let combinations = configuration.combinations() else {
      observation.gaps.append(
        .undetermined(
          configuration.root.path,
          Localized(
            en: "too many Match blocks can apply together to look at every combination",
            de: "zu viele Match-Blöcke können zusammen gelten, um jede Kombination zu prüfen")))
      return observation
    }
    func told(_ row: Row) -> [String: Fact.Content] {
      row.facts.mapValues(\.content).filter { $0.key != "context" }
    }
    var seen = Set(observation.rows.map(told))
    for combination in combinations {
      let row = SshdAccess(configuration, combination.passes).row(combination)
      if seen.insert(told(row)).inserted { observation.rows.append(row) }
    }
    return observation
  }
}

/// The keywords of one context, put together.
private struct SshdAccess {
  let configuration: SshdConfiguration
  let passes: SshdPasses

  init(_ configuration: SshdConfiguration, _ passes: SshdPasses) {
    self.configuration = configuration
    self.passes = passes
  }

  func row(_ context: SshdContext) -> Row {
    let subject = context.block == nil ? "sshd" : "sshd (Match \(context.text))"
    let doubt = doubt(
      [
        "PasswordAuthentication", "PubkeyAuthentication", "KbdInteractiveAuthentication",
        "AuthenticationMethods",
      ])
    var row = Row(subject, ["context": .text(context.text, context.origin)])
    let methods = SshdMethods(configuration, passes)
    let origin = methods.decisive.isSet ? methods.decisive.origin : switchOrigin
    row.facts["ways"] =
      doubt ?? .list(methods.lists.map { $0.joined(separator: "+") }.sorted(), origin)
    row.facts["factors"] =
      doubt ?? methods.factors.map { .number($0, origin) } ?? .absent(origin)
    let secrets: Set<String> = ["password", "keyboard-interactive"]
    row.facts["password-alone"] =
      doubt
      ?? .flag(methods.lists.contains { $0.allSatisfy { secrets.contains($0) } }, origin)
    row.facts["pam"] = flag("UsePAM")
    row.facts["root"] = text("PermitRootLogin")
    row.facts["users"] = list("AllowUsers")
    row.facts["groups"] = list("AllowGroups")
    row.facts["forwarding"] = forwarding
    row.facts["idle"] = idle
    row.facts["dead-peer"] = deadPeer
    return row
  }

  private func effective(_ name: String) -> SshdEffective? {
    guard let keyword = SshdKeyword.named(name) else { return nil }
    if let number = configuration.build.number, number < keyword.since { return nil }
    return configuration.effective(keyword, passes)
  }

  private func doubt(_ names: [String]) -> Fact? {
    for name in names where effective(name)?.isUndetermined == true {
      if let keyword = SshdKeyword.named(name) { return .unknown(configuration.doubt(keyword)) }
    }
    return nil
  }

  /// The line that leaves a password enough, or the first that changes a switch.
  private var switchOrigin: Origin {
    let all = ["PasswordAuthentication", "KbdInteractiveAuthentication", "PubkeyAuthentication"]
      .compactMap(effective)
    let open = all.first { $0.isSet && $0.values == ["yes"] } ?? all.first { $0.isSet }
    return open?.origin ?? .builtIn(configuration.build.description)
  }

  private func flag(_ name: String) -> Fact {
    if let doubt = doubt([name]) { return doubt }
    guard let value = effective(name) else { return .absent() }
    return .flag(value.values == ["yes"], value.origin)
  }

  private func text(_ name: String) -> Fact {
    if let doubt = doubt([name]) { return doubt }
    guard let value = effective(name), let values = value.values else { return .absent() }
    return .text(values.joined(separator: " "), value.origin)
  }

  private func list(_ name: String) -> Fact {
    guard let value = effective(name) else { return .absent() }
    if let doubt = doubt([name]) { return doubt }
    return .list(value.values ?? [], value.origin)
  }

  private var forwarding: Fact {
    let names = [
      "DisableForwarding", "AllowTcpForwarding", "AllowStreamLocalForwarding",
      "AllowAgentForwarding", "X11Forwarding", "PermitTunnel",
    ]
    if let disabled = effective("DisableForwarding"), disabled.values == ["yes"] {
      return .list([], disabled.origin)
    }
    if let doubt = doubt(names) { return doubt }
    var kinds: [String] = []
    var origin: Origin?
    for (name, kind) in [
      ("AllowTcpForwarding", "tcp"), ("AllowStreamLocalForwarding", "socket"),
      ("AllowAgentForwarding", "agent"), ("X11Forwarding", "x11"), ("PermitTunnel", "tunnel"),
    ] {
      guard let value = effective(name), let word = value.values?.first, word != "no" else {
        continue
      }
      if value.isSet { origin = origin ?? value.origin }
      if kind == "tcp" || kind == "socket" {
        if word != "remote" { kinds.append("\(kind)-local") }
        if word != "local" { kinds.append("\(kind)-remote") }
      } else {
        kinds.append(kind)
      }
    }
    return .list(kinds, origin ?? .builtIn(configuration.build.description))
  }

  /// A connection ends when its channels were closed for want of use and no new one was opened.
  private var idle: Fact {
    if let doubt = doubt(["ChannelTimeout", "UnusedConnectionTimeout"]) { return doubt }
    guard let channels = effective("ChannelTimeout"),
      let connection = effective("UnusedConnectionTimeout")
    else { return .absent(.builtIn(configuration.build.description)) }
    let session = (channels.values ?? []).compactMap { entry -> Int? in
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2,
        // A bare `session` matches no shell: its channel has the type `session:shell` when it idles.
        SSHPatterns.match("session:shell", parts[0]) == .matched
      else { return nil }
      return SshdValue.seconds(parts[1])
    }.first
    guard let session, session > 0 else { return .absent(channels.origin) }
    // Without the second time the shell is gone and the bare connection stays.
    guard let rest = connection.values?.first.flatMap({ Int($0) }), rest > 0 else {
      return .absent(connection.origin)
    }
    return .known(.duration(session + rest), channels.origin)
  }

  private var deadPeer: Fact {
    if let doubt = doubt(["ClientAliveInterval", "ClientAliveCountMax"]) { return doubt }
    guard let interval = effective("ClientAliveInterval"),
      let count = effective("ClientAliveCountMax"),
      let seconds = interval.values?.first.flatMap({ Int($0) }),
      let times = count.values?.first.flatMap({ Int($0) })
    else { return .absent() }
    // Zero as the count means never since 8.2, and at once before.
    let isOldZero = times == 0 && (configuration.build.number ?? 802) < 802
    guard seconds > 0, times > 0 || isOldZero else {
      return .absent(seconds > 0 ? count.origin : interval.origin)
    }
    let (product, overflow) = seconds.multipliedReportingOverflow(by: max(1, times))
    return overflow ? .absent(interval.origin) : .known(.duration(product), interval.origin)
  }
}
