import RiegelModel

/// What is wrong with the bytes of a text file before anybody looks at its words: its size, a byte
/// order mark, a zero, or a sequence that is no UTF-8.
func problem(inEncodingOf bytes: [UInt8], file: String, bounds: YAMLBounds) -> Diagnostic? {
  if bytes.count > bounds.size {
    return Diagnostic(.error, "larger than \(bounds.size) bytes", at: Place(file: file))
  }
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.starts(with: [0xFF, 0xFE])
    || bytes.starts(with: [0xFE, 0xFF])
  {
    return Diagnostic(
      .error, "the file begins with a byte order mark", at: Place(file: file, line: 1, column: 1),
      suggestion: "save it as UTF-8 without one")
  }
  return bytes.withUnsafeBufferPointer { buffer in
    if let zero = buffer.firstIndex(of: 0) {
      return Diagnostic(
        .error, "a zero byte is no text", at: placeInText(buffer, at: zero, file: file))
    }
    if let bad = firstBadUTF8(buffer) {
      return Diagnostic(
        .error, "bytes that are no UTF-8", at: placeInText(buffer, at: bad, file: file),
        suggestion: "save the file as UTF-8")
    }
    return nil
  }
}

/// Where the first sequence stands that is no well-formed UTF-8 (RFC 3629).
private func firstBadUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  var at = 0
  while at < bytes.count {
    let first = bytes[at]
    if first < 0x80 {
      at += 1
      continue
    }
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    let length: Int
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { low = 0xA0 }
      if first == 0xED { high = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { low = 0x90 }
      if first == 0xF4 { high = 0x8F }
    default: return at
    }
    guard at + length <= bytes.count, (low...high).contains(bytes[at + 1]),
      bytes[at + 1..<at + length].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { return at }
    at += length
  }
  return nil
}

/// Line and column, in characters, of a byte.
func placeInText(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, file: String) -> Place {
  var line = 1
  var column = 1
  for byte in bytes[..<min(max(0, offset), bytes.count)] {
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }
  return Place(file: file, line: line, column: column)
}
