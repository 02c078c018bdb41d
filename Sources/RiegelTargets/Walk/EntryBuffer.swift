import CLinux
import Glibc
import SystemPackage

/// Room for what one `getdents64(2)` returns, used again for directory after directory.
///
/// A class because the memory is freed once; belongs to one thread.
final class EntryBuffer {
  private static let size = 64 << 10
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
  private var filled = 0

  deinit { memory.deallocate() }

  /// Reads the next entries; false at the end of the directory.
  func fill(from directory: Int32) throws(Errno) -> Bool {
    let count = linux_getdents(directory, memory.baseAddress, memory.count)
    if count < 0 { throw Errno(rawValue: CInt(-count)) }
    filled = Int(count)
    return filled > 0
  }

  /// Calls with each name but `.` and `..`, a zero behind it, and with its `d_type`.
  @inline(__always)
  func forEach(_ body: (UnsafeRawBufferPointer, UInt8) -> Void) {
    var at = 0
    while at < filled {
      let length = Int(memory.load(fromByteOffset: at + 16, as: UInt16.self))
      let type = memory.load(fromByteOffset: at + 18, as: UInt8.self)
      let rest = UnsafeRawBufferPointer(rebasing: memory[at + 19..<at + length])
      at += length
      guard let start = rest.baseAddress else { continue }
      let count = strnlen(start.assumingMemoryBound(to: CChar.self), rest.count)
      let name = UnsafeRawBufferPointer(start: start, count: count)
      if name[0] == UInt8(ascii: "."), count == 1 || count == 2 && name[1] == UInt8(ascii: ".") {
        continue
      }
      body(name, type)
    }
  }
}

/// Asked once: a walk opens many thousand directories.
private let isPrivileged = geteuid() == 0

/// Opens a directory for reading without a change of its time of last access, where that is
/// allowed: `O_NOATIME` is for the owner and root. The descriptor, or a negative errno.
func openDirectory(_ parent: Int32, _ path: UnsafePointer<CChar>, resolve: UInt64 = 0) -> Int32 {
  let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK
  func open(_ flags: Int32) -> Int32 {
    resolve == 0
      ? linux_openat(parent, path, flags) : linux_openat2(parent, path, flags, resolve)
  }
  if isPrivileged {
    let fd = open(flags | linux_o_noatime)
    if fd != -EPERM { return fd }
  }
  return open(flags)
}
