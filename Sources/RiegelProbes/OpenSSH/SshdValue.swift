/// Reads the arguments of a keyword of sshd_config into words as `sshd -T` prints them.
struct SshdValue: Sendable, Hashable {
  /// What sshd would say and stop.
  struct Problem: Error { var text: String }

  let keyword: SshdKeyword
  let build: OpenSSHBuild

  static func == (a: SshdValue, b: SshdValue) -> Bool { a.keyword.id == b.keyword.id }
  func hash(into hasher: inout Hasher) { hasher.combine(keyword.id) }

  init(_ keyword: SshdKeyword, _ build: OpenSSHBuild) {
    self.keyword = keyword
    self.build = build
  }

  /// - Parameters:
  ///   - words: the arguments, quotes removed.
  ///   - rest: the text after the keyword, as it stands.
  func read(_ words: [String], rest: String) throws(Problem) -> [String] {
    switch keyword.kind {
    case .ignored: return words
    case .rest, .command: return try readRest(rest)
    case .words, .gathered, .methods, .channelTimeouts, .penalties, .keyOptions, .subsystem:
      return try readSeveral(words)
    case .rekey, .qos, .listenAddress: return try readPair(words)
    default:
      guard let word = words.first, !word.isEmpty else { throw Problem(text: "missing argument") }
      if words.count > 1 { throw Problem(text: "extra arguments at end of line") }
      return try readOne(word)
    }
  }

  private func readRest(_ rest: String) throws(Problem) -> [String] {
    let text = rest[...].drop { $0 == " " || $0 == "\t" }
    if text.isEmpty { throw Problem(text: "missing argument") }
    if case .command = keyword.kind, !text.hasPrefix("/"), text.lowercased() != "none" {
      throw Problem(text: "must be an absolute path")
    }
    return [text.lowercased() == "none" ? "none" : String(text)]
  }

  private func readSeveral(_ words: [String]) throws(Problem) -> [String] {
    if words.contains("") { throw Problem(text: "empty argument") }
    let isNew = (build.number ?? 0) >= 1000
    switch keyword.kind {
    case .keyOptions:
      var options: Set<String> = []
      for word in words.map({ $0.lowercased() }) where word != "none" {
        guard ["touch-required", "verify-required"].contains(word) else {
          throw Problem(text: "unsupported option \(word)")
        }
        options.insert(word)
      }
      return options.isEmpty ? ["none"] : options.sorted()
    case .methods:
      try checkMethods(words)
      return words
    case .channelTimeouts:
      if words.contains(where: { $0.lowercased() == "none" }) {
        if words.count > 1 { throw Problem(text: "\"none\" must appear alone") }
        return ["none"]
      }
      for word in words {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex,
          SshdValue.seconds(String(word[word.index(after: equals)...])) != nil
        else { throw Problem(text: "invalid channel timeout \(word)") }
      }
      return words
    case .penalties: return try SshdPenalties.check(words)
    case .subsystem:
      if words.count < 2 { throw Problem(text: "missing subsystem command") }
      guard (build.number ?? 0) >= 905 else { return [words.joined(separator: " ")] }
      return [words[0] + " " + words.dropFirst().map(SshdValue.quoted).joined(separator: " ")]
    default: break
    }
    switch keyword.id {
    case "acceptenv":
      if words.contains(where: { $0.contains("=") }) {
        throw Problem(text: "invalid environment name")
      }
    case "setenv":
      if words.contains(where: { !$0.contains("=") }) {
        throw Problem(text: "invalid environment")
      }
      if (build.number ?? 807) < 807 { return words }
      var names: Set<Substring> = []
      return words.filter { names.insert($0.prefix { $0 != "=" }).inserted }
    case "permitopen", "permitlisten": return try readPermissions(words)
    case "authorizedkeysfile":
      return words.map { $0.hasPrefix("~/") ? "/root" + $0.dropFirst() : $0 }
    default: break
    }
    if words.isEmpty, isNew { throw Problem(text: "missing argument") }
    return words
  }

  private func checkMethods(_ words: [String]) throws(Problem) {
    if words.isEmpty { throw Problem(text: "no authentication methods specified") }
    if words.contains("any"), words.count > 1 {
      throw Problem(text: "\"any\" must appear alone")
    }
    let known = [
      "none", "publickey", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic",
      "gssapi-keyex",
    ]
    for list in words where list != "any" {
      for method in list.split(separator: ",", omittingEmptySubsequences: false) {
        let name = String(method.prefix { $0 != ":" })
        if !known.contains(name) {
          throw Problem(text: "unknown authentication method \"\(name)\" in list")
        }
      }
    }
  }

  private func readPermissions(_ words: [String]) throws(Problem) -> [String] {
    guard let first = words.first else { throw Problem(text: "missing argument") }
    if first == "any" || first == "none" {
      if words.count > 1 { throw Problem(text: "extra arguments at end of line") }
      return [first]
    }
    var result: [String] = []
    for word in words {
      let text = keyword.id == "permitlisten" && !word.contains(":") ? "*:" + word : word
      guard let colon = text.lastIndex(of: ":") else { throw Problem(text: "bad port number") }
      let port = text[text.index(after: colon)...]
      guard port == "*" || SshdValue.port(String(port)) != nil else {
        throw Problem(text: "bad port number")
      }
      result.append(text)
    }
    return result
  }

