import Glibc
import RiegelContent
import RiegelModel
import SystemPackage
import Testing

struct LibraryReaderTests {
  private func folder(_ files: [String: String]) -> TemporaryFolder {
    let folder = TemporaryFolder()
    folder.fillWithStandards()
    for (name, text) in files { folder.write(name, text) }
    return folder
  }

  private func problems(
    _ folder: TemporaryFolder, adding added: AddedContent = AddedContent()
  ) -> [String] {
    do {
      _ = try loadLibrary(from: folder.path, adding: added, probes: fakeProbes)
      return []
    } catch {
      return error.diagnostics.map(\.place.description).enumerated().map {
        "\($1) \(error.diagnostics[$0].summary)"
      }
    }
  }

  @Test func theShippedCataloguesHoldWhatTheyCount() throws {
    let folder = folder([:])
    let (library, warnings) = try loadLibrary(from: folder.path, probes: fakeProbes)
    #expect(warnings == [])
    #expect(library.security.requirements.count == 122)
    #expect(library.security.foundations.count == 7)
    #expect(library.system.requirements.count == 100)
    #expect(library.measures.topics.count == 54)
    #expect(library.measures.measures.count == 24)
    #expect(library.threats.threats.count == 5)
    #expect(library.norms.norms.count == 12)
    #expect(library.directive.rows.count == 92)
    let enhancement = try #require(library.security["CR 1.1 RE 1"])
    #expect(enhancement.foundation == "FR1")
    #expect(enhancement.level == .sl2)
    #expect(Set(enhancement.componentTypes) == Set(ComponentType.allCases))
    #expect(library.measures.topic("ssh")?.primaryMeasure == "multi-factor-authentication")
    #expect(library.hash.utf8.count == 64)
  }

  @Test func aRuleOfTheFolderIsRead() throws {
    let folder = folder(["Rules/ssh/ssh-root-login-disabled.yaml": designRule])
    let (library, _) = try loadLibrary(from: folder.path, probes: fakeProbes)
    #expect(library.rules.map(\.id) == ["ssh-root-login-disabled"])
    #expect(library.rules[0].topic == "ssh")
    #expect(library.rules[0].place.file == "Rules/ssh/ssh-root-login-disabled.yaml")
  }
}
