import CPCRE2

/// A compiled PCRE2 pattern with limits, so that no rule can hang an audit.
///
/// A class because the compiled code is a C resource that is freed once; matching is safe from
/// several threads, since every match has data of its own.
package final class Pattern: @unchecked Sendable {
  package let source: String
  private let code: OpaquePointer
  private let context: OpaquePointer

  /// What is wrong with a pattern, with the offset in code units.
  package struct SyntaxError: Error, Sendable, Hashable {
    package var message: String
    package var offset: Int
  }

  /// Matching stops after this many calls of the matcher (`pcre2_set_match_limit`).
  private static let matchLimit: UInt32 = 1_000_000
  private static let depthLimit: UInt32 = 10_000
  /// KiB.
  private static let heapLimit: UInt32 = 20_000

  package init(_ source: String) throws(SyntaxError) {
    var error: Int32 = 0
    var offset = 0
    // One zero more than counted, so that an empty pattern has an address too.
    let bytes = Array(source.utf8) + [0]
    let options = UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_NEVER_BACKSLASH_C)
    guard
      let code = bytes.withUnsafeBufferPointer({
        pcre2_compile_8($0.baseAddress, $0.count - 1, options, &error, &offset, nil)
      })
    else {
      throw SyntaxError(message: Pattern.message(error), offset: offset)
    }
    guard let context = pcre2_match_context_create_8(nil) else {
      pcre2_code_free_8(code)
      throw SyntaxError(message: "out of memory", offset: 0)
    }
    pcre2_set_match_limit_8(context, Pattern.matchLimit)
    pcre2_set_depth_limit_8(context, Pattern.depthLimit)
    pcre2_set_heap_limit_8(context, Pattern.heapLimit)
    // Without JIT (hardened kernels refuse writable code) the interpreter takes over.
    _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    self.source = source
    self.code = code
    self.context = context
  }

  deinit {
    pcre2_match_context_free_8(context)
    pcre2_code_free_8(code)
  }

  /// nil if a limit was reached, so nobody can tell.
  package func matches(_ text: String) -> Bool? {
    guard let data = pcre2_match_data_create_8(1, nil) else { return nil }
    defer { pcre2_match_data_free_8(data) }
    let bytes = Array(text.utf8) + [0]
    let status = bytes.withUnsafeBufferPointer {
      pcre2_match_8(code, $0.baseAddress, $0.count - 1, 0, 0, data, context)
    }
    if status >= 0 { return true }
    return status == PCRE2_ERROR_NOMATCH ? false : nil
  }

  /// The first match: the whole and its groups, nil for a group that took no part.
  /// An empty array if there is no match or a limit was reached.
  package func groups(in text: String) -> [String?] {
    guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { return [] }
    defer { pcre2_match_data_free_8(data) }
    let subject = Array(text.utf8) + [0]
    return subject.withUnsafeBufferPointer { bytes in
      let status = pcre2_match_8(code, bytes.baseAddress, bytes.count - 1, 0, 0, data, context)
      guard status > 0, let offsets = pcre2_get_ovector_pointer_8(data) else { return [] }
      return (0..<Int(pcre2_get_ovector_count_8(data))).map { group in
        let start = offsets[group * 2]
        guard start != Int.max, start >= 0, group < status else { return nil }
        return String(decoding: bytes[start..<offsets[group * 2 + 1]], as: UTF8.self)
      }
    }
  }

  private static func message(_ error: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
    return length < 0 ? "error \(error)" : String(decoding: buffer[..<Int(length)], as: UTF8.self)
  }
}

extension Pattern: Hashable {
  package static func == (a: Pattern, b: Pattern) -> Bool { a.source == b.source }
  package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
