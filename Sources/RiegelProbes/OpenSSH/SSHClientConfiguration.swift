import RiegelModel
import SystemPackage

/// A client's file of settings, ssh_config(5), with what it includes: lines with the blocks they
/// stand in.
struct SSHClientConfiguration: Sendable {
  /// A Host or Match line.
  struct Block: Sendable, Hashable {
    var isHost: Bool
    var patterns: [String]
    var origin: Origin

    var text: String { (isHost ? "Host " : "Match ") + patterns.joined(separator: " ") }

    /// Every destination is meant: `Host *`, `Match all`.
    var isUnconditional: Bool {
      isHost ? patterns == ["*"] : patterns.map { $0.lowercased() } == ["all"]
    }

    /// Whether it surely applies wherever the other does, as far as the patterns show.
    func isImplied(by other: Block) -> Bool {
      if isUnconditional || (isHost == other.isHost && patterns == other.patterns) { return true }
      guard isHost, other.isHost else { return false }
      let names = other.patterns.filter { !$0.hasPrefix("!") }
      return !names.isEmpty
        && names.allSatisfy { name in
          SSHPatterns.isLiteral(name[...])
            && SSHPatterns.match(name, patterns.joined(separator: ",")) == .matched
        }
    }
  }

  struct Setting: Sendable, Hashable {
    /// In lower case.
    var keyword: String
    var words: [String]
    var origin: Origin
    /// All blocks around it, the outermost (of an including file) first.
    var blocks: [Block]
  }

  var settings: [Setting] = []
  private var files = 0
  private let host: Host
  /// nil for the system's file.
  private let home: FilePath?

  private static let maxDepth = 16
  private static let maxFiles = 1024

  /// Reads a file; empty if it is absent. `home` is that of the user whose file it is.
  init(_ path: FilePath, home: FilePath?, _ host: Host) throws(TargetError) {
    self.host = host
    self.home = home
    try read(path, depth: 0, inside: [])
  }

  private mutating func read(
    _ path: FilePath, depth: Int, inside outer: [Block]
  ) throws(TargetError) {
    files += 1
    if depth > SSHClientConfiguration.maxDepth || files > SSHClientConfiguration.maxFiles {
      throw .malformed(path, line: 0, "too many recursive configuration includes")
    }
    guard let bytes = try host.bytes(of: path) else { return }
    var block: Block?
    var number = 0
    for raw in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard let line = SSHLexer.line(raw) else { continue }
      let origin = Origin.line(path, number)
      guard let rest = line.rest, let words = SSHLexer.arguments(rest), !words.isEmpty else {
        throw .malformed(path, line: number, "\(line.keyword): missing argument or open quote")
      }
      let blocks = outer + (block.map { [$0] } ?? [])
      switch line.keyword.lowercased() {
      case "host": block = Block(isHost: true, patterns: words, origin: origin)
      case "match": block = Block(isHost: false, patterns: words, origin: origin)
      case "include":
        for word in words {
          guard let pattern = absolute(word) else { continue }
          for file in try host.expand(pattern) {
            try read(file, depth: depth + 1, inside: blocks)
          }
        }
      default:
        settings.append(
          Setting(
            keyword: line.keyword.lowercased(), words: words, origin: origin, blocks: blocks))
      }
    }
  }

  /// Relative names start at `~/.ssh` in a user's file and at `/etc/ssh` in the system's.
  private func absolute(_ word: String) -> String? {
    if word.hasPrefix("/") { return word }
    if word.hasPrefix("~") {
      guard let home, word.hasPrefix("~/") else { return nil }
      return printable(home) + word.dropFirst()
    }
    return (home.map { printable($0) + "/.ssh/" } ?? "/etc/ssh/") + word
  }
}
