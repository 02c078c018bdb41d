/// What the header of a LUKS volume may tell outside of the host: cipher, key derivation, slots and
/// tokens (on-disk formats 1.2 and 2), and nothing with which a passphrase could be tried.
enum LUKSMetadata {
  static let rule = "luks-headers"
  static let magic: [UInt8] = [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]
  /// What is asked of a device at least: the first header, before the metadata of LUKS2.
  static let firstSize = 4096
  /// The longest header that LUKS2 allows.
  static let sizeLimit = 4 << 20

  /// Keys of the metadata whose texts stay; all other texts become empty.
  static let keptKeys = [
    "type", "encryption", "hash", "integrity", "offset", "size", "iv_tweak", "keyslots", "segments",
    "flags", "requirements", "json_size", "keyslots_size", "tpm2-pcr-bank", "tpm2-primary-alg",
  ]
  /// What JSON has outside of texts: signs, digits and the letters of true, false and null.
  private static let plain = Set("][{},:0123456789.+- \t\r\ntruefalsnE".utf8)
  private static let keptSet = Set(keptKeys.map { Array($0.utf8) })

  /// How many bytes hold the header that begins so; nil if it is none.
  static func size(_ head: [UInt8]) -> Int? {
    guard head.count >= 592, head.starts(with: magic) else { return nil }
    guard head[6] == 0, head[7] == 2 else { return firstSize }
    let size = head[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return size >= 16384 && size <= UInt64(sizeLimit) ? Int(size) : firstSize
  }

  static func redacted(_ bytes: [UInt8]) -> Redaction.Outcome {
    guard let size = size(bytes), bytes[6] == 0, [1, 2].contains(bytes[7]) else {
      return .leaveOut("secret")
    }
    var kept = [UInt8](repeating: 0, count: size)
    // Of the first header all but digests, salts and the checksum over them.
    var parts: [Range<Int>]
    if bytes[7] == 1 {
      parts = [0..<112, 164..<208]
      for slot in 0..<8 {
        let at = 208 + slot * 48
        parts += [at..<(at + 8), (at + 40)..<(at + 48)]
      }
    } else {
      parts = [0..<104, 168..<264]
    }
    for part in parts { kept.replaceSubrange(part, with: bytes[part]) }
    if bytes[7] == 2, size > firstSize, bytes.count >= size {
      let text = metadata(bytes[firstSize..<size].prefix { $0 != 0 })
      kept.replaceSubrange(firstSize..<(firstSize + text.count), with: text)
    }
    return .keep(kept, [(rule, 1)])
  }

  /// JSON in which only texts stay that a known key names. No parser: what is no JSON comes out as
  /// no JSON, without its texts.
  private static func metadata(_ text: ArraySlice<UInt8>) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    var result: [UInt8] = []
    var key: ArraySlice<UInt8> = []
    var at = text.startIndex
    while at < text.endIndex {
      guard text[at] == quote else {
        if plain.contains(text[at]) { result.append(text[at]) }
        at += 1
        continue
      }
      let end = SecretLine.quoteEnd(text, at)
      let word = text[(at + 1)..<end]
      at = min(end + 1, text.endIndex)
      let next = text[at...].first { !SecretLine.isBlank($0) && $0 != 0x0a }
      if next == UInt8(ascii: ":") { key = word }
      result.append(quote)
      if next == UInt8(ascii: ":") || keptSet.contains(Array(key)) { result += word }
      result.append(quote)
    }
    return result
  }
}
