import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct AccountDatabaseProbeTests {
  private func observe(_ changes: [String: String?] = [:]) throws -> Observation {
    var texts: [String: String] = [
      "/etc/passwd": "root:x:0:0::/root:/bin/sh\na:x:1000:1000::/home/a:/bin/sh\n",
      "/etc/shadow": "root:!:1::::::\na:!:1::::::\n",
      "/etc/group": "root:x:0:\na:x:1000:\nsudo:x:27:a\n",
      "/etc/gshadow": "root:*::\na:!::\nsudo:*::a\n",
    ]
    for (path, text) in changes { texts[path] = text }
    return try AccountDatabaseProbe().observe(Host(MemoryTarget(texts: texts)))
  }

  @Test func aSoundDatabaseHasNoRow() throws {
    #expect(try observe() == Observation())
    #expect(try observe(["/etc/gshadow": nil]) == Observation())
  }

  @Test(arguments: [
    ("/etc/passwd", "root:x:0:0::/root:/bin/sh\na:x:1000:1000::/h:/bin/sh\nb:x", "malformed", 3),
    ("/etc/passwd", "root:x:0:0::/root:/bin/sh\na:x:1000:1000\n", "fields", 2),
    ("/etc/passwd", "root:x:0:0::/:/bin/sh\na:x:1000:1000::/:/bin/sh\n+::::::\n", "nis-entry", 3),
    (
      "/etc/passwd", "root:x:0:0::/:/bin/sh\na:x:1000:1000::/:/bin/sh\na:x:5:0::/:/bin/sh\n",
      "duplicate-name", 3
    ),
    (
      "/etc/passwd", "root:x:0:0::/:/bin/sh\na:x:1000:77::/:/bin/sh\n", "no-primary-group", 2
    ),
    ("/etc/shadow", "root:!:1::::::\n", "no-shadow-entry", 2),
    ("/etc/shadow", "root:!:1::::::\na:!:1::::::\na:!:1::::::\n", "duplicate-name", 3),
    ("/etc/shadow", "root:!:1::::::\na:!:1::::::\nb:!:1::::::\n", "no-account", 3),
    ("/etc/shadow", "root:!:1::::::\na:!:1::::::\nb:!:x::::::\n", "malformed", 3),
    ("/etc/shadow", "root:!:1::\na:!:1::::::\n", "fields", 1),
    ("/etc/group", "root:x:0:\na:x:1000:\nsudo:x:27:a\nb:x:5:\n", "no-gshadow-entry", 4),
    ("/etc/group", "root:x:0:\na:x:1000:\nsudo:x:27:a,b\n", "unknown-member", 3),
    ("/etc/gshadow", "root:*::\na:!::\nsudo:*::\n", "members-differ", 3),
    ("/etc/gshadow", "root:*::\na:!::\nsudo:*::a\nb:!::\n", "no-group", 4),
  ])
  func eachDefectIsARowWithItsLine(path: String, text: String, kind: String, line: Int) throws {
    let rows = try observe([path: text]).rows
    let row = try #require(rows.first { $0["kind"].value == .text(kind) })
    #expect(row["kind"].origin?.description.hasSuffix(":\(line)") == true)
  }

  @Test func withoutShadowEveryAccountThatPointsThereIsARow() throws {
    let rows = try observe(["/etc/shadow": nil]).rows
    #expect(rows.map(\.subject) == ["no-shadow-entry root", "no-shadow-entry a"])
  }

  @Test func membersWithADirectoryServiceMayHaveTheirAccountThere() throws {
    let changes = [
      "/etc/group": "root:x:0:\na:x:1000:\nsudo:x:27:a,b\n",
      "/etc/gshadow": "root:*::\na:!::\nsudo:*::a,b\n", "/etc/nsswitch.conf": "passwd: files sss\n",
    ]
    #expect(try observe(changes).rows.isEmpty)
  }

  @Test func anUnreadableShadowIsAGapAndNoFinding() throws {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/etc/shadow")
    let target = MemoryTarget([
      "/etc/passwd": .file("root:x:0:0::/root:/bin/sh\n"), "/etc/group": .file("root:x:0:\n"),
      "/etc/shadow": node,
    ])
    let observation = try AccountDatabaseProbe().observe(Host(target))
    #expect(observation.rows.isEmpty)
    #expect(observation.gaps == [.permissionDenied("/etc/shadow")])
  }

  @Test func noHashOfABrokenLineIsShown() throws {
    let rows = try observe(["/etc/shadow": "root:$6$salt$SECRET\na:$6$s$SECRET:1:::\n$6$SECRET"])
      .rows
    var text = ""
    dump(rows, to: &text)
    #expect(!rows.isEmpty)
    #expect(!text.contains("SECRET"))
  }
}
