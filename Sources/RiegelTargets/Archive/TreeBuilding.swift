import RiegelModel
import SystemPackage

/// Builds a file tree from the entries of archives, one after the other or one layer over the
/// other.
struct TreeBuilding {
  private(set) var index: FileIndex
  let wanted: WantedFiles
  /// Paths that are wanted besides, since links lead to them.
  var alsoWanted: Set<[UInt8]>
  /// What a reader of the report should know.
  private(set) var notes: [String] = []
  private var states: [FileIndex.Node: WantedFiles.State] = [:]
  private var refused = 0
  private var duplicates = 0
  private var lostLinks = 0

  /// Contents of all files together; configuration never comes to this.
  static let contentLimit = 512 << 20

  init(
    wanted: WantedFiles, alsoWanted: Set<[UInt8]> = [], isPartial: Bool = false,
    limit: Int = FileIndex.entryLimit
  ) {
    index = FileIndex(isPartial: isPartial, limit: limit)
    self.wanted = wanted
    self.alsoWanted = alsoWanted
  }

  typealias Trouble = ArchiveReader.Trouble

  /// Takes the entry that a reader stands at. Layers count from 1; 0 is an archive without layers,
  /// where names beginning with `.wh.` mean nothing.
  mutating func take(_ reader: ArchiveReader, layer: UInt16 = 0) throws(Trouble) {
    let path = reader.path
    if layer > 0, try takeWhiteout(path, layer) { return }
    try take(reader, at: path, layer: layer)
  }

  /// Takes the entry under another path than the one it has.
  mutating func take(
    _ reader: ArchiveReader, at path: [UInt8], layer: UInt16 = 0
  ) throws(Trouble) {
    guard let metadata = reader.metadata, let node = try make(path, layer) else { return }
    if node == FileIndex.root, metadata.kind != .directory { return }
    if index[node].layer == layer, !index[node].flags.contains(.implied),
      metadata.kind != .directory
    {
      duplicates += 1
    }
    if let other = reader.hardLink {
      try link(node, to: other, layer)
      if reader.size == 0 { return }
    } else {
      index.set(node, metadata, layer: layer)
    }
    if metadata.kind == .link {
      do {
        try reader.linkText.withBytes { text throws(FileIndex.Trouble) in
          try index.setLink(node, text)
        }
      } catch {
        throw tooMany
      }
    }
    if metadata.kind == .file { try takeContent(reader, node) }
  }

  private var tooMany: Trouble {
    Trouble("more than \(FileIndex.entryLimit) entries")
  }

  private mutating func make(
    _ path: [UInt8], _ layer: UInt16
  ) throws(Trouble) -> FileIndex.Node? {
    do {
      return try path.withBytes { path throws(FileIndex.PathTrouble) in
        try index.make(path, layer: layer)
      }
    } catch {
      if case .tooManyEntries = error { throw tooMany }
      refused += 1
      if refused == 1 { notes.append("not taken: \(printable(bytes: path.prefix(200)))") }
      return nil
    }
  }

  private mutating func link(
    _ node: FileIndex.Node, to other: [UInt8], _ layer: UInt16
  ) throws(Trouble) {
    let place = index.locate(other, following: false, isRunning: true)
    if case .found(let target) = place, index[target].kind != .directory {
      index.setSame(node, as: target, layer: layer)
    } else {
      lostLinks += 1
      index.set(node, FileMetadata(kind: .file, mode: 0), layer: layer)
      index.failures[node] = .leftOut("a hard link to what the archive does not hold")
    }
  }

  private mutating func takeContent(_ reader: ArchiveReader, _ node: FileIndex.Node) throws(Trouble)
  {
    let isAlsoWanted = !alsoWanted.isEmpty && alsoWanted.contains(index.pathBytes(node))
    let want = isAlsoWanted ? .yes : wanted.want(state(node))
    let limit: Int
    switch want {
    case .no: return
    case .ifConfiguration: limit = WantedFiles.configurationLimit
    case .yes: limit = Host.sizeLimit
    }
    guard let bytes = try reader.data(limit: limit) else {
      if case .yes = want { index.failures[node] = .tooLarge(limit) }
      return
    }
    try keep(bytes, node)
  }

