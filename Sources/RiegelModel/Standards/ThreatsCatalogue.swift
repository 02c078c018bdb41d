/// The threats that measures counter.
package struct ThreatsCatalogue: Sendable, Hashable {
  package struct Threat: Sendable, Hashable {
    package var id: String
    package var title: Localized
    package var summary: Localized
    package var foundations: [String]
    package var measures: [String]
    package init(
      id: String, title: Localized, summary: Localized, foundations: [String], measures: [String]
    ) {
      self.id = id
      self.title = title
      self.summary = summary
      self.foundations = foundations
      self.measures = measures
    }
  }

  package var id: String
  package var threats: [Threat]
  package var place: Place

  package init(id: String, threats: [Threat], place: Place) {
    self.id = id
    self.threats = threats
    self.place = place
  }
}

/// Laws and norms, and what a host audit can hand in as evidence for them.
package struct NormsCatalogue: Sendable, Hashable {
  package struct Norm: Sendable, Hashable {
    package var id: String
    package var title: Localized
    package var contribution: Localized
    package var limits: Localized
    package var reportSections: [NormStatus.Section]
    package var measures: [String]
    package init(
      id: String, title: Localized, contribution: Localized, limits: Localized,
      reportSections: [NormStatus.Section], measures: [String]
    ) {
      self.id = id
      self.title = title
      self.contribution = contribution
      self.limits = limits
      self.reportSections = reportSections
      self.measures = measures
    }
  }

  package var id: String
  package var norms: [Norm]
  package var place: Place

  package init(id: String, norms: [Norm], place: Place) {
    self.id = id
    self.norms = norms
    self.place = place
  }
}

/// The rows of the KBV's IT security directive.
package struct DirectiveCatalogue: Sendable, Hashable {
  package enum Observable: String, Sendable, Hashable, CaseIterable {
    case yes, partly, no
  }
  package struct Row: Sendable, Hashable {
    package var id: String
    package var annex: Int
    package var target: Localized
    package var title: Localized
    package var summary: Localized
    package var observable: Observable
    /// Topics of rules that speak to it.
    package var topics: [String]
    package var measure: String?
    /// `windows` where the directive words it for another system.
    package var platform: String?
    package init(
      id: String, annex: Int, target: Localized, title: Localized, summary: Localized,
      observable: Observable, topics: [String], measure: String?, platform: String?
    ) {
      self.id = id
      self.annex = annex
      self.target = target
      self.title = title
      self.summary = summary
      self.observable = observable
      self.topics = topics
      self.measure = measure
      self.platform = platform
    }
  }

  package var id: String
  package var title: Localized
  package var rows: [Row]
  package var place: Place

  package init(id: String, title: Localized, rows: [Row], place: Place) {
    self.id = id
    self.title = title
    self.rows = rows
    self.place = place
  }
}
