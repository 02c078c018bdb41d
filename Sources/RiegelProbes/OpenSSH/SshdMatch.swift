import RiegelModel
import SystemPackage

/// A connection that Match blocks are asked about; nil where the test does not say.
struct SSHConnection: Sendable, Hashable {
  var user: String?
  var groups: [String] = []
  var host: String?
  var address: String?
  var localAddress: String?
  var localPort: Int?
  var routingDomain: String?
  var isInvalidUser = false
}

/// A Match line of sshd_config: criteria that all have to hold.
struct SshdMatch: Sendable, Hashable {
  enum Attribute: String, Sendable, Hashable {
    case all, user, group, host, address, rdomain, version
    case localAddress = "localaddress"
    case localPort = "localport"
    case invalidUser = "invalid-user"

    /// As sshd_config(5) writes it.
    var title: String {
      switch self {
      case .all: "all"
      case .user: "User"
      case .group: "Group"
      case .host: "Host"
      case .address: "Address"
      case .rdomain: "RDomain"
      case .version: "Version"
      case .localAddress: "LocalAddress"
      case .localPort: "LocalPort"
      case .invalidUser: "Invalid-User"
      }
    }
  }

  struct Criterion: Sendable, Hashable {
    var attribute: Attribute
    var pattern: String
  }

  /// Counts the Match lines as they were read; two uses of one included file differ.
  var id: Int
  var criteria: [Criterion]
  var origin: Origin

  var isAll: Bool { criteria.contains { $0.attribute == .all } }

  /// `User backup Address 10.0.0.0/8`.
  var text: String {
    criteria.map { $0.pattern.isEmpty ? $0.attribute.title : "\($0.attribute.title) \($0.pattern)" }
      .joined(separator: " ")
  }

  /// Reads what follows `Match`; throws what sshd would say.
  static func criteria(
    _ rest: ArraySlice<UInt8>, _ number: Int?
  ) throws(SshdValue.Problem) -> [Criterion] {
    let isNew = (number ?? 1000) >= 909
    let words = isNew ? SSHLexer.arguments(rest) : SSHLexer.oldArguments(rest)
    guard var words else { throw SshdValue.Problem(text: "invalid quotes") }
    words.reverse()
    var criteria: [Criterion] = []
    while let word = words.popLast() {
      if word.hasPrefix("#") { break }
      var name = word.lowercased()
      var given: String?
      if isNew, let equals = name.firstIndex(of: "=") {
        given = String(word[word.index(after: equals)...])
        name = String(name[..<equals])
      }
      guard let attribute = Attribute(rawValue: name) else {
        throw SshdValue.Problem(text: "unsupported Match attribute \(word)")
      }
      switch attribute {
      case .all:
        let isLast = words.last.map { $0.hasPrefix("#") } ?? true
        if !criteria.isEmpty || !isLast {
          throw SshdValue.Problem(text: "'all' cannot be combined with other Match attributes")
        }
        return [Criterion(attribute: .all, pattern: "")]
      case .invalidUser:
        criteria.append(Criterion(attribute: .invalidUser, pattern: ""))
        continue
      default: break
      }
      guard let pattern = given ?? words.popLast(), !pattern.isEmpty, !pattern.hasPrefix("#") else {
        throw SshdValue.Problem(text: "missing Match criteria for \(word)")
      }
      try check(attribute, pattern)
      criteria.append(Criterion(attribute: attribute, pattern: pattern))
    }
    if criteria.isEmpty {
      throw SshdValue.Problem(text: "one or more attributes required for Match")
    }
    return criteria
  }

  private static func check(_ attribute: Attribute, _ pattern: String) throws(SshdValue.Problem) {
    switch attribute {
    case .address, .localAddress:
      if let problem = SSHPatterns.addressProblem(pattern) {
        throw SshdValue.Problem(text: problem)
      }
    case .localPort:
      if SshdValue.port(pattern) == nil {
        throw SshdValue.Problem(text: "invalid LocalPort '\(pattern)' on Match line")
      }
    default: break
    }
  }

  /// Whether the block applies to a connection (`match_cfg_line`).
  func matches(_ connection: SSHConnection, _ build: OpenSSHBuild) -> Bool {
    criteria.allSatisfy { $0.matches(connection, build) }
  }

