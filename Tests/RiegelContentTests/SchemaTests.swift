import Foundation
import RiegelContent
import RiegelModel
import SystemPackage
import Testing

/// Whether Python can judge schemas and read YAML on this machine.
private let hasValidator = run(["-c", "import jsonschema, yaml"]).status == 0

private func run(_ arguments: [String]) -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3"] + arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  do { try process.run() } catch { return (127, "\(error)") }
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

struct SchemaTests {
  /// Checks the schema against its own rules and each document against the schema, once with all
  /// scalars as texts and once with the types that YAML gives them.
  private static let script = """
    import json, sys, yaml, jsonschema
    schema = json.load(open(sys.argv[1]))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for path in sys.argv[2:]:
        for loader in yaml.BaseLoader, yaml.SafeLoader:
            errors = list(validator.iter_errors(yaml.load(open(path), Loader=loader)))
            print("bad" if errors else "good", [e.message[:120] for e in errors][:2] if errors else "")
    """

  private func judge(_ schema: String, _ documents: [String]) -> [String] {
    let folder = TemporaryFolder()
    folder.write("schema.json", schema)
    folder.write("judge.py", SchemaTests.script)
    let names = documents.indices.map { "\($0).yaml" }
    for (name, text) in zip(names, documents) { folder.write(name, text) }
    let paths = (["judge.py", "schema.json"] + names).map { folder.path.appending($0).string }
    let result = run(paths)
    guard result.status == 0 else { return [result.output] }
    return result.output.split(separator: "\n").map(String.init)
  }

  @Test(.enabled(if: hasValidator)) func theFilesOfTheClinicFitTheirSchemas() throws {
    let clinic = URL(fileURLWithPath: checkout.string).appending(path: "Examples/clinic")
    func texts(_ name: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(
        at: clinic.appending(path: name), includingPropertiesForKeys: nil
      ).filter { $0.pathExtension == "yaml" }.map { try String(contentsOf: $0, encoding: .utf8) }
    }
    let site = try String(contentsOf: clinic.appending(path: "site.yaml"), encoding: .utf8)
    let files = [
      (siteSchema(), [site]), (waiverSchema(), try texts("waivers")),
      (attestationSchema(), try texts("attestations")),
    ]
    for (schema, documents) in files {
      let verdicts = judge(schema, documents)
      #expect(verdicts.count == documents.count * 2 && verdicts.count > 1)
      // Dates are texts here; other loaders make them days.
      for verdict in verdicts.enumerated().filter({ $0.offset.isMultiple(of: 2) }) {
        #expect(verdict.element.hasPrefix("good"), "\(verdict.element)")
      }
    }
    #expect(
      judge(siteSchema(), [site.replacingOccurrences(of: "zone: office", with: "zoen: x")])[0]
        .hasPrefix("bad"))
  }

  @Test(.enabled(if: hasValidator)) func rulesThatAreReadFitTheSchema() {
    let rules = [
      designRule, rule(),
      rule(
        check: """
          - any:
              - {sshd: X, user: alice, where: {context: main}, expect: [a], missing: pass}
              - none: [{files: [/], exclude: [/proc], depth: 3, follow: true, none: true}]
              - not: {users: all, count: {at-most: 3}}
          - {listening: all, family: tcp, allow: [tcp, {port: 22}]}
          - {users: all, some: {groups: [], max-days: {between: [1, 2]}}}
          - manual: {en: Look., de: Nachsehen.}
          """, parameters: "x: {type: int, min: 1, default: 1, by-level: {SL3: 2}}",
        when: "- package: x\n- parameter: x\n  expect: 1\n- site: y\n  expect: true"),
      rule(
        examples:
          "- {name: a, outcome: pass, running: true, level: 2, files: {/a: {mode: 0640, uid: 3}, /b: x}}"
      ),
    ]
    for verdict in judge(ruleSchema(for: fakeProbes), rules) {
      #expect(verdict.hasPrefix("good"), "\(verdict)")
    }
  }

  @Test(.enabled(if: hasValidator)) func rulesThatAreNotReadDoNotFit() {
    let rules = [
      rule(check: "- sshd: X"), rule(check: "- sshdd: X\n  expect: a"),
      rule(check: "- sshd: X\n  expect: {}"), rule(check: "[]"),
      rule(check: "- sshd: X\n  expect: a\n  none: b"), rule(more: "tittle: x\n"),
      rule(check: "- sshd: X\n  expect: {valeu: a}"), rule(check: "- listening: all\n  none: true"),
      rule().replacing("low", with: "lwo"), rule(parameters: "x: {type: int}"),
      rule(examples: "- {name: x, outcome: passed}"),
    ]
    let verdicts = judge(ruleSchema(for: fakeProbes), rules)
    #expect(verdicts.count == rules.count * 2)
    for verdict in verdicts { #expect(verdict.hasPrefix("bad"), "\(verdict)") }
  }

  @Test(.enabled(if: hasValidator)) func shippedProfilesFitTheirSchema() throws {
    let texts = try ["workstation-sl1.yaml", "workstation-sl2.yaml"].map {
      String(
        decoding: try ContentFile(checkout.appending("Profiles").appending($0), name: $0).bytes,
        as: UTF8.self)
    }
    for verdict in judge(profileSchema(), texts) {
      #expect(verdict.hasPrefix("good"), "\(verdict)")
    }
    for verdict in judge(profileSchema(), ["title: {en: a, de: b}\ndescription: {en: a, de: b}"]) {
      #expect(verdict.hasPrefix("bad"), "\(verdict)")
    }
  }

  @Test func theSchemaIsTheSameEveryTime() {
    #expect(ruleSchema(for: fakeProbes) == ruleSchema(for: fakeProbes))
    #expect(
      ruleSchema(for: []).contains("\"$schema\": \"https://json-schema.org/draft/2020-12/schema\""))
  }
}

