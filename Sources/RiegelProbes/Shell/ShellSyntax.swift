/// A command of the shell's language (`sh(1)`, `bash(1)`), as far as it can change a variable.
indirect enum ShellCommand: Sendable {
  case simple(ShellSimple)
  case and(ShellCommand, ShellCommand)
  case or(ShellCommand, ShellCommand)
  case not(ShellCommand)
  case sequence([ShellCommand])
  case branch(condition: ShellCommand, then: ShellCommand, otherwise: ShellCommand?)
  /// `while` and `until`; a condition that is nil is one that nobody can tell (`for ((…))`).
  case loop(condition: ShellCommand?, untilTrue: Bool, body: ShellCommand)
  /// `for` and `select`; nil stands for the positional parameters.
  case each(name: String, words: [ShellWord]?, body: ShellCommand, isChoice: Bool)
  case choose(ShellWord, [ShellChoice])
  /// What runs in a process of its own and so changes nothing here: `( … )`, a pipeline, `… &`.
  case apart
  case function(String, ShellCommand)
  /// `[[ … ]]`, operators as words without quotes.
  case test([ShellWord])
  /// `(( … ))`.
  case arithmetic(String)
}

struct ShellSimple: Sendable {
  var assignments: [ShellAssignment] = []
  var words: [ShellWord] = []
  var line: Int
}

struct ShellAssignment: Sendable {
  var name: String
  var adds: Bool
  /// nil for an element of an array or an array as a whole.
  var value: ShellWord?
  var line: Int

  /// Whether a program runs for the value.
  var runs: Bool {
    value?.parts.contains { if case .command = $0 { true } else { false } } ?? false
  }
}

struct ShellChoice: Sendable {
  var patterns: [ShellWord]
  var body: ShellCommand
  /// `;&` and `;;&` go on where `;;` ends.
  var goesOn: Bool
}

/// A word before its expansions.
struct ShellWord: Sendable {
  indirect enum Part: Sendable {
    case text(String, isQuoted: Bool)
    case parameter(ShellParameter, isQuoted: Bool)
    case command(ShellCommand, isQuoted: Bool)
    case arithmetic(String)
    /// A form that is not worked out: an array, a process substitution, an extended pattern.
    case opaque
  }

  var parts: [Part] = []
  var line = 0

  /// The text of a word without quotes and expansions; nil for any other.
  var plain: String? {
    switch parts.count {
    case 0: ""
    case 1: if case .text(let text, isQuoted: false) = parts[0] { text } else { nil }
    default: nil
    }
  }

  /// The text of a word without expansions, quoted or not.
  var constant: String? {
    var result = ""
    for part in parts {
      guard case .text(let text, _) = part else { return nil }
      result += text
    }
    return result
  }
}

struct ShellParameter: Sendable {
  enum Operation: Sendable {
    case value, length, opaque
    /// `-`, `+`, `=`, `?`, with a colon also where the value is empty.
    case fallback(Character, coversEmpty: Bool, ShellWord)
    /// `#`, `##`, `%`, `%%`.
    case cut(fromStart: Bool, longest: Bool, ShellWord)
  }

  var name: String
  var operation: Operation
}
