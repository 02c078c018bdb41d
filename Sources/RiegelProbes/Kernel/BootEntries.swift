import RiegelModel
import SystemPackage

/// The kernel command lines of a host: the running one, and all that the next boot may use.
struct BootEntries: Sendable {
  struct Entry: Sendable {
    var isRunning: Bool
    /// The title of the menu entry, or the file.
    var title: String
    var isRecovery: Bool
    var line: KernelCommandLine
    var origin: Origin
  }

  var entries: [Entry] = []
  var gaps: [TargetError] = []

  static func of(_ host: Host) throws(TargetError) -> BootEntries {
    try host.remember("boot entries") { () throws(TargetError) in BootEntries(host) }
  }

  static let reads = [
    "/proc/cmdline", "/etc/default/grub", "/etc/default/grub.d/*.cfg", "/boot/grub/grub.cfg",
    "/boot/grub2/grub.cfg", "/boot/grub2/grubenv", "/boot/grub/grubenv", "/etc/kernel/cmdline",
    "/boot/loader/entries/*.conf", "/efi/loader/entries/*.conf", "/boot/efi/loader/entries/*.conf",
    "/boot/extlinux/extlinux.conf", "/boot/cmdline.txt", "/boot/firmware/cmdline.txt",
  ]

  private init(_ host: Host) {
    if host.isRunning {
      attempt { (this: inout BootEntries) throws(TargetError) in
        guard let text = try host.text(of: "/proc/cmdline") else { return }
        this.add("running", text, .kernel("/proc/cmdline"), isRunning: true)
      }
    }
    attempt { (this: inout BootEntries) throws(TargetError) in try this.readDefaults(host) }
    var variables: [String: String] = [:]
    for path: FilePath in ["/boot/grub2/grubenv", "/boot/grub/grubenv"] {
      attempt { (this: inout BootEntries) throws(TargetError) in
        for line in try host.lines(of: path) ?? [] where line.text.first != "#" {
          guard let equals = line.text.firstIndex(of: "=") else { continue }
          variables[String(line.text[..<equals])] = String(
            line.text[line.text.index(after: equals)...])
        }
      }
    }
    for path: FilePath in ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"] {
      attempt { (this: inout BootEntries) throws(TargetError) in
        guard let text = try host.text(of: path) else { return }
        this.readGrub(text, path, &variables)
      }
    }
    for pattern in [
      "/boot/loader/entries/*.conf", "/efi/loader/entries/*.conf",
      "/boot/efi/loader/entries/*.conf",
    ] {
      attempt { (this: inout BootEntries) throws(TargetError) in
        for path in try host.expand(pattern) { try this.readLoaderEntry(host, path, variables) }
      }
    }
    for path: FilePath in [
      "/etc/kernel/cmdline", "/boot/cmdline.txt", "/boot/firmware/cmdline.txt",
    ] {
      attempt { (this: inout BootEntries) throws(TargetError) in
        guard let text = try host.text(of: path) else { return }
        this.add(printable(path), text, .file(path))
      }
    }
    attempt { (this: inout BootEntries) throws(TargetError) in
      try this.readExtlinux(host, "/boot/extlinux/extlinux.conf")
    }
  }

  private mutating func attempt(_ body: (inout BootEntries) throws(TargetError) -> Void) {
    do throws(TargetError) { try body(&self) } catch { gaps.append(error) }
  }

  private mutating func add(
    _ title: String, _ text: String, _ origin: Origin, isRunning: Bool = false
  ) {
    let line = KernelCommandLine(text)
    let isRecovery =
      title.lowercased().contains("recovery") || title.lowercased().contains("rescue")
      || line.parameters.contains { $0.value == nil && ["single", "S", "1"].contains($0.name) }
    entries.append(
      Entry(
        isRunning: isRunning, title: title, isRecovery: isRecovery, line: line, origin: origin))
  }

  /// What `grub-mkconfig` would write next: normal entries get both variables.
  private mutating func readDefaults(_ host: Host) throws(TargetError) {
    let main: FilePath = "/etc/default/grub"
    guard let text = try host.text(of: main) else { return }
    var variables = ShellVariables()
    variables.read(text)
    var places: [String: (FilePath, Int)] = [:]
    func note(_ path: FilePath, _ before: ShellVariables?) {
      for (name, value) in variables.values {
        let old = before?.values[name]
        if old == nil || old?.line != value.line || old?.text != value.text {
          places[name] = (path, value.line)
        }
      }
    }
    note(main, nil)
    for path in try host.expand("/etc/default/grub.d/*.cfg") {
      guard let text = try host.text(of: path) else { continue }
      let before = variables
      variables.read(text)
      note(path, before)
    }
    let names = ["GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"]
    var parts: [String] = []
    for name in names {
      guard let value = variables.values[name] else { continue }
      guard let text = value.text else {
        let (path, line) = places[name] ?? (main, value.line)
        throw .undetermined(
          path,
          Localized(
            en: "line \(line): only running the file tells the value of \(name)",
            de: "Zeile \(line): den Wert von \(name) zeigt erst das Ausführen der Datei"))
      }
      parts.append(text)
    }
    if let line = variables.opaqueLines.first {
      gaps.append(
        .undetermined(
          main,
          Localized(
            en: "line \(line) runs other text that may change the kernel command line",
            de: "Zeile \(line) führt anderen Text aus, der die Kernel-Befehlszeile ändern kann")))
    }
    let (path, line) = places[names[1]] ?? places[names[0]] ?? (main, 0)
    add(
      "GRUB_CMDLINE_LINUX_DEFAULT", parts.joined(separator: " "),
      line == 0 ? .file(path) : .line(path, line))
  }

  /// The `linux` lines of a generated `grub.cfg`, with the menu entry they stand in.
  private mutating func readGrub(
    _ text: String, _ path: FilePath, _ variables: inout [String: String]
  ) {
    var title = printable(path)
    for line in numberedLines(text) {
      let trimmed = line.text.drop { $0 == " " || $0 == "\t" }
      guard let command = trimmed.split(whereSeparator: { $0 == " " || $0 == "\t" }).first
      else { continue }
      switch command {
      case "menuentry", "submenu":
        let words = grubWords(trimmed, [:])
        if words.count > 1 { title = words[1] }
      case "set":
        let words = grubWords(trimmed, variables)
        guard words.count > 1, let equals = words[1].firstIndex(of: "=") else { continue }
        variables[String(words[1][..<equals])] = String(
          words[1][words[1].index(after: equals)...])
      case "linux", "linux16", "linuxefi":
        let words = grubWords(trimmed, variables).dropFirst(2)
        add(title, words.joined(separator: " "), .line(path, line.number))
      default: continue
      }
    }
  }

  /// Words of a GRUB script line: quotes removed, variables put in; a value with blanks splits, as
  /// GRUB hands the joined words to the kernel in any case.
  private func grubWords(_ line: Substring, _ variables: [String: String]) -> [String] {
    var words: [String] = []
    var word = ""
    var has = false
    var quote: Character?
    var rest = line[...]
    while let character = rest.popFirst() {
      if let open = quote {
        if character == open {
          quote = nil
        } else if character == "\\", open == "\"", let next = rest.popFirst() {
          word.append(next)
        } else if character == "$", open == "\"" {
          word += GrubVariable.take(from: &rest, variables)
        } else {
          word.append(character)
        }
        continue
      }
      switch character {
      case "'", "\"":
        quote = character
        has = true
      case "\\":
        if let next = rest.popFirst() { word.append(next) }
        has = true
      case "$":
        word += GrubVariable.take(from: &rest, variables)
        has = true
      case " ", "\t", ";", "{", "}":
        if has { words.append(word) }
        word = ""
        has = false
      case "#" where !has: return words
      default:
        word.append(character)
        has = true
      }
    }
    if has { words.append(word) }
    return words
  }

  /// A Boot Loader Specification entry; several `options` lines add up.
  private mutating func readLoaderEntry(
    _ host: Host, _ path: FilePath, _ variables: [String: String]
  ) throws(TargetError) {
    guard let lines = try host.lines(of: path) else { return }
    var title = printable(path)
    var options: [String] = []
    var place: Origin = .file(path)
    for line in lines {
      let words = line.text.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
      guard words.count == 2 else { continue }
      if words[0] == "title" { title = String(words[1]) }
      if words[0] == "options" {
        var rest = words[1]
        var text = ""
        while let character = rest.popFirst() {
          if character == "$" {
            text += GrubVariable.take(from: &rest, variables)
          } else {
            text.append(character)
          }
        }
        options.append(text)
        place = .line(path, line.number)
      }
    }
    add(title, options.joined(separator: " "), place)
  }

  private mutating func readExtlinux(_ host: Host, _ path: FilePath) throws(TargetError) {
    var title = printable(path)
    for line in try host.lines(of: path) ?? [] {
      let words = line.text.drop { $0 == " " || $0 == "\t" }
        .split(maxSplits: 1) { $0 == " " || $0 == "\t" }
      guard words.count == 2 else { continue }
      switch words[0].lowercased() {
      case "label": title = String(words[1])
      case "append": add(title, String(words[1]), .line(path, line.number))
      default: continue
      }
    }
  }
}

/// `$name` or `${name}` in a GRUB script; the dollar sign is already taken.
private enum GrubVariable {
  static func take(from rest: inout Substring, _ variables: [String: String]) -> String {
    let braced = rest.first == "{"
    if braced { rest.removeFirst() }
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    rest.removeFirst(name.count)
    if braced, rest.first == "}" { rest.removeFirst() }
    return variables[String(name)] ?? ""
  }
}
