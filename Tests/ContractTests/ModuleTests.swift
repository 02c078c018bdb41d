import Foundation
import Testing

/// The star of modules: who may import whom. The build flag
/// `--explicit-target-dependency-import-check` finds what Package.swift does not declare; this test
/// finds a declaration that should not be there.
@Suite struct ModuleTests {
  static let allowed: [String: Set<String>] = [
    "RiegelModel": ["CPCRE2", "SystemPackage", "Synchronization"],
    "RiegelContent": ["RiegelModel", "CLibYAML", "Crypto", "SystemPackage", "Glibc"],
    "RiegelProbes": [
      "RiegelModel", "CCrypt", "SystemPackage", "FoundationEssentials", "Synchronization",
    ],
    "RiegelTargets": [
      "RiegelModel", "CLinux", "CLibArchive", "Crypto", "SystemPackage", "Glibc",
      "Synchronization",
    ],
    "RiegelEngine": ["RiegelModel", "SystemPackage", "Synchronization"],
    "RiegelReports": ["RiegelModel", "SystemPackage", "FoundationEssentials", "Crypto"],
    "riegel": [
      "RiegelModel", "RiegelContent", "RiegelProbes", "RiegelTargets", "RiegelEngine",
      "RiegelReports", "ArgumentParser", "SystemPackage", "Glibc", "Synchronization",
    ],
  ]

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Swift files of a target with their text.
  static func files(of target: String) -> [(name: String, text: String)] {
    let folder = root.appending(path: "Sources").appending(path: target)
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (found?.compactMap { $0 as? URL } ?? [])
      .filter { $0.pathExtension == "swift" }
      .compactMap { url in
        (try? String(contentsOf: url, encoding: .utf8)).map { (url.lastPathComponent, $0) }
      }
  }

  @Test(arguments: allowed.keys.sorted())
  func everyImportIsAllowed(target: String) {
    let files = Self.files(of: target)
    #expect(!files.isEmpty)
    for (name, text) in files {
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at <= 2, line.first != " ", line.first != "/"
        else { continue }
        let module = String(words[at + 1].split(separator: ".")[0])
        #expect(Self.allowed[target]?.contains(module) == true, "\(name) imports \(module)")
      }
    }
  }

  /// Nothing but the executable prints or exits, and no probe opens a file by itself.
  @Test(arguments: allowed.keys.sorted().filter { $0 != "riegel" })
  func librariesNeitherPrintNorExit(target: String) {
    for (name, text) in Self.files(of: target) {
      for word in ["print(", " exit(", "fatalError(", "preconditionFailure(", "try!", "as! "] {
        // The page's script asks the browser to print.
        let hits = text.replacing("window.print(", with: "").split(separator: "\n").filter {
          $0.contains(word) && !$0.contains("//")
        }
        #expect(hits.isEmpty, "\(name): \(hits.first ?? "")")
      }
    }
  }
}
