import Foundation
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelProbes
import SystemPackage
import Testing

/// That broken laws are found; `riegel test` lays them and the examples against every rule file,
/// and `make test` runs it with the binary as shipped, which is many times faster.
@Suite struct RuleLawTests {
  /// A rule that passes where nothing can be read is found out.
  @Test func aRuleThatCannotFailIsFoundOut() throws {
    let library = try loadLibrary(
      from: FilePath(ModuleTests.root.path), probes: Probes.all
    ).library
    var rule = try #require(library.rules.first)
    let place = rule.place
    rule.when = []
    rule.parameters = []
    rule.check = .assertion(
      Assertion(
        source: .parameter("no-such"),
        quantifier: .every(Matcher([.init(field: nil, .absent, .text("true"), at: place)])),
        place: place))
    let laws = Set(RuleTrial(probes: Probes.all).brokenLaws(of: rule).map(\.trial))
    #expect(laws.isSuperset(of: ["nothing can be read", "nothing was collected"]))
  }

  @Test func anAuditOfAnExamplesHostIsWhole() throws {
    let library = try loadLibrary(
      from: FilePath(ModuleTests.root.path), probes: Probes.all
    ).library
    let profile = try #require(library.profile("workstation-sl1"))
    let selection = try Selection(profile, isDefault: true, in: library)
    let host = Host(
      MemoryTarget(texts: [
        "/etc/hostname": "praxis\n", "/etc/machine-id": "0123\n",
        "/etc/os-release": "PRETTY_NAME=\"Debian 12\"\n",
      ]))
    let progress = AuditProgress()
    let findings = Auditor(try Plan(selection, probes: Probes.all)).run(
      on: host, progress: progress)
    #expect(!progress.walks && progress.entriesSeen > 0)
    let audit = Audit(
      findings, of: host, profile: selection.profile, library: library,
      componentType: .hostDevice, isPrivileged: false, toolVersion: "test")
    #expect(audit.host.name == "praxis" && audit.host.system == "Debian 12")
    #expect(audit.host.kernel == nil)
    #expect(audit.levels.count == 14)
    #expect(audit.findings.map(\.rule) == audit.findings.map(\.rule).sorted())
    #expect(audit.count(.pass) + audit.count(.fail) <= audit.findings.count)
  }
}
