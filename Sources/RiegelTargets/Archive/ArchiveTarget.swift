package import RiegelModel
package import SystemPackage

/// A file tree out of an archive, held in memory: a snapshot, an image, a `tar` of a whole system.
package struct ArchiveTarget: Target {
  package var kind: TargetKind { .archive }
  package let address: String
  package let capturedAt: Instant
  package let isRunning: Bool
  /// What the opening had to say: entries left out, paths that were refused.
  package var notes: [String] = []
  package var wasPrivileged: Bool?
  /// How the archive was made, and so how a better one is.
  let origin: ArchiveOrigin
  let index: FileIndex

  package func captureCommand(including globs: [String]) -> String? {
    origin.captureCommand(including: globs)
  }

  package func metadata(of path: FilePath, following: Bool) throws(TargetError) -> FileMetadata? {
    guard let node = try locate(path, following: following) else { return nil }
    try requireSeen(node, path)
    return index.metadata(node)
  }

  /// Throws for what is only said to be there: a mount of another machine's files, which nobody
  /// looked at lest it did not answer, or what could not be read and is not in the index.
  private func requireSeen(_ node: FileIndex.Node, _ path: FilePath) throws(TargetError) {
    guard index[node].flags.contains(.implied) else { return }
    if index.skipped[node] != nil { throw .notCollected(path) }
    if let failure = index.failures[node] { throw failure.error(path) }
  }

  package func read(_ path: FilePath, limit: Int) throws(TargetError) -> [UInt8]? {
    guard let node = try locate(path, following: true) else { return nil }
    try requireSeen(node, path)
    guard index[node].kind == .file else { throw .notRegular(path) }
    guard let bytes = try content(of: node, path) else { throw .notCollected(path) }
    if bytes.count > limit { throw .tooLarge(path, limit: limit) }
    return bytes
  }

  package func readHead(_ path: FilePath, count: Int) throws(TargetError) -> [UInt8]? {
    guard let node = try locate(path, following: true) else { return nil }
    try requireSeen(node, path)
    let kind = index[node].kind
    guard kind == .file || kind == .blockDevice else { throw .notRegular(path) }
    guard let bytes = try content(of: node, path) else { throw .notCollected(path) }
    // What was captured of a device is its beginning; asked for more, nobody can tell.
    if kind == .blockDevice, bytes.count < count { throw .notCollected(path) }
    return Array(bytes.prefix(count))
  }

  /// nil if the contents are not here.
  private func content(of node: FileIndex.Node, _ path: FilePath) throws(TargetError) -> [UInt8]? {
    if let bytes = index.content(node) { return bytes }
    if let failure = index.failures[node] { throw failure.error(path) }
    // Metadata alone tells that an ordinary file is empty; files of the kernel say so as well.
    return index[node].size == 0 && index[node].kind == .file && !index.isBelowSkipped(node)
      ? [] : nil
  }

  package func list(_ path: FilePath) throws(TargetError) -> [FilePath.Component]? {
    guard let node = try locate(path, following: true) else { return nil }
    guard index[node].kind == .directory else { throw .io(path, errno: 20) }
    if let failure = index.failures[node] { throw failure.error(path) }
    if index[node].flags.contains(.unlisted) { throw .notCollected(path) }
    return index.children(of: node).compactMap { component(index.names[index[$0].name]) }
  }

  package func readLink(_ path: FilePath) throws(TargetError) -> FilePath? {
    guard let node = try locate(path, following: false), index[node].kind == .link else {
      return nil
    }
    if let failure = index.failures[node] { throw failure.error(path) }
    return FilePath(bytes: Array(index.linkText(node)))
  }

  package func resolve(_ path: FilePath) throws(TargetError) -> FilePath? {
    try locate(path, following: true).map(index.path)
  }

  private func locate(_ path: FilePath, following: Bool) throws(TargetError) -> FileIndex.Node? {
    let bytes = path.withPlatformString { start in
      var bytes: [UInt8] = []
      var at = start
      while at.pointee != 0 {
        bytes.append(UInt8(bitPattern: at.pointee))
        at += 1
      }
      return bytes
    }
    switch index.locate(bytes, following: following, isRunning: isRunning) {
    case .found(let node): return node
    case .absent: return nil
    case .notCollected: throw .notCollected(path)
    case .failed(let failure): throw failure.error(path)
    case .tooManyLinks: throw .tooManyLinks(path)
    }
  }

  // MARK: the walk

  package func walk(_ roots: [FilePath], _ visitor: some WalkVisitor) {
    var entered: Set<FileIndex.Node> = []
    let all = Set(roots.map { $0.lexicallyNormalized() })
    for root in all.sorted(by: { printable($0) < printable($1) }) {
      do throws(TargetError) {
        guard let node = try locate(root, following: false) else { continue }
        visitor.visitRoot(root, index.metadata(node))
        if index[node].kind == .link { throw TargetError.tooManyLinks(root) }
        if index[node].kind == .directory, !entered.contains(node) {
          walk(from: node, root, &entered, visitor)
        }
      } catch {
        visitor.fail(error, nil)
      }
    }
  }

  /// With a stack of its own, since archives may nest deeper than a thread's stack.
  private func walk<V: WalkVisitor>(
    from first: FileIndex.Node, _ root: FilePath, _ entered: inout Set<FileIndex.Node>,
    _ visitor: V
  ) {
    var left: [(node: FileIndex.Node, path: FilePath, parent: V.Context?)] = [(first, root, nil)]
    while let (node, path, parent) = left.popLast() {
      guard let context = visitor.enter(path, parent: parent) else { continue }
      entered.insert(node)
      if let failure = index.failures[node] {
        visitor.fail(failure.error(path), context)
        continue
      }
      if index[node].flags.contains(.unlisted) { visitor.fail(.notCollected(path), context) }
      var count = 0
      defer { visitor.leave(path, entries: count, context) }
      index.forEachChild(node) { child in
        count += 1
        let entry = index[child]
        if entry.kind == .directory {
          guard let name = component(index.names[entry.name]) else { return }
          let below = path.appending(name)
          if let fileSystem = index.skipped[child] {
            return visitor.skip(below, fileSystem: fileSystem, context)
          }
          if !isRunning, isVolatile(below) {
            return visitor.skip(below, fileSystem: "not running", context)
          }
          left.append((child, below, context))
        }
        index.names.with(entry.name) { name in
          visitor.visit(
            WalkEntry(name: name, metadata: index.metadata(child)), in: path, context)
        }
      }
    }
  }

  private func component(_ name: ArraySlice<UInt8>) -> FilePath.Component? {
    FilePath.Component(bytes: Array(name))
  }
}
