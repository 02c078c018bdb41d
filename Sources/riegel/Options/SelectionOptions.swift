import ArgumentParser
import RiegelContent
import RiegelEngine
import RiegelModel
import SystemPackage

/// Which rules, with which values.
struct SelectionOptions: ParsableArguments {
  static let defaultProfile = "workstation-sl1"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A profile's id, or the path of a profile of your own.",
      discussion:
        "Without it: \(SelectionOptions.defaultProfile). `riegel list profiles` shows them.",
      valueName: "profile"))
  var profile: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "A parameter's value for this run. May be repeated.",
      discussion: "Lists in YAML's short form: --set 'ssh-ciphers-strong.approved=[aes256-ctr]'.",
      valueName: "rule.param=value"))
  var settings: [String] = []

  @Option(
    name: .customLong("rule"), parsing: .singleValue,
    help: ArgumentHelp(
      "Only these rules, whatever the profile selects; a pattern such as 'ssh-*'. May be repeated.",
      valueName: "id"))
  var rules: [String] = []

  func validate() throws {
    for setting in settings where SelectionOptions.split(setting) == nil {
      throw ValidationError("--set takes rule.param=value, not '\(setting)'")
    }
  }

  /// The library with the user's profile in it, and what is selected of it.
  func select(from options: ContentOptions) throws -> (Library, Selection) {
    let library = try library(from: options)
    return (library, try select(from: library))
  }

  private var path: FilePath? {
    profile.flatMap { $0.contains("/") || $0.hasSuffix(".yaml") ? FilePath($0) : nil }
  }

  /// The library with the profiles of the user and of the site.
  func library(from options: ContentOptions, site: SiteOptions? = nil) throws -> Library {
    let folder = try site?.profilesFolder
    return try options.library(with: [folder, path].compactMap { $0 })
  }

  /// What is selected for a host: the command line's profile goes before the site's, and so do its
  /// values; a zone's target stands in for the profile's.
  func select(from library: Library, in membership: SiteMembership? = nil) throws -> Selection {
    let id =
      path?.lastComponent.map { String($0.string.dropLast($0.string.hasSuffix(".yaml") ? 5 : 0)) }
      ?? profile ?? membership?.profile ?? SelectionOptions.defaultProfile
    guard let chosen = library.profile(id) else {
      let near = closest(to: id, among: library.profiles.map(\.id)).map {
        "; did you mean '\($0)'?"
      }
      throw ValidationError(
        "there is no profile '\(id)'\(near ?? "; see `riegel list profiles`")")
    }
    var only: Set<String>?
    if !rules.isEmpty {
      var ids: Set<String> = []
      for pattern in rules {
        let glob = Glob(pattern)
        let found = library.rules.filter { glob.matches(text: $0.id) }.map(\.id)
        if found.isEmpty {
          let near = closest(to: pattern, among: library.rules.map(\.id))
          throw ValidationError(
            "no rule matches '\(pattern)'"
              + (near.map { "; did you mean '\($0)'?" } ?? "; see `riegel list rules`"))
        }
        ids.formUnion(found)
      }
      only = ids
    }
    return try Selection(
      chosen, isDefault: profile == nil && membership?.profile == nil, in: library,
      overrides: (membership?.overrides ?? []) + (try overrides()), only: only,
      target: membership?.target(in: library))
  }

  private func overrides() throws -> [Override] {
    try settings.compactMap { setting in
      guard let (rule, parameter, text) = SelectionOptions.split(setting) else { return nil }
      let place = Place(file: "--set \(setting)")
      let value: Literal
      if text.hasPrefix("[") || text.hasPrefix("{") {
        value = try parseYAML(Array(text.utf8), file: "--set \(rule).\(parameter)").literal
      } else {
        value = .text(text)
      }
      return Override(
        rule: rule, parameter: parameter, value: value, source: .commandLine, place: place)
    }
  }

  private static func split(_ setting: String) -> (rule: String, parameter: String, value: String)?
  {
    guard let equals = setting.firstIndex(of: "="),
      let dot = setting[..<equals].lastIndex(of: ".")
    else { return nil }
    let rule = String(setting[..<dot])
    let parameter = String(setting[setting.index(after: dot)..<equals])
    guard !rule.isEmpty, !parameter.isEmpty else { return nil }
    return (rule, parameter, String(setting[setting.index(after: equals)...]))
  }
}
