import RiegelModel

/// Reads `iec62443-3-3.yml`.
func readSystemCatalogue(_ node: Node, _ log: DiagnosticLog) -> SystemCatalogue? {
  guard var reader = MappingReader(node, "a catalogue", log) else { return nil }
  var head = reader.head()
  let id = head?.text("id")
  let standard = head?.text("standard")
  head?.skip("corrigendum", "german_edition", "version", "vector_order")
  head?.finish()
  let counts = reader.required("counts")
  reader.skip("foundational_requirements", "common_constraints")
  var ids: [(id: String, place: Place)] = []
  let requirements = reader.rows("requirements", "a requirement") { row in
    requirement(&row, &ids)
  }.flatMap { $0 }
  reader.finish()
  checkUnique(ids, "requirement", log)
  checkCounts(counts, requirements, log)
  guard let id, let standard else { return nil }
  return SystemCatalogue(
    id: id, standard: standard, requirements: requirements, place: node.place)
}

private func requirement(
  _ row: inout MappingReader, _ ids: inout [(id: String, place: Place)]
) -> [SystemCatalogue.SystemRequirement]? {
  let foundation = row.text("fr")
  row.skip("note", "clause", "sl_before_cor1")
  let base = requirement(&row, foundation ?? "", &ids)
  let enhancements = row.rows("enhancements", "an enhancement") { row in
    requirement(&row, foundation ?? "", &ids)
  }
  guard let base else { return nil }
  return [base] + enhancements
}

private func requirement(
  _ row: inout MappingReader, _ foundation: String, _ ids: inout [(id: String, place: Place)]
) -> SystemCatalogue.SystemRequirement? {
  let id = row.text("id")
  let title = row.titles()
  let level = row.level("sl")
  let counterparts = row.texts("cr")
  let note = row.optional("cr_note").flatMap { localizedOf($0, "'cr_note'", row.log) }
  let evidence = row.choice("host_evidence", Requirement.HostEvidence.self)
  row.skip("confidence", "dispute")
  guard let id, let title, let level, let counterparts, let evidence else { return nil }
  ids.append((id, row.place))
  return SystemCatalogue.SystemRequirement(
    id: id, title: title, foundation: foundation, level: level,
    componentRequirements: counterparts, note: note, hostEvidence: evidence)
}

private func checkCounts(
  _ node: Node?, _ all: [SystemCatalogue.SystemRequirement], _ log: DiagnosticLog
) {
  let check = CountCheck(log: log)
  let enhancements = all.count { $0.id.contains(" RE ") }
  check.expect(node, "sr", all.count - enhancements)
  check.expect(node, "re", enhancements)
  check.expect(node, "total", all.count)
  check.levels(node?["new_at_level"], all.map(\.level))
  check.levels(node?["cumulative_at_level"], all.map(\.level), cumulative: true)
  for entry in node?["new_at_level_by_fr"]?.entries ?? [] {
    check.levels(entry.value, all.filter { $0.foundation == entry.key }.map(\.level))
  }
}
