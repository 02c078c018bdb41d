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
    var reader = Reader(text)
    reader.readAll(&self)
  }
}

// MARK: Tokens

private struct Token {
  enum Kind { case name, text, number, sign, unknown }
  var kind: Kind
  var text: String
  var line: Int
}

private func tokens(_ source: String) -> [Token] {
  let bytes = Array(source.utf8)
  var result: [Token] = []
  var at = 0
  var line = 1
  func isName(_ byte: UInt8) -> Bool {
    ShellParser.isNameByte(byte) || byte == UInt8(ascii: "$")
  }
  while at < bytes.count {
    let byte = bytes[at]
    let next = at + 1 < bytes.count ? bytes[at + 1] : 0
    switch byte {
    case UInt8(ascii: "\n"):
      line += 1
      at += 1
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
    case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
      while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { at += 1 }
    case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
      at += 2
      while at < bytes.count {
        if bytes[at] == UInt8(ascii: "*"), at + 1 < bytes.count, bytes[at + 1] == 47 { break }
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        at += 1
      }
      at = min(at + 2, bytes.count)
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      var text: [UInt8] = []
      at += 1
      var isClosed = false
      while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
        if bytes[at] == byte {
          isClosed = true
          at += 1
          break
        }
        if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count { at += 1 }
        text.append(bytes[at])
        at += 1
      }
      result.append(
        Token(
          kind: isClosed ? .text : .unknown, text: String(decoding: text, as: UTF8.self),
          line: line))
    default:
      if isName(byte) {
        let start = at
        while at < bytes.count, isName(bytes[at]) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        let isNumber = (48...57).contains(byte)
        result.append(Token(kind: isNumber ? .number : .name, text: text, line: line))
        continue
      }
      let three = String(decoding: bytes[at..<min(at + 3, bytes.count)], as: UTF8.self)
      let sign =
        ["===", "!=="].contains(three)
        ? three
        : ["==", "!=", "&&", "||", "=>"].first { three.hasPrefix($0) }
          ?? String(decoding: [byte], as: UTF8.self)
      at += sign.utf8.count
      let isKnown = "(){}[];,.!-".contains(sign) || sign.utf8.count > 1
      result.append(Token(kind: isKnown ? .sign : .unknown, text: sign, line: line))
    }
  }
  return result
}

// MARK: Reading

private indirect enum Condition {
  case reach(PolkitScript.Reach)
  /// Says what does not hold; narrows nothing that is looked at.
  case negation(Condition)
  case all([Condition])
  case any([Condition])
  case opaque
}

private struct Strange: Error {}

private struct Reader {
  let items: [Token]
  var at = 0
  /// The names of the two parameters of the function that is read.
  var action = "action"
  var subject = "subject"
  var depth = 0

  init(_ text: String) { items = tokens(text) }

  private var peek: Token? { at < items.count ? items[at] : nil }

  private mutating func take(_ text: String) -> Bool {
    guard let token = peek, token.kind != .text, token.text == text else { return false }
    at += 1
    return true
  }

  private mutating func need(_ text: String) throws(Strange) {
    if !take(text) { throw Strange() }
  }

  mutating func readAll(_ script: inout PolkitScript) {
    while let token = peek {
      if take(";") { continue }
      let start = at
      if take("polkit"), take("."), let name = peek?.text,
        name == "addRule" || name == "addAdminRule"
      {
        at += 1
        var function = PolkitScript.Function(isAdmin: name == "addAdminRule", line: token.line)
        let body = at
        do throws(Strange) {
          try read(&function)
        } catch {
          function.outcomes = []
          function.isUnderstood = false
          at = body
          skipParentheses()
        }
        script.functions.append(function)
        continue
      }
      at = start
      // `"use strict";` is harmless.
      if token.kind == .text {
        at += 1
        continue
      }
      script.strangeLines.append(token.line)
      skipStatement()
    }
  }

  private mutating func skipParentheses() {
    var open = 0
    while let token = peek {
      at += 1
      guard token.kind == .sign else { continue }
      if token.text == "(" { open += 1 }
      if token.text == ")" {
        open -= 1
        if open == 0 { return }
      }
    }
  }

  private mutating func skipStatement() {
    var open = 0
    while let token = peek {
      at += 1
      guard token.kind == .sign else { continue }
      if "({[".contains(token.text) { open += 1 }
      if ")}]".contains(token.text) { open -= 1 }
      if open <= 0, token.text == ";" || token.text == "}" { return }
    }
  }

