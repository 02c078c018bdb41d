import RiegelModel
import SystemPackage

/// A file tree in compact arrays: metadata of every entry, contents of some.
///
/// What an archive holds ends up here, and what a capture collects starts here. Names are stored
/// once; an entry takes 80 bytes, so that 300,000 fit into 30 MB.
struct FileIndex: Sendable {
  typealias Node = UInt32

  struct Flags: OptionSet {
    var rawValue: UInt8
    /// Taken away again by a later layer.
    static let removed = Flags(rawValue: 1)
    /// A folder of which not every entry is here: of what is missing nobody can tell.
    static let unlisted = Flags(rawValue: 2)
    /// Looked for and not there.
    static let absent = Flags(rawValue: 4)
    /// `payload` is the number of its contents.
    static let hasContent = Flags(rawValue: 8)
    /// Made because something lies below it; its metadata is a guess.
    static let implied = Flags(rawValue: 16)
  }

  struct Entry {
    var parent: Node
    var name: UInt32
    var firstChild: Node = 0
    var next: Node = 0
    var kind: FileMetadata.Kind
    var flags: Flags
    var mode: UInt16
    /// The layer of an image that it comes from.
    var layer: UInt16
    var user: UInt32
    var group: UInt32
    var links: UInt32
    /// The text of a link as a name, or the number of contents.
    var payload: UInt32
    var size: Int64
    var modified: Int64
    var device: UInt64
    var inode: UInt64
  }

  /// Why something of an entry cannot be said: its contents, its names, its link.
  enum Failure: Hashable {
    case denied
    case io(Int32)
    case tooLarge(Int)
    /// Left out on purpose; the reason is for people.
    case leftOut(String)

    func error(_ path: FilePath) -> TargetError {
      switch self {
      case .denied: .permissionDenied(path)
      case .io(let code): .io(path, errno: code)
      case .tooLarge(let limit): .tooLarge(path, limit: limit)
      case .leftOut: .notCollected(path)
      }
    }
  }

  /// More than any host has; an archive with more was made to do harm.
  static let entryLimit = 4_000_000
  static let root: Node = 0

  private(set) var entries: [Entry]
  var names = NameTable()
  private var slots: [UInt32] = Array(repeating: 0, count: 1024)
  private(set) var contents: [[UInt8]] = []
  private(set) var contentBytes = 0
  var failures: [Node: Failure] = [:]
  /// Folders at which a walk stops, with the name of the file system that begins there.
  var skipped: [Node: String] = [:]
  /// Whether folders are unlisted unless said otherwise.
  let isPartial: Bool

  private let limit: Int

  init(isPartial: Bool = false, limit: Int = entryLimit) {
    self.isPartial = isPartial
    self.limit = limit
    entries = [
      Entry(
        parent: 0, name: 0, kind: .directory, flags: isPartial ? [.implied, .unlisted] : .implied,
        mode: 0o755, layer: 0, user: 0, group: 0, links: 1, payload: 0, size: 0, modified: 0,
        device: 0, inode: 0)
    ]
    _ = names.intern(UnsafeRawBufferPointer(start: nil, count: 0))
  }

  // MARK: looking

  subscript(node: Node) -> Entry {
    get { entries[Int(node)] }
    set { entries[Int(node)] = newValue }
  }

  /// The entry of a folder by name, `absent` and `removed` ones included.
  private func stored(_ parent: Node, _ name: UInt32) -> (slot: Int, node: Node?) {
    let mask = slots.count - 1
    var at = Int(truncatingIfNeeded: mixed(UInt64(parent) << 32 | UInt64(name))) & mask
    while slots[at] != 0 {
      let node = slots[at] - 1
      if entries[Int(node)].parent == parent, entries[Int(node)].name == name { return (at, node) }
      at = (at + 1) & mask
    }
    return (at, nil)
  }

  func child(_ parent: Node, _ name: UnsafeRawBufferPointer) -> Node? {
    guard let name = names.find(name), let node = stored(parent, name).node,
      self[node].flags.isDisjoint(with: [.removed, .absent])
    else { return nil }
    return node
  }

  /// Whether somebody looked for a name in this folder and it was not there.
  func isKnownAbsent(_ parent: Node, _ name: UnsafeRawBufferPointer) -> Bool {
    guard let name = names.find(name), let node = stored(parent, name).node else { return false }
    return self[node].flags.contains(.absent)
  }

  /// Calls with each entry of a folder, in no particular order.
  func forEachChild(_ parent: Node, _ body: (Node) -> Void) {
    var node = self[parent].firstChild
    while node != 0 {
      if self[node].flags.isDisjoint(with: [.removed, .absent]) { body(node) }
      node = self[node].next
    }
  }

  func children(of parent: Node) -> [Node] {
    var nodes: [Node] = []
    forEachChild(parent) { nodes.append($0) }
    return nodes.sorted { names[self[$0].name].lexicographicallyPrecedes(names[self[$1].name]) }
  }

  func metadata(_ node: Node) -> FileMetadata {
    let entry = self[node]
    return FileMetadata(
      kind: entry.kind, mode: entry.mode, user: entry.user, group: entry.group,
      size: Int(entry.size), modified: Instant(seconds: Int(entry.modified)),
      links: Int(entry.links), device: entry.device, inode: entry.inode)
  }

  func content(_ node: Node) -> [UInt8]? {
    let entry = self[node]
    return entry.flags.contains(.hasContent) ? contents[Int(entry.payload)] : nil
  }

  func linkText(_ node: Node) -> ArraySlice<UInt8> {
    self[node].kind == .link ? names[self[node].payload] : []
  }

