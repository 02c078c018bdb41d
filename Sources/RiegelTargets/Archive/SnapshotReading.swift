import Crypto
import RiegelModel
import SystemPackage

/// Reads the members of a snapshot into a file tree.
///
/// What it does not understand in a line is an error: a snapshot that was cut or altered must not
/// be judged as if it were whole.
struct SnapshotReading {
  private(set) var index = FileIndex()
  private(set) var asked: [String] = []
  private(set) var notes: [String] = []
  private(set) var manifest: JSONValue?
  private var folder = FileIndex.root
  private var hash = SHA256()
  private var entries = 0

  typealias Trouble = ArchiveReader.Trouble

  /// A member's contents are in memory at once; the writers cut the index below that.
  private static let memberLimit = 16 << 20

  init(version: [UInt8]) throws(Trouble) {
    let text = version.last == 0x0a ? version.dropLast() : version[...]
    guard let number = Int(String(decoding: text, as: UTF8.self)), number > 0 else {
      throw Trouble("its version is no number")
    }
    if number > SnapshotFormat.version {
      throw Trouble("it has format \(number); this riegel knows up to \(SnapshotFormat.version)")
    }
    update("riegel-snapshot", version)
  }

  /// Takes the member that a reader stands at.
  mutating func take(_ reader: ArchiveReader) throws(Trouble) {
    let name = SnapshotReading.normal(reader.path)
    if name.starts(with: SnapshotFormat.root.utf8) {
      return try takeFile(reader, name, from: SnapshotFormat.root)
    }
    if name.starts(with: SnapshotFormat.hex.utf8) {
      return try takeFile(reader, name, from: SnapshotFormat.hex)
    }
    guard reader.metadata?.kind == .file else { return }
    guard let bytes = try reader.data(limit: SnapshotReading.memberLimit) else {
      throw Trouble("\(printable(bytes: name)) is too large")
    }
    let text = String(decoding: name, as: UTF8.self)
    if text == SnapshotFormat.manifest { return try takeManifest(bytes) }
    update(text, bytes)
    if name.starts(with: SnapshotFormat.index.utf8) {
      try takeIndex(bytes)
    } else if text == SnapshotFormat.log {
      for line in bytes.split(separator: 0x0a) { try takeLog(line) }
    } else if text == SnapshotFormat.asked {
      asked = bytes.split(separator: 0x0a).map {
        String(decoding: SnapshotFormat.unescape($0), as: UTF8.self)
      }
    }
    // Others may come with later versions that older readers need not know.
  }

  /// `./manifest.json` and `././…/manifest.json` are what some programs make of it.
  static func normal(_ path: [UInt8]) -> [UInt8] {
    var rest = path[...]
    while rest.starts(with: "./".utf8) { rest = rest.dropFirst(2) }
    return Array(rest)
  }

  private mutating func update(_ name: String, _ bytes: [UInt8]) {
    SnapshotHash.update(&hash, Array(name.utf8), bytes)
  }

  // MARK: contents

  private mutating func takeFile(
    _ reader: ArchiveReader, _ name: [UInt8], from folder: String
  ) throws(Trouble) {
    guard let metadata = reader.metadata, metadata.kind == .file else { return }
    guard var bytes = try reader.data(limit: Host.sizeLimit) else {
      throw Trouble("\(printable(bytes: name)) is larger than a capture makes it")
    }
    SnapshotHash.update(&hash, name, bytes)
    if folder == SnapshotFormat.hex {
      guard let decoded = SnapshotFormat.bytes(hex: bytes) else {
        throw Trouble("\(printable(bytes: name)) has other characters than digits")
      }
      bytes = decoded
    }
    guard let node = try made(name.dropFirst(folder.utf8.count)) else { return }
    if index[node].flags.contains(.implied) { index.set(node, metadata) }
    guard index[node].kind == .file || index[node].kind == .blockDevice else {
      throw Trouble("\(printable(bytes: name)) is no file in its index")
    }
    index.setContent(node, bytes)
    if index.contentBytes > TreeBuilding.contentLimit {
      throw Trouble("more than \(TreeBuilding.contentLimit >> 20) MiB of contents")
    }
  }

