package import SystemPackage

/// A shell pattern over absolute paths: `*` and `?` stay within a component, `[a-z]` is a class,
/// `{a,b}` alternatives, `**` any number of components, itself included (`/proc/**` covers `/proc`).
package struct Glob: Sendable, Hashable {
  package let pattern: String
  /// Per alternative, the pattern's components.
  private let alternatives: [[[UInt8]]]

  package init(_ pattern: String) {
    self.pattern = pattern
    alternatives = Glob.expandBraces(pattern).map { text in
      text.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    }
  }

  package func matches(_ path: FilePath) -> Bool {
    let components = path.components.map { Array($0.bytes) }
    return alternatives.contains { Glob.match($0[...], components[...]) }
  }

  /// Whether the pattern matches a text without regard to `/`, as `fnmatch(3)` without flags.
  package func matches(text: String) -> Bool {
    Glob.expandBraces(pattern).contains {
      Glob.matchComponent(Array($0.utf8)[...], Array(text.utf8)[...])
    }
  }

  /// The patterns without braces that `matches(text:)` tries, for a caller who asks often.
  package var textAlternatives: [[UInt8]] { Glob.expandBraces(pattern).map { Array($0.utf8) } }

  /// The longest path without a wildcard that everything matched lies below.
  package var fixedPrefix: FilePath {
    var shared: [[UInt8]]?
    for components in alternatives {
      let fixed = components.prefix { !Glob.isWild($0) }
      if let known = shared {
        shared = Array(zip(known, fixed).prefix { $0 == $1 }.map(\.0))
      } else {
        shared = Array(fixed)
      }
    }
    return FilePath(
      "/"
        + (shared ?? []).map { String(decoding: $0, as: UTF8.self) }
        .joined(separator: "/"))
  }

  package var hasWildcard: Bool {
    alternatives.count != 1 || alternatives[0].contains(where: Glob.isWild)
  }

  private static func isWild(_ component: [UInt8]) -> Bool {
    component.contains {
      $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
    }
  }

  private static func match(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == Array("**".utf8) {
      let rest = pattern.dropFirst()
      return (path.startIndex...path.endIndex).contains { match(rest, path[$0...]) }
    }
    guard let component = path.first, matchComponent(first[...], component[...]) else {
      return false
    }
    return match(pattern.dropFirst(), path.dropFirst())
  }

  package static func matchComponent(
    _ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>
  ) -> Bool {
    pattern.withUnsafeBytes { pattern in
      text.withUnsafeBytes { matchComponent(pattern, $0) }
    }
  }

  /// Iterative with one point to fall back to, so that no pattern is slower than quadratic; does
  /// not allocate.
  package static func matchComponent(
    _ pattern: UnsafeRawBufferPointer, _ text: UnsafeRawBufferPointer
  ) -> Bool {
    var p = pattern.startIndex
    var t = text.startIndex
    var retry: (p: Int, t: Int)?
    while t < text.endIndex {
      if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
        retry = (p + 1, t)
        p += 1
        continue
      }
      if p < pattern.endIndex, let next = matchOne(pattern, at: p, text[t]) {
        p = next
        t += 1
        continue
      }
      guard let back = retry else { return false }
      p = back.p
      t = back.t + 1
      retry = (back.p, back.t + 1)
    }
    while p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") { p += 1 }
    return p == pattern.endIndex
  }

  /// Where the pattern goes on if its element at `p` matches the byte.
  private static func matchOne(
    _ pattern: UnsafeRawBufferPointer, at p: Int, _ byte: UInt8
  ) -> Int? {
    switch pattern[p] {
    case UInt8(ascii: "?"): return p + 1
    case UInt8(ascii: "\\") where p + 1 < pattern.endIndex:
      return pattern[p + 1] == byte ? p + 2 : nil
    case UInt8(ascii: "["):
      var at = p + 1
      var negated = false
      if at < pattern.endIndex, pattern[at] == UInt8(ascii: "!") || pattern[at] == UInt8(ascii: "^")
      {
        negated = true
        at += 1
      }
      var found = false
      var isFirst = true
      while at < pattern.endIndex, isFirst || pattern[at] != UInt8(ascii: "]") {
        isFirst = false
        let low = pattern[at]
        if at + 2 < pattern.endIndex, pattern[at + 1] == UInt8(ascii: "-"),
          pattern[at + 2] != UInt8(ascii: "]")
        {
          if low <= byte, byte <= pattern[at + 2] { found = true }
          at += 3
        } else {
          if low == byte { found = true }
          at += 1
        }
      }
      // An unclosed bracket is an ordinary character, as in fnmatch(3).
      guard at < pattern.endIndex else { return byte == UInt8(ascii: "[") ? p + 1 : nil }
      return found != negated ? at + 1 : nil
    case let literal: return literal == byte ? p + 1 : nil
    }
  }

  /// The texts that the first pair of braces stands for, and so on; an unclosed brace is a
  /// character like any other.
  private static func expandBraces(_ text: String) -> [String] {
    guard let open = text.firstIndex(of: "{") else { return [text] }
    var depth = 0
    var parts: [Substring] = []
    var start = text.index(after: open)
    for at in text[open...].indices {
      switch text[at] {
      case "{": depth += 1
      case "," where depth == 1:
        parts.append(text[start..<at])
        start = text.index(after: at)
      case "}" where depth == 1:
        parts.append(text[start..<at])
        let tail = text[text.index(after: at)...]
        return parts.flatMap { expandBraces(String(text[..<open]) + $0 + tail) }
      case "}": depth -= 1
      default: break
      }
    }
    return [text]
  }
}

extension FilePath.Component {
  /// The name's bytes, without a terminating zero.
  package var bytes: [UInt8] {
    withPlatformString { pointer in
      var bytes: [UInt8] = []
      var at = pointer
      while at.pointee != 0 {
        bytes.append(UInt8(bitPattern: at.pointee))
        at += 1
      }
      return bytes
    }
  }
}