  /// `(function(action, subject) { … })`, or with an arrow.
  private mutating func read(_ function: inout PolkitScript.Function) throws(Strange) {
    try need("(")
    let isArrow = !take("function")
    if !isArrow, peek?.kind == .name { at += 1 }
    try need("(")
    var names: [String] = []
    while let token = peek, token.kind == .name {
      names.append(token.text)
      at += 1
      if !take(",") { break }
    }
    try need(")")
    if isArrow { try need("=>") }
    action = names.first ?? "action"
    subject = names.count > 1 ? names[1] : "subject"
    try need("{")
    var reach = PolkitScript.Reach()
    try block(&function, &reach)
    try need(")")
    _ = take(";")
  }

  /// Statements up to the closing brace; true if the end is never reached.
  @discardableResult
  private mutating func block(
    _ function: inout PolkitScript.Function, _ reach: inout PolkitScript.Reach
  ) throws(Strange) -> Bool {
    depth += 1
    defer { depth -= 1 }
    if depth > 50 { throw Strange() }
    while !take("}") {
      guard peek != nil else { throw Strange() }
      if try statement(&function, &reach) {
        // What follows a return is dead.
        var open = 1
        while open > 0, let token = peek {
          at += 1
          if token.kind == .sign, token.text == "{" { open += 1 }
          if token.kind == .sign, token.text == "}" { open -= 1 }
        }
        return true
      }
    }
    return false
  }

  /// One statement; true if it returns on every way.
  private mutating func statement(
    _ function: inout PolkitScript.Function, _ reach: inout PolkitScript.Reach
  ) throws(Strange) -> Bool {
    if take(";") { return false }
    if take("{") {
      var inner = reach
      return try block(&function, &inner)
    }
    if take("return") {
      try result(&function, reach)
      return true
    }
    if take("if") {
      try need("(")
      let condition = try expression()
      try need(")")
      var then = reach
      let outcome = Reader.reach(of: condition)
      then = outcome.map { reach.narrowed(by: $0) } ?? reach
      let before = function.outcomes.count
      let returns = try statement(&function, &then)
      // A condition that is not understood and widens cannot be left out.
      if outcome == nil, function.outcomes[before...].contains(where: { $0.result != "no" }) {
        throw Strange()
      }
      if take("else") {
        var other = reach
        let afterwards = function.outcomes.count
        let both = try statement(&function, &other)
        // Who comes to `else` is whom the condition leaves out, which is not worked out.
        if function.outcomes[afterwards...].contains(where: {
          $0.result != "no" && $0.result != "auth_admin" && $0.result != "auth_admin_keep"
            && $0.reach.identities == nil
        }) {
          throw Strange()
        }
        return returns && both
      }
      // After `if (!x) return …;` x holds.
      if returns, case .negation(let inner) = condition, let rest = Reader.reach(of: inner) {
        reach = reach.narrowed(by: rest)
      }
      return false
    }
    if take("polkit") {
      try need(".")
      try need("log")
      skipParentheses()
      _ = take(";")
      return false
    }
    throw Strange()
  }

  private mutating func result(
    _ function: inout PolkitScript.Function, _ reach: PolkitScript.Reach
  ) throws(Strange) {
    guard let token = peek else { throw Strange() }
    if take(";") { return }
    if function.isAdmin {
      if take("null") || take("undefined") {
        _ = take(";")
        return
      }
      try need("[")
      var identities: [String] = []
      while !take("]") {
        guard let item = peek, item.kind == .text else { throw Strange() }
        identities.append(item.text)
        at += 1
        if !take(",") {
          try need("]")
          break
        }
      }
      _ = take(";")
      if reach == PolkitScript.Reach() {
        function.identities = identities
      } else {
        throw Strange()
      }
      return
    }
    if take("null") || take("undefined") {
      _ = take(";")
      return
    }
    var value = token.text
    if token.kind == .text {
      at += 1
    } else {
      try need("polkit")
      try need(".")
      try need("Result")
      try need(".")
      guard let name = peek, name.kind == .name else { throw Strange() }
      at += 1
      value = name.text
    }
    _ = take(";")
    value = value.lowercased()
    if value == "not_handled" { return }
    guard
      ["yes", "no", "auth_self", "auth_self_keep", "auth_admin", "auth_admin_keep"]
        .contains(value)
    else { throw Strange() }
    function.outcomes.append(
      PolkitScript.Outcome(result: value, reach: reach, line: token.line))
  }

