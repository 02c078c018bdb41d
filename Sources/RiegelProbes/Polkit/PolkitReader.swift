/// A condition of a rule, as far as it says who and what.
indirect enum PolkitCondition {
  case reach(PolkitScript.Reach)
  /// Says what does not hold; narrows nothing that is looked at.
  case negation(PolkitCondition)
  case all([PolkitCondition])
  case any([PolkitCondition])
  case opaque
}

/// A form that is not understood.
struct PolkitStrange: Error {}

/// Reads the functions of a rules file.
struct PolkitReader {
  let items: [PolkitToken]
  var at = 0
  /// The names of the two parameters of the function that is read.
  var action = "action"
  var subject = "subject"
  var depth = 0

  init(_ text: String) { items = polkitTokens(text) }

  private var peek: PolkitToken? { at < items.count ? items[at] : nil }

  private mutating func take(_ text: String) -> Bool {
    guard let token = peek, token.kind != .text, token.text == text else { return false }
    at += 1
    return true
  }

  private mutating func need(_ text: String) throws(PolkitStrange) {
    if !take(text) { throw PolkitStrange() }
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
        do throws(PolkitStrange) {
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
  private mutating func read(_ function: inout PolkitScript.Function) throws(PolkitStrange) {
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
  ) throws(PolkitStrange) -> Bool {
    depth += 1
    defer { depth -= 1 }
    if depth > 50 { throw PolkitStrange() }
    while !take("}") {
      guard peek != nil else { throw PolkitStrange() }
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
  ) throws(PolkitStrange) -> Bool {
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
      let outcome = PolkitReader.reach(of: condition)
      then = outcome.map { reach.narrowed(by: $0) } ?? reach
      let before = function.outcomes.count
      let returns = try statement(&function, &then)
      // A condition that is not understood and widens cannot be left out.
      if outcome == nil, function.outcomes[before...].contains(where: { $0.result != "no" }) {
        throw PolkitStrange()
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
          throw PolkitStrange()
        }
        return returns && both
      }
      // After `if (!x) return …;` x holds.
      if returns, case .negation(let inner) = condition, let rest = PolkitReader.reach(of: inner) {
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
    throw PolkitStrange()
  }

  private mutating func result(
    _ function: inout PolkitScript.Function, _ reach: PolkitScript.Reach
  ) throws(PolkitStrange) {
    guard let token = peek else { throw PolkitStrange() }
    if take(";") { return }
    if function.isAdmin {
      if take("null") || take("undefined") {
        _ = take(";")
        return
      }
      try need("[")
      var identities: [String] = []
      while !take("]") {
        guard let item = peek, item.kind == .text else { throw PolkitStrange() }
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
        throw PolkitStrange()
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
      guard let name = peek, name.kind == .name else { throw PolkitStrange() }
      at += 1
      value = name.text
    }
    _ = take(";")
    value = value.lowercased()
    if value == "not_handled" { return }
    guard
      ["yes", "no", "auth_self", "auth_self_keep", "auth_admin", "auth_admin_keep"]
        .contains(value)
    else { throw PolkitStrange() }
    function.outcomes.append(
      PolkitScript.Outcome(result: value, reach: reach, line: token.line))
  }

  // MARK: Conditions

  /// Whom a condition lets through at most; nil if that is not known.
  static func reach(of condition: PolkitCondition) -> PolkitScript.Reach? {
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

  private mutating func expression() throws(PolkitStrange) -> PolkitCondition {
    depth += 1
    defer { depth -= 1 }
    if depth > 50 { throw PolkitStrange() }
    var parts = [try conjunction()]
    while take("||") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(PolkitStrange) -> PolkitCondition {
    var parts = [try unary()]
    while take("&&") { parts.append(try unary()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func unary() throws(PolkitStrange) -> PolkitCondition {
    if take("!") {
      depth += 1
      defer { depth -= 1 }
      if depth > 50 { throw PolkitStrange() }
      return .negation(try unary())
    }
    if take("(") {
      let inner = try expression()
      try need(")")
      return inner
    }
    return try comparison()
  }

  private mutating func comparison() throws(PolkitStrange) -> PolkitCondition {
    let start = at
    if take(action), take(".") {
      if take("id") {
        if take(".") { return try idMethod() }
        if let sign = equality(), let text = peek, text.kind == .text {
          at += 1
          let reach = PolkitCondition.reach(.init(actions: [text.text]))
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
            let reach = PolkitCondition.reach(.init(identities: ["unix-user:" + text.text]))
            return sign ? reach : .negation(reach)
          }
        } else if take("local") || take("active") {
          let isLocal = items[at - 1].text == "local"
          let reach = PolkitCondition.reach(.init(isLocal: isLocal, isActive: !isLocal))
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
      if token.kind == .unknown { throw PolkitStrange() }
      if token.kind == .sign {
        if open == 0, ["&&", "||", ")", ";", "{"].contains(token.text) { break }
        if "([".contains(token.text) { open += 1 }
        if ")]".contains(token.text) { open -= 1 }
      }
      at += 1
    }
    if at == start { throw PolkitStrange() }
    return .opaque
  }

  private mutating func equality() -> Bool? {
    if take("==") || take("===") { return true }
    if take("!=") || take("!==") { return false }
    return nil
  }

  private mutating func argument() throws(PolkitStrange) -> String {
    try need("(")
    guard let text = peek, text.kind == .text else { throw PolkitStrange() }
    at += 1
    try need(")")
    return text.text
  }

  /// `action.id.indexOf("prefix") == 0` and `action.id.startsWith("prefix")`.
  private mutating func idMethod() throws(PolkitStrange) -> PolkitCondition {
    if take("startsWith") { return .reach(.init(actions: [try argument() + "*"])) }
    if take("indexOf") {
      let prefix = try argument()
      if let sign = equality() {
        if take("0") {
          let reach = PolkitCondition.reach(.init(actions: [prefix + "*"]))
          return sign ? reach : .negation(reach)
        }
        if take("-"), take("1") {
          let reach = PolkitCondition.reach(.init(actions: ["*" + prefix + "*"]))
          return sign ? .negation(reach) : reach
        }
      }
      throw PolkitStrange()
    }
    if take("match") {
      skipParentheses()
      return .opaque
    }
    throw PolkitStrange()
  }
}
