import RiegelModel
import SystemPackage

/// Follows a shell through its start-up files without running anything.
///
/// Conditions that only the running session could decide are followed both ways. What depends on
/// the output of a program, or on a file that cannot be read, is unknown and says why. Checked
/// against bash, dash and zsh.
struct ShellRun {
  enum Shell: String, Sendable, CaseIterable { case bash, sh, zsh }

  /// Who logs in: root, or an ordinary person whose home is empty.
  enum Account: String, Sendable, CaseIterable { case person, root }

  enum Start: String, Sendable, CaseIterable { case login, interactive }

  /// Where a way of running ends up that does not go on with the next command.
  struct Frame {
    enum Kind { case loop, function, file, unit }
    var kind: Kind
    var broken: [ShellState] = []
    var continued: [ShellState] = []
    var returned: [ShellState] = []
    var discarded: [ShellState] = []
    /// Variables of a function with what they were before.
    var locals: [String: ShellState.Variable] = [:]
  }

  let host: Host
  let shell: Shell
  let account: Account
  /// `sh` is bash on many distributions, and then reads and complains as bash does.
  let isBash: Bool
  var state = ShellState()
  var frames: [Frame] = []
  var file: FilePath = "/"
  var line = 0
  private var steps = 0
  private var openFiles: [FilePath] = []

  private static let maximumSteps = 200_000
  private static let maximumDepth = 40

  init(_ shell: Shell, _ account: Account, on host: Host) throws(TargetError) {
    self.host = host
    self.shell = shell
    self.account = account
    var isBash = shell == .bash
    if shell == .sh, let real = try host.resolve("/bin/sh") {
      isBash = real.lastComponent?.string == "bash"
    }
    self.isBash = isBash
  }

  var place: Origin { .line(file, line) }

  /// Why something is unknown, with the line that makes it so.
  func undetermined(_ en: String, _ de: String) -> TargetError {
    .undetermined(file, Localized(en: "line \(line): \(en)", de: "Zeile \(line): \(de)"))
  }

  var conditionUnknown: TargetError {
    undetermined(
      "depends on what only the running session can tell",
      "hängt davon ab, was nur die laufende Sitzung weiß")
  }

  // MARK: Files

  /// Runs a file; false if it is absent.
  mutating func source(_ path: FilePath) -> Bool {
    if state.isDead { return true }
    let parsed: ShellFile
    do throws(TargetError) {
      guard try host.metadata(of: path)?.kind == .file else { return false }
      parsed = try host.remember("shell file \(printable(path))") {
        () throws(TargetError) -> ShellFile in
        ShellFile(try host.bytes(of: path) ?? [])
      }
    } catch {
      state.spoil(error)
      return true
    }
    guard openFiles.count < ShellRun.maximumDepth else {
      state.spoil(undetermined("files read each other", "Dateien lesen einander ein"))
      return true
    }
    let before = (file, line)
    openFiles.append(path)
    file = path
    run(parsed)
    openFiles.removeLast()
    (file, line) = before
    return true
  }

  private mutating func run(_ parsed: ShellFile) {
    frames.append(Frame(kind: .file))
    for unit in parsed.units {
      if state.isDead { break }
      if isBash || shell == .bash {
        frames.append(Frame(kind: .unit))
        run(unit)
        let ended = frames.removeLast()
        join(ended.discarded)
        // What ended a loop or returned inside the unit belongs further out.
      } else {
        run(unit)
      }
    }
    if let stop = parsed.stop, !state.isDead {
      line = stop.line
      let reason = undetermined(
        "this form is not understood", "diese Form wird nicht verstanden")
      if stop.isOpaque {
        state.spoil(reason)
      } else {
        for name in stop.names { state.spoil(name, reason) }
      }
      state.status = nil
    }
    let frame = frames.removeLast()
    join(frame.returned)
    if shell == .zsh { join(frame.discarded) }
  }

  /// Runs a text that `eval` is given.
  mutating func evaluate(_ text: String) {
    let parsed = ShellFile(Array(text.utf8))
    let start = line
    for unit in parsed.units where !state.isDead { run(unit) }
    line = start
    if let stop = parsed.stop, !state.isDead {
      let reason = undetermined(
        "this form is not understood", "diese Form wird nicht verstanden")
      for name in stop.names { state.spoil(name, reason) }
    }
  }

