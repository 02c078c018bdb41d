import CLinux
import Glibc
package import RiegelModel
import SystemPackage

/// The tree below a directory: a mounted image, an unpacked archive, the root of a container.
///
/// No kernel runs there, and what lies below `/proc`, `/sys` and `/run` of an image says nothing:
/// `notCollected`. The exception is a copy that brought these files along from the running host:
/// then `proc/version` is an ordinary file, and each of the three counts as collected if anything
/// lies in it. A real `proc` or `sysfs` mounted there (to work in the image with `chroot`) shows
/// the kernel of the auditor's machine and counts as nothing.
package enum DirectoryTarget {
  package static let form = TargetForm(
    usage: "dir:PATH", summary: "The tree below a directory, such as a mounted image.",
    covers: { $0.hasPrefix("dir:") },
    open: { request throws(OpeningError) in
      try open(String(request.address.dropFirst("dir:".count)), now: request.now)
    })

  package static func open(
    _ path: String, now: Instant, method: TreeRoot.Method? = nil
  ) throws(OpeningError) -> TreeTarget {
    let directory = try Descriptor.openedRoot(path)
    let isCopy = isPlainFile(directory.raw, "proc/version")
    let uncollected = volatileFolders.compactMap(FilePath.Component.init(_:)).filter { name in
      !isCopy || !holdsCopies(directory.raw, name)
    }
    let mounts = MountTable.own(below: directory.raw)
    return TreeTarget(
      kind: .directory, address: "dir:" + path, capturedAt: now, isRunning: isCopy,
      root: TreeRoot(directory, method: method, uncollected: uncollected), mounts: mounts)
  }

  /// A file that is no part of a `proc` mounted there.
  private static func isPlainFile(_ directory: Int32, _ path: String) -> Bool {
    let components = FilePath(path).components
    var here: Descriptor?
    do {
      for component in components {
        here = try Descriptor(at: here?.raw ?? directory, component, linux_o_path | O_NOFOLLOW)
      }
      guard let here, try here.metadata().kind == .file else { return false }
      return linux_file_system_magic(here.raw) != FileSystem.procMagic
    } catch {
      return false
    }
  }

  private static func holdsCopies(_ directory: Int32, _ name: FilePath.Component) -> Bool {
    do {
      let folder = try Descriptor(at: directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      let fileSystem = FileSystem.name(magic: linux_file_system_magic(folder.raw))
      if fileSystem == "proc" || fileSystem == "sysfs" { return false }
      let buffer = EntryBuffer()
      var holdsAny = false
      while !holdsAny, try buffer.fill(from: folder.raw) {
        buffer.forEach { _, _ in holdsAny = true }
      }
      return holdsAny
    } catch {
      return false
    }
  }
}

extension Descriptor {
  /// The directory at which a target begins, by a path of this process's own view.
  static func openedRoot(_ path: String) throws(OpeningError) -> Descriptor {
    do {
      return try Descriptor(at: AT_FDCWD, path: path, O_RDONLY | O_DIRECTORY | O_NONBLOCK)
    } catch {
      switch error {
      case .noSuchFileOrDirectory: throw .absent(path)
      case .notDirectory: throw .notDirectory(path)
      case .permissionDenied, .notPermitted: throw .permissionDenied(path)
      default: throw .io(path, errno: error.rawValue)
      }
    }
  }
}