  private func readPair(_ words: [String]) throws(Problem) -> [String] {
    guard let first = words.first, !first.isEmpty else { throw Problem(text: "missing argument") }
    switch keyword.kind {
    case .rekey:
      if words.count > 2 { throw Problem(text: "extra arguments at end of line") }
      guard let bytes = first == "default" ? 0 : SshdValue.scaled(first) else {
        throw Problem(text: "bad number '\(first)'")
      }
      if bytes != 0, bytes < 16 { throw Problem(text: "too small") }
      // `none` leaves the time to a later line or to the default.
      guard words.count == 2, words[1] != "none" else { return [String(bytes), ""] }
      guard let time = SshdValue.seconds(words[1]) else {
        throw Problem(text: "invalid time value")
      }
      return [String(bytes), String(time)]
    case .qos:
      if words.count > 2 { throw Problem(text: "extra arguments at end of line") }
      if build.number ?? 0 >= 909, words.contains(where: { $0.hasPrefix("0") && $0.count > 1 }) {
        throw Problem(text: "bad value: \(words.joined(separator: " "))")
      }
      guard let one = SshdValue.qos(first), let two = SshdValue.qos(words.last ?? first) else {
        throw Problem(text: "bad value: \(words.joined(separator: " "))")
      }
      return [one, two]
    default:
      if words.count > 1, words.count != 3 || words[1] != "rdomain" {
        throw Problem(text: "bad ListenAddress syntax")
      }
      return words
    }
  }

  private func readOne(_ word: String) throws(Problem) -> [String] {
    switch keyword.kind {
    case .flag: return [try choose(word, [["yes"], ["no"]])]
    case .choice(let groups): return [try choose(word, groups)]
    case .timeOrNone where word.lowercased() == "none": return ["none"]
    case .time, .timeOrNone:
      guard let seconds = SshdValue.seconds(word) else { throw Problem(text: "invalid time value") }
      if case .timeOrNone = keyword.kind, seconds == 0 { return ["none"] }
      return [String(seconds)]
    case .numberOrNone where word == "none": return ["none"]
    case .number, .numberOrNone:
      guard let number = Int32(word), number >= 0 else {
        throw Problem(text: "integer value invalid")
      }
      return [String(number)]
    case .port:
      guard let port = SshdValue.port(word), port > 0 else {
        throw Problem(text: "badly formatted port number")
      }
      return [String(port)]
    case .path, .gatheredPath: return [path(word)]
    case .algorithms(let kind):
      try checkAlgorithms(word, kind)
      return [word]
    case .logLevel:
      let levels = ["QUIET", "FATAL", "ERROR", "INFO", "VERBOSE"]
      return [
        try choose(word, levels.map { [$0] } + [["DEBUG", "DEBUG1"], ["DEBUG2"], ["DEBUG3"]])
      ]
    case .facility:
      let names = ["DAEMON", "USER", "AUTH", "AUTHPRIV"] + (0...7).map { "LOCAL\($0)" }
      return [try choose(word, names.map { [$0] })]
    case .digest:
      return [try choose(word, ["MD5", "SHA1", "SHA256", "SHA384", "SHA512"].map { [$0] })]
    case .tunnel:
      guard ["no", "yes", "point-to-point", "ethernet"].contains(word) else {
        throw Problem(text: "bad argument \(word)")
      }
      return [word]
    case .mask:
      guard let mask = Int(word, radix: 8), (0...0o777).contains(mask) else {
        throw Problem(text: "invalid mask")
      }
      return [mask == 0 ? "00" : "0" + String(mask, radix: 8)]
    case .startups: return try readStartups(word)
    case .netBlock:
      let parts = word.split(separator: ":").map { Int($0) }
      guard (1...2).contains(parts.count), let four = parts[0], (0...32).contains(four) else {
        throw Problem(text: "invalid spec")
      }
      guard parts.count == 2 else { return ["\(four):128"] }
      guard let six = parts[1], (0...128).contains(six) else { throw Problem(text: "invalid spec") }
      return ["\(four):\(six)"]
    default: return [word]
    }
  }

  private func readStartups(_ word: String) throws(Problem) -> [String] {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    if parts.count == 1, let full = parts[0], full > 0 { return ["\(full)"] }
    guard parts.count == 3, let begin = parts[0], let rate = parts[1], let full = parts[2],
      begin > 0, full > 0, begin <= full, (1...100).contains(rate)
    else { throw Problem(text: "invalid spec") }
    return ["\(begin):\(rate):\(full)"]
  }

  private func choose(_ word: String, _ groups: [[String]]) throws(Problem) -> String {
    let lowered = word.lowercased()
    for group in groups where group.contains(where: { $0.lowercased() == lowered }) {
      return group[0]
    }
    throw Problem(text: "unsupported option \"\(word)\"")
  }

  private func checkAlgorithms(_ word: String, _ kind: SSHAlgorithms.Kind) throws(Problem) {
    // sshd checks what `-` takes away no more than it has to.
    if word.hasPrefix("-") { return }
    let names = word.hasPrefix("+") || word.hasPrefix("^") ? word.dropFirst() : word[...]
    let parts = names.split(separator: ",", omittingEmptySubsequences: false)
    for name in parts where SSHAlgorithms.isKnown(String(name), kind, build) == false {
      throw Problem(text: "bad algorithm '\(name)'")
    }
  }

  /// sshd runs in `/` and as root, which is what relative names and `~` start from.
  private func path(_ word: String) -> String {
    let lowered = word.lowercased()
    if lowered == "none" { return "none" }
    switch keyword.id {
    case "securitykeyprovider" where lowered == "internal": return word
    case "hostkeyagent" where word == "SSH_AUTH_SOCK": return word
    default: break
    }
    if word.hasPrefix("~/") { return "/root" + word.dropFirst() }
    return word.hasPrefix("/") ? word : "/" + word
  }
}
