import RiegelModel
import SystemPackage

/// Observes what a variable, or the umask, is when a shell has read its start-up files.
///
/// The files are followed, not searched: conditions, loops and functions count, the last assignment
/// before `readonly` wins, and a line that a shell never comes to says nothing. Root is followed
/// through root's own files; a person has an empty home, and whether people can change the value
/// there is what `readonly` says. What only the running session could tell is unknown.
struct ShellVariableProbe: Probe {
  static let name = "shell-variable"
  static let summary = "A variable or the umask after a shell's start-up files, by shell and user."
  static let fields: [Field] = [
    .text("value", "The value; of `umask` four octal digits; absent where nothing sets it."),
    .duration(
      "seconds", "The number that the value begins with, as `TMOUT` is read; 0 where none does."),
    .mode("mode", "The value as an octal mode, where it is one: for `umask`."),
    .flag("readonly", "Whether nobody can change it in the running shell."),
    .flag("exported", "Whether programs and shells started from there have it too."),
    .choice("shell", ShellRun.Shell.allCases.map(\.rawValue), "The shell."),
    .choice(
      "account", ShellRun.Account.allCases.map(\.rawValue),
      "`root`, or an ordinary `person` whose own files set nothing."),
    .choice(
      "start", ShellRun.Start.allCases.map(\.rawValue),
      "`login` shell, or `interactive` shell of a terminal window."),
    .flag("installed", "Whether the shell is on this host."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.variable, "The variable, such as `TMOUT`, or `umask`."),
    .options("shell", \.shells, "`bash`, `sh` or `zsh`; `bash` and `sh` by default."),
    .options("start", \.starts, "`login`, `interactive` or both; `login` by default."),
  ]
  static let reads = [
    "/etc/profile", "/etc/profile.d/*", "/etc/profile.local", "/etc/bash.bashrc", "/etc/bashrc",
    "/etc/bash.bashrc.local", "/etc/environment", "/etc/zsh/*", "/etc/zshenv", "/etc/zprofile",
    "/etc/zshrc", "/etc/zlogin", "/etc/bash_completion.d/*",
    "/usr/share/bash-completion/bash_completion", "/root/.profile", "/root/.bash_profile",
    "/root/.bash_login", "/root/.bashrc", "/etc/login.defs", "/bin/sh",
  ]

  var variable = ""
  var shells = ["bash", "sh"]
  var starts = ["login"]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var rows: [Row] = []
    for shell in ShellRun.Shell.allCases where shells.contains(shell.rawValue) {
      let installed = ShellVariableProbe.installed(shell, on: host)
      for account in ShellRun.Account.allCases {
        for start in ShellRun.Start.allCases where starts.contains(start.rawValue) {
          let state = try ShellRun.state(shell, account, start, on: host)
          var row = self.row(state)
          row.subject = "\(variable) in \(shell.rawValue) (\(account.rawValue), \(start.rawValue))"
          row.facts["shell"] = .text(shell.rawValue)
          row.facts["account"] = .text(account.rawValue)
          row.facts["start"] = .text(start.rawValue)
          row.facts["installed"] = installed
          rows.append(row)
        }
      }
    }
    return Observation(rows: rows)
  }

  private func row(_ state: ShellState) -> Row {
    let found = variable == "umask" ? state.umask : state.variable(variable)
    let origin = found.origin
    var facts: [String: Fact] = [
      "readonly": flag(found.isReadonly, found.readonlyOrigin ?? origin),
      "exported": flag(found.isExported, origin),
    ]
    switch found.content {
    case .unset:
      let absent = Fact(.absent, from: origin, overriding: found.overrides)
      for name in ["value", "seconds", "mode"] { facts[name] = absent }
      if state.isDead { facts["readonly"] = .absent() }
    case .known(let text):
      let fact = { (value: Value?) in
        Fact(value.map(Fact.Content.known) ?? .absent, from: origin, overriding: found.overrides)
      }
      facts["value"] = fact(.text(text))
      facts["seconds"] = fact(.duration(ShellVariableProbe.leadingNumber(text)))
      facts["mode"] = fact(UInt16(text, radix: 8).flatMap { $0 <= 0o7777 ? .mode($0) : nil })
    case .some:
      let error = TargetError.undetermined(
        "/etc/profile", Localized(en: "the session sets it", de: "die Sitzung setzt es"))
      for name in ["value", "seconds", "mode"] { facts[name] = .unknown(error) }
    case .unknown(let error):
      for name in ["value", "seconds", "mode"] { facts[name] = .unknown(error) }
    }
    return Row(variable, facts)
  }

  private func flag(_ value: Bool?, _ origin: Origin?) -> Fact {
    value.map { .flag($0, origin) }
      ?? .unknown(
        .undetermined(
          origin?.path ?? "/etc/profile",
          Localized(
            en: "depends on what only the running session can tell",
            de: "hängt davon ab, was nur die laufende Sitzung weiß")))
  }

  /// As `atoi(3)` reads it.
  private static func leadingNumber(_ text: String) -> Int {
    let rest = text[...].trimmedStart
    let isNegative = rest.hasPrefix("-")
    let digits = (isNegative || rest.hasPrefix("+") ? rest.dropFirst() : rest)
      .prefix { $0.isASCII && $0.isNumber }
    let number = Int(digits) ?? (digits.isEmpty ? 0 : Int(Int32.max))
    return isNegative ? -number : number
  }

  private static func installed(_ shell: ShellRun.Shell, on host: Host) -> Fact {
    do throws(TargetError) {
      for folder in ["/bin", "/usr/bin", "/usr/local/bin"] as [FilePath] {
        let path = folder.appending(shell.rawValue)
        if try host.metadata(of: path) != nil { return .flag(true, .file(path)) }
      }
      return .flag(false)
    } catch {
      return .unknown(error)
    }
  }
}
