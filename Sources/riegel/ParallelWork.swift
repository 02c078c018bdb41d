import RiegelModel
import RiegelTargets

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
    var start = 0
    while start < items.count {
      let batch = Array(items[start..<min(start + Threads.system.count * 8, items.count)])
      let results = Threads.system.map(batch) { [make] item in Result { try make(item) } }
      for (item, result) in zip(batch, results) { try take(item, result) }
      start += batch.count
    }
  }

  /// All products; throws for the first thing, in their order, of which there is none.
  func products() throws -> [Product] {
    var products: [Product] = []
    try run { _, result in products.append(try result.get()) }
    return products
  }
}
