/// What a public key says of itself: its kind and its size, never more than the public part.
struct SSHPublicKey: Sendable, Hashable {
  /// As files name it: `ssh-ed25519`.
  var algorithm: String
  /// `ed25519`, `ecdsa`, `rsa`, `dsa`, `ed25519-sk`, `ecdsa-sk`, or the algorithm if unknown.
  var type: String
  /// nil where the blob does not say.
  var bits: Int?
  var isCertificate: Bool

  /// Reads the wire format of RFC 4253, 6.6; nil if it contradicts itself.
  init?(blob: ArraySlice<UInt8>) {
    var rest = blob
    guard let name = SSHPublicKey.string(&rest) else { return nil }
    algorithm = String(decoding: name, as: UTF8.self)
    isCertificate = algorithm.hasSuffix("-cert-v01@openssh.com")
    if isCertificate, SSHPublicKey.string(&rest) == nil { return nil }
    let plain = isCertificate ? algorithm.dropLast(21) : algorithm[...]
    switch plain {
    case "ssh-ed25519": (type, bits) = ("ed25519", 256)
    case "sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519": (type, bits) = ("ed25519-sk", 256)
    case "ssh-rsa":
      guard SSHPublicKey.string(&rest) != nil, let modulus = SSHPublicKey.string(&rest) else {
        return nil
      }
      (type, bits) = ("rsa", SSHPublicKey.size(modulus))
    case "ssh-dss":
      guard let prime = SSHPublicKey.string(&rest) else { return nil }
      (type, bits) = ("dsa", SSHPublicKey.size(prime))
    default:
      let isHardware = plain.hasPrefix("sk-")
      guard plain.contains("ecdsa-sha2-nistp") else {
        (type, bits) = (algorithm, nil)
        return
      }
      let digits = plain.drop { $0 != "p" }.dropFirst().prefix { ("0"..."9").contains($0) }
      (type, bits) = (isHardware ? "ecdsa-sk" : "ecdsa", Int(digits))
    }
  }

  /// The key in a base64 word, whose own name has to be the one written before it.
  init?(algorithm: String, base64: String) {
    guard let bytes = SSHPublicKey.decode(base64), let key = SSHPublicKey(blob: bytes[...]),
      key.algorithm == algorithm
    else { return nil }
    self = key
  }

  /// The key in a private key file of OpenSSH's own format, where it stands unencrypted.
  init?(privateFile bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.first == "-----BEGIN OPENSSH PRIVATE KEY-----",
      let blob = SSHPublicKey.decode(lines.dropFirst().prefix { !$0.hasPrefix("-") }.joined()),
      blob.starts(with: Array("openssh-key-v1\0".utf8))
    else { return nil }
    var rest = blob[15...]
    // Cipher, derivation of the key, its options; then how many keys there are.
    for _ in 0..<3 where SSHPublicKey.string(&rest) == nil { return nil }
    guard rest.count >= 4 else { return nil }
    rest = rest.dropFirst(4)
    guard let key = SSHPublicKey.string(&rest) else { return nil }
    self.init(blob: key)
  }

  private static func string(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard rest.count >= 4 else { return nil }
    let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(4)
    guard length <= rest.count else { return nil }
    defer { rest = rest.dropFirst(length) }
    return rest.prefix(length)
  }

  private static func size(_ number: ArraySlice<UInt8>) -> Int {
    let digits = number.drop { $0 == 0 }
    guard let first = digits.first else { return 0 }
    return digits.count * 8 - first.leadingZeroBitCount
  }

  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = 0
    var bits = 0
    for byte in text.utf8 {
      let value: Int
      switch byte {
      case 65...90: value = Int(byte) - 65
      case 97...122: value = Int(byte) - 71
      case 48...57: value = Int(byte) + 4
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="): continue
      default: return nil
      }
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
