import RiegelModel
import Synchronization
import SystemPackage

/// Collects what a capture knows of a tree: metadata of every local file from one walk, and of the
/// kernel's files those that the patterns name.
struct CaptureIndex {
  let target: any Target
  let wanted: WantedFiles
  private(set) var index = FileIndex()
  private(set) var notes: [String] = []

  init(of target: any Target, wanted: WantedFiles) throws(FileIndex.Trouble) {
    self.target = target
    self.wanted = wanted
    let visitor = Visitor(target: target)
    target.walk(["/"], visitor)
    index = try visitor.finish()
    try noteUncollected()
    try look(at: index.skipped)
    try explore()
  }

  /// A class because the walk's threads fill one index.
  private final class Visitor: WalkVisitor {
    let target: any Target
    let collected = Mutex<(index: FileIndex, trouble: FileIndex.Trouble?)>((FileIndex(), nil))

    init(target: any Target) { self.target = target }

    func finish() throws(FileIndex.Trouble) -> FileIndex {
      let (index, trouble) = collected.withLock { $0 }
      if let trouble { throw trouble }
      return index
    }

    func enter(_ path: FilePath, parent: FileIndex.Node?) -> FileIndex.Node? {
      guard let parent, let name = path.lastComponent?.bytes else { return FileIndex.root }
      return collected.withLock { state in
        state.trouble == nil ? name.withUnsafeBytes { state.index.child(parent, $0) } : nil
      }
    }

    func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {
      collected.withLock { $0.index.set(FileIndex.root, metadata) }
    }

    func visit(
      _ entry: borrowing WalkEntry, in directory: FilePath, _ parent: FileIndex.Node
    ) {
      let metadata = entry.metadata
      let name = entry.name
      var link: Result<FilePath?, TargetError>?
      if metadata.kind == .link, let component = FilePath.Component(bytes: Array(name)) {
        do throws(TargetError) {
          link = .success(try target.readLink(directory.appending(component)))
        } catch {
          link = .failure(error)
        }
      }
      let text = link
      collected.withLock { state in
        do throws(FileIndex.Trouble) {
          let node = try state.index.makeChild(parent, name)
          state.index.set(node, metadata)
          if let text { try state.index.take(link: text, of: node) }
        } catch {
          state.trouble = error
        }
      }
    }

    func fail(_ error: TargetError, _ parent: FileIndex.Node?) {
      collected.withLock { state in
        let path = error.path.absoluteBytes
        if case .found(let node) = state.index.locate(path, following: false, isRunning: true) {
          state.index.failures[node] = FileIndex.Failure(error)
        } else if let parent {
          // Something is there whose metadata nobody knows.
          state.index.setListed(parent, false)
        }
      }
    }

    func skip(_ path: FilePath, fileSystem: String, _ parent: FileIndex.Node) {
      guard let name = path.lastComponent?.bytes else { return }
      collected.withLock { state in
        do throws(FileIndex.Trouble) {
          let node = try name.withBytes { name throws(FileIndex.Trouble) in
            try state.index.makeChild(parent, name)
          }
          state.index.setListed(node, false)
          state.index.skipped[node] = fileSystem
        } catch {
          state.trouble = error
        }
      }
    }
  }

  /// A copy of a running host may have brought `/proc` along and not `/sys`: of that nothing is known
  /// then, whether or not there is a folder of the name.
  private mutating func noteUncollected() throws(FileIndex.Trouble) {
    guard target.isRunning else { return }
    for folder in volatileFolders {
      let path = FilePath("/" + folder)
      do throws(TargetError) {
        _ = try target.metadata(of: path, following: false)
      } catch {
        guard error.isNotCollected, let name = path.lastComponent?.bytes else { continue }
        let node = try name.withBytes { name throws(FileIndex.Trouble) in
          try index.makeChild(FileIndex.root, name)
        }
        index[node].flags = [.implied, .unlisted]
        index.skipped[node] = "not running"
      }
    }
  }

  /// Mount points of the kernel's own file systems answer at once; of others nobody asks, since a
  /// dead server does not.
  private mutating func look(at skipped: [FileIndex.Node: String]) throws(FileIndex.Trouble) {
    for (node, fileSystem) in skipped where FileSystem.isKernel(fileSystem) {
      do throws(TargetError) {
        if let metadata = try target.metadata(of: index.path(node), following: false) {
          index.set(node, metadata)
          index.setListed(node, false)
        }
      } catch {
        index.failures[node] = FileIndex.Failure(error)
      }
    }
  }

  // MARK: the kernel's files

  private struct Visit: Hashable {
    var node: FileIndex.Node
    var state: WantedFiles.State
  }

