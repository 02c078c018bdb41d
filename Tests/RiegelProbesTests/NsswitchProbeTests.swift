import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct NsswitchProbeTests {
  private func observe(_ database: String, _ text: String?) throws -> Row? {
    var probe = NsswitchProbe()
    probe.database = database
    let texts = text.map { ["/etc/nsswitch.conf": $0] } ?? [:]
    return try probe.observe(Host(MemoryTarget(texts: texts))).rows.first
  }

  @Test(arguments: [
    ("passwd: files", ["files"], []), ("passwd:files sss", ["files", "sss"], ["sss"]),
    ("passwd :\tcompat  # sss\n", ["compat"], []),
    ("passwd: files [NOTFOUND=return  UNAVAIL=continue]ldap", ["files", "ldap"], ["ldap"]),
    ("passwd: db files systemd winbind", ["db", "files", "systemd", "winbind"], ["winbind"]),
    ("# passwd: ldap\ngroup: ldap\n", ["files"], []), ("passwd:", [], []),
  ])
  func theServicesStandInTheirOrder(text: String, sources: [String], remote: [String]) throws {
    let row = try #require(try observe("passwd", text))
    #expect(row["sources"].value == .list(sources))
    #expect(row["remote"].value == .list(remote))
  }

  @Test func theLastLineWinsAndShowsWhatItOverrides() throws {
    let row = try #require(try observe("passwd", "passwd: files sss\npasswd: files\n"))
    #expect(row["sources"].origin == .line("/etc/nsswitch.conf", 2))
    #expect(row["sources"].overrides == [.init("files sss", .line("/etc/nsswitch.conf", 1))])
  }

  @Test func aDatabaseThatIsNotConfiguredHasGlibcsDefault() throws {
    #expect(try observe("group", "")?["sources"].origin == .builtIn("glibc"))
    #expect(try observe("nonsense", "") == nil)
    #expect(try observe("passwd", nil) == nil)
  }
}
