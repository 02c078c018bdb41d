package import RiegelModel

/// XCCDF 1.2: the rules as a benchmark with the result of the test in it, as OpenSCAP writes it.
package struct XCCDFReporter: Reporter {
  package static let name = "xccdf"
  package static let summary = Localized(
    en: "XCCDF 1.2 results for SCAP tools", de: "XCCDF-1.2-Ergebnisse für SCAP-Werkzeuge")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    var xml = XMLWriter()
    XCCDFDocument(audit, options.language).writeBenchmark(to: &xml, withResult: true)
    xml.end()
    return xml.bytes
  }
}
