import RiegelModel

/// A kernel command line, split the way the kernel does it (`lib/cmdline.c`, `next_arg`).
///
/// Quotes may stand round a whole parameter or round its value; blanks inside them do not split.
/// What follows `--` is for the first process and no parameter of the kernel.
struct KernelCommandLine: Sendable, Hashable {
  struct Parameter: Sendable, Hashable {
    /// As written.
    var name: String
    /// nil for a bare word such as `quiet`; empty for `quiet=`.
    var value: String?
  }

  var parameters: [Parameter] = []

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var at = 0
    while true {
      while at < bytes.count, KernelCommandLine.isSpace(bytes[at]) { at += 1 }
      guard at < bytes.count else { return }
      var start = at
      var isQuoted = false
      var wasQuoted = false
      if bytes[at] == KernelCommandLine.quote {
        start += 1
        at += 1
        isQuoted = true
        wasQuoted = true
      }
      var equals: Int?
      while at < bytes.count, isQuoted || !KernelCommandLine.isSpace(bytes[at]) {
        // The kernel overlooks an equals sign that is the very first character.
        if equals == nil, at > start, bytes[at] == UInt8(ascii: "=") { equals = at }
        if bytes[at] == KernelCommandLine.quote { isQuoted.toggle() }
        at += 1
      }
      var end = at
      var valueStart = equals.map { $0 + 1 }
      if let value = valueStart, value < end, bytes[value] == KernelCommandLine.quote {
        valueStart = value + 1
        if end > value + 1, bytes[end - 1] == KernelCommandLine.quote { end -= 1 }
      } else if wasQuoted, end > start, bytes[end - 1] == KernelCommandLine.quote {
        end -= 1
      }
      let name = String(decoding: bytes[start..<(equals ?? end)], as: UTF8.self)
      if name == "--", equals == nil { return }
      let value = valueStart.map { String(decoding: bytes[$0..<max($0, end)], as: UTF8.self) }
      parameters.append(Parameter(name: name, value: value))
    }
  }

  /// Every value given for a parameter, in order; a bare word counts as the empty text.
  ///
  /// The kernel holds `-` and `_` in names for equal.
  func values(of name: String) -> [String] {
    let wanted = KernelCommandLine.folded(name)
    return parameters.filter { KernelCommandLine.folded($0.name) == wanted }
      .map { $0.value ?? "" }
  }

  static func folded(_ name: String) -> String {
    String(
      decoding: name.utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "\"")
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || (9...13).contains(byte) || byte == 0
  }
}
