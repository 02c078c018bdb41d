import CCrypt

/// A password's hash for the one question whether a given phrase gives it.
///
/// Never part of a fact. What it costs to try a phrase follows from the method and its parameters
/// alone, so that what is tried does not hang on how fast the machine is.
struct PasswordHash: Sendable {
  enum Answer: Sendable, Hashable {
    case matches, differs
    /// This machine's libcrypt does not know the method, or there is none.
    case unsupported
  }

  private let text: String
  private let isTraditional: Bool
  /// What one try costs, in tenths of a millisecond of a processor of 2020; nil if the method or
  /// its parameters are not known here, or it would take more memory than a probe may.
  let cost: Int?
  /// Salt and hash were taken out when this was captured.
  let isRedacted: Bool

  init(_ field: Substring) {
    let bytes = Array(field.utf8)
    isTraditional = bytes.first != UInt8(ascii: "$") && bytes.first != UInt8(ascii: "_")
    // What stands behind 13 characters is ageing of HP-UX, or the rest of a longer phrase.
    text = String(isTraditional ? field.prefix(13) : field)
    isRedacted =
      field.hasSuffix("REDACTED") || bytes.count > 12 && bytes.dropFirst().allSatisfy { $0 == 46 }
    cost = PasswordHash.cost(bytes)
  }

  func answer(_ phrase: String) -> Answer {
    // The longest of crypt(5) is 384 bytes; a phrase with NUL would be cut.
    guard phrase.utf8.count <= 512, !phrase.utf8.contains(0), !text.utf8.contains(0) else {
      return .differs
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      guard let start = buffer.baseAddress else { return .unsupported }
      let status = phrase.withCString { phrase in
        text.withCString { crypt_hash(phrase, $0, start, buffer.count) }
      }
      guard status == 0 else { return .unsupported }
      return String(cString: start) == text ? .matches : .differs
    }
  }

  /// No try takes more than this many blocks of 128 bytes (128 MiB).
  private static let mostBlocks = 1 << 20

  /// Measured with libxcrypt 4.4 (`crypt(5)`): the same within a factor of two on what is in use.
  private static func cost(_ hash: [UInt8]) -> Int? {
    guard hash.first == UInt8(ascii: "$") else {
      guard hash.first == UInt8(ascii: "_") else { return 1 }
      return digits(hash.dropFirst().prefix(4)).map { 1 + $0 / 700 }
    }
    let parts = hash.dropFirst().split(
      separator: UInt8(ascii: "$"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count > 1 else { return nil }
    let option = parts[1]
    switch String(decoding: parts[0], as: UTF8.self) {
    case "1": return 2
    case "3": return 1
    case "5": return rounds(option).map { 1 + $0 / 240 }
    case "6": return rounds(option).map { 1 + $0 / 275 }
    case "sha1": return number(option).map { 1 + $0 / 120 }
    case "2a", "2b", "2x", "2y":
      return number(option).flatMap { (4...24).contains($0) ? 1 + (6 << $0) / 10 : nil }
    case "y", "gy":
      // Flavour, N and r; whoever gives more asks for a parallelism or time of his own.
      guard option.count == 3, let n = digits(option.dropFirst().prefix(1)),
        let r = digits(option.suffix(1))
      else { return nil }
      return blocks(n + 1, r + 1).map { 1 + $0 / 570 }
    case "7":
      guard let n = digits(option.prefix(1)), let r = digits(option.dropFirst().prefix(5)),
        let p = digits(option.dropFirst(6).prefix(5)), p == 1
      else { return nil }
      return blocks(n, r).map { 1 + $0 / 315 }
    case let name where name.hasPrefix("md5"):
      let rounds = name.hasPrefix("md5,rounds=") ? Int(name.dropFirst(11)) : 0
      return rounds.flatMap { (0...1_000_000).contains($0) ? (4096 + $0) / 68 : nil }
    default: return nil
    }
  }

  private static func blocks(_ exponent: Int, _ size: Int) -> Int? {
    guard exponent <= 20, size >= 1, size <= mostBlocks >> exponent else { return nil }
    return size << exponent
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int? {
    Int(String(decoding: text, as: UTF8.self)).flatMap {
      (0...999_999_999).contains($0) ? $0 : nil
    }
  }

  private static func rounds(_ option: ArraySlice<UInt8>) -> Int? {
    guard option.starts(with: "rounds=".utf8) else { return 5000 }
    return number(option.dropFirst(7)).map { min(max($0, 1000), 999_999_999) }
  }

  /// A number in the alphabet of `crypt(3)`, the lowest digit first.
  private static func digits(_ text: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for byte in text.reversed() {
      guard let digit = PasswordField.base64(byte) else { return nil }
      value = value << 6 | digit
    }
    return text.isEmpty ? nil : value
  }
}
