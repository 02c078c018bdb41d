package import RiegelModel

/// Collects what is wrong while files are read.
///
/// A class because every part of a reader adds to the same log, and reading goes on after each entry.
package final class DiagnosticLog {
  package private(set) var diagnostics: [Diagnostic] = []

  package init() {}

  package var hasErrors: Bool { diagnostics.contains { $0.level == .error } }

  func error(_ summary: String, at place: Place, suggestion: String? = nil) {
    diagnostics.append(Diagnostic(.error, summary, at: place, suggestion: suggestion))
  }

  func warn(_ summary: String, at place: Place, suggestion: String? = nil) {
    diagnostics.append(Diagnostic(.warning, summary, at: place, suggestion: suggestion))
  }

  /// A word that is none of those known, with the closest of them.
  func unknown(
    _ what: String, _ word: String, at place: Place, among known: some Sequence<String>
  ) {
    error("unknown \(what) '\(word)'", at: place, suggestion: didYouMean(word, among: known))
  }

  func add(_ more: [Diagnostic]) { diagnostics += more }
}

/// `did you mean 'title'?`
func didYouMean(_ word: String, among known: some Sequence<String>) -> String? {
  closest(to: word, among: known).map { "did you mean '\($0)'?" }
}

extension [Diagnostic] {
  /// In order of files, lines and columns, as a person works through them.
  package var inOrder: [Diagnostic] {
    sorted {
      ($0.place.file, $0.place.line, $0.place.column, $0.summary)
        < ($1.place.file, $1.place.line, $1.place.column, $1.summary)
    }
  }
}
