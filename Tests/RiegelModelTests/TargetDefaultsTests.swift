import RiegelModel
import SystemPackage
import Testing

/// What a target answers that says nothing of its own.
struct TargetDefaultsTests {
  @Test func theHeadIsTheBeginningOfTheFile() throws {
    let target = MemoryTarget(texts: ["/a": "abcdef"])
    #expect(try target.readHead("/a", count: 3) == Array("abc".utf8))
    #expect(try target.readHead("/a", count: 9) == Array("abcdef".utf8))
    #expect(try target.readHead("/b", count: 3) == nil)
  }

  @Test func nobodyKnowsWhoReadIt() {
    #expect(MemoryTarget(texts: [:]).wasPrivileged == nil)
  }
}
