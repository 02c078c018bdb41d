import RiegelModel
import SystemPackage

/// Observes what in sshd_config does not do what it seems to: lines that lose, files that are
/// missing, words that stop sshd.
///
/// A second `PermitRootLogin` is not an error for sshd, it is just ignored, and whoever added it
/// believes in it. Keywords whose lines add up (`AllowUsers`, `AcceptEnv`, `HostKey`) are no
/// duplicates, and a Match block that differs from the rest of the file is no contradiction.
struct SshdConfigProbe: Probe {
  static let name = "sshd-config"
  static let summary = "Lines of sshd_config that are ignored, refused or point nowhere."

  static let fields: [Field] = [
    .choice(
      "kind", ["ignored", "deprecated", "missing-include", "refused"],
      """
      `ignored`: another line of the same context wins with another value. `deprecated`: a keyword \
      without effect. `missing-include`: an Include that names a file which is not there. \
      `refused`: sshd does not start.
      """),
    .text("keyword", "As the manual page writes it."),
    .text("value", "What the line says; for `refused` what is wrong with it."),
    .text("wins", "The value in force instead."),
    .text("context", "`global`, or the criteria of the Match block."),
  ]

  static let keys: [Key<Self>] = [.everything("`all`: every file that sshd reads.")]
  static let reads = SshdProbe.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let configuration: SshdConfiguration?
    do {
      configuration = try SshdConfiguration.of(host)
    } catch {
      guard case .malformed(let path, let line, let problem) = error else { throw error }
      let origin = line > 0 ? Origin.line(path, line) : .file(path)
      return Observation(rows: [
        Row(
          origin.description,
          ["kind": .text("refused", origin), "value": .text(problem, origin)])
      ])
    }
    guard let configuration else { return Observation() }
    var rows: [Row] = []
    collect(configuration.root, &rows)
    for context in try configuration.contexts(host) {
      collect(context, configuration, &rows)
    }
    return Observation(rows: rows)
  }

  private func collect(_ file: SshdConfiguration.File, _ rows: inout [Row]) {
    for node in file.nodes {
      switch node {
      case .match: continue
      case .setting(let setting):
        guard let keyword = SshdKeyword.named(setting.keyword), case .ignored = keyword.kind
        else { continue }
        rows.append(row("deprecated", keyword.name, setting))
      case .include(let include):
        if include.files.isEmpty, !include.pattern.contains(where: { "*?[".contains($0) }) {
          rows.append(
            Row(
              "Include \(include.pattern)",
              [
                "kind": .text("missing-include", include.origin),
                "keyword": .text("Include", include.origin),
                "value": .text(include.pattern, include.origin),
              ]))
        }
        for file in include.files { collect(file, &rows) }
      }
    }
  }

  /// Lines of the context itself that lose against another of the same pass.
  private func collect(
    _ context: SshdContext, _ configuration: SshdConfiguration, _ rows: inout [Row]
  ) {
    for name in SshdKeyword.names {
      guard let keyword = SshdKeyword.named(name), !keyword.gathers else { continue }
      let lines =
        context.block == nil
        ? context.passes.startup(keyword.id) : context.passes.connection(keyword.id)
      guard lines.count > 1 else { continue }
      let effective = configuration.effective(keyword, context.passes)
      for line in lines where line.origin != effective.origin && line.block == context.block {
        guard line.text != lines.first(where: { $0.origin == effective.origin })?.text else {
          continue
        }
        // The time of RekeyLimit may come from a line of its own.
        if case .rekey = keyword.kind, line.values.last != "" { continue }
        var row = row("ignored", keyword.name, line)
        row.facts["wins"] = .text(keyword.text(effective.values ?? []), effective.origin)
        row.facts["context"] = .text(context.text, context.origin)
        rows.append(row)
      }
    }
  }

  private func row(_ kind: String, _ keyword: String, _ line: SshdConfiguration.Setting) -> Row {
    Row(
      "\(keyword) \(line.text)",
      [
        "kind": .text(kind, line.origin), "keyword": .text(keyword, line.origin),
        "value": .text(line.text, line.origin),
      ])
  }
}
