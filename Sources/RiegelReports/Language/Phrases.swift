import RiegelModel
import SystemPackage

/// Everything the reports say in words of their own: one conformance a language, and the compiler
/// lists what is missing.
///
/// Whole sentences rather than words to be put together, because languages put them together
/// differently.
protocol Phrases: Sendable {
  // Numbers and times.
  func number(_ count: Int) -> String
  func moment(_ instant: Instant) -> String
  func duration(_ seconds: Int) -> String

  // Words for the values of the model.
  func severity(_ severity: Severity) -> String
  func outcome(_ outcome: Outcome) -> String
  func standing(_ standing: Standing) -> String
  func exposure(_ standing: Standing) -> String
  func openReason(_ reason: FoundationLevel.OpenReason) -> String
  func section(_ section: Measure.Section) -> String
  func component(_ type: ComponentType) -> String
  func risk(_ risk: Remediation.Risk) -> String
  func effort(_ effort: Remediation.Effort) -> String
  func source(_ source: Arguments.Source) -> String
  func error(_ error: TargetError) -> String
  func status(_ status: Rule.Status) -> String
  func reason(_ reason: Reason) -> String

  // Evidence.
  func expectation(_ comparison: Comparison, _ operand: String) -> String
  func expectedNot(_ what: String) -> String
  func expectedSome(_ what: String) -> String
  func expectedEvery(_ what: String) -> String
  func expectedNone(_ what: String) -> String
  func expectedCount(_ what: String) -> String
  func expectedApproved(_ entries: String) -> String
  var expectedNoEntry: String { get }
  var expectedCounted: String { get }
  var expectedAllowed: String { get }
  var foundAbsent: String { get }
  var foundNothing: String { get }
  var emptyText: String { get }
  func builtIn(_ program: String) -> String
  func printed(by command: String) -> String
  func overrides(_ value: String, _ origin: String) -> String
  func more(_ count: Int) -> String
  func moreCharacters(_ count: Int) -> String
  func inAll(_ count: Int) -> String

  // The head of the report.
  func title(_ host: String) -> String
  var unnamedHost: String { get }
  var unknownSystem: String { get }
  func kernel(_ version: String) -> String
  func target(_ kind: TargetKind, _ address: String, isPrivileged: Bool) -> String
  var defaultProfile: String { get }
  func tool(_ version: String, _ content: String) -> String
  func rules(_ count: Int) -> String
  func failed(_ count: Int) -> String
  func undecided(_ count: Int) -> String
  func forPersons(_ count: Int) -> String
  func passed(_ count: Int) -> String
  func notApplicable(_ count: Int) -> String

  // Labels.
  var labelSystem: String { get }
  var labelTarget: String { get }
  var labelProfile: String { get }
  var labelAim: String { get }
  var labelTime: String { get }
  var labelTool: String { get }
  var labelRules: String { get }
  var labelWhy: String { get }
  var labelExpected: String { get }
  var labelFound: String { get }
  var labelFix: String { get }
  var labelRefutes: String { get }
  var labelSetting: String { get }
  var labelByLevel: String { get }
  var labelNote: String { get }
  var labelReferences: String { get }
  var labelLook: String { get }

  // Sections.
  func failures(_ count: Int) -> String
  func undecidedHeading(_ count: Int) -> String
  func manualHeading(_ count: Int) -> String
  func passedHeading(_ count: Int) -> String
  func notApplicableHeading(_ count: Int) -> String
  func levelsHeading(_ catalogue: String, _ component: String) -> String
  var measuresHeading: String { get }
  var threatsHeading: String { get }
  var verdictHeading: String { get }
  func notMet(_ title: String) -> String
  func fixEffort(_ effort: String) -> String
  func caution(_ risks: [String]) -> String
  func setBy(_ value: String, _ source: String) -> String

  // What stands in the way of a verdict.
  func noPermission(isPrivileged: Bool) -> String
  func notCaptured(_ kind: TargetKind) -> String
  var badFormat: String { get }
  var elsewhere: String { get }
  var notWorkedOut: String { get }
  var notReadable: String { get }
  var noReason: String { get }

