import RiegelModel

/// The catalogues that rules are read against.
struct Catalogues {
  var security: SecurityCatalogue
  var system: SystemCatalogue
  var measures: MeasuresCatalogue
  var threats: ThreatsCatalogue
  var norms: NormsCatalogue
  var directive: DirectiveCatalogue

  /// The names of their files in `Standards/`.
  static let files = [
    "iec62443-4-2.yml", "iec62443-3-3.yml", "measures.yml", "threats.yml", "norms.yml",
    "kbv-it-sicherheitsrichtlinie.yml",
  ]

  /// Reads the catalogues from their documents by file name; nil if one is missing or unreadable.
  init?(_ documents: [String: Node], _ log: DiagnosticLog) {
    func read<T>(_ index: Int, _ reader: (Node, DiagnosticLog) -> T?) -> T? {
      documents[Catalogues.files[index]].flatMap { reader($0, log) }
    }
    let security = read(0, readSecurityCatalogue)
    let system = read(1, readSystemCatalogue)
    let measures = read(2, readMeasuresCatalogue)
    let threats = read(3, readThreatsCatalogue)
    let norms = read(4, readNormsCatalogue)
    let directive = read(5, readDirectiveCatalogue)
    guard let security, let system, let measures, let threats, let norms, let directive else {
      return nil
    }
    self.security = security
    self.system = system
    self.measures = measures
    self.threats = threats
    self.norms = norms
    self.directive = directive
    checkReferences(documents, log)
    checkBothWays(log)
  }

  /// What two catalogues say of each other they have to say both, and a topic's primary measure
  /// has to list it.
  private func checkBothWays(_ log: DiagnosticLog) {
    func compare(
      _ ones: [(id: String, others: [String])], _ others: [(id: String, ones: [String])],
      _ place: Place, _ otherPlace: Place
    ) {
      for one in ones {
        for id in one.others {
          if let other = others.first(where: { $0.id == id }), !other.ones.contains(one.id) {
            log.error("'\(one.id)' names '\(id)', which does not name it back", at: place)
          }
        }
      }
      for other in others {
        for id in other.ones {
          if let one = ones.first(where: { $0.id == id }), !one.others.contains(other.id) {
            log.error("'\(other.id)' names '\(id)', which does not name it back", at: otherPlace)
          }
        }
      }
    }
    compare(
      security.requirements.map { ($0.id, $0.counterparts) },
      system.requirements.map { ($0.id, $0.componentRequirements) }, security.place, system.place)
    compare(
      measures.measures.map { ($0.id, $0.threats) }, threats.threats.map { ($0.id, $0.measures) },
      measures.place, threats.place)
    for topic in measures.topics {
      if let measure = measures.measures.first(where: { $0.id == topic.primaryMeasure }),
        !measure.topics.contains(topic.id)
      {
        log.error(
          "'\(topic.id)' has the primary measure '\(measure.id)', which does not list it",
          at: measures.place)
      }
    }
  }

  /// Every id that one catalogue takes from another has to be there.
  private func checkReferences(_ documents: [String: Node], _ log: DiagnosticLog) {
    let foundations = Set(security.foundations.map(\.id))
    let requirements = Set(security.requirements.map(\.id))
    let systemRequirements = Set(system.requirements.map(\.id))
    let topics = Set(measures.topics.map(\.id))
    let measureIDs = Set(measures.measures.map(\.id))
    let threatIDs = Set(threats.threats.map(\.id))
    let rows = Set(directive.rows.map(\.id))
    func check(
      _ ids: [String], _ known: Set<String>, _ what: String, _ owner: String, _ catalogue: Place
    ) {
      for id in ids where !known.contains(id) {
        let document = documents.values.first { $0.place.file == catalogue.file }
        log.error(
          "'\(owner)' names the \(what) '\(id)', which does not exist",
          at: document?.place(of: id) ?? catalogue,
          suggestion: didYouMean(id, among: known.sorted()))
      }
    }
    for row in security.requirements {
      check(row.counterparts, systemRequirements, "requirement", row.id, security.place)
      check([row.foundation], foundations, "foundational requirement", row.id, security.place)
    }
    for row in system.requirements {
      check(row.componentRequirements, requirements, "requirement", row.id, system.place)
      check([row.foundation], foundations, "foundational requirement", row.id, system.place)
    }
    for topic in measures.topics {
      check([topic.primaryMeasure], measureIDs, "measure", topic.id, measures.place)
    }
    for row in measures.measures {
      check(row.topics, topics, "topic", row.id, measures.place)
      check(row.foundations, foundations, "foundational requirement", row.id, measures.place)
      check(row.threats, threatIDs, "threat", row.id, measures.place)
      for reference in row.references where reference.framework == "kbv" {
        check(reference.ids, rows, "row of the directive", row.id, measures.place)
      }
    }
    for row in threats.threats {
      check(row.foundations, foundations, "foundational requirement", row.id, threats.place)
      check(row.measures, measureIDs, "measure", row.id, threats.place)
    }
    for row in norms.norms {
      check(row.measures, measureIDs, "measure", row.id, norms.place)
    }
    for row in directive.rows {
      check(row.topics, topics, "topic", row.id, directive.place)
      check(row.measure.map { [$0] } ?? [], measureIDs, "measure", row.id, directive.place)
    }
  }
}

extension Node {
  /// Where a text stands as a value, the first time.
  fileprivate func place(of text: String) -> Place? {
    switch content {
    case .scalar(let own, _): own == text ? place : nil
    case .sequence(let items): items.lazy.compactMap { $0.place(of: text) }.first
    case .mapping(let entries): entries.lazy.compactMap { $0.value.place(of: text) }.first
    }
  }
}
