import Glibc
import Synchronization

/// Work that several threads do and make more of; each keeps its own on a stack and gives the
/// older half away when another has run out.
///
/// A class because the threads share it. Work that has to wait until all other is done comes in
/// order of its key, one at a time, so that two runs do the same.
final class WorkList<Item>: @unchecked Sendable {
  // Both live at an address of their own, as pthreads wants it, and guard what follows.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var shared: [Item] = []
  private var later: [(key: [UInt8], item: Item)] = []
  private var idle = 0
  private var isFinished = false

  /// How many take part; a thread that has not begun yet has no work to wait for.
  private var threads = 0
  /// Whether anybody waits for work; a hint that is read without the lock.
  private let isWanted = Atomic<Bool>(false)

  init(_ first: Item) {
    shared = [first]
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  /// Called once by each thread before it asks for work.
  func join() {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    threads += 1
  }

  /// The next thing to do for a thread with this stack; nil when all is done.
  func next(_ own: inout [Item]) -> Item? {
    if let item = own.popLast() {
      if isWanted.load(ordering: .relaxed), !own.isEmpty { give(&own) }
      return item
    }
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    idle += 1
    while !isFinished {
      if !shared.isEmpty {
        idle -= 1
        isWanted.store(idle > 0, ordering: .relaxed)
        swap(&own, &shared)
        return own.popLast()
      }
      if idle == threads {
        takeLater()
      } else {
        isWanted.store(true, ordering: .relaxed)
        pthread_cond_wait(changed, lock)
      }
    }
    return nil
  }

  /// Leaves work until all other is done.
  func postpone(_ item: Item, key: [UInt8]) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    later.append((key, item))
  }

  private func give(_ own: inout [Item]) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard shared.isEmpty else { return }
    let half = (own.count + 1) / 2
    shared.append(contentsOf: own[..<half])
    own.removeFirst(half)
    isWanted.store(false, ordering: .relaxed)
    pthread_cond_broadcast(changed)
  }

  private func takeLater() {
    let first = later.indices.min { later[$0].key.lexicographicallyPrecedes(later[$1].key) }
    if let first {
      shared.append(later.remove(at: first).item)
    } else {
      isFinished = true
      pthread_cond_broadcast(changed)
    }
  }
}
