import Crypto

/// UUIDs that follow from what they name (RFC 9562, version 5), so that the same audit gives the
/// same bytes, and a finding has the same one in every audit of its host.
struct NameUUID: Sendable {
  private let space: [UInt8]

  /// The namespace of URLs, as the RFC defines it.
  private static let urls: [UInt8] = [
    0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
  ]

  /// Names within a space of their own.
  init(_ space: String) { self.space = NameUUID.urls + Array("urn:riegel:\(space):".utf8) }

  /// Parts are kept apart, so that `a`, `bc` and `ab`, `c` are two names.
  func uuid(_ parts: String...) -> String {
    var bytes = space
    for part in parts { bytes += Array(part.utf8) + [0] }
    var digest = Array(Insecure.SHA1.hash(data: bytes).prefix(16))
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    let hex = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]]
      .map { $0.joined() }.joined(separator: "-")
  }
}
