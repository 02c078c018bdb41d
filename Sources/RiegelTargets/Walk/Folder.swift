import RiegelModel
import SystemPackage

/// A directory that the walk has entered; it lives as long as something below it is to be done.
///
/// It knows its own name and its parent instead of its path, so that what waits at every level of
/// a deep tree does not hold as many long paths. A class because its children share it.
final class Folder<Context: Sendable> {
  private(set) var parent: Folder?
  /// Of the root of a walk, its path.
  let name: [UInt8]
  let depth: Int
  let context: Context

  init(parent: Folder?, name: [UInt8], context: Context) {
    self.parent = parent
    self.name = name
    self.context = context
    depth = (parent?.depth ?? -1) + 1
  }

  /// Lets go of the ancestors one after the other; the compiler's way would nest as deep as the
  /// tree is and run out of stack.
  deinit {
    var next = parent
    parent = nil
    while let folder = next, isKnownUniquelyReferenced(&next) {
      next = folder.parent
      folder.parent = nil
    }
  }
}

/// A directory that the walk has seen and not entered yet.
struct Pending<Context: Sendable> {
  var parent: Folder<Context>?
  var name: [UInt8]
  var device: UInt64
  var inode: UInt64
  var mounts: MountTable.Point?
  /// Whether it may have been walked by another path: it lies below a mount point.
  var isSuspect: Bool

  var depth: Int { (parent?.depth ?? -1) + 1 }

  /// The path with a zero at its end.
  func path(into buffer: inout [CChar]) {
    buffer.removeAll(keepingCapacity: true)
    var names = [name]
    names.reserveCapacity(depth + 1)
    var folder = parent
    while let above = folder {
      names.append(above.name)
      folder = above.parent
    }
    for name in names.reversed() {
      if let last = buffer.last, last != Pending.slash { buffer.append(Pending.slash) }
      for byte in name { buffer.append(CChar(bitPattern: byte)) }
    }
    buffer.append(0)
  }

  private static var slash: CChar { CChar(bitPattern: UInt8(ascii: "/")) }
}
