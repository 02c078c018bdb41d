import Glibc
package import RiegelModel

extension Threads {
  /// POSIX threads, as many as there are processors.
  package static let system = Threads(
    count: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), run: runOnThreads)
}

/// Runs the same on several threads of their own and waits for all: what blocks in the kernel must
/// not do so in the cooperative pool. Where no second thread can be had, one does everything.
@Sendable package func runOnThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
  final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var threads: [pthread_t] = []
  for _ in 1..<max(1, count) {
    let job = Unmanaged.passRetained(Job(body))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, job.toOpaque())
    if failure == 0 { threads.append(thread) } else { job.release() }
  }
  body()
  for thread in threads { pthread_join(thread, nil) }
}
