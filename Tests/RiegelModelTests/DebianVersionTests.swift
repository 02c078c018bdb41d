import Foundation
import RiegelModel
import Testing

@Suite struct DebianVersionTests {
  @Test(arguments: [
    ("1.0", "1.1"), ("1.9", "1.10"), ("1.0~rc1", "1.0"), ("1.0~~", "1.0~"), ("1.0", "1.0a"),
    ("1.0a", "1.0+b"), ("1.0a", "1.0b"), ("9", "1:1"), ("1:9", "2:1"), ("1.0-1", "1.0-2"),
    ("1.0", "1.0-1"), ("1.0-1", "1.0-1+deb12u1"), ("1.0-1~bpo1", "1.0-1"), ("1.0A", "1.0a"),
    ("1.0-0.9", "1.0-0.10"), ("1.2.3", "1.2.3.0"), ("2.0-1-1", "2.0-2-0"), ("0~", "0"),
  ])
  func theFirstIsEarlier(a: String, b: String) throws {
    let x = try #require(DebianVersion(a))
    let y = try #require(DebianVersion(b))
    #expect(x < y)
    #expect(!(y < x))
    #expect(x != y)
  }

  @Test(arguments: [
    ("1.0", "1.00"), ("0:1.0", "1.0"), ("1.0-0", "1.0"), ("01.02", "1.2"), ("1.0-0", "1.0-00"),
  ])
  func theTwoAreTheSame(a: String, b: String) throws {
    let x = try #require(DebianVersion(a))
    let y = try #require(DebianVersion(b))
    #expect(x == y)
    #expect(x.hashValue == y.hashValue)
  }

  @Test(arguments: ["", " 1", "1 0", "1.0\n", "a:1", "-1:1", "1:", "ü1", ":1", "1:-1", "1.0-"])
  func aTextThatIsNoVersionIsNone(text: String) {
    #expect(DebianVersion(text) == nil)
  }

  /// Versions made from the pieces that are hard to order, the same in every run.
  private static func generated(_ count: Int) -> [(String, String)] {
    let pieces = [
      "0", "00", "1", "9", "10", "~", "~rc", "a", "Z", "+", ".", "-", "-0", "+dfsg", "b",
    ]
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    func version() -> String {
      let epoch = ["", "", "", "0:", "1:"][next(5)]
      let rest = (0..<(1 + next(5))).map { _ in pieces[next(pieces.count)] }.joined()
      let revision = ["", "", "-1", "-1~", "-10"][next(5)]
      return epoch + String(next(3)) + rest + revision
    }
    // dpkg refuses a dash with nothing after it.
    func valid() -> String {
      while true {
        let text = version()
        if !text.hasSuffix("-") { return text }
      }
    }
    return (0..<count).map { _ in
      let a = valid()
      return (a, next(6) == 0 ? a.replacingOccurrences(of: "1", with: "01") : valid())
    }
  }

  @Test func comparingIsAntisymmetricAndTransitive() {
    let versions = Self.generated(60).flatMap { [DebianVersion($0.0), DebianVersion($0.1)] }
      .compactMap { $0 }
    for a in versions {
      #expect(a.compare(a) == 0)
      for b in versions { #expect(a.compare(b).signum() == -b.compare(a).signum()) }
    }
    let sorted = versions.sorted()
    for (index, a) in sorted.enumerated() {
      for b in sorted[index...] { #expect(a.compare(b) <= 0) }
    }
  }

  static let hasDpkg = FileManager.default.fileExists(atPath: "/usr/bin/dpkg")

  @Test(.enabled(if: hasDpkg)) func dpkgOrdersTheSame() throws {
    let pairs = Self.generated(120)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      """
      while read -r a b; do
        if dpkg --compare-versions "$a" lt "$b"; then echo -1
        elif dpkg --compare-versions "$a" eq "$b"; then echo 0
        else echo 1; fi
      done
      """,
    ]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    input.fileHandleForWriting.write(Data(pairs.map { "\($0) \($1)\n" }.joined().utf8))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let theirs = String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
    #expect(theirs.count == pairs.count)
    #expect(Set(theirs) == [-1, 0, 1])
    for (pair, order) in zip(pairs, theirs) {
      guard let a = DebianVersion(pair.0), let b = DebianVersion(pair.1) else {
        Issue.record("\(pair) is no pair of versions")
        continue
      }
      #expect(a.compare(b).signum() == order, "\(pair)")
    }
  }
}
