import RiegelModel
import SystemPackage

extension ShellRun {
  static let personHome = "/home/person"

  /// What a shell of this kind has when it is ready for its first command. Kept per audit.
  static func state(
    _ shell: Shell, _ account: Account, _ start: Start, on host: Host
  ) throws(TargetError) -> ShellState {
    try host.remember("shell \(shell.rawValue) \(account.rawValue) \(start.rawValue)") {
      () throws(TargetError) -> ShellState in
      var run = try ShellRun(shell, account, on: host)
      try run.prepare(start)
      run.start(start)
      return run.state
    }
  }

  /// The variables that are there before any file is read.
  private mutating func prepare(_ start: Start) throws(TargetError) {
    if start == .login { try readEnvironment() }
    let isRoot = account == .root
    let builtIn = Origin.builtIn(shell.rawValue)
    func put(_ name: String, _ content: ShellState.Content, isReadonly: Bool = false) {
      state.variables[name] = ShellState.Variable(
        content: content, origin: builtIn, isReadonly: isReadonly, isExported: false)
    }
    for (name, text) in [
      ("HOME", isRoot ? "/root" : ShellRun.personHome), ("USER", isRoot ? "root" : "person"),
      ("LOGNAME", isRoot ? "root" : "person"), ("PWD", isRoot ? "/root" : ShellRun.personHome),
      ("SHELL", shell == .sh ? "/bin/sh" : "/bin/\(shell.rawValue)"),
    ] { put(name, .known(text)) }
    for name in ["TERM", "HOSTNAME", "PATH", "IFS", "OPTIND"] where state.variables[name] == nil {
      put(name, .some)
    }
    put("PS1", .known(isRoot ? "# " : "$ "))
    if isBash {
      put("BASH", .known(shell == .sh ? "/bin/sh" : "/bin/bash"))
      for name in ["BASH_VERSION", "HOSTTYPE", "MACHTYPE", "OSTYPE", "SHELLOPTS", "BASHOPTS"] {
        put(name, .some)
      }
      put("BASH_VERSINFO", .some)
    }
    if shell == .zsh {
      for name in ["ZSH_VERSION", "ZSH_NAME", "HOST", "ZDOTDIR"] { put(name, .some) }
      put("ZDOTDIR", .unset)
    }
    if isBash || shell == .zsh {
      put("UID", .known(isRoot ? "0" : "1000"), isReadonly: isBash)
      put("EUID", .known(isRoot ? "0" : "1000"), isReadonly: isBash)
    }
    // What the way in may have set.
    let reason = TargetError.undetermined(
      "/etc/profile",
      Localized(
        en: "depends on how the session was opened",
        de: "hängt davon ab, wie die Sitzung geöffnet wurde"))
    for name in [
      "SSH_CLIENT", "SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_ID",
      "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XDG_VTNR", "SUDO_USER",
      "SUDO_UID", "SUDO_COMMAND", "KRB5CCNAME", "DBUS_SESSION_BUS_ADDRESS", "COLORTERM", "LANG",
      "LC_ALL", "LANGUAGE", "VTE_VERSION", "DESKTOP_SESSION", "GDMSESSION", "SHLVL", "TMUX",
      "STY", "MAIL", "container",
    ] where state.variables[name] == nil { put(name, .unknown(reason)) }
  }

  /// `/etc/environment` as pam_env(8) reads it: names that a login's processes are born with.
  private mutating func readEnvironment() throws(TargetError) {
    let path: FilePath = "/etc/environment"
    guard let lines = try host.lines(of: path) else { return }
    for line in lines {
      var text = line.text.trimmed.prefix { $0 != "#" }[...].trimmed
      if text.hasPrefix("export ") { text = text.dropFirst(7).trimmed }
      guard let equals = text.firstIndex(of: "=") else { continue }
      let name = text[..<equals]
      guard !name.isEmpty, name.utf8.allSatisfy(ShellParser.isNameByte) else { continue }
      var value = text[text.index(after: equals)...]
      if let quote = value.first, quote == "\"" || quote == "'" {
        value = value.dropFirst()
        if value.last == quote { value = value.dropLast() }
      }
      state.variables[String(name)] = ShellState.Variable(
        content: value.isEmpty ? .unset : .known(String(value)),
        origin: .line(path, line.number), isExported: true, isTouched: true)
    }
  }

  /// Reads the files in the order of the shell's manual.
  private mutating func start(_ start: Start) {
    let home = FilePath(account == .root ? "/root" : ShellRun.personHome)
    let isRoot = account == .root
    switch shell {
    case .bash:
      if start == .login {
        _ = source("/etc/profile")
        if isRoot {
          for name in [".bash_profile", ".bash_login", ".profile"] {
            if source(home.appending(name)) { break }
          }
        }
      } else {
        // Compiled in by Debian, SUSE and Arch; Red Hat reads `/etc/bashrc` from `~/.bashrc`.
        _ = source("/etc/bash.bashrc")
        if isRoot {
          _ = source(home.appending(".bashrc"))
        } else if !exists("/etc/bash.bashrc") {
          _ = source("/etc/bashrc")
        }
      }
    case .sh:
      if start == .login {
        _ = source("/etc/profile")
        if isRoot { _ = source(home.appending(".profile")) }
      }
    case .zsh:
      let folder: FilePath = exists("/etc/zsh") ? "/etc/zsh" : "/etc"
      _ = source(folder.appending("zshenv"))
      if start == .login { _ = source(folder.appending("zprofile")) }
      _ = source(folder.appending("zshrc"))
      if start == .login { _ = source(folder.appending("zlogin")) }
    }
  }

  /// Where nobody can tell, a file in the folder is asked for next, and that says why.
  private func exists(_ path: FilePath) -> Bool {
    do throws(TargetError) { return try host.exists(path) } catch { return true }
  }
}
