import RiegelModel
import SystemPackage

extension ShellRun {
  mutating func run(_ simple: ShellSimple) {
    line = simple.line
    var arguments: [String?] = []
    for (index, word) in simple.words.enumerated() {
      // `export A=$B` is an assignment, and its value is not split.
      if index > 0, let first = arguments.first ?? nil, ShellRun.declaring.contains(first),
        let (name, _) = ShellRun.assignment(word), !name.isEmpty
      {
        arguments.append("\u{0}\(index)")
      } else {
        arguments += fields(word)
      }
    }
    guard let first = arguments.first else {
      for assignment in simple.assignments where !state.isDead { assign(assignment) }
      // Of `A=$(program)` the program's status counts.
      if !state.isDead { state.status = simple.assignments.contains(where: \.runs) ? nil : true }
      return
    }
    guard let name = first else {
      // A command whose name is unknown: a program most likely, and then it changes nothing here.
      state.status = nil
      return
    }
    if let body = state.functions[name], !ShellRun.special.contains(name) {
      // What a function sets for itself alone is the same here as an assignment before it.
      withTemporary(simple.assignments) { $0.call(body, Array(arguments.dropFirst())) }
      return
    }
    let isSpecial = ShellRun.special.contains(name) && shell == .sh && !isBash
    if isSpecial {
      for assignment in simple.assignments where !state.isDead { assign(assignment) }
      builtin(name, Array(arguments.dropFirst()), simple)
    } else if simple.assignments.isEmpty {
      builtin(name, Array(arguments.dropFirst()), simple)
    } else {
      withTemporary(simple.assignments) {
        $0.builtin(name, Array(arguments.dropFirst()), simple)
      }
    }
  }

  private static let special: Set<String> = [
    ".", ":", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return", "set",
    "shift", "times", "trap", "unset",
  ]
  private static let declaring: Set<String> = [
    "export", "readonly", "declare", "typeset", "local", "integer", "float",
  ]

  private mutating func withTemporary(
    _ assignments: [ShellAssignment], _ body: (inout ShellRun) -> Void
  ) {
    let before = assignments.map { ($0.name, state.variables[$0.name]) }
    for assignment in assignments where !state.isDead { assign(assignment) }
    if state.isDead { return }
    body(&self)
    for (name, old) in before {
      // `A=1 readonly A` keeps what it was given; zsh has ways of its own there.
      if state.variables[name]?.isReadonly == true, old?.isReadonly != true {
        if shell == .zsh {
          let reason = conditionUnknown
          state.variables[name]?.isReadonly = nil
          state.variables[name]?.content = .unknown(reason)
        } else if isBash {
          state.variables[name]?.isExported = true
        }
        continue
      }
      state.variables[name] = old
    }
  }

  private mutating func call(_ body: ShellCommand, _ arguments: [String?]) {
    let positional = state.positional
    let place = (file, line)
    state.positional = arguments
    frames.append(Frame(kind: .function))
    run(body)
    let frame = frames.removeLast()
    for other in frame.returned { state = state.joined(with: other, conditionUnknown) }
    for (name, old) in frame.locals { state.variables[name] = old }
    state.positional = positional
    (file, line) = place
  }

  // MARK: Assignments

  private mutating func assign(_ assignment: ShellAssignment) {
    line = assignment.line
    guard let word = assignment.value else {
      assign(assignment.name, .unknown(undetermined("an array", "ein Feld")))
      return
    }
    var new = content(word)
    if assignment.adds {
      switch (state.variable(assignment.name).content, new) {
      case (.unset, _): break
      case (.known(let old), .known(let more)): new = .known(old + more)
      default: new = .unknown(conditionUnknown)
      }
    }
    assign(assignment.name, new)
  }

  /// Sets a variable and leaves the rest of its attributes; false where it is read-only.
  @discardableResult
  mutating func assign(_ name: String, _ content: ShellState.Content) -> Bool {
    var variable = state.variable(name)
    if variable.isReadonly == true {
      discard()
      return false
    }
    store(content, in: &variable)
    state.variables[name] = variable
    return true
  }

  func store(_ content: ShellState.Content, in variable: inout ShellState.Variable) {
    var content = content
    if variable.isReadonly == nil {
      // What ran unseen hardly made this very variable read-only; a branch that did is known.
      if variable.isDoubtful {
        if variable.content != content { content = .unknown(conditionUnknown) }
      } else {
        variable.isReadonly = false
      }
    }
    if let origin = variable.origin {
      let old: String? =
        switch variable.content {
        case .known(let text): text
        case .unset: ""
        case .some, .unknown: nil
        }
      if let old { variable.overrides.append(.init(old, origin)) }
    }
    variable.content = content
    variable.origin = place
    variable.isTouched = true
  }

