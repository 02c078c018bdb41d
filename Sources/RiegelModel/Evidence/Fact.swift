import SystemPackage

/// One thing observed, with where it comes from and what it overrides.
package struct Fact: Sendable, Hashable {
  /// The four states that the field's tools confuse; "empty" is a `known` value that is empty.
  package enum Content: Sendable, Hashable {
    case known(Value)
    /// Looked, and it is not there.
    case absent
    /// Could not look.
    case unknown(TargetError)
  }

  /// A setting that would have applied, had not another one come first or last.
  package struct Overridden: Sendable, Hashable {
    package var value: String
    package var origin: Origin
    package init(_ value: String, _ origin: Origin) {
      self.value = value
      self.origin = origin
    }
  }

  package var content: Content
  package var origin: Origin?
  package var overrides: [Overridden]

  package init(_ content: Content, from origin: Origin?, overriding overrides: [Overridden] = []) {
    self.content = content
    self.origin = origin
    self.overrides = overrides
  }

  package static func text(_ value: String, _ origin: Origin? = nil) -> Fact {
    Fact(.known(.text(value)), from: origin)
  }
  package static func number(_ value: Int, _ origin: Origin? = nil) -> Fact {
    Fact(.known(.number(value)), from: origin)
  }
  package static func flag(_ value: Bool, _ origin: Origin? = nil) -> Fact {
    Fact(.known(.flag(value)), from: origin)
  }
  package static func list(_ value: [String], _ origin: Origin? = nil) -> Fact {
    Fact(.known(.list(value)), from: origin)
  }
  package static func known(_ value: Value, _ origin: Origin? = nil) -> Fact {
    Fact(.known(value), from: origin)
  }
  package static func absent(_ origin: Origin? = nil) -> Fact { Fact(.absent, from: origin) }
  package static func unknown(_ error: TargetError) -> Fact {
    Fact(.unknown(error), from: nil)
  }

  /// The content as a comparison may see it: what was taken out of a snapshot is not known.
  package var visible: Content {
    if case .known(let value) = content, value.isRedacted {
      return .unknown(.notCollected(origin?.path ?? "/"))
    }
    return content
  }

  /// The value, if it is known.
  package var value: Value? {
    if case .known(let value) = content { value } else { nil }
  }
}
