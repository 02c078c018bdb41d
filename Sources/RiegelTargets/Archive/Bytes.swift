import Glibc

extension Array<UInt8> {
  /// `withUnsafeBytes` that keeps the type of what is thrown.
  func withBytes<T, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> T
  ) throws(E) -> T {
    let result: Result<T, E> = withUnsafeBytes { bytes in
      do throws(E) { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

extension ArraySlice<UInt8> {
  /// Where a text stands first. `firstRange(of:)` of the standard library is generic and a hundred
  /// times slower.
  func place(of text: [UInt8]) -> Range<Int>? {
    guard let first = text.first, count >= text.count else { return nil }
    let found: Int? = withUnsafeBytes { all in
      var at = 0
      let last = all.count - text.count
      while at <= last {
        guard let start = all.baseAddress,
          let hit = memchr(start + at, Int32(first), last - at + 1)
        else { return nil }
        at = UnsafeRawPointer(hit) - start
        if text.indices.allSatisfy({ all[at + $0] == text[$0] }) { return at }
        at += 1
      }
      return nil
    }
    return found.map { startIndex + $0..<startIndex + $0 + text.count }
  }
}
