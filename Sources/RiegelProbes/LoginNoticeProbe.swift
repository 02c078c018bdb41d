import RiegelModel
import SystemPackage

/// Observes the notices that people see before and after login, and what they give away.
///
/// Before login: the issue files in the order of `agetty(8)` at the console, `Banner` of sshd in
/// every Match context, `issue.net` of telnetd, the banner of Cockpit. After login: the message of
/// the day with its folders (`pam_motd(8)`) and the scripts that write it. A banner that is not set,
/// or whose file is missing, is a row without text. What scripts print is known only so far as they
/// call programs that name the system. Options of a getty that choose another file are not read.
struct LoginNoticeProbe: Probe {
  static let name = "login-notice"
  static let summary = "Notices before and after login, and what they disclose."
  static let fields: [Field] = [
    .choice(
      "way", Way.allCases.map(\.rawValue),
      "Where it is shown: `console`, `ssh`, `telnet` and `web` before login, `motd` and `motd-script`"
        + " after it."),
    .text(
      "text", "The text with its escapes, blanks at the ends removed; absent if there is none."),
    .flag("filled", "Whether there is any text."),
    .list(
      "disclosures",
      "What it gives away: "
        + NoticeDisclosure.allCases.map { "`\($0.rawValue)`" }
        .joined(separator: ", ") + "."),
    .text("path", "The file; absent where none is set."),
    .text("context", "The Match context of sshd, `global` outside of all."),
  ]
  static let keys: [Key<Self>] = [.everything("Every notice.")]
  static let reads =
    [
      "/etc/issue", "/etc/issue.d/*", "/run/issue", "/run/issue.d/*", "/usr/lib/issue",
      "/usr/lib/issue.d/*", "/etc/issue.net", "/etc/motd", "/etc/motd.d/*", "/run/motd",
      "/run/motd.d/*", "/usr/lib/motd", "/usr/lib/motd.d/*", "/etc/update-motd.d/*",
      "/etc/cockpit/cockpit.conf", "/etc/os-release", "/usr/lib/os-release", "/etc/hostname",
      "/proc/sys/kernel/osrelease",
    ] + SshdProbe.reads

