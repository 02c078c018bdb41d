import RiegelModel
import SystemPackage

/// An Internet socket that takes what comes in, as the kernel lists it.
struct ListeningSocket: Sendable, Hashable {
  static let protocols = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"]

  enum Scope: String, Sendable, CaseIterable {
    case loopback
    case linkLocal = "link-local"
    case multicast, address, wildcard
  }

  var proto: String
  /// 4 or 16 bytes in network order.
  var address: [UInt8]
  /// For raw sockets, the number of the IP protocol.
  var port: Int
  var user: UInt32
  var inode: UInt64
  var file: FilePath

  var isIPv6: Bool { address.count == 16 }

  var scope: Scope {
    if address.allSatisfy({ $0 == 0 }) { return .wildcard }
    var bytes = address
    if isIPv6, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
      bytes = Array(bytes[12...])
      if bytes.allSatisfy({ $0 == 0 }) { return .wildcard }
    }
    if bytes.count == 4 {
      if bytes[0] == 127 { return .loopback }
      if bytes[0] == 169, bytes[1] == 254 { return .linkLocal }
      return bytes[0] & 0xf0 == 0xe0 ? .multicast : .address
    }
    if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] == 1 { return .loopback }
    if bytes[0] == 0xfe, bytes[1] & 0xc0 == 0x80 { return .linkLocal }
    return bytes[0] == 0xff ? .multicast : .address
  }

  /// RFC 5952 for IPv6.
  var addressText: String {
    isIPv6 ? rfc5952(address) : address.map(String.init).joined(separator: ".")
  }

  /// Reads one of the tables of `proc_net(5)`.
  ///
  /// Words are printed in the order of the machine's own memory; all machines that Riegel is built
  /// for are little-endian, so each group of eight digits is turned round.
  static func parse(
    _ text: String, proto: String, at file: FilePath
  ) throws(TargetError) -> [ListeningSocket] {
    var sockets: [ListeningSocket] = []
    for line in numberedLines(text).dropFirst() {
      let words = line.text.words
      if words.isEmpty { continue }
      guard words.count >= 10, let local = endpoint(words[1]), let remote = endpoint(words[2]),
        let user = UInt32(words[7]), let inode = UInt64(words[9])
      else { throw .malformed(file, line: line.number, "not a line of a socket table") }
      switch proto {
      case "tcp", "tcp6": guard words[3] == "0A" else { continue }
      default:
        // Unconnected: takes datagrams from anybody.
        guard words[3] == "07", remote.port == 0, remote.address.allSatisfy({ $0 == 0 }) else {
          continue
        }
      }
      sockets.append(
        ListeningSocket(
          proto: proto, address: local.address, port: local.port, user: user, inode: inode,
          file: file))
    }
    return sockets
  }

  private static func endpoint(_ text: String) -> (address: [UInt8], port: Int)? {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let port = Int(parts[1], radix: 16),
      parts[0].utf8.count == 8 || parts[0].utf8.count == 32
    else { return nil }
    var bytes: [UInt8] = []
    var rest = parts[0]
    while !rest.isEmpty {
      guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
      for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(word >> shift & 0xff)) }
      rest = rest.dropFirst(8)
    }
    return (bytes, port)
  }
}

/// The recommended text form of an IPv6 address: the longest run of two or more zero groups is
/// `::`, the first of equal ones; IPv4-mapped addresses end in dotted form.
func rfc5952(_ bytes: [UInt8]) -> String {
  if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
    return "::ffff:" + bytes[12...].map(String.init).joined(separator: ".")
  }
  let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
  var best = 0..<0
  var start = 0
  while start < 8 {
    let end = groups[start...].firstIndex { $0 != 0 } ?? 8
    if end - start > max(1, best.count) { best = start..<end }
    start = max(end, start + 1)
  }
  let text = { (range: Range<Int>) in
    groups[range].map { String($0, radix: 16) }.joined(separator: ":")
  }
  return best.isEmpty
    ? text(0..<8) : text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
}
