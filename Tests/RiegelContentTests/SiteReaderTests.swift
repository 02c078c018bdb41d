import Foundation
import RiegelContent
import RiegelModel
import SystemPackage
import Testing

/// A site in a folder of its own, each file of it replaceable.
private struct SiteFolder {
  /// The shipped catalogues, the rule of DESIGN.md and one profile.
  static let library: Library? = {
    let folder = TemporaryFolder()
    folder.fillWithStandards()
    folder.write("Rules/ssh/ssh-root-login-disabled.yaml", designRule)
    folder.write(
      "Profiles/workstation-sl1.yaml",
      "title: {en: a, de: b}\ndescription: {en: a, de: b}\ntarget: 1\nselect: [{topic: ssh}]\n")
    return try? loadLibrary(from: folder.path, probes: fakeProbes).library
  }()

  static let site = """
    id: practice
    title: Practice
    zones:
      ward:
        title: {en: Ward, de: Station}
        target: {IAC: 2, UC: 2, SI: 2, DC: 1, RDF: 1, TRE: 1, RA: 1}
      desk:
        title: Desk
        target: 1
    hosts:
      pump:
        zone: ward
        component-type: EDR
        essential-function: true
      front:
        zone: desk
    conduits:
      - id: state
        from: desk
        to: ward
        flows:
          - {protocol: tcp, port: 8443, hosts: [pump], reason: state of the pump}

    """
  static let waiver = """
    rule: ssh-root-login-disabled
    hosts: [pump]
    reason: The maker says so.
    hazard: hazard
    hazardous-situation: situation
    harm: harm
    severity: {before: serious, after: serious}
    probability: {before: occasional, after: remote}
    measures: [locked room]
    owner: Jana Brandt
    approver: Dr. Weber
    approved: 2026-01-01
    expires: 2026-12-31

    """
  static let attestation = """
    statement: restore-test
    by: Jana Brandt
    on: 2026-06-01
    evidence:
      file: attestations/evidence/proof.txt
      sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

    """

  let folder = TemporaryFolder()

  init(
    site: String = site, waiver: String = waiver, attestation: String = attestation,
    proof: String? = "test"
  ) {
    folder.write("site.yaml", site)
    folder.write("waivers/root-login.yaml", waiver)
    folder.write("attestations/restore-test.yaml", attestation)
    if let proof { folder.write("attestations/evidence/proof.txt", proof) }
  }

  func read() throws -> SiteContent {
    try readSite(at: folder.path.appending("site.yaml"), library: #require(SiteFolder.library))
  }

  /// What is wrong, with the file's name and the place in it.
  var problems: [String] {
    do {
      _ = try read()
      return []
    } catch let error as ContentError {
      return error.diagnostics.map { diagnostic in
        let place = diagnostic.place
        let file = FilePath(place.file).lastComponent?.string ?? place.file
        return "\(file):\(place.line): \(diagnostic.summary)"
          + (diagnostic.suggestion.map { "; \($0)" } ?? "")
      }
    } catch {
      return ["\(error)"]
    }
  }
}

struct SiteReaderTests {
  @Test func aWholeSiteIsRead() throws {
    let content = try SiteFolder().read()
    let site = content.site
    #expect(content.warnings.isEmpty)
    #expect(site.zones.map(\.id) == ["ward", "desk"])
    #expect(site.zones[0].title.de == "Station" && site.zones[0].target["IAC"] == .sl2)
    #expect(site.zones[1].title.en == "Desk" && site.zones[1].target["RA"] == .sl1)
    #expect(site.members[0].componentType == .embeddedDevice && site.members[0].isEssential)
    #expect(site.conduits[0].flows[0].ports == 8443...8443)
    #expect(site.waivers[0].id == "root-login")
    #expect(site.waivers[0].before == RiskEstimate(.serious, .occasional))
    #expect(site.attestations[0].subject == .statement("restore-test"))
    #expect(site.attestations[0].validity == .months(6))
    #expect(site.attestations[0].until.date == "2026-12-01")
    #expect(site.attestations[0].text.en.hasPrefix("A backup was restored"))
  }