  /// The name and value of a word that assigns, as an argument of `export` and its kin.
  private static func assignment(_ word: ShellWord) -> (String, ShellWord)? {
    guard case .text(let text, isQuoted: false)? = word.parts.first,
      let equals = text.firstIndex(of: "=")
    else { return nil }
    var name = text[..<equals]
    if name.hasSuffix("+") { name = name.dropLast() }
    guard !name.isEmpty, name.utf8.allSatisfy(ShellParser.isNameByte),
      name.first?.isNumber == false
    else { return nil }
    var value = word
    let rest = String(text[text.index(after: equals)...])
    value.parts[0] = .text(rest, isQuoted: false)
    if rest.isEmpty { value.parts.removeFirst() }
    return (String(name), value)
  }

  /// `export`, `readonly`, `declare`, `typeset`, `local`.
  private mutating func declare(_ command: String, _ words: [ShellWord]) {
    var makesReadonly: Bool? = command == "readonly" ? true : nil
    var exports: Bool? = command == "export" ? true : nil
    var isLocal = command == "local"
    var isGlobal = command == "export" || command == "readonly"
    var isInteger = command == "integer"
    var status = true
    if command == "declare" || command == "typeset" || command == "integer" { isLocal = true }
    var areOptions = true
    for word in words {
      if areOptions, let option = word.plain, let sign = option.first, "-+".contains(sign),
        option.count > 1
      {
        if option == "--" {
          areOptions = false
          continue
        }
        for letter in option.dropFirst() {
          switch letter {
          case "r": makesReadonly = sign == "-" ? true : nil
          case "x": exports = sign == "-"
          case "g": isGlobal = true
          case "n" where command == "export": exports = false
          case "i": isInteger = true
          case "p", "f", "F":
            state.status = nil
            return
          default: break
          }
        }
        continue
      }
      areOptions = false
      var name = ""
      var content: ShellState.Content?
      if let (target, value) = ShellRun.assignment(word) {
        name = target
        if isInteger {
          content =
            text(value).flatMap { arithmetic($0) }.map { .known(String($0)) }
            ?? .unknown(conditionUnknown)
        } else {
          content = self.content(value)
        }
        if case .text(let text, _)? = word.parts.first, text.hasSuffix("+="), content != nil {
          content = .unknown(conditionUnknown)
        }
      } else {
        guard let text = text(word), text.utf8.allSatisfy(ShellParser.isNameByte) else {
          status = false
          continue
        }
        name = text
      }
      if isLocal, !isGlobal,
        let index = frames.lastIndex(where: { $0.kind == .function || $0.kind == .file }),
        frames[index].kind == .function
      {
        let old = state.variable(name)
        if frames[index].locals[name] == nil { frames[index].locals[name] = old }
      }
      var variable = state.variable(name)
      if variable.isReadonly == true, content != nil {
        if isBash {
          if command == "export", exports == true {
            variable.isExported = true
            state.variables[name] = variable
          }
          status = false
          continue
        }
        discard()
        return
      }
      if let content { store(content, in: &variable) }
      if let exports { variable.isExported = exports }
      if makesReadonly == true, variable.isReadonly != true {
        variable.isReadonly = true
        variable.readonlyOrigin = place
      }
      state.variables[name] = variable
    }
    state.status = status
  }

  private mutating func unset(_ arguments: [String?]) {
    var functions = false
    state.status = true
    for argument in arguments {
      guard let name = argument else {
        state.spoil(conditionUnknown)
        return
      }
      if name.hasPrefix("-") {
        functions = name.contains("f")
        continue
      }
      if functions {
        state.functions[name] = nil
        continue
      }
      var variable = state.variable(name)
      if variable.isReadonly == true {
        if isBash {
          state.status = false
          continue
        }
        discard()
        return
      }
      store(.unset, in: &variable)
      if variable.isReadonly != nil { variable.isExported = false }
      state.variables[name] = variable
      // Without a variable of that name, bash takes a function.
    }
  }

  // MARK: Builtins

