/// The fingerprint of a key as `ssh-keygen -l` shows it: `SHA256:` and base64 without padding.
enum SSHFingerprint {
  static func of(_ blob: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    var buffer = 0
    var bits = 0
    for byte in digest(blob) {
      buffer = (buffer << 8 | Int(byte)) & 0xffff
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(letters[buffer >> bits & 63])
      }
    }
    if bits > 0 { text.append(letters[buffer << (6 - bits) & 63]) }
    return "SHA256:" + String(decoding: text, as: UTF8.self)
  }

  /// SHA-256 (FIPS 180-4). Written out because the probes take no cryptographic library for a name.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var state = initial
    var bytes = message + [0x80]
    while bytes.count % 64 != 56 { bytes.append(0) }
    let length = UInt64(message.count) * 8
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(56 - 8 * $0)) }
    for start in stride(from: 0, to: bytes.count, by: 64) {
      compress(bytes[start..<start + 64], &state)
    }
    return state.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) }
    }
  }

  private static func compress(_ block: ArraySlice<UInt8>, _ state: inout [UInt32]) {
    var words = [UInt32](repeating: 0, count: 64)
    for (index, byte) in block.enumerated() {
      words[index / 4] = words[index / 4] << 8 | UInt32(byte)
    }
    for i in 16..<64 {
      let a = words[i - 15]
      let b = words[i - 2]
      let first = turn(a, 7) ^ turn(a, 18) ^ a >> 3
      let second = turn(b, 17) ^ turn(b, 19) ^ b >> 10
      words[i] = words[i - 16] &+ first &+ words[i - 7] &+ second
    }
    var v = state
    for i in 0..<64 {
      let sum1 = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)
      let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
      let one = v[7] &+ sum1 &+ choice &+ constants[i] &+ words[i]
      let sum0 = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)
      let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
      v = [one &+ sum0 &+ majority, v[0], v[1], v[2], v[3] &+ one, v[4], v[5], v[6]]
    }
    for i in 0..<8 { state[i] = state[i] &+ v[i] }
  }

  private static func turn(_ word: UInt32, _ by: UInt32) -> UInt32 {
    word >> by | word << (32 - by)
  }

  private static let primes: [Int] = {
    var found: [Int] = []
    var number = 2
    while found.count < 64 {
      if !found.contains(where: { number % $0 == 0 }) { found.append(number) }
      number += 1
    }
    return found
  }()

  /// The first 32 bits of the fractions of the square and cube roots of the first primes.
  private static let initial = primes.prefix(8).map { fraction($0, power: 2) }
  private static let constants = primes.map { fraction($0, power: 3) }

  /// Exact, by bisection over integers: the root of p·2^(32·power) modulo 2^32.
  private static func fraction(_ prime: Int, power: Int) -> UInt32 {
    var low: UInt64 = 0
    var high: UInt64 = 1 << 38
    while high - low > 1 {
      let middle = (low + high) / 2
      if isAtMost(middle, prime, power) { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  /// Whether x^power ≤ prime · 2^(32·power).
  private static func isAtMost(_ x: UInt64, _ prime: Int, _ power: Int) -> Bool {
    let square = x.multipliedFullWidth(by: x)
    if power == 2 {
      return square.high < UInt64(prime) || (square.high == prime && square.low == 0)
    }
    // x^3 = high·x·2^64 + low·x; the bound is prime·2^96.
    let upper = square.high.multipliedFullWidth(by: x)
    let lower = square.low.multipliedFullWidth(by: x)
    let (sum, carry) = upper.low.addingReportingOverflow(lower.high)
    let top = upper.high + (carry ? 1 : 0)
    if top > 0 { return false }
    let bound = UInt64(prime) << 32
    return sum < bound || (sum == bound && lower.low == 0)
  }
}
