/// An IPv4 or IPv6 network, or one address.
package struct Network: Sendable, Hashable {
  /// 4 or 16 bytes.
  package let address: [UInt8]
  /// Bits.
  package let length: Int

  /// `10.0.0.0/8`, `fe80::/10`, `127.0.0.1`, `::1`; a zone (`%eth0`) is not part of a network.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let address = Network.parse(String(parts[0])) else {
      return nil
    }
    let bits = address.count * 8
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]),
        length <= bits
      else { return nil }
      self.length = length
    } else {
      length = bits
    }
    self.address = address
  }

  /// Whether another network lies wholly in this one. IPv4-mapped IPv6 counts as IPv4.
  package func contains(_ other: Network) -> Bool {
    let (mine, myLength) = plain
    let (theirs, theirLength) = other.plain
    guard mine.count == theirs.count, theirLength >= myLength else { return false }
    for index in 0..<mine.count {
      let bits = min(8, max(0, myLength - index * 8))
      let mask = bits == 0 ? 0 : UInt8(truncatingIfNeeded: 0xff << (8 - bits))
      if mine[index] & mask != theirs[index] & mask { return false }
    }
    return true
  }

  private var plain: ([UInt8], Int) {
    let prefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    if address.count == 16, length >= 96, Array(address[..<12]) == prefix {
      return (Array(address[12...]), length - 96)
    }
    return (address, length)
  }

  private static func parse(_ text: String) -> [UInt8]? {
    text.contains(":") ? parse6(text) : parse4(text)
  }

  private static func parse4(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bytes: [UInt8] = []
    for part in parts {
      // A leading zero is octal to some programs and decimal to others: `inet_pton(3)` refuses it.
      guard part.utf8.allSatisfy({ (48...57).contains($0) }), part == "0" || part.first != "0",
        let byte = UInt8(part)
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func parse6(_ text: String) -> [UInt8]? {
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return nil }
    var sides: [[UInt8]] = []
    for (number, half) in halves.enumerated() {
      let isLast = number == halves.count - 1
      var bytes: [UInt8] = []
      if !half.isEmpty {
        let groups = half.split(separator: ":", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
          if isLast, index == groups.count - 1, group.contains("."),
            let tail = parse4(String(group))
          {
            bytes += tail
          } else {
            guard (1...4).contains(group.utf8.count), group.first != "+",
              let word = UInt16(group, radix: 16)
            else { return nil }
            bytes += [UInt8(word >> 8), UInt8(word & 0xff)]
          }
        }
      }
      sides.append(bytes)
    }
    if sides.count == 1 { return sides[0].count == 16 ? sides[0] : nil }
    let missing = 16 - sides[0].count - sides[1].count
    return missing >= 2 ? sides[0] + [UInt8](repeating: 0, count: missing) + sides[1] : nil
  }
}
