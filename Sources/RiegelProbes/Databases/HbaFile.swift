import RiegelModel
import SystemPackage

/// The lines of PostgreSQL's `pg_hba.conf`, of which the first that matches a connection counts.
///
/// Words are separated by blanks, lists by commas; a word in double quotes is taken as it is, and a
/// backslash continues a line. Files that `include`, `include_if_exists` and `include_dir` name (from
/// version 16) are read in place. A line that PostgreSQL would refuse throws, since then the server
/// does not start or goes on with the rules that it had.
struct HbaFile: Sendable {
  struct Line: Sendable {
    var type: String
    var databases: [String]
    var users: [String]
    /// nil for `local`.
    var address: String?
    var method: String
    var options: [String]
    var origin: Origin
  }

  var lines: [Line] = []

  static func read(_ path: FilePath, on host: Host) throws(TargetError) -> HbaFile? {
    var file = HbaFile()
    guard try file.add(path, host, 0) else { return nil }
    return file
  }

  private mutating func add(
    _ path: FilePath, _ host: Host, _ depth: Int
  ) throws(TargetError) -> Bool {
    if depth > 10 { throw .tooManyLinks(path) }
    guard let lines = try host.lines(of: path) else { return false }
    var pending = ""
    var first = 0
    for line in lines {
      var text = String(line.text)
      if pending.isEmpty { first = line.number }
      if text.hasSuffix("\\") {
        text.removeLast()
        pending += text
        continue
      }
      let tokens = HbaFile.tokens(pending + text)
      pending = ""
      guard let word = tokens.first?.first else { continue }
      if ["include", "include_if_exists", "include_dir"].contains(word), tokens.count == 2,
        let name = tokens[1].first
      {
        let target = path.removingLastComponent().pushing(FilePath(name))
        if word == "include_dir" {
          for entry in try host.list(target) ?? [] where entry.string.hasSuffix(".conf") {
            _ = try add(target.appending(entry), host, depth + 1)
          }
        } else if try !add(target, host, depth + 1), word == "include" {
          throw .malformed(path, line: first, "the included file is missing")
        }
        continue
      }
      self.lines.append(try HbaFile.line(tokens, .line(path, first), path, first))
    }
    return true
  }

  private static let types: Set<String> = [
    "local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc",
  ]
  private static let methods: Set<String> = [
    "trust", "reject", "scram-sha-256", "md5", "password", "gss", "sspi", "ident", "peer", "ldap",
    "radius", "cert", "pam", "bsd", "oauth",
  ]

  private static func line(
    _ tokens: [[String]], _ origin: Origin, _ path: FilePath, _ number: Int
  ) throws(TargetError) -> Line {
    func failure(_ text: String) -> TargetError { .malformed(path, line: number, text) }
    guard tokens.count >= 4, let type = tokens[0].first, types.contains(type) else {
      throw failure("no record of pg_hba.conf")
    }
    var at = 3
    var address: String?
    if type != "local" {
      address = tokens[at].joined(separator: ",")
      at += 1
      // Address and mask may be two words.
      if at < tokens.count, let next = tokens[at].first, !methods.contains(next),
        next.contains(".") || next.contains(":")
      {
        address = (address ?? "") + " " + next
        at += 1
      }
    }
    guard at < tokens.count, let method = tokens[at].first, methods.contains(method) else {
      throw failure("no authentication method")
    }
    return Line(
      type: type, databases: tokens[1], users: tokens[2], address: address, method: method,
      options: tokens[(at + 1)...].map { $0.joined(separator: ",") }, origin: origin)
  }

  /// Words between blanks, each a list of the parts between commas.
  private static func tokens(_ text: String) -> [[String]] {
    var result: [[String]] = []
    var current: [String] = []
    var part = ""
    var isQuoted = false
    var isOpen = false
    var follows = false
    func endPart() {
      if isOpen { current.append(part) }
      part = ""
      isOpen = false
    }
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
        isOpen = true
        follows = false
        continue
      }
      if isQuoted {
        part.append(character)
        continue
      }
      if character == "#" { break }
      switch character {
      case ",":
        endPart()
        follows = true
      case " ", "\t", "\r":
        endPart()
        // After a comma the list goes on behind the blank.
        if !current.isEmpty, !follows {
          result.append(current)
          current = []
        }
      default:
        part.append(character)
        isOpen = true
        follows = false
      }
    }
    endPart()
    if !current.isEmpty { result.append(current) }
    return result
  }

  /// Whether an address is of this host alone.
  static func isLoopback(_ address: String) -> Bool {
    let parts = address.split(separator: " ").map(String.init)
    guard let first = parts.first else { return false }
    if first == "localhost" || first == "samehost" { return true }
    if parts.count == 2 { return first.hasPrefix("127.") && parts[1].hasPrefix("255.") }
    guard let network = Network(first) else { return false }
    let own = ["127.0.0.0/8", "::1"].compactMap { Network($0) }
    return own.contains { $0.contains(network) }
  }
}
