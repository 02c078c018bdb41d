/// What has to hold: assertions and their combinations.
package indirect enum Check: Sendable, Hashable {
  case assertion(Assertion)
  case all([Check])
  case any([Check])
  /// None of them holds.
  case none([Check])
  case not(Check)
  /// A person has to look; the text says at what.
  case manual(Localized)

  /// Every assertion in it, in the order of the text.
  package var assertions: [Assertion] {
    switch self {
    case .assertion(let assertion): [assertion]
    case .all(let checks), .any(let checks), .none(let checks): checks.flatMap(\.assertions)
    case .not(let check): check.assertions
    case .manual: []
    }
  }
}

/// One probe, its subject, and one thing said about its rows.
package struct Assertion: Sendable, Hashable {
  /// Who is asked.
  package enum Source: Sendable, Hashable {
    /// A probe by its name in the registry.
    case probe(String)
    /// The value of one of the rule's own parameters.
    case parameter(String)
    /// A property that the site states of this host, such as `essential-function`.
    case site(String)
  }

  package struct Argument: Sendable, Hashable {
    /// nil for the subject.
    package var key: String?
    package var value: Literal
    package var place: Place
    package init(_ key: String?, _ value: Literal, at place: Place) {
      self.key = key
      self.value = value
      self.place = place
    }
  }

  package enum Quantifier: Sendable, Hashable {
    /// Every row satisfies it, and there is at least one row.
    case every(Matcher)
    case some(Matcher)
    /// No row satisfies it; without a matcher, there is no row.
    case none(Matcher?)
    /// The number of rows.
    case count(Matcher)
    /// Every row is covered by an entry of this list.
    case allow(Literal)
    /// There is a row; only in `when`, where it is what a bare probe means.
    case present
  }

  /// What it means that `expect` finds no row.
  package enum Missing: String, Sendable, Hashable, CaseIterable {
    case fail, pass
    /// The program's own default counts; unknown defaults leave the verdict undecided.
    case standard = "default"
  }

  package var source: Source
  package var arguments: [Argument]
  package var filter: Matcher?
  package var quantifier: Quantifier
  /// nil where the rule does not say: a row that shows a built-in default is judged, no row fails.
  package var missing: Missing?
  package var place: Place

  package init(
    source: Source, arguments: [Argument] = [], filter: Matcher? = nil, quantifier: Quantifier,
    missing: Missing? = nil, place: Place
  ) {
    self.source = source
    self.arguments = arguments
    self.filter = filter
    self.quantifier = quantifier
    self.missing = missing
    self.place = place
  }
}