  /// Follows the patterns through the index and looks up, where the walk was not, what they name.
  private mutating func explore() throws(FileIndex.Trouble) {
    var seen: Set<Visit> = []
    var left = [Visit(node: FileIndex.root, state: wanted.start)]
    while let visit = left.popLast() {
      guard seen.insert(visit).inserted else { continue }
      try list(visit.node, visit.state)
      for child in index.children(of: visit.node) {
        var state = index.names.with(index[child].name) { wanted.enter(visit.state, $0) }
        if state.isEmpty { continue }
        var node = child
        if index[child].kind == .link {
          guard let led = try follow(child) else { continue }
          node = led
          if index[node].kind == .directory { state = wanted.shallow(state) }
        } else if wanted.shallow(state).isEmpty, index[node].device != index[visit.node].device {
          // `**` stays in its file system: `/proc/sys/fs/binfmt_misc` is mounted when looked at.
          continue
        }
        if index[node].kind == .directory, !state.isEmpty {
          left.append(Visit(node: node, state: state))
        }
      }
    }
  }

  private var isLookedUp: (FileIndex.Node, FileIndex) -> Bool {
    { node, index in
      // Nobody asks a file system of another machine.
      var here = node
      while here != FileIndex.root {
        if let name = index.skipped[here] { return FileSystem.isKernel(name) }
        here = index[here].parent
      }
      return false
    }
  }

  private mutating func list(
    _ node: FileIndex.Node, _ state: WantedFiles.State
  ) throws(FileIndex.Trouble) {
    guard index[node].kind == .directory, index[node].flags.contains(.unlisted),
      index.failures[node] == nil, isLookedUp(node, index)
    else { return }
    let folder = index.path(node)
    if let names = wanted.names(state) {
      for name in names { try add(name, to: node, folder) }
      return
    }
    do throws(TargetError) {
      guard let names = try target.list(folder) else { return }
      let all = names.map(\.bytes)
      index.setListed(node, true)
      for name in all {
        do throws(FileIndex.Trouble) { try add(name, to: node, folder) } catch {
          throw TargetError.io(folder, errno: 12)
        }
      }
    } catch {
      index.failures[node] = FileIndex.Failure(error)
    }
  }

  /// Looks up one entry; one that is not there is noted as such.
  private mutating func add(
    _ name: [UInt8], to parent: FileIndex.Node, _ folder: FilePath
  ) throws(FileIndex.Trouble) {
    guard let component = FilePath.Component(bytes: name),
      name.withUnsafeBytes({ index.child(parent, $0) }) == nil
    else { return }
    let path = folder.appending(component)
    let metadata: FileMetadata?
    var failure: TargetError?
    do throws(TargetError) {
      metadata = try target.metadata(of: path, following: false)
    } catch {
      metadata = nil
      failure = error
    }
    guard let metadata else {
      if failure == nil {
        try name.withBytes { name throws(FileIndex.Trouble) in try index.setAbsent(parent, name) }
      } else {
        index.setListed(parent, false)
      }
      return
    }
    let node = try name.withBytes { name throws(FileIndex.Trouble) in
      try index.makeChild(parent, name)
    }
    index.set(node, metadata)
    if metadata.kind == .directory { index.setListed(node, false) }
    if metadata.kind == .link {
      let text: Result<FilePath?, TargetError>
      do throws(TargetError) { text = .success(try target.readLink(path)) } catch {
        text = .failure(error)
      }
      try index.take(link: text, of: node)
    }
  }

  /// Where a link leads, with what lies on the way.
  private mutating func follow(_ link: FileIndex.Node) throws(FileIndex.Trouble) -> FileIndex.Node?
  {
    if index.failures[link] != nil { return nil }
    let place = index.locate(index.pathBytes(link), following: true, isRunning: target.isRunning)
    if case .found(let node) = place { return node }
    guard case .notCollected = place, index.isBelowSkipped(link) else { return nil }
    let resolved: FilePath?
    do throws(TargetError) { resolved = try target.resolve(index.path(link)) } catch { return nil }
    guard let resolved else { return nil }
    var here = FileIndex.root
    for component in resolved.components {
      let name = component.bytes
      if name.withUnsafeBytes({ index.child(here, $0) }) == nil {
        guard isLookedUp(here, index) else { return nil }
        try add(name, to: here, index.path(here))
      }
      guard let next = name.withUnsafeBytes({ index.child(here, $0) }) else { return nil }
      here = next
    }
    return here
  }
}

extension FileIndex {
  mutating func take(
    link: Result<FilePath?, TargetError>, of node: Node
  ) throws(Trouble) {
    switch link {
    case .success(let text):
      try (text?.allBytes ?? []).withBytes { text throws(Trouble) in try setLink(node, text) }
    case .failure(let error): failures[node] = Failure(error)
    }
  }
}

extension FileIndex.Failure {
  init(_ error: TargetError) {
    switch error {
    case .permissionDenied: self = .denied
    case .io(_, let code): self = .io(code)
    case .tooLarge(_, let limit): self = .tooLarge(limit)
    case .notCollected, .remote: self = .leftOut("not-collected")
    case .tooManyLinks: self = .io(40)
    case .notRegular, .malformed, .undetermined: self = .io(22)
    }
  }
}

extension FilePath {
  /// The bytes of the path as it is written.
  var allBytes: [UInt8] {
    withPlatformString { start in
      var bytes: [UInt8] = []
      var at = start
      while at.pointee != 0 {
        bytes.append(UInt8(bitPattern: at.pointee))
        at += 1
      }
      return bytes
    }
  }

  var absoluteBytes: [UInt8] { allBytes }
}
