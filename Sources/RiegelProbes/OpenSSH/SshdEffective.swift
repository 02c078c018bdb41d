import RiegelModel
import SystemPackage

/// The value of a keyword in force for some connections, with what set it and what it overrides.
struct SshdEffective: Sendable, Hashable {
  /// As `sshd -T` prints it, cut into items; nil if nothing is in force.
  var values: [String]?
  /// The value cannot be worked out: an unset keyword of an unknown version or patched build.
  var isUndetermined = false
  var isSet: Bool
  var origin: Origin
  var overrides: [Fact.Overridden] = []
  /// All lines that take part in the decision, losers included.
  var lines: [SshdConfiguration.Setting] = []
}

extension SshdConfiguration {
  /// The value for one connection, as `sshd -T -C` prints it.
  func effective(_ keyword: SshdKeyword, for connection: SSHConnection) -> SshdEffective {
    effective(keyword, SshdPasses(self) { $0.matches(connection, build) })
  }

  /// The value with the blocks that the two passes took.
  func effective(_ keyword: SshdKeyword, _ passes: SshdPasses) -> SshdEffective {
    let first = passes.startup(keyword.id)
    // SetEnv may stand in a block since 7.8, but was not taken from it before 8.7.
    let isTaken =
      keyword.isAllowedInMatch(build.number)
      && (keyword.id != "setenv" || (build.number ?? 807) >= 807)
    let second = isTaken ? passes.connection(keyword.id) : []
    if keyword.id == "kbdinteractiveauthentication", (build.number ?? 807) < 807 {
      return oldKeyboardInteractive(keyword, first, second, passes)
    }
    if keyword.id == "authorizedprincipalscommand", let number = build.number,
      (807..<904).contains(number)
    {
      return bugOfPrincipalsCommand(keyword, first, second, passes)
    }
    return decide(keyword, first, second, passes)
  }

  private func decide(
    _ keyword: SshdKeyword, _ first: [Setting], _ second: [Setting], _ passes: SshdPasses
  ) -> SshdEffective {
    let lines = second.isEmpty ? first : second
    let losers = second.isEmpty ? [] : first
    if keyword.id == "listenaddress" { return listenAddresses(keyword, lines, passes) }
    if keyword.id == "subsystem", !lines.isEmpty { return subsystems(first, second) }
    guard var winner = keyword.lastWins(build.number) ? lines.last : lines.first else {
      return byDefault(keyword)
    }
    var values = winner.values
    switch keyword.kind {
    case .penalties: values = SshdPenalties.merge(lines.map(\.values), build.number)
    case .algorithms(let kind):
      guard let list = SSHAlgorithms.resolve(values[0], kind, build), needsNoDoubt(values[0]) else {
        var result = byDefault(keyword)
        result = SshdEffective(
          values: nil, isUndetermined: true, isSet: true, origin: winner.origin,
          lines: second + first)
        return result
      }
      values = list
    case .rekey:
      // Volume and time are two settings that one line may set.
      let times = (lines.map(\.values) + losers.map(\.values)).compactMap {
        $0.count > 1 && !$0[1].isEmpty ? $0[1] : nil
      }
      values = [values[0], times.first ?? "0"]
    case .startups:
      if !values[0].contains(":") {
        // A single number leaves the rate as the line before it set it.
        let before = keyword.lastWins(build.number) ? lines.last { $0.text.contains(":") } : nil
        let rate = before?.text.split(separator: ":")[1] ?? "30"
        values = ["\(values[0]):\(rate):\(values[0])"]
      }
    case .timeOrNone:
      // `none` takes effect wherever it stands and leaves the way free for nothing else.
      if let none = lines.last(where: { $0.values == ["none"] }) {
        winner = none
        values = none.values
      }
    case .methods, .channelTimeouts, .words, .rest, .command, .path, .word: break
    default:
      if keyword.gathers { values = lines.flatMap(\.values) }
    }
    let others = (keyword.gathers ? [] : lines.filter { $0 != winner }) + losers
    return SshdEffective(
      values: values, isSet: true, origin: winner.origin,
      overrides: others.map { Fact.Overridden($0.text, $0.origin) }, lines: second + first)
  }

  private func byDefault(_ keyword: SshdKeyword) -> SshdEffective {
    let origin = Origin.builtIn(build.description)
    switch SshdDefaults.answer(keyword, build) {
    case .value(let values): return SshdEffective(values: values, isSet: false, origin: origin)
    case .nothing: return SshdEffective(values: nil, isSet: false, origin: origin)
    case .undetermined:
      return SshdEffective(values: nil, isUndetermined: true, isSet: false, origin: origin)
    }
  }

  /// A list that adds to or takes from the default is as unknown as the default.
  private func needsNoDoubt(_ spec: String) -> Bool {
    guard let first = spec.first, "+-^".contains(first) else { return true }
    return build.vendor == .debian || build.vendor == .alpine
  }

  // MARK: - Keywords of their own kind

