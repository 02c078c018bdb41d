import RiegelModel
import SystemPackage

extension ShellRun {
  /// The value of an arithmetic expression without assignments; nil if it cannot be told.
  func arithmetic(_ text: String) -> Int? {
    var reader = ShellArithmetic(bytes: Array(text.utf8), run: self)
    let value = reader.ternary(0)
    reader.skipBlanks()
    return reader.at == reader.bytes.count ? value : nil
  }
}

/// A reader of `(( … ))`: numbers, variables, the operators of C that start-up files use.
private struct ShellArithmetic {
  let bytes: [UInt8]
  let run: ShellRun
  var at = 0

  private static let levels: [[String]] = [
    ["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"],
  ]

  init(bytes: [UInt8], run: ShellRun) {
    self.bytes = bytes
    self.run = run
  }

  mutating func skipBlanks() {
    while at < bytes.count, bytes[at] == 32 || (9...13).contains(bytes[at]) { at += 1 }
  }

  private func starts(_ sign: String) -> Bool { bytes[at...].starts(with: sign.utf8) }

  mutating func ternary(_ depth: Int) -> Int? {
    if depth > 50 { return fail() }
    return binary(0, depth)
  }

  private mutating func fail() -> Int? {
    at = bytes.count + 1
    return nil
  }

  private mutating func binary(_ level: Int, _ depth: Int) -> Int? {
    guard level < ShellArithmetic.levels.count else { return unary(depth) }
    var left = binary(level + 1, depth)
    while at <= bytes.count {
      skipBlanks()
      guard at < bytes.count,
        let sign = ShellArithmetic.levels[level].first(where: { starts($0) })
      else { return left }
      at += sign.utf8.count
      // `a = b`, `a += b` and `a++` change something.
      if at < bytes.count, bytes[at] == UInt8(ascii: "="), sign.count == 1 { return fail() }
      let right = binary(level + 1, depth)
      guard let a = left, let b = right else {
        left = nil
        continue
      }
      left = ShellArithmetic.apply(sign, a, b)
    }
    return left
  }

  private static func apply(_ sign: String, _ a: Int, _ b: Int) -> Int? {
    switch sign {
    case "||": a != 0 || b != 0 ? 1 : 0
    case "&&": a != 0 && b != 0 ? 1 : 0
    case "==": a == b ? 1 : 0
    case "!=": a != b ? 1 : 0
    case "<=": a <= b ? 1 : 0
    case ">=": a >= b ? 1 : 0
    case "<": a < b ? 1 : 0
    case ">": a > b ? 1 : 0
    case "+": a &+ b
    case "-": a &- b
    case "*": a &* b
    case "/": b == 0 || a == Int.min ? nil : a / b
    default: b == 0 || a == Int.min ? nil : a % b
    }
  }

  private mutating func unary(_ depth: Int) -> Int? {
    skipBlanks()
    guard at < bytes.count, depth < 50 else { return fail() }
    switch bytes[at] {
    case UInt8(ascii: "!"):
      at += 1
      return unary(depth + 1).map { $0 == 0 ? 1 : 0 }
    case UInt8(ascii: "-"):
      at += 1
      return unary(depth + 1).map { 0 &- $0 }
    case UInt8(ascii: "("):
      at += 1
      let value = ternary(depth + 1)
      skipBlanks()
      guard at < bytes.count, bytes[at] == UInt8(ascii: ")") else { return fail() }
      at += 1
      return value
    case UInt8(ascii: "$"):
      at += 1
      return name(depth)
    default: return name(depth)
    }
  }

  private mutating func name(_ depth: Int) -> Int? {
    let isBraced = at < bytes.count && bytes[at] == UInt8(ascii: "{")
    if isBraced { at += 1 }
    let start = at
    while at < bytes.count, ShellParser.isNameByte(bytes[at]) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if isBraced {
      guard at < bytes.count, bytes[at] == UInt8(ascii: "}") else { return fail() }
      at += 1
    }
    guard let first = text.first else { return fail() }
    if first.isNumber {
      if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
      return text.hasPrefix("0") ? Int(text, radix: 8) : Int(text)
    }
    switch run.parameterContent(text) {
    case .unset: return 0
    case .known(let value):
      if value.isEmpty { return 0 }
      return Int(value[...].trimmed)
    case .some, .unknown: return nil
    }
  }
}
