import CLibArchive
import Glibc
import RiegelModel

/// A `tar` read once from front to back by libarchive, uncompressed or not.
///
/// Nothing is unpacked. Only the filters and formats named here are known, since others start
/// programs or are parsers that nobody needs. A class because it owns the handle of libarchive;
/// belongs to one thread.
final class ArchiveReader {
  /// What is wrong with an archive, for the person who named it.
  struct Trouble: Error, Hashable {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private let handle: OpaquePointer
  private var entry: OpaquePointer?
  /// Kept alive while its data is read.
  private let outer: ArchiveReader?
  private(set) var entryCount = 0
  private var isOpen = false

  /// Above this size an archive may not have grown by more than `bombRatio`; files full of zeros
  /// stay below it with every compressor that a person would use on a host.
  static let bombSize: Int64 = 256 << 20
  static let bombRatio: Int64 = 2000
  static let entryLimit = 20_000_000

  private init(outer: ArchiveReader?) throws(Trouble) {
    guard let handle = archive_read_new() else { throw Trouble("out of memory") }
    self.handle = handle
    self.outer = outer
    archive_read_support_filter_gzip(handle)
    archive_read_support_filter_zstd(handle)
    archive_read_support_filter_xz(handle)
    archive_read_support_filter_bzip2(handle)
    archive_read_support_format_tar(handle)
  }

  /// Reads from a descriptor, which stays the caller's.
  convenience init(descriptor: Int32) throws(Trouble) {
    try self.init(outer: nil)
    try check(archive_read_open_fd(handle, descriptor, 128 << 10))
  }

  /// Reads an archive that is a file of another one, standing at it.
  convenience init(in outer: ArchiveReader) throws(Trouble) {
    try self.init(outer: outer)
    let box = Unmanaged.passUnretained(outer).toOpaque()
    try check(
      archive_read_open(
        handle, box, nil,
        { handle, box, buffer in
          guard let box, let buffer else { return -1 }
          let outer = Unmanaged<ArchiveReader>.fromOpaque(box).takeUnretainedValue()
          do {
            guard let block = try outer.block() else { return 0 }
            buffer.pointee = block.bytes.baseAddress
            return block.bytes.count
          } catch {
            // Has its reason; set_error is variadic and cannot be called.
            return -1
          }
        }, nil))
  }

  deinit { archive_read_free(handle) }

  private func check(_ status: Int32) throws(Trouble) {
    if status == ARCHIVE_OK || status == ARCHIVE_WARN { return }
    throw trouble()
  }

  private func trouble() -> Trouble {
    let text = archive_error_string(handle).map { String(cString: $0) } ?? "no archive"
    return Trouble(text)
  }

  /// Moves to the next entry; false at the end.
  func next() throws(Trouble) -> Bool {
    if entry != nil { try skip() }
    let status = archive_read_next_header(handle, &entry)
    if status == ARCHIVE_EOF {
      entry = nil
      return false
    }
    try check(status)
    entryCount += 1
    if entryCount > ArchiveReader.entryLimit { throw Trouble("more than 20 million entries") }
    try refuseBomb()
    return true
  }

  var isCompressed: Bool { archive_filter_count(handle) > 1 }

  /// A compressed entry is skipped by hand, so that a bomb is found out while it goes off.
  private func skip() throws(Trouble) {
    if !isCompressed { return }
    while try block() != nil {}
  }

  private func refuseBomb() throws(Trouble) {
    guard isCompressed else { return }
    let unpacked = archive_filter_bytes(handle, 0)
    guard unpacked > ArchiveReader.bombSize else { return }
    if unpacked / max(1, archive_filter_bytes(handle, -1)) > ArchiveReader.bombRatio {
      throw Trouble("unpacks to more than \(ArchiveReader.bombRatio) times its size")
    }
  }

  /// The next piece of the entry's data and where it belongs; nil at its end. Valid until the
  /// next call.
  func block() throws(Trouble) -> (bytes: UnsafeRawBufferPointer, offset: Int64)? {
    var start: UnsafeRawPointer?
    var count = 0
    var offset: Int64 = 0
    let status = archive_read_data_block(handle, &start, &count, &offset)
    if status == ARCHIVE_EOF { return nil }
    try check(status)
    try refuseBomb()
    return (UnsafeRawBufferPointer(start: start, count: count), offset)
  }

  /// The data of the entry; nil if it is larger than the bound.
  func data(limit: Int) throws(Trouble) -> [UInt8]? {
    guard size <= limit else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(size, 1 << 20))
    while let (block, offset) = try block() {
      guard offset >= bytes.count, Int(offset) + block.count <= limit else { return nil }
      if offset > bytes.count {
        bytes.append(contentsOf: repeatElement(0, count: Int(offset) - bytes.count))
      }
      bytes.append(contentsOf: block)
    }
    // A hole at the end of a sparse file.
    if bytes.count < size {
      bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
    }
    return bytes
  }

  // MARK: the entry

  var size: Int { entry.map { max(0, Int(archive_entry_size($0))) } ?? 0 }

  /// Calls with the path as the archive has it; bytes that are no text included.
  func withPath<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
    guard let entry else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    return ArchiveReader.with(
      archive_entry_pathname(entry) ?? archive_entry_pathname_utf8(entry), body)
  }

  var path: [UInt8] { withPath { Array($0) } }

  /// The entry that this one is a second name of.
  var hardLink: [UInt8]? {
    guard let entry,
      let text = archive_entry_hardlink(entry) ?? archive_entry_hardlink_utf8(entry)
    else { return nil }
    return ArchiveReader.with(text) { Array($0) }
  }

  var linkText: [UInt8] {
    guard let entry else { return [] }
    return ArchiveReader.with(
      archive_entry_symlink(entry) ?? archive_entry_symlink_utf8(entry)
    ) { Array($0) }
  }

  /// nil for what is no file.
  var metadata: FileMetadata? {
    guard let entry else { return nil }
    var raw = UInt32(archive_entry_filetype(entry))
    if raw == 0 { raw = 0o100000 }
    guard let kind = FileMetadata.kind(ofRawMode: raw) else { return nil }
    return FileMetadata(
      kind: kind, mode: UInt16(truncatingIfNeeded: archive_entry_perm(entry)) & 0o7777,
      user: UInt32(clamping: archive_entry_uid(entry)),
      group: UInt32(clamping: archive_entry_gid(entry)), size: size,
      modified: Instant(seconds: Int(archive_entry_mtime(entry))))
  }

  private static func with<T>(
    _ text: UnsafePointer<CChar>?, _ body: (UnsafeRawBufferPointer) -> T
  ) -> T {
    guard let text else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    return body(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }
}

/// Runs with UTF-8 as this thread's character set, which libarchive asks for when it reads names;
/// in the `C` locale it would put question marks into them.
func withNamesInUTF8<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
  guard let utf8 = newlocale(Int32(1) << Int32(LC_CTYPE), "C.UTF-8", nil) else {
    return try body()
  }
  let before = uselocale(utf8)
  defer {
    uselocale(before)
    freelocale(utf8)
  }
  return try body()
}