  /// Whether every connection to which the others apply is one to which this applies too, as far
  /// as their patterns show; false where nobody can tell.
  func isImplied(by others: [Criterion], _ build: OpenSSHBuild) -> Bool {
    criteria.allSatisfy { mine in
      if mine.attribute == .all { return true }
      if mine.attribute == .version { return mine.matches(SSHConnection(), build) }
      return others.contains { $0.implies(mine) }
    }
  }

  /// Whether no connection can fulfil it with this program.
  func isImpossible(_ build: OpenSSHBuild) -> Bool {
    build.number != nil
      && criteria.contains { $0.attribute == .version && !$0.matches(SSHConnection(), build) }
  }
}

extension SshdMatch.Criterion {
  func matches(_ connection: SSHConnection, _ build: OpenSSHBuild) -> Bool {
    switch attribute {
    case .all: true
    case .invalidUser: connection.isInvalidUser
    case .user: connection.user.map { SSHPatterns.match($0, pattern) == .matched } ?? false
    case .group:
      connection.user != nil && matchesGroups(connection.groups)
    case .host:
      connection.host.map { SSHPatterns.match($0, pattern, ignoringCase: true) == .matched }
        ?? false
    case .address:
      connection.address.map { SSHPatterns.matchAddress($0, pattern) == .matched } ?? false
    case .localAddress:
      connection.localAddress.map { SSHPatterns.matchAddress($0, pattern) == .matched } ?? false
    case .localPort: connection.localPort != nil && connection.localPort == Int(pattern)
    case .rdomain:
      connection.routingDomain.map { SSHPatterns.match($0, pattern) == .matched } ?? false
    case .version:
      build.number.map { number in
        let release = "OpenSSH_\(number / 100).\(number % 100)p1"
        return SSHPatterns.match(release, pattern) == .matched
      } ?? false
    }
  }

  /// `ga_match_pattern_list`: the groups in turn, and the first refusal ends it.
  private func matchesGroups(_ groups: [String]) -> Bool {
    var found = false
    for group in groups {
      switch SSHPatterns.match(group, pattern) {
      case .refused: return false
      case .matched: found = true
      case .none: continue
      }
    }
    return found
  }

  /// Whether a connection that fulfils this surely fulfils the other.
  func implies(_ other: SshdMatch.Criterion) -> Bool {
    guard attribute == other.attribute else { return false }
    if pattern == other.pattern { return true }
    let mine = pattern.split(separator: ",", omittingEmptySubsequences: false)
    switch attribute {
    case .user, .host, .rdomain:
      return mine.allSatisfy { one in
        SSHPatterns.isLiteral(one)
          && SSHPatterns.match(String(one), other.pattern, ignoringCase: attribute == .host)
            == .matched
      }
    case .address, .localAddress:
      guard !other.pattern.contains("!") else { return false }
      let theirs = other.pattern.split(separator: ",").compactMap { Network(String($0)) }
      return mine.allSatisfy { one in
        Network(String(one)).map { network in theirs.contains { $0.contains(network) } } ?? false
      }
    default: return false
    }
  }
  /// Whether no connection fulfils both, as far as the patterns show.
  func excludes(_ other: SshdMatch.Criterion) -> Bool {
    guard attribute == other.attribute else { return false }
    switch attribute {
    case .user, .host, .rdomain:
      return isApart(from: other) || other.isApart(from: self)
    case .localPort: return pattern != other.pattern
    case .address, .localAddress:
      guard !pattern.contains("!"), !other.pattern.contains("!") else { return false }
      let mine = pattern.split(separator: ",").map { Network(String($0)) }
      let theirs = other.pattern.split(separator: ",").map { Network(String($0)) }
      return mine.allSatisfy { one in
        theirs.allSatisfy { two in
          guard let one, let two else { return false }
          return !one.contains(two) && !two.contains(one)
        }
      }
    default: return false
    }
  }

  /// Whether this names single users or hosts, none of which the other takes.
  private func isApart(from other: SshdMatch.Criterion) -> Bool {
    pattern.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { one in
      one.hasPrefix("!")
        || SSHPatterns.isLiteral(one)
          && SSHPatterns.match(String(one), other.pattern, ignoringCase: attribute == .host)
            != .matched
    }
  }
}
