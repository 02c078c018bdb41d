/// Replaces private keys in PEM and its like by what may be known of them, line by line.
///
/// OpenSSH's own format keeps its public part: the cipher tells whether it is encrypted, the public
/// key kind and size. All others become a line in words.
struct PrivateKeyText {
  private(set) var count = 0
  /// The kind that stands in the first line of the key being read, and its lines so far.
  private var kind: ArraySlice<UInt8>?
  private var lines: [ArraySlice<UInt8>] = []
  private var before: ArraySlice<UInt8> = []

  private static let begin = Array("-----BEGIN ".utf8)
  private static let dashes = Array("-----".utf8)
  private static let end = Array("-----END ".utf8)
  /// What stands in the first line of a key; OpenVPN's keys have another name.
  static let kinds = [Array("PRIVATE KEY".utf8), Array("Static key".utf8)]

  /// What is written for a line that belongs to a key (nothing while it goes on); nil if it belongs
  /// to none.
  mutating func take(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    if kind != nil {
      guard line.place(of: PrivateKeyText.end) != nil else {
        lines.append(line)
        return []
      }
      return finish()
    }
    guard let begin = line.place(of: PrivateKeyText.begin),
      let key = line[begin.upperBound...].place(of: PrivateKeyText.dashes),
      PrivateKeyText.kinds.contains(where: {
        line[begin.upperBound..<key.lowerBound].place(of: $0) != nil
      })
    else { return nil }
    count += 1
    if line[key.upperBound...].place(of: PrivateKeyText.end) != nil {
      return Array(line[..<begin.lowerBound]) + Array(SecretWords.marker.utf8)
    }
    before = line[..<begin.lowerBound]
    kind = line[begin.upperBound..<key.lowerBound]
    lines = []
    return []
  }

  /// The key that is still open, closed.
  mutating func finish() -> [UInt8] {
    guard let kind else { return [] }
    self.kind = nil
    let name = String(decoding: kind, as: UTF8.self)
    let size = lines.reduce(0) { $0 + $1.count + 1 }
    if name == "OPENSSH PRIVATE KEY", before.isEmpty, let text = publicPart() { return text }
    let isEncrypted =
      name.contains("ENCRYPTED")
      || lines.contains { $0.place(of: Array("ENCRYPTED".utf8)) != nil }
    let words = "redacted, \(size) bytes, \(isEncrypted ? "encrypted" : "not encrypted")"
    return Array(before)
      + Array("-----BEGIN \(name)-----\n\(words)\n-----END \(name)-----".utf8)
  }

  /// The container of `PROTOCOL.key` up to the public key, without salt.
  private func publicPart() -> [UInt8]? {
    let base64 = lines.joined().filter { $0 > 0x20 }
    guard let blob = Base64.decode(base64), blob.starts(with: Array("openssh-key-v1\0".utf8)) else {
      return nil
    }
    var rest = blob[15...]
    func next() -> ArraySlice<UInt8>? {
      guard rest.count >= 4 else { return nil }
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard length <= rest.count - 4 else { return nil }
      defer { rest = rest.dropFirst(4 + length) }
      return rest.dropFirst(4).prefix(length)
    }
    guard let cipher = next(), let derivation = next(), next() != nil, rest.count >= 4 else {
      return nil
    }
    let number = rest.prefix(4)
    rest = rest.dropFirst(4)
    guard let key = next() else { return nil }
    var kept = Array("openssh-key-v1\0".utf8)
    for part in [cipher, derivation, []] { PrivateKeyText.append(part, to: &kept) }
    kept += number
    PrivateKeyText.append(key, to: &kept)
    var text = Array("-----BEGIN OPENSSH PRIVATE KEY-----\n".utf8)
    let encoded = Base64.encode(kept)
    for start in stride(from: 0, to: encoded.count, by: 70) {
      text += encoded[start..<min(start + 70, encoded.count)]
      text.append(0x0a)
    }
    return text + Array("-----END OPENSSH PRIVATE KEY-----".utf8)
  }

  private static func append(_ part: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: part.count >> shift)) }
    bytes += part
  }
}

/// RFC 4648, section 4.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let number = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
      for index in 0..<4 {
        text.append(
          index <= part.count ? digits[number >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }

  /// nil if another character than a digit stands in it.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = 0
    var bits = 0
    for byte in text where byte != UInt8(ascii: "=") {
      guard let value = digits.firstIndex(of: byte) else { return nil }
      buffer = (buffer << 6 | value) & 0xffff
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
      }
    }
    return bytes
  }
}