  // MARK: Conditions

  /// Whom a condition lets through at most; nil if that is not known.
  static func reach(of condition: Condition) -> PolkitScript.Reach? {
    switch condition {
    case .reach(let reach): return reach
    // Whoever is left out, all others remain.
    case .negation: return PolkitScript.Reach()
    case .opaque: return nil
    case .all(let parts):
      var result = PolkitScript.Reach()
      var isKnown = false
      for part in parts {
        // A part that is not understood can only narrow.
        if let reach = reach(of: part) {
          result = result.narrowed(by: reach)
          isKnown = true
        }
      }
      // Without a word on who it is, the unknown part may be that word.
      let hasOpaque = parts.contains { reach(of: $0) == nil }
      return isKnown && !(hasOpaque && result.identities == nil) ? result : nil
    case .any(let parts):
      var result: PolkitScript.Reach?
      for part in parts {
        guard let reach = reach(of: part) else { return nil }
        result = result?.widened(by: reach) ?? reach
      }
      return result
    }
  }

  private mutating func expression() throws(Strange) -> Condition {
    depth += 1
    defer { depth -= 1 }
    if depth > 50 { throw Strange() }
    var parts = [try conjunction()]
    while take("||") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(Strange) -> Condition {
    var parts = [try unary()]
    while take("&&") { parts.append(try unary()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func unary() throws(Strange) -> Condition {
    if take("!") {
      depth += 1
      defer { depth -= 1 }
      if depth > 50 { throw Strange() }
      return .negation(try unary())
    }
    if take("(") {
      let inner = try expression()
      try need(")")
      return inner
    }
    return try comparison()
  }

  private mutating func comparison() throws(Strange) -> Condition {
    let start = at
    if take(action), take(".") {
      if take("id") {
        if take(".") { return try idMethod() }
        if let sign = equality(), let text = peek, text.kind == .text {
          at += 1
          let reach = Condition.reach(.init(actions: [text.text]))
          return sign ? reach : .negation(reach)
        }
      }
    } else {
      at = start
      if take(subject), take(".") {
        if take("isInGroup") {
          let name = try argument()
          return .reach(.init(identities: ["unix-group:" + name]))
        }
        if take("isInNetGroup") {
          let name = try argument()
          return .reach(.init(identities: ["unix-netgroup:" + name]))
        }
        if take("user") {
          if let sign = equality(), let text = peek, text.kind == .text {
            at += 1
            let reach = Condition.reach(.init(identities: ["unix-user:" + text.text]))
            return sign ? reach : .negation(reach)
          }
        } else if take("local") || take("active") {
          let isLocal = items[at - 1].text == "local"
          let reach = Condition.reach(.init(isLocal: isLocal, isActive: !isLocal))
          guard let sign = equality() else { return reach }
          if take("true") { return sign ? reach : .negation(reach) }
          if take("false") { return sign ? .negation(reach) : reach }
        }
      }
    }
    // Anything else up to the end of this part.
    at = start
    var open = 0
    while let token = peek {
      if token.kind == .unknown { throw Strange() }
      if token.kind == .sign {
        if open == 0, ["&&", "||", ")", ";", "{"].contains(token.text) { break }
        if "([".contains(token.text) { open += 1 }
        if ")]".contains(token.text) { open -= 1 }
      }
      at += 1
    }
    if at == start { throw Strange() }
    return .opaque
  }

  private mutating func equality() -> Bool? {
    if take("==") || take("===") { return true }
    if take("!=") || take("!==") { return false }
    return nil
  }

  private mutating func argument() throws(Strange) -> String {
    try need("(")
    guard let text = peek, text.kind == .text else { throw Strange() }
    at += 1
    try need(")")
    return text.text
  }

  /// `action.id.indexOf("prefix") == 0` and `action.id.startsWith("prefix")`.
  private mutating func idMethod() throws(Strange) -> Condition {
    if take("startsWith") { return .reach(.init(actions: [try argument() + "*"])) }
    if take("indexOf") {
      let prefix = try argument()
      if let sign = equality() {
        if take("0") {
          let reach = Condition.reach(.init(actions: [prefix + "*"]))
          return sign ? reach : .negation(reach)
        }
        if take("-"), take("1") {
          let reach = Condition.reach(.init(actions: ["*" + prefix + "*"]))
          return sign ? .negation(reach) : reach
        }
      }
      throw Strange()
    }
    if take("match") {
      skipParentheses()
      return .opaque
    }
    throw Strange()
  }
}
