import RiegelModel

/// Takes secrets out of a file's contents before they go into a snapshot.
///
/// What a probe says of the rest stays the same: a password's hash keeps its scheme and parameters,
/// a private key its kind, size and whether it is encrypted. Where it is doubtful whether something
/// is a secret, it is one.
struct Redaction: Sendable {
  enum Outcome: Sendable {
    /// Contents, and how often each rule took something out of them.
    case keep([UInt8], [(rule: String, count: Int)])
    /// Nothing of it may go in; the word is for the log.
    case leaveOut(String)
  }

  private let whole: [Glob]
  private let unscanned: [Glob]
  private let withoutDirectives: [Glob]
  private let netrc: [Glob]
  private let accountFiles: [Glob]
  private let logins: [Glob]
  let line = SecretLine()

  init() {
    whole = SecretWords.files.map { Glob($0) }
    unscanned = SecretWords.unscanned.map { Glob($0) }
    withoutDirectives = SecretWords.withoutDirectives.map { Glob($0) }
    netrc = SecretWords.netrc.map { Glob($0) }
    accountFiles = SecretWords.accounts.map { Glob($0) }
    logins = SecretWords.logins.map { Glob($0) }
  }

  /// Why a file is a secret as a whole.
  func leavesOut(_ path: String) -> Bool { whole.contains { $0.matches(text: path) } }

  /// - Parameter isBinaryRefused: whether contents that are no text are left out, as for files that
  ///   only a pattern for whole trees names.
  func apply(_ bytes: [UInt8], path: String, isBinaryRefused: Bool) -> Outcome {
    if leavesOut(path) { return .leaveOut("secret") }
    if logins.contains(where: { $0.matches(text: path) }) {
      return LoginRecords.redacted(bytes, isLastlog: path.hasSuffix("lastlog"))
    }
    if bytes.starts(with: LUKSMetadata.magic) { return LUKSMetadata.redacted(bytes) }
    if accountFiles.contains(where: { $0.matches(text: path) }) { return accounts(bytes) }
    if path.hasPrefix("/proc/"), path.hasSuffix("/cmdline"), path != "/proc/cmdline" {
      return commandLine(bytes)
    }
    let isText = !bytes.contains(where: Redaction.isControl)
    if !isText, isBinaryRefused { return .leaveOut("binary") }
    if !isText || unscanned.contains(where: { $0.matches(text: path) }) {
      // A program has no lines; keys in PEM are looked for everywhere.
      return Redaction.holdsKey(bytes) ? lines(bytes, path, onlyKeys: true) : .keep(bytes, [])
    }
    return lines(bytes, path, onlyKeys: false)
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && !(9...13).contains(byte) && byte != 0x1b || byte == 0x7f
  }

  private static func holdsKey(_ bytes: [UInt8]) -> Bool {
    PrivateKeyText.kinds.contains { bytes[...].place(of: $0) != nil }
  }

  // MARK: line by line

