import FoundationEssentials
import RiegelModel
import SystemPackage

/// What the header of a LUKS volume says (on-disk formats 1.2 and 2).
///
/// Salts, digests and key material stay out of it.
struct LUKSHeader: Sendable, Hashable {
  struct Slot: Sendable, Hashable {
    var kdf: String
    /// Of PBKDF2.
    var iterations: Int?
    /// Of Argon2, in KiB.
    var memory: Int?
    /// Of Argon2, passes.
    var time: Int?
  }

  struct Token: Sendable, Hashable {
    var type: String
    var hasPIN: Bool?
    var pcrs: [Int]?
  }

  var version: Int
  var uuid: String
  /// `aes-xts-plain64`.
  var cipher: String
  var keyBits: Int
  var slots: [Slot]
  var tokens: [Token] = []

  /// The first bytes that hold the longest header LUKS2 allows (4 MiB).
  static let sizeLimit = 4 << 20

  /// The size of the header, by its first 4096 bytes; nil if they are no LUKS header.
  static func size(_ head: [UInt8]) -> Int? {
    guard head.count >= 592, Array(head[0..<6]) == magic else { return nil }
    if integer(head, 6, 2) == 1 { return 592 }
    let size = integer(head, 8, 8)
    return size >= 4096 && size <= sizeLimit ? size : 4096
  }

  private static let magic: [UInt8] = [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]

  /// Reads a header; throws `malformed` if it breaks its format.
  init(_ bytes: [UInt8], _ path: FilePath) throws(TargetError) {
    guard bytes.count >= 592, Array(bytes[0..<6]) == LUKSHeader.magic else {
      throw .malformed(path, line: 0, "no LUKS header")
    }
    switch LUKSHeader.integer(bytes, 6, 2) {
    case 1: self = try LUKSHeader(first: bytes, path)
    case 2: self = try LUKSHeader(second: bytes, path)
    case let other: throw .malformed(path, line: 0, "unknown LUKS version \(other)")
    }
  }

  private init(first bytes: [UInt8], _ path: FilePath) throws(TargetError) {
    let keyBytes = LUKSHeader.integer(bytes, 108, 4)
    guard (1...1024).contains(keyBytes) else {
      throw .malformed(path, line: 0, "a key of \(keyBytes) bytes")
    }
    version = 1
    uuid = LUKSHeader.text(bytes, 168, 40)
    cipher = LUKSHeader.text(bytes, 8, 32) + "-" + LUKSHeader.text(bytes, 40, 32)
    keyBits = keyBytes * 8
    slots = []
    for slot in 0..<8 {
      let at = 208 + slot * 48
      switch LUKSHeader.integer(bytes, at, 4) {
      case 0x00AC_71F3:
        slots.append(Slot(kdf: "pbkdf2", iterations: LUKSHeader.integer(bytes, at + 4, 4)))
      case 0x0000_DEAD: continue
      case let state:
        throw .malformed(path, line: 0, "key slot \(slot) in state \(String(state, radix: 16))")
      }
    }
  }

  private init(second bytes: [UInt8], _ path: FilePath) throws(TargetError) {
    let size = LUKSHeader.integer(bytes, 8, 8)
    guard size >= 16384, size <= LUKSHeader.sizeLimit, bytes.count >= size else {
      throw .malformed(path, line: 0, "a LUKS2 header of \(size) bytes")
    }
    let area = bytes[4096..<size].prefix { $0 != 0 }
    let metadata: Metadata
    do {
      metadata = try JSONDecoder().decode(Metadata.self, from: Data(area))
    } catch {
      throw .malformed(path, line: 0, "metadata of LUKS2 that is not as the format says")
    }
    version = 2
    uuid = LUKSHeader.text(bytes, 168, 40)
    let slots = metadata.keyslots.values.filter { $0.type != "reencrypt" }
    self.slots = slots.sorted { $0.kdf?.type ?? "" < $1.kdf?.type ?? "" }.map { slot in
      Slot(
        kdf: slot.kdf?.type ?? "unknown", iterations: slot.kdf?.iterations,
        memory: slot.kdf?.memory, time: slot.kdf?.time)
    }
    // During re-encryption there are several; the weakest cannot be picked, so all are named.
    let ciphers = Set(metadata.segments.values.compactMap(\.encryption))
    guard !ciphers.isEmpty else { throw .malformed(path, line: 0, "no encrypted segment") }
    cipher = ciphers.sorted().joined(separator: ",")
    let sizes = slots.compactMap(\.keySize)
    guard let smallest = sizes.min(), (1...1024).contains(smallest) else {
      throw .malformed(path, line: 0, "no key slot with a size")
    }
    keyBits = smallest * 8
    tokens = metadata.tokens.sorted { $0.key < $1.key }.map { _, token in
      Token(type: token.type, hasPIN: token.pin, pcrs: token.pcrs)
    }
  }

  private struct Metadata: Decodable {
    struct Keyslot: Decodable {
      struct KDF: Decodable {
        var type: String
        var iterations: Int?
        var memory: Int?
        var time: Int?
      }
      var type: String
      var keySize: Int?
      var kdf: KDF?
      enum CodingKeys: String, CodingKey {
        case type, kdf
        case keySize = "key_size"
      }
    }
    struct Segment: Decodable {
      var encryption: String?
    }
    struct Token: Decodable {
      var type: String
      var pin: Bool?
      var pcrs: [Int]?
      enum CodingKeys: String, CodingKey {
        case type
        case pin = "tpm2-pin"
        case pcrs = "tpm2-pcrs"
      }
    }
    var keyslots: [String: Keyslot]
    var segments: [String: Segment]
    var tokens: [String: Token]
  }

  /// A big-endian number; what does not fit counts as the largest.
  private static func integer(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    var value: UInt64 = 0
    for byte in bytes[at..<at + count] { value = value << 8 | UInt64(byte) }
    return Int(clamping: value)
  }

  private static func text(_ bytes: [UInt8], _ at: Int, _ count: Int) -> String {
    printable(bytes: bytes[at..<at + count].prefix { $0 != 0 })
  }
}
