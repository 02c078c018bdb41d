import RiegelModel
import SystemPackage

/// A rules file of polkit, as far as it keeps to plain forms: functions that compare the action and
/// the subject and return a result (`polkit(8)`).
///
/// What a function may return, and to whom, is taken from the conditions on the way there. A form
/// that is not known here makes its function one that is not understood; nothing of it is guessed.
struct PolkitScript: Sendable {
  /// What has to hold of whoever gets a result; nil is everybody or everything.
  struct Reach: Sendable, Hashable {
    var actions: Set<String>?
    var identities: Set<String>?
    var isLocal = false
    var isActive = false

    func narrowed(by other: Reach) -> Reach {
      Reach(
        actions: other.actions ?? actions, identities: other.identities ?? identities,
        isLocal: isLocal || other.isLocal, isActive: isActive || other.isActive)
    }

    func widened(by other: Reach) -> Reach {
      func union(_ a: Set<String>?, _ b: Set<String>?) -> Set<String>? {
        if let a, let b { a.union(b) } else { nil }
      }
      return Reach(
        actions: union(actions, other.actions), identities: union(identities, other.identities),
        isLocal: isLocal && other.isLocal, isActive: isActive && other.isActive)
    }
  }

  struct Outcome: Sendable {
    /// `yes`, `no`, `auth_self` and so on; nil where it is not understood.
    var result: String?
    var reach: Reach
    var line: Int
  }

  struct Function: Sendable {
    var isAdmin: Bool
    var line: Int
    /// What the function may return before it comes to an end; empty where not understood.
    var outcomes: [Outcome] = []
    /// Of an admin rule that returns one fixed list.
    var identities: [String]?
    var isUnderstood = true
  }

  var functions: [Function] = []
  /// Lines of other statements, whose effect is unknown.
  var strangeLines: [Int] = []
  /// Whether the file hands over to the old `.pkla` files.
  var readsLocalAuthority = false

  init(_ text: String) {
    readsLocalAuthority = text.contains("pkla-check-authorization")
    var reader = PolkitReader(text)
    reader.readAll(&self)
  }
}
