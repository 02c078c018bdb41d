import RiegelModel

/// A selector that selects no rule is a slip, or a promise that no rule keeps.
@Sendable func lintSelectors(_ content: Content) -> [Diagnostic] {
  let library = content.library
  let levels = Dictionary(library.security.requirements.map { ($0.id, $0.level) }) { a, _ in a }
  return library.profiles.flatMap { profile -> [Diagnostic] in
    [("select", profile.selects), ("exclude", profile.excludes)].flatMap { key, selectors in
      zip(selectors, selectors.indices).compactMap { selector, index in
        let covered = library.rules.contains {
          selector.covers($0, measures: library.measures, levels: levels)
        }
        if covered { return nil }
        return Diagnostic(
          .warning, "selects no rule",
          at: content.profileDocuments.place(ofSelector: index, under: key, in: profile))
      }
    }
  }
}
