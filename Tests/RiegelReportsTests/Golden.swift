import Foundation
import Testing

/// Files under `Tests/Golden` that reports are compared with; `UPDATE_GOLDEN=1` alone writes them.
enum Golden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Golden")

  static func expect(
    _ bytes: [UInt8], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
      return
    }
    let expected = try Data(contentsOf: file)
    if expected == Data(bytes) { return }
    let old = String(decoding: expected, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let new = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).enumerated().first { $1.0 != $1.1 }
    Issue.record(
      """
      \(name) differs from line \((line?.offset ?? min(old.count, new.count)) + 1):
      - \(line?.element.0 ?? "(end)")
      + \(line?.element.1 ?? "(end)")
      UPDATE_GOLDEN=1 writes it anew; look at the difference before it is committed.
      """, sourceLocation: sourceLocation)
  }
}
