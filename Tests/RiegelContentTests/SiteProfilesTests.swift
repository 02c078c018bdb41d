import RiegelContent
import RiegelModel
import SystemPackage
import Testing

/// The folder of a site's own profiles, which has to be known before its file is read whole.
struct SiteProfilesTests {
  private func folder(_ site: String) throws -> FilePath? {
    let folder = TemporaryFolder()
    folder.write("site.yaml", site)
    folder.write("own/clinic.yaml", "id: clinic")
    return try profilesFolder(ofSite: folder.path.appending("site.yaml"))
  }

  private func problem(_ site: String) -> String? {
    do {
      _ = try folder(site)
      return nil
    } catch {
      return (error as? ContentError)?.diagnostics.first?.summary
    }
  }

  @Test func aSiteNamesIt() throws {
    #expect(try folder("id: a\nprofiles: own\n")?.lastComponent == "own")
    #expect(try folder("id: a\n") == nil)
  }

  @Test func whatIsNoFolderIsSaid() {
    #expect(problem("profiles: [own]\n") == "'profiles' is the path of a folder")
    #expect(problem("profiles:\n") == "'profiles' is the path of a folder")
    #expect(problem("profiles: nowhere\n") == "there is no folder 'nowhere'")
  }
}