  mutating func keep(_ bytes: [UInt8], _ node: FileIndex.Node) throws(Trouble) {
    index.setContent(node, bytes)
    if index.contentBytes > TreeBuilding.contentLimit {
      throw Trouble("more than \(TreeBuilding.contentLimit >> 20) MiB of configuration")
    }
  }

  /// Where an entry stands in the patterns; folders are remembered.
  private mutating func state(_ node: FileIndex.Node) -> WantedFiles.State {
    if node == FileIndex.root { return wanted.start }
    if let known = states[node] { return known }
    let parent = state(index[node].parent)
    let state =
      parent.isEmpty
      ? parent : index.names.with(index[node].name) { wanted.enter(parent, $0) }
    if index[node].kind == .directory { states[node] = state }
    return state
  }

  // MARK: layers

  /// `.wh.NAME` takes away NAME of the layers below, `.wh..wh..opq` all that they have in the folder
  /// (OCI image-spec, layer.md). What came with the same layer stays, in whatever order.
  private mutating func takeWhiteout(_ path: [UInt8], _ layer: UInt16) throws(Trouble) -> Bool {
    let trimmed = path.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
    let parts = Array(trimmed).split(separator: UInt8(ascii: "/"))
    guard let name = parts.last, name.starts(with: ".wh.".utf8) else { return false }
    let folder = Array(parts.dropLast().joined(separator: [UInt8(ascii: "/")]))
    if name.elementsEqual(".wh..wh..opq".utf8) {
      if layer != clearedLayer { cleared = [] }
      clearedLayer = layer
      if let node = try make(folder, layer), cleared.insert(node).inserted {
        index.removeChildren(node, before: layer)
      }
      return true
    }
    // Others that begin so are what aufs kept for itself.
    if name.starts(with: ".wh..wh.".utf8) { return true }
    let target = folder + [UInt8(ascii: "/")] + name.dropFirst(4)
    if case .found(let node) = index.locate(target, following: false, isRunning: true),
      node != FileIndex.root
    {
      index.remove(node, before: layer)
    }
    return true
  }

  /// Folders that were emptied in this layer, so that nobody does it again and again.
  private var cleared: Set<FileIndex.Node> = []
  private var clearedLayer: UInt16 = 0

  /// What was built, with what has to be said about it.
  consuming func finish() -> (index: FileIndex, notes: [String]) {
    if refused > 0 {
      notes.append("\(refused) entries with paths that lead outside or nowhere were not taken")
    }
    if duplicates > 0 { notes.append("\(duplicates) entries came twice; the last one counts") }
    if lostLinks > 0 { notes.append("\(lostLinks) hard links lead to nothing") }
    return (index, notes)
  }
}

extension FileIndex {
  /// The files and block devices whose contents are wanted, links followed: a pattern may name a link, or go through
  /// one.
  func wantedContents(
    _ wanted: WantedFiles, isRunning: Bool
  ) -> [(node: Node, want: WantedFiles.Want)] {
    struct Visit: Hashable {
      var node: Node
      var state: WantedFiles.State
    }
    var found: [Node: WantedFiles.Want] = [:]
    var seen: Set<Visit> = []
    var left = [Visit(node: FileIndex.root, state: wanted.start)]
    while let visit = left.popLast() {
      guard seen.insert(visit).inserted else { continue }
      forEachChild(visit.node) { child in
        var state = names.with(self[child].name) { wanted.enter(visit.state, $0) }
        if state.isEmpty { return }
        var node = child
        if self[child].kind == .link {
          guard
            case .found(let target) = locate(
              pathBytes(child), following: true, isRunning: isRunning)
          else { return }
          node = target
          // `**` does not follow links, lest `/etc/x -> /` make everything configuration.
          if self[node].kind == .directory { state = wanted.shallow(state) }
          if case .ifConfiguration = wanted.want(state), self[node].mode & 0o111 != 0 { return }
        }
        if self[node].kind == .directory {
          if !state.isEmpty { left.append(Visit(node: node, state: state)) }
          return
        }
        guard self[node].kind == .file || self[node].kind == .blockDevice else { return }
        switch (wanted.want(state), found[node]) {
        case (.no, _), (.ifConfiguration, .yes): break
        case (let want, _): found[node] = want
        }
      }
    }
    return found.map { ($0.key, $0.value) }.sorted { $0.node < $1.node }
  }
}
