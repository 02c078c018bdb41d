package import RiegelModel

/// The Asset Reporting Format 1.1 (NIST IR 7694): what was asked as a SCAP data stream, the asset,
/// and the XCCDF result about it.
package struct ARFReporter: Reporter {
  package static let name = "arf"
  package static let summary = Localized(
    en: "ARF 1.1 with the XCCDF results, for SCAP tools",
    de: "ARF 1.1 mit den XCCDF-Ergebnissen, für SCAP-Werkzeuge")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let document = XCCDFDocument(audit, options.language)
    var xml = XMLWriter()
    xml.element(
      "arf:asset-report-collection",
      [
        "xmlns:arf": "http://scap.nist.gov/schema/asset-reporting-format/1.1",
        "xmlns:core": "http://scap.nist.gov/schema/reporting-core/1.1",
        "xmlns:ai": "http://scap.nist.gov/schema/asset-identification/1.1",
      ]
    ) { xml in
      relationships(&xml)
      xml.element("arf:report-requests") {
        $0.element("arf:report-request", ["id": "collection1"]) {
          $0.element("arf:content") { stream(&$0, document, audit.startedAt) }
        }
      }
      xml.element("arf:assets") {
        $0.element("arf:asset", ["id": "asset0"]) { asset(&$0, audit) }
      }
      xml.element("arf:reports") {
        $0.element("arf:report", ["id": "xccdf1"]) {
          $0.element("arf:content") { document.writeResult(to: &$0, alone: true) }
        }
      }
    }
    xml.end()
    return xml.bytes
  }

  private func relationships(_ xml: inout XMLWriter) {
    let vocabulary = "http://scap.nist.gov/specifications/arf/vocabulary/relationships/1.0#"
    xml.element("core:relationships", ["xmlns:arfvocab": vocabulary]) { xml in
      for (type, object) in [("createdFor", "collection1"), ("isAbout", "asset0")] {
        xml.element("core:relationship", ["type": "arfvocab:\(type)", "subject": "xccdf1"]) {
          $0.element("core:ref", text: object)
        }
      }
    }
  }

  private func stream(_ xml: inout XMLWriter, _ document: XCCDFDocument, _ time: Instant) {
    xml.element(
      "ds:data-stream-collection",
      [
        "xmlns:ds": "http://scap.nist.gov/schema/scap/source/1.2",
        "xmlns:xlink": "http://www.w3.org/1999/xlink", "id": "scap_org.riegel_collection_audit",
        "schematron-version": "1.2",
      ]
    ) { xml in
      xml.element(
        "ds:data-stream",
        [
          "id": "scap_org.riegel_datastream_audit", "scap-version": "1.2", "use-case": "OTHER",
          "timestamp": time.description,
        ]
      ) {
        $0.element("ds:checklists") {
          $0.element(
            "ds:component-ref",
            [
              "id": "scap_org.riegel_cref_benchmark",
              "xlink:href": "#scap_org.riegel_comp_benchmark",
            ])
        }
      }
      xml.element(
        "ds:component",
        ["id": "scap_org.riegel_comp_benchmark", "timestamp": time.description]
      ) { document.writeBenchmark(to: &$0, withResult: false) }
    }
  }

  private func asset(_ xml: inout XMLWriter, _ audit: Audit) {
    xml.element("ai:computing-device") { xml in
      if let id = audit.host.machineID {
        xml.element("ai:synthetic-id", ["resource": "urn:riegel:machine-id", "id": id])
      }
      let name = VisibleText.escaped(audit.host.name ?? "")
      if ARFReporter.isHostName(name) { xml.element("ai:hostname", text: name) }
    }
  }

  /// The schema takes names of `hostname(7)` alone.
  private static func isHostName(_ name: String) -> Bool {
    !name.isEmpty
      && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        !label.isEmpty && label.utf8.count < 64 && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
              || $0 == UInt8(ascii: "-")
          }
      }
  }
}
