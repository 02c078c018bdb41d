package import SystemPackage

/// A file tree held in memory: the hosts of rules' examples and of tests.
package struct MemoryTarget: Target {
  package struct Node: Sendable {
    package var metadata: FileMetadata
    package var content: [UInt8]
    /// The text of a symbolic link.
    package var link: FilePath?
    /// What reading or listing throws instead, so that "unreadable" can be told in an example.
    package var failure: TargetError?

    package init(
      _ metadata: FileMetadata, content: [UInt8] = [], link: FilePath? = nil,
      failure: TargetError? = nil
    ) {
      self.metadata = metadata
      self.content = content
      self.link = link
      self.failure = failure
    }

    package static func file(
      _ text: String, mode: UInt16 = 0o644, user: UInt32 = 0, group: UInt32 = 0
    ) -> Node {
      let bytes = Array(text.utf8)
      return Node(
        FileMetadata(kind: .file, mode: mode, user: user, group: group, size: bytes.count),
        content: bytes)
    }
    package static func directory(
      mode: UInt16 = 0o755, user: UInt32 = 0, group: UInt32 = 0
    ) -> Node {
      Node(FileMetadata(kind: .directory, mode: mode, user: user, group: group))
    }
    package static func link(to target: FilePath) -> Node {
      Node(FileMetadata(kind: .link, mode: 0o777), link: target)
    }
  }

  package var kind: TargetKind { .memory }
  package var address: String { "memory" }
  package var capturedAt: Instant
  package var isRunning: Bool
  /// What every access throws; a target of which nothing can be read.
  package var seal: (@Sendable (FilePath) -> TargetError)?

  private var nodes: [FilePath: Node] = [:]
  private var names: [FilePath: [FilePath.Component]] = [:]

  /// A tree with these files; missing parents become directories of root with mode 0755.
  ///
  /// The target counts as running if a file below `/proc` or `/sys` is given.
  package init(
    _ files: [FilePath: Node] = [:], capturedAt: Instant = Instant(seconds: 0),
    isRunning: Bool? = nil
  ) {
    self.capturedAt = capturedAt
    self.isRunning =
      isRunning ?? files.keys.contains { $0.starts(with: "/proc") || $0.starts(with: "/sys") }
    nodes["/"] = .directory()
    for (path, node) in files { insert(node, at: path.lexicallyNormalized()) }
    for path in nodes.keys where path != "/" {
      if let name = path.lastComponent {
        names[path.removingLastComponent(), default: []].append(name)
      }
    }
    for key in names.keys {
      names[key]?.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
    // Inode numbers follow the order of paths, so that two runs give the same.
    let order = nodes.keys.sorted { printable($0) < printable($1) }
    for (index, path) in order.enumerated() { nodes[path]?.metadata.inode = UInt64(index + 1) }
  }

  /// Texts by path, all with mode 0644 and root as owner.
  package init(texts: [String: String], capturedAt: Instant = Instant(seconds: 0)) {
    self.init(
      Dictionary(uniqueKeysWithValues: texts.map { (FilePath($0), Node.file($1)) }),
      capturedAt: capturedAt)
  }

  private mutating func insert(_ node: Node, at path: FilePath) {
    nodes[path] = node
    var parent = path.removingLastComponent()
    while parent != "/", nodes[parent] == nil, !parent.isEmpty {
      nodes[parent] = .directory()
      parent = parent.removingLastComponent()
    }
  }

  package func metadata(of path: FilePath, following: Bool) throws(TargetError) -> FileMetadata? {
    guard let found = try locate(path, following: following) else { return nil }
    return nodes[found]?.metadata
  }

  package func read(_ path: FilePath, limit: Int) throws(TargetError) -> [UInt8]? {
    guard let found = try locate(path, following: true), let node = nodes[found] else { return nil }
    if let failure = node.failure { throw failure }
    guard node.metadata.kind == .file else { throw .notRegular(path) }
    if node.content.count > limit { throw .tooLarge(path, limit: limit) }
    return node.content
  }

  package func list(_ path: FilePath) throws(TargetError) -> [FilePath.Component]? {
    guard let found = try locate(path, following: true), let node = nodes[found] else { return nil }
    if let failure = node.failure { throw failure }
    guard node.metadata.kind == .directory else { throw .io(path, errno: 20) }
    return names[found] ?? []
  }

  package func readLink(_ path: FilePath) throws(TargetError) -> FilePath? {
    guard let found = try locate(path, following: false) else { return nil }
    return nodes[found]?.link
  }

  package func resolve(_ path: FilePath) throws(TargetError) -> FilePath? {
    try locate(path, following: true)
  }

  private func locate(_ path: FilePath, following: Bool) throws(TargetError) -> FilePath? {
    if let seal { throw seal(path) }
    var left = Array(path.components.reversed())
    var here: FilePath = "/"
    var links = 0
    while let component = left.popLast() {
      if component.kind == .currentDirectory { continue }
      if component.kind == .parentDirectory {
        here = here.removingLastComponent()
        continue
      }
      let next = here.appending(component)
      // Asked of where a path leads, since `/var/run` is a link to `/run`.
      if !isRunning, isVolatile(next) { throw .notCollected(path) }
      guard let node = nodes[next] else { return nil }
      guard let link = node.link, following || !left.isEmpty else {
        if !left.isEmpty {
          // Nobody can tell what lies below a folder that cannot be entered.
          if let failure = node.failure { throw failure }
          if node.metadata.kind != .directory { return nil }
        }
        here = next
        continue
      }
      links += 1
      if links > 40 { throw .tooManyLinks(path) }
      if link.isAbsolute { here = "/" }
      left.append(contentsOf: link.components.reversed())
    }
    return here
  }

  /// Walks with one thread, in order of the names' bytes.
  package func walk(_ roots: [FilePath], _ visitor: some WalkVisitor) {
    var entered: Set<FilePath> = []
    for root in Set(roots).sorted(by: { printable($0) < printable($1) }) {
      do throws(TargetError) {
        guard let metadata = try metadata(of: root, following: false) else { continue }
        visitor.visitRoot(root, metadata)
        if metadata.kind == .link { throw TargetError.tooManyLinks(root) }
        if metadata.kind == .directory, !entered.contains(root) {
          walk(root, nil, &entered, visitor)
        }
      } catch {
        visitor.fail(error, nil)
      }
    }
  }

  private func walk<V: WalkVisitor>(
    _ path: FilePath, _ parent: V.Context?, _ entered: inout Set<FilePath>, _ visitor: V
  ) {
    guard let context = visitor.enter(path, parent: parent) else { return }
    entered.insert(path)
    if let failure = nodes[path]?.failure {
      visitor.fail(failure, context)
      return
    }
    let names = names[path] ?? []
    defer { visitor.leave(path, entries: names.count, context) }
    for name in names {
      let child = path.appending(name)
      guard let node = nodes[child] else { continue }
      if !isRunning, isVolatile(child) {
        visitor.skip(child, fileSystem: "not running", context)
        continue
      }
      name.bytes.withUnsafeBytes { bytes in
        visitor.visit(WalkEntry(name: bytes, metadata: node.metadata), in: path, context)
      }
      if node.metadata.kind == .directory { walk(child, context, &entered, visitor) }
    }
  }
}
