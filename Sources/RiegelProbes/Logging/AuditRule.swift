import RiegelModel
import SystemPackage

/// A line for `auditctl(8)`, taken apart and put into one form whichever way it was written.
///
/// `-w PATH -p PERM` is short for `-a always,exit -F path=PATH -F perm=PERM` (`dir=` for a folder);
/// both give the same rule here.
struct AuditRule: Sendable, Hashable {
  enum Kind: String, Sendable, CaseIterable {
    case watch, syscall, control
  }

  var kind: Kind
  /// `exit`, `task`, `user`, `exclude`, `filesystem`, `io_uring`; empty for a control.
  var list = ""
  /// `always` or `never`.
  var action = ""
  /// Whether the rule goes to the head of its list (`-A`).
  var isPrepended = false
  var syscalls: [String] = []
  /// `b64`, `b32`, or a machine such as `aarch64`; empty: both tables of the machine.
  var arch = ""
  /// All comparisons but arch, path, dir, perm and key, normalised and sorted.
  var fields: [String] = []
  var path: String?
  var directory: String?
  /// Written with `-w`, which for a folder means all below it.
  var isShort = false
  /// Out of `rwxa`, in this order.
  var permissions: String?
  var keys: [String] = []
  /// The letter or long name of a control, `e`, and its value.
  var control = ""
  var value: String?
  /// As written.
  var text: String
  var line: Int
  var origin: Origin

  /// Throws `malformed` for what `auditctl` refuses; it then stops loading, unless `-c` or `-i`
  /// stands before.
  init(_ text: Substring, at file: FilePath, line: Int) throws(TargetError) {
    self.text = String(text.trimmed)
    self.line = line
    origin = .line(file, line)
    kind = .control
    var words = AuditRule.words(text)[...]
    func fail(_ problem: String) -> TargetError { .malformed(file, line: line, problem) }
    while let word = words.popFirst() {
      guard word.hasPrefix("-"), word != "-" else { throw fail("'\(word)' without an option") }
      if word.hasPrefix("--") {
        // Both `--name value` and `--name=value`.
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
        control = parts.first ?? ""
        value = parts.count > 1 ? parts[1] : words.popFirst()
        continue
      }
      let letter = String(word.dropFirst().prefix(1))
      // A value may stand right behind its letter: `-e2`.
      var attached = word.utf8.count > 2 ? String(word.dropFirst(2)) : nil
      func operand() throws(TargetError) -> String {
        if let text = attached {
          attached = nil
          return text
        }
        guard let next = words.popFirst() else { throw fail("-\(letter) without a value") }
        return next
      }
      switch letter {
      case "a", "A", "d":
        if !list.isEmpty { throw fail("two lists") }
        try setList(try operand(), fail)
        kind = letter == "d" ? .control : .syscall
        if letter == "d" { control = "d" }
        isPrepended = letter == "A"
      case "w", "W":
        let path = try operand()
        guard path.hasPrefix("/"), path.utf8.count > 1 else { throw fail("no path to watch") }
        kind = letter == "w" ? .watch : .control
        if letter == "W" { control = "W" }
        guard list.isEmpty else { throw fail("a watch takes no list") }
        (list, action, isShort) = ("exit", "always", true)
        self.path = path
      case "p":
        if list.isEmpty { throw fail("-p before its watch") }
        permissions = try AuditRule.sorted(permissions: try operand(), fail)
      case "k":
        let isAfterSubject =
          isShort || !syscalls.isEmpty || permissions != nil || list == "filesystem"
          || fields.contains { $0.hasPrefix("exe") }
        if list.isEmpty || !isAfterSubject { throw fail("-k before a watch or system call") }
        keys.append(try operand())
      case "S":
        let names = try operand()
        syscalls += names.split(separator: ",").map(String.init)
      case "F":
        if list.isEmpty { throw fail("a list must come before -F") }
        try addField(try operand(), fail)
      case "C":
        fields.append(try AuditRule.comparison(try operand(), fail))
      case "e", "f", "b", "r", "q", "m", "s", "R":
        control = letter
        value = try operand()
      case "D", "c", "i", "t", "l", "h", "v": control = letter
      default: throw fail("unknown option -\(letter)")
      }
    }
    try check(fail)
    fields = Set(fields).sorted()
    syscalls = Set(syscalls).sorted()
  }

