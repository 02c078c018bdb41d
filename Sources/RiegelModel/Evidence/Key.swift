/// A key that an assertion may give its probe: the subject, or an option beside it.
///
/// Values arrive as texts with parameters already put in; `assign` stores them in the probe and
/// says what is wrong with a value that cannot be stored.
package struct Key<P>: Sendable {
  package var declaration: KeyDeclaration
  /// Returns nil, or what is wrong with the value in words for the author of the rule.
  package var assign: @Sendable (inout P, [String]) -> String?

  /// The value of the probe's own key: `sysctl: kernel.kptr_restrict`.
  package static func subject(
    _ path: any WritableKeyPath<P, String> & Sendable, _ doc: String
  ) -> Key {
    Key(declaration: .init(nil, .text, isRequired: true, doc)) { probe, values in
      assignOne(values) { probe[keyPath: path] = $0 }
    }
  }

  /// One or several subjects: `packages: [telnetd, rsh-server]`.
  package static func subjects(
    _ path: any WritableKeyPath<P, [String]> & Sendable, _ doc: String
  ) -> Key {
    Key(declaration: .init(nil, .list, isRequired: true, doc)) { probe, values in
      probe[keyPath: path] = values
      return nil
    }
  }

  /// For a probe that has nothing to choose; the rule writes `all`: `users: all`.
  package static func everything(_ doc: String) -> Key {
    Key(declaration: .init(nil, .choice(["all"]), isRequired: false, doc)) { _, values in
      values.isEmpty || values == ["all"] ? nil : "only 'all' can stand here"
    }
  }

  package static func option(
    _ name: String, _ path: any WritableKeyPath<P, String> & Sendable, _ doc: String,
    isRequired: Bool = false
  ) -> Key {
    Key(declaration: .init(name, .text, isRequired: isRequired, doc)) { probe, values in
      assignOne(values) { probe[keyPath: path] = $0 }
    }
  }

  package static func options(
    _ name: String, _ path: any WritableKeyPath<P, [String]> & Sendable, _ doc: String,
    isRequired: Bool = false
  ) -> Key {
    Key(declaration: .init(name, .list, isRequired: isRequired, doc)) { probe, values in
      probe[keyPath: path] = values
      return nil
    }
  }

  package static func flag(
    _ name: String, _ path: any WritableKeyPath<P, Bool> & Sendable, _ doc: String
  ) -> Key {
    Key(declaration: .init(name, .flag, isRequired: false, doc)) { probe, values in
      switch values {
      case ["true"], ["yes"]: probe[keyPath: path] = true
      case ["false"], ["no"]: probe[keyPath: path] = false
      default: return "must be true or false"
      }
      return nil
    }
  }

  package static func number(
    _ name: String, _ path: any WritableKeyPath<P, Int> & Sendable, _ doc: String
  ) -> Key {
    Key(declaration: .init(name, .number, isRequired: false, doc)) { probe, values in
      guard values.count == 1, let number = Int(values[0]) else { return "must be a whole number" }
      probe[keyPath: path] = number
      return nil
    }
  }

  /// A text from a closed set; the property's initial value is the default.
  package static func choice(
    _ name: String?, _ path: any WritableKeyPath<P, String> & Sendable, among: [String],
    _ doc: String
  ) -> Key {
    Key(declaration: .init(name, .choice(among), isRequired: name == nil, doc)) { probe, values in
      guard values.count == 1, among.contains(values[0]) else {
        return "must be one of \(among.joined(separator: ", "))"
      }
      probe[keyPath: path] = values[0]
      return nil
    }
  }

  private static func assignOne(_ values: [String], _ store: (String) -> Void) -> String? {
    guard values.count == 1 else { return "takes one value, not a list" }
    store(values[0])
    return nil
  }
}

/// What readers, the schema and the reference page need to know of a key.
package struct KeyDeclaration: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case text, list, flag, number
    case choice([String])
  }

  /// nil for the subject, which is written under the probe's own name.
  package var name: String?
  package var kind: Kind
  package var isRequired: Bool
  package var doc: String

  package init(_ name: String?, _ kind: Kind, isRequired: Bool, _ doc: String) {
    self.name = name
    self.kind = kind
    self.isRequired = isRequired
    self.doc = doc
  }
}