  @Test(arguments: [
    ("zone: desk", "zone: dsk", "site.yaml:16: unknown zone 'dsk'; did you mean 'desk'?"),
    ("target: 1", "target: 5", "site.yaml:9: a security level is SL0 to SL4"),
    ("target: 1", "target: {IAC: 9}", "site.yaml:9: a security level is SL0 to SL4"),
    ("target: 1", "target: {IAC: 1}", "site.yaml:9: no level for UC, SI, DC, RDF, TRE, RA"),
    (
      "  front:", "  pump:",
      "site.yaml:15: the key 'pump' stands twice, first in line 11, column 3"
    ),
    (
      "    zone: desk", "    zone: desk\n    hostname: pump",
      "site.yaml:15: 'front' is the same host as 'pump' in line 11"
    ),
    (
      "component-type: EDR", "component-type: EDX",
      "site.yaml:13: 'EDX' is not one of SAR, EDR, HDR, NDR; did you mean 'EDR'?"
    ),
    ("essential-function: true", "essential-function: 1", "must be true or false"),
    ("from: desk", "from: desks", "site.yaml:19: unknown zone 'desks'; did you mean 'desk'?"),
    ("port: 8443", "port: 99999", "'port' is a port or a range such as 443 or 8000-8100"),
    ("port: 8443", "port: 9-1", "'port' is a port or a range"),
    ("protocol: tcp", "protocol: tpc", "'tpc' is not one of tcp, udp; did you mean 'tcp'?"),
    ("hosts: [pump]", "hosts: [front]", "'front' is no host that this conduit leads to"),
    ("id: practice", "idd: practice", "a site needs the key 'id'"),
    (
      "id: practice", "id: practice\nprofile: workstation-s1",
      "site.yaml:2: unknown profile 'workstation-s1'; did you mean 'workstation-sl1'?"
    ),
    ("id: practice", "id: practice\nkbv-annexes: [1, 7]", "the directive has no annex 7"),
    ("id: practice", "id: practice\nwaivers: nowhere", "there is no folder 'nowhere'"),
    (
      "id: practice", "id: practice\nparameters: {ssh-root-login-disabled: {allowd: [x]}}",
      "unknown parameter 'allowd'; did you mean 'allowed'?"
    ),
    (
      "id: practice", "id: practice\nparameters: {ssh-root: {allowed: [x]}}",
      "unknown rule 'ssh-root'"
    ),
    (
      "id: practice",
      "id: practice\nparameters: {ssh-root-login-disabled: {allowed: [\"${conduit}\"]}}",
      "'${conduit}' is not known here"
    ),
    ("ward:\n    title", "outside:\n    title", "'outside' stands for whatever is in no zone"),
  ])
  func badSitesAreSaidWithTheirPlace(_ old: String, _ new: String, _ problem: String) {
    let problems = SiteFolder(site: SiteFolder.site.replacing(old, with: new)).problems
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test(arguments: [
    (
      "rule: ssh-root-login-disabled", "rule: ssh-root-login-disable",
      "root-login.yaml:1: unknown rule 'ssh-root-login-disable'; did you mean"
        + " 'ssh-root-login-disabled'?"
    ),
    (
      "hosts: [pump]", "hosts: [pum]", "root-login.yaml:2: unknown host 'pum'; did you mean 'pump'?"
    ),
    ("hosts: [pump]", "zones: [war]", "unknown zone 'war'; did you mean 'ward'?"),
    ("hosts: [pump]", "hosts: []", "'hosts' is empty; leave it out for all"),
    ("expires: 2026-12-31", "", "a waiver needs the key 'expires'"),
    ("expires: 2026-12-31", "expires: never", "'expires' must be a day such as 2026-12-31"),
    ("expires: 2026-12-31", "expires: 2026-02-30", "'expires' must be a day"),
    ("expires: 2026-12-31", "expires: 2026-12-31T12:00:00Z", "'expires' must be a day"),
    ("expires: 2026-12-31", "expires: 2025-12-31", "'expires' lies before 'approved'"),
    ("before: serious", "before: seriuos", "did you mean 'serious'?"),
    ("after: remote", "after: frequent", "'probability' is greater after than before"),
    ("owner: Jana Brandt", "owner: ''", "'owner' is empty"),
    ("reason:", "raeson:", "unknown key 'raeson'; did you mean 'reason'?"),
  ])
  func badWaiversAreSaidWithTheirPlace(_ old: String, _ new: String, _ problem: String) {
    let problems = SiteFolder(waiver: SiteFolder.waiver.replacing(old, with: new)).problems
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test(arguments: [
    (
      "restore-test", "restore-tset",
      "unknown statement 'restore-tset'; did you mean 'restore-test'?"
    ),
    ("statement: restore-test", "requirements: [CR 9.9]", "unknown requirement 'CR 9.9'"),
    ("statement: restore-test", "rows: [A9-9]", "unknown row of the directive 'A9-9'"),
    ("statement: restore-test", "requirements: [CR 1.5]", "an attestation needs the key 'text'"),
    ("statement: restore-test", "rows: [A1-1]", "an attestation needs the key 'valid-for'"),
    (
      "statement: restore-test", "statement: restore-test\nrows: [A1-1]",
      "an attestation has one of 'statement', 'requirements' and 'rows'"
    ),
    (
      "by:", "claim: not-applicable\nby:", "a statement of a measure is met or not made"
    ),
    ("by:", "valid-for: long\nby:", "'valid-for' is such as '12 months' or '90 days'"),
    (
      "sha256: 9f", "sha256: 00",
      "the evidence file 'attestations/evidence/proof.txt' is another one: its SHA-256 is 9f86d081"
    ),
    ("sha256: 9f", "sha256: XX", "'sha256' is 64 lower-case hexadecimal digits"),
    (
      "proof.txt", "prof.txt",
      "restore-test.yaml:5: the evidence file 'attestations/evidence/prof.txt' cannot be opened"
    ),
    (
      "file: attestations", "file: ../attestations", "an evidence file lies below the site's folder"
    ),
    ("file: attestations/evidence/proof.txt", "file: attestations", "is no regular file"),
  ])
  func badAttestationsAreSaidWithTheirPlace(_ old: String, _ new: String, _ problem: String) {
    let text = SiteFolder.attestation.replacing(old, with: new)
    let problems = SiteFolder(attestation: text).problems
    #expect(problems.contains { $0.contains(problem) }, "\(problems)")
  }

  @Test func allMistakesAreShownAtOnce() {
    let folder = SiteFolder(
      waiver: SiteFolder.waiver.replacing("hosts: [pump]", with: "hosts: [x]"), proof: "other")
    #expect(folder.problems.count == 2)
  }

  @Test(arguments: [
    ("approver: Dr. Weber", "approver: jana  brandt", "who owns the risk approves it too"),
    ("hosts: [pump]\n", "", "names no host and no zone"),
    ("measures: [locked room]\n", "", "without compensating measures SL-A is not lifted"),
  ])
  func doubtfulWaiversAreWarnedOf(_ old: String, _ new: String, _ warning: String) throws {
    let content = try SiteFolder(waiver: SiteFolder.waiver.replacing(old, with: new)).read()
    #expect(content.warnings.contains { $0.summary.contains(warning) })
  }

  @Test func aStatementForTooLongIsWarnedOf() throws {
    let text = SiteFolder.attestation.replacing("by:", with: "valid-for: 2 years\nby:")
    let content = try SiteFolder(attestation: text).read()
    #expect(content.warnings.map(\.summary).contains { $0.contains("longer than the 6 months") })
  }

  @Test func filesThatAreNoRecordsAreNamed() throws {
    let folder = SiteFolder()
    folder.folder.write("waivers/other.yml", "")
    #expect(folder.problems.contains { $0.contains("has to end in .yaml") })
  }

  @Test func theFoldersMayBeMissing() throws {
    let folder = TemporaryFolder()
    folder.write("site.yaml", SiteFolder.site)
    let content = try readSite(
      at: folder.path.appending("site.yaml"), library: #require(SiteFolder.library))
    #expect(content.site.waivers.isEmpty && content.site.attestations.isEmpty)
  }

  @Test(arguments: [
    "", "[]", "x", "id: [", "zones: {a: 1}", "id: a\ntitle: b\nzones: {}\nhosts: {}",
    String(repeating: "[", count: 5000), "id: a\nhosts: {'': {zone: ''}}", "\u{FEFF}id: a",
  ])
  func hostileSitesAreRefused(_ text: String) {
    #expect(!SiteFolder(site: text).problems.isEmpty)
  }

  @Test(arguments: [
    Attestation.Subject.statement("restore-test"), .requirements(["CR 1.5", "SR 1.5"]),
    .rows(["A1-1", "A1-2"]),
  ])
  func whatIsWrittenIsReadBack(_ subject: Attestation.Subject) throws {
    let library = try #require(SiteFolder.library)
    let site = try SiteFolder().read().site
    for name in ["Jana Brandt", "O'Neill: \"x\" # y", "true", "Zoë\u{202E}x", "a\nb"] {
      let attestation = Attestation(
        id: "new", subject: subject, scope: SiteScope(hosts: ["pump"], zones: ["desk"]),
        text: Localized(en: name, de: "nein"), person: name,
        day: Instant("2026-06-01") ?? Instant(seconds: 0), validity: .months(3),
        document: .init(file: "attestations/ü b.pdf", sha256: String(repeating: "a", count: 64)),
        place: Place(file: ""))
      #expect(try checkedText(of: attestation, in: site, library: library).contains("valid-for"))
    }
  }

  @Test func whatCannotBeReadBackIsNotWritten() throws {
    let library = try #require(SiteFolder.library)
    let attestation = Attestation(
      id: "new", subject: .rows(["A9-9"]), text: Localized(en: "x", de: "x"), person: "x",
      day: Instant(seconds: 0), validity: .months(3),
      document: .init(file: "a", sha256: String(repeating: "a", count: 64)), place: Place(file: ""))
    #expect(throws: ContentError.self) {
      try checkedText(of: attestation, in: SiteFolder().read().site, library: library)
    }
  }

  @Test func theHashIsTheFiles() throws {
    let folder = TemporaryFolder()
    folder.write("a", String(repeating: "a", count: 200_000))
    // printf 'a%.0s' $(seq 200000) | sha256sum
    #expect(
      try sha256(of: folder.path.appending("a"), name: "a")
        == "2287d207f24a941ff3b56c04c8a25ad56b63e3023207b3bb5b4ac0c9869d74be")
  }
}
