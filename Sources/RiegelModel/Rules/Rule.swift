/// One thing that has to hold on a host, why, how to see it and how to mend it.
package struct Rule: Sendable, Hashable {
  package var id: String
  package var topic: String
  package var status: Status
  package var title: Localized
  package var rationale: Localized
  package var severity: Severity
  package var decides: [String]
  package var supports: [String]
  /// References to other frameworks by their name: `attack`, `kbv`.
  package var references: [Reference]
  package var when: [Check]
  package var parameters: [Parameter]
  package var check: Check
  package var remediation: Remediation
  package var examples: [Example]
  package var place: Place

  /// The life cycle of a rule; ids end up in waivers and history.
  package enum Status: String, Sendable, Hashable, CaseIterable {
    case preview, stable, deprecated
  }

  package struct Reference: Sendable, Hashable {
    package var framework: String
    package var ids: [String]
    package init(_ framework: String, _ ids: [String]) {
      self.framework = framework
      self.ids = ids
    }
  }

  package init(
    id: String, topic: String, status: Status, title: Localized, rationale: Localized,
    severity: Severity, decides: [String], supports: [String], references: [Reference],
    when: [Check], parameters: [Parameter], check: Check, remediation: Remediation,
    examples: [Example], place: Place
  ) {
    self.id = id
    self.topic = topic
    self.status = status
    self.title = title
    self.rationale = rationale
    self.severity = severity
    self.decides = decides
    self.supports = supports
    self.references = references
    self.when = when
    self.parameters = parameters
    self.check = check
    self.remediation = remediation
    self.examples = examples
    self.place = place
  }
}

/// How bad a failure is.
package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
  case critical, high, medium, low

  /// A more severe one is greater.
  package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    case .critical: 3
    }
  }
}

/// How to mend a failure, and what the remedy itself can break.
package struct Remediation: Sendable, Hashable {
  package enum Risk: String, Sendable, Hashable, CaseIterable {
    case lockout, reboot
    case serviceRestart = "service-restart"
    case dataLoss = "data-loss"
  }
  package enum Effort: String, Sendable, Hashable, CaseIterable {
    case small, medium, large
  }

  package var text: Localized
  package var risks: [Risk]
  package var effort: Effort

  package init(text: Localized, risks: [Risk], effort: Effort) {
    self.text = text
    self.risks = risks
    self.effort = effort
  }
}

/// A small host and what the rule has to say of it: documentation and test in one.
package struct Example: Sendable, Hashable {
  package struct File: Sendable, Hashable {
    package var path: String
    package var kind: FileMetadata.Kind
    package var content: String
    package var mode: UInt16
    package var user: UInt32
    package var group: UInt32
    package var modified: Instant
    /// The text of a symbolic link.
    package var link: String?
    package init(
      path: String, kind: FileMetadata.Kind = .file, content: String = "", mode: UInt16 = 0o644,
      user: UInt32 = 0, group: UInt32 = 0, modified: Instant = Instant(seconds: 0),
      link: String? = nil
    ) {
      self.path = path
      self.kind = kind
      self.content = content
      self.mode = mode
      self.user = user
      self.group = group
      self.modified = modified
      self.link = link
    }
  }

  package struct Package: Sendable, Hashable {
    package var name: String
    package var version: String
    package init(_ name: String, _ version: String) {
      self.name = name
      self.version = version
    }
  }

  package var name: String
  package var outcome: Outcome
  package var files: [File]
  /// Installed Debian packages; nil leaves the example without a package database.
  package var packages: [Package]?
  /// Paths that exist but cannot be read by the auditor.
  package var unreadable: [String]
  package var parameters: [String: Literal]
  /// The target level whose parameter values are judged.
  package var level: SecurityLevel?
  /// Whether a kernel runs; nil: it does if a file below `/proc` or `/sys` is given.
  package var isRunning: Bool?
  package var now: Instant
  /// An origin (`path:line`) that the evidence has to show.
  package var finds: String?
  package var place: Place

  package init(
    name: String, outcome: Outcome, files: [File] = [], packages: [Package]? = nil,
    unreadable: [String] = [], parameters: [String: Literal] = [:], level: SecurityLevel? = nil,
    isRunning: Bool? = nil, now: Instant = Instant(seconds: 0), finds: String? = nil, place: Place
  ) {
    self.name = name
    self.outcome = outcome
    self.files = files
    self.packages = packages
    self.unreadable = unreadable
    self.parameters = parameters
    self.level = level
    self.isRunning = isRunning
    self.now = now
    self.finds = finds
    self.place = place
  }
}
