import ArgumentParser
import Glibc
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelReports
import RiegelTargets
import SystemPackage

/// Audits of hosts made now or read from files, each in its place in the site.
struct HostAudits: Sendable {
  let library: Library
  let site: Site?
  let siteOptions: SiteOptions
  let selection: SelectionOptions
  let target: TargetOptions
  let language: LanguageOptions
  /// What is asked of hosts without a site; a site may have a profile for each.
  private let common: (selection: Selection, plan: Plan)?
  /// The files whose contents an archive has to keep.
  private let reads: [String]

  /// Reads all content there is before a target is touched.
  init(
    _ selection: SelectionOptions, _ content: ContentOptions, _ siteOptions: SiteOptions,
    _ target: TargetOptions, _ language: LanguageOptions
  ) throws {
    library = try selection.library(from: content, site: siteOptions)
    site = try siteOptions.read(library)
    self.siteOptions = siteOptions
    self.selection = selection
    self.target = target
    self.language = language
    if site == nil {
      let selected = try selection.select(from: library)
      let plan = try Plan(selected, probes: Probes.all)
      common = (selected, plan)
      reads = plan.contents + Inventory.probes.flatMap(\.reads)
    } else {
      common = nil
      reads = Probes.all.flatMap(\.reads) + Audit.HostIdentity.reads
    }
  }

  /// What an address leads to, with its place in the site.
  struct Source: Sendable {
    enum Kind: Sendable {
      case host(Host)
      case saved(Audit)
    }
    var address: String
    var kind: Kind
    var membership: SiteMembership?
  }

  /// The targets of all hosts, as the site names them.
  func addressesOfSite() throws -> [String] {
    guard let site, let path = siteOptions.path else { return [] }
    let folder = FilePath(path).removingLastComponent()
    let addresses = site.members.compactMap(\.target).map { target in
      if target.hasPrefix("dir:") {
        return "dir:" + folder.pushing(FilePath(String(target.dropFirst(4)))).string
      }
      // What is no file of the site stands for itself, as `ssh:…` does.
      return target.contains(":") ? target : folder.pushing(FilePath(target)).string
    }
    if addresses.isEmpty {
      throw ContentError([
        Diagnostic(
          .error, "no host of the site names its target", at: Place(file: path),
          suggestion: "add 'target: dir:…' or a saved audit to the hosts")
      ])
    }
    return addresses
  }

  /// A file by its name; `dir:` and `ssh:` are never saved audits.
  static func isSaved(_ address: String) -> Bool {
    address.hasSuffix(".json") && !address.hasPrefix("dir:") && !address.hasPrefix("ssh:")
  }

  /// Opens everything before anything is audited; a host given twice is a mistake.
  func open(_ addresses: [String]) throws -> [Source] {
    if addresses.count > 1, siteOptions.host != nil {
      throw ValidationError("--host goes with one target")
    }
    let sources = try ParallelWork(addresses, open).products()
    for (index, source) in sources.enumerated() {
      guard let id = source.membership?.member.id else { continue }
      if let first = sources[..<index].first(where: { $0.membership?.member.id == id }) {
        throw ContentError([
          Diagnostic(
            .error, "is the host '\(id)', which \(first.address) is already",
            at: Place(file: source.address))
        ])
      }
    }
    return sources
  }

  @Sendable func open(_ address: String) throws -> Source {
    if HostAudits.isSaved(address) {
      let audit = try saved(address)
      return Source(
        address: address, kind: .saved(audit),
        membership: try membership(of: audit.host, at: address, target.moment))
    }
    let host = try target.host(address, reading: reads)
    return Source(
      address: address, kind: .host(host),
      membership: try membership(of: Audit.HostIdentity(of: host), at: address, host.now))
  }

  private func membership(
    of identity: Audit.HostIdentity, at address: String, _ moment: Instant
  ) throws -> SiteMembership? {
    guard let site else { return nil }
    return SiteMembership(
      try siteOptions.member(of: identity, at: address, in: site), of: site, at: moment)
  }

  private func saved(_ path: String) throws -> Audit {
    let file = try ContentFile(FilePath(path), name: path, limit: 256 << 20)
    do {
      return try AuditReader.read(file.bytes)
    } catch let failure as AuditReader.Failure {
      throw ContentError([
        Diagnostic(.error, failure.message[language.language], at: Place(file: path))
      ])
    }
  }

  /// Audits of all of them, in their order.
  func audit(
    _ sources: [Source], componentType: ComponentType?, isQuiet: Bool
  ) throws -> [Audit] {
    try ParallelWork(sources) { source in
      try audit(source, componentType: componentType, isQuiet: isQuiet || sources.count > 1)
    }.products()
  }

  /// Audits a host, or judges a saved audit anew by what the site says today.
  func audit(
    _ source: Source, componentType: ComponentType?, isQuiet: Bool
  ) throws -> Audit {
    switch source.kind {
    case .saved(var audit):
      if source.membership != nil { audit.assess(by: library, in: source.membership) }
      return audit
    case .host(let host):
      let (selected, plan) = try asked(of: source)
      return Audit(
        run(plan, on: host, isQuiet: isQuiet), of: host, profile: selected.profile,
        library: library,
        componentType: source.membership?.member.componentType ?? componentType ?? .hostDevice,
        isPrivileged: host.target.wasPrivileged ?? TargetOptions.isPrivileged,
        toolVersion: Riegel.version, in: source.membership, inventory: Inventory(of: host))
    }
  }

  /// What a host is asked in its place in the site.
  func asked(of source: Source) throws -> (selection: Selection, plan: Plan) {
    if let common { return common }
    let selected = try selection.select(from: library, in: source.membership)
    let plan = try Plan(
      selected, probes: Probes.all, site: source.membership?.properties ?? [:])
    return (selected, plan)
  }

  private func run(_ plan: Plan, on host: Host, isQuiet: Bool) -> [Finding] {
    let progress = AuditProgress()
    // What lies in memory has no waiting to share; of such targets several are judged at once.
    let auditor = Auditor(plan, threads: host.target.kind == .archive ? .one : .system)
    guard Console.isErrorTerminal, !isQuiet else {
      return auditor.run(on: host, progress: progress)
    }
    let line = ProgressLine(
      progress,
      text: language.language == .de
        ? "Dateisystem wird durchsucht: % Einträge" : "searching the file system: % entries")
    defer { line.end() }
    return auditor.run(on: host, progress: progress)
  }
}
