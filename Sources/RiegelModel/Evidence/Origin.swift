package import SystemPackage

/// Where a fact comes from, so that a finding can send its reader there.
package enum Origin: Sendable, Hashable {
  /// A line of a file of the target, counted from 1.
  case line(FilePath, Int)
  /// A file as a whole, or its metadata.
  case file(FilePath)
  /// The running kernel, by the path under `/proc` or `/sys` that says it.
  case kernel(FilePath)
  /// Nothing sets it: the program's own default, with the version that has it: `OpenSSH 9.2`.
  case builtIn(String)
  /// What a declared command printed, by its command line.
  case command(String)

  package var isBuiltIn: Bool {
    if case .builtIn = self { true } else { false }
  }

  /// The file, if there is one.
  package var path: FilePath? {
    switch self {
    case .line(let path, _), .file(let path), .kernel(let path): path
    case .builtIn, .command: nil
    }
  }

  /// `path:line`, `path`, or the default in words; the same in every language.
  package var description: String {
    switch self {
    case .line(let path, let line): "\(printable(path)):\(line)"
    case .file(let path), .kernel(let path): printable(path)
    case .builtIn(let what): "built-in (\(what))"
    case .command(let line): "`\(line)`"
    }
  }
}

/// A path as text that round-trips in the eye: bytes that are not UTF-8 as `\xNN`.
///
/// Control characters stay; every report escapes for its own format.
package func printable(_ path: FilePath) -> String {
  path.withPlatformString { pointer in
    var bytes: [UInt8] = []
    var at = pointer
    while at.pointee != 0 {
      bytes.append(UInt8(bitPattern: at.pointee))
      at += 1
    }
    return printable(bytes: bytes)
  }
}

/// Bytes as text, those that are not UTF-8 as `\xNN`.
package func printable(bytes: some Sequence<UInt8>) -> String {
  let bytes = Array(bytes)
  if let text = String(validating: bytes, as: UTF8.self) { return text }
  var text = ""
  var rest = bytes[...]
  while let first = rest.first {
    let length = first < 0x80 ? 1 : max(1, (~first).leadingZeroBitCount)
    if let character = String(validating: rest.prefix(length), as: UTF8.self) {
      text += character
      rest = rest.dropFirst(length)
    } else {
      text += "\\x" + (first < 16 ? "0" : "") + String(first, radix: 16)
      rest = rest.dropFirst()
    }
  }
  return text
}
