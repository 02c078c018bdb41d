import CLinux
import Glibc
import RiegelModel
package import SystemPackage

/// An open directory inside which paths are resolved, whatever the symbolic links in it say.
///
/// Absolute links start at it and `..` does not leave it. The kernel does that since 5.6
/// (`openat2(2)` with `RESOLVE_IN_ROOT`); where it is older, or a sandbox forbids the call, the same
/// is done by hand. Magic links of `proc(5)` (`/proc/PID/exe`, `fd/*`) lead out of any root and are
/// not followed: `ELOOP`. A class because the descriptor is closed once.
package final class TreeRoot: Sendable {
  /// Who follows links and `..`.
  package enum Method: Sendable, CaseIterable {
    case kernel, byHand
  }

  let directory: Descriptor
  package let method: Method
  /// First components of paths that say nothing here, since no kernel runs that would fill them.
  let uncollected: [FilePath.Component]

  init(_ directory: consuming Descriptor, method: Method?, uncollected: [FilePath.Component]) {
    self.method = method ?? (TreeRoot.kernelResolves(in: directory.raw) ? .kernel : .byHand)
    self.directory = directory
    self.uncollected = uncollected
  }

  /// Tries it: a seccomp filter may say `EPERM` or `ENOSYS` for a call that the kernel has.
  private static func kernelResolves(in directory: Int32) -> Bool {
    let fd = linux_openat2(directory, ".", linux_o_path, linux_resolve_in_root)
    if fd >= 0 { linux_close(fd) }
    return fd >= 0
  }

  /// Opens a path; nil if it is absent. With `O_NOFOLLOW` a last link is opened itself
  /// (`O_PATH`) or refused.
  func open(_ path: FilePath, _ flags: Int32) throws(TargetError) -> Descriptor? {
    let resolve = linux_resolve_in_root | linux_resolve_no_magiclinks
    if method == .byHand { return try openByHand(path, flags) }
    if uncollected.isEmpty {
      for _ in 0..<8 {
        let fd = path.withPlatformString { linux_openat2(directory.raw, $0, flags, resolve) }
        if fd >= 0 { return Descriptor(adopting: fd) }
        // Something was renamed while `..` was resolved; the kernel asks for another attempt.
        if -fd == EAGAIN { continue }
        return try absent(Errno(rawValue: -fd), path)
      }
      return try openByHand(path, flags)
    }
    // A link may lead to where nothing was collected, and the kernel does not say which way it
    // went: it only opens paths without links.
    if path.components.contains(where: { $0.kind != .regular }) {
      return try openByHand(path, flags)
    }
    try refuseUncollected(path.components.first, path)
    let fd = path.withPlatformString {
      linux_openat2(directory.raw, $0, flags, resolve | linux_resolve_no_symlinks)
    }
    if fd >= 0 { return Descriptor(adopting: fd) }
    if -fd == ELOOP || -fd == EAGAIN { return try openByHand(path, flags) }
    return try absent(Errno(rawValue: -fd), path)
  }

  private func openByHand(_ path: FilePath, _ flags: Int32) throws(TargetError) -> Descriptor? {
    let resolved = try resolve(path, following: flags & O_NOFOLLOW == 0)
    return try resolved?.reopen(flags, as: path)
  }

  func refuseUncollected(
    _ first: FilePath.Component?, _ path: FilePath
  ) throws(TargetError) {
    if let first, uncollected.contains(first) { throw .notCollected(path) }
  }

  /// nil for an error that means absence; throws the others.
  func absent<T: ~Copyable>(_ error: Errno, _ path: FilePath) throws(TargetError) -> T? {
    if let error = TargetError(error, at: path) { throw error }
    return nil
  }
}
