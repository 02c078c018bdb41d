import RiegelModel

/// What sudoers files say, in the order in which sudo reads them.
struct Sudoers: Sendable {
  /// A name in a list, with the number of `!` before it reduced to yes or no.
  struct Member: Sendable, Hashable {
    var text: String
    var isNegated: Bool
    var shown: String { isNegated ? "!" + text : text }
  }

  enum AliasKind: String, Sendable, Hashable {
    case user = "User_Alias"
    case runas = "Runas_Alias"
    case host = "Host_Alias"
    case command = "Cmnd_Alias"
  }

  struct Command: Sendable, Hashable {
    /// The path, `ALL`, `sudoedit`, `list`, or the name of an alias.
    var path: String
    /// nil: any; empty: none may be given (`""`).
    var arguments: String?
    var isNegated = false
    var digests: [String] = []

    var text: String {
      guard let arguments else { return path }
      return arguments.isEmpty ? path + " \"\"" : path + " " + arguments
    }
  }

  /// One command that somebody may run somewhere as somebody.
  struct Grant: Sendable {
    var users: [Member]
    var hosts: [Member]
    /// nil if the line does not say: the default user, mostly root.
    var runas: [Member]?
    var runasGroups: [Member]
    var command: Command
    /// The tags in force, by name without `NO`.
    var tags: [String: Bool]
    var options: [String: String]
    var origin: Origin
  }

  struct Default: Sendable {
    enum Scope: String, Sendable, CaseIterable { case global, host, user, runas, command }
    enum Operation: Sendable { case set, add, remove, on, off }
    var name: String
    var operation: Operation
    var value: String
    var scope: Scope
    var members: [Member]
    var origin: Origin
  }

  var aliases: [AliasKind: [String: [Member]]] = [:]
  var commandAliases: [String: [Command]] = [:]
  var grants: [Grant] = []
  var defaults: [Default] = []
  var gaps: [TargetError] = []
  var notes: [Note] = []

  /// A list with aliases put in; a negated alias negates each of its members.
  func resolve(_ members: [Member], _ kind: AliasKind, depth: Int = 0) -> [Member] {
    members.flatMap { member -> [Member] in
      guard depth < 64, let inner = aliases[kind]?[member.text] else { return [member] }
      return resolve(inner, kind, depth: depth + 1).map {
        Member(text: $0.text, isNegated: $0.isNegated != member.isNegated)
      }
    }
  }

  func resolve(_ command: Command, depth: Int = 0) -> [Command] {
    guard depth < 64, let inner = commandAliases[command.path] else { return [command] }
    return inner.flatMap { resolve($0, depth: depth + 1) }.map {
      var one = $0
      one.isNegated = one.isNegated != command.isNegated
      one.digests += command.digests
      return one
    }
  }
}
