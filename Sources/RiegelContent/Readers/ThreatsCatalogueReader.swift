import RiegelModel

/// Reads `threats.yml`.
func readThreatsCatalogue(_ node: Node, _ log: DiagnosticLog) -> ThreatsCatalogue? {
  guard var reader = MappingReader(node, "a catalogue", log) else { return nil }
  let (id, count) = readCountedHead(&reader)
  reader.skip("protection_goals")
  var ids: [(id: String, place: Place)] = []
  let threats = reader.rows("threats", "a threat") { row -> ThreatsCatalogue.Threat? in
    let id = row.text("id")
    let title = row.localized("title")
    let summary = row.localized("summary")
    let foundations = row.texts("fr")
    let measures = row.texts("measures")
    row.skip("protection_goals", "attack")
    guard let id, let title, let summary, let foundations, let measures else { return nil }
    ids.append((id, row.place))
    return ThreatsCatalogue.Threat(
      id: id, title: title, summary: summary, foundations: foundations, measures: measures)
  }
  reader.finish()
  checkUnique(ids, "threat", log)
  CountCheck(log: log).expect(count, "count", threats.count)
  guard let id else { return nil }
  return ThreatsCatalogue(id: id, threats: threats, place: node.place)
}

/// Reads `norms.yml`.
func readNormsCatalogue(_ node: Node, _ log: DiagnosticLog) -> NormsCatalogue? {
  guard var reader = MappingReader(node, "a catalogue", log) else { return nil }
  let (id, count) = readCountedHead(&reader)
  let sections = reader.rows("report_sections", "a section") { row -> NormStatus.Section? in
    let id = row.text("id")
    let title = row.localized("title")
    guard let id, let title else { return nil }
    return NormStatus.Section(id: id, title: title)
  }
  var ids: [(id: String, place: Place)] = []
  let norms = reader.rows("norms", "a norm") { row -> NormsCatalogue.Norm? in
    let id = row.text("id")
    let title = row.localized("title")
    let contribution = row.localized("contribution")
    let limits = row.localized("limits")
    let reportSections = row.required("report_sections").flatMap { node in
      textsOf(node, "report_sections", log)
    }
    let measures = row.texts("measures")
    row.skip("type", "named_in_article", "addressed", "relevant_parts", "summary", "check")
    let known = sections.map(\.id)
    for (section, place) in reportSections ?? [] where !known.contains(section) {
      log.unknown("section", section, at: place, among: known)
    }
    guard let id, let title, let contribution, let limits, let reportSections, let measures
    else { return nil }
    ids.append((id, row.place))
    return NormsCatalogue.Norm(
      id: id, title: title, contribution: contribution, limits: limits,
      reportSections: reportSections.compactMap { wanted in
        sections.first { $0.id == wanted.text }
      }, measures: measures)
  }
  reader.finish()
  checkUnique(ids, "norm", log)
  CountCheck(log: log).expect(count, "count", norms.count)
  guard let id else { return nil }
  return NormsCatalogue(id: id, norms: norms, place: node.place)
}

/// The id, and the head itself for its `count`.
private func readCountedHead(_ reader: inout MappingReader) -> (id: String?, head: Node?) {
  guard let node = reader.required("catalog"),
    var head = MappingReader(node, "'catalog'", reader.log)
  else { return (nil, nil) }
  let id = head.text("id")
  head.skip("version", "count")
  head.finish()
  return (id, node)
}
