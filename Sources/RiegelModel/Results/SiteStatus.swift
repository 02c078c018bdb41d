/// Where in its site an audited host stands, and what persons accepted and attested of it.
package struct SiteStatus: Sendable, Hashable {
  package var id: String
  package var title: Localized
  package var host: String
  package var zone: String
  package var zoneTitle: Localized
  package var isEssential: Bool
  /// Those whose scope takes in this host.
  package var waivers: [WaiverStatus]
  package var attestations: [AttestationStatus]

  package init(
    id: String, title: Localized, host: String, zone: String, zoneTitle: Localized,
    isEssential: Bool, waivers: [WaiverStatus], attestations: [AttestationStatus]
  ) {
    self.id = id
    self.title = title
    self.host = host
    self.zone = zone
    self.zoneTitle = zoneTitle
    self.isEssential = isEssential
    self.waivers = waivers
    self.attestations = attestations
  }
}

/// A waiver laid over findings.
package struct WaiverStatus: Sendable, Hashable {
  /// What is not as it should be with a waiver that may well be in force.
  package enum Concern: String, Sendable, Hashable, CaseIterable {
    /// Nothing that it covers is wrong.
    case unused
    /// Names no host and no zone: it would excuse a host that comes tomorrow.
    case everyHost
    /// Names no finding, and the rule finds several things.
    case everyFinding
    /// Names its finding by a pattern that covers several.
    case wideFinding
    /// No compensating measure: SL-A is not lifted.
    case noMeasures
  }

  /// What it covers on a host.
  package struct Cover: Sendable, Hashable {
    package var host: String
    /// Subjects of the findings it covers, each once.
    package var subjects: [String]
    package init(host: String, subjects: [String]) {
      self.host = host
      self.subjects = subjects
    }
  }

  package var waiver: Waiver
  package var state: Waiver.State
  package var concerns: [Concern]
  package var covers: [Cover]

  package init(
    _ waiver: Waiver, state: Waiver.State, concerns: [Concern], covers: [Cover]
  ) {
    self.waiver = waiver
    self.state = state
    self.concerns = concerns
    self.covers = covers
  }
}

/// How a finding is covered by waivers in force.
package struct FindingWaiver: Sendable, Hashable {
  package var waivers: [String]
  /// Nothing of the failure is left uncovered.
  package var isWhole: Bool
  /// Whole, and each of them has compensating measures: SL-A counts the requirement as open.
  package var isCompensated: Bool
  /// The last day on which all of them count.
  package var expires: Instant

  package init(waivers: [String], isWhole: Bool, isCompensated: Bool, expires: Instant) {
    self.waivers = waivers
    self.isWhole = isWhole
    self.isCompensated = isCompensated
    self.expires = expires
  }
}

/// An attestation laid against the calendar and the findings.
package struct AttestationStatus: Sendable, Hashable {
  package var attestation: Attestation
  package var state: Attestation.State
  /// Rules whose failure says otherwise.
  package var contradictedBy: [String]

  package init(_ attestation: Attestation, state: Attestation.State, contradictedBy: [String]) {
    self.attestation = attestation
    self.state = state
    self.contradictedBy = contradictedBy
  }
}

/// What became of a statement that a measure asks for.
package struct StatementStatus: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    case valid, dueSoon, expired, contradicted, missing
  }

  package var id: String
  package var text: Localized
  package var state: State
  /// The last day of the attestation that counts or counted last.
  package var until: Instant?
  package var attestation: String?

  package init(
    id: String, text: Localized, state: State, until: Instant? = nil, attestation: String? = nil
  ) {
    self.id = id
    self.text = text
    self.state = state
    self.until = until
    self.attestation = attestation
  }
}

/// What of an audit can be handed in as evidence for a norm.
package struct NormStatus: Sendable, Hashable {
  package struct Section: Sendable, Hashable {
    package var id: String
    package var title: Localized
    package init(id: String, title: Localized) {
      self.id = id
      self.title = title
    }
  }

  package var id: String
  package var title: Localized
  package var contribution: Localized
  package var limits: Localized
  /// Sections of a report that serve as evidence.
  package var sections: [Section]
  /// The measures it asks about.
  package var measures: [String]
  /// Findings on those measures.
  package var passed: Int
  package var failed: Int
  package var undecided: Int

  package init(
    id: String, title: Localized, contribution: Localized, limits: Localized,
    sections: [Section], measures: [String], passed: Int, failed: Int, undecided: Int
  ) {
    self.id = id
    self.title = title
    self.contribution = contribution
    self.limits = limits
    self.sections = sections
    self.measures = measures
    self.passed = passed
    self.failed = failed
    self.undecided = undecided
  }
}

/// What is known of one row of the KBV directive.
package struct DirectiveRowStatus: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// A rule that speaks to it fails.
    case refuted
    /// Seen on the host.
    case seen
    /// Stated by a person, as far as no scan can see it.
    case attested
    /// Nobody has shown it.
    case open
    /// Worded for another system, or without an object here.
    case notCheckable
  }

  package var id: String
  package var annex: Int
  package var subject: Localized
  package var title: Localized
  package var state: State
  /// The rules that the state rests on, or that could not be decided.
  package var rules: [String]
  package var attestation: String?
  /// A person has to state a part of it or all of it.
  package var needsPerson: Bool

  package init(
    id: String, annex: Int, subject: Localized, title: Localized, state: State, rules: [String],
    attestation: String?, needsPerson: Bool
  ) {
    self.id = id
    self.annex = annex
    self.subject = subject
    self.title = title
    self.state = state
    self.rules = rules
    self.attestation = attestation
    self.needsPerson = needsPerson
  }
}