  private mutating func join(_ others: [ShellState]) {
    for other in others { state = state.joined(with: other, conditionUnknown) }
  }

  // MARK: Commands

  mutating func run(_ command: ShellCommand) {
    if state.isDead { return }
    steps += 1
    if steps > ShellRun.maximumSteps || frames.count > 200 {
      state.spoil(undetermined("too long to follow", "zu lang, um es zu verfolgen"))
      return
    }
    switch command {
    case .simple(let simple): run(simple)
    case .and(let left, let right):
      run(left)
      follow(right, if: state.status)
    case .or(let left, let right):
      run(left)
      follow(right, if: state.status.map { !$0 })
    case .not(let inner):
      run(inner)
      state.status = state.status.map { !$0 }
    case .sequence(let commands):
      for command in commands { run(command) }
    case .branch(let condition, let then, let otherwise):
      run(condition)
      choose(state.status, then, otherwise)
    case .loop(let condition, let untilTrue, let body):
      loop(condition, untilTrue, body)
    case .each(let name, let words, let body, let isChoice):
      each(name, words, body, isChoice)
    case .choose(let word, let choices): choose(word, choices[...], false)
    case .apart: state.status = nil
    case .function(let name, let body):
      state.functions[name] = body
      state.status = true
    case .test(let words):
      var test = ShellTest(words: words, run: self)
      state.status = test.extended()
    case .arithmetic(let text):
      let value = arithmetic(text)
      state.status = value.map { $0 != 0 }
    }
  }

  /// Runs a command only where the condition holds; where nobody can tell, both ways.
  private mutating func follow(_ command: ShellCommand, if holds: Bool?) {
    if state.isDead || holds == false { return }
    if holds == true {
      run(command)
      return
    }
    let reason = conditionUnknown
    var without = state
    without.status = nil
    run(command)
    state = state.joined(with: without, reason)
  }

  private mutating func choose(
    _ holds: Bool?, _ then: ShellCommand, _ otherwise: ShellCommand?
  ) {
    if state.isDead { return }
    let none = ShellCommand.sequence([])
    state.status = true
    if let holds {
      run(holds ? then : otherwise ?? none)
      return
    }
    let reason = conditionUnknown
    let before = state
    run(then)
    let taken = state
    state = before
    run(otherwise ?? none)
    state = taken.joined(with: state, reason)
  }

  private mutating func loop(_ condition: ShellCommand?, _ untilTrue: Bool, _ body: ShellCommand) {
    frames.append(Frame(kind: .loop))
    var ended = state
    ended.isDead = true
    // Of a loop that nobody can count, three rounds show all that differs from round to round.
    var blindRounds = 0
    while !state.isDead {
      var holds: Bool?
      if let condition {
        run(condition)
        holds = state.status.map { $0 != untilTrue }
      }
      if state.isDead { break }
      state.status = true
      if holds == false {
        ended = ended.joined(with: state, conditionUnknown)
        state.isDead = true
        break
      }
      steps += 1
      if holds == nil || steps > ShellRun.maximumSteps {
        ended = ended.joined(with: state, conditionUnknown)
        blindRounds += 1
        if blindRounds > 3 {
          state.isDead = true
          break
        }
      }
      run(body)
      join(frames[frames.count - 1].continued)
      frames[frames.count - 1].continued = []
    }
    let frame = frames.removeLast()
    state = ended
    join(frame.broken)
  }

  private mutating func each(
    _ name: String, _ words: [ShellWord]?, _ body: ShellCommand, _ isChoice: Bool
  ) {
    var items: [String?] = []
    if let words {
      for word in words { items += fields(word) }
    } else {
      items = state.positional
    }
    frames.append(Frame(kind: .loop))
    // An item whose text is unknown may stand for any number of words.
    var isOpen = isChoice
    var rounds: [String?] = []
    for item in items {
      if item == nil { isOpen = true }
      rounds.append(item)
      if item == nil { rounds.append(nil) }
    }
    let reason = conditionUnknown
    for item in rounds {
      if state.isDead { break }
      let before = state
      assign(name, item.map { .known($0) } ?? .unknown(reason))
      run(body)
      join(frames[frames.count - 1].continued)
      frames[frames.count - 1].continued = []
      if isOpen { state = state.joined(with: before, reason) }
    }
    let frame = frames.removeLast()
    join(frame.broken)
  }