  /// The path of an entry from the root, `/` in front.
  func pathBytes(_ node: Node) -> [UInt8] {
    if node == FileIndex.root { return [UInt8(ascii: "/")] }
    var chain: [Node] = []
    var here = node
    while here != FileIndex.root {
      chain.append(here)
      here = self[here].parent
    }
    var bytes: [UInt8] = []
    for node in chain.reversed() {
      bytes.append(UInt8(ascii: "/"))
      bytes += names[self[node].name]
    }
    return bytes
  }

  func path(_ node: Node) -> FilePath { FilePath(bytes: pathBytes(node)) }

  /// Whether a walk stops above an entry, so that it is a file of the kernel or another machine.
  func isBelowSkipped(_ node: Node) -> Bool {
    var here = node
    while here != FileIndex.root {
      if skipped[here] != nil { return true }
      here = self[here].parent
    }
    return false
  }

  // MARK: filling

  enum Trouble: Error {
    case tooManyEntries
  }

  /// An entry of a folder, made if it is not there yet.
  mutating func makeChild(
    _ parent: Node, _ name: UnsafeRawBufferPointer, layer: UInt16 = 0
  ) throws(Trouble) -> Node {
    guard let id = names.intern(name) else { throw .tooManyEntries }
    if entries.count * 2 >= slots.count { grow() }
    let (slot, known) = stored(parent, id)
    if let known {
      if !self[known].flags.isDisjoint(with: [.removed, .absent]) { reset(known, layer: layer) }
      return known
    }
    guard entries.count < limit else { throw .tooManyEntries }
    let node = Node(entries.count)
    entries.append(
      Entry(
        parent: parent, name: id, firstChild: 0, next: self[parent].firstChild, kind: .directory,
        flags: newFolder, mode: 0o755, layer: layer, user: 0, group: 0, links: 1, payload: 0,
        size: 0, modified: 0, device: 0, inode: UInt64(node) + 1))
    self[parent].firstChild = node
    slots[slot] = node + 1
    return node
  }

  private var newFolder: Flags { isPartial ? [.implied, .unlisted] : .implied }

  private mutating func reset(_ node: Node, layer: UInt16) {
    self[node].kind = .directory
    self[node].flags = newFolder
    self[node].mode = 0o755
    self[node].layer = layer
    failures[node] = nil
    skipped[node] = nil
  }

  /// Gives an entry its metadata; what was a folder and is none any more loses what lay in it.
  mutating func set(_ node: Node, _ metadata: FileMetadata, layer: UInt16 = 0) {
    if self[node].kind == .directory, metadata.kind != .directory { removeChildren(node) }
    var entry = self[node]
    let hasKept = entry.kind == metadata.kind && entry.layer == layer
    entry.kind = metadata.kind
    entry.mode = metadata.mode
    entry.user = metadata.user
    entry.group = metadata.group
    entry.links = UInt32(clamping: metadata.links)
    entry.size = Int64(metadata.size)
    entry.modified = Int64(metadata.modified.seconds)
    entry.layer = layer
    if metadata.inode != 0 {
      entry.device = metadata.device
      entry.inode = metadata.inode
    }
    entry.flags.remove(.implied)
    if !hasKept {
      entry.flags.remove(.hasContent)
      failures[node] = nil
    }
    self[node] = entry
  }

  /// Says of a folder whether all its entries are here.
  mutating func setListed(_ node: Node, _ isListed: Bool) {
    if isListed { self[node].flags.remove(.unlisted) } else { self[node].flags.insert(.unlisted) }
  }

  mutating func setLink(_ node: Node, _ text: UnsafeRawBufferPointer) throws(Trouble) {
    guard let id = names.intern(text) else { throw .tooManyEntries }
    self[node].payload = id
  }

  /// Other names of a file keep the contents that they had; all that ever came counts for the bound.
  mutating func setContent(_ node: Node, _ bytes: [UInt8]) {
    self[node].flags.insert(.hasContent)
    self[node].payload = UInt32(contents.count)
    contents.append(bytes)
    contentBytes += bytes.count
  }

  /// A second name of a file, as a hard link is.
  mutating func setSame(_ node: Node, as other: Node, layer: UInt16) {
    if node == other { return }
    if self[node].kind == .directory { removeChildren(node) }
    var entry = self[other]
    let own = self[node]
    (entry.parent, entry.name, entry.next, entry.firstChild) =
      (own.parent, own.name, own.next, own.firstChild)
    entry.layer = layer
    entry.links = max(2, entry.links)
    self[other].links = entry.links
    self[node] = entry
    failures[node] = failures[other]
  }

  mutating func setAbsent(_ parent: Node, _ name: UnsafeRawBufferPointer) throws(Trouble) {
    if child(parent, name) != nil { return }
    let node = try makeChild(parent, name)
    self[node].flags = .absent
  }

  /// Takes an entry away, with all below it, unless it came with this layer.
  mutating func remove(_ node: Node, before layer: UInt16 = .max) {
    var left = [node]
    while let next = left.popLast() {
      if self[next].flags.contains(.removed) { continue }
      forEachChild(next) { left.append($0) }
      if self[next].layer < layer {
        self[next].flags.insert(.removed)
        self[next].flags.remove(.hasContent)
        failures[next] = nil
      }
    }
  }

  mutating func removeChildren(_ node: Node, before layer: UInt16 = .max) {
    var all: [Node] = []
    forEachChild(node) { all.append($0) }
    for child in all { remove(child, before: layer) }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for node in entries.indices.dropFirst() {
      let at = stored(entries[node].parent, entries[node].name).slot
      slots[at] = UInt32(node + 1)
    }
  }
}
