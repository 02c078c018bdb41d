import RiegelModel

extension FileIndex {
  /// Where a path leads.
  enum Place: Equatable {
    case found(Node)
    case absent
    /// It may be there, but is no part of what was captured.
    case notCollected
    case failed(Failure)
    case tooManyLinks
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")
  /// As many as the kernel follows on one path, `path_resolution(7)`.
  private static let linkLimit = 40
  /// As deep as `PATH_MAX` lets a path be.
  private static let depthLimit = 2048
  /// A multiple of `PATH_MAX`; more than that the kernel does not take either.
  private static let textLimit = 1 << 16

  /// Follows a path inside the tree, whatever its links say: absolute ones start at the root, and
  /// `..` does not leave it.
  ///
  /// - Parameter isRunning: whether `/proc`, `/sys` and `/run` say anything here.
  func locate(_ path: [UInt8], following: Bool, isRunning: Bool) -> Place {
    var text = path
    var at = 0
    var here = FileIndex.root
    var links = 0
    while true {
      while at < text.count, text[at] == FileIndex.slash { at += 1 }
      if at == text.count { break }
      let start = at
      while at < text.count, text[at] != FileIndex.slash { at += 1 }
      let length = at - start
      if self[here].kind != .directory { return .absent }
      if text[start] == FileIndex.dot, length <= 2 {
        if length == 1 { continue }
        if text[start + 1] == FileIndex.dot {
          here = self[here].parent
          continue
        }
      }
      let step = text.withUnsafeBytes { all in
        self.step(here, UnsafeRawBufferPointer(rebasing: all[start..<at]), isRunning)
      }
      guard case .found(let node) = step else { return step }
      let isLast = at == text.count
      guard self[node].kind == .link, following || !isLast else {
        here = node
        continue
      }
      if let failure = failures[node] { return .failed(failure) }
      links += 1
      if links > FileIndex.linkLimit || isMagic(node, isRunning) { return .tooManyLinks }
      let target = linkText(node)
      if target.isEmpty { return .absent }
      if target.first == FileIndex.slash { here = FileIndex.root }
      let rest = text[at...]
      if target.count + rest.count > FileIndex.textLimit { return .tooManyLinks }
      text = Array(target) + rest
      at = 0
    }
    if text.last == FileIndex.slash, self[here].kind != .directory { return .absent }
    return .found(here)
  }

  private func step(_ here: Node, _ name: UnsafeRawBufferPointer, _ isRunning: Bool) -> Place {
    if !isRunning, here == FileIndex.root, FileIndex.isVolatile(name) { return .notCollected }
    if let node = child(here, name) { return .found(node) }
    if isKnownAbsent(here, name) { return .absent }
    if let failure = failures[here] { return .failed(failure) }
    return self[here].flags.contains(.unlisted) ? .notCollected : .absent
  }

  static func isVolatile(_ name: UnsafeRawBufferPointer) -> Bool {
    name.elementsEqual("proc".utf8) || name.elementsEqual("sys".utf8)
      || name.elementsEqual("run".utf8)
  }

  /// Links below `/proc/PID` whose text is only a description; a live host does not follow them
  /// either.
  private func isMagic(_ node: Node, _ isRunning: Bool) -> Bool {
    guard isRunning else { return false }
    var isBelowProcess = false
    var here = self[node].parent
    while here != FileIndex.root {
      let name = names[self[here].name]
      if self[here].parent == FileIndex.root {
        return isBelowProcess && name.elementsEqual("proc".utf8)
      }
      if name.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
        isBelowProcess = true
      }
      here = self[here].parent
    }
    return false
  }

  // MARK: paths of an archive

  /// What is wrong with a path in an archive.
  enum PathTrouble: Error {
    case tooManyEntries
    /// It has `..`, is longer than any file system takes, or leads through what is no folder.
    case outside
  }

  /// The entry at a path of an archive, folders on the way included.
  ///
  /// A leading slash means nothing, `..` is refused. Folders that are links are followed inside the
  /// tree, as an unpacking program that stays inside would.
  mutating func make(
    _ path: UnsafeRawBufferPointer, layer: UInt16 = 0
  ) throws(PathTrouble) -> Node {
    if path.count > FileIndex.textLimit { throw .outside }
    var here = FileIndex.root
    var at = 0
    var depth = 0
    while true {
      while at < path.count, path[at] == FileIndex.slash { at += 1 }
      if at == path.count { return here }
      depth += 1
      if depth > FileIndex.depthLimit { throw .outside }
      let start = at
      while at < path.count, path[at] != FileIndex.slash { at += 1 }
      let name = UnsafeRawBufferPointer(rebasing: path[start..<at])
      if name.count == 1, name[0] == FileIndex.dot { continue }
      if name.count > 255 || name.count == 2 && name[0] == FileIndex.dot && name[1] == FileIndex.dot
      {
        throw .outside
      }
      here = try folder(here)
      do { here = try makeChild(here, name, layer: layer) } catch { throw .tooManyEntries }
    }
  }

  /// The folder that something is put into.
  private mutating func folder(_ node: Node) throws(PathTrouble) -> Node {
    if self[node].kind == .directory { return node }
    guard self[node].kind == .link,
      case .found(let target) = locate(pathBytes(node), following: true, isRunning: true),
      self[target].kind == .directory
    else { throw .outside }
    return target
  }

  /// The entry at a path, nothing made and no link followed.
  func find(_ path: some StringProtocol) -> Node? {
    var here = FileIndex.root
    for component in path.utf8.split(separator: FileIndex.slash) {
      guard let next = Array(component).withUnsafeBytes({ child(here, $0) }) else { return nil }
      here = next
    }
    return here
  }
}
