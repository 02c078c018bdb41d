/// Runs a stack as `_pam_dispatch_aux` does, with one result per module or with all possible ones.
struct PAMEvaluation: Sendable {
  let entries: [PAMEntry]

  init(_ entries: [PAMEntry]) { self.entries = entries }

  private enum Impression: Sendable, Hashable { case undefined, positive, negative }

  private struct Saved: Sendable, Hashable {
    var impression = Impression.undefined
    var status = PAMCode.permDenied
  }

  private struct State: Sendable, Hashable {
    var index = 0
    var previousLevel = 0
    var now = Saved()
    /// By level of substack, what the state was when it was entered.
    var saved = [Saved()]
  }

  /// What the stack returns when its modules return these codes.
  func result(_ codes: (Int, PAMEntry) -> PAMCode) -> PAMCode {
    var state = State()
    if entries.isEmpty { return .permDenied }
    while state.index < entries.count {
      let entry = entries[state.index]
      advance(&state, entry.kind == .mustFail ? .permDenied : codes(state.index, entry))
    }
    return final(state)
  }

  private func final(_ state: State) -> PAMCode {
    state.now.status == .success && state.now.impression != .positive
      ? .permDenied : state.now.status
  }

  /// One module has returned; what libpam makes of it.
  private func advance(_ state: inout State, _ code: PAMCode) {
    let here = state.index
    let entry = entries[here]
    let level = entry.level
    if state.previousLevel < level {
      while state.saved.count <= level { state.saved.append(Saved()) }
      state.saved[level] = state.now
    }
    state.previousLevel = level
    state.index = here + 1
    if entry.kind == .substack { return }
    switch entry.control[code] {
    case .ignore: break
    case .reset: state.now = level < state.saved.count ? state.saved[level] : Saved()
    case .ok: accept(&state, code)
    case .done:
      accept(&state, code)
      if state.now.impression == .positive { leave(&state, level) }
    case .bad: refuse(&state, code)
    case .die:
      refuse(&state, code)
      leave(&state, level)
    case .jump(let count):
      var left = count
      var at = here
      while left > 0, at + 1 < entries.count, entries[at + 1].level >= level {
        repeat { at += 1 } while at + 1 < entries.count && entries[at + 1].level > level
        left -= 1
      }
      state.index = at + 1
      // Beyond the end of its stack: libpam calls it a bad jump and fails.
      if left > 0 { state.now = Saved(impression: .negative, status: .permDenied) }
    }
  }

  private func accept(_ state: inout State, _ code: PAMCode) {
    if state.now.impression == .undefined
      || (state.now.impression == .positive && state.now.status == .success)
    {
      state.now = Saved(impression: .positive, status: code)
    }
  }

  private func refuse(_ state: inout State, _ code: PAMCode) {
    if state.now.impression != .negative {
      state.now = Saved(impression: .negative, status: code == .ignore ? .permDenied : code)
    }
  }

  /// The rest of the stack, or of the substack, is not run.
  private func leave(_ state: inout State, _ level: Int) {
    while state.index < entries.count, entries[state.index].level >= level { state.index += 1 }
  }
}

extension PAMEvaluation {
  /// A result that a module may have, and what is remembered of a run in which it has it.
  struct Choice: Sendable, Hashable {
    var code: PAMCode
    /// Bits that the caller gives a meaning.
    var marks: UInt16
    init(_ code: PAMCode, marks: UInt16 = 0) {
      self.code = code
      self.marks = marks
    }
  }

  /// How a run may end.
  struct Ending: Sendable, Hashable {
    var succeeds: Bool
    var marks: UInt16
  }

  struct Exploration: Sendable {
    var endings: Set<Ending> = []
    /// Indices of the entries that some run comes to.
    var reached: Set<Int> = []

    var canSucceed: Bool { endings.contains(where: \.succeeds) }
    /// Whether a successful run exists whose marks satisfy a condition.
    func succeeds(where condition: (UInt16) -> Bool) -> Bool {
      endings.contains { $0.succeeds && condition($0.marks) }
    }
  }

  /// Follows every combination of results, each entry's independent of the others'.
  ///
  /// Runs that stand at the same entry with the same state and marks are followed once, so the
  /// work grows with the length of the stack and not with the number of combinations.
  func explore(_ choices: (Int, PAMEntry) -> [Choice]) -> Exploration {
    struct Point: Hashable {
      var state: State
      var marks: UInt16
    }
    var exploration = Exploration()
    if entries.isEmpty {
      exploration.endings.insert(Ending(succeeds: false, marks: 0))
      return exploration
    }
    let options = entries.enumerated().map { index, entry in
      entry.kind == .module
        ? PAMEvaluation.distinct(choices(index, entry), entry) : [Choice(.permDenied)]
    }
    var seen: Set<Point> = []
    var open = [Point(state: State(), marks: 0)]
    while let point = open.popLast() {
      guard point.state.index < entries.count else {
        exploration.endings.insert(
          Ending(succeeds: final(point.state) == .success, marks: point.marks))
        continue
      }
      exploration.reached.insert(point.state.index)
      for choice in options[point.state.index] {
        var next = point
        advance(&next.state, choice.code)
        next.marks |= choice.marks
        if seen.insert(next).inserted { open.append(next) }
      }
    }
    return exploration
  }

  /// One of all choices that libpam would treat alike.
  private static func distinct(_ choices: [Choice], _ entry: PAMEntry) -> [Choice] {
    struct Kind: Hashable {
      var action: PAMAction
      var isSuccess: Bool
      var marks: UInt16
    }
    var seen: Set<Kind> = []
    return choices.filter {
      seen.insert(
        Kind(
          action: entry.control[$0.code], isSuccess: $0.code == .success, marks: $0.marks)
      ).inserted
    }
  }
}
