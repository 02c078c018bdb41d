import RiegelModel

/// What is said of rules and profiles themselves.
extension English {
  var labelTopic: String { "Topic" }
  var labelSeverity: String { "Severity" }
  var labelStatus: String { "State" }
  var labelSupports: String { "Supports" }
  var labelApplies: String { "Applies if" }
  var labelCheck: String { "Check" }
  var labelParameters: String { "Settings" }
  var labelExamples: String { "Examples" }
  var labelExtends: String { "Extends" }
  var labelSelects: String { "Takes in" }
  var labelExcludes: String { "Leaves out" }
  var labelSettings: String { "Sets" }
  var labelVerdict: String { "Verdict" }
  var checkAll: String { "all of these hold:" }
  var checkAny: String { "at least one of these holds:" }
  var checkNone: String { "none of these holds:" }
  var checkNot: String { "this does not hold:" }
  var checkPerson: String { "a person looks:" }
  var quantifierEvery: String { "every entry:" }
  var quantifierSome: String { "at least one entry:" }
  var quantifierNone: String { "no entry:" }
  var quantifierNoRow: String { "no entry at all" }
  var quantifierCount: String { "number of entries:" }
  var quantifierAllow: String { "only approved entries:" }
  var quantifierPresent: String { "present" }
  var narrowing: String { "of those with" }
  func missing(_ missing: Assertion.Missing) -> String {
    switch missing {
    case .fail: "none at all counts as not met"
    case .pass: "none at all counts as met"
    case .standard: "where nothing is set, the program's default counts"
    }
  }
  var sourceParameter: String { "setting" }
  var sourceSite: String { "site" }
  func parameterKind(_ kind: Parameter.Kind) -> String {
    switch kind {
    case .int: "whole number"
    case .string: "text"
    case .list: "list"
    case .bool: "true or false"
    case .duration: "duration"
    case .mode: "octal mode"
    case .version: "package version"
    }
  }
  func parameterDefault(_ value: String) -> String { "default \(value)" }
  func parameterInForce(_ value: String, _ source: String) -> String {
    "in force: \(value), \(source)"
  }
  func parameterRange(_ low: String, _ high: String) -> String { "from \(low) to \(high)" }
  func parameterValues(_ values: String) -> String { "possible: \(values)" }
  var listEmpty: String { "nothing" }
  var and: String { "and" }
  func selector(_ selector: Profile.Selector) -> String {
    switch selector {
    case .topic(let id): "topic \(id)"
    case .measure(let id): "measure \(id)"
    case .level(let level): "rules for requirements up to \(level.description)"
    case .severity(let least): "rules of severity \(severity(least)) or above"
    case .rule(let id): "rule \(id)"
    }
  }
  func profiles(_ count: Int) -> String {
    "\(number(count)) \(count == 1 ? "profile" : "profiles")"
  }
}
