import RiegelModel

/// Reads `iec62443-4-2.yml`.
func readSecurityCatalogue(_ node: Node, _ log: DiagnosticLog) -> SecurityCatalogue? {
  guard var reader = MappingReader(node, "a catalogue", log) else { return nil }
  var head = reader.head()
  let id = head?.text("id")
  let standard = head?.text("standard")
  head?.skip("german_edition", "version", "vector_order")
  head?.finish()
  let counts = reader.required("counts")
  reader.skip(
    "component_types", "common_constraints", "no_component_requirement", "component_specific")
  let foundations = readFoundations(&reader)
  var ids: [(id: String, place: Place)] = []
  let requirements = reader.rows("requirements", "a requirement") { row -> [Requirement]? in
    requirement(&row, &ids)
  }.flatMap { $0 }
  reader.finish()
  checkUnique(ids, "requirement", log)
  checkCounts(counts, requirements, log)
  guard let id, let standard else { return nil }
  return SecurityCatalogue(
    id: id, standard: standard, foundations: foundations, requirements: requirements,
    place: node.place)
}

func readFoundations(_ reader: inout MappingReader) -> [FoundationalRequirement] {
  reader.rows("foundational_requirements", "a foundational requirement") { row in
    let id = row.text("id")
    let abbreviation = row.text("abbreviation")
    let title = row.titles()
    row.skip("clause")
    guard let id, let abbreviation, let title else { return nil }
    return FoundationalRequirement(id: id, abbreviation: abbreviation, title: title)
  }
}

/// A requirement and its enhancements, which become requirements of their own with the foundation
/// and the component types of their base.
private func requirement(
  _ row: inout MappingReader, _ ids: inout [(id: String, place: Place)]
) -> [Requirement]? {
  let foundation = row.text("fr")
  let types = row.required("applies_to").flatMap { node in
    node.items?.compactMap { choiceOf($0, "applies_to", row.log) as ComponentType? }
  }
  row.skip("note")
  let base = requirement(&row, foundation ?? "", types ?? [], &ids)
  let enhancements = row.rows("enhancements", "an enhancement") { row in
    requirement(&row, foundation ?? "", types ?? [], &ids)
  }
  guard let base else { return nil }
  return [base] + enhancements
}

private func requirement(
  _ row: inout MappingReader, _ foundation: String, _ types: [ComponentType],
  _ ids: inout [(id: String, place: Place)]
) -> Requirement? {
  let id = row.text("id")
  let title = row.titles()
  let level = row.level("sl")
  let counterparts = row.texts("sr")
  let evidence = row.choice("host_evidence", Requirement.HostEvidence.self)
  row.skip("sr_note", "confidence", "dispute")
  guard let id, let title, let level, let counterparts, let evidence else { return nil }
  ids.append((id, row.place))
  return Requirement(
    id: id, title: title, foundation: foundation, level: level, componentTypes: types,
    hostEvidence: evidence, counterparts: counterparts)
}

private func checkCounts(_ node: Node?, _ all: [Requirement], _ log: DiagnosticLog) {
  let check = CountCheck(log: log)
  func compare(_ node: Node?, _ requirements: [Requirement]) {
    let enhancements = requirements.count { $0.id.contains(" RE ") }
    check.expect(node, "base", requirements.count - enhancements)
    check.expect(node, "re", enhancements)
    check.expect(node, "total", requirements.count)
    check.levels(node?["new_at_level"], requirements.map(\.level))
    for entry in node?["new_at_level_by_fr"]?.entries ?? [] {
      check.levels(
        entry.value, requirements.filter { $0.foundation == entry.key }.map(\.level))
    }
  }
  compare(node?["all"], all)
  for prefix in ["CR", "SAR", "EDR", "HDR", "NDR"] {
    compare(node?[prefix], all.filter { $0.id.hasPrefix(prefix + " ") })
  }
  for type in ComponentType.allCases {
    compare(
      node?["by_component_type"]?[type.rawValue],
      all.filter { $0.componentTypes.contains(type) })
  }
}
