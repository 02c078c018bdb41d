/// What is wrong with something an author wrote, where, and what to write instead.
///
/// Diagnostics are collected and shown together; reading goes on after one as far as it makes
/// sense, so that a file with five mistakes is mended in one round.
package struct Diagnostic: Sendable, Hashable {
  package enum Level: String, Sendable, Hashable {
    case note, warning, error
  }

  package var level: Level
  /// One sentence without a full stop: `unknown key 'tittle'`.
  package var summary: String
  package var place: Place
  /// The next step: `did you mean 'title'?`
  package var suggestion: String?

  package init(
    _ level: Level = .error, _ summary: String, at place: Place, suggestion: String? = nil
  ) {
    self.level = level
    self.summary = summary
    self.place = place
    self.suggestion = suggestion
  }
}

/// Content that cannot be used, with everything that is wrong with it (exit status 65).
package struct ContentError: Error, Sendable {
  package var diagnostics: [Diagnostic]
  package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
