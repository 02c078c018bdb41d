package import RiegelModel

/// A check made ready for one set of parameter values: probes built, operands read.
indirect enum PreparedCheck: Sendable {
  case ask(PreparedAssertion)
  case all([PreparedCheck])
  case any([PreparedCheck])
  case none([PreparedCheck])
  case not(PreparedCheck)
  case manual(Localized)
}

/// An assertion whose question stands in the plan.
struct PreparedAssertion: Sendable {
  enum Quantifier: Sendable {
    case every(Condition)
    case some(Condition)
    case none(Condition?)
    case count(Condition)
    case allow([AllowEntry])
    case present
  }

  /// Index of the question in the plan.
  var question: Int
  var filter: Condition?
  var quantifier: Quantifier
  var missing: Assertion.Missing?
  /// The probe's first field, which stands for a row in evidence.
  var mainField: Field?
  /// What is looked for, in the words of rules: `service chrony.service`.
  var wanted: String
}

/// Something asked of the host once, whatever number of assertions want the answer.
package struct Question: Sendable {
  enum Source: Sendable {
    case probe(any Probe)
    /// Answered from the shared walk, which keeps only the rows that this assertion needs.
    case walk(any WalkingProbe, EntrySorter)
    /// A parameter's value or a property of the site: known without looking at the host. nil where
    /// it is asked whether there is such a thing, and there is not.
    case given(Row?)
  }

  /// Equal questions have equal keys: probe, its keys and their values.
  package var key: String
  var source: Source
}

/// An entry of an allow list: what it covers, each field with a condition.
struct AllowEntry: Sendable {
  /// As the author wrote it.
  var text: String
  var condition: Condition
}

extension AllowEntry {
  /// Fields by name, a bare text for the probe's first field. Texts are shell patterns, numbers may
  /// be ranges (`8000-8100`), `reason` is for the reader.
  init(_ literal: Literal, fields: [Field]) throws(AllowEntryError) {
    var clauses: [Condition.Clause] = []
    switch literal {
    case .text(let text):
      guard let field = fields.first else {
        throw AllowEntryError(problem: "the probe has no field")
      }
      clauses.append(try AllowEntry.clause(field, text))
    case .list: throw AllowEntryError(problem: "an entry is a text or a mapping, not a list")
    case .mapping(let pairs):
      for pair in pairs where pair.key != "reason" {
        guard let field = fields.first(where: { $0.name == pair.key }) else {
          throw AllowEntryError(
            problem: "unknown field '\(pair.key)' in an entry",
            suggestion: closest(to: pair.key, among: fields.map(\.name) + ["reason"]))
        }
        guard case .text(let text) = pair.value else {
          throw AllowEntryError(problem: "'\(pair.key)' in an entry takes one value")
        }
        clauses.append(try AllowEntry.clause(field, text))
      }
      if clauses.isEmpty {
        throw AllowEntryError(problem: "an entry without a field covers everything")
      }
    }
    self.init(text: literal.description, condition: Condition(clauses))
  }

  private static func clause(
    _ field: Field, _ text: String
  ) throws(AllowEntryError) -> Condition.Clause {
    switch field.kind {
    case .number:
      let parts = text.split(separator: "-").map(String.init)
      let bounds = parts.compactMap(Double.init)
      guard bounds.count == parts.count, (1...2).contains(bounds.count) else {
        throw AllowEntryError(problem: "'\(text)' is no number or range such as 8000-8100")
      }
      return .init(
        field: field, comparison: .between,
        test: .quantities([bounds[0], bounds[bounds.count - 1]]),
        operand: text)
    case .text, .choice, .list:
      let place = Network(text).map(Condition.Location.network) ?? .glob(Glob(text))
      return .init(field: field, comparison: .within, test: .places([place]), operand: text)
    case .flag, .mode, .duration, .instant, .version:
      let matcher = Matcher([
        .init(field: field.name, .equals, .text(text), at: Place(file: ""))
      ])
      do {
        return try Condition(matcher, fields: [field], arguments: Arguments()).clauses[0]
      } catch {
        throw AllowEntryError(problem: error.problem, suggestion: error.suggestion)
      }
    }
  }
}

/// What is wrong with an entry of an allow list.
struct AllowEntryError: Error {
  var problem: String
  var suggestion: String?
}
