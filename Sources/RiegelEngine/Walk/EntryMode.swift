import RiegelModel

/// Types and permission bits numbered through, for tables of answers.
enum EntryMode {
  static let count = FileMetadata.Kind.allCases.count << 12

  static var all: [(FileMetadata.Kind, UInt16)] {
    FileMetadata.Kind.allCases.flatMap { kind in (0...0o7777).map { (kind, $0) } }
  }

  static func slot(_ kind: FileMetadata.Kind, _ mode: UInt16) -> Int {
    let number =
      switch kind {
      case .file: 0
      case .directory: 1
      case .link: 2
      case .fifo: 3
      case .socket: 4
      case .characterDevice: 5
      case .blockDevice: 6
      }
    return number << 12 | Int(mode & 0o7777)
  }
}
