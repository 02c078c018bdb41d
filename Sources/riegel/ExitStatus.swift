import ArgumentParser
import Glibc
import RiegelModel
import RiegelTargets

/// How the program ends; the only place that knows the numbers.
enum ExitStatus: Int32 {
  case passed = 0
  case failed = 1
  case undecided = 2
  /// `EX_USAGE` of sysexits(3).
  case usage = 64
  /// `EX_DATAERR`.
  case content = 65
  /// `EX_NOINPUT`.
  case target = 66
  /// `EX_CANTCREAT`.
  case output = 73

  /// From several audits: the worst counts.
  init(_ audits: [Audit], failingAt threshold: Threshold) {
    let statuses = audits.map { ExitStatus($0, failingAt: threshold) }
    self =
      statuses.contains(.failed) ? .failed : statuses.contains(.undecided) ? .undecided : .passed
  }

  /// From an audit and what counts as a failure; one whose risk is accepted does not.
  init(_ audit: Audit, failingAt threshold: Threshold) {
    if threshold.isReached(by: audit) {
      self = .failed
    } else if audit.findings.contains(where: \.outcome.isUndecided)
      || !audit.findings.contains(where: { $0.outcome == .pass || $0.outcome == .fail })
    {
      self = .undecided
    } else {
      self = .passed
    }
  }

  /// Of two audits, the one that the program ends with: a failure before a doubt, and what could
  /// not be opened at all before both.
  func worse(_ other: ExitStatus) -> ExitStatus {
    func rank(_ status: ExitStatus) -> Int {
      switch status {
      case .passed: 0
      case .undecided: 1
      case .failed: 2
      case .usage, .content, .target, .output: 3
      }
    }
    return rank(other) > rank(self) ? other : self
  }

  /// Says what went wrong and exits. Usage errors are the parser's to word.
  static func leave(after error: any Error) -> Never {
    switch error {
    case let error as ContentError:
      Console.show(error.diagnostics)
      exit(ExitStatus.content.rawValue)
    case let error as OpeningError:
      Console.error(error.message)
      exit(ExitStatus.target.rawValue)
    case let error as OutputError:
      Console.error(error.description)
      exit(ExitStatus.output.rawValue)
    case let error as InputError:
      Console.error(error.description)
      exit(error.isUnreadable ? ExitStatus.target.rawValue : ExitStatus.content.rawValue)
    default:
      Riegel.exit(withError: error)
    }
  }
}

/// From where on failures count for the exit status.
enum Threshold: ExpressibleByArgument {
  case severity(Severity)
  /// A foundational requirement whose ceiling (in a site, with acceptances) is below this level.
  case level(SecurityLevel)

  init?(argument: String) {
    if let severity = Severity(rawValue: argument) {
      self = .severity(severity)
    } else if let level = SecurityLevel(argument.uppercased()) {
      self = .level(level)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .severity(let severity): severity.rawValue
    case .level(let level): level.description
    }
  }

  static var allValueStrings: [String] {
    Severity.allCases.map(\.rawValue) + SecurityLevel.claimable.map(\.description)
  }

  func isReached(by audit: Audit) -> Bool {
    switch self {
    case .severity(let least):
      audit.findings.contains { $0.isUnaccepted && $0.severity >= least }
    case .level(let level):
      audit.achieved.isEmpty
        ? audit.levels.contains { $0.ceiling < level }
        : audit.achieved.contains { $0.ceiling < level }
    }
  }
}
