import Foundation
import RiegelModel
import RiegelTargets
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct DconfProbeTests {
  static let idle = "/org/gnome/desktop/session/idle-delay"

  private func row(
    _ key: String, _ texts: [String: String], profile: String = "user"
  ) throws -> Row {
    var probe = DconfProbe()
    probe.key = key
    probe.profile = profile
    return try #require(try probe.observe(Host(MemoryTarget(texts: texts))).rows.first)
  }

  static let local = [
    "/etc/dconf/profile/user": "user-db:user\nsystem-db:local\nsystem-db:site\n",
    "/etc/dconf/db/local": "", "/etc/dconf/db/site": "",
  ]

  @Test func theLastFileWinsAndTheFirstDatabase() throws {
    let row = try row(
      Self.idle,
      Self.local.merging([
        "/etc/dconf/db/local.d/00-a": "# x\n[org/gnome/desktop/session]\nidle-delay=uint32 900\n",
        "/etc/dconf/db/local.d/10-b": "[org/gnome/desktop/session]\nidle-delay=uint32 600\n",
        "/etc/dconf/db/site.d/x": "[org/gnome/desktop/session]\nidle-delay=uint32 0\n",
      ]) { $1 })
    #expect(row["number"].value == .number(600))
    #expect(row["value"].origin == .line("/etc/dconf/db/local.d/10-b", 2))
    #expect(row["value"].overrides.map(\.value) == ["900", "0"])
    #expect(row["locked"].value == .flag(false))
    #expect(row["compiled"].value == .text("current"))
    #expect(row["source"].value == .text("database"))
    #expect(row["database"].value == .text("local"))
  }

  @Test func aLockTakesTheValueFromItsDatabaseDownwards() throws {
    let row = try row(
      Self.idle,
      Self.local.merging([
        "/etc/dconf/db/local.d/a": "[org/gnome/desktop/session]\nidle-delay=uint32 600\n",
        "/etc/dconf/db/site.d/x": "[org/gnome/desktop/session]\nidle-delay=uint32 300\n",
        "/etc/dconf/db/site.d/locks/l": "# all\n" + Self.idle + "\n",
      ]) { $1 })
    #expect(row["number"].value == .number(300))
    #expect(row["locked"].value == .flag(true))
    #expect(row["locked"].origin == .line("/etc/dconf/db/site.d/locks/l", 2))
  }

  @Test(arguments: ["/org/gnome/desktop/session/", " " + idle, idle + " ", "#" + idle])
  func aLineThatIsNoWholeKeyLocksNothing(line: String) throws {
    let row = try row(
      Self.idle, Self.local.merging(["/etc/dconf/db/local.d/locks/l": line + "\n"]) { $1 })
    #expect(row["compiled"].value == .text("missing"))
    #expect(row["locked"].value == .flag(false))
  }

  @Test func withoutTheCompiledDatabaseNothingIsInForce() throws {
    var texts = ["/etc/dconf/profile/user": "user-db:user\nsystem-db:local\n"]
    texts["/etc/dconf/db/local.d/a"] = "[org/gnome/desktop/session]\nidle-delay=uint32 600\n"
    let row = try row(Self.idle, texts)
    #expect(row["compiled"].value == .text("missing"))
    #expect(row["value"].content == .absent)
  }

  @Test func aProfileThatDoesNotNameTheDatabaseIgnoresIt() throws {
    let texts = [
      "/etc/dconf/db/local": "",
      "/etc/dconf/db/local.d/a":
        "[org/gnome/desktop/session]\nidle-delay=uint32 600\n",
    ]
    #expect(try row(Self.idle, texts)["value"].content == .absent)
    let other = texts.merging(["/etc/dconf/profile/user": "user-db:user\n"]) { $1 }
    #expect(try row(Self.idle, other)["value"].content == .absent)
  }

  @Test func anOlderDatabaseIsOutdated() throws {
    var old = MemoryTarget.Node.file("")
    old.metadata.modified = Instant(seconds: 100)
    var source = MemoryTarget.Node.file("[a]\nb=1\n")
    source.metadata.modified = Instant(seconds: 200)
    let host = Host(
      MemoryTarget([
        "/etc/dconf/profile/user": .file("user-db:user\nsystem-db:local\n"),
        "/etc/dconf/db/local": old, "/etc/dconf/db/local.d/x": source,
      ]))
    var probe = DconfProbe()
    probe.key = "/a/b"
    #expect(try probe.observe(host).rows[0]["compiled"].value == .text("outdated"))
  }

  @Test func theSchemaAndItsOverridesGiveTheDefault() throws {
    let schema = """
      <schemalist>
        <schema id="org.gnome.desktop.session" path="/org/gnome/desktop/session/">
          <key name="idle-delay" type="u">
            <default>300</default>
          </key>
          <key name="session-name" type="s">
            <default>"gnome"</default>
          </key>
        </schema>
      </schemalist>
      """
    let folder = "/usr/share/glib-2.0/schemas/"
    var texts = [folder + "org.gnome.desktop.session.gschema.xml": schema]
    #expect(try row(Self.idle, texts)["number"].value == .number(300))
    #expect(
      try row("/org/gnome/desktop/session/session-name", texts)["value"].value == .text("gnome"))
    texts[folder + "10_a.gschema.override"] = "[org.gnome.desktop.session]\nidle-delay=0\n"
    let fact = try row(Self.idle, texts)["number"]
    #expect(fact.value == .number(0))
    #expect(fact.origin == .line(FilePath(folder + "10_a.gschema.override"), 2))
    texts[folder + "20_b.gschema.override"] = "[org.gnome.desktop.session:ubuntu]\nidle-delay=9\n"
    guard case .unknown(.undetermined) = try row(Self.idle, texts)["number"].content else {
      Issue.record("a desktop's own override is not for everybody")
      return
    }
  }

  @Test func theLoginScreenOfDebianCompilesItsOwnDatabase() throws {
    let texts = [
      "/usr/share/dconf/profile/gdm":
        "user-db:user\nfile-db:/var/lib/gdm3/greeter-dconf-defaults\n",
      "/usr/share/gdm/dconf/90-debian-settings":
        "[org/gnome/login-screen]\ndisable-user-list=true\n",
    ]
    let row = try row("/org/gnome/login-screen/disable-user-list", texts, profile: "gdm")
    #expect(row["flag"].value == .flag(true))
    #expect(row["compiled"].value == .text("current"))
  }

  @Test func aKeyFileThatGLibRefusesThrows() {
    for text in ["x=1\n", "[a]\nx\n", "[a]\nx=nope\n", "[]\n", "[a/]\nx=1\n", "[a]\nx=1 # c\n"] {
      #expect(throws: TargetError.self, "\(text)") {
        try row("/a/x", Self.local.merging(["/etc/dconf/db/local.d/a": text]) { $1 })
      }
    }
  }

  static let hasDconf = FileManager.default.fileExists(atPath: "/usr/bin/dconf")

  static let keyFiles = [
    "[org/a]\nx=1\ny=uint32 5\nz='t t'\nb=true\nl=['a', \"b\"]\n",
    "[org/a]\n x = 3 \n[org/b]\nq=-4\n[/]\nr=7\n", "[org/a]\nx=1\nx=2\n", "[org/a]\nx=nope\n",
    "x=1\n[org/a]\n", "[org/a]\nx\n", "[org a]\nx=1\n", "[org/a]\nx=1 # c\n", "[org/a]\n;x=1\n",
    "[org//a]\nx=1\n", "[org/a]\nx=\n", "[org/a]\nX/y=1\n", "[]\nx=1\n", "[org/a] \nx=1\n",
    "[org/a]\nx[de]=1\n", "# only\n\n", "[org/a/]\nx=1\n", "[org/a]\nx=@as []\ny=int64 -9\n",
    "[org/a]\nx='it\\'s'\ny=\"a\\nb\"\nz=byte 0x10\n", "[a]\nb=1.5\nc=[1, 2]\nd=('a', 1)\n",
    "[org/a]\nx=1\n[org/b]\ny=2\n[org/a]\nx=3\n", "[org/a]\nx==1\n", "[a]\nx='open\n",
    "[a]\nx=''\ny=false\n", "[a]x=1\n", "[a]\n=1\n",
  ]

  /// Key files, compiled by the real program, give the values that the real program reads, and
  /// our reader of the compiled file finds the same.
  @Test(.enabled(if: hasDconf), arguments: keyFiles)
  func dconfCompilesTheSame(text: String) throws {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-dconf-\(UUID().uuidString)")
    let folder = root.appendingPathComponent("etc/dconf/db/local.d")
    let profiles = root.appendingPathComponent("etc/dconf/profile")
    for place in [folder.appendingPathComponent("locks"), profiles] {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: root) }
    let file = root.appendingPathComponent("etc/dconf/db/local").path
    for (name, content) in [
      ("etc/dconf/db/local.d/a", text), ("etc/dconf/db/local.d/locks/k", "/org/a/x\n/org/a/\n"),
      ("etc/dconf/profile/user", "user-db:user\nsystem-db:local\n"), ("profile", "file-db:\(file)"),
    ] {
      try content.write(
        to: root.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let status = try Spawned.run(["/usr/bin/dconf", "compile", file, folder.path]).status
    let sources = Self.local.merging([
      "/etc/dconf/profile/user": "user-db:user\nsystem-db:local\n",
      "/etc/dconf/db/local.d/a": text, "/etc/dconf/db/local.d/locks/k": "/org/a/x\n/org/a/\n",
    ]) { $1 }
    if status != 0 {
      #expect(throws: TargetError.self) { try row("/a", sources) }
      return
    }
    let dump = try Spawned.run([
      "/usr/bin/env", "DCONF_PROFILE=" + root.appendingPathComponent("profile").path,
      "/usr/bin/dconf", "dump", "/",
    ]).text
    let target = try DirectoryTarget.open(root.path, now: Instant(seconds: 0))
    var group = ""
    for line in dump.split(separator: "\n") {
      if line.hasPrefix("[") {
        group = line == "[/]" ? "" : "/" + line.dropFirst().dropLast()
        continue
      }
      let equals = try #require(line.firstIndex(of: "="))
      let key = group + "/" + line[..<equals]
      let theirs = try #require(GVariantText(String(line[line.index(after: equals)...])))
      let ours = try row(key, sources)
      #expect(ours["value"].value == .text(theirs.text), "\(key)")
      #expect(ours["number"].value == theirs.number.map { .number($0) })
      #expect(ours["locked"].value == .flag(key == "/org/a/x"))
      var probe = DconfProbe()
      probe.key = key
      let compiled = try #require(try probe.observe(Host(target)).rows.first)
      if theirs.text.hasPrefix("(") || theirs.items?.contains("1") == true { continue }
      if Double(theirs.text) != nil, theirs.number == nil { continue }
      #expect(compiled["value"].value == .text(theirs.text), "\(key) compiled")
      #expect(compiled["locked"].value == .flag(key == "/org/a/x"))
      #expect(compiled["compiled"].value == .text("current"))
    }
  }
}