  // Levels, measures, threats.
  var aimColumn: String { get }
  var intervalColumn: String { get }
  var aimMissed: String { get }
  var aimShown: String { get }
  var aimOpen: String { get }
  var noAim: String { get }
  func ceilingLimit(_ ceiling: String) -> String
  func floorLimit(_ next: String) -> String
  func refutedRequirements(_ count: Int) -> String
  func openRequirements(_ count: Int, _ reason: FoundationLevel.OpenReason) -> String
  func openRequirements(_ count: Int) -> String
  var levelsExplained: String { get }
  func measureCounts(failed: Int, undecided: Int, passed: Int, openStatements: Int) -> [String]
  func openedBy(_ measures: [String]) -> String
  func others(_ count: Int) -> String

  // The verdict in one sentence.
  func verdictFailed(_ failed: Int, of applicable: Int, critical: Int) -> String
  func verdictUndecidedToo(_ count: Int) -> String
  func verdictUndecided(_ count: Int) -> String
  var verdictNothingApplied: String { get }
  func verdictPassed(_ count: Int) -> String
  func aimSummary(missed: Int, open: Int, of all: Int) -> String
  func comparedWith(_ moment: String) -> String
  func stillFailed(_ count: Int) -> String
  func notMetAmong(_ count: Int) -> String
  func levelChange(_ before: String, _ now: String) -> String

  // Rules and profiles shown.
  var labelTopic: String { get }
  var labelSeverity: String { get }
  var labelStatus: String { get }
  var labelSupports: String { get }
  var labelApplies: String { get }
  var labelCheck: String { get }
  var labelParameters: String { get }
  var labelExamples: String { get }
  var labelExtends: String { get }
  var labelSelects: String { get }
  var labelExcludes: String { get }
  var labelSettings: String { get }
  var labelVerdict: String { get }
  var checkAll: String { get }
  var checkAny: String { get }
  var checkNone: String { get }
  var checkNot: String { get }
  var checkPerson: String { get }
  var quantifierEvery: String { get }
  var quantifierSome: String { get }
  var quantifierNone: String { get }
  var quantifierNoRow: String { get }
  var quantifierCount: String { get }
  var quantifierAllow: String { get }
  var quantifierPresent: String { get }
  var narrowing: String { get }
  func missing(_ missing: Assertion.Missing) -> String
  var sourceParameter: String { get }
  var sourceSite: String { get }
  func parameterKind(_ kind: Parameter.Kind) -> String
  func parameterDefault(_ value: String) -> String
  func parameterInForce(_ value: String, _ source: String) -> String
  func parameterRange(_ low: String, _ high: String) -> String
  func parameterValues(_ values: String) -> String
  var listEmpty: String { get }
  var and: String { get }
  func selector(_ selector: Profile.Selector) -> String
  func profiles(_ count: Int) -> String
}

extension Language {
  var phrases: any Phrases {
    switch self {
    case .en: English()
    case .de: German()
    }
  }
}

extension Phrases {
  /// Where a fact comes from: `path:line`, or the default in words.
  func origin(_ origin: Origin) -> String {
    switch origin {
    case .line, .file, .kernel: origin.description
    case .builtIn(let program): builtIn(program)
    case .command(let line): printed(by: line)
    }
  }

  /// What was found, in words where it is no value.
  func found(_ found: Evidence.Found) -> String {
    switch found {
    case .value(let value): value.isEmpty ? "\"\" (\(emptyText))" : value
    case .absent: foundAbsent
    case .unknown(let error): self.error(error)
    }
  }
}

/// Digits in groups of three.
func grouped(_ number: Int, by separator: Character) -> String {
  let digits = String(number.magnitude)
  var result = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(separator) }
    result.append(digit)
  }
  return result
}

/// The names of the errors of the operating system that a read can meet (`errno(3)`), for
/// whoever looks them up; the numbers are Linux's.
func errnoName(_ errno: Int32) -> String? {
  switch errno {
  case 2: "ENOENT"
  case 4: "EINTR"
  case 5: "EIO"
  case 6: "ENXIO"
  case 12: "ENOMEM"
  case 13: "EACCES"
  case 19: "ENODEV"
  case 20: "ENOTDIR"
  case 21: "EISDIR"
  case 22: "EINVAL"
  case 23: "ENFILE"
  case 24: "EMFILE"
  case 36: "ENAMETOOLONG"
  case 40: "ELOOP"
  case 61: "ENODATA"
  case 74: "EBADMSG"
  case 75: "EOVERFLOW"
  case 107: "ENOTCONN"
  case 110: "ETIMEDOUT"
  case 116: "ESTALE"
  case 117: "EUCLEAN"
  default: nil
  }
}
