import RiegelModel
import RiegelTargets

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
    var start = 0
    while start < addresses.count {
      let batch = Array(addresses[start..<min(start + Threads.system.count * 8, addresses.count)])
      let results = Threads.system.map(batch) { [judge] address in
        Result { try judge(address) }
      }
      for (address, result) in zip(batch, results) { try take(address, result) }
      start += batch.count
    }
  }
}
