import RiegelModel

/// A mapping read key by key. What nobody asked for is an unknown key, which `finish` reports.
///
/// Every access says what is wrong and returns nil, so that a reader asks for all its keys first and
/// gives up afterwards: the author sees all mistakes at once.
struct MappingReader {
  let place: Place
  let log: DiagnosticLog
  private let entries: [Node.Entry]
  private let what: String
  private var asked: [String] = []

  /// nil, with a diagnostic, if the node is no mapping. `what` names it: `a rule`.
  init?(_ node: Node, _ what: String, _ log: DiagnosticLog) {
    guard let entries = node.entries else {
      log.error("\(what) is a mapping, not \(node.kind)", at: node.place)
      return nil
    }
    place = node.place
    self.entries = entries
    self.what = what
    self.log = log
  }

  var keys: [String] { entries.map(\.key) }

  /// The value of a key that may be missing; a key with nothing behind it is a mistake.
  mutating func optional(_ key: String) -> Node? {
    guard let node = raw(key) else { return nil }
    if node.isNothing {
      log.error("'\(key)' has no value", at: node.place, suggestion: "leave the key out")
      return nil
    }
    return node
  }

  mutating func required(_ key: String) -> Node? {
    guard let node = raw(key) else {
      log.error("\(what) needs the key '\(key)'", at: place)
      return nil
    }
    if node.isNothing {
      log.error("'\(key)' has no value", at: node.place)
      return nil
    }
    return node
  }

  /// The value of a key as it stands, nothing included.
  mutating func raw(_ key: String) -> Node? {
    asked.append(key)
    return entries.first { $0.key == key }?.value
  }

  func place(ofKey key: String) -> Place {
    entries.first { $0.key == key }?.keyPlace ?? place
  }

  /// Reports the keys that nobody asked for.
  func finish() {
    for entry in entries where !asked.contains(entry.key) {
      log.unknown("key", entry.key, at: entry.keyPlace, among: asked)
    }
  }
}

extension MappingReader {
  mutating func text(_ key: String) -> String? {
    required(key).flatMap { nonEmptyText($0, key, log) }
  }

  mutating func optionalText(_ key: String) -> String? {
    optional(key).flatMap { nonEmptyText($0, key, log) }
  }

  /// A list of texts; nil if the key is missing or something in it is wrong.
  mutating func texts(_ key: String) -> [String]? {
    required(key).flatMap { textsOf($0, key, log)?.map(\.text) }
  }

  mutating func optionalTexts(_ key: String) -> [String]? {
    optional(key).flatMap { textsOf($0, key, log)?.map(\.text) }
  }

  mutating func integer(_ key: String) -> Int? {
    required(key).flatMap { integerOf($0, key, log) }
  }

  mutating func localized(_ key: String) -> Localized? {
    required(key).flatMap { localizedOf($0, "'\(key)'", log) }
  }

  /// A word of a closed set.
  mutating func choice<T: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: T.Type
  ) -> T? {
    required(key).flatMap { choiceOf($0, key, log) }
  }

  mutating func optionalChoice<T: RawRepresentable<String> & CaseIterable>(
    _ key: String, _ type: T.Type
  ) -> T? {
    optional(key).flatMap { choiceOf($0, key, log) }
  }

  mutating func optionalFlag(_ key: String) -> Bool? {
    guard let node = optional(key) else { return nil }
    switch node.text {
    case "true": return true
    case "false": return false
    default:
      log.error("'\(key)' must be true or false", at: node.place)
      return nil
    }
  }

  mutating func optionalInstant(_ key: String) -> Instant? {
    guard let node = optional(key) else { return nil }
    guard let instant = node.text.flatMap({ Instant($0) }) else {
      log.error("'\(key)' must be a time such as 2026-11-24T08:00:00Z", at: node.place)
      return nil
    }
    return instant
  }

  mutating func optionalLevel(_ key: String) -> SecurityLevel? {
    optional(key).flatMap { levelOf($0, log) }
  }
}

func nonEmptyText(_ node: Node, _ key: String, _ log: DiagnosticLog) -> String? {
  guard let text = node.text else {
    log.error("'\(key)' must be a text, not \(node.kind)", at: node.place)
    return nil
  }
  guard text.utf8.contains(where: { $0 > 0x20 }) else {
    log.error("'\(key)' is empty", at: node.place)
    return nil
  }
  return text
}

/// A list of texts with the place of each.
func textsOf(
  _ node: Node, _ key: String, _ log: DiagnosticLog
) -> [(text: String, place: Place)]? {
  guard let items = node.items else {
    log.error("'\(key)' must be a list, not \(node.kind)", at: node.place)
    return nil
  }
  var texts: [(text: String, place: Place)] = []
  for item in items {
    guard let text = item.text, !item.isNothing else {
      log.error("'\(key)' must be a list of texts; this is \(item.kind)", at: item.place)
      continue
    }
    if texts.contains(where: { $0.text == text }) {
      log.error("'\(text)' stands twice in '\(key)'", at: item.place)
    }
    texts.append((text, item.place))
  }
  return texts.count == items.count ? texts : nil
}

func integerOf(_ node: Node, _ key: String, _ log: DiagnosticLog) -> Int? {
  guard let number = node.text.flatMap({ Int($0) }) else {
    log.error("'\(key)' must be a whole number", at: node.place)
    return nil
  }
  return number
}

/// A text in every language.
func localizedOf(_ node: Node, _ what: String, _ log: DiagnosticLog) -> Localized? {
  guard var reader = MappingReader(node, what, log) else { return nil }
  let en = reader.text("en")
  let de = reader.text("de")
  reader.finish()
  guard let en, let de else { return nil }
  return Localized(en: en, de: de)
}

func choiceOf<T: RawRepresentable<String> & CaseIterable>(
  _ node: Node, _ key: String, _ log: DiagnosticLog
) -> T? {
  let known = T.allCases.map(\.rawValue)
  guard let text = node.text else {
    log.error("'\(key)' must be one of \(known.joined(separator: ", "))", at: node.place)
    return nil
  }
  guard let value = T(rawValue: text) else {
    log.error(
      "'\(text)' is not one of \(known.joined(separator: ", "))", at: node.place,
      suggestion: didYouMean(text, among: known))
    return nil
  }
  return value
}

/// `SL2` or `2`.
func levelOf(_ node: Node, _ log: DiagnosticLog) -> SecurityLevel? {
  if let text = node.text {
    if let level = SecurityLevel(text) { return level }
    if text.utf8.count == 1, let number = Int(text), let level = SecurityLevel(rawValue: number) {
      return level
    }
  }
  log.error("a security level is SL0 to SL4", at: node.place)
  return nil
}

/// `ssh-root-login-disabled`: lower-case words and digits with single hyphens between.
func isKebabCase(_ text: String) -> Bool {
  !text.isEmpty
    && text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }
}
