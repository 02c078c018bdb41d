import Foundation
import RiegelModel
import Synchronization
import SystemPackage
import Testing

@testable import RiegelTargets

/// The walk of / against `find / -xdev -perm -0002`, which answers the same question.
///
/// Only in a release build and when asked for:
/// `RIEGEL_BENCH=1 swift test -c release --filter WalkBenchmark`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["RIEGEL_BENCH"] != nil))
struct WalkBenchmark {
  final class Counter: WalkVisitor {
    let hits = Atomic<Int>(0)
    func enter(_ path: FilePath, parent: Int?) -> Int? { 1 }
    func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: Int) {
      if entry.metadata.mode & 0o002 != 0 { hits.add(1, ordering: .relaxed) }
    }
    func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {}
    func fail(_ error: TargetError, _ context: Int?) {}
    func skip(_ path: FilePath, fileSystem: String, _ context: Int) {}
  }

  @Test(arguments: [1, 2]) func theWalkIsFasterThanFind(threads: Int) throws {
    let target = try LiveTarget.open(now: Instant(seconds: 0))
    var find: [Double] = []
    var own: [Double] = []
    for _ in 0..<5 {
      find.append(
        try seconds {
          let process = Process()
          process.executableURL = URL(fileURLWithPath: "/usr/bin/find")
          process.arguments = ["/", "-xdev", "-perm", "-0002"]
          process.standardOutput = FileHandle.nullDevice
          try process.run()
          process.waitUntilExit()
        })
      let counter = Counter()
      own.append(seconds { target.walk(["/"], threads: threads, counter) })
      print("hits", counter.hits.load(ordering: .relaxed))
    }
    let ratio = (own.min() ?? 0) / (find.min() ?? 1)
    print("threads \(threads): find \(find.min() ?? 0) s, walk \(own.min() ?? 0) s, ratio \(ratio)")
    #expect(threads == 1 || ratio <= 0.6)
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let time = try clock.measure(body)
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
  }
}
