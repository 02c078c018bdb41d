import CLinux
import Glibc
import RiegelModel
import SystemPackage

/// Where file systems begin below a root, as a tree of names: the walk carries its place in it, so
/// that folders without a mount below them, nearly all, cost nothing.
///
/// The table is asked before a mount point is even looked at, since `stat` of a dead network file
/// system does not return. It also tells `devtmpfs` from `tmpfs` and finds bind mounts, which a
/// change of `st_dev` would not.
package struct MountTable: Sendable {
  /// A folder that is a mount point or has some below it.
  final class Point: Sendable {
    /// The name of the file system mounted here; nil if this is only on the way.
    let fileSystem: String?
    let children: [[UInt8]: Point]

    init(_ fileSystem: String?, _ children: [[UInt8]: Point]) {
      self.fileSystem = fileSystem
      self.children = children
    }

    func child(_ name: UnsafeRawBufferPointer) -> Point? {
      // The few folders that have mounts below them may allocate.
      children[Array(name)]
    }
  }

  /// nil where the table cannot be read; then a change of `st_dev` has to do.
  let root: Point?

  /// The mounts below a directory of this process's own view.
  static func own(below directory: Int32) -> MountTable {
    guard let text = contents("/proc/self/mountinfo"),
      let place = target(of: "/proc/self/fd/\(directory)")
    else { return MountTable(root: nil) }
    return MountTable(mountinfo: text, below: FilePath(bytes: place))
  }

  init(root: Point?) { self.root = root }

  /// From a file as `proc_pid_mountinfo(5)` describes it.
  init(mountinfo: [UInt8], below place: FilePath) {
    let mounts = mountinfo.split(separator: UInt8(ascii: "\n")).compactMap(Mount.init)
    let visible = MountTable.visible(mounts)
    var found: [(path: ArraySlice<[UInt8]>, fileSystem: String)] = []
    let above = place.components.map(\.bytes)
    for mount in visible where mount.path.starts(with: above) {
      found.append((mount.path.dropFirst(above.count), mount.fileSystem))
    }
    root = MountTable.tree(found)
  }

  private static func tree(_ mounts: [(path: ArraySlice<[UInt8]>, fileSystem: String)]) -> Point {
    var own: String?
    var below: [[UInt8]: [(path: ArraySlice<[UInt8]>, fileSystem: String)]] = [:]
    for (path, fileSystem) in mounts {
      if let first = path.first {
        below[first, default: []].append((path.dropFirst(), fileSystem))
      } else {
        own = fileSystem
      }
    }
    return Point(own, below.mapValues(tree))
  }

  private struct Mount {
    var id: Int
    var parent: Int
    var path: [[UInt8]]
    var fileSystem: String

    init?(_ line: ArraySlice<UInt8>) {
      let fields = line.split(separator: UInt8(ascii: " "))
      guard let dash = fields.firstIndex(where: { $0.elementsEqual("-".utf8) }), dash >= 6,
        dash + 1 < fields.count,
        let id = Int(String(decoding: fields[0], as: UTF8.self)),
        let parent = Int(String(decoding: fields[1], as: UTF8.self))
      else { return nil }
      self.id = id
      self.parent = parent
      path = FilePath(bytes: MountTable.unescaped(fields[4])).components.map(\.bytes)
      fileSystem = String(decoding: fields[dash + 1], as: UTF8.self)
    }
  }

  /// The mounts that a path can reach: of several at one place the last, and none that a later
  /// mount further up hides.
  private static func visible(_ mounts: [Mount]) -> [Mount] {
    var top: [[[UInt8]]: Mount] = [:]
    var byID: [Int: Mount] = [:]
    for mount in mounts {
      top[mount.path] = mount
      byID[mount.id] = mount
    }
    return top.values.filter { mount in
      var base = mount
      // The bound keeps a table that contradicts itself from looping.
      for _ in 0..<mounts.count {
        guard let below = byID[base.parent], below.path == mount.path, below.id != base.id else {
          break
        }
        base = below
      }
      for length in stride(from: mount.path.count - 1, through: 0, by: -1) {
        if let holder = top[Array(mount.path.prefix(length))] { return holder.id == base.parent }
      }
      return true
    }
  }

  /// Blanks, tabs, newlines and backslashes are written as `\040` and so on.
  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        result.append(code)
        rest = rest.dropFirst(3)
      } else {
        result.append(byte)
      }
    }
    return result
  }

  /// A file of the machine that Riegel runs on, not of the target.
  private static func contents(_ path: String) -> [UInt8]? {
    guard let file = try? Descriptor(at: AT_FDCWD, path: path, O_RDONLY) else { return nil }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Int(linux_read(file.raw, &chunk, chunk.count))
      if count < 0 { return nil }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  private static func target(of link: String) -> [UInt8]? {
    guard
      let link = try? Descriptor(at: AT_FDCWD, path: link, linux_o_path | O_NOFOLLOW)
    else { return nil }
    return try? link.linkText()
  }
}
