import RiegelModel

/// Longer titles break the tables that people read.
private let longestTitle = 100

/// Titles state a condition and are no sentences; rationales are sentences; a German text that is
/// the English one was forgotten.
@Sendable func lintTexts(_ content: Content) -> [Diagnostic] {
  content.library.rules.flatMap { rule in
    titleProblems(rule, content) + rationaleProblems(rule, content)
      + [
        ("title", rule.title), ("rationale", rule.rationale),
        ("remediation", rule.remediation.text),
      ]
      .compactMap { key, text in
        text.en == text.de
          ? Diagnostic(
            .warning, "the German text is the English one",
            at: content.place(of: key, "de", in: rule))
          : nil
      }
  }
}

private func titleProblems(_ rule: Rule, _ content: Content) -> [Diagnostic] {
  Language.allCases.flatMap { language -> [Diagnostic] in
    let title = rule.title[language]
    let place = content.place(of: "title", language.rawValue, in: rule)
    var problems: [String] = []
    if title.hasSuffix(".") { problems.append("a title states a condition and has no full stop") }
    if title.first?.isWhitespace == true || title.last?.isWhitespace == true {
      problems.append("blanks around the title")
    }
    if title.count > longestTitle {
      problems.append("a title of \(title.count) characters; \(longestTitle) are enough")
    }
    return problems.map { Diagnostic(.warning, $0, at: place) }
  }
}

private func rationaleProblems(_ rule: Rule, _ content: Content) -> [Diagnostic] {
  Language.allCases.compactMap { language in
    let text = rule.rationale[language]
    // A block scalar ends with the end of its last line.
    guard let last = text.last(where: { !$0.isWhitespace }), last != "." else { return nil }
    return Diagnostic(
      .warning, "a rationale is a sentence with a full stop",
      at: content.place(of: "rationale", language.rawValue, in: rule))
  }
}