  /// Before 8.7 there was a second switch, `ChallengeResponseAuthentication`: off, it left nothing
  /// to ask; on, it turned this one on outside of Match blocks.
  private func oldKeyboardInteractive(
    _ keyword: SshdKeyword, _ first: [Setting], _ second: [Setting], _ passes: SshdPasses
  ) -> SshdEffective {
    let old = passes.startup("challengeresponseauthentication")
    let lines = second + old + first
    let isOff = old.first?.values == ["no"]
    guard let winner = isOff ? old.first : second.first ?? old.first else {
      var result = byDefault(keyword)
      result.overrides = first.map { Fact.Overridden($0.text, $0.origin) }
      return result
    }
    return SshdEffective(
      values: winner.values, isSet: true, origin: winner.origin,
      overrides: lines.filter { $0 != winner }.map { Fact.Overridden($0.text, $0.origin) },
      lines: lines)
  }

  /// From 8.7 to 9.3 a line of it was lost where AuthorizedKeysCommand stood above it.
  private func bugOfPrincipalsCommand(
    _ keyword: SshdKeyword, _ first: [Setting], _ second: [Setting], _ passes: SshdPasses
  ) -> SshdEffective {
    func surviving(_ lines: [Setting], _ keys: [Setting]) -> [Setting] {
      guard let key = keys.first else { return lines.last.map { [$0] } ?? [] }
      let before = lines.prefix { passes.isBefore($0, key) }
      return before.last.map { [$0] } ?? []
    }
    return decide(
      keyword, surviving(first, passes.startup("authorizedkeyscommand")),
      surviving(second, passes.connection("authorizedkeyscommand")), passes)
  }

  /// Every address with every port, unless it names one; `[::]` and `0.0.0.0` if there is no line.
  private func listenAddresses(
    _ keyword: SshdKeyword, _ lines: [Setting], _ passes: SshdPasses
  ) -> SshdEffective {
    let ports = passes.startup("port")
    let numbers = ports.isEmpty ? ["22"] : ports.flatMap(\.values)
    let family = passes.startup("addressfamily").first?.values.first ?? "any"
    var values: [String] = []
    if lines.isEmpty {
      for port in numbers {
        if family != "inet" { values.append("[::]:\(port)") }
        if family != "inet6" { values.append("0.0.0.0:\(port)") }
      }
    }
    for line in lines {
      var address = line.values.first ?? ""
      let domain = line.values.count == 3 ? " rdomain " + line.values[2] : ""
      var own: String?
      if address.hasPrefix("["), let close = address.lastIndex(of: "]") {
        let after = address[address.index(after: close)...]
        if after.hasPrefix(":") { own = String(after.dropFirst()) }
        address = String(address[address.index(after: address.startIndex)..<close])
      } else if address.filter({ $0 == ":" }).count == 1, let colon = address.lastIndex(of: ":") {
        own = String(address[address.index(after: colon)...])
        address = String(address[..<colon])
      }
      if address == "*" { address = "0.0.0.0" }
      let shown = address.contains(":") ? "[\(address)]" : address
      values += (own.map { [$0] } ?? numbers).map { "\(shown):\($0)\(domain)" }
    }
    let origin = lines.first?.origin ?? ports.first?.origin ?? .builtIn(build.description)
    return SshdEffective(
      values: values, isSet: !lines.isEmpty, origin: origin, lines: lines)
  }

  /// By name; a block's command replaces the one outside of it (since 9.5).
  private func subsystems(_ first: [Setting], _ second: [Setting]) -> SshdEffective {
    var names: [Substring] = []
    var commands: [Substring: String] = [:]
    for lines in [first, second] {
      var seen: Set<Substring> = []
      for line in lines {
        let name = line.text.prefix { $0 != " " }
        guard seen.insert(name).inserted else { continue }
        if commands[name] == nil { names.append(name) }
        commands[name] = line.text
      }
    }
    return SshdEffective(
      values: names.compactMap { commands[$0] }, isSet: true,
      origin: (second.first ?? first.first)?.origin ?? .builtIn(build.description),
      lines: second + first)
  }
}

/// Both passes over the files, for one answer to which blocks match.
struct SshdPasses: Sendable {
  private let commandLine: [SshdConfiguration.Setting]
  private let first: [String: [SshdConfiguration.Setting]]
  private let second: [String: [SshdConfiguration.Setting]]

  init(_ configuration: SshdConfiguration, _ oracle: (SshdMatch) -> Bool) {
    commandLine = configuration.commandLine
    var startup = SshdWalk(oracle: nil)
    startup.visit(configuration.root)
    first = startup.active
    second = withoutActuallyEscaping(oracle) { oracle in
      var connection = SshdWalk(oracle: oracle)
      connection.visit(configuration.root)
      return connection.active
    }
  }

  /// What sshd took when it started; the command line comes first.
  func startup(_ keyword: String) -> [SshdConfiguration.Setting] {
    commandLine.filter { $0.keyword == keyword } + (first[keyword] ?? [])
  }

  /// What it takes from blocks for the connection.
  func connection(_ keyword: String) -> [SshdConfiguration.Setting] { second[keyword] ?? [] }

  /// Whether a line was read before another. Lines of different files count as before: only the
  /// order within a file is known here.
  func isBefore(_ a: SshdConfiguration.Setting, _ b: SshdConfiguration.Setting) -> Bool {
    guard case .line(let path, let line) = a.origin, case .line(let other, let second) = b.origin,
      path == other
    else { return true }
    return line < second
  }
}
