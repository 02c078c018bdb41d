import RiegelModel
import SystemPackage

/// The rules of `doas.conf(5)`, of which the last one that matches counts.
///
/// A file that does not follow the grammar makes doas refuse everybody, and so throws. Alpine's doas
/// also reads `/etc/doas.d/*.conf` after it.
struct DoasRules: Sendable {
  struct Rule: Sendable {
    var permits: Bool
    var nopass = false
    var nolog = false
    var persist = false
    var keepenv = false
    var setenv: [String] = []
    /// A user, `:group`, or a number of either.
    var identity = ""
    /// nil for every user.
    var target: String?
    /// nil for every command.
    var command: String?
    /// nil for any arguments.
    var arguments: [String]?
    var origin: Origin

    /// Whether whatever another rule matches is matched by this one too.
    func covers(_ other: Rule) -> Bool {
      guard identity == other.identity, target == nil || target == other.target else {
        return false
      }
      guard let command else { return true }
      return command == other.command && (arguments == nil || arguments == other.arguments)
    }
  }

  static let main: FilePath = "/etc/doas.conf"
  static let folder: FilePath = "/etc/doas.d"
  static let reads = ["/etc/doas.conf", "/etc/doas.d/*.conf"] + ["/etc/os-release"]

  var rules: [Rule] = []

  static func read(_ host: Host) throws(TargetError) -> DoasRules? {
    try host.remember("doas") { () throws(TargetError) -> DoasRules? in
      var result = DoasRules()
      var isThere = false
      if let bytes = try host.bytes(of: main) {
        isThere = true
        result.rules += try DoasRules.parse(bytes, main)
      }
      if try OsRelease.read(host)?.family == .alpine,
        try host.metadata(of: folder)?.kind == .directory
      {
        for name in try host.list(folder) ?? [] where name.string.hasSuffix(".conf") {
          let path = folder.appending(name)
          guard let bytes = try host.bytes(of: path) else { continue }
          isThere = true
          result.rules += try DoasRules.parse(bytes, path)
        }
      }
      return isThere ? result : nil
    }
  }

  /// What doas answers: the last rule that matches, or nil, which denies.
  func decision(
    user: String, groups: [String], target: String, command: String, arguments: [String]
  ) -> Rule? {
    rules.last { rule in
      let isNamed =
        rule.identity.hasPrefix(":")
        ? groups.contains(String(rule.identity.dropFirst())) : rule.identity == user
      guard isNamed, rule.target == nil || rule.target == target else { return false }
      guard let own = rule.command else { return true }
      return own == command && (rule.arguments == nil || rule.arguments == arguments)
    }
  }

  // MARK: Grammar

  private struct Token {
    var text: String
    /// Words with quotes or backslashes are no keywords.
    var isPlain: Bool
    var line: Int
  }

  static func parse(_ bytes: [UInt8], _ path: FilePath) throws(TargetError) -> [Rule] {
    var rules: [Rule] = []
    for line in try statements(bytes, path) {
      guard let first = line.first else { continue }
      rules.append(try rule(line, .line(path, first.line), path))
    }
    return rules
  }

  private static func rule(
    _ tokens: [Token], _ origin: Origin, _ path: FilePath
  ) throws(TargetError) -> Rule {
    var at = 0
    func failure() -> TargetError {
      .malformed(path, line: tokens[min(at, tokens.count - 1)].line, "syntax error")
    }
    func keyword() -> String? {
      at < tokens.count && tokens[at].isPlain ? tokens[at].text : nil
    }
    func word() throws(TargetError) -> String {
      guard at < tokens.count, !(tokens[at].isPlain && reserved.contains(tokens[at].text)) else {
        throw failure()
      }
      at += 1
      return tokens[at - 1].text
    }
    guard let action = keyword(), action == "permit" || action == "deny" else { throw failure() }
    var rule = Rule(permits: action == "permit", origin: origin)
    at += 1
    options: while rule.permits, let option = keyword() {
      switch option {
      case "nopass": rule.nopass = true
      case "nolog": rule.nolog = true
      case "persist": rule.persist = true
      case "keepenv": rule.keepenv = true
      case "setenv":
        at += 1
        guard keyword() == "{" else { throw failure() }
        at += 1
        while keyword() != "}" { rule.setenv.append(try word()) }
      default: break options
      }
      at += 1
    }
    if rule.nopass, rule.persist {
      throw .malformed(path, line: tokens[0].line, "can't combine nopass and persist")
    }
    rule.identity = try word()
    if keyword() == "as" {
      at += 1
      rule.target = try word()
    }
    if keyword() == "cmd" {
      at += 1
      rule.command = try word()
      if keyword() == "args" {
        at += 1
        var arguments: [String] = []
        while at < tokens.count { arguments.append(try word()) }
        rule.arguments = arguments
      }
    }
    guard at == tokens.count else { throw failure() }
    return rule
  }

  private static let reserved: Set<String> = [
    "permit", "deny", "as", "cmd", "args", "nopass", "nolog", "persist", "keepenv", "setenv", "{",
    "}",
  ]

  /// The words of each line; a backslash before the end of a line joins it with the next.
  private static func statements(
    _ bytes: [UInt8], _ path: FilePath
  ) throws(TargetError) -> [[Token]] {
    var lines: [[Token]] = []
    var tokens: [Token] = []
    var line = 1
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      switch byte {
      case UInt8(ascii: "\n"):
        lines.append(tokens)
        tokens = []
        line += 1
        at += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"): at += 1
      case UInt8(ascii: "#"):
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
      case UInt8(ascii: "{"), UInt8(ascii: "}"):
        tokens.append(Token(text: byte == 123 ? "{" : "}", isPlain: true, line: line))
        at += 1
      case UInt8(ascii: "\\") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n"):
        at += 2
        line += 1
      case 0: throw .malformed(path, line: line, "unallowed character NUL")
      default:
        let start = line
        var word: [UInt8] = []
        var isPlain = true
        var isQuoted = false
        scan: while at < bytes.count {
          let next = bytes[at]
          switch next {
          case 0: throw .malformed(path, line: line, "unallowed character NUL")
          case UInt8(ascii: "\\"):
            isPlain = false
            guard at + 1 < bytes.count else { throw .malformed(path, line: line, "syntax error") }
            if bytes[at + 1] == UInt8(ascii: "\n") { line += 1 } else { word.append(bytes[at + 1]) }
            at += 2
          case UInt8(ascii: "\""):
            isPlain = false
            isQuoted.toggle()
            at += 1
          case UInt8(ascii: "\n") where isQuoted:
            throw .malformed(path, line: line, "unterminated quotes")
          case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "#"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            if !isQuoted { break scan }
            word.append(next)
            at += 1
          default:
            word.append(next)
            at += 1
          }
        }
        if isQuoted { throw .malformed(path, line: line, "unterminated quotes") }
        tokens.append(
          Token(text: String(decoding: word, as: UTF8.self), isPlain: isPlain, line: start))
      }
    }
    // A rule ends with its line: without the last end of line doas refuses the file.
    if !tokens.isEmpty { throw .malformed(path, line: line, "no end of line after the last rule") }
    return lines
  }
}
