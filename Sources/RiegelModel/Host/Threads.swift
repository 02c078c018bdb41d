import Synchronization

/// Threads that work can be shared among: one, unless who calls has more to offer.
package struct Threads: Sendable {
  package let count: Int
  private let run: @Sendable (Int, @escaping @Sendable () -> Void) -> Void

  package static let one = Threads(count: 1) { _, body in body() }

  /// `run` does the same on a number of threads, or on fewer, and waits for all.
  package init(
    count: Int, run: @escaping @Sendable (Int, @escaping @Sendable () -> Void) -> Void
  ) {
    self.count = count
    self.run = run
  }

  /// Like `map`; each thread takes the next element that nobody took. No order of calls is
  /// promised, only that of the results.
  package func map<T: Sendable, U: Sendable>(
    _ elements: [T], _ transform: @escaping @Sendable (T) -> U
  ) -> [U] {
    let threads = min(count, elements.count)
    if threads < 2 { return elements.map(transform) }
    let results = Results<U>(elements.count)
    run(threads) {
      while true {
        let index = results.next.add(1, ordering: .relaxed).oldValue
        guard index < elements.count else { return }
        let result = transform(elements[index])
        results.values.withLock { $0[index] = result }
      }
    }
    return results.values.withLock { $0 }.compactMap { $0 }
  }

  /// A class because the threads share it.
  private final class Results<T: Sendable>: Sendable {
    let next = Atomic<Int>(0)
    let values: Mutex<[T?]>

    init(_ count: Int) { values = Mutex(Array(repeating: nil, count: count)) }
  }
}
