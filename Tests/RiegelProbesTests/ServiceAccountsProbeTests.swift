import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct ServiceAccountsProbeTests {
  private func rows(_ units: [String: String]) throws -> [Row] {
    var files: [FilePath: MemoryTarget.Node] = [
      "/etc/passwd": .file(
        "root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n"
          + "anna:x:1000:1000::/home/anna:/bin/bash\n"),
      "/etc/group": .file("root:x:0:\n"),
    ]
    for (name, user) in units {
      let path = FilePath("/usr/lib/systemd/system").appending(name)
      files[path] = .file(
        "[Service]\nExecStart=/bin/x\n\(user)\n[Install]\nWantedBy=multi-user.target\n")
      files[FilePath("/etc/systemd/system/multi-user.target.wants").appending(name)] = .link(
        to: path)
    }
    return try ServiceAccountsProbe().observe(Host(MemoryTarget(files))).rows
  }

  @Test func servicesAreGatheredByAccount() throws {
    let found = try rows([
      "a.service": "User=web", "a-helper.service": "User=web", "b.service": "User=33",
      "c.service": "User=nobody", "d.service": "User=anna", "e.service": "",
      "f.service": "User=root",
    ])
    let byName = Dictionary(grouping: found, by: \.subject)
    #expect(Set(byName.keys) == ["web", "nobody", "anna"])
    #expect(byName["nobody"]?[0]["kind"].value == .text("nobody"))
    #expect(byName["anna"]?[0]["kind"].value == .text("person"))
    #expect(byName["web"]?.map { $0["families"].value } == [.list(["a", "b"])])
  }

  @Test func aNumberAndANameOfOneAccountAreOneRow() throws {
    let found = try rows(["a.service": "User=web", "b.service": "User=33"])
    #expect(found.count == 1)
    #expect(found[0]["family-count"].value == .number(2))
    #expect(found[0]["services"].value == .list(["a.service", "b.service"]))
  }
}
