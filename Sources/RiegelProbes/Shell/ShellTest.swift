import RiegelModel
import SystemPackage

/// Works out `test`, `[` and `[[`; nil where only the session could.
struct ShellTest {
  private var items: [ShellWord]
  private var run: ShellRun
  private var at = 0
  private var isExtended = false

  init(words: [ShellWord], run: ShellRun) {
    items = words
    self.run = run
  }

  /// `[ … ]`: words are split first, so `[ $x = y ]` with an empty `$x` has two.
  mutating func plain() -> Bool? {
    var words: [ShellWord] = []
    for item in items {
      let fields = run.fields(item)
      // A word with an unknown text counts as one.
      if fields.contains(where: { $0 == nil }) {
        words.append(
          ShellWord(parts: [.parameter(presence(item), isQuoted: true)], line: item.line))
      } else {
        for field in fields {
          words.append(ShellWord(parts: [.text(field ?? "", isQuoted: true)], line: item.line))
        }
      }
    }
    items = words
    if items.isEmpty { return false }
    let value = disjunction()
    return at == items.count ? value : nil
  }

  mutating func extended() -> Bool? {
    isExtended = true
    let value = disjunction()
    return at == items.count ? value : nil
  }

  /// Keeps the parameter of a word that is nothing else, so that "set and not empty" can be told.
  private func presence(_ word: ShellWord) -> ShellParameter {
    if word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0] {
      return parameter
    }
    return ShellParameter(name: "", operation: .opaque)
  }

  private func sign(_ offset: Int = 0) -> String? {
    guard at + offset < items.count else { return nil }
    let word = items[at + offset]
    return isExtended ? word.plain : word.constant
  }

  private mutating func disjunction() -> Bool? {
    var value = conjunction()
    while let sign = sign(), sign == (isExtended ? "||" : "-o") {
      at += 1
      let right = conjunction()
      value = value == true || right == true ? true : value == nil || right == nil ? nil : false
    }
    return value
  }

  private mutating func conjunction() -> Bool? {
    var value = negation()
    while let sign = sign(), sign == (isExtended ? "&&" : "-a") {
      at += 1
      let right = negation()
      value = value == false || right == false ? false : value == nil || right == nil ? nil : true
    }
    return value
  }

  private mutating func negation() -> Bool? {
    if sign() == "!", at + 1 < items.count, !isBinary(sign(1)) || items.count - at > 3 {
      at += 1
      return negation().map { !$0 }
    }
    if sign() == "(", at + 2 < items.count, !isBinary(sign(1)) {
      at += 1
      let value = disjunction()
      guard sign() == ")" else {
        at = items.count + 1
        return nil
      }
      at += 1
      return value
    }
    return primary()
  }

  private static let binary: Set<String> = [
    "=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef",
  ]

  private func isBinary(_ sign: String?) -> Bool { sign.map(ShellTest.binary.contains) ?? false }

  private mutating func primary() -> Bool? {
    guard at < items.count else {
      at = items.count + 1
      return nil
    }
    if at + 2 < items.count, let sign = sign(1), ShellTest.binary.contains(sign) {
      let left = items[at]
      let right = items[at + 2]
      at += 3
      return compare(left, sign, right)
    }
    if let sign = sign(), sign.count == 2, sign.hasPrefix("-"), at + 1 < items.count,
      !["-a", "-o"].contains(sign) || at == 0
    {
      let operand = items[at + 1]
      at += 2
      return unary(sign, operand)
    }
    let word = items[at]
    at += 1
    return isFilled(word)
  }

  private mutating func isFilled(_ word: ShellWord) -> Bool? {
    if let text = run.text(word) { return !text.isEmpty }
    // Text that is known in part is enough.
    for part in word.parts {
      if case .text(let text, _) = part, !text.isEmpty { return true }
      if case .parameter(let parameter, _) = part, case .value = parameter.operation,
        case .some = run.parameterContent(parameter.name)
      {
        return true
      }
      if case .parameter(let parameter, _) = part,
        case .fallback(let sign, _, _) = parameter.operation, sign == "-",
        case .some = run.parameterContent(parameter.name)
      {
        return true
      }
    }
    return nil
  }

  private mutating func compare(_ left: ShellWord, _ sign: String, _ right: ShellWord) -> Bool? {
    switch sign {
    case "=", "==", "!=":
      guard let a = run.text(left) else {
        // Something that is set is not the empty text.
        if isFilled(left) == true, run.text(right) == "" { return sign == "!=" }
        return nil
      }
      if a.isEmpty, isFilled(right) == true, run.text(right) == nil { return sign == "!=" }
      let equal: Bool
      if isExtended {
        guard let pattern = run.pattern(right) else { return nil }
        equal = Glob.matchComponent(pattern[...], Array(a.utf8)[...])
      } else {
        guard let b = run.text(right) else { return nil }
        equal = a == b
      }
      return equal == (sign != "!=")
    case "-eq", "-ne", "-lt", "-le", "-gt", "-ge":
      guard let a = number(left), let b = number(right) else { return nil }
      switch sign {
      case "-eq": return a == b
      case "-ne": return a != b
      case "-lt": return a < b
      case "-le": return a <= b
      case "-gt": return a > b
      default: return a >= b
      }
    default: return nil
    }
  }

  private mutating func number(_ word: ShellWord) -> Int? {
    guard let text = run.text(word) else { return nil }
    if let number = Int(text[...].trimmed) { return number }
    return isExtended ? run.arithmetic(text) : nil
  }

  private mutating func unary(_ sign: String, _ word: ShellWord) -> Bool? {
    switch sign {
    case "-n": return isFilled(word)
    case "-z": return isFilled(word).map { !$0 }
    case "-v":
      guard let name = run.text(word) else { return nil }
      switch run.parameterContent(name) {
      case .unset: return false
      case .known, .some: return true
      case .unknown: return nil
      }
    case "-o": return nil
    case "-t": return true
    case "-f", "-d", "-e", "-r", "-s", "-x", "-w", "-L", "-h", "-a":
      guard let path = run.text(word) else { return nil }
      return file(sign, path)
    default: return nil
    }
  }

  private func file(_ sign: String, _ text: String) -> Bool? {
    if text.isEmpty { return false }
    guard text.hasPrefix("/") else { return nil }
    // The home of the person who logs in is taken for empty.
    if run.account == .person, text.hasPrefix(ShellRun.personHome) { return false }
    do throws(TargetError) {
      let isLink = sign == "-L" || sign == "-h"
      guard let metadata = try run.host.metadata(of: FilePath(text), following: !isLink) else {
        return false
      }
      let others = metadata.mode & 0o7
      let isRoot = run.account == .root
      switch sign {
      case "-f": return metadata.kind == .file
      case "-d": return metadata.kind == .directory
      case "-s": return metadata.size > 0
      case "-L", "-h": return metadata.kind == .link
      case "-r": return isRoot || others & 4 != 0
      case "-w": return isRoot || others & 2 != 0
      case "-x": return isRoot ? metadata.mode & 0o111 != 0 : others & 1 != 0
      default: return true
      }
    } catch {
      return nil
    }
  }
}
