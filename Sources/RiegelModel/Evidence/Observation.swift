/// One thing of the kind a probe looks at: an account, a socket, a setting in one context.
package struct Row: Sendable, Hashable {
  /// What the row is about, as a reader knows it: `alice`, `tcp 0.0.0.0:22`, `PermitRootLogin`.
  package var subject: String
  /// Facts by the names that the probe's `fields` declare; a declared field that is missing here
  /// counts as absent.
  package var facts: [String: Fact]

  package init(_ subject: String, _ facts: [String: Fact]) {
    self.subject = subject
    self.facts = facts
  }

  package subscript(_ field: String) -> Fact {
    facts[field] ?? .absent()
  }
}

/// What a probe saw of a host.
package struct Observation: Sendable, Hashable {
  package var rows: [Row]
  /// What it could not see although it had to look there. While there is a gap, "every row" and
  /// "no row" cannot be known to hold, and "some row" cannot be known to fail.
  package var gaps: [TargetError]
  /// Rows that were looked at and are known to satisfy the assertion, yet were not kept (the
  /// shared walk keeps only what matters). They count for "at least one row".
  package var satisfied: Int
  /// Remarks that the evidence shows and nobody judges, such as a file that a program ignores.
  package var notes: [Note]

  package init(
    rows: [Row] = [], gaps: [TargetError] = [], satisfied: Int = 0, notes: [Note] = []
  ) {
    self.rows = rows
    self.gaps = gaps
    self.satisfied = satisfied
    self.notes = notes
  }
}

/// A remark of a probe, shown with the evidence.
package struct Note: Sendable, Hashable {
  package var text: Localized
  package var origin: Origin?
  package init(en: String, de: String, _ origin: Origin? = nil) {
    self.text = Localized(en: en, de: de)
    self.origin = origin
  }
}
