import RiegelModel
import RiegelTargets
import Synchronization
import Testing

@Suite struct SystemThreadsTests {
  static let several = Threads(count: 4, run: runOnThreads)

  @Test(arguments: [Threads.one, .system, several])
  func resultsKeepTheOrderOfTheElements(threads: Threads) {
    #expect(threads.map(Array(0..<1000)) { $0 * $0 } == (0..<1000).map { $0 * $0 })
    #expect(threads.map([Int]()) { $0 }.isEmpty)
  }

  /// Each waits until the other has begun, which one thread alone could never see.
  @Test func twoElementsAreWorkedOnAtOnce() {
    let begun = Atomic<Int>(0)
    let results = SystemThreadsTests.several.map([1, 2]) { element in
      begun.add(1, ordering: .sequentiallyConsistent)
      while begun.load(ordering: .sequentiallyConsistent) < 2 {}
      return element
    }
    #expect(results == [1, 2])
  }
}
