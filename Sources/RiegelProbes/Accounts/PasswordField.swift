/// What the password field of passwd, shadow, group or gshadow says, without the hash itself.
///
/// The field is looked at once and dropped; a method and its work factor are all that stays. Only
/// what stands before the salt is read, so a snapshot whose salts and hashes were replaced says
/// the same. A field counts as usable unless it cannot be a result of `crypt(3)`: a method that is
/// not known here must not pass for a lock.
struct PasswordField: Sendable, Hashable {
  enum State: String, Sendable, CaseIterable {
    /// A password opens the account.
    case usable
    /// Begins with `!` or `*`, or is nothing that `crypt(3)` could give.
    case locked
    /// No password is asked for.
    case empty
    /// The field points to shadow, and shadow has no such entry: nobody gets in by password.
    case none
  }

  enum Method: String, Sendable, CaseIterable {
    case yescrypt
    case gostYescrypt = "gost-yescrypt"
    case scrypt, bcrypt, sha512, sha256, sha1, sunmd5, md5, bsdi, des, nt, unknown
  }

  var state: State
  /// How the password is hashed; of a locked field, what stands after the leading `!`.
  var method: Method?
  /// Rounds for SHA-2, the logarithmic cost of `crypt_gensalt(3)` for the others; nil for methods
  /// whose cost is fixed or given otherwise.
  var cost: Int?

  static let none = PasswordField(state: .none)

  private init(state: State) { self.state = state }

  init(_ field: Substring) {
    let bytes = Array(field.utf8)
    guard let first = bytes.first else {
      self.init(state: .empty)
      return
    }
    self.init(state: .locked)
    let isMarked = first == UInt8(ascii: "!") || first == UInt8(ascii: "*")
    let hash = bytes.drop { $0 == UInt8(ascii: "!") }
    guard let found = PasswordField.method(of: hash) else { return }
    method = found.method
    cost = found.cost
    if !isMarked { state = .usable }
  }

  /// The method by its prefix (`crypt(5)`); nil for what cannot be a hash.
  private static func method(of hash: ArraySlice<UInt8>) -> (method: Method, cost: Int?)? {
    guard let first = hash.first else { return nil }
    if first == UInt8(ascii: "$") {
      let parts = hash.dropFirst().split(
        separator: UInt8(ascii: "$"), maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count > 1 else { return (.unknown, nil) }
      let option = parts[1]
      switch String(decoding: parts[0], as: UTF8.self) {
      case "y": return (.yescrypt, yescryptCost(option))
      case "gy": return (.gostYescrypt, yescryptCost(option))
      case "7": return (.scrypt, option.first.flatMap(base64).map { $0 - 7 })
      case "2a", "2b", "2x", "2y":
        return (.bcrypt, Int(String(decoding: option, as: UTF8.self)))
      case "6": return (.sha512, rounds(option))
      case "5": return (.sha256, rounds(option))
      case "sha1": return (.sha1, nil)
      case "1": return (.md5, nil)
      case "3": return (.nt, nil)
      case let name: return (name.hasPrefix("md5") ? .sunmd5 : .unknown, nil)
      }
    }
    if first == UInt8(ascii: "_") {
      return hash.count == 20 && hash.dropFirst().allSatisfy { base64($0) != nil }
        ? (.bsdi, nil) : nil
    }
    // Traditional DES; what follows the thirteenth character is bigcrypt or HP-UX ageing.
    return hash.count >= 13 && hash.prefix(13).allSatisfy { base64($0) != nil } ? (.des, nil) : nil
  }

  /// `rounds=N`, or the 5000 that `crypt(3)` takes without it.
  private static func rounds(_ option: ArraySlice<UInt8>) -> Int? {
    let text = String(decoding: option, as: UTF8.self)
    return text.hasPrefix("rounds=") ? Int(text.dropFirst(7)) : 5000
  }

  /// The cost as `YESCRYPT_COST_FACTOR` counts it, from the block count N and size r in `j9T`.
  ///
  /// `crypt_gensalt(3)` takes r = 8 for the costs 1 and 2 and r = 32 above, and doubles N with each
  /// step, so that the cost is log2(N r) - 12 throughout.
  private static func yescryptCost(_ option: ArraySlice<UInt8>) -> Int? {
    let values = option.prefix(3).compactMap(base64)
    // Above 47 a number takes more than one character; no program writes such a cost.
    guard values.count == 3, values.allSatisfy({ $0 <= 47 }) else { return nil }
    let blockSize = values[2] + 1
    return values[1] + 1 + (Int.bitWidth - 1 - blockSize.leadingZeroBitCount) - 12
  }

  /// The value of a digit in the alphabet of `crypt(3)`: `./0-9A-Za-z`.
  static func base64(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "."): 0
    case UInt8(ascii: "/"): 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 46
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 53
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 59
    default: nil
    }
  }
}