  enum Way: String, CaseIterable {
    case console, ssh, telnet, web, motd
    case script = "motd-script"
  }

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let reader = try NoticeReader(host)
    var observation = Observation()
    do throws(TargetError) {
      for path in try LoginNoticeProbe.issueFiles(host) {
        observation.rows += [row(.console, path, reader, host)]
      }
    } catch {
      observation.gaps.append(error)
    }
    do throws(TargetError) { observation.rows += try sshRows(reader, host) } catch {
      observation.gaps.append(error)
    }
    do throws(TargetError) {
      if try host.exists("/etc/issue.net") {
        observation.rows += [row(.telnet, "/etc/issue.net", reader, host)]
      }
      if let banner = try cockpitBanner(host) {
        observation.rows += [row(.web, banner, reader, host)]
      }
      for path in try motdFiles(host) { observation.rows += [row(.motd, path, reader, host)] }
      for path in try scripts(host) { observation.rows += [row(.script, path, reader, host)] }
    } catch {
      observation.gaps.append(error)
    }
    return observation
  }

  // MARK: Files

  /// The folder is read only where its main file exists, and its files come in order of version.
  static func issueFiles(_ host: Host) throws(TargetError) -> [FilePath] {
    for folder in ["/etc", "/run", "/usr/lib"] as [FilePath] {
      if !host.isRunning, isVolatile(folder) { continue }
      let main = folder.appending("issue")
      guard try host.exists(main) else { continue }
      var files = [main]
      for name in try folderNames(folder.appending("issue.d"), host)
      where name.string.hasSuffix(".issue") && !name.string.hasPrefix(".") {
        files.append(folder.appending("issue.d").appending(name))
      }
      return files
    }
    return []
  }

  private static func folderNames(
    _ folder: FilePath, _ host: Host
  ) throws(TargetError) -> [FilePath.Component] {
    guard try host.metadata(of: folder)?.kind == .directory else { return [] }
    return try host.list(folder) ?? []
  }

  private func motdFiles(_ host: Host) throws(TargetError) -> [FilePath] {
    let folders = (["/etc", "/run", "/usr/lib"] as [FilePath]).filter {
      host.isRunning || !isVolatile($0)
    }
    var files: [FilePath] = []
    for folder in folders {
      let main = folder.appending("motd")
      if try host.metadata(of: main)?.kind == .file {
        files.append(main)
        break
      }
    }
    var byName: [String: FilePath] = [:]
    for folder in folders.map({ $0.appending("motd.d") }) {
      for name in try LoginNoticeProbe.folderNames(folder, host) where byName[name.string] == nil {
        byName[name.string] = folder.appending(name)
      }
    }
    for (_, path) in byName.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      // A link to /dev/null silences a message.
      if try host.metadata(of: path)?.kind == .file { files.append(path) }
    }
    return files
  }

  /// What run-parts(8) would run: executable, and a name of letters, digits, `_` and `-`.
  private func scripts(_ host: Host) throws(TargetError) -> [FilePath] {
    let folder: FilePath = "/etc/update-motd.d"
    var found: [FilePath] = []
    for name in try LoginNoticeProbe.folderNames(folder, host) {
      let path = folder.appending(name)
      guard
        name.string.utf8.allSatisfy({
          ShellParser.isNameByte($0) || $0 == UInt8(ascii: "-")
        }), let metadata = try host.metadata(of: path), metadata.kind == .file,
        metadata.mode & 0o111 != 0
      else { continue }
      found.append(path)
    }
    return found
  }

  /// `[Session] Banner`, a path of its own or below /etc/cockpit.
  private func cockpitBanner(_ host: Host) throws(TargetError) -> FilePath? {
    guard let lines = try host.lines(of: "/etc/cockpit/cockpit.conf") else { return nil }
    var section = ""
    var banner: String?
    for line in lines {
      let text = line.text.trimmed
      if text.hasPrefix("[") { section = text.lowercased() }
      guard section == "[session]", let equals = text.firstIndex(of: "="),
        text[..<equals].trimmed.lowercased() == "banner"
      else { continue }
      banner = String(text[text.index(after: equals)...].trimmed)
    }
    return banner.flatMap { $0.isEmpty ? nil : FilePath("/etc/cockpit").pushing(FilePath($0)) }
  }

  // MARK: Rows

  private func sshRows(_ reader: NoticeReader, _ host: Host) throws(TargetError) -> [Row] {
    guard let keyword = SshdKeyword.named("Banner"),
      let configuration = try SshdConfiguration.of(host)
    else { return [] }
    var rows: [Row] = []
    for context in try configuration.contexts(host) {
      let effective = configuration.effective(keyword, context.passes)
      if let block = context.block, !effective.lines.contains(where: { $0.block == block }) {
        continue
      }
      let banner = effective.values?.first
      var row: Row
      if let banner, banner.lowercased() != "none" {
        row = self.row(.ssh, FilePath(banner), reader, host)
        if row["text"].content == .absent { row.facts["text"] = .absent(effective.origin) }
        row.facts["path"] = .text(banner, effective.origin)
      } else {
        row = Row(
          "ssh",
          [
            "way": .text(Way.ssh.rawValue), "text": .absent(effective.origin),
            "filled": .flag(false, effective.origin),
            "disclosures": .list([], effective.origin), "path": .absent(effective.origin),
          ])
      }
      row.subject = context.block == nil ? "ssh banner" : "ssh banner (Match \(context.text))"
      row.facts["context"] = .text(context.text, context.origin)
      rows.append(row)
    }
    return rows
  }

  private func row(_ way: Way, _ path: FilePath, _ reader: NoticeReader, _ host: Host) -> Row {
    var facts: [String: Fact] = [
      "way": .text(way.rawValue), "path": .text(printable(path), .file(path)),
    ]
    do throws(TargetError) {
      guard let lines = try host.lines(of: path) else {
        facts["text"] = .absent(.file(path))
        facts["filled"] = .flag(false, .file(path))
        facts["disclosures"] = .list([], .file(path))
        return Row("\(way.rawValue) \(printable(path))", facts)
      }
      var found: Set<NoticeDisclosure> = []
      var first: Int?
      for line in lines {
        let its =
          switch way {
          case .console: reader.disclosures(in: line.text, .agetty)
          case .telnet: reader.disclosures(in: line.text, .telnet)
          case .web: reader.disclosures(in: line.text, .none)
          case .ssh, .motd: reader.disclosures(in: line.text, .none)
          case .script: reader.disclosures(inScript: line.text)
          }
        if first == nil, !its.isEmpty { first = line.number }
        found.formUnion(its)
      }
      let text = lines.map { String($0.text) }.joined(separator: "\n")[...].trimmed
      let top = lines.first { !$0.text.trimmed.isEmpty }
      let origin = top.map { Origin.line(path, $0.number) } ?? .file(path)
      facts["text"] = text.isEmpty ? .absent(.file(path)) : .text(String(text), origin)
      facts["filled"] = .flag(!text.isEmpty, origin)
      facts["disclosures"] = .list(
        NoticeDisclosure.allCases.filter(found.contains).map(\.rawValue),
        first.map { .line(path, $0) } ?? .file(path))
    } catch {
      for name in ["text", "filled", "disclosures"] { facts[name] = .unknown(error) }
    }
    return Row("\(way.rawValue) \(printable(path))", facts)
  }
}