  private mutating func builtin(_ name: String, _ arguments: [String?], _ simple: ShellSimple) {
    switch name {
    case ":", "true", "alias", "unalias", "bind", "complete", "compopt", "enable", "hash", "jobs",
      "trap", "ulimit", "setopt", "unsetopt", "zstyle", "bindkey", "autoload", "zmodload", "cd",
      "pushd", "popd", "wait", "times", "history", "fc", "stty":
      state.status = name == ":" || name == "true" ? true : nil
    case "false": state.status = false
    case "echo", "printf":
      state.status = true
      if name == "printf", arguments.first == "-v" {
        guard let target = arguments.dropFirst().first ?? nil else {
          return state.spoil(conditionUnknown)
        }
        assign(target, .unknown(conditionUnknown))
      }
    case "export", "readonly", "declare", "typeset", "local", "integer":
      declare(name, Array(simple.words.dropFirst()))
    case "unset": unset(arguments)
    case "umask": umask(arguments)
    case ".", "source": sourceFile(arguments)
    case "eval": evaluateArguments(arguments, simple)
    case "command", "builtin", "exec":
      guard let next = arguments.first else {
        state.status = true
        return
      }
      if name == "exec" {
        // The shell becomes another program, and nothing of it is left to be idle.
        state.isDead = true
      } else if next?.hasPrefix("-") == true || shell == .zsh && name == "command" {
        // `command` of zsh runs programs only.
        state.status = nil
      } else if let next {
        var inner = simple
        inner.words.removeFirst()
        builtin(next, Array(arguments.dropFirst()), inner)
      } else {
        state.status = nil
      }
    case "return", "exit", "logout":
      if let text = arguments.first ?? nil { state.status = text == "0" }
      if name == "return" { leave(.function) } else { state.isDead = true }
    case "break": leave(.loop, levels: arguments.first.flatMap { $0 }.flatMap { Int($0) } ?? 1)
    case "continue":
      continueLoop(levels: arguments.first.flatMap { $0 }.flatMap { Int($0) } ?? 1)
    case "set":
      state.status = true
      if let first = arguments.first ?? nil, first == "--" {
        state.positional = Array(arguments.dropFirst())
      } else if let first = arguments.first ?? nil, !first.hasPrefix("-"), !first.hasPrefix("+") {
        state.positional = arguments
      }
    case "shift":
      let count = arguments.first.flatMap { $0 }.flatMap { Int($0) } ?? 1
      state.positional = Array(state.positional.dropFirst(count))
      state.status = nil
    case "shopt": state.status = arguments.first == "-s" ? true : nil
    case "test", "[":
      var words = Array(simple.words.dropFirst())
      if name == "[" { words = Array(words.dropLast()) }
      var test = ShellTest(words: words, run: self)
      state.status = test.plain()
    case "read", "getopts", "mapfile", "readarray", "let":
      for argument in arguments {
        guard let name = argument else { return state.spoil(conditionUnknown) }
        let target = name.prefix { $0 != "=" }
        if !target.isEmpty, target.utf8.allSatisfy(ShellParser.isNameByte) {
          state.spoil(String(target), conditionUnknown)
        }
      }
      state.status = nil
    case "emulate": state.status = true
    default: state.status = nil
    }
  }

  private mutating func sourceFile(_ arguments: [String?]) {
    guard let first = arguments.first else {
      state.status = false
      return
    }
    guard let path = first, path.hasPrefix("/") else {
      state.spoil(
        undetermined(
          "reads a file whose name depends on the session",
          "liest eine Datei, deren Name von der Sitzung abhängt"))
      return
    }
    let positional = state.positional
    if arguments.count > 1 { state.positional = Array(arguments.dropFirst()) }
    if source(FilePath(path)) {
      if arguments.count > 1 { state.positional = positional }
      return
    }
    state.status = false
    if shell == .sh, !isBash { discard() }
  }

  /// Programs that print assignments of variables of their own, never of the shell's.
  private static let generators: Set<String> = [
    "dircolors", "lesspipe", "lesspipe.sh", "lessfile", "ssh-agent", "gpg-agent", "resize",
    "locale", "tset", "keychain", "register-python-argcomplete", "SHELL=/bin/sh",
  ]

  private mutating func evaluateArguments(_ arguments: [String?], _ simple: ShellSimple) {
    var texts: [String] = []
    for argument in arguments { if let argument { texts.append(argument) } }
    if texts.count == arguments.count {
      evaluate(texts.joined(separator: " "))
      return
    }
    for word in simple.words.dropFirst() {
      for part in word.parts {
        guard case .command(.simple(let inner), _) = part else { continue }
        let program = inner.words.first?.constant ?? ""
        let name = program.split(separator: "/").last.map(String.init) ?? program
        if ShellRun.generators.contains(name) {
          state.status = nil
          return
        }
      }
    }
    state.spoil(
      undetermined(
        "runs text that is made when the session starts",
        "führt Text aus, der erst beim Sitzungsbeginn entsteht"))
  }
}
