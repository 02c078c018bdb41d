/// What a module may return, by the numbers of `_pam_types.h` and the names of `pam.conf(5)`.
struct PAMCode: Sendable, Hashable {
  let number: Int

  static let success = PAMCode(number: 0)
  static let permDenied = PAMCode(number: 6)
  static let authErr = PAMCode(number: 7)
  static let authinfoUnavail = PAMCode(number: 9)
  static let userUnknown = PAMCode(number: 10)
  static let maxTries = PAMCode(number: 11)
  static let newAuthtokReqd = PAMCode(number: 12)
  static let ignore = PAMCode(number: 25)
  static let abort = PAMCode(number: 26)
  static let moduleUnknown = PAMCode(number: 28)

  static let names = [
    "success", "open_err", "symbol_err", "service_err", "system_err", "buf_err", "perm_denied",
    "auth_err", "cred_insufficient", "authinfo_unavail", "user_unknown", "maxtries",
    "new_authtok_reqd", "acct_expired", "session_err", "cred_unavail", "cred_expired", "cred_err",
    "no_module_data", "conv_err", "authtok_err", "authtok_recover_err", "authtok_lock_busy",
    "authtok_disable_aging", "try_again", "ignore", "abort", "authtok_expired", "module_unknown",
    "bad_item", "conv_again", "incomplete",
  ]

  /// Every code that says no: neither success nor ignore, nor the two that ask to be called again.
  static let failures = (1..<30).map(PAMCode.init(number:)).filter { $0 != .ignore }
  static let all = (0..<30).map(PAMCode.init(number:))
}

/// What libpam does with a module's return code.
enum PAMAction: Sendable, Hashable {
  case ignore, ok, done, bad, die, reset
  /// Skip this many modules, at least one.
  case jump(Int)
}

/// The control field of a line: an action for each return code.
struct PAMControl: Sendable, Hashable {
  private(set) var actions: [PAMAction]

  subscript(code: PAMCode) -> PAMAction {
    actions.indices.contains(code.number) ? actions[code.number] : .bad
  }

  static let allBad = PAMControl(actions: Array(repeating: .bad, count: PAMCode.names.count))

  private init(actions: [PAMAction]) { self.actions = actions }

  /// Reads a keyword (in any case) or `value=action` pairs as libpam does: a control that it cannot
  /// read makes every return code `bad`, and names are matched from the left, so that `okay` is
  /// `ok` and an error after it.
  init(_ text: String) {
    switch text.lowercased() {
    case "required": self.init(success: .ok, ignore: .ignore, other: .bad)
    case "requisite": self.init(success: .ok, ignore: .ignore, other: .die)
    case "sufficient": self.init(success: .done, ignore: .ignore, other: .ignore)
    case "optional": self.init(success: .ok, ignore: .ignore, other: .ignore)
    default: self = PAMControl.pairs(Array(text.utf8)) ?? .allBad
    }
  }

  private init(success: PAMAction, ignore: PAMAction, other: PAMAction) {
    actions = Array(repeating: other, count: PAMCode.names.count)
    actions[PAMCode.success.number] = success
    actions[PAMCode.newAuthtokReqd.number] = success
    actions[PAMCode.ignore.number] = ignore
  }

  /// nil if the text is not of the form `value=action …`.
  private static func pairs(_ text: [UInt8]) -> PAMControl? {
    var actions = [PAMAction?](repeating: nil, count: PAMCode.names.count)
    var at = 0
    func skipBlanks() {
      while at < text.count, text[at] == 32 || (9...13).contains(text[at]) { at += 1 }
    }
    while true {
      skipBlanks()
      if at == text.count { break }
      let index = (PAMCode.names + ["default"]).firstIndex { text[at...].starts(with: $0.utf8) }
      guard let index else { return nil }
      at += (index < PAMCode.names.count ? PAMCode.names[index] : "default").utf8.count
      skipBlanks()
      guard at < text.count, text[at] == UInt8(ascii: "=") else { return nil }
      at += 1
      skipBlanks()
      guard let action = action(text, &at) else { return nil }
      if index < actions.count {
        actions[index] = action
      } else {
        // The default fills what is not set yet; a value that comes later still counts.
        actions = actions.map { $0 ?? action }
      }
    }
    return PAMControl(actions: actions.map { $0 ?? .bad })
  }

  private static let keywords: [(String, PAMAction)] = [
    ("ignore", .ignore), ("ok", .ok), ("done", .done), ("bad", .bad), ("die", .die),
    ("reset", .reset),
  ]

  private static func action(_ text: [UInt8], _ at: inout Int) -> PAMAction? {
    for (word, action) in keywords where text[at...].starts(with: word.utf8) {
      at += word.utf8.count
      return action
    }
    var number = 0
    let start = at
    while at < text.count, (48...57).contains(text[at]) {
      number = min(number * 10 + Int(text[at] - 48), Int(Int32.max))
      at += 1
    }
    return at > start && number > 0 ? .jump(number) : nil
  }
}
