import Glibc
import Synchronization

/// The same work on several things, such as audits of several targets, on as many threads as there
/// are processors.
///
/// What is made of them comes out in their order, and only some of it is in memory at a time,
/// however many there are.
struct ParallelWork<Item: Sendable, Product: Sendable> {
  private let items: [Item]
  private let make: @Sendable (Item) throws -> Product

  init(_ items: [Item], _ make: @escaping @Sendable (Item) throws -> Product) {
    self.items = items
    self.make = make
  }

  /// Calls with what became of each, or why nothing did.
  func run(_ take: (Item, Result<Product, any Error>) throws -> Void) throws {
    if items.count == 1 { return try take(items[0], Result { try make(items[0]) }) }
    let threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var start = 0
    while start < items.count {
      let batch = Array(items[start..<min(start + threads * 8, items.count)])
      for (item, result) in zip(batch, ParallelWork.made(of: batch, threads, make)) {
        try take(item, result ?? .failure(Unfinished()))
      }
      start += batch.count
    }
  }

  /// All products; throws for the first thing, in their order, of which there is none.
  func products() throws -> [Product] {
    var products: [Product] = []
    try run { _, result in products.append(try result.get()) }
    return products
  }

  private struct Unfinished: Error {}

  /// The share of one thread. A class because threads take their work from it.
  private final class Share: WorkShare {
    let items: [Item]
    let make: @Sendable (Item) throws -> Product
    let next = Atomic<Int>(0)
    let results: Mutex<[Result<Product, any Error>?]>

    init(_ items: [Item], _ make: @escaping @Sendable (Item) throws -> Product) {
      self.items = items
      self.make = make
      results = Mutex(Array(repeating: nil, count: items.count))
    }

    func run() {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < items.count else { return }
        let result = Result { try make(items[index]) }
        results.withLock { $0[index] = result }
      }
    }
  }

  private static func made(
    of items: [Item], _ count: Int, _ make: @escaping @Sendable (Item) throws -> Product
  ) -> [Result<Product, any Error>?] {
    let share = Share(items, make)
    var threads: [pthread_t] = []
    for _ in 1..<max(2, count) {
      let box = Unmanaged.passRetained(AnyShare(share))
      var thread = pthread_t()
      let failure = pthread_create(
        &thread, nil,
        { argument in
          if let argument {
            Unmanaged<AnyShare>.fromOpaque(argument).takeRetainedValue().share.run()
          }
          return nil
        }, box.toOpaque())
      if failure == 0 { threads.append(thread) } else { box.release() }
    }
    share.run()
    for thread in threads { pthread_join(thread, nil) }
    return share.results.withLock { $0 }
  }
}

private protocol WorkShare: AnyObject, Sendable {
  func run()
}

/// What a thread is started with: C's functions know no type parameters.
private final class AnyShare: Sendable {
  let share: any WorkShare
  init(_ share: any WorkShare) { self.share = share }
}
