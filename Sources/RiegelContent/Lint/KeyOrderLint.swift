import RiegelModel

/// Keys stand in the order of DESIGN.md §3, so that a reader finds them without searching.
@Sendable func lintKeyOrder(_ content: Content) -> [Diagnostic] {
  let rules = content.ruleDocuments.values.flatMap { rule -> [Diagnostic] in
    let parameters = (rule["parameters"]?.entries ?? []).map { ($0.value, parameterKeys) }
    let examples = (rule["examples"]?.items ?? []).map { ($0, exampleKeys) }
    return ([(rule, ruleKeys)] + parameters + examples).compactMap(disorder)
  }
  return rules + content.profileDocuments.values.compactMap { disorder($0, profileKeys) }
}

/// The first key that stands after one that belongs behind it.
private func disorder(_ node: Node, _ order: [String]) -> Diagnostic? {
  var last = (rank: -1, key: "")
  for entry in node.entries ?? [] {
    guard let rank = order.firstIndex(of: entry.key) else { continue }
    if rank < last.rank {
      return Diagnostic(
        .warning, "'\(entry.key)' belongs before '\(last.key)'", at: entry.keyPlace)
    }
    last = (rank, entry.key)
  }
  return nil
}
