import RiegelModel
import SystemPackage

extension ShellRun {
  /// The text of a word where it is not split, as in an assignment; nil if it is unknown.
  mutating func text(_ word: ShellWord) -> String? {
    var result = ""
    var isKnown = true
    for (index, part) in word.parts.enumerated() {
      if index == 0, case .text(let text, isQuoted: false) = part, text.hasPrefix("~") {
        guard let expanded = tilde(text) else {
          isKnown = false
          continue
        }
        result += expanded
        continue
      }
      if let text = text(of: part) { result += text } else { isKnown = false }
    }
    return isKnown ? result : nil
  }

  /// The same where it may be set and not empty though its text is unknown.
  mutating func content(_ word: ShellWord) -> ShellState.Content {
    if word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .value = parameter.operation, case .some = parameterContent(parameter.name)
    {
      return .some
    }
    return text(word).map { .known($0) } ?? .unknown(conditionUnknown)
  }

  private func tilde(_ text: String) -> String? {
    guard text == "~" || text.hasPrefix("~/") else { return nil }
    guard case .known(let home) = state.variable("HOME").content else { return nil }
    return home + text.dropFirst()
  }

  private mutating func text(of part: ShellWord.Part) -> String? {
    switch part {
    case .text(let text, _): text
    case .parameter(let parameter, _): value(parameter)
    case .command(let command, _): output(of: command)
    case .arithmetic(let text): arithmetic(text).map(String.init)
    case .opaque: nil
    }
  }

  // MARK: Fields

  /// The words that a word becomes by splitting and by file names; nil where a text is unknown.
  mutating func fields(_ word: ShellWord) -> [String?] {
    var result: [String?] = []
    var current: [UInt8] = []
    var pattern: [UInt8] = []
    var isOpen = false
    var isWild = false
    var isKnown = true

    func finish(_ run: inout ShellRun) {
      guard isOpen else { return }
      if !isKnown {
        result.append(nil)
      } else if isWild,
        current.contains(where: { $0 != UInt8(ascii: "[") && "*?]".utf8.contains($0) })
      {
        let text = String(decoding: pattern, as: UTF8.self)
        if let found = run.names(text) {
          result += found.isEmpty ? [String(decoding: current, as: UTF8.self)] : found
        } else {
          result.append(nil)
        }
      } else {
        result.append(String(decoding: current, as: UTF8.self))
      }
      current = []
      pattern = []
      isOpen = false
      isWild = false
      isKnown = true
    }

    for (index, part) in word.parts.enumerated() {
      switch part {
      case .text(let text, let isQuoted):
        isOpen = true
        var text = text
        if index == 0, !isQuoted, text.hasPrefix("~") {
          guard let expanded = tilde(text) else {
            isKnown = false
            continue
          }
          text = expanded
        }
        // `{a,b}` and `{1..9}` become several words, which is not worked out.
        if !isQuoted, isBash || shell == .zsh, text.contains("{"),
          text.contains(",") || text.contains(".."), text.contains("}")
        {
          isKnown = false
        }
        for byte in text.utf8 {
          current.append(byte)
          let isSign = "*?[".utf8.contains(byte)
          if isQuoted, isSign || byte == UInt8(ascii: "\\") {
            pattern.append(UInt8(ascii: "\\"))
          }
          if !isQuoted, isSign { isWild = true }
          pattern.append(byte)
        }
      case .parameter(let parameter, let isQuoted) where parameter.name == "@" && isQuoted:
        if state.positional.isEmpty { continue }
        for (number, item) in state.positional.enumerated() {
          if number > 0 { finish(&self) }
          isOpen = true
          if let item { current += Array(item.utf8) } else { isKnown = false }
          pattern = current
        }
      case .parameter(_, isQuoted: true), .command(_, isQuoted: true), .opaque, .arithmetic:
        isOpen = true
        guard let text = text(of: part) else {
          isKnown = false
          continue
        }
        current += Array(text.utf8)
        for byte in text.utf8 {
          if "*?[\\".utf8.contains(byte) { pattern.append(UInt8(ascii: "\\")) }
          pattern.append(byte)
        }
      case .parameter, .command:
        guard let text = text(of: part) else {
          isOpen = true
          isKnown = false
          continue
        }
        if shell == .zsh {
          if !text.isEmpty { isOpen = true }
          current += Array(text.utf8)
          pattern += Array(text.utf8)
          continue
        }
        for byte in text.utf8 {
          if byte == 32 || byte == 9 || byte == 10 {
            finish(&self)
          } else {
            isOpen = true
            current.append(byte)
            pattern.append(byte)
            if "*?[".utf8.contains(byte) { isWild = true }
          }
        }
      }
    }
    finish(&self)
    return result
  }

  /// The paths that a pattern names, in order; nil if nobody can tell.
  private func names(_ pattern: String) -> [String]? {
    guard pattern.hasPrefix("/"), !pattern.contains("{"), !pattern.contains("\\") else {
      return nil
    }
    do throws(TargetError) {
      return try host.expand(pattern).map { printable($0) }
    } catch {
      return nil
    }
  }

  /// A word as a shell pattern, quoted signs protected.
  mutating func pattern(of word: ShellWord) -> [UInt8]? {
    var result: [UInt8] = []
    for part in word.parts {
      let isQuoted =
        switch part {
        case .text(_, let quoted), .parameter(_, let quoted), .command(_, let quoted): quoted
        case .arithmetic, .opaque: false
        }
      guard let text = text(of: part) else { return nil }
      for byte in text.utf8 {
        if isQuoted, "*?[]\\".utf8.contains(byte) { result.append(UInt8(ascii: "\\")) }
        result.append(byte)
      }
    }
    return result
  }

