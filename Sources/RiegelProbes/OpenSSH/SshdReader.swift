import RiegelModel
import SystemPackage

/// Reads sshd_config and what it includes into a tree, and stops where sshd would stop.
struct SshdReader {
  let host: Host
  let build: OpenSSHBuild
  private var matches = 0
  private var files = 0
  /// What each pattern names; sshd asks once too.
  private var named: [String: [FilePath]] = [:]

  /// `SERVCONF_MAX_DEPTH`.
  private static let maxDepth = 16
  /// More files than anybody has; includes of includes multiply.
  private static let maxFiles = 1024

  init(host: Host, build: OpenSSHBuild) {
    self.host = host
    self.build = build
  }

  mutating func file(
    _ path: FilePath, depth: Int, inside block: Int? = nil
  ) throws(TargetError) -> SshdConfiguration.File {
    files += 1
    if files > SshdReader.maxFiles {
      throw .malformed(path, line: 0, "more than \(SshdReader.maxFiles) included files")
    }
    // A file that went away between listing and reading stops sshd.
    guard let bytes = try host.bytes(of: path) else {
      throw .malformed(path, line: 0, "included file does not exist")
    }
    var nodes: [SshdConfiguration.Node] = []
    var block = block
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      var line = line
      // Before 8.7 a line ended at the first `#`, even inside quotes.
      if (build.number ?? 807) < 807 { line = line.prefix { $0 != UInt8(ascii: "#") } }
      if line.contains(0) { throw .malformed(path, line: number, "NUL byte") }
      guard let line = SSHLexer.line(line) else { continue }
      let origin = Origin.line(path, number)
      do {
        guard let rest = line.rest, !rest.isEmpty else {
          throw SshdValue.Problem(text: "no argument after keyword \"\(line.keyword)\"")
        }
        switch line.keyword.lowercased() {
        case "match":
          matches += 1
          let criteria = try SshdMatch.criteria(rest, build.number)
          nodes.append(.match(SshdMatch(id: matches, criteria: criteria, origin: origin)))
          block = matches
        case "include" where build.number ?? 802 >= 802:
          let patterns = try words(rest, "include")
          if patterns.isEmpty { throw SshdValue.Problem(text: "Include missing filename argument") }
          for pattern in patterns {
            nodes.append(
              .include(try include(pattern, origin, depth: depth, inside: block)))
          }
        default:
          guard var setting = try setting(line.keyword, rest, origin) else { continue }
          setting.block = block
          nodes.append(.setting(setting))
        }
      } catch let problem as SshdValue.Problem {
        throw .malformed(path, line: number, problem.text)
      } catch let error as TargetError {
        throw error
      } catch {
        throw .malformed(path, line: number, "\(error)")
      }
    }
    return SshdConfiguration.File(path: path, nodes: nodes)
  }

  private mutating func include(
    _ pattern: String, _ origin: Origin, depth: Int, inside block: Int?
  ) throws(TargetError) -> SshdConfiguration.Include {
    let absolute =
      pattern.hasPrefix("/") || pattern.hasPrefix("~") ? pattern : "/etc/ssh/" + pattern
    var included: [SshdConfiguration.File] = []
    if absolute.hasPrefix("/") {
      let paths: [FilePath]
      if let known = named[absolute] { paths = known } else { paths = try host.expand(absolute) }
      named[absolute] = paths
      for path in paths {
        if depth + 1 > SshdReader.maxDepth, case .line(let path, let line) = origin {
          throw .malformed(path, line: line, "too many recursive configuration includes")
        }
        included.append(try file(path, depth: depth + 1, inside: block))
      }
    }
    return SshdConfiguration.Include(pattern: absolute, origin: origin, files: included)
  }

  /// What `-o` and the other options of the command line set; they are read before the file.
  func commandLine(
    _ options: [SshdCommandLine.Option]
  ) throws(TargetError) -> [SshdConfiguration.Setting] {
    var settings: [SshdConfiguration.Setting] = []
    for option in options {
      guard let line = SSHLexer.line(Array(option.text.utf8)[...]), let rest = line.rest else {
        continue
      }
      do {
        guard let setting = try setting(line.keyword, rest, option.origin) else { continue }
        settings.append(setting)
      } catch {
        throw .malformed(option.origin.path ?? OpenSSHBuild.binary, line: 0, error.text)
      }
    }
    return settings
  }

  /// nil for a keyword that has no effect.
  private func setting(
    _ name: String, _ rest: ArraySlice<UInt8>, _ origin: Origin
  ) throws(SshdValue.Problem) -> SshdConfiguration.Setting? {
    guard let keyword = SshdKeyword.named(name), isKnown(keyword) else {
      throw SshdValue.Problem(text: "Bad configuration option: \(name)")
    }
    let lowered = name.lowercased()
    if (build.number ?? 805) < 805, lowered.hasSuffix("acceptedalgorithms") {
      throw SshdValue.Problem(text: "Bad configuration option: \(name)")
    }
    let words = try words(rest, keyword.id)
    if keyword.id == "usepam", !build.hasPAM { return nil }
    let text = String(decoding: rest, as: UTF8.self)
    let values = try SshdValue(keyword, build).read(words, rest: text)
    // A line with a comment alone after the keyword sets nothing.
    if values.isEmpty { return nil }
    // Before 8.7 the two names of keyboard-interactive were two settings.
    let isOldName = lowered == "challengeresponseauthentication"
    let id =
      isOldName && (build.number ?? 807) < 807 ? "challengeresponseauthentication" : keyword.id
    return SshdConfiguration.Setting(keyword: id, values: values, origin: origin, block: nil)
  }

  private func words(
    _ rest: ArraySlice<UInt8>, _ id: String
  ) throws(SshdValue.Problem) -> [String] {
    let words =
      build.number ?? 900 >= 807
      ? SSHLexer.arguments(rest)
      : SSHLexer.oldArguments(rest, splittingEquals: id != "setenv")
    guard let words else { throw SshdValue.Problem(text: "invalid quotes") }
    return words
  }

  private func isKnown(_ keyword: SshdKeyword) -> Bool {
    guard let number = build.number else { return true }
    if keyword.isPatched, build.vendor == .alpine { return false }
    // Red Hat and SUSE bring features to older versions.
    let isUpstream = build.vendor == .debian || build.vendor == .alpine
    return number >= keyword.since || !isUpstream
  }
}
