import Foundation
import RiegelModel
import SystemPackage

/// What a probe sees of a host that is a dictionary of texts.
func look<P: Probe>(
  _ probe: P, at texts: [String: String], nodes: [FilePath: MemoryTarget.Node] = [:],
  running: Bool? = nil
) throws -> Observation {
  var all = nodes
  for (path, text) in texts { all[FilePath(path)] = .file(text) }
  return try probe.observe(Host(MemoryTarget(all, isRunning: running)))
}

extension Row {
  /// A fact as a test writes it: the value, `absent`, or `?`.
  func said(_ field: String) -> String {
    switch self[field].content {
    case .known(let value): value.description
    case .absent: "absent"
    case .unknown: "?"
    }
  }
}

extension Observation {
  /// One field of all rows.
  func said(_ field: String) -> [String] { rows.map { $0.said(field) } }
}

/// What a program printed; nil if it could not be run or failed.
func printed(by program: String, _ arguments: [String], input: String = "") -> String? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let output = Pipe()
  let given = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  process.standardInput = given
  do { try process.run() } catch { return nil }
  given.fileHandleForWriting.write(Data(input.utf8))
  try? given.fileHandleForWriting.close()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}

/// A new folder with these files, for programs that read real ones.
func planted(_ texts: [String: String]) throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "riegel-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  for (path, text) in texts {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
  }
  return folder
}
