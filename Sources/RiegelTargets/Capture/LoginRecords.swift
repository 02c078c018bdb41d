/// Takes out of the records of logins (`wtmp(5)`, `lastlog`) who came from where.
///
/// When an account was last used tells whether it still is; from which address, at which terminal
/// and when else is about a person. What stays are records of the same layout, so that the same
/// reader takes them.
enum LoginRecords {
  static let rule = "login-records"

  /// Sizes of a record where times have 32 and where they have 64 bits.
  private static let wtmpSizes = [384, 400]
  private static let lastlogSizes = [292, 296]

  /// How much of a `lastlog` of this size is asked for: it has a place for every number that an
  /// account may have, and directories give numbers in thousands of millions.
  static func lastlogCount(_ size: Int) -> Int? {
    lastlogSizes.first { size % $0 == 0 }.map { min(size, 100_000 * $0) }
  }

  static func redacted(_ bytes: [UInt8], isLastlog: Bool) -> Redaction.Outcome {
    let sizes = isLastlog ? lastlogSizes : wtmpSizes
    guard let size = sizes.first(where: { bytes.count % $0 == 0 }) else {
      return .leaveOut("secret")
    }
    let (kept, count) = isLastlog ? lastlog(bytes, size) : wtmp(bytes, size)
    return .keep(kept, count > 0 ? [(rule, count)] : [])
  }

  /// Of each account the newest login, with its name and time and nothing else.
  private static func wtmp(_ bytes: [UInt8], _ size: Int) -> (kept: [UInt8], count: Int) {
    let time = size == 384 ? 340..<344 : 344..<352
    var newest: [ArraySlice<UInt8>: (start: Int, time: UInt64)] = [:]
    for start in stride(from: 0, to: bytes.count, by: size) {
      // `USER_PROCESS` alone is a login.
      guard bytes[start] == 7, bytes[start + 1] == 0 else { continue }
      let name = bytes[(start + 44)..<(start + 76)].prefix { $0 != 0 }
      let when = number(bytes[(start + time.lowerBound)..<(start + time.upperBound)])
      if let known = newest[name], known.time >= when { continue }
      newest[name] = (start, when)
    }
    var kept: [UInt8] = []
    for (name, login) in newest.sorted(by: { $0.value.start < $1.value.start }) {
      var record = [UInt8](repeating: 0, count: size)
      record[0] = 7
      record.replaceSubrange(44..<(44 + name.count), with: name)
      record.replaceSubrange(
        time, with: bytes[(login.start + time.lowerBound)..<(login.start + time.upperBound)])
      kept += record
    }
    return (kept, bytes.count / size)
  }

  /// Of each account the time; up to the last one that ever logged in.
  private static func lastlog(_ bytes: [UInt8], _ size: Int) -> (kept: [UInt8], count: Int) {
    let width = size == 292 ? 4 : 8
    var kept: [UInt8] = []
    var count = 0
    for start in stride(from: 0, to: bytes.count, by: size) {
      let time = bytes[start..<(start + width)]
      if time.allSatisfy({ $0 == 0 }) { continue }
      kept += [UInt8](repeating: 0, count: start + size - kept.count)
      kept.replaceSubrange(start..<(start + width), with: time)
      count += 1
    }
    return (kept, count)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
