import RiegelModel
import SystemPackage

/// What a shell knows at some point of its start: variables, the umask, functions.
///
/// Where two ways of running meet, what they do not agree on is unknown. An unreachable state is
/// `isDead` and leaves no trace where ways meet.
struct ShellState: Sendable {
  enum Content: Sendable, Hashable {
    case unset
    case known(String)
    /// Set and not empty, the text depends on the session.
    case some
    case unknown(TargetError)
  }

  struct Variable: Sendable {
    var content: Content
    var origin: Origin?
    /// nil where it depends on what nobody can tell.
    var isReadonly: Bool? = false
    /// Whether it is read-only on one way here and not on another.
    var isDoubtful = false
    var isExported: Bool? = false
    var readonlyOrigin: Origin?
    var overrides: [Fact.Overridden] = []
    /// Whether a start-up file has touched it at all.
    var isTouched = false
  }

  var variables: [String: Variable] = [:]
  var umask = Variable(content: .unset)
  var functions: [String: ShellCommand] = [:]
  /// `$1` and so on; nil where a text is unknown.
  var positional: [String?] = []
  /// Whether the last command succeeded.
  var status: Bool? = true
  var isDead = false
  /// Something that nobody can read has run: what it may have set is unknown for this reason.
  var taint: TargetError?

  func variable(_ name: String) -> Variable {
    if let known = variables[name] { return known }
    return Variable(
      content: taint.map(Content.unknown) ?? .unset, isReadonly: taint == nil ? false : nil,
      isExported: taint == nil ? false : nil)
  }

  /// Everything that is not read-only may have been changed.
  mutating func spoil(_ error: TargetError) {
    taint = error
    for name in variables.keys where variables[name]?.isReadonly != true {
      variables[name]?.content = .unknown(error)
      variables[name]?.isReadonly = nil
      variables[name]?.isExported = nil
      variables[name]?.isTouched = true
    }
    umask.content = .unknown(error)
    status = nil
  }

  /// One variable may have been changed.
  mutating func spoil(_ name: String, _ error: TargetError) {
    if name == "umask" {
      umask.content = .unknown(error)
      umask.isTouched = true
      return
    }
    var variable = self.variable(name)
    if variable.isReadonly == true { return }
    variable.content = .unknown(error)
    variable.isReadonly = nil
    variable.isExported = nil
    variable.isTouched = true
    variables[name] = variable
  }

  /// What is known after either this way or the other was taken.
  func joined(with other: ShellState, _ reason: TargetError) -> ShellState {
    if isDead { return other }
    if other.isDead { return self }
    var result = self
    for name in Set(variables.keys).union(other.variables.keys) {
      result.variables[name] = ShellState.joined(variable(name), other.variable(name), reason)
    }
    result.umask = ShellState.joined(umask, other.umask, reason)
    result.functions.merge(other.functions) { mine, _ in mine }
    if positional != other.positional { result.positional = [nil] }
    result.status = status == other.status ? status : nil
    result.taint = taint ?? other.taint
    return result
  }

  private static func joined(_ a: Variable, _ b: Variable, _ reason: TargetError) -> Variable {
    var result = a.isTouched ? a : b
    result.isTouched = a.isTouched || b.isTouched
    if a.content != b.content {
      if case .unknown = a.content {
        result.content = a.content
      } else if case .unknown = b.content {
        result.content = b.content
      } else {
        result.content = .unknown(reason)
      }
    }
    if a.isReadonly != b.isReadonly {
      result.isReadonly = nil
      result.isDoubtful = true
    }
    if a.isExported != b.isExported { result.isExported = nil }
    return result
  }
}
