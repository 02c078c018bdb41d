import RiegelModel

/// Reads `measures.yml`.
func readMeasuresCatalogue(_ node: Node, _ log: DiagnosticLog) -> MeasuresCatalogue? {
  guard var reader = MappingReader(node, "a catalogue", log) else { return nil }
  var head = reader.head()
  let id = head?.text("id")
  let counts = head?.required("counts")
  head?.skip("version")
  head?.finish()
  let primary = readPrimaryMeasures(reader.required("primary_measure_of_check"), log)
  var topicIDs: [(id: String, place: Place)] = []
  let topics = reader.rows("host_evidence_kinds", "a topic") { row -> MeasuresCatalogue.Topic? in
    let id = row.text("id")
    let title = row.localized("title")
    guard let id, let title else { return nil }
    topicIDs.append((id, row.place))
    guard let measure = primary[id]?.text else {
      log.error("the topic '\(id)' has no primary measure", at: row.place)
      return nil
    }
    return MeasuresCatalogue.Topic(id: id, title: title, primaryMeasure: measure)
  }
  var measureIDs: [(id: String, place: Place)] = []
  let measures = reader.rows("measures", "a measure") { row -> Measure? in
    let measure = readMeasure(&row)
    if let measure { measureIDs.append((measure.id, row.place)) }
    return measure
  }
  reader.finish()
  checkUnique(topicIDs, "topic", log)
  checkUnique(measureIDs, "measure", log)
  checkUnique(
    measures.flatMap { measure in
      measure.statements.map { statement in
        (statement.id, measureIDs.first { $0.id == measure.id }?.place ?? node.place)
      }
    }, "statement", log)
  for (topic, node) in primary.sorted(by: { $0.key < $1.key }) {
    if !topicIDs.contains(where: { $0.id == topic }) {
      log.unknown("topic", topic, at: node.place, among: topicIDs.map(\.id))
    }
  }
  let check = CountCheck(log: log)
  for section in Measure.Section.allCases {
    check.expect(counts, section.rawValue, measures.count { $0.section == section })
  }
  check.expect(counts, "total", measures.count)
  guard let id else { return nil }
  return MeasuresCatalogue(id: id, topics: topics, measures: measures, place: node.place)
}

/// The measure under which a topic's failures are shown first, by topic.
private func readPrimaryMeasures(_ node: Node?, _ log: DiagnosticLog) -> [String: Node] {
  guard let node else { return [:] }
  guard let entries = node.entries else {
    log.error("'primary_measure_of_check' is a mapping", at: node.place)
    return [:]
  }
  return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
}

private func readMeasure(_ row: inout MappingReader) -> Measure? {
  let log = row.log
  let id = row.text("id")
  let section = row.choice("section", Measure.Section.self)
  let title = row.localized("title")
  let summary = row.localized("summary")
  let kind = row.choice("kind", Measure.Kind.self)
  let coverage = row.choice("host_coverage", Measure.Coverage.self)
  let topics = row.texts("host_evidence")
  let statements = row.rows("attestations", "an attestation") { row -> Measure.Statement? in
    let id = row.text("id")
    let statement = row.localized("statement")
    let evidence = row.localized("evidence")
    let months = row.integer("validity_months")
    let contradictedBy = row.optionalTexts("contradicted_by") ?? []
    guard let id, let statement, let evidence, let months else { return nil }
    return Measure.Statement(
      id: id, statement: statement, evidence: evidence, validityMonths: months,
      contradictedBy: contradictedBy)
  }
  let foundations = row.texts("fr")
  let threats = row.texts("threats")
  let references = (row.required("references")?.entries ?? []).map {
    Rule.Reference($0.key, (textsOf($0.value, $0.key, log) ?? []).map(\.text))
  }
  guard let id, let section, let title, let summary, let kind, let coverage, let topics,
    let foundations, let threats
  else { return nil }
  return Measure(
    id: id, section: section, title: title, summary: summary, kind: kind, coverage: coverage,
    topics: topics, statements: statements, foundations: foundations, threats: threats,
    references: references)
}
