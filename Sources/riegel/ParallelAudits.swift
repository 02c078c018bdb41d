import Glibc
import RiegelModel
import Synchronization

/// Audits of several targets, on as many threads as there are processors.
///
/// They come out in the order of their addresses, and only some are in memory at a time, however
/// many there are.
struct ParallelAudits {
  private let addresses: [String]
  private let judge: @Sendable (String) throws -> Audit

  init(_ addresses: [String], _ judge: @escaping @Sendable (String) throws -> Audit) {
    self.addresses = addresses
    self.judge = judge
  }

  /// Calls with each target's audit, or why there is none.
  func run(_ take: (String, Result<Audit, any Error>) throws -> Void) throws {
    if addresses.count == 1 { return try take(addresses[0], Result { try judge(addresses[0]) }) }
    let threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var start = 0
    while start < addresses.count {
      let batch = Array(addresses[start..<min(start + threads * 8, addresses.count)])
      let results = ParallelAudits.judged(batch, threads, judge)
      for (address, result) in zip(batch, results) {
        try take(address, result ?? .failure(ParallelAudits.Unfinished()))
      }
      start += batch.count
    }
  }

  struct Unfinished: Error {}

  /// The share of one thread. A class because threads take their work from it.
  private final class Work: Sendable {
    let addresses: [String]
    let judge: @Sendable (String) throws -> Audit
    let next = Atomic<Int>(0)
    let results: Mutex<[Result<Audit, any Error>?]>

    init(_ addresses: [String], _ judge: @escaping @Sendable (String) throws -> Audit) {
      self.addresses = addresses
      self.judge = judge
      results = Mutex(Array(repeating: nil, count: addresses.count))
    }

    func run() {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < addresses.count else { return }
        let result = Result { try judge(addresses[index]) }
        results.withLock { $0[index] = result }
      }
    }
  }

  private static func judged(
    _ addresses: [String], _ count: Int, _ judge: @escaping @Sendable (String) throws -> Audit
  ) -> [Result<Audit, any Error>?] {
    let work = Work(addresses, judge)
    var threads: [pthread_t] = []
    for _ in 1..<max(2, count) {
      let box = Unmanaged.passRetained(work)
      var thread = pthread_t()
      let failure = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
          return nil
        }, box.toOpaque())
      if failure == 0 { threads.append(thread) } else { box.release() }
    }
    work.run()
    for thread in threads { pthread_join(thread, nil) }
    return work.results.withLock { $0 }
  }
}
