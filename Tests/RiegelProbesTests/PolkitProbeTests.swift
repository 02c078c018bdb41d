import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct PolkitProbeTests {
  private func rows(_ texts: [String: String]) throws -> [Row] {
    var texts = texts
    texts["/etc/passwd"] =
      "root:x:0:0::/root:/bin/sh\ngdm:x:110:110::/:/bin/false\n"
      + "anna:x:1000:1000::/home/anna:/bin/bash\n"
    texts["/etc/group"] = "root:x:0:\n"
    return try PolkitProbe().observe(Host(MemoryTarget(texts: texts))).rows
  }

  private func row(_ body: String) throws -> Row {
    try #require(
      try rows([
        "/etc/polkit-1/rules.d/50.rules":
          "// c\npolkit.addRule(function(action, subject) {\n\(body)\n});\n"
      ]).first)
  }

  @Test func theVendorsOwnFormIsWorkedOut() throws {
    let found = try rows([
      "/usr/share/polkit-1/rules.d/packagekit.rules": """
      polkit.addRule(function(action, subject) {
          if ((action.id == "org.a.upgrade" ||
               action.id == "org.a.trigger") &&
              subject.active == true && subject.local == true &&
              subject.isInGroup("sudo")) {
                  return polkit.Result.YES;
          }
      });
      """
    ])
    #expect(found.count == 1)
    #expect(found[0]["result"].value == .text("yes"))
    #expect(found[0]["result"].origin == .line("/usr/share/polkit-1/rules.d/packagekit.rules", 6))
    #expect(found[0]["identities"].value == .list(["unix-group:sudo"]))
    #expect(found[0]["actions"].value == .list(["org.a.trigger", "org.a.upgrade"]))
    #expect(found[0]["session"].value == .text("active"))
    #expect(found[0]["source"].value == .text("vendor"))
    #expect(found[0]["people"].value == .flag(true))
  }

  @Test(
    arguments: [
      ("return polkit.Result.YES;", ["*"], ["*"], true),
      ("if (action.id == 'a.b') return polkit.Result.YES;", ["*"], ["a.b"], true),
      ("if (subject.user === \"gdm\") { return 'yes'; }", ["unix-user:gdm"], ["*"], false),
      ("if (subject.user == \"anna\") return polkit.Result.YES", ["unix-user:anna"], ["*"], true),
      (
        "if (subject.isInGroup('a') || subject.isInGroup('b')) return polkit.Result.YES;",
        ["unix-group:a", "unix-group:b"], ["*"], true
      ),
      (
        "if (action.id.indexOf('org.x.') == 0 && subject.isInGroup('a')) { polkit.log('x' + action); "
          + "return polkit.Result.YES; }", ["unix-group:a"], ["org.x.*"], true
      ),
      (
        "if (!subject.isInGroup('a')) return polkit.Result.NOT_HANDLED; return polkit.Result.YES;",
        ["unix-group:a"], ["*"], true
      ),
      ("if (!subject.isInGroup('a')) return polkit.Result.YES;", ["*"], ["*"], true),
      (
        "if (action.id.match(/x/) && subject.isInGroup('a')) return polkit.Result.YES;",
        ["unix-group:a"], ["*"], true
      ),
      (
        "if (action.lookup('unit') == 'x.service' && subject.isInGroup('a')) return polkit.Result.YES;",
        ["unix-group:a"], ["*"], true
      ),
      ("if (subject.isInGroup('a') || true) return polkit.Result.YES;", [], [], false),
      ("if (action.lookup('unit') == 'x') return polkit.Result.YES;", [], [], false),
      ("var x = 1; return polkit.Result.YES;", [], [], false),
      ("return check(subject) ? polkit.Result.YES : null;", [], [], false),
      (
        "if (subject.isInGroup('a')) { return polkit.Result.NO; } else { return polkit.Result.YES; }",
        [], [], false
      ),
      ("for (;;) {}", [], [], false), ("return polkit.spawn(['/bin/x']);", [], [], false),
    ] as [(String, [String], [String], Bool)])
  func plainFormsAreWorkedOutAndOthersAreNot(
    body: String, identities: [String], actions: [String], people: Bool
  ) throws {
    let row = try row(body)
    if identities.isEmpty {
      #expect(row["understood"].value == .flag(false))
      guard case .unknown(.undetermined) = row["result"].content else {
        Issue.record("\(row)")
        return
      }
      return
    }
    #expect(row["understood"].value == .flag(true))
    #expect(row["result"].value == .text("yes"))
    #expect(row["identities"].value == .list(identities))
    #expect(row["actions"].value == .list(actions))
    #expect(row["people"].value == .flag(people))
  }

  @Test func theFirstListOfAdministratorsCounts() throws {
    let found = try rows([
      "/usr/share/polkit-1/rules.d/50-default.rules":
        "polkit.addAdminRule(function(action, subject) {\n    return [\"unix-group:sudo\"];\n});\n",
      "/etc/polkit-1/rules.d/40-own.rules":
        "polkit.addAdminRule((action, subject) => {\n  return ['unix-user:anna', 'unix-user:0',];\n});\n",
    ])
    #expect(found.count == 1)
    #expect(found[0]["identities"].value == .list(["unix-user:anna", "unix-user:0"]))
    #expect(found[0]["source"].value == .text("local"))
  }

  @Test func statementsOutsideOfRulesAreNotUnderstood() throws {
    let found = try rows([
      "/etc/polkit-1/rules.d/a.rules": "\"use strict\";\npolkit._x = 1;\n"
    ])
    #expect(found.map { $0["understood"].value } == [.flag(false)])
    #expect(found[0].subject == "/etc/polkit-1/rules.d/a.rules:2")
  }

  @Test func theOldAuthorityCountsOnlyWhereItIsRead() throws {
    let entry = [
      "/etc/polkit-1/localauthority/50-local.d/a.pkla": """
      [People may mount]
      Identity=unix-user:*
      Action=org.x.mount;org.x.eject
      ResultAny=yes
      ResultActive=yes
      """
    ]
    #expect(try rows(entry).isEmpty)
    let old = "Package: policykit-1\nStatus: install ok installed\nVersion: 0.105-31\n\n"
    let found = try rows(entry.merging(["/var/lib/dpkg/status": old]) { $1 })
    #expect(found.map { $0["session"].value } == [.text("active"), .text("any")])
    #expect(found[0]["identities"].value == .list(["*"]))
    #expect(found[0]["actions"].value == .list(["org.x.mount", "org.x.eject"]))
    let inactive = try rows([
      "/var/lib/dpkg/status": old,
      "/etc/polkit-1/localauthority/50-local.d/b.pkla":
        "[b]\nIdentity=unix-user:*\nAction=org.x\nResultAny=no\nResultInactive=yes\n",
    ])
    #expect(inactive.map { $0["result"].value } == [.text("no"), .text("yes")])
    let compat = [
      "/usr/share/polkit-1/rules.d/49-polkit-pkla-compat.rules":
        "polkit.addRule(function(action, subject) {\n return polkit.spawn(['pkla-check-authorization']);\n});\n"
    ]
    #expect(try rows(entry.merging(compat) { $1 }).contains { $0["kind"].value == .text("pkla") })
  }

  @Test func hostileTextEnds() throws {
    for text in [
      String(repeating: "(", count: 10_000), String(repeating: "{", count: 10_000),
      "polkit.addRule(", "polkit.addRule(function(a,b){" + String(repeating: "if(!", count: 9_000),
      "\"", "/*", "polkit.addRule(function(a,b){return", "\u{0}",
    ] {
      _ = try rows(["/etc/polkit-1/rules.d/a.rules": text])
    }
  }

  @Test func aFolderThatCannotBeListedIsAGap() throws {
    var folder = MemoryTarget.Node.directory(mode: 0o700)
    folder.failure = .permissionDenied("/etc/polkit-1/rules.d")
    let found = try PolkitProbe().observe(Host(MemoryTarget(["/etc/polkit-1/rules.d": folder])))
    #expect(found.gaps == [.permissionDenied("/etc/polkit-1/rules.d")])
  }
}
