import CLibArchive
import Crypto
import Glibc
import SystemPackage

/// How a snapshot is packed, by the end of its file's name.
package enum Packing: String, Sendable, CaseIterable {
  case zstd = ".tar.zst"
  case gzip = ".tar.gz"
  case plain = ".tar"

  package init?(fileName: String) {
    guard let found = Packing.allCases.first(where: { fileName.hasSuffix($0.rawValue) }) else {
      return nil
    }
    self = found
  }
}

/// Writes the members of a snapshot to a descriptor.
///
/// A class because it owns the handle of libarchive; belongs to one thread.
final class ArchiveWriter {
  private let handle: OpaquePointer
  private var hash = SHA256()

  typealias Trouble = ArchiveReader.Trouble

  init(descriptor: Int32, _ packing: Packing) throws(Trouble) {
    guard let handle = archive_write_new() else { throw Trouble("out of memory") }
    self.handle = handle
    switch packing {
    case .zstd:
      archive_write_add_filter_zstd(handle)
      archive_write_set_filter_option(handle, "zstd", "compression-level", "5")
    case .gzip: archive_write_add_filter_gzip(handle)
    case .plain: break
    }
    archive_write_set_format_pax_restricted(handle)
    // A pipe takes what there is; without padding to a tape's block.
    archive_write_set_bytes_in_last_block(handle, 1)
    try check(archive_write_open_fd(handle, descriptor))
  }

  deinit { archive_write_free(handle) }

  private func check(_ status: Int32) throws(Trouble) {
    if status == ARCHIVE_OK || status == ARCHIVE_WARN { return }
    throw Trouble(archive_error_string(handle).map { String(cString: $0) } ?? "error \(status)")
  }

  func add(
    _ name: [UInt8], _ bytes: [UInt8], mode: UInt16 = 0o600, user: UInt32 = 0, group: UInt32 = 0,
    modified: Int = 0
  ) throws(Trouble) {
    SnapshotHash.update(&hash, name, bytes)
    guard let entry = archive_entry_new() else { throw Trouble("out of memory") }
    defer { archive_entry_free(entry) }
    (name.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
      archive_entry_set_pathname(entry, $0.baseAddress)
    }
    archive_entry_set_filetype(entry, 0o100000)
    archive_entry_set_perm(entry, mode_t(mode))
    archive_entry_set_uid(entry, Int64(user))
    archive_entry_set_gid(entry, Int64(group))
    archive_entry_set_mtime(entry, modified, 0)
    archive_entry_set_size(entry, Int64(bytes.count))
    try check(archive_write_header(handle, entry))
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { archive_write_data(handle, $0.baseAddress, $0.count) }
      if count <= 0 {
        throw Trouble(archive_error_string(handle).map { String(cString: $0) } ?? "")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// The hash of all that was added so far.
  var digest: String { SnapshotHash.text(hash) }

  func close() throws(Trouble) { try check(archive_write_close(handle)) }
}
