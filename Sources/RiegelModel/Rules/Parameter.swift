/// A value that an owner may set: how long a password must be, which sockets are approved.
package struct Parameter: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case int, string, list, bool, duration, mode, version
  }

  package var name: String
  package var kind: Kind
  /// In words of the field: `days`, `characters`; nil where the kind says it.
  package var unit: String?
  /// The smallest and the largest value that make sense, for `int` and `duration` (seconds).
  package var range: ClosedRange<Int>?
  /// The only texts allowed, for `string` and the items of a `list`; empty means any.
  package var values: [String]
  package var standard: Literal
  /// Values for single security levels; a level without one has the default.
  package var byLevel: [SecurityLevel: Literal]
  package var doc: Localized?

  package init(
    name: String, kind: Kind, unit: String? = nil, range: ClosedRange<Int>? = nil,
    values: [String] = [], standard: Literal, byLevel: [SecurityLevel: Literal] = [:],
    doc: Localized? = nil
  ) {
    self.name = name
    self.kind = kind
    self.unit = unit
    self.range = range
    self.values = values
    self.standard = standard
    self.byLevel = byLevel
    self.doc = doc
  }

  package func value(at level: SecurityLevel) -> Literal { byLevel[level] ?? standard }

  /// What is wrong with a value for this parameter, in words for its author; nil if it fits.
  package func problem(with value: Literal) -> String? {
    switch kind {
    case .list:
      guard case .list(let items) = value else { return "must be a list" }
      guard !values.isEmpty else { return nil }
      for case .text(let text) in items where !values.contains(text) {
        return "'\(text)' is not one of \(values.joined(separator: ", "))"
      }
      return nil
    default:
      guard case .text(let text) = value else { return "must be a single value" }
      return problem(withText: text)
    }
  }

  private func problem(withText text: String) -> String? {
    switch kind {
    case .int:
      guard let number = Int(text) else { return "'\(text)' is not a whole number" }
      return outOfRange(number, text)
    case .duration:
      guard let seconds = DurationText.parse(text) else {
        return "'\(text)' is not a duration such as 15m, 90d or 3600"
      }
      return outOfRange(seconds, text)
    case .bool:
      return text == "true" || text == "false" ? nil : "must be true or false, not '\(text)'"
    case .mode:
      return UInt16(text, radix: 8).map { $0 <= 0o7777 } == true
        ? nil : "'\(text)' is not an octal mode such as 0640"
    case .version:
      return DebianVersion(text) == nil ? "'\(text)' is not a version" : nil
    case .string, .list:
      return values.isEmpty || values.contains(text)
        ? nil : "'\(text)' is not one of \(values.joined(separator: ", "))"
    }
  }

  private func outOfRange(_ number: Int, _ text: String) -> String? {
    guard let range, !range.contains(number) else { return nil }
    return "\(text) is outside \(range.lowerBound)…\(range.upperBound)"
  }
}

/// The parameter values in force for one rule, with who set each.
package struct Arguments: Sendable, Hashable {
  /// In rising order of precedence.
  package enum Source: Sendable, Hashable {
    case rule
    /// The value that the profile's target level picked.
    case level(SecurityLevel)
    case profile(String)
    case site(String)
    case host(String)
    case commandLine
  }

  package struct Argument: Sendable, Hashable {
    package var value: Literal
    package var source: Source
    package init(_ value: Literal, _ source: Source) {
      self.value = value
      self.source = source
    }
  }

  package var byName: [String: Argument]

  package init(_ byName: [String: Argument] = [:]) { self.byName = byName }

  package subscript(name: String) -> Literal? { byName[name]?.value }

  /// The same arguments with the value that each parameter has at a level, where it has one.
  package func at(_ level: SecurityLevel, of parameters: [Parameter]) -> Arguments {
    var copy = self
    for parameter in parameters where !parameter.byLevel.isEmpty {
      copy.byName[parameter.name] = Argument(parameter.value(at: level), .level(level))
    }
    return copy
  }
}
