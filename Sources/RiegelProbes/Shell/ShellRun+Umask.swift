import RiegelModel

extension ShellRun {
  /// `umask`, by number or by symbols; what is no mask changes nothing.
  mutating func umask(_ arguments: [String?]) {
    guard let last = arguments.last(where: { $0?.hasPrefix("-") != true }) else {
      state.status = true
      return
    }
    guard let text = last else {
      state.umask.content = .unknown(conditionUnknown)
      state.umask.isTouched = true
      return
    }
    state.status = true
    if text.utf8.allSatisfy({ (48...55).contains($0) }), let mask = UInt16(text, radix: 8),
      mask <= 0o7777
    {
      set(mask & 0o777)
      return
    }
    if text.utf8.first.map({ (48...57).contains($0) }) == true {
      // No octal number: the shell complains and keeps what it has.
      state.status = false
      if shell == .sh, !isBash { return }
      return
    }
    let current: UInt16? =
      if case .known(let known) = state.umask.content { UInt16(known, radix: 8) } else { nil }
    if let mask = ShellRun.symbolic(text, on: current) {
      set(mask)
    } else {
      state.umask.content = .unknown(
        undetermined(
          "changes a umask that is not known", "ändert eine umask, die nicht bekannt ist"))
      state.umask.isTouched = true
    }
  }

  private mutating func set(_ mask: UInt16) {
    var variable = state.umask
    store(.known(octal(mask)), in: &variable)
    state.umask = variable
  }

  /// `u=rwx,g=rx,o=`: what is allowed, so the mask is the rest. nil where it depends on a mask that
  /// is not known, or is no such text.
  static func symbolic(_ text: String, on mask: UInt16?) -> UInt16? {
    var allowed: UInt16 = mask.map { ~$0 & 0o777 } ?? 0
    var covered: UInt16 = 0
    for clause in text.split(separator: ",") {
      var who: UInt16 = 0
      var rest = clause
      while let letter = rest.first, "ugoa".contains(letter) {
        who |= letter == "u" ? 0o700 : letter == "g" ? 0o070 : letter == "o" ? 0o007 : 0o777
        rest = rest.dropFirst()
      }
      if who == 0 { who = 0o777 }
      guard let sign = rest.first, "=+-".contains(sign) else { return nil }
      var bits: UInt16 = 0
      for letter in rest.dropFirst() {
        switch letter {
        case "r": bits |= 0o444
        case "w": bits |= 0o222
        case "x": bits |= 0o111
        default: return nil
        }
      }
      switch sign {
      case "=":
        allowed = allowed & ~who | bits & who
        covered |= who
      case "+":
        allowed |= bits & who
        covered |= bits & who
      default:
        allowed &= ~(bits & who)
        covered |= bits & who
      }
    }
    if mask == nil, covered != 0o777 { return nil }
    return ~allowed & 0o777
  }
}
