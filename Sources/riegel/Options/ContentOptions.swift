import ArgumentParser
import Glibc
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelTargets
import SystemPackage

/// Where rules, profiles and catalogues come from.
struct ContentOptions: ParsableArguments {
  @Option(
    name: .customLong("content"),
    help: ArgumentHelp(
      "The folder with Rules, Profiles and Standards.",
      discussion: "Else $RIEGEL_CONTENT, ../share/riegel beside the program, or its checkout.",
      valueName: "dir"), completion: .directory)
  var folder: String?

  @Option(
    name: .customLong("rules"), parsing: .singleValue,
    help: ArgumentHelp(
      "Rules of your own: a file <topic>/<id>.yaml or a folder of topics. May be repeated.",
      valueName: "path"), completion: .file())
  var rules: [String] = []

  /// Everything there is; warnings are the lint's business.
  func library(with profiles: [FilePath] = []) throws -> Library {
    try content(with: profiles).library
  }

  func content(with profiles: [FilePath] = []) throws -> Content {
    try readContent(
      from: try found(),
      adding: AddedContent(rules: rules.map { FilePath($0) }, profiles: profiles),
      probes: Probes.all, threads: .system)
  }

  private func found() throws -> FilePath {
    if let folder { return FilePath(folder) }
    if let folder = Console.variable("RIEGEL_CONTENT") { return FilePath(folder) }
    var tried: [FilePath] = []
    if let program = ContentOptions.program {
      let directory = program.removingLastComponent()
      tried.append(directory.removingLastComponent().appending("share").appending("riegel"))
      // In a checkout the program lies three folders down: .build/<triple>/release/riegel.
      var parent = directory
      for _ in 0..<4 where parent.lastComponent != nil {
        parent = parent.removingLastComponent()
        tried.append(parent)
      }
    }
    for folder in tried where ContentOptions.isContent(folder) { return folder }
    throw ContentError([
      Diagnostic(
        .error, "no content found (a folder with Rules, Profiles and Standards)",
        at: Place(file: tried.first.map { $0.string } ?? "."),
        suggestion: "name it with --content or in RIEGEL_CONTENT")
    ])
  }

  private static func isContent(_ folder: FilePath) -> Bool {
    ["Rules", "Profiles", "Standards"].allSatisfy {
      access(folder.appending($0).string, R_OK | X_OK) == 0
    }
  }

  /// The program's own file, links followed.
  private static var program: FilePath? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return nil }
    return FilePath(
      String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}
