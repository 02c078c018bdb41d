import Glibc
import RiegelEngine
import Synchronization

/// One line on a terminal's standard error while the walk runs; gone when it is done.
///
/// A class because a thread of its own redraws it.
final class ProgressLine: Sendable {
  private let progress: AuditProgress
  private let text: String
  private let isOver = Atomic<Bool>(false)
  private let hasEnded = Atomic<Bool>(false)

  /// Starts the line; the text holds `%` where the number of entries goes.
  init(_ progress: AuditProgress, text: String) {
    self.progress = progress
    self.text = text
    var thread = pthread_t()
    let box = Unmanaged.passRetained(self).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { box in
        guard let box else { return nil }
        Unmanaged<ProgressLine>.fromOpaque(box).takeRetainedValue().draw()
        return nil
      }, box)
    if status == 0 {
      pthread_detach(thread)
    } else {
      Unmanaged<ProgressLine>.fromOpaque(box).release()
      hasEnded.store(true, ordering: .releasing)
    }
  }

  /// Wipes the line.
  func end() {
    isOver.store(true, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { usleep(1000) }
  }

  private func draw() {
    var isShown = false
    // Short audits show nothing.
    var ticks = 0
    while !isOver.load(ordering: .acquiring) {
      usleep(20_000)
      ticks += 1
      if ticks % 5 != 0 || ticks < 15 { continue }
      let count = String(progress.entriesSeen)
      let line = text.split(separator: "%", omittingEmptySubsequences: false)
        .joined(separator: count)
      Console.write(Array("\r\u{1b}[2K\(line)".utf8), to: STDERR_FILENO)
      isShown = true
    }
    if isShown { Console.write(Array("\r\u{1b}[2K".utf8), to: STDERR_FILENO) }
    hasEnded.store(true, ordering: .releasing)
  }
}