  private mutating func make(_ path: some Collection<UInt8>) throws(Trouble) -> FileIndex.Node {
    do {
      return try Array(path).withBytes { path throws(FileIndex.PathTrouble) in
        try index.make(path)
      }
    } catch {
      switch error {
      case .tooManyEntries: throw Trouble("more than \(FileIndex.entryLimit) entries")
      case .outside:
        throw Trouble("a path leads outside: \(printable(bytes: path.prefix(200)))")
      }
    }
  }

  /// The entry at a path, a last link followed: a script does not find out where links lead.
  ///
  /// nil where a link leads to what was not captured, so that what lies behind it is not either.
  private mutating func made(_ path: some Collection<UInt8>) throws(Trouble) -> FileIndex.Node? {
    let node = try make(path)
    guard index[node].kind == .link else { return node }
    if case .found(let target) = index.locate(
      index.pathBytes(node), following: true, isRunning: true)
    {
      return target
    }
    return nil
  }

  // MARK: the index

  private mutating func takeIndex(_ bytes: [UInt8]) throws(Trouble) {
    try bytes.withBytes { all throws(Trouble) in
      var at = 0
      while at < all.count {
        let start = at
        while at < all.count, all[at] != 0x0a { at += 1 }
        if at > start { try takeLine(UnsafeRawBufferPointer(rebasing: all[start..<at])) }
        at += 1
      }
    }
  }

  private mutating func takeLine(_ line: UnsafeRawBufferPointer) throws(Trouble) {
    func malformed() -> Trouble {
      Trouble("a line of its index is malformed: \(printable(bytes: line.prefix(200)))")
    }
    if line[0] == UInt8(ascii: "/") {
      guard let made = try made(SnapshotFormat.unescape(line)), index[made].kind == .directory
      else { throw malformed() }
      folder = made
      return
    }
    guard line.count > 2, line[1] == 0x20 else { throw malformed() }
    if line[0] == UInt8(ascii: "!") {
      let name = SnapshotFormat.unescape(line.dropFirst(2))
      do {
        try name.withBytes { name throws(FileIndex.Trouble) in
          try index.setAbsent(folder, name)
        }
      } catch {
        throw Trouble("more than \(FileIndex.entryLimit) entries")
      }
      return
    }
    guard let kind = SnapshotFormat.kind(line[0]) else { throw malformed() }
    var at = 2
    func number(_ radix: Int) -> Int? {
      var value = 0
      let start = at
      var isNegative = false
      if at < line.count, line[at] == UInt8(ascii: "-") {
        isNegative = true
        at += 1
      }
      while at < line.count, line[at] != 0x20 {
        let digit = Int(line[at]) - 48
        guard digit >= 0, digit < radix, value < Int.max / 16 else { return nil }
        value = value * radix + digit
        at += 1
      }
      guard at > start, at < line.count else { return nil }
      at += 1
      return isNegative ? -value : value
    }
    guard let mode = number(8), mode <= 0o7777, mode >= 0, let user = number(10),
      let group = number(10), let size = number(10), let modified = number(10),
      let links = number(10), let device = number(10), let inode = number(10), size >= 0,
      at < line.count
    else { throw malformed() }
    let metadata = FileMetadata(
      kind: kind, mode: UInt16(mode), user: UInt32(clamping: user), group: UInt32(clamping: group),
      size: size, modified: Instant(seconds: modified), links: links,
      device: UInt64(clamping: device), inode: UInt64(clamping: inode))
    let rest = UnsafeRawBufferPointer(rebasing: line[at...])
    let tab = kind == .link ? rest.firstIndex(of: 0x09) : nil
    let name = UnsafeRawBufferPointer(rebasing: rest[..<(tab ?? rest.count)])
    let node = try child(name, malformed)
    // Of a device the beginning came as the contents of a file.
    let head = kind == .blockDevice ? index.content(node) : nil
    index.set(node, metadata)
    if let head { index.setContent(node, head) }
    if kind == .directory { index.setListed(node, line[0] == UInt8(ascii: "d")) }
    if kind == .link {
      let text = SnapshotFormat.unescape(tab.map { Array(rest[($0 + 1)...]) } ?? [])
      do {
        try text.withBytes { text throws(FileIndex.Trouble) in
          try index.setLink(node, text)
        }
      } catch {
        throw Trouble("its names are too long together")
      }
    }
  }

