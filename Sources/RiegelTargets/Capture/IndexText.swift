import RiegelModel

/// The index as text, in parts of about a megabyte: each folder with its entries, in order.
struct IndexText {
  private let index: FileIndex
  private var left: [FileIndex.Node] = [FileIndex.root]
  private(set) var entries = 0
  private var hasStarted = false

  private static let partSize = 1 << 20

  init(_ index: FileIndex) { self.index = index }

  /// The next part; nil when all is said.
  mutating func next() -> [UInt8]? {
    if left.isEmpty { return nil }
    var text: [UInt8] = []
    text.reserveCapacity(IndexText.partSize + 4096)
    if !hasStarted {
      hasStarted = true
      line(FileIndex.root, &text)
    }
    while text.count < IndexText.partSize, let folder = left.popLast() {
      SnapshotFormat.escape(index.pathBytes(folder), into: &text)
      text.append(0x0a)
      var below: [FileIndex.Node] = []
      for child in index.children(of: folder) {
        if index[child].flags.contains(.implied) { continue }
        line(child, &text)
        if index[child].kind == .directory { below.append(child) }
      }
      for name in index.absentNames(in: folder) {
        text += "! ".utf8
        SnapshotFormat.escape(name, into: &text)
        text.append(0x0a)
      }
      left += below.reversed()
    }
    return text
  }

  private mutating func line(_ node: FileIndex.Node, _ text: inout [UInt8]) {
    let entry = index[node]
    entries += 1
    let isPartial = entry.kind == .directory && entry.flags.contains(.unlisted)
    text.append(isPartial ? UInt8(ascii: "D") : SnapshotFormat.letter(entry.kind))
    text.append(0x20)
    IndexText.append(Int(entry.mode), radix: 8, &text)
    for number in [
      Int(entry.user), Int(entry.group), Int(entry.size), Int(entry.modified), Int(entry.links),
      Int(truncatingIfNeeded: entry.device), Int(truncatingIfNeeded: entry.inode),
    ] {
      text.append(0x20)
      IndexText.append(number, radix: 10, &text)
    }
    text.append(0x20)
    if node == FileIndex.root {
      text.append(UInt8(ascii: "/"))
    } else {
      SnapshotFormat.escape(index.names[entry.name], into: &text)
    }
    if entry.kind == .link {
      text.append(0x09)
      SnapshotFormat.escape(index.linkText(node), into: &text)
    }
    text.append(0x0a)
  }

  /// Digits without a string in between: there are millions of them.
  private static func append(_ number: Int, radix: UInt, _ text: inout [UInt8]) {
    if number < 0 { text.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let start = text.count
    repeat {
      text.append(UInt8(48 + rest % radix))
      rest /= radix
    } while rest > 0
    text[start...].reverse()
  }
}

extension FileIndex {
  /// Names that were looked for in a folder and not found.
  func absentNames(in folder: Node) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    var node = self[folder].firstChild
    while node != 0 {
      if self[node].flags.contains(.absent) { found.append(names[self[node].name]) }
      node = self[node].next
    }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