  private func lines(_ bytes: [UInt8], _ path: String, onlyKeys: Bool) -> Outcome {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var counts: [String: Int] = [:]
    var key = PrivateKeyText()
    var open = SecretLine.Continuation.none
    var kind = SecretLine.Kind(
      isSNMP: path.contains("snmp"), isGrub: path.contains("/grub"),
      isNetrc: netrc.contains { $0.matches(text: path) },
      hasDirectives: !withoutDirectives.contains { $0.matches(text: path) })
    kind.hasDirectives = kind.hasDirectives && !onlyKeys
    for text in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
      if let replaced = key.take(text) {
        if !replaced.isEmpty {
          result += replaced
          result.append(0x0a)
        }
        continue
      }
      if onlyKeys {
        result += text
      } else {
        line.redact(text, kind, &open, into: &result, &counts)
      }
      result.append(0x0a)
    }
    let rest = key.finish()
    result += rest
    // As many line ends as there were.
    if rest.isEmpty, result.last == 0x0a { result.removeLast() }
    if key.count > 0 { counts["private-keys"] = key.count }
    return .keep(result, counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  // MARK: accounts

  private func accounts(_ bytes: [UInt8]) -> Outcome {
    var result: [UInt8] = []
    var count = 0
    for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated()
    {
      if index > 0 { result.append(0x0a) }
      let fields = line.split(
        separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count > 1 else {
        result += line
        continue
      }
      let hash = HashText.redacted(fields[1])
      if !hash.elementsEqual(fields[1]) { count += 1 }
      result += fields[0] + [UInt8(ascii: ":")] + hash
      if fields.count > 2 { result += [UInt8(ascii: ":")] + fields[2] }
    }
    return .keep(result, count > 0 ? [("password-hashes", count)] : [])
  }

  // MARK: command lines

  private func commandLine(_ bytes: [UInt8]) -> Outcome {
    var result: [UInt8] = []
    var counts: [String: Int] = [:]
    var isNextSecret = false
    let arguments = bytes.split(separator: 0, omittingEmptySubsequences: false)
    let program = arguments.first?.split(separator: UInt8(ascii: "/")).last ?? []
    let hasShortPassword =
      program.starts(with: "mysql".utf8) || program.starts(with: "mariadb".utf8)
      || program.elementsEqual("sshpass".utf8)
    let hasShortUser = program.elementsEqual("curl".utf8) || program.elementsEqual("wget".utf8)
    for (index, argument) in arguments.enumerated() {
      if index > 0 { result.append(0) }
      if isNextSecret, !argument.isEmpty {
        isNextSecret = false
        result += SecretWords.marker.utf8
        counts["command-lines", default: 0] += 1
        continue
      }
      if argument.first == UInt8(ascii: "-") {
        if SecretNames.isSecret(key: argument) { isNextSecret = true }
        if hasShortUser, argument.elementsEqual("-u".utf8) { isNextSecret = true }
        if hasShortPassword, argument.starts(with: "-p".utf8), argument.count > 2 {
          result += ("-p" + SecretWords.marker).utf8
          counts["command-lines", default: 0] += 1
          continue
        }
        if program.elementsEqual("sshpass".utf8), argument.elementsEqual("-p".utf8) {
          isNextSecret = true
        }
      }
      // A shell's argument is a line of its own.
      var open = SecretLine.Continuation.none
      line.redact(argument, SecretLine.Kind(hasDirectives: true), &open, into: &result, &counts)
    }
    return .keep(result, counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }
}

/// What `crypt(3)` gave, without salt and hash: scheme and parameters stay.
enum HashText {
  private static let known: Set<String> = [
    "", "x", "*", "!", "!!", "!*", "*!", "NP", "*NP*", "LK", "*LK*", "*K*",
  ]

  static func redacted(_ field: ArraySlice<UInt8>) -> [UInt8] {
    if known.contains(String(decoding: field, as: UTF8.self)) { return Array(field) }
    let lock = Array(field.prefix { $0 == UInt8(ascii: "!") })
    return lock + scheme(field.dropFirst(lock.count))
  }

  private static func scheme(_ hash: ArraySlice<UInt8>) -> [UInt8] {
    let dollar = UInt8(ascii: "$")
    let marker = Array("REDACTED".utf8)
    if hash.isEmpty { return [] }
    if hash.first == dollar {
      let parts = hash.dropFirst().split(
        separator: dollar, maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count > 1 else { return [dollar] + marker }
      let name = String(decoding: parts[0], as: UTF8.self)
      let start = [dollar] + parts[0] + [dollar]
      let option = parts[1]
      let isKept =
        ["y", "gy"].contains(name)
        || ["2a", "2b", "2x", "2y"].contains(name)
        || option.starts(with: "rounds=".utf8)
      if isKept, option.count <= 20, parts.count > 2 || name.hasPrefix("2") {
        return start + option.prefix(name.hasPrefix("2") ? 2 : 20) + [dollar] + marker
      }
      // The cost is the first of the parameters that stand before the salt.
      if name == "7" { return start + option.prefix(1) + marker }
      return start + marker
    }
    // Traditional forms have no prefix; what they are, only length and alphabet tell.
    let isAlphabet = hash.allSatisfy(isDigit)
    if hash.first == UInt8(ascii: "_"), hash.count == 20, hash.dropFirst().allSatisfy(isDigit) {
      return Array("_...................".utf8)
    }
    if hash.count >= 13, isAlphabet || hash.prefix(13).allSatisfy(isDigit) {
      return Array(".............".utf8)
    }
    return (hash.first == UInt8(ascii: "*") ? [UInt8(ascii: "*")] : []) + marker
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (0x2e...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }
}
