import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelReports

@Suite struct JSONReporterTests {
  static func json(_ audit: Audit = SampleAudit.audit) -> [UInt8] {
    JSONReporter().render(audit, ReportOptions())
  }

  @Test func theReportIsAsItWasLookedAt() throws { try Golden.expect(Self.json(), "audit.json") }

  @Test func theSchemaIsAsItWasLookedAt() throws {
    try Golden.expect(Array(AuditSchema.text.utf8), "audit.schema.json")
  }

  @Test func languageWidthAndColourChangeNothing() {
    let options = ReportOptions(language: .de, width: 40, colour: true, verbosity: .quiet)
    #expect(JSONReporter().render(SampleAudit.audit, options) == Self.json())
  }

  @Test func theAuditComesBackWhole() throws {
    #expect(try AuditReader.read(Self.json()) == SampleAudit.audit)
  }

  @Test(arguments: [TargetKind.live, .directory, .archive, .memory])
  func anEmptyAuditComesBackToo(_ kind: TargetKind) throws {
    var audit = SampleAudit.audit(of: [], kind: kind, isPrivileged: true, levels: [])
    audit.host = .init(name: nil, machineID: nil, system: nil, kernel: nil)
    audit.profile.target = [:]
    #expect(try AuditReader.read(Self.json(audit)) == audit)
  }

  @Test(arguments: Hostile.texts)
  func hostileTextsComeBackAndCannotBeMistaken(_ text: String) throws {
    let audit = Hostile.audit(text)
    let bytes = Self.json(audit)
    #expect(try AuditReader.read(bytes) == audit)
    let raw = String(decoding: bytes, as: UTF8.self)
    #expect(!raw.unicodeScalars.contains { $0 != "\n" && $0.isDeceptive })
  }

  @Test func pathsThatAreNotUTF8ComeBackToTheByte() throws {
    let path = FilePath(platformString: [0x2F, 0x61, -1, 0x5C, 0x78, 0x66, 0x66, 0])
    let literal = FilePath(#"/a\xff\xff"#)
    for path in [path, literal] {
      var finding = SampleAudit.toor
      finding.evidence[0].origin = .line(path, 7)
      finding.reason = .undecided([.permissionDenied(path)])
      let audit = SampleAudit.audit(of: [finding])
      #expect(try AuditReader.read(Self.json(audit)) == audit)
    }
  }

  @Test func everyProperPrefixIsCalledTruncated() {
    let bytes = Self.json()
    for end in stride(from: 0, to: bytes.count - 2, by: 1499) {
      #expect(throws: AuditReader.Failure.truncated) { try AuditReader.read(Array(bytes[..<end])) }
    }
  }

  @Test(arguments: [
    ("{}", AuditReader.Failure.foreign),
    ("[]", .foreign),
    ("{\"format\": 1, \"tool\": {\"name\": \"other\"}, \"findings\": []}", .foreign),
    ("{\"format\": 9, \"tool\": {\"name\": \"riegel\"}, \"findings\": 3}", .newer(format: 9)),
    ("{\"format\": 0, \"tool\": {\"name\": \"riegel\"}, \"findings\": 3}", .bad(member: "format")),
    (
      "{\"format\": 1, \"tool\": {\"name\": \"riegel\"}, \"findings\": []}",
      .bad(member: "host")
    ),
    ("<html>", .notJSON(line: 1, column: 1)),
    ("{\n  \"a\": tru }", .notJSON(line: 2, column: 11)),
    ("{\"a\": 1, \"a\": 2}", .notJSON(line: 1, column: 10)),
    ("{\"a\": \"\\ud800\"}", .notJSON(line: 1, column: 14)),
    ("{\"a\": \"\\udc00\"}", .notJSON(line: 1, column: 8)),
    ("{} x", .notJSON(line: 1, column: 4)),
    ("", .truncated),
  ])
  func whatIsNoAuditIsNamed(_ text: String, _ failure: AuditReader.Failure) {
    #expect(throws: failure) { try AuditReader.read(Array(text.utf8)) }
    #expect(!failure.message.en.isEmpty && !failure.message.de.isEmpty)
  }

  @Test func aDamagedMemberIsNamedByItsWay() {
    let text = String(decoding: Self.json(), as: UTF8.self)
      .replacingOccurrences(of: "\"verdict\": \"violated\"", with: "\"verdict\": \"maybe\"")
    #expect(throws: AuditReader.Failure.bad(member: "findings[0].evidence[0].verdict")) {
      try AuditReader.read(Array(text.utf8))
    }
  }

  @Test func deepNestingAndBadUTF8AreRefused() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: AuditReader.Failure.self) { try AuditReader.read(Array(deep.utf8)) }
    let bad = Array("{\"a\": \"".utf8) + [0xFF] + Array("\"}".utf8)
    #expect(throws: AuditReader.Failure.notJSON(line: 1, column: 8)) { try AuditReader.read(bad) }
  }

  @Test(.enabled(if: Python.hasJSONSchema))
  func thePublishedSchemaHoldsAndNamesEveryMember() throws {
    // Strict here although not for users: every object closed, so that no member goes unnamed.
    let output = try Python.run(
      """
      import json, sys
      from jsonschema import Draft202012Validator as V
      data = json.load(sys.stdin)
      schema = json.loads(data["schema"])
      V.check_schema(schema)
      def close(node):
          if isinstance(node, dict):
              if "properties" in node and node.get("type") == "object":
                  node["additionalProperties"] = False
              for value in node.values(): close(value)
          elif isinstance(node, list):
              for value in node: close(value)
      close(schema)
      for error in V(schema).iter_errors(json.loads(data["audit"])):
          print(list(error.absolute_path), error.message[:200])
      """,
      input: JSONEncoder().encode([
        "schema": AuditSchema.text, "audit": String(decoding: Self.json(), as: UTF8.self),
      ]))
    #expect(output == "")
  }
}

/// The interpreter that the schema test needs; the test is passed over where it is not there.
enum Python {
  static func run(_ program: String, input: Data) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
      + (process.terminationStatus == 0 ? "" : "status \(process.terminationStatus)")
  }

  static let hasJSONSchema = (try? run("import jsonschema", input: Data())) == ""
}
