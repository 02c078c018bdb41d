/// Byte strings, each stored once and known by a number: the names of a file tree.
struct NameTable: Sendable {
  private var bytes: [UInt8] = []
  /// Where each name begins; one more at the end.
  private var starts: [UInt32] = [0]
  /// Open addressing: number of a name plus 1, or 0.
  private var slots: [UInt32] = Array(repeating: 0, count: 1024)

  /// Bytes of all names together have to be addressed with 32 bits.
  static let limit = 1 << 31

  var count: Int { starts.count - 1 }
  var byteCount: Int { bytes.count }

  @inline(__always)
  func with<T>(_ name: UInt32, _ body: (UnsafeRawBufferPointer) -> T) -> T {
    let start = Int(starts[Int(name)])
    let end = Int(starts[Int(name) + 1])
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }

  subscript(name: UInt32) -> ArraySlice<UInt8> {
    bytes[Int(starts[Int(name)])..<Int(starts[Int(name) + 1])]
  }

  func find(_ name: UnsafeRawBufferPointer) -> UInt32? {
    let known = slots[slot(of: name)]
    return known == 0 ? nil : known - 1
  }

  /// The number of a name, known before or new; nil if there is no room.
  mutating func intern(_ name: UnsafeRawBufferPointer) -> UInt32? {
    var at = slot(of: name)
    if slots[at] != 0 { return slots[at] - 1 }
    guard bytes.count + name.count < NameTable.limit else { return nil }
    if count * 2 >= slots.count {
      grow()
      at = slot(of: name)
    }
    bytes.append(contentsOf: name)
    starts.append(UInt32(bytes.count))
    slots[at] = UInt32(count)
    return UInt32(count - 1)
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 {
      let at = with(entry - 1) { slot(of: $0) }
      slots[at] = entry
    }
  }

  private func slot(of name: UnsafeRawBufferPointer) -> Int {
    let mask = slots.count - 1
    var at = Int(truncatingIfNeeded: NameTable.hash(name)) & mask
    while slots[at] != 0 {
      let start = Int(starts[Int(slots[at]) - 1])
      let length = Int(starts[Int(slots[at])]) - start
      if length == name.count,
        bytes.withUnsafeBytes({ all in
          (0..<length).allSatisfy { all[start + $0] == name[$0] }
        })
      {
        return at
      }
      at = (at + 1) & mask
    }
    return at
  }

  /// FNV-1a with a final mix. Who builds an archive could aim at one slot; the seed differs from
  /// run to run.
  private static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
    var value = seed
    for byte in name { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return mixed(value)
  }

  private static let seed = UInt64.random(in: 0...UInt64.max)
}

/// Spreads a number over all bits (the finaliser of SplitMix64).
@inline(__always)
func mixed(_ number: UInt64) -> UInt64 {
  var value = number
  value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
  value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
  return value ^ (value >> 31)
}
