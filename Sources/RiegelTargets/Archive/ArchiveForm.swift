import CLinux
import Glibc
package import RiegelModel
import SystemPackage

/// A file that holds a tree: a snapshot, a docker or OCI image, a `sosreport`, a `tar` of a system.
///
/// Which of them it is, its contents say. A second pass over the file happens only where a link
/// leads to what the first one did not keep, and for images, whose list of layers may come last.
package enum ArchiveForm {
  package static let form = TargetForm(
    usage: "FILE", summary: "A snapshot, a docker or OCI image archive, a tar of a system.",
    covers: { address in
      ["tar", "tar.zst", "tar.gz", "tgz", "tar.xz", "tar.bz2"].contains {
        address.hasSuffix("." + $0)
      } || isFile(address)
    },
    open: { request throws(OpeningError) in
      try open(request.address, request)
    })

  private static func isFile(_ path: String) -> Bool {
    guard let file = try? Descriptor(at: AT_FDCWD, path: path, linux_o_path) else { return false }
    return (try? file.metadata().kind) == .file
  }

  package static func open(
    _ path: String, _ request: OpeningRequest
  ) throws(OpeningError) -> ArchiveTarget {
    let file: Descriptor
    do {
      file = try Descriptor(at: AT_FDCWD, path: path, O_RDONLY | O_NONBLOCK)
    } catch {
      switch error {
      case .noSuchFileOrDirectory, .notDirectory: throw .absent(path)
      case .permissionDenied, .notPermitted: throw .permissionDenied(path)
      default: throw .io(path, errno: error.rawValue)
      }
    }
    if (try? file.metadata().kind) == .directory { throw .bareDirectory(path) }
    return try open(file.raw, named: path, isSeekable: true, request)
  }

  /// Reads from a descriptor; one that cannot go back has to give a snapshot.
  static func open(
    _ descriptor: Int32, named address: String, isSeekable: Bool, _ request: OpeningRequest
  ) throws(OpeningError) -> ArchiveTarget {
    do {
      return try withNamesInUTF8 { () throws(ArchiveReader.Trouble) in
        let opening = ArchiveOpening(
          descriptor: descriptor, address: address, isSeekable: isSeekable, request: request)
        return try opening.target()
      }
    } catch {
      throw .unreadable(address, reason: error.reason)
    }
  }
}

/// The steps from an open file to a target.
struct ArchiveOpening {
  let descriptor: Int32
  let address: String
  let isSeekable: Bool
  let request: OpeningRequest

  typealias Trouble = ArchiveReader.Trouble

  func target() throws(Trouble) -> ArchiveTarget {
    let reader = try ArchiveReader(descriptor: descriptor)
    guard try reader.next() else { throw Trouble("it is empty") }
    let first = SnapshotReading.normal(reader.path)
    if first.elementsEqual(SnapshotFormat.marker.utf8) {
      guard let version = try reader.data(limit: 64) else {
        throw Trouble("its version is no number")
      }
      return try snapshot(reader, version: version)
    }
    if !isSeekable { throw Trouble("it is no snapshot") }
    if first.starts(with: "sosreport-".utf8) { return try sosreport(reader) }
    return try tree(reader)
  }

  /// The same file once more from its start.
  func again() throws(Trouble) -> ArchiveReader {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Trouble("it cannot be read twice") }
    return try ArchiveReader(descriptor: descriptor)
  }

  // MARK: snapshots

  private func snapshot(
    _ reader: ArchiveReader, version: [UInt8]
  ) throws(Trouble) -> ArchiveTarget {
    var reading = try SnapshotReading(version: version)
    while try reader.next() { try reading.take(reader) }
    guard let manifest = reading.manifest else {
      throw Trouble("it is not complete: the capture was interrupted or the file was cut")
    }
    guard let time = manifest["captured-at"]?.text.flatMap({ Instant($0) }),
      let isRunning = manifest["running"]?.flag
    else { throw Trouble("its manifest does not say when and what was captured") }
    var target = ArchiveTarget(
      address: address, capturedAt: time, isRunning: isRunning,
      origin: manifest["by"]?.text == "script" ? .script : .snapshot, index: reading.index)
    target.notes = reading.notes
    target.wasPrivileged = manifest["privileged"]?.flag
    return target
  }

  // MARK: trees

  private func tree(_ first: ArchiveReader) throws(Trouble) -> ArchiveTarget {
    let patterns = request.reads + ImageReading.descriptions
    var building = TreeBuilding(wanted: WantedFiles(patterns))
    repeat { try building.take(first) } while try first.next()
    try refuseCut(first)
    var (index, notes) = building.finish()
    if let image = try ImageReading(index, self) {
      (index, notes) = try image.tree()
      return whole(index, notes)
    }
    let missing = missing(in: index)
    if !missing.isEmpty {
      var building = TreeBuilding(wanted: WantedFiles(patterns), alsoWanted: missing)
      let reader = try again()
      while try reader.next() { try building.take(reader) }
      (index, notes) = building.finish()
    }
    return whole(index, notes)
  }

  /// Paths that links lead to and whose contents were not kept, since no pattern names them.
  func missing(in index: FileIndex) -> Set<[UInt8]> {
    let isRunning = isRunning(index)
    let wanted = WantedFiles(request.reads)
    let nodes = index.wantedContents(wanted, isRunning: isRunning).filter { item in
      let limit: Int
      if case .yes = item.want {
        limit = Host.sizeLimit
      } else {
        limit = WantedFiles.configurationLimit
      }
      return index[item.node].kind == .file
        && index.content(item.node) == nil && index.failures[item.node] == nil
        && index[item.node].size > 0 && index[item.node].size <= limit
    }
    return Set(nodes.map { index.pathBytes($0.node) })
  }

  func whole(_ index: FileIndex, _ notes: [String]) -> ArchiveTarget {
    var target = ArchiveTarget(
      address: address, capturedAt: request.now, isRunning: isRunning(index),
      origin: .wholeTree, index: index)
    target.notes = notes
    return target
  }

  /// As with a directory: a copy that brought `proc/version` along shows the host as it ran.
  func isRunning(_ index: FileIndex) -> Bool {
    index.find("proc/version").map { index[$0].kind == .file } ?? false
  }

  /// libarchive takes the end of an uncompressed file for the end of the archive, which it is only
  /// after a block of zeros (pax(1), ustar).
  func refuseCut(_ reader: ArchiveReader) throws(Trouble) {
    if reader.isCompressed { return }
    var last = [UInt8](repeating: 0, count: 512)
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 512, lseek(descriptor, end - 512, SEEK_SET) >= 0,
      read(descriptor, &last, 512) == 512
    else { throw Trouble("it is cut off") }
    if last.contains(where: { $0 != 0 }) { throw Trouble("it is cut off") }
  }
}
