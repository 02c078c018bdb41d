package import RiegelModel

/// The reference page of a probe, in Markdown, from its declaration.
package func referencePage(for probe: ProbeDeclaration) -> String {
  var page = "# \(probe.name)\n\n\(probe.summary)\n\n## Keys\n\n"
  page += "| key | takes | meaning |\n|---|---|---|\n"
  for key in probe.keys {
    let name = key.name ?? probe.name
    let need = key.isRequired && key.name != nil ? ", required" : ""
    page += "| `\(name)` | \(key.kind.words)\(need) | \(cell(key.doc)) |\n"
  }
  page += "\n## Fields\n\n| field | type | meaning |\n|---|---|---|\n"
  for (index, field) in probe.fields.enumerated() {
    let isFirst = index == 0 && probe.fields.count > 1
    page += "| `\(field.name)` | \(field.kind.words) | \(cell(field.doc))"
    page += isFirst ? " A matcher without a field is about this one. |\n" : " |\n"
  }
  page += "\n## Comparisons\n\n| comparison | fields | meaning |\n|---|---|---|\n"
  for comparison in Comparison.allCases {
    let fields = probe.fields.filter { comparison.fits($0.kind) }.map { "`\($0.name)`" }
    if fields.isEmpty { continue }
    let names = fields.count == probe.fields.count ? "all" : fields.joined(separator: ", ")
    page += "| `\(comparison.rawValue)` | \(names) | \(cell(comparison.doc)) |\n"
  }
  if !probe.reads.isEmpty {
    page += "\n## Reads\n\n" + probe.reads.map { "- `\($0)`\n" }.joined()
  }
  return page
}

/// A text in a cell of a table.
func cell(_ text: String) -> String {
  text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    .split(separator: "\n").joined(separator: " ")
}

extension KeyDeclaration.Kind {
  fileprivate var words: String {
    switch self {
    case .text: "a text"
    case .list: "a text or a list of texts"
    case .flag: "`true` or `false`"
    case .number: "a whole number"
    case .choice(let among): among.map { "`\($0)`" }.joined(separator: ", ")
    }
  }
}

extension Field.Kind {
  fileprivate var words: String {
    switch self {
    case .text: "text"
    case .number: "number"
    case .flag: "`true` or `false`"
    case .list: "list of texts"
    case .mode: "octal mode"
    case .duration: "duration"
    case .instant: "time"
    case .version: "version"
    case .choice(let among): among.map { "`\($0)`" }.joined(separator: ", ")
    }
  }
}

extension Comparison {
  /// Whether the word can be about a field of this kind, as `Condition` reads operands.
  fileprivate func fits(_ kind: Field.Kind) -> Bool {
    switch self {
    case .oneOf, .notOneOf: kind != .list
    case .containsAll, .subsetOf: kind == .list
    case .contains, .lacks: kind == .list || kind == .text
    case .atLeast, .atMost, .between: kind == .number || kind == .duration || kind == .text
    case .modeAtMost, .hasBits, .lacksBits: kind == .mode || kind == .text
    case .versionAtLeast, .versionBelow: kind == .version || kind == .text
    case .youngerThan, .olderThan: kind == .instant
    case .matches, .notMatches, .within, .notWithin:
      switch kind {
      case .text, .list, .choice: true
      default: false
      }
    case .equals, .notEquals, .exists, .absent: true
    }
  }
}