struct ReferenceTests {
  @Test func aProbesPageFollowsFromItsDeclaration() {
    let page = referencePage(for: ProbeDeclaration(FilesFake.self))
    for line in [
      "# files", "| `files` | a text or a list of texts | Where to begin. |",
      "| `depth` | a whole number | How deep. |", "| `order` | `name`, `size` | The order. |",
      "| `path` | text | The path. A matcher without a field is about this one. |",
      "| `type` | `file`, `directory` | Type. |", "| `has-bits` | `path`, `mode` |",
      "| `equals` | all |",
    ] {
      #expect(page.contains(line), "\(line) is not in \(page)")
    }
    let other = referencePage(for: ProbeDeclaration(SshdFake.self))
    #expect(other.contains("## Reads\n\n- `/etc/ssh/**`"))
    #expect(!other.contains("younger-than"))
    let users = referencePage(for: ProbeDeclaration(UsersFake.self))
    #expect(users.contains("| `groups` | list of texts |"))
    #expect(users.contains("| `younger-than` | `changed` |"))
    let sockets = referencePage(for: ProbeDeclaration(SocketFake.self))
    #expect(sockets.contains("| `family` | a text, required | Family. |"))
    let package = referencePage(for: ProbeDeclaration(PackageFake.self))
    #expect(package.contains("| `version` | version |"))
  }

  @Test(arguments: [
    (
      Language.en,
      [
        "# SSH login as root is disabled", "- Topic: SSH settings", "- Decides: CR 1.1 RE 1",
        "- Risk: lockout",
        "| `allowed` | list | [no] | [no, prohibit-password, forced-commands-only] |",
      ]
    ),
    (
      Language.de,
      [
        "# Die SSH-Anmeldung als root ist gesperrt", "- Thema: SSH-Einstellungen",
        "- Entscheidet: CR 1.1 RE 1", "- Risiko: lockout",
      ]
    ),
  ])
  func aRulesPageIsInOneLanguage(language: Language, lines: [String]) throws {
    let folder = TemporaryFolder()
    folder.fillWithStandards()
    folder.write("Rules/ssh/ssh-root-login-disabled.yaml", designRule)
    let library = try loadLibrary(from: folder.path, probes: fakeProbes).library
    let page = referencePage(for: library.rules[0], in: library, language)
    for line in lines { #expect(page.contains(line), "\(line) is not in \(page)") }
  }

  @Test func aPreviewRuleSaysSo() throws {
    let folder = TemporaryFolder()
    folder.fillWithStandards()
    folder.write(
      "Rules/ssh/a-rule.yaml",
      rule(
        check: "- sshd: X\n  expect: \"${a}\"",
        parameters: "a: {type: int, unit: days, default: 1}", more: "status: preview\n"))
    let library = try loadLibrary(from: folder.path, probes: fakeProbes).library
    let page = referencePage(for: library.rules[0], in: library, .en)
    #expect(page.contains("- Status: preview"))
    #expect(page.contains("| `a` | int, days | 1 |"))
  }
}
