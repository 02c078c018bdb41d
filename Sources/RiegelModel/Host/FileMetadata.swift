package import SystemPackage

/// What `lstat(2)` says of a file.
package struct FileMetadata: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case file, directory, link, fifo, socket
    case characterDevice = "character-device"
    case blockDevice = "block-device"

    /// The place in `allCases`, for tables by type.
    package var ordinal: Int {
      switch self {
      case .file: 0
      case .directory: 1
      case .link: 2
      case .fifo: 3
      case .socket: 4
      case .characterDevice: 5
      case .blockDevice: 6
      }
    }
  }

  package var kind: Kind
  /// Permission bits with set-ID and sticky, at most 07777.
  package var mode: UInt16
  package var user: UInt32
  package var group: UInt32
  /// Bytes.
  package var size: Int
  package var modified: Instant
  package var links: Int
  package var device: UInt64
  package var inode: UInt64

  package init(
    kind: Kind, mode: UInt16, user: UInt32 = 0, group: UInt32 = 0, size: Int = 0,
    modified: Instant = Instant(seconds: 0), links: Int = 1, device: UInt64 = 0, inode: UInt64 = 0
  ) {
    self.kind = kind
    self.mode = mode
    self.user = user
    self.group = group
    self.size = size
    self.modified = modified
    self.links = links
    self.device = device
    self.inode = inode
  }

  /// From a raw `st_mode`; nil for a type that POSIX does not name.
  package static func kind(ofRawMode mode: UInt32) -> Kind? {
    switch mode & 0o170000 {
    case 0o100000: .file
    case 0o040000: .directory
    case 0o120000: .link
    case 0o010000: .fifo
    case 0o140000: .socket
    case 0o020000: .characterDevice
    case 0o060000: .blockDevice
    default: nil
    }
  }
}
