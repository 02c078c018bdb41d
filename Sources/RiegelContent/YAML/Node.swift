package import RiegelModel

/// A piece of YAML with the place where it stands; scalars keep their text.
package struct Node: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case scalar(String, Style)
    case sequence([Node])
    case mapping([Entry])
  }

  /// How a scalar is written: `no` and `"no"` have the same text, but only one can be a slip.
  package enum Style: Sendable, Hashable {
    case plain, quoted, block
  }

  package struct Entry: Sendable, Hashable {
    package var key: String
    package var keyPlace: Place
    package var value: Node
    package init(key: String, keyPlace: Place, value: Node) {
      self.key = key
      self.keyPlace = keyPlace
      self.value = value
    }
  }

  package var content: Content
  package var place: Place

  package init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }

  /// The text of a scalar.
  package var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  package var items: [Node]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  package var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  package subscript(key: String) -> Node? {
    entries?.first { $0.key == key }?.value
  }

  /// A key with nothing behind it; `""` is an empty text and something else.
  package var isNothing: Bool { content == .scalar("", .plain) }

  /// In words for a diagnostic.
  package var kind: String {
    switch content {
    case .scalar: isNothing ? "nothing" : "a text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// The value as matchers and parameters hold it.
  package var literal: Literal {
    switch content {
    case .scalar(let text, _): .text(text)
    case .sequence(let items): .list(items.map(\.literal))
    case .mapping(let entries):
      .mapping(entries.map { Literal.Entry($0.key, $0.value.literal) })
    }
  }
}