  func pattern(_ word: ShellWord) -> [UInt8]? {
    var copy = self
    return copy.pattern(of: word)
  }

  // MARK: Parameters

  func parameterContent(_ name: String) -> ShellState.Content {
    switch name {
    case "?":
      return state.status == true
        ? .known("0") : state.status == false ? .some : .unknown(conditionUnknown)
    case "#":
      return state.positional.contains { $0 == nil }
        ? .unknown(conditionUnknown) : .known(String(state.positional.count))
    case "@", "*":
      var items: [String] = []
      for item in state.positional {
        guard let item else { return .unknown(conditionUnknown) }
        items.append(item)
      }
      return items.isEmpty ? .unset : .known(items.joined(separator: " "))
    case "-": return .known(isBash ? "himBHs" : shell == .zsh ? "569XZilms" : "ims")
    case "0": return .known(shell == .zsh ? "-zsh" : isBash && shell == .bash ? "-bash" : "-sh")
    case "$", "!", "PPID", "RANDOM", "SECONDS", "EPOCHSECONDS", "LINENO": return .some
    default:
      if let number = Int(name) {
        guard number > 0, number <= state.positional.count else { return .unset }
        return state.positional[number - 1].map { .known($0) } ?? .unknown(conditionUnknown)
      }
      return state.variable(name).content
    }
  }

  private mutating func value(_ parameter: ShellParameter) -> String? {
    let content = parameterContent(parameter.name)
    switch parameter.operation {
    case .opaque: return nil
    case .value:
      switch content {
      case .known(let text): return text
      case .unset: return ""
      case .some, .unknown: return nil
      }
    case .length:
      switch content {
      case .known(let text): return String(text.count)
      case .unset: return "0"
      case .some, .unknown: return nil
      }
    case .fallback(let sign, let coversEmpty, let word):
      let isGiven: Bool
      switch content {
      case .known(let text): isGiven = !(coversEmpty && text.isEmpty)
      case .unset: isGiven = false
      case .some: isGiven = true
      case .unknown: return nil
      }
      if sign == "+" { return isGiven ? text(word) : "" }
      if isGiven {
        if case .known(let text) = content { return text }
        return nil
      }
      let given = text(word)
      if sign == "=" {
        assign(parameter.name, given.map { .known($0) } ?? .unknown(conditionUnknown))
      }
      return given
    case .cut(let fromStart, let longest, let word):
      guard case .known(let text) = content, let pattern = pattern(of: word) else {
        return content == .unset ? "" : nil
      }
      return ShellRun.cut(Array(text.utf8), pattern, fromStart, longest)
    }
  }

  private static func cut(
    _ text: [UInt8], _ pattern: [UInt8], _ fromStart: Bool, _ longest: Bool
  ) -> String {
    let lengths = longest ? Array((0...text.count).reversed()) : Array(0...text.count)
    for length in lengths {
      let piece = fromStart ? text.prefix(length) : text.suffix(length)
      if Glob.matchComponent(pattern[...], piece) {
        let rest = fromStart ? text.dropFirst(length) : text.dropLast(length)
        return String(decoding: rest, as: UTF8.self)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: Output

  /// What a command prints, where it is one of the few whose output is known.
  private mutating func output(of command: ShellCommand) -> String? {
    guard case .simple(let simple) = command, let first = simple.words.first,
      let name = first.constant
    else { return nil }
    var arguments: [String] = []
    for word in simple.words.dropFirst() {
      for field in fields(word) {
        guard let field else { return nil }
        arguments.append(field)
      }
    }
    let isRoot = account == .root
    switch name.split(separator: "/").last.map(String.init) ?? name {
    case "id":
      switch arguments.joined(separator: " ") {
      case "-u", "-ru", "-r -u", "-u -r": return isRoot ? "0" : "1000"
      case "-g", "-rg": return isRoot ? "0" : usesOwnGroup.map { $0 ? "1000" : "100" }
      case "-un", "-nu", "-u -n", "-run", "-nru", "-rnu": return isRoot ? "root" : "person"
      case "-gn", "-ng", "-g -n", "-rgn":
        return isRoot ? "root" : usesOwnGroup.map { $0 ? "person" : "users" }
      default: return nil
      }
    case "whoami", "logname": return arguments.isEmpty ? isRoot ? "root" : "person" : nil
    case "umask" where arguments.isEmpty:
      if case .known(let text) = state.umask.content { return text }
      return nil
    case "echo":
      if arguments.contains(where: { $0.hasPrefix("-") || $0.contains("\\") }) { return nil }
      return arguments.joined(separator: " ")
    case "printf":
      guard arguments.count == 1 || arguments.count == 2, let text = arguments.last,
        arguments.count == 1 ? !text.contains("%") : ["%s", "%s\\n"].contains(arguments[0]),
        !text.contains("\\")
      else { return nil }
      return text
    default: return nil
    }
  }

  /// Whether people get a group of their own, as `useradd(8)` decides it.
  private var usesOwnGroup: Bool? {
    do throws(TargetError) {
      let defs = try LoginDefs.read(host)
      return defs.isPresent ? defs.effective("USERGROUPS_ENAB")?.value == "yes" : nil
    } catch {
      return nil
    }
  }
}
