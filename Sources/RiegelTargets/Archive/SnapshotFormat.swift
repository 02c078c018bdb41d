import RiegelModel
import SystemPackage

/// Names and numbers of the snapshot format, as `Docs/snapshot-format.md` describes it.
enum SnapshotFormat {
  /// Raised when a reader would have to know.
  static let version = 1
  /// The first member, by which a snapshot is known; holds the version.
  static let marker = "riegel-snapshot"
  static let manifest = "manifest.json"
  static let root = "root/"
  /// As `root/`, in hexadecimal digits: what an awk cannot print as it is.
  static let hex = "hex/"
  static let index = "index/"
  static let log = "log"
  static let asked = "asked"
  static let commands = "commands/"

  /// One file of the index, one line of the log: `%`, tab, newline and NUL as `%25`, `%09`, `%0A`,
  /// `%00`.
  static func escape(_ bytes: some Sequence<UInt8>, into text: inout [UInt8]) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "%"): text += "%25".utf8
      case 0x0a: text += "%0A".utf8
      case 0x09: text += "%09".utf8
      case 0x00: text += "%00".utf8
      default: text.append(byte)
      }
    }
  }

  static func unescape(_ text: some Collection<UInt8>) -> [UInt8] {
    guard text.contains(UInt8(ascii: "%")) else { return Array(text) }
    var bytes: [UInt8] = []
    var rest = Array(text)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  /// What digits stand for, two a byte; nil for other characters than digits and line ends.
  static func bytes(hex text: [UInt8]) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var high: UInt8?
    for digit in text where digit != 0x0a {
      let value: UInt8
      switch digit {
      case 48...57: value = digit - 48
      case 97...102: value = digit - 87
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? bytes : nil
  }

  static func letter(_ kind: FileMetadata.Kind) -> UInt8 {
    switch kind {
    case .file: UInt8(ascii: "f")
    case .directory: UInt8(ascii: "d")
    case .link: UInt8(ascii: "l")
    case .fifo: UInt8(ascii: "p")
    case .socket: UInt8(ascii: "s")
    case .characterDevice: UInt8(ascii: "c")
    case .blockDevice: UInt8(ascii: "b")
    }
  }

  static func kind(_ letter: UInt8) -> FileMetadata.Kind? {
    switch letter {
    case UInt8(ascii: "f"): .file
    case UInt8(ascii: "d"), UInt8(ascii: "D"): .directory
    case UInt8(ascii: "l"): .link
    case UInt8(ascii: "p"): .fifo
    case UInt8(ascii: "s"): .socket
    case UInt8(ascii: "c"): .characterDevice
    case UInt8(ascii: "b"): .blockDevice
    default: nil
    }
  }
}
