import RiegelModel

/// Reads `kbv-it-sicherheitsrichtlinie.yml`.
func readDirectiveCatalogue(_ node: Node, _ log: DiagnosticLog) -> DirectiveCatalogue? {
  guard var reader = MappingReader(node, "a catalogue", log) else { return nil }
  var head = reader.head()
  let id = head?.text("id")
  let title = head?.localized("title")
  head?.skip("version_followed", "new_rows_bind_since", "replaces", "version")
  head?.finish()
  let counts = reader.required("counts")
  reader.skip("annexes", "dropped_since_2021")
  var ids: [(id: String, place: Place)] = []
  let rows = reader.rows("requirements", "a row") { row -> DirectiveCatalogue.Row? in
    let read = readRow(&row)
    if let read { ids.append((read.id, row.place)) }
    return read
  }
  reader.finish()
  checkUnique(ids, "row", log)
  let check = CountCheck(log: log)
  check.expect(counts, "total", rows.count)
  for entry in counts?["by_annex"]?.entries ?? [] {
    check.expect(counts?["by_annex"], entry.key, rows.count { String($0.annex) == entry.key })
  }
  for observable in DirectiveCatalogue.Observable.allCases {
    check.expect(
      counts?["host_observable"], observable.rawValue, rows.count { $0.observable == observable })
  }
  guard let id, let title else { return nil }
  return DirectiveCatalogue(id: id, title: title, rows: rows, place: node.place)
}

private func readRow(_ row: inout MappingReader) -> DirectiveCatalogue.Row? {
  let id = row.text("id")
  let annex = row.integer("annex")
  let target = row.localized("target_object")
  let title = row.localized("title")
  let summary = row.localized("summary")
  let observable = row.choice("host_observable", DirectiveCatalogue.Observable.self)
  let topics = row.texts("host_checks")
  let measure = row.optionalText("measure")
  let platform = row.optionalText("platform")
  row.skip(
    "number", "number_confidence", "number_inferred", "number_2021", "new_2025", "note")
  guard let id, let annex, let target, let title, let summary, let observable, let topics
  else { return nil }
  return DirectiveCatalogue.Row(
    id: id, annex: annex, target: target, title: title, summary: summary, observable: observable,
    topics: topics, measure: measure, platform: platform)
}
