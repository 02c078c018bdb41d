import CLinux
import Glibc
import RiegelModel
import SystemPackage

/// Where a path led to when it was followed by hand.
struct Resolved: ~Copyable {
  /// Without links, `.` and `..`.
  var path: FilePath
  /// Of `O_PATH`; a link itself if it was not to be followed.
  let descriptor: Descriptor
  /// The directory that holds it; nil for the root.
  let parent: Descriptor?

  /// Opens what was found for something else than `O_PATH`.
  consuming func reopen(_ flags: Int32, as asked: FilePath) throws(TargetError) -> Descriptor? {
    if flags & linux_o_path != 0 { return descriptor }
    do {
      if let name = path.lastComponent, let parent {
        return try Descriptor(at: parent.raw, name, flags | O_NOFOLLOW)
      }
      return try Descriptor(at: descriptor.raw, path: ".", flags)
    } catch {
      if let error = TargetError(error, at: asked) { throw error }
      return nil
    }
  }
}

extension TreeRoot {
  /// As many as the kernel follows on one path, `path_resolution(7)`.
  private static let linkLimit = 40

  /// Follows a path component by component; nil if it leads nowhere.
  ///
  /// No link is ever followed by the kernel and `..` is never opened (the names that led here are
  /// opened again from the root), so that not even somebody who moves folders meanwhile gets out.
  func resolve(_ path: FilePath, following: Bool) throws(TargetError) -> Resolved? {
    do {
      return try follow(path, following)
    } catch {
      switch error {
      case .system(let error): return try absent(error, path)
      case .uncollected: throw .notCollected(path)
      }
    }
  }

  private enum Obstacle: Error {
    case system(Errno)
    case uncollected
  }

  private func follow(_ path: FilePath, _ following: Bool) throws(Obstacle) -> Resolved {
    var left = Array(path.components.reversed())
    var names: [FilePath.Component] = []
    var here = try top()
    var parent: Descriptor?
    var links = 0
    while let component = left.popLast() {
      if component.kind != .regular {
        guard try status(of: here).kind == .directory else { throw .system(.notDirectory) }
        if component.kind == .parentDirectory {
          left.append(contentsOf: names.dropLast().reversed())
          names = []
          here = try top()
          parent = nil
        }
        continue
      }
      if names.isEmpty, uncollected.contains(component) { throw .uncollected }
      let next = try step(here, component)
      guard try status(of: next).kind == .link, following || !left.isEmpty else {
        parent = consume here
        here = next
        names.append(component)
        continue
      }
      links += 1
      if links > TreeRoot.linkLimit || isMagic(next, in: names) {
        throw .system(.tooManySymbolicLinkLevels)
      }
      let text = try text(of: next)
      if text.first == UInt8(ascii: "/") {
        names = []
        here = try top()
        parent = nil
      }
      // What ends in a slash has to be a directory, and FilePath forgets the slash.
      if text.count > 1, text.last == UInt8(ascii: "/") { left.append(".") }
      left.append(contentsOf: FilePath(bytes: text).components.reversed())
    }
    return Resolved(path: FilePath(root: "/", names), descriptor: here, parent: parent)
  }

  private func top() throws(Obstacle) -> Descriptor {
    do {
      return try Descriptor(at: directory.raw, path: ".", linux_o_path | O_DIRECTORY)
    } catch {
      throw .system(error)
    }
  }

  private func step(
    _ here: borrowing Descriptor, _ name: FilePath.Component
  ) throws(Obstacle) -> Descriptor {
    do {
      return try Descriptor(at: here.raw, name, linux_o_path | O_NOFOLLOW)
    } catch {
      throw .system(error)
    }
  }

  private func text(of link: borrowing Descriptor) throws(Obstacle) -> [UInt8] {
    do { return try link.linkText() } catch { throw .system(error) }
  }

  private func status(of descriptor: borrowing Descriptor) throws(Obstacle) -> FileMetadata {
    do { return try descriptor.metadata() } catch { throw .system(error) }
  }

  /// Whether a link is one whose text is only a description: those below `/proc/PID`. Links
  /// elsewhere in `proc` (`self`, `mounts`, `asound/…`) are ordinary.
  private func isMagic(_ link: borrowing Descriptor, in names: [FilePath.Component]) -> Bool {
    let isBelowProcess = names.contains { name in
      name.bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    return isBelowProcess && linux_file_system_magic(link.raw) == FileSystem.procMagic
  }
}

extension FilePath {
  /// From bytes without a zero.
  init(bytes: [UInt8]) {
    let text = bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
    self = text.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
    }
  }
}

extension FilePath.Component {
  /// From bytes without a zero or slash; nil for what is no single component.
  init?(bytes: [UInt8]) {
    let path = FilePath(bytes: bytes)
    guard path.root == nil, path.components.count == 1, let only = path.components.first else {
      return nil
    }
    self = only
  }
}
