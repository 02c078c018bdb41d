import RiegelModel

/// What is to contradict a statement has to be a topic or a rule; a slip would let every statement
/// stand.
@Sendable func lintStatements(_ content: Content) -> [Diagnostic] {
  let library = content.library
  return library.measures.measures.flatMap(\.statements).flatMap { statement in
    statement.contradictedBy.filter { name in
      library.measures.topic(name) == nil
        && !library.rules.contains { Glob(name).matches(text: $0.id) }
    }.map { name in
      Diagnostic(
        .warning, "'\(statement.id)' is contradicted by '\(name)', neither a topic nor a rule",
        at: library.measures.place,
        suggestion: didYouMean(name, among: library.rules.map(\.id)))
    }
  }
}
