/// A word of the matcher language.
///
/// A comparison with an absent value is false, except `absent` itself and the negative words, which
/// say what a value is not. An unknown value leaves every comparison undecided.
package enum Comparison: String, Sendable, Hashable, CaseIterable {
  case equals
  case notEquals = "not-equals"
  case oneOf = "one-of"
  case notOneOf = "not-one-of"
  case atLeast = "at-least"
  case atMost = "at-most"
  case between
  case matches
  case notMatches = "not-matches"
  case contains
  case lacks
  case containsAll = "contains-all"
  case subsetOf = "subset-of"
  case modeAtMost = "mode-at-most"
  case hasBits = "has-bits"
  case lacksBits = "lacks-bits"
  case versionAtLeast = "version-at-least"
  case versionBelow = "version-below"
  case youngerThan = "younger-than"
  case olderThan = "older-than"
  case within
  case notWithin = "not-within"
  case exists
  case absent

  /// Whether the comparison says what a value is not, and so holds where there is none.
  package var isNegative: Bool {
    switch self {
    case .notEquals, .notOneOf, .notMatches, .lacks, .lacksBits, .notWithin, .absent: true
    default: false
    }
  }

  /// What the word means, for the reference page and the schema.
  package var doc: String {
    switch self {
    case .equals: "Is this value; lists are equal in the same order."
    case .notEquals: "Is not this value."
    case .oneOf: "Is one of these values."
    case .notOneOf: "Is none of these values."
    case .atLeast: "Is a number or duration of at least this much."
    case .atMost: "Is a number or duration of at most this much."
    case .between: "Is a number or duration between these two, both included."
    case .matches: "Contains a match of this PCRE2 pattern; anchor it with `^` and `$`."
    case .notMatches: "Contains no match of this PCRE2 pattern."
    case .contains: "A list holds this item; a text holds this part."
    case .lacks: "A list does not hold this item (or any of several); a text not this part."
    case .containsAll: "A list holds all of these items."
    case .subsetOf: "A list holds nothing but these items."
    case .modeAtMost: "Grants no permission bit that this octal mode does not grant."
    case .hasBits: "Has all bits of this octal mode."
    case .lacksBits: "Has none of the bits of this octal mode."
    case .versionAtLeast: "Is this version or later, as deb-version(7) orders them."
    case .versionBelow: "Is before this version, as deb-version(7) orders them."
    case .youngerThan: "Is a time less than this duration before the audit."
    case .olderThan: "Is a time more than this duration before the audit."
    case .within:
      "Lies in one of these networks (`10.0.0.0/8`) or folders (`/srv/**`), or matches one of"
        + " these shell patterns (`LC_*`); of a list, every item does."
    case .notWithin: "Lies in none of these networks or folders and matches none of the patterns."
    case .exists: "Has a value (`true`) or has none (`false`)."
    case .absent: "Has no value (`true`) or has one (`false`)."
    }
  }
}
