import RiegelContent
import RiegelModel
import SystemPackage
import Testing

struct CatalogueReaderTests {
  /// What is wrong with a shipped catalogue after one piece of it was changed.
  private func problems(_ file: String, _ old: String, _ new: String) throws -> [String] {
    let folder = TemporaryFolder()
    folder.make(folder.path.appending("Rules"))
    folder.make(folder.path.appending("Profiles"))
    for name in [
      "iec62443-4-2", "iec62443-3-3", "measures", "threats", "norms",
      "kbv-it-sicherheitsrichtlinie",
    ] {
      let path = checkout.appending("Standards").appending("\(name).yml")
      let text = String(decoding: try ContentFile(path, name: name).bytes, as: UTF8.self)
      folder.write(
        "Standards/\(name).yml", name == file ? text.replacing(old, with: new) : text)
    }
    do {
      _ = try loadLibrary(from: folder.path, probes: fakeProbes)
      return []
    } catch {
      return error.diagnostics.map {
        "\($0.place.line > 0 ? "with line" : "without line") \($0.summary)"
      }
    }
  }

  @Test(arguments: [
    ("iec62443-4-2", "total: 122", "total: 121", "'total' says 121, but the lists give 122"),
    (
      "iec62443-4-2", "{base: 43, re: 27", "{base: 44, re: 27",
      "'base' says 44, but the lists give 43"
    ),
    (
      "iec62443-4-2", "sr: [\"SR 1.1\"]", "sr: [\"SR 9.1\"]",
      "'CR 1.1' names the requirement 'SR 9.1', which does not exist"
    ),
    (
      "iec62443-4-2", "host_evidence: direct", "host_evidence: direkt",
      "'direkt' is not one of direct, partial, none"
    ),
    ("iec62443-4-2", "id: \"CR 1.2\"", "id: \"CR 1.1\"", "the requirement 'CR 1.1' stands twice"),
    (
      "iec62443-4-2", "    fr: FR1", "    fr: FR9",
      "'CR 1.1' names the foundational requirement 'FR9', which does not exist"
    ),
    ("iec62443-4-2", "    sl: 1", "    sl: one", "a security level is SL0 to SL4"),
    ("iec62443-4-2", "  standard: ", "  standart: ", "'catalog' needs the key 'standard'"),
    ("iec62443-3-3", "sr: 51", "sr: 52", "'sr' says 52, but the lists give 51"),
    (
      "iec62443-3-3", "cumulative_at_level: {1: 37", "cumulative_at_level: {1: 38",
      "'1' says 38, but the lists give 37"
    ),
    (
      "iec62443-3-3", "cr: [\"CR 1.1\"]", "cr: [\"CR 9.9\"]",
      "'SR 1.1' names the requirement 'CR 9.9', which does not exist"
    ),
    ("measures", "core: 8", "core: 9", "'core' says 9, but the lists give 8"),
    (
      "measures", "  accounts: least-privilege\n", "", "the topic 'accounts' has no primary measure"
    ),
    (
      "measures", "  accounts: least-privilege\n", "  accounts: least\n",
      "'accounts' names the measure 'least', which does not exist"
    ),
    (
      "measures", "  accounts: least-privilege\n",
      "  accounts: least-privilege\n  acounts: encryption\n", "unknown topic 'acounts'"
    ),
    (
      "measures", "host_evidence: [accounts,", "host_evidence: [acounts,",
      "'least-privilege' names the topic 'acounts', which does not exist"
    ),
    (
      "measures", "kbv: [\"A1-2\"", "kbv: [\"A9-2\"",
      "'least-privilege' names the row of the directive 'A9-2', which does not exist"
    ),
    (
      "measures", "threats: [ransomware,", "threats: [ransom,",
      "'least-privilege' names the threat 'ransom', which does not exist"
    ),
    (
      "measures", "validity_months: 12", "validity_months: a",
      "'validity_months' must be a whole number"
    ),
    (
      "measures", "primary_measure_of_check:", "primary_measure_of_check: x\nignored:",
      "'primary_measure_of_check' is a mapping"
    ),
    ("threats", "count: 5", "count: 6", "'count' says 6, but the lists give 5"),
    (
      "threats", "fr: [FR1", "fr: [FR8",
      "'ransomware' names the foundational requirement 'FR8', which does not exist"
    ),
    ("threats", "threats:\n", "threats: x\nignored:\n", "'threats' must be a list, not a text"),
    ("threats", "  version: 1", "  verison: 1", "unknown key 'verison'"),
    ("norms", "count: 12", "count: 13", "'count' says 13, but the lists give 12"),
    (
      "norms", "report_sections: [scope-and-method", "report_sections: [scope",
      "unknown section 'scope'"
    ),
    (
      "norms", "measures: [post-market-surveillance", "measures: [post-market",
      "'mdr' names the measure 'post-market', which does not exist"
    ),
    ("norms", "catalog:\n", "catalog: x\nignored:\n", "'catalog' is a mapping, not a text"),
    (
      "kbv-it-sicherheitsrichtlinie", "total: 92", "total: 93",
      "'total' says 93, but the lists give 92"
    ),
    ("kbv-it-sicherheitsrichtlinie", "{1: 50", "{1: 51", "'1' says 51, but the lists give 50"),
    (
      "kbv-it-sicherheitsrichtlinie", "\"yes\": 10", "\"yes\": 11",
      "'yes' says 11, but the lists give 10"
    ),
    (
      "kbv-it-sicherheitsrichtlinie", "host_checks: [accounts]", "host_checks: [acounts]",
      "'A1-2' names the topic 'acounts', which does not exist"
    ),
    (
      "kbv-it-sicherheitsrichtlinie", "measure: security-awareness", "measure: awareness",
      "'A1-1' names the measure 'awareness', which does not exist"
    ),
    (
      "kbv-it-sicherheitsrichtlinie", "annex: 1\n    number: 1\n", "annex: one\n    number: 1\n",
      "'annex' must be a whole number"
    ),
  ])
  func aSlipInACatalogueIsFoundWithItsLine(
    file: String, old: String, new: String, expected: String
  ) throws {
    let found = try problems(file, old, new)
    #expect(found.contains("with line " + expected), "found \(found)")
  }

  @Test func aCatalogueIsAMapping() throws {
    for file in [
      "iec62443-4-2", "iec62443-3-3", "measures", "threats", "norms",
      "kbv-it-sicherheitsrichtlinie",
    ] {
      let found = try problems(file, "# Catalogue", "- x\n# Catalogue")
      #expect(!found.isEmpty)
    }
  }
}
