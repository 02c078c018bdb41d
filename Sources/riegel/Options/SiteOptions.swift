import ArgumentParser
import RiegelContent
import RiegelEngine
import RiegelModel
import SystemPackage

/// The site that a host belongs to.
struct SiteOptions: ParsableArguments {
  @Option(
    name: .customLong("site"),
    help: ArgumentHelp(
      "The file that describes the site: zones, hosts, conduits, waivers, attestations.",
      valueName: "site.yaml"), completion: .file(extensions: ["yaml"]))
  var path: String?

  @Option(
    help: ArgumentHelp(
      "Which of the site's hosts the target is; else its machine's id or name tells.",
      valueName: "id"))
  var host: String?

  func validate() throws {
    if host != nil, path == nil { throw ValidationError("--host names a host of a --site") }
  }

  /// The site's own profiles.
  var profilesFolder: FilePath? {
    get throws { try path.flatMap { try RiegelContent.profilesFolder(ofSite: FilePath($0)) } }
  }

  func read(_ library: Library) throws -> Site? {
    try path.map { try readSite(at: FilePath($0), library: library).site }
  }

  /// The host that `--host` names.
  func namedMember(in library: Library, at moment: Instant) throws -> SiteMembership? {
    guard let site = try read(library) else { return nil }
    guard let host else {
      throw ValidationError("beside --site, --host says for which of its hosts")
    }
    return SiteMembership(try member(host, of: site), of: site, at: moment)
  }

  /// The host of the site that a target is; a stranger is a mistake in the site's file.
  func member(
    of identity: Audit.HostIdentity, at address: String, in site: Site
  ) throws -> Site.Member {
    if let host { return try member(host, of: site) }
    if let found = site.member(of: identity) { return found }
    let name = identity.name.map { "'\($0)'" } ?? "without a name"
    throw ContentError([
      Diagnostic(
        .error,
        "\(address.isEmpty ? "this host" : address) is the host \(name), which the site does not know",
        at: Place(file: path ?? "site.yaml"),
        suggestion: "add it under 'hosts' with its hostname or machine-id, or name it with --host")
    ])
  }

  private func member(_ id: String, of site: Site) throws -> Site.Member {
    guard let member = site.member(id) else {
      let near = closest(to: id, among: site.members.map(\.id)).map { "; did you mean '\($0)'?" }
      throw ValidationError("the site has no host '\(id)'\(near ?? "")")
    }
    return member
  }
}
