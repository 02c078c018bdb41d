/// What an author says about a row: comparisons of its one value, or matchers by field.
package struct Matcher: Sendable, Hashable {
  package struct Clause: Sendable, Hashable {
    /// nil for the row's one value, the probe's first field.
    package var field: String?
    package var comparison: Comparison
    package var operand: Literal
    package var place: Place

    package init(
      field: String?, _ comparison: Comparison, _ operand: Literal, at place: Place
    ) {
      self.field = field
      self.comparison = comparison
      self.operand = operand
      self.place = place
    }
  }

  /// All of them have to hold; a matcher without clauses cannot be written.
  package var clauses: [Clause]

  package init(_ clauses: [Clause]) { self.clauses = clauses }
}
