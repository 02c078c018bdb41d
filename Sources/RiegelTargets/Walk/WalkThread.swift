import CLinux
import Glibc
import RiegelModel
import SystemPackage

/// What one thread of a walk keeps for itself. A class because the loops below change it in place.
final class WalkThread<Visitor: WalkVisitor> {
  typealias Item = Pending<Visitor.Context>

  private let shared: TreeWalk<Visitor>
  private let visitor: Visitor
  private let buffer = EntryBuffer()
  private var path: [CChar] = []
  /// The folder read last: most often the next one lies in it, and is opened from it.
  private var last: (folder: Folder<Visitor.Context>, descriptor: Int32)?

  init(_ shared: TreeWalk<Visitor>) {
    self.shared = shared
    visitor = shared.visitor
  }

  deinit {
    if let last { linux_close(last.descriptor) }
  }

  /// Reads one folder, and puts the folders in it on the stack.
  func walk(_ item: Item, _ own: inout [Item]) {
    item.path(into: &path)
    let place = path.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { FilePath(platformString: $0) } ?? "/"
    }
    if item.isSuspect || !shared.hasMountTable, shared.wasEntered(item) {
      if let parent = item.parent { visitor.skip(place, fileSystem: "bind", parent.context) }
      return
    }
    guard let context = visitor.enter(place, parent: item.parent?.context) else { return }
    do throws(Errno) {
      if item.depth > TreeWalk<Visitor>.depthLimit { throw Errno.fileNameTooLong }
      let descriptor = try open(item)
      let folder = Folder(parent: item.parent, name: item.name, context: context)
      if let last { linux_close(last.descriptor) }
      last = (folder, descriptor)
      let device = try verify(descriptor, item)
      shared.note(place, device, item.inode)
      try read(folder, place, descriptor, device, item, &own)
    } catch {
      // Gone, or something else by now: folders come and go while others are read.
      guard let problem = TargetError(error, at: place) else { return }
      visitor.fail(problem, context)
    }
  }

  private func open(_ item: Item) throws(Errno) -> Int32 {
    if let last, last.folder === item.parent {
      let name = item.name.map { CChar(bitPattern: $0) } + [0]
      return try checked(openDirectory(last.descriptor, name))
    }
    return try openFromRoot(item)
  }

  /// Opens a path of any length: the kernel takes 4096 bytes at a time. It follows no link where
  /// it can be told so; elsewhere `verify` finds out afterwards.
  private func openFromRoot(_ item: Item) throws(Errno) -> Int32 {
    let resolve =
      shared.tree.method == .kernel ? linux_resolve_in_root | linux_resolve_no_symlinks : 0
    var here = shared.tree.directory.raw
    var held: [Int32] = []
    defer { for descriptor in held { linux_close(descriptor) } }
    // Without the slash in front and the zero behind.
    var rest = path[1..<path.count - 1]
    while rest.count > 4000 {
      let cut =
        rest.prefix(4000).lastIndex(of: CChar(bitPattern: UInt8(ascii: "/"))) ?? rest.endIndex
      let part = Array(rest[..<cut]) + [0]
      let flags = linux_o_path | O_DIRECTORY | O_NOFOLLOW
      let next =
        resolve == 0
        ? linux_openat(here, part, flags) : linux_openat2(here, part, flags, resolve)
      here = try checked(next)
      held.append(here)
      rest = rest[cut...].dropFirst()
    }
    if rest.isEmpty { return try checked(openDirectory(here, ".")) }
    return try checked(openDirectory(here, Array(rest) + [0], resolve: resolve))
  }

  /// Whether what was opened is what was seen: a folder may have been moved, a link put in its
  /// place, something mounted on it. Where the kernel followed no link, the number of the file
  /// may differ; `overlay` and FUSE give out new ones.
  private func verify(_ descriptor: Int32, _ item: Item) throws(Errno) -> UInt64 {
    var status = stat()
    _ = try checked(linux_fstat(descriptor, &status))
    let isSame = UInt64(status.st_ino) == item.inode || shared.tree.method == .kernel
    guard UInt64(status.st_dev) == item.device, isSame else { throw .staleNFSFileHandle }
    return item.device
  }

  private func read(
    _ folder: Folder<Visitor.Context>, _ place: FilePath, _ descriptor: Int32, _ device: UInt64,
    _ item: Item, _ own: inout [Item]
  ) throws(Errno) {
    let refused = place == "/" ? shared.tree.uncollected.map(\.bytes) : []
    var entries = 0
    defer { visitor.leave(place, entries: entries, folder.context) }
    while try buffer.fill(from: descriptor) {
      buffer.forEach { name, _ in
        entries += 1
        let mount = item.mounts?.child(name)
        if let fileSystem = mount?.fileSystem, FileSystem.isForeign(fileSystem) {
          return skip(name, in: place, fileSystem, folder)
        }
        if !refused.isEmpty, refused.contains(Array(name)) {
          return skip(name, in: place, "not running", folder)
        }
        guard let metadata = status(name, in: place, descriptor, folder) else { return }
        visitor.visit(WalkEntry(name: name, metadata: metadata), in: place, folder.context)
        guard metadata.kind == .directory else { return }
        let isBoundary = mount?.fileSystem != nil || metadata.device != device
        if mount?.fileSystem == nil, metadata.device != device,
          let foreign = foreignFileSystem(of: name, in: place, descriptor)
        {
          return skip(name, in: place, foreign, folder)
        }
        let below = Item(
          parent: folder, name: Array(name), device: metadata.device, inode: metadata.inode,
          mounts: mount, isSuspect: item.isSuspect || isBoundary)
        if isBoundary {
          // In the end, so that files are found by the path they have without the mount.
          var key: [CChar] = []
          below.path(into: &key)
          shared.work.postpone(below, key: key.map { UInt8(bitPattern: $0) })
        } else {
          own.append(below)
        }
      }
    }
  }

  @inline(__always)
  private func status(
    _ name: UnsafeRawBufferPointer, in place: FilePath, _ descriptor: Int32,
    _ folder: Folder<Visitor.Context>
  ) -> FileMetadata? {
    guard let start = name.baseAddress else { return nil }
    var status = stat()
    let result = linux_lstat_at(descriptor, start.assumingMemoryBound(to: CChar.self), &status)
    if result == 0, let metadata = FileMetadata(status) { return metadata }
    let path = WalkThread.path(name, in: place)
    if let error = TargetError(Errno(rawValue: result == 0 ? EINVAL : -result), at: path) {
      visitor.fail(error, folder.context)
    }
    return nil
  }

  private func skip(
    _ name: UnsafeRawBufferPointer, in place: FilePath, _ fileSystem: String,
    _ folder: Folder<Visitor.Context>
  ) {
    visitor.skip(WalkThread.path(name, in: place), fileSystem: fileSystem, folder.context)
  }

  /// The file system that begins at a name although no table told of it, if it is not to be
  /// walked: a mount made meanwhile, or all where the table cannot be read. A subvolume of btrfs
  /// also has a `st_dev` of its own and is local.
  private func foreignFileSystem(
    of name: UnsafeRawBufferPointer, in place: FilePath, _ descriptor: Int32
  ) -> String? {
    guard let start = name.baseAddress else { return nil }
    let flags = linux_o_path | O_NOFOLLOW | O_DIRECTORY
    let fd = linux_openat(descriptor, start.assumingMemoryBound(to: CChar.self), flags)
    guard fd >= 0 else { return nil }
    defer { linux_close(fd) }
    let fileSystem = FileSystem.name(magic: linux_file_system_magic(fd))
    if FileSystem.isForeign(fileSystem) { return fileSystem }
    let isDevices = fileSystem == "tmpfs" && WalkThread.path(name, in: place) == "/dev"
    return isDevices ? "devtmpfs" : nil
  }

  private static func path(_ name: UnsafeRawBufferPointer, in place: FilePath) -> FilePath {
    FilePath.Component(bytes: Array(name)).map(place.appending) ?? place
  }
}
