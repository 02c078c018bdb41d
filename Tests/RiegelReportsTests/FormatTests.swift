import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelReports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What holds of every format, whatever it is.
@Suite struct FormatTests {
  static func bytes(
    _ format: String, _ audit: Audit = SampleAudit.audit, _ language: Language = .en,
    previous: Audit? = nil
  ) -> [UInt8] {
    Reporters.named(format)?.render(
      audit, ReportOptions(language: language, previous: previous)) ?? []
  }

  static func text(
    _ format: String, _ audit: Audit = SampleAudit.audit, _ language: Language = .en,
    previous: Audit? = nil
  ) -> String {
    String(decoding: bytes(format, audit, language, previous: previous), as: UTF8.self)
  }

  @Test func everyFormatOfTheProductIsThere() {
    #expect(
      Set(Reporters.names) == [
        "terminal", "markdown", "html", "json", "ndjson", "csv", "junit", "sarif", "oscal",
        "xccdf", "arf", "hdf", "prometheus", "cyclonedx",
      ])
    #expect(Reporters.names.count == Set(Reporters.names).count)
  }

  @Test(arguments: Reporters.names, Language.allCases)
  func theSameAuditGivesTheSameBytesAndSoDoesTheSavedOne(
    _ format: String, _ language: Language
  ) throws {
    let saved = try AuditReader.read(Self.bytes("json"))
    #expect(
      Self.bytes(format, SampleAudit.audit, language) == Self.bytes(format, saved, language))
  }

  @Test(arguments: Reporters.names, Hostile.texts)
  func aHostileHostCanBreakNoFormat(_ format: String, _ hostile: String) throws {
    for language in Language.allCases {
      let report = Self.text(format, Hostile.audit(hostile), language)
      let isPlain = report.unicodeScalars.allSatisfy {
        !$0.isDeceptive || $0 == "\n" || (format == "csv" && $0 == "\r")
      }
      #expect(isPlain, "a character that deceives got into \(format)")
      try Self.expectSound(report, format, findings: 4)
    }
  }

  @Test(arguments: Reporters.names)
  func everyAuditGivesASoundReport(_ format: String) throws {
    for language in Language.allCases {
      let audit = SampleAudit.audit
      try Self.expectSound(
        Self.text(format, audit, language), format, findings: audit.findings.count)
      try Self.expectSound(
        Self.text(format, SampleSite.audit, language), format, findings: audit.findings.count)
      var empty = SampleAudit.audit(of: [], levels: [])
      empty.host = .init(name: nil, machineID: nil, system: nil, kernel: nil)
      empty.measures = []
      empty.threats = []
      empty.catalogues = CatalogueExtract()
      empty.inventory = nil
      try Self.expectSound(Self.text(format, empty, language), format, findings: 0)
    }
  }

  @Test(arguments: Reporters.names.filter { $0 != "cyclonedx" }, Language.allCases)
  func noReportSaysMoreThanItKnows(_ format: String, _ language: Language) {
    // "compliance" is the name of a class and a member in OCSF.
    let report = Self.text(format, SampleAudit.audit, language).lowercased()
    for word in ["compliant", "certified", "konform", "zertifiziert"] {
      #expect(!report.contains(word), "\(format) says \(word)")
    }
  }

  /// Whether a program that reads the format could read this.
  static func expectSound(_ report: String, _ format: String, findings: Int) throws {
    switch format {
    case "json", "sarif", "oscal", "hdf", "cyclonedx":
      _ = try JSONValue(parsing: Array(report.utf8))
    case "ndjson":
      let lines = report.split(separator: "\n")
      #expect(lines.count == findings)
      for line in lines { _ = try JSONValue(parsing: Array(line.utf8)) }
    case "junit", "xccdf", "arf":
      let parser = XMLParser(data: Data(report.utf8))
      #expect(parser.parse(), "\(format): \(parser.parserError.map { "\($0)" } ?? "")")
    case "csv":
      let rows = rows(ofCSV: report)
      #expect(rows.count == findings + 1)
      #expect(rows.allSatisfy { $0.count == CSVReporter.head.count })
      for cell in rows.flatMap({ $0 }) {
        #expect(!cell.hasPrefix("=") && !cell.hasPrefix("+") && !cell.hasPrefix("-"), "\(cell)")
        #expect(!cell.hasPrefix("@") && !cell.hasPrefix("\t"), "\(cell)")
      }
    case "prometheus":
      for line in report.split(separator: "\n") where !line.hasPrefix("#") {
        #expect(line.hasPrefix("riegel_"))
        #expect(Int(line.split(separator: " ").last ?? "") != nil, "\(line)")
      }
    case "html":
      #expect(report.components(separatedBy: "<script").count == 2)
      // One for all, and one where there is no script.
      #expect(report.components(separatedBy: "<style").count == 3)
      #expect(report.components(separatedBy: "<img").count == 1)
      #expect(report.components(separatedBy: "<details ").count == findings + 1)
      #expect(report.components(separatedBy: "<title").count == 2 || report.contains("<title "))
      #expect(!report.contains("Markup(") && !report.contains("Localized("))
    case "markdown":
      #expect(!withoutCode(report).contains("<") && !report.contains("\n\n\n\n"))
      #expect(!report.split(separator: "\n").contains { $0.hasPrefix("PASS") })
    default: break
    }
  }

  /// Markdown without its code spans: from a run of backticks to the next of the same length.
  static func withoutCode(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "`") {
      result += rest[..<start]
      let fence = rest[start...].prefix { $0 == "`" }
      rest = rest[fence.endIndex...]
      if result.last == "\\" { continue }
      var at = rest.startIndex
      while let tick = rest[at...].firstIndex(of: "`") {
        let run = rest[tick...].prefix { $0 == "`" }
        at = run.endIndex
        if run.count == fence.count { break }
      }
      rest = rest[at...]
    }
    return result + rest
  }

  /// RFC 4180 read strictly.
  static func rows(ofCSV text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\"" where isQuoted && scalars.first == "\"":
        scalars.removeFirst()
        cell += "\""
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        row.append(cell)
        cell = ""
      case "\r" where !isQuoted && scalars.first == "\n":
        scalars.removeFirst()
        rows.append(row + [cell])
        row = []
        cell = ""
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return cell.isEmpty && row.isEmpty ? rows : rows + [row + [cell]]
  }

  @Test(arguments: [
    ("markdown", Language.en), ("markdown", .de), ("csv", .en), ("junit", .de),
    ("prometheus", .en), ("cyclonedx", .en),
  ])
  func theReportIsAsItWasLookedAt(_ format: String, _ language: Language) throws {
    try Golden.expect(
      Self.bytes(format, SampleAudit.audit, language), "audit.\(language).\(format)")
  }

  @Test func uuidsAreThoseOfTheStandard() {
    // python3 -c 'import uuid; print(uuid.uuid5(uuid.NAMESPACE_URL, "urn:riegel:t:a\0bc\0"))'
    #expect(NameUUID("t").uuid("a", "bc") == "f247987d-fd18-5c4e-bedb-f70c976eba04")
    #expect(NameUUID("t").uuid("ab", "c") != NameUUID("t").uuid("a", "bc"))
  }

  @Test func pathsBecomeURIsByteByByte() {
    #expect(relativeURI("/etc/ssh/sshd_config") == "etc/ssh/sshd_config")
    #expect(relativeURI("/a b/ü?#%") == "a%20b/%C3%BC%3F%23%25")
    #expect(relativeURI("/") == "./")
  }

  @Test(arguments: [
    ("a`b", "``a`b``"), ("`x`", "`` `x` ``"), ("", "` `"), ("plain", "`plain`"),
    (" edge ", "`  edge  `"),
  ])
  func codeSpansHoldWhateverIsInThem(_ text: String, _ markdown: String) {
    #expect(MarkdownText.code(text) == markdown)
  }

  @Test func packagesHaveTheirURLs() {
    let url = CycloneDXReporter.packageURL(
      SampleAudit.inventory.packages[1], in: SampleAudit.inventory)
    #expect(
      url
        == "pkg:deb/debian/openssh-server@1:9.2p1-2%2Bdeb12u3?arch=amd64&distro=debian-12")
  }
}
