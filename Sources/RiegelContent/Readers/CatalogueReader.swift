import RiegelModel

/// What the readers of all catalogues share: the head of the file and rows of keys with remarks.
extension MappingReader {
  /// Passes over keys that only people read: sources, remarks, disputes.
  mutating func skip(_ keys: String...) { for key in keys { _ = raw(key) } }

  /// `title_en` and `title_de`.
  mutating func titles() -> Localized? {
    let en = text("title_en")
    let de = text("title_de")
    guard let en, let de else { return nil }
    return Localized(en: en, de: de)
  }

  mutating func level(_ key: String) -> SecurityLevel? {
    required(key).flatMap { levelOf($0, log) }
  }

  /// The rows of a list, those that cannot be read left out.
  mutating func rows<T>(
    _ key: String, _ what: String, _ read: (inout MappingReader) -> T?
  ) -> [T] {
    guard let node = required(key) else { return [] }
    guard let items = node.items else {
      log.error("'\(key)' must be a list, not \(node.kind)", at: node.place)
      return []
    }
    return items.compactMap { item in
      guard var reader = MappingReader(item, what, log) else { return nil }
      let row = read(&reader)
      reader.finish()
      return row
    }
  }

  /// The part of the file under `catalog`.
  mutating func head() -> MappingReader? {
    required("catalog").flatMap { MappingReader($0, "'catalog'", log) }
  }
}

/// Compares totals that a catalogue states with what its lists give, so that a row lost while
/// editing is found.
struct CountCheck {
  let log: DiagnosticLog

  func expect(_ node: Node?, _ key: String, _ actual: Int) {
    guard let node = node?[key] else { return }
    if node.text != String(actual) {
      log.error(
        "'\(key)' says \(node.text ?? node.kind), but the lists give \(actual)", at: node.place)
    }
  }

  /// A mapping from levels to numbers.
  func levels(_ node: Node?, _ levels: [SecurityLevel], cumulative: Bool = false) {
    for level in SecurityLevel.claimable {
      expect(
        node, String(level.rawValue),
        levels.count { cumulative ? $0 <= level : $0 == level })
    }
  }
}

/// Says of every id that stands twice where it does.
func checkUnique(_ ids: [(id: String, place: Place)], _ what: String, _ log: DiagnosticLog) {
  var seen: Set<String> = []
  for (id, place) in ids where !seen.insert(id).inserted {
    log.error("the \(what) '\(id)' stands twice", at: place)
  }
}