  private mutating func setList(
    _ text: String, _ fail: (String) -> TargetError
  ) throws(TargetError) {
    let lists = ["task", "exit", "user", "exclude", "filesystem", "io_uring"]
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw fail("'\(text)' is not list,action") }
    for part in parts {
      if lists.contains(part) { list = part } else { action = part }
    }
    guard !list.isEmpty, action == "always" || action == "never" else {
      throw fail("'\(text)' is not list,action")
    }
    // Whatever is written, this list drops events.
    if list == "exclude" { action = "never" }
  }

  private mutating func addField(
    _ text: String, _ fail: (String) -> TargetError
  ) throws(TargetError) {
    guard let (name, sign, value) = AuditRule.split(text) else {
      throw fail("'\(text)' is no comparison")
    }
    switch (name, sign) {
    case ("arch", "="): arch = AuditRule.arch(value)
    case ("path", "="): path = value
    case ("dir", "="): directory = AuditRule.withoutSlash(value)
    case ("perm", "="): permissions = try AuditRule.sorted(permissions: value, fail)
    case ("key", "="): keys.append(value)
    default: fields.append(name + sign + AuditRule.normal(value, of: name))
    }
  }

  private mutating func check(_ fail: (String) -> TargetError) throws(TargetError) {
    if kind == .control {
      if control.isEmpty { throw fail("no rule") }
      let isSwitch = control == "e" || control == "f"
      if isSwitch, !["0", "1", "2"].contains(value) { throw fail("-\(control) takes 0, 1 or 2") }
      return
    }
    if kind == .watch, !syscalls.isEmpty { throw fail("a watch takes no system call") }
    if !syscalls.isEmpty, list != "exit", list != "io_uring" {
      throw fail("no system calls on list \(list)")
    }
    if let path, !path.hasPrefix("/") { throw fail("path '\(path)' is not absolute") }
    // A rule that only says where is a watch in the long form.
    if kind == .syscall, list == "exit", action == "always",
      syscalls.isEmpty || syscalls == ["all"],
      path != nil || directory != nil
    {
      kind = .watch
      syscalls = []
    }
    // A field rule without a system call stands for all.
    if kind == .syscall, list == "exit", syscalls.isEmpty { syscalls = ["all"] }
    if path != nil || directory != nil {
      permissions = permissions ?? (syscalls.isEmpty ? "rwxa" : nil)
    }
  }
}

extension AuditRule {
  /// The words of a line: only blanks separate, a backslash keeps one, quotes mean nothing.
  fileprivate static func words(_ text: Substring) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    var isEscaped = false
    for byte in text.utf8 {
      if isEscaped {
        if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\\") { word.append(UInt8(ascii: "\\")) }
        word.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == 32 || byte == 9 {
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word = []
      } else {
        word.append(byte)
      }
    }
    if isEscaped { word.append(UInt8(ascii: "\\")) }
    if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  static func withoutSlash(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return path
  }

  /// Name, sign and value of `-F`, the two-letter signs first.
  fileprivate static func split(_ text: String) -> (name: String, sign: String, value: String)? {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    let rest = text.dropFirst(name.count)
    for sign in ["!=", "<=", ">=", "&=", "=", "<", ">", "&"] where rest.hasPrefix(sign) {
      let value = rest.dropFirst(sign.count)
      if name.isEmpty || value.isEmpty { return nil }
      return (String(name), sign, String(value))
    }
    return nil
  }

  fileprivate static func sorted(
    permissions text: String, _ fail: (String) -> TargetError
  ) throws(TargetError) -> String {
    guard !text.isEmpty, text.utf8.count <= 4, text.allSatisfy({ "rwxa".contains($0) }) else {
      throw fail("permissions '\(text)'")
    }
    return "rwxa".filter(text.contains)
  }

  /// `-C` compares two fields; which stands first does not matter.
  fileprivate static func comparison(
    _ text: String, _ fail: (String) -> TargetError
  ) throws(TargetError) -> String {
    guard let (a, sign, b) = split(text), sign == "=" || sign == "!=" else {
      throw fail("'\(text)' compares no fields")
    }
    return a < b ? a + sign + b : b + sign + a
  }

  fileprivate static func arch(_ text: String) -> String {
    switch text {
    case "b64", "x86_64", "aarch64", "ppc64le", "s390x": "b64"
    case "b32", "i386", "i486", "i586", "i686", "arm", "armv7l": "b32"
    default: text
    }
  }

  /// One way to write what is the same: `unset` for an account that never logged in, the names of
  /// errors, 0 and 1 of success.
  fileprivate static func normal(_ value: String, of name: String) -> String {
    switch name {
    case "auid" where ["-1", "4294967295", "unset"].contains(value): return "unset"
    case "success":
      switch value {
      case "1", "yes", "true": return "yes"
      case "0", "no", "false": return "no"
      default: return value
      }
    case "exit":
      switch value {
      case "-1": return "-EPERM"
      case "-13": return "-EACCES"
      case "-2": return "-ENOENT"
      default: return value.uppercased()
      }
    case "uid" where value == "root", "euid" where value == "root", "auid" where value == "root":
      return "0"
    default: return value
    }
  }
}
