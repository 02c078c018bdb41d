import Foundation
import RiegelModel
import SystemPackage

/// A folder with files for a real program, and the same tree for a probe.
struct PlantedTree {
  let root: URL
  var path: String { root.path }

  init() throws {
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
  }

  func file(_ path: String, _ text: String) throws {
    let url = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func link(_ path: String, to target: String) throws {
    let url = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
  }

  /// Copies a folder of this machine to the same place in the tree.
  func copy(_ path: String) throws {
    let target = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    _ = try output(of: "/bin/cp", ["-a", "/" + path, target.path])
  }

  /// The protections of a unit that `systemd-analyze security` finds switched on.
  func protections(of unit: String) throws -> Set<String> {
    let text = try output(
      of: "/usr/bin/systemd-analyze",
      ["security", "--offline=true", "--root=" + root.path, "--json=short", unit])
    guard let start = text.firstIndex(of: "["),
      let lines = try JSONSerialization.jsonObject(with: Data(text[start...].utf8))
        as? [[String: Any]]
    else { return [] }
    return Set(
      lines.filter { $0["set"] as? Bool == true }.compactMap { $0["json_field"] as? String })
  }

  func host(isRunning: Bool = true) throws -> RiegelModel.Host {
    var nodes: [FilePath: MemoryTarget.Node] = [:]
    let manager = FileManager.default
    for path in try manager.subpathsOfDirectory(atPath: root.path) {
      let full = root.path + "/" + path
      let key = FilePath("/" + path)
      let type = try manager.attributesOfItem(atPath: full)[.type] as? FileAttributeType
      switch type {
      case .typeSymbolicLink:
        nodes[key] = .link(to: FilePath(try manager.destinationOfSymbolicLink(atPath: full)))
      case .typeDirectory: nodes[key] = .directory()
      default:
        nodes[key] = .file(
          String(decoding: try Data(contentsOf: URL(fileURLWithPath: full)), as: UTF8.self))
      }
    }
    return RiegelModel.Host(MemoryTarget(nodes, isRunning: isRunning))
  }

  func remove() throws { try FileManager.default.removeItem(at: root) }
}

/// What a program printed on standard output; errors are let go.
func output(of program: String, _ arguments: [String]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  process.environment = ["LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb"]
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self)
}

func isInstalled(_ program: String) -> Bool {
  FileManager.default.isExecutableFile(atPath: program)
}

extension RiegelModel.Host {
  /// A host with these texts at these paths.
  convenience init(texts: [String: String]) { self.init(MemoryTarget(texts: texts)) }
}

/// Whether a program ends with status 0.
func succeeds(_ program: String, _ arguments: [String]) throws -> Bool {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus == 0
}
