import RiegelModel

/// What evidence expects, from the words of the matcher language into words for people.
///
/// Evidence says `one-of [no]` or `count at-most 3`, the same in every language. Words in front of
/// a comparison (`not`, `some`, `none`, `every`, `count`, `allow`) may be nested; text that is not
/// of the language is shown as it stands.
struct ExpectedText {
  let phrases: any Phrases

  /// Whether the words say something of a row rather than of the field that stands for it.
  static func isAboutWholeRow(_ expected: String) -> Bool {
    let (word, rest) = split(expected)
    if word == "not" { return isAboutWholeRow(rest) }
    return ["none", "counted", "allowed", "allow", "some"].contains(word)
  }

  func render(of row: Evidence) -> String {
    let text = render(row.expected)
    return row.subject.isEmpty && row.field == "count"
      ? phrases.expectedCount(text) : text
  }

  func render(_ expected: String) -> String {
    let (word, rest) = ExpectedText.split(expected)
    if let comparison = Comparison(rawValue: word) { return render(comparison, rest) }
    switch (word, rest.isEmpty) {
    case ("none", true): return phrases.expectedNoEntry
    case ("none", false):
      return phrases.expectedNone(rest.hasPrefix("with ") ? clauses(rest) : render(rest))
    case ("counted", true): return phrases.expectedCounted
    case ("allowed", true): return phrases.expectedAllowed
    case ("not", false): return phrases.expectedNot(render(rest))
    case ("some", false): return phrases.expectedSome(render(rest))
    case ("every", false): return phrases.expectedEvery(render(rest))
    case ("count", false): return phrases.expectedCount(render(rest))
    case ("allow", _): return phrases.expectedApproved(ExpectedText.list(rest, phrases))
    case ("present", true): return phrases.expectation(.exists, "")
    default: return expected
    }
  }

  /// `with mode has-bits 0002, type equals file`, each clause after the name of its field.
  private func clauses(_ text: String) -> String {
    var clauses = [""]
    var depth = 0
    for character in text.dropFirst("with ".count) {
      if "[{".contains(character) { depth += 1 }
      if "]}".contains(character) { depth -= 1 }
      if character == ",", depth <= 0 {
        clauses.append("")
      } else if character != " " || clauses.last?.isEmpty == false {
        clauses[clauses.count - 1].append(character)
      }
    }
    return clauses.map { clause in
      let (field, expected) = ExpectedText.split(clause)
      return field == "value" ? render(expected) : "\(field): \(render(expected))"
    }.joined(separator: "; ")
  }

  func render(_ comparison: Comparison, _ operand: String) -> String {
    switch comparison {
    case .exists where operand == "false": return phrases.expectation(.absent, "")
    case .absent where operand == "false": return phrases.expectation(.exists, "")
    case .between:
      let bounds = ExpectedText.items(operand)
      guard bounds.count == 2 else { break }
      return phrases.expectation(.between, "\(bounds[0]) \(phrases.and) \(bounds[1])")
    case .youngerThan, .olderThan:
      guard let seconds = DurationText.parse(operand) else { break }
      return phrases.expectation(comparison, phrases.duration(seconds))
    case .equals:
      // "exactly no" and "genau yes" read oddly; a value that stands alone says it.
      return operand.isEmpty ? "\"\" (\(phrases.emptyText))" : operand
    default: break
    }
    return phrases.expectation(comparison, ExpectedText.list(operand, phrases))
  }

  /// A literal as evidence shows it, without the brackets of YAML.
  private static func list(_ operand: String, _ phrases: any Phrases) -> String {
    guard operand.hasPrefix("["), operand.hasSuffix("]") else {
      return operand.isEmpty ? phrases.listEmpty : operand
    }
    let inner = operand.dropFirst().dropLast()
    return inner.isEmpty ? phrases.listEmpty : String(inner)
  }

  private static func items(_ operand: String) -> [String] {
    guard operand.hasPrefix("["), operand.hasSuffix("]") else { return [operand] }
    return operand.dropFirst().dropLast().split(separator: ",").map {
      String($0.drop { $0 == " " })
    }
  }

  private static func split(_ text: String) -> (String, String) {
    guard let blank = text.firstIndex(of: " ") else { return (text, "") }
    return (String(text[..<blank]), String(text[text.index(after: blank)...]))
  }
}
