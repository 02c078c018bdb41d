package import RiegelModel
import SystemPackage

/// Captures a tree into a snapshot: what probes may read, and the metadata of every file.
///
/// Contents go through the redaction before anything is written; nothing but the archive is.
package struct Capture {
  /// Who captures what; written into the manifest.
  package struct Request: Sendable {
    /// Globs of contents, from the declarations of probes and what the user adds.
    package var reads: [String]
    package var packing: Packing
    /// `riegel 0.1.0`
    package var tool: String
    package var isPrivileged: Bool
    package var user: String

    package init(
      reads: [String], packing: Packing, tool: String, isPrivileged: Bool, user: String
    ) {
      self.reads = reads
      self.packing = packing
      self.tool = tool
      self.isPrivileged = isPrivileged
      self.user = user
    }
  }

  /// What became of a capture, for the person who waits for it.
  package struct Summary: Sendable {
    package var entries = 0
    package var files = 0
    package var bytes = 0
    package var redacted: [String: Int] = [:]
    package var leftOut: [String: Int] = [:]
    package var unreadable = 0
    package init() {}
  }

  private let target: any Target
  private let request: Request
  private let redaction = Redaction()
  private let wanted: WantedFiles
  private let isAskedForDevices: Bool
  private var index = FileIndex()
  private var summary = Summary()
  private var log: [UInt8] = []

  package init(of target: any Target, _ request: Request) {
    self.target = target
    self.request = request
    // Names in /dev tell what is no device, such as the `.ssh` of an account that lives there.
    wanted = WantedFiles(request.reads + [Capture.devices])
    isAskedForDevices = request.reads.contains(Capture.devices)
  }

  /// Throws what keeps the archive from being written or read.
  package mutating func write(
    to descriptor: Int32, identity: [(key: String, value: String?)]
  ) throws(OpeningError) -> Summary {
    do {
      return try withNamesInUTF8 { () throws(ArchiveReader.Trouble) in
        try write(ArchiveWriter(descriptor: descriptor, request.packing), identity)
      }
    } catch {
      throw .unreadable(target.address, reason: error.reason)
    }
  }

  private mutating func write(
    _ writer: ArchiveWriter, _ identity: [(key: String, value: String?)]
  ) throws(ArchiveReader.Trouble) -> Summary {
    do {
      index = try CaptureIndex(of: target, wanted: wanted).index
    } catch {
      throw ArchiveReader.Trouble("more than \(FileIndex.entryLimit) entries")
    }
    try writer.add(
      Array(SnapshotFormat.marker.utf8), Array("\(SnapshotFormat.version)\n".utf8))
    try writeContents(writer)
    try writeIndex(writer)
    noteFailures()
    try writer.add(Array(SnapshotFormat.log.utf8), log)
    var asked: [UInt8] = []
    for glob in request.reads {
      SnapshotFormat.escape(glob.utf8, into: &asked)
      asked.append(0x0a)
    }
    try writer.add(Array(SnapshotFormat.asked.utf8), asked)
    try writer.add(Array(SnapshotFormat.manifest.utf8), manifest(writer.digest, identity))
    try writer.close()
    return summary
  }

  // MARK: contents

  private mutating func writeContents(_ writer: ArchiveWriter) throws(ArchiveReader.Trouble) {
    for (node, want) in index.wantedContents(wanted, isRunning: target.isRunning) {
      let path = index.path(node)
      let text = printable(path)
      let isDevice = index[node].kind == .blockDevice
      if isDevice, !isAskedForDevices || Capture.isMediumDoubtful(path) { continue }
      if redaction.leavesOut(text) {
        leaveOut(node, "secret")
        continue
      }
      guard let bytes = isDevice ? readHeader(node, path) : read(node, path, want) else { continue }
      var isBinaryRefused = false
      if case .ifConfiguration = want { isBinaryRefused = true }
      switch redaction.apply(bytes, path: text, isBinaryRefused: isBinaryRefused) {
      case .leaveOut(let reason): leaveOut(node, reason)
      case .keep(let kept, let rules):
        for (rule, count) in rules {
          summary.redacted[rule, default: 0] += count
          note("redacted \(rule) ", node)
        }
        // What the index says is enough for an ordinary empty file.
        if kept.isEmpty, index[node].size == 0, !index.isBelowSkipped(node) { continue }
        let entry = index[node]
        try writer.add(
          Array(SnapshotFormat.root.utf8) + index.pathBytes(node).dropFirst(), kept,
          mode: entry.mode, user: entry.user, group: entry.group, modified: Int(entry.modified))
        summary.files += 1
        summary.bytes += kept.count
      }
    }
  }

  private mutating func read(
    _ node: FileIndex.Node, _ path: FilePath, _ want: WantedFiles.Want
  ) -> [UInt8]? {
    var limit = Host.sizeLimit
    if case .ifConfiguration = want { limit = WantedFiles.configurationLimit }
    do throws(TargetError) {
      if path == "/var/log/lastlog", let count = LoginRecords.lastlogCount(Int(index[node].size)) {
        return try target.readHead(path, count: count)
      }
      if let bytes = try target.read(path, limit: limit) { return bytes }
      // Ended or removed meanwhile.
      index.remove(node)
    } catch {
      if case .tooLarge = error {
        leaveOut(node, "too-large")
      } else {
        index.failures[node] = FileIndex.Failure(error)
      }
    }
    return nil
  }

  /// The header of a LUKS volume; nil for a device that holds something else, of which nothing is
  /// captured.
  private mutating func readHeader(_ node: FileIndex.Node, _ path: FilePath) -> [UInt8]? {
    do throws(TargetError) {
      guard let head = try target.readHead(path, count: LUKSMetadata.firstSize),
        let size = LUKSMetadata.size(head)
      else { return nil }
      return size > head.count ? try target.readHead(path, count: size) : head
    } catch {
      index.failures[node] = FileIndex.Failure(error)
      return nil
    }
  }

  /// What a probe says that asks for the headers of volumes.
  static let devices = "/dev/*"

  /// Drives that wait for a medium, and devices that nothing outlives.
  private static func isMediumDoubtful(_ path: FilePath) -> Bool {
    let name = path.lastComponent?.string ?? ""
    return ["sr", "fd", "ram", "zram", "nbd"].contains { name.hasPrefix($0) }
  }

  private mutating func leaveOut(_ node: FileIndex.Node, _ reason: String) {
    summary.leftOut[reason, default: 0] += 1
    note("left-out \(reason) ", node)
  }

  // MARK: index and log

  private mutating func note(_ text: String, _ node: FileIndex.Node) {
    log += text.utf8
    SnapshotFormat.escape(index.pathBytes(node), into: &log)
    log.append(0x0a)
  }

  private mutating func noteFailures() {
    for (node, fileSystem) in index.skipped.sorted(by: { $0.key < $1.key }) {
      let name = fileSystem.split(separator: " ").joined(separator: "-")
      note("skipped \(name) ", node)
    }
    for (node, failure) in index.failures.sorted(by: { $0.key < $1.key }) {
      if index[node].flags.contains(.removed) { continue }
      switch failure {
      case .denied: note("unreadable 13 ", node)
      case .io(let code): note("unreadable \(code) ", node)
      case .tooLarge: note("left-out too-large ", node)
      case .leftOut(let reason): note("left-out \(reason) ", node)
      }
      summary.unreadable += 1
    }
  }

  private mutating func writeIndex(_ writer: ArchiveWriter) throws(ArchiveReader.Trouble) {
    var text = IndexText(index)
    var number = 0
    while let part = text.next() {
      try writer.add(Array("\(SnapshotFormat.index)\(number)".utf8), part)
      number += 1
    }
    summary.entries = text.entries
  }

  // MARK: manifest

  private func manifest(
    _ digest: String, _ identity: [(key: String, value: String?)]
  ) -> [UInt8] {
    func counts(_ numbers: [String: Int]) -> String {
      let members = numbers.sorted { $0.key < $1.key }.map {
        "\(quoted($0.key)): \($0.value)"
      }
      return "{" + members.joined(separator: ", ") + "}"
    }
    let host = identity.map {
      "\(quoted($0.key)): \($0.value.map(quoted) ?? "null")"
    }
    let members: [(String, String)] = [
      ("format", String(SnapshotFormat.version)),
      ("tool", quoted(request.tool)),
      ("by", quoted("binary")),
      ("captured-at", quoted(target.capturedAt.description)),
      ("running", String(target.isRunning)),
      ("source", quoted(target.address)),
      ("user", quoted(request.user)),
      ("privileged", String(request.isPrivileged)),
      ("host", "{" + host.joined(separator: ", ") + "}"),
      ("entries", String(summary.entries)),
      ("files", String(summary.files)),
      ("bytes", String(summary.bytes)),
      ("unreadable", String(summary.unreadable)),
      ("clock", CaptureClock(of: target).json),
      ("left-out", counts(summary.leftOut)),
      ("redacted", counts(summary.redacted)),
      ("sha256", quoted(digest)),
    ]
    let lines = members.map { "  \(quoted($0)): \($1)" }.joined(separator: ",\n")
    return Array("{\n\(lines)\n}\n".utf8)
  }
}

/// A text as JSON writes it.
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
