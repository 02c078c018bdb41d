import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct PgHbaProbeTests {
  private let path = "/etc/postgresql/15/main/pg_hba.conf"

  private func rows(_ text: String, _ more: [String: String] = [:]) throws -> Observation {
    var texts = more
    texts[path] = text
    return try PgHbaProbe().observe(Host(MemoryTarget(texts: texts)))
  }

  @Test func linesOfEachKind() throws {
    let found = try rows(
      """
      # TYPE DATABASE USER ADDRESS METHOD
      local   all             postgres                                peer
      host    all,app         "all", anna     127.0.0.1/32            scram-sha-256
      hostssl app             all             10.0.0.0 255.0.0.0      cert clientcert=verify-full
      host    all             all             0.0.0.0/0 \\
          trust
      """
    ).rows
    #expect(
      found.map { $0["method"].value }
        == ["peer", "scram-sha-256", "cert", "trust"].map { .text($0) })
    #expect(found.map { $0["loopback"].value } == [true, true, false, false].map { .flag($0) })
    #expect(found[1]["users"].value == .list(["all", "anna"]))
    #expect(found[1]["databases"].value == .list(["all", "app"]))
    #expect(found[2]["address"].value == .text("10.0.0.0 255.0.0.0"))
    #expect(found[3]["method"].origin == .line(FilePath(path), 5))
  }

  @Test func theFirstLineThatMatchesCounts() throws {
    let found = try rows(
      "host all all 10.0.0.0/8 reject\nhost all all 10.1.0.0/16 trust\nhost all all 11.0.0.0/8 trust\n"
    ).rows
    #expect(found.map { $0["effective"].value } == [.flag(true), .flag(false), .flag(true)])
  }

  @Test func includedFilesAreReadInPlace() throws {
    let found = try rows(
      "include more.conf\ninclude_if_exists none.conf\ninclude_dir d\n",
      [
        "/etc/postgresql/15/main/more.conf": "local all all trust\n",
        "/etc/postgresql/15/main/d/a.conf": "local x all peer\n",
      ]
    ).rows
    #expect(found.map { $0["method"].value } == [.text("trust"), .text("peer")])
  }

  @Test(arguments: [
    "noise", "host all all", "host all all 1.2.3.4/32", "host all all all nothing", "include x",
  ])
  func whatPostgresRefusesIsAGap(text: String) throws {
    let found = try rows(text + "\n")
    guard case .malformed(_, line: 1, _)? = found.gaps.first else {
      Issue.record("\(found)")
      return
    }
  }
}