  private mutating func child(
    _ name: UnsafeRawBufferPointer, _ malformed: () -> Trouble
  ) throws(Trouble) -> FileIndex.Node {
    if name.count == 1, name[0] == UInt8(ascii: "/") { return FileIndex.root }
    if name.contains(UInt8(ascii: "%")) {
      let name = SnapshotFormat.unescape(name)
      return try name.withBytes { name throws(Trouble) in try plainChild(name, malformed) }
    }
    return try plainChild(name, malformed)
  }

  private mutating func plainChild(
    _ name: UnsafeRawBufferPointer, _ malformed: () -> Trouble
  ) throws(Trouble) -> FileIndex.Node {
    let isDots =
      name.allSatisfy { $0 == UInt8(ascii: ".") } && (name.count == 1 || name.count == 2)
    guard name.count > 0, name.count <= 255, !isDots, !name.contains(UInt8(ascii: "/")),
      !name.contains(0)
    else { throw malformed() }
    do { return try index.makeChild(folder, name) } catch {
      throw Trouble("more than \(FileIndex.entryLimit) entries")
    }
  }

  // MARK: log and manifest

  private mutating func takeLog(_ line: ArraySlice<UInt8>) throws(Trouble) {
    func malformed() -> Trouble {
      Trouble("a line of its log is malformed: \(printable(bytes: line.prefix(200)))")
    }
    let words = line.split(separator: 0x20, maxSplits: 1)
    guard words.count == 2 else { throw malformed() }
    let kind = String(decoding: words[0], as: UTF8.self)
    if kind == "note" {
      notes.append(printable(bytes: SnapshotFormat.unescape(words[1])))
      return
    }
    let parts = words[1].split(separator: 0x20, maxSplits: 1)
    guard parts.count == 2 else { throw malformed() }
    let path = SnapshotFormat.unescape(parts[1])
    let detail = String(decoding: parts[0], as: UTF8.self)
    if kind == "skipped" {
      let node = try make(path)
      if index[node].flags.contains(.implied) { index.setListed(node, false) }
      index.skipped[node] = detail == "not-running" ? "not running" : detail
      return
    }
    switch kind {
    case "listed": if let node = existing(path) { index.setListed(node, true) }
    case "gone": if let node = existing(path) { index.remove(node) }
    case "unreadable":
      guard let code = Int32(detail) else { throw malformed() }
      try fail(path, code == 13 || code == 1 ? .denied : .io(code))
    case "left-out":
      try fail(
        path, detail == "too-large" ? .tooLarge(WantedFiles.configurationLimit) : .leftOut(detail))
    // For whoever reads the snapshot; the contents themselves show it to rules.
    case "redacted": break
    default: throw malformed()
    }
  }

  /// Notes that something could not be read. It is there, also where the index says that it is not;
  /// of what lies behind a link the index tells all there is to tell.
  private mutating func fail(
    _ path: [UInt8], _ failure: FileIndex.Failure
  ) throws(Trouble) {
    if let node = existing(path) {
      index.failures[node] = failure
    } else if index.locate(path, following: true, isRunning: true) == .absent {
      index.failures[try make(path)] = failure
    }
  }

  private func existing(_ path: [UInt8]) -> FileIndex.Node? {
    var here = FileIndex.root
    for name in path.split(separator: UInt8(ascii: "/")) {
      guard let next = name.withUnsafeBytes({ index.child(here, $0) }) else { return nil }
      here = next
    }
    return here
  }

  private mutating func takeManifest(_ bytes: [UInt8]) throws(Trouble) {
    guard manifest == nil, let json = try? JSONValue(parsing: bytes) else {
      throw Trouble("its manifest is malformed")
    }
    if let stated = json["sha256"]?.text {
      let found = SnapshotHash.text(hash)
      if stated != found { throw Trouble("its contents are not those that its manifest states") }
    }
    manifest = json
  }
}

/// One hash over all members before the manifest: name, size and contents of each.
enum SnapshotHash {
  static func update(_ hash: inout SHA256, _ name: [UInt8], _ bytes: [UInt8]) {
    hash.update(data: name + [0] + Array(String(bytes.count).utf8) + [0])
    hash.update(data: bytes)
  }

  static func text(_ hash: SHA256) -> String {
    hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
