package import RiegelModel

/// Something that content may say and should not. A new lint is a file of its own and a line here.
private let lints: [@Sendable (Content) -> [Diagnostic]] = [
  lintTexts,
  lintRisks,
  lintUnusedParameters,
  lintLevelGaps,
  lintExamples,
  lintKeyOrder,
  lintSelectors,
  lintCommands,
  lintStatements,
]

/// Everything that is not wrong but should be better, in order of places.
package func lint(_ content: Content) -> [Diagnostic] {
  (content.warnings + lints.flatMap { $0(content) }).inOrder
}

extension Content {
  /// Where a key of a rule's document has its value, or the rule itself.
  func place(of keys: String..., in rule: Rule) -> Place {
    var node = ruleDocuments[rule.id]
    for key in keys {
      guard let next = node?[key] else { break }
      node = next
    }
    return node?.place ?? rule.place
  }
}
