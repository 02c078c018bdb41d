import RiegelModel
import SystemPackage

/// A `sosreport`: copies of files below a folder of its own, and what commands printed.
///
/// It holds what its plugins chose, so that a file which is not in it says nothing: every folder
/// counts as not listed. Of the commands, `sysctl -a` tells what files of `/proc/sys` would.
extension ArchiveOpening {
  func sosreport(_ first: ArchiveReader) throws(Trouble) -> ArchiveTarget {
    var building = TreeBuilding(wanted: WantedFiles(request.reads), isPartial: true)
    var settings: [UInt8]?
    var isTooLarge = false
    repeat {
      let path = SnapshotReading.normal(first.path)
      // `sosreport-host-2026-11-24-abcdefg/`
      let inner = path.drop { $0 != UInt8(ascii: "/") }.dropFirst()
      if inner.isEmpty { continue }
      let top = String(decoding: inner.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
      if SosreportLayout.trees.contains(top) {
        try building.take(first, at: Array(inner))
      } else if inner.elementsEqual(SosreportLayout.sysctl.utf8) {
        settings = try first.data(limit: WantedFiles.configurationLimit)
        isTooLarge = settings == nil
      }
    } while try first.next()
    if !first.isCompressed { try refuseCut(first) }
    var (index, notes) = building.finish()
    if let settings {
      let refused = try SosreportLayout.take(sysctl: settings, into: &index)
      if refused > 0 {
        notes.append(
          "\(refused) lines of \(SosreportLayout.sysctl) name no file and were not taken")
      }
    } else if isTooLarge {
      notes.append("\(SosreportLayout.sysctl) is too large and was not taken")
    }
    notes.append("a sosreport holds only a part of a host; what is not in it was not collected")
    var target = ArchiveTarget(
      address: address, capturedAt: request.now, isRunning: true,
      origin: .snapshot, index: index)
    target.notes = notes
    return target
  }
}

enum SosreportLayout {
  /// Folders of the report that are copies of the host's own.
  static let trees: Set<String> = [
    "boot", "dev", "etc", "home", "lib", "opt", "proc", "root", "run", "srv", "sys", "usr", "var",
  ]
  static let sysctl = "sos_commands/kernel/sysctl_-a"

  /// `net.ipv4.ip_forward = 0` as the file that sysctl read; slashes within a name come as dots and
  /// the other way round (sysctl(8)).
  ///
  /// How many lines have a key that cannot be a file below `/proc/sys`.
  static func take(
    sysctl text: [UInt8], into index: inout FileIndex
  ) throws(ArchiveReader.Trouble) -> Int {
    var refused = 0
    for line in text.split(separator: 0x0a) {
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let key = line[..<equals].filter { $0 != 0x20 }.map { byte in
        switch byte {
        case UInt8(ascii: "."): UInt8(ascii: "/")
        case UInt8(ascii: "/"): UInt8(ascii: ".")
        default: byte
        }
      }
      let path = Array("proc/sys/".utf8) + key
      var value = Array(line[(equals + 1)...].drop { $0 == 0x20 })
      value.append(0x0a)
      let node: FileIndex.Node
      do {
        node = try path.withBytes { path throws(FileIndex.PathTrouble) in try index.make(path) }
      } catch {
        if case .tooManyEntries = error {
          throw ArchiveReader.Trouble("more than \(FileIndex.entryLimit) entries")
        }
        refused += 1
        continue
      }
      // A copy of the file itself says it better.
      guard index[node].flags.contains(.implied) else { continue }
      index.set(node, FileMetadata(kind: .file, mode: 0o644))
      index.setContent(node, value)
    }
    return refused
  }
}
