/// A compiled database of dconf: the hash table on disk that programs read (GVDB).
struct DconfFile: Sendable {
  private(set) var values: [String: GVariantText] = [:]
  private(set) var locks: Set<String> = []

  /// nil for bytes that are no such file; a value or lock left out would seem to be unset.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 24, bytes.starts(with: "GVariant".utf8) else { return nil }
    let reader = Reader(bytes: bytes)
    guard let start = reader.word(16), let end = reader.word(20),
      let items = reader.table(start, end)
    else { return nil }
    for item in items {
      switch item.kind {
      case UInt8(ascii: "v"):
        guard let value = reader.value(item.start, item.end) else { return nil }
        values[item.key] = value
      case UInt8(ascii: "H") where item.key == ".locks":
        guard let table = reader.table(item.start, item.end) else { return nil }
        locks = Set(table.map(\.key))
      // Lists of the names in a folder, which the items tell too.
      default: break
      }
    }
  }

  private struct Item {
    var key: String
    var kind: UInt8
    var start: Int
    var end: Int
  }

  private struct Reader {
    let bytes: [UInt8]

    func word(_ at: Int) -> Int? {
      guard at >= 0, at + 4 <= bytes.count else { return nil }
      return (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }

    /// The items of a hash table; each key is the text of its parents and its own.
    func table(_ start: Int, _ end: Int) -> [Item]? {
      guard start >= 0, end <= bytes.count, end - start >= 8, let bloom = word(start),
        let buckets = word(start + 4)
      else { return nil }
      let first = start + 8 + (bloom & 0x07ff_ffff) * 4 + buckets * 4
      guard first <= end else { return nil }
      let count = (end - first) / 24
      var result: [Item] = []
      for index in 0..<count {
        var parts: [[UInt8]] = []
        var at = index
        // A cycle of parents would not end otherwise.
        for _ in 0..<64 {
          let place = first + at * 24
          guard let parent = word(place + 4), let keyStart = word(place + 8),
            let size = word(place + 12).map({ $0 & 0xffff }), keyStart + size <= bytes.count
          else { return nil }
          parts.append(Array(bytes[keyStart..<(keyStart + size)]))
          if parent == 0xffff_ffff || parent >= count { break }
          at = parent
        }
        let place = first + index * 24
        guard let valueStart = word(place + 16), let valueEnd = word(place + 20),
          valueStart <= valueEnd
        else { return nil }
        result.append(
          Item(
            key: String(decoding: parts.reversed().joined(), as: UTF8.self),
            kind: bytes[place + 14], start: valueStart, end: valueEnd))
      }
      return result
    }

    /// A serialised variant: the value, a zero, its type.
    func value(_ start: Int, _ end: Int) -> GVariantText? {
      guard end <= bytes.count, start < end else { return nil }
      let data = bytes[start..<end]
      guard let zero = data.lastIndex(of: 0) else { return nil }
      let type = String(decoding: data[(zero + 1)...], as: UTF8.self)
      let value = Array(data[..<zero])
      func number(_ size: Int, isSigned: Bool) -> GVariantText? {
        guard value.count >= size else { return nil }
        var result = (0..<size).reduce(UInt64(0)) { $0 | UInt64(value[$1]) << (8 * $1) }
        if isSigned, size < 8, value[size - 1] & 0x80 != 0 { result |= ~0 << (8 * size) }
        let number = isSigned ? Int(Int64(bitPattern: result)) : Int(clamping: result)
        return GVariantText(text: String(number), number: number)
      }
      switch type {
      case "b":
        return value.first.map { GVariantText(text: $0 == 0 ? "false" : "true", flag: $0 != 0) }
      case "s", "o", "g":
        return GVariantText(text: String(decoding: value.dropLast(), as: UTF8.self))
      case "y": return number(1, isSigned: false)
      case "n": return number(2, isSigned: true)
      case "q": return number(2, isSigned: false)
      case "i", "h": return number(4, isSigned: true)
      case "u": return number(4, isSigned: false)
      case "x": return number(8, isSigned: true)
      case "t": return number(8, isSigned: false)
      case "as": return texts(value)
      default: return GVariantText(text: "(\(type))")
      }
    }

    /// An array of texts: the texts, then where each ends.
    private func texts(_ value: [UInt8]) -> GVariantText? {
      if value.isEmpty { return GVariantText(text: "[]", items: []) }
      let size = value.count < 256 ? 1 : value.count < 65536 ? 2 : 4
      func offset(_ at: Int) -> Int {
        (0..<size).reduce(0) { $0 | Int(value[at + $1]) << (8 * $1) }
      }
      guard value.count >= size else { return nil }
      let table = offset(value.count - size)
      guard table <= value.count else { return nil }
      var items: [String] = []
      var start = 0
      for at in stride(from: table, to: value.count - size + 1, by: size) {
        let end = offset(at)
        guard end > start, end <= table else { return nil }
        items.append(String(decoding: value[start..<(end - 1)], as: UTF8.self))
        start = end
      }
      return GVariantText(text: GVariantText.list(items), items: items)
    }
  }
}
