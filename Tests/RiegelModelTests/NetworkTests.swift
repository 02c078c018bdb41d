import Foundation
import RiegelModel
import Testing

@Suite struct NetworkTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.1.2.3", true), ("10.0.0.0/8", "11.0.0.0", false),
    ("10.0.0.0/8", "10.0.0.0/9", true), ("10.0.0.0/9", "10.0.0.0/8", false),
    ("192.168.1.128/25", "192.168.1.127", false), ("192.168.1.128/25", "192.168.1.200", true),
    ("0.0.0.0/0", "255.255.255.255", true), ("127.0.0.1", "127.0.0.1", true),
    ("127.0.0.1", "127.0.0.2", false), ("fe80::/10", "fe80::1", true),
    ("fe80::/10", "fec0::1", false), ("::1", "0:0:0:0:0:0:0:1", true), ("::/0", "::1", true),
    ("::/0", "127.0.0.1", false), ("127.0.0.0/8", "::ffff:127.0.0.1", true),
    ("::ffff:10.0.0.0/104", "10.9.8.7", true), ("::ffff:10.0.0.0/104", "11.9.8.7", false),
    ("2001:db8::/33", "2001:db8:8000::", false), ("10.1.2.3/8", "10.200.0.0/16", true),
  ])
  func oneLiesInTheOther(network: String, other: String, isInside: Bool) throws {
    let outer = try #require(Network(network))
    let inner = try #require(Network(other))
    #expect(outer.contains(inner) == isInside)
  }

  @Test(arguments: [
    "", "10.0.0", "10.0.0.0.0", "10.0.0.256", "10.0.0.-1", "10.0.0.0/33", "10.0.0.0/", "::/129",
    "10.0.0.0/8/8", "10.0.0.0/+8", "10.0.0.0/-0", "fe80::1%eth0", "localhost", "1.2.3.4::", "::+1",
    "010.0.0.1", "1.2.3.٤", "10.0.0.0/٨",
  ])
  func whatIsNoNetworkIsNone(text: String) {
    #expect(Network(text) == nil)
  }

  /// Addresses are those that `inet_pton(3)` takes, with the same bytes.
  @Test(arguments: [
    "0.0.0.0", "1.2.3.4", "255.255.255.255", "1.2.3", "1..2.3", "1.2.3.4.", "01.2.3.4", "0.0.0.00",
    "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", ":::", "1:::2", "::1::", ":1", "1:", "12345::", "g::",
    "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4:5",
    "1.2.3.4::1", "ABCD::ef01", "0000::", "00000::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
  ])
  func addressesAreThoseOfInetPton(text: String) {
    var bytes = [UInt8](repeating: 0, count: 16)
    let isV6 = text.contains(":")
    let isValid = inet_pton(isV6 ? AF_INET6 : AF_INET, text, &bytes) == 1
    #expect(Network(text)?.address == (isValid ? Array(bytes.prefix(isV6 ? 16 : 4)) : nil))
  }
}