  private mutating func choose(_ word: ShellWord, _ choices: ArraySlice<ShellChoice>, _ fell: Bool)
  {
    guard let choice = choices.first, !state.isDead else {
      if !fell { state.status = true }
      return
    }
    line = word.line
    var matches: Bool? = fell ? true : false
    if !fell {
      let subject = text(word)
      for pattern in choice.patterns {
        let one = matching(subject, pattern)
        if one == true {
          matches = true
          break
        }
        if one == nil { matches = nil }
      }
    }
    let rest = choices.dropFirst()
    if matches == false { return choose(word, rest, false) }
    let before = state
    let reason = conditionUnknown
    state.status = true
    run(choice.body)
    if choice.goesOn, matches == true { return choose(word, rest, true) }
    if matches == nil {
      let taken = state
      state = before
      choose(word, rest, false)
      state = taken.joined(with: state, reason)
    }
  }

  private func matching(_ subject: String?, _ pattern: ShellWord) -> Bool? {
    if pattern.plain == "*" { return true }
    guard let glob = self.pattern(pattern) else { return nil }
    guard let subject else { return nil }
    return Glob.matchComponent(glob[...], Array(subject.utf8)[...])
  }

  // MARK: Leaving

  mutating func leave(_ kind: Frame.Kind, levels: Int = 1) {
    var left = levels
    for index in frames.indices.reversed() {
      let frame = frames[index].kind
      if kind == .loop, frame == .function || frame == .file { break }
      guard frame == kind || kind == .function && frame == .file else { continue }
      left -= 1
      if left == 0 || kind == .function {
        if kind == .loop { frames[index].broken.append(state) }
        if kind == .function { frames[index].returned.append(state) }
        break
      }
    }
    state.isDead = true
  }

  mutating func continueLoop(levels: Int) {
    guard let index = frames.lastIndex(where: { $0.kind == .loop }), levels == 1 else {
      leave(.loop, levels: levels)
      return
    }
    frames[index].continued.append(state)
    state.isDead = true
  }

  /// What a shell does after an error in an assignment: bash goes on with the next line of the
  /// file, zsh with the next file, and dash reads no further file at all.
  mutating func discard() {
    let kind: Frame.Kind = isBash ? .unit : .file
    state.status = false
    let index =
      shell == .sh && !isBash
      ? frames.firstIndex { $0.kind == kind } : frames.lastIndex { $0.kind == kind }
    if let index {
      if shell == .sh, !isBash {
        frames[index].returned.append(state)
      } else {
        frames[index].discarded.append(state)
      }
    }
    state.isDead = true
  }
}

/// A start-up file read into the units in which shells run it.
struct ShellFile: Sendable {
  /// Where the reading stopped, and what may be set after it.
  struct Stop: Sendable {
    var line: Int
    var names: Set<String>
    /// Whether the rest runs other text, so that anything may be set.
    var isOpaque: Bool
  }

  var units: [ShellCommand] = []
  var stop: Stop?

  init(_ bytes: [UInt8]) {
    var parser = ShellParser(bytes)
    var start = 0
    do throws(ShellParser.Failure) {
      while let unit = try parser.nextUnit() {
        units.append(unit)
        start = parser.at
      }
    } catch {
      stop = ShellFile.stop(bytes[min(start, bytes.count)...], error.line)
    }
  }

  private static func stop(_ rest: ArraySlice<UInt8>, _ line: Int) -> Stop {
    var names: Set<String> = []
    for word in rest.split(whereSeparator: { !ShellParser.isNameByte($0) }) {
      names.insert(String(decoding: word, as: UTF8.self))
    }
    return Stop(line: line, names: names, isOpaque: names.contains("eval"))
  }
}
