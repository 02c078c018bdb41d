import RiegelModel

/// The patterns of ssh_config(5), PATTERNS: `*`, `?`, commas, and `!` that refuses.
enum SSHPatterns {
  enum Verdict: Sendable { case matched, refused, none }

  /// `match_pattern_list`: a refusing pattern that matches decides against all others.
  static func match(
    _ text: String, _ list: String, ignoringCase: Bool = false
  ) -> Verdict {
    let subject = Array((ignoringCase ? text.lowercased() : text).utf8)
    var found = false
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let refuses = part.hasPrefix("!")
      var pattern = String(refuses ? part.dropFirst() : part)
      if ignoringCase { pattern = pattern.lowercased() }
      if matchOne(subject, Array(pattern.utf8)) {
        if refuses { return .refused }
        found = true
      }
    }
    return found ? .matched : .none
  }

  /// Only `*` and `?` are special here, unlike in `fnmatch(3)`.
  static func matchOne(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
    var t = 0
    var p = 0
    var retry: (t: Int, p: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        retry = (t, p + 1)
        p += 1
      } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == text[t] {
        t += 1
        p += 1
      } else if let back = retry {
        retry = (back.t + 1, back.p)
        t = back.t + 1
        p = back.p
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }

  /// `addr_match_list`: networks in CIDR notation first, else patterns over the address's text.
  static func matchAddress(_ address: String, _ list: String) -> Verdict {
    let subject = Network(address)
    if subject == nil { return .none }
    var found = false
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let refuses = part.hasPrefix("!")
      let pattern = String(refuses ? part.dropFirst() : part)
      let matches: Bool
      if let network = Network(pattern), let subject {
        matches = network.contains(subject)
      } else {
        matches = matchOne(Array(address.utf8), Array(pattern.utf8))
      }
      if matches {
        if refuses { return .refused }
        found = true
      }
    }
    return found ? .matched : .none
  }

  /// What sshd refuses in an address list: an empty part, or a network with host bits set.
  static func addressProblem(_ list: String) -> String? {
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let pattern = String(part.hasPrefix("!") ? part.dropFirst() : part)
      if pattern.isEmpty { return "empty address in list" }
      guard pattern.contains("/"), let network = Network(pattern) else { continue }
      for (index, byte) in network.address.enumerated() {
        let bits = min(8, max(0, network.length - index * 8))
        let mask = bits == 0 ? 0 : UInt8(truncatingIfNeeded: 0xff << (8 - bits))
        if byte & ~mask != 0 { return "inconsistent mask length for network \(pattern)" }
      }
    }
    return nil
  }

  static func isLiteral(_ pattern: Substring) -> Bool {
    !pattern.isEmpty && !pattern.hasPrefix("!") && !pattern.contains { $0 == "*" || $0 == "?" }
  }
}
