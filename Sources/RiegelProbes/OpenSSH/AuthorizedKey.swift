import RiegelModel

/// A line of authorized_keys (`sshd(8)`, AUTHORIZED_KEYS FILE FORMAT): options, a key, a comment.
struct AuthorizedKey: Sendable, Hashable {
  var options: [(name: String, value: String?)]
  var key: SSHPublicKey
  var fingerprint: String
  var comment: String

  static func == (a: AuthorizedKey, b: AuthorizedKey) -> Bool {
    a.fingerprint == b.fingerprint && a.comment == b.comment
      && a.options.map(\.name) == b.options.map(\.name)
  }
  func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

  /// nil for a line that sshd passes over.
  init?(_ line: Substring) {
    let text = line.drop { $0 == " " || $0 == "\t" }
    if let found = AuthorizedKey.key(text) {
      options = []
      (key, fingerprint, comment) = found
      return
    }
    guard let end = AuthorizedKey.endOfOptions(text),
      let found = AuthorizedKey.key(text[end...].drop { $0 == " " || $0 == "\t" })
    else { return nil }
    options = AuthorizedKey.options(text[..<end])
    (key, fingerprint, comment) = found
  }

  func has(_ option: String) -> Bool { options.contains { $0.name == option } }

  func value(_ option: String) -> String? { options.first { $0.name == option }?.value ?? nil }

  /// `expiry-time`: the first one that ends counts, as each has to be in the future.
  var expires: Instant? {
    options.filter { $0.name == "expiry-time" }
      .compactMap { $0.value.flatMap(AuthorizedKey.instant) }.min()
  }

  private static func key(_ text: Substring) -> (SSHPublicKey, String, String)? {
    let words = text.split(maxSplits: 2, whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.count >= 2, let blob = SSHPublicKey.decode(words[1]),
      let key = SSHPublicKey(algorithm: String(words[0]), base64: String(words[1]))
    else { return nil }
    return (key, SSHFingerprint.of(blob), words.count > 2 ? String(words[2]) : "")
  }

  /// The first blank outside of quotes.
  private static func endOfOptions(_ text: Substring) -> Substring.Index? {
    var isQuoted = false
    var at = text.startIndex
    while at < text.endIndex {
      let character = text[at]
      let next = text.index(after: at)
      if character == "\\", next < text.endIndex, text[next] == "\"" {
        at = text.index(after: next)
        continue
      }
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted, character == " " || character == "\t" { return at }
      at = next
    }
    return nil
  }

  private static func options(_ text: Substring) -> [(name: String, value: String?)] {
    var result: [(name: String, value: String?)] = []
    var name = ""
    var value: String?
    var isQuoted = false
    var at = text.startIndex
    func flush() {
      if !name.isEmpty { result.append((name.lowercased(), value)) }
      name = ""
      value = nil
    }
    while at < text.endIndex {
      let character = text[at]
      let next = text.index(after: at)
      if character == "\\", next < text.endIndex, text[next] == "\"" {
        value?.append("\"")
        at = text.index(after: next)
        continue
      }
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: flush()
      case "=" where !isQuoted && value == nil: value = ""
      default:
        if value == nil { name.append(character) } else { value?.append(character) }
      }
      at = next
    }
    flush()
    return result
  }

  /// `YYYYMMDD[Z]` or `YYYYMMDDHHMM[SS][Z]`; local time is taken for UTC.
  private static func instant(_ text: String) -> Instant? {
    let digits = Array(text.hasSuffix("Z") ? text.dropLast() : text[...])
    guard [8, 12, 14].contains(digits.count), digits.allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
    func part(_ range: Range<Int>) -> String {
      range.lowerBound < digits.count ? String(digits[range]) : "00"
    }
    let date = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
    return Instant("\(date)T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z")
  }
}
