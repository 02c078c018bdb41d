/// A field of a probe's rows: its name in rules, its type, and what it means.
///
/// From this declaration follow the reading of operands, "did you mean", the JSON Schema, the
/// reference page and the lint.
package struct Field: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case text, number, flag, list, mode, duration, instant, version
    /// Text from a closed set, so that a typo in a rule is found.
    case choice([String])
  }

  package var name: String
  package var kind: Kind
  /// A full sentence or noun phrase with unit; may use Markdown code spans.
  package var doc: String

  package init(_ name: String, _ kind: Kind, _ doc: String) {
    self.name = name
    self.kind = kind
    self.doc = doc
  }

  package static func text(_ name: String, _ doc: String) -> Field { Field(name, .text, doc) }
  package static func number(_ name: String, _ doc: String) -> Field { Field(name, .number, doc) }
  package static func flag(_ name: String, _ doc: String) -> Field { Field(name, .flag, doc) }
  package static func list(_ name: String, _ doc: String) -> Field { Field(name, .list, doc) }
  package static func mode(_ name: String, _ doc: String) -> Field { Field(name, .mode, doc) }
  package static func duration(_ name: String, _ doc: String) -> Field {
    Field(name, .duration, doc)
  }
  package static func instant(_ name: String, _ doc: String) -> Field { Field(name, .instant, doc) }
  package static func version(_ name: String, _ doc: String) -> Field { Field(name, .version, doc) }
  package static func choice(_ name: String, _ among: [String], _ doc: String) -> Field {
    Field(name, .choice(among), doc)
  }
}
