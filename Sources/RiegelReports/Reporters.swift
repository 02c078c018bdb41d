package import RiegelModel

/// A form in which an audit is written down: one file each, one line in `Reporters.all`.
///
/// A report is a pure function of the audit and the options. It asks no clock, no environment and
/// nobody else, so that a saved audit gives the same bytes years later.
package protocol Reporter: Sendable {
  /// The word after `--format`.
  static var name: String { get }
  /// One line for `--help`.
  static var summary: Localized { get }
  init()
  func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8]
}

/// Every format, in the order in which the help shows them.
package enum Reporters {
  package static let all: [any Reporter.Type] = [
    TerminalReporter.self,
    MarkdownReporter.self,
    HTMLReporter.self,
    JSONReporter.self,
    NDJSONReporter.self,
    CSVReporter.self,
    JUnitReporter.self,
    SARIFReporter.self,
    OSCALReporter.self,
    XCCDFReporter.self,
    ARFReporter.self,
    HDFReporter.self,
    PrometheusReporter.self,
    CycloneDXReporter.self,
  ]

  /// The reporter of a name; nil if there is none.
  package static func named(_ name: String) -> (any Reporter)? {
    all.first { $0.name == name }?.init()
  }

  package static var names: [String] { all.map { $0.name } }
}

/// How a report is to look; a format ignores what it has no use for.
package struct ReportOptions: Sendable, Hashable {
  package enum Verbosity: String, Sendable, Hashable, CaseIterable {
    /// Only what failed, and the verdict.
    case quiet
    case normal
    /// Everything, uncut.
    case verbose
  }

  package var language: Language
  /// Columns; nil leaves long lines alone.
  package var width: Int?
  package var colour: Bool
  package var verbosity: Verbosity
  /// An earlier audit, for formats that show what changed.
  package var previous: Audit?

  package init(
    language: Language = .en, width: Int? = nil, colour: Bool = false,
    verbosity: Verbosity = .normal, previous: Audit? = nil
  ) {
    self.language = language
    self.width = width
    self.colour = colour
    self.verbosity = verbosity
    self.previous = previous
  }
}
