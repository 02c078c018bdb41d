import RiegelModel
import SystemPackage

/// Observes what sshd does: the effective value of a keyword, in every Match context.
///
/// sshd reads its files twice: when it starts, what stands outside of Match blocks, the first line
/// of a keyword winning across all included files; and for every connection, what stands in the
/// blocks that match, which replaces the former. So there is a row for the connections that no block
/// is about, and one for each block that sets the keyword (`sshd_config(5)`; `sshd -T -C` shows the
/// same). Where sshd would refuse to start, nothing is said and the line is named.
struct SshdProbe: Probe {
  static let name = "sshd"
  static let summary = "A setting of the OpenSSH server in force, in every Match context."

  static let fields: [Field] = [
    .text(
      "value",
      """
      As `sshd -T` prints it, lists in one text; `prohibit-password` in every version. Absent where \
      nothing is in force, such as no `AllowUsers`.
      """),
    .list("items", "The value's parts; algorithms with `+`, `-`, `^` and wildcards worked out."),
    .number("number", "The value where it is one; seconds, bytes, or the most of `MaxStartups`."),
    .duration("time", "The value of a keyword that is a time; the time of `RekeyLimit`."),
    .text("context", "`global`, or the criteria of the Match block: `User backup`."),
    .flag("set", "A line or an option sets it; otherwise it is the default of the version."),
  ]

  static let keys: [Key<Self>] = [keywordKey]

  /// Names are checked when a rule is read: a typo would otherwise look like an absent setting.
  private static var keywordKey: Key<Self> {
    var key = Key<Self>.subject(
      \.keyword, "A keyword of `sshd_config(5)` in any case, such as `PermitRootLogin`.")
    let store = key.assign
    key.assign = { probe, values in
      if let name = values.first, values.count == 1 {
        guard let keyword = SshdKeyword.named(name) else {
          return "'\(name)' is no keyword of sshd_config(5)"
        }
        if case .ignored = keyword.kind { return "'\(name)' has no effect in OpenSSH any more" }
      }
      return store(&probe, values)
    }
    return key
  }

  static let reads =
    [
      "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/**", "/usr/etc/ssh/sshd_config",
      "/usr/etc/ssh/sshd_config.d/**", "/etc/os-release", "/usr/lib/os-release",
      "/var/lib/dpkg/status", "/lib/apk/db/installed", "/usr/lib/apk/db/installed",
      "/usr/sbin/sshd",
    ] + SshdCommandLine.reads

  var keyword = ""

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let keyword = SshdKeyword.named(keyword),
      let configuration = try SshdConfiguration.of(host)
    else { return Observation() }
    if let number = configuration.build.number, number < keyword.since {
      return Observation(notes: [
        Note(
          en: "\(configuration.build.description) does not know \(keyword.name).",
          de: "\(configuration.build.description) kennt \(keyword.name) nicht.")
      ])
    }
    let contexts = try configuration.contexts(host)
    var observation = Observation()
    for context in contexts {
      let effective = configuration.effective(keyword, context.passes)
      if let block = context.block, !effective.lines.contains(where: { $0.block == block }) {
        continue
      }
      observation.rows.append(row(keyword, effective, context, configuration))
    }
    return observation
  }

  private func row(
    _ keyword: SshdKeyword, _ effective: SshdEffective, _ context: SshdContext,
    _ configuration: SshdConfiguration
  ) -> Row {
    let subject = context.block == nil ? keyword.name : "\(keyword.name) (Match \(context.text))"
    var row = Row(
      subject,
      [
        "context": .text(context.text, context.origin),
        "set": .flag(effective.isSet, effective.origin),
      ])
    if effective.isUndetermined {
      let unknown = Fact.unknown(configuration.doubt(keyword))
      for field in ["value", "items", "number", "time"] { row.facts[field] = unknown }
      return row
    }
    func fact(_ value: Value) -> Fact {
      Fact(.known(value), from: effective.origin, overriding: effective.overrides)
    }
    guard let values = effective.values else {
      row.facts["value"] = Fact(
        .absent, from: effective.origin, overriding: effective.overrides)
      row.facts["items"] = fact(.list([]))
      return row
    }
    row.facts["value"] = fact(.text(keyword.text(values)))
    row.facts["items"] = fact(.list(keyword.items(values)))
    if let number = keyword.number(values) { row.facts["number"] = fact(.number(number)) }
    if let time = keyword.time(values) { row.facts["time"] = fact(.duration(time)) }
    return row
  }
}

extension SshdConfiguration {
  /// Why a default is not known.
  func doubt(_ keyword: SshdKeyword) -> TargetError {
    if build.number == nil {
      if let obstacle = build.obstacle { return obstacle }
      return .undetermined(
        root.path,
        Localized(
          en:
            "\(keyword.name) is not set, and the version of OpenSSH that has the default is not known.",
          de:
            "\(keyword.name) ist nicht gesetzt, und die OpenSSH-Version mit dem Standardwert ist nicht bekannt."
        ))
    }
    return .undetermined(
      root.path,
      Localized(
        en: "The default of \(keyword.name) in this build of \(build.description) is not known.",
        de:
          "Der Standardwert von \(keyword.name) in dieser Fassung von \(build.description) ist nicht bekannt."
      ))
  }
}

extension SshdKeyword {
  /// One text of several values, as `sshd -T` writes them on a line.
  func text(_ values: [String]) -> String {
    if case .algorithms = kind { return values.joined(separator: ",") }
    return values.joined(separator: " ")
  }

  func items(_ values: [String]) -> [String] {
    switch kind {
    case .startups, .netBlock:
      (values.first ?? "").split(separator: ":").map(String.init)
    case .userEnvironment:
      (values.first ?? "").split(separator: ",").map(String.init)
    default: values
    }
  }

  func number(_ values: [String]) -> Int? {
    switch kind {
    case .time, .timeOrNone, .number, .numberOrNone, .rekey: values.first.flatMap { Int($0) }
    case .port: values.count == 1 ? Int(values[0]) : nil
    case .startups: values.first?.split(separator: ":").last.flatMap { Int($0) }
    default: nil
    }
  }

  func time(_ values: [String]) -> Int? {
    switch kind {
    case .time, .timeOrNone: values.first.flatMap { Int($0) }
    case .rekey: values.last.flatMap { Int($0) }
    default: nil
    }
  }
}
