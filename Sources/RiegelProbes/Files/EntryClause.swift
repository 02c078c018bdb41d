import RiegelModel

/// A clause about a field of `files`, made ready to be asked for every entry of a file system.
///
/// Where it can, it holds answers worked out beforehand by the clause itself, so that it cannot
/// disagree with it; numbers and times the clause is asked on the spot. Only names that are not
/// ASCII, and words such as `matches`, need a text made, and they come last.
///
/// A class, since a value of this size would be copied for every entry it is asked of.
final class EntryClause: Sendable {
  private enum Form: Sendable {
    case fixed(Bool?)
    /// By the permission bits.
    case mode([Bool?])
    /// By the type's `ordinal`.
    case kind([Bool?])
    case number(@Sendable (FileMetadata) -> Int)
    case modified
    /// By name; the rest is compared as numbers in text.
    case account(AccountNames, [UInt32: Bool], other: Bool?, isGroup: Bool)
    case isKnown(KnownNumbers, yes: Bool, no: Bool, isGroup: Bool)
    /// ASCII names that equal one of these, or match one of these patterns.
    case names(NameList, isNegative: Bool)
    case name
    case target(ofOthers: Bool?)
    /// About names of accounts, which a host has to tell first.
    case unbound
  }

  private let clause: Condition.Clause
  private let form: Form

  init(_ clause: Condition.Clause) {
    self.clause = clause
    form = EntryClause.form(clause)
  }

  private init(_ clause: Condition.Clause, _ form: Form) {
    self.clause = clause
    self.form = form
  }

  /// Ready for the entries of this host.
  func bound(to host: Host) -> EntryClause {
    guard case .unbound = form else { return self }
    let isGroup = ["group", "known-group"].contains(clause.field.name)
    let isName = ["owner", "group"].contains(clause.field.name)
    let bound =
      isName
      ? EntryClause.account(clause, isGroup: isGroup, host)
      : EntryClause.isKnown(clause, isGroup: isGroup, host)
    return EntryClause(clause, bound)
  }

  /// In the order of this the clauses are asked.
  var cost: Int {
    switch form {
    case .fixed(let answer?): answer ? 1 : 0
    case .mode, .kind: 1
    case .number, .modified, .isKnown, .unbound: 2
    case .account: 3
    case .names: 4
    case .name: 5
    case .fixed(nil), .target: 6
    }
  }

  /// By type alone.
  func holds(_ kind: FileMetadata.Kind) -> Bool? {
    switch form {
    case .fixed(let answer): answer
    case .kind(let answers): answers[kind.ordinal]
    case .target(let ofOthers): kind == .link ? nil : ofOthers
    case .mode, .number, .modified, .account, .isKnown, .names, .name, .unbound: nil
    }
  }

  /// By permission bits alone, if the clause is about them.
  var modes: [Bool?]? {
    if case .mode(let answers) = form { answers } else { nil }
  }

  func holds(_ entry: borrowing WalkEntry, _ now: Instant) -> Bool? {
    let metadata = entry.metadata
    switch form {
    case .fixed(let answer): return answer
    case .mode(let answers): return answers[Int(metadata.mode & 0o7777)]
    case .kind(let answers): return answers[metadata.kind.ordinal]
    case .number(let number): return clause.decides(.number(number(metadata)), now)
    case .modified: return clause.decides(.instant(metadata.modified), now)
    case .account(let names, let answers, let other, let isGroup):
      let id = isGroup ? metadata.group : metadata.user
      return answers[id] ?? other ?? clause.decides(.text(names.text(id)), now)
    case .isKnown(let numbers, let yes, let no, let isGroup):
      return numbers.contains(isGroup ? metadata.group : metadata.user) ? yes : no
    case .names(let names, let isNegative):
      guard let isListed = names.contains(entry.name) else { return whole(entry.name, now) }
      return isListed != isNegative
    case .name: return whole(entry.name, now)
    case .target(let ofOthers): return metadata.kind == .link ? nil : ofOthers
    case .unbound: return nil
    }
  }

  private func whole(_ name: UnsafeRawBufferPointer, _ now: Instant) -> Bool? {
    clause.decides(.text(printable(bytes: name)), now)
  }

  private static func form(_ clause: Condition.Clause) -> Form {
    // No clause about a type, a mode or a text asks for the time.
    let now = Instant(seconds: 0)
    if case .presence = clause.test, clause.field.name != "target" {
      // An owner whose name cannot be looked up is the one fact that may be unknown.
      if !["owner", "group", "known-owner", "known-group"].contains(clause.field.name) {
        return .fixed(clause.decides(.flag(true), now))
      }
    }
    switch clause.field.name {
    case "mode": return .mode((0...0o7777).map { clause.decides(.mode($0), now) })
    case "type":
      return .kind(FileMetadata.Kind.allCases.map { clause.decides(.text($0.rawValue), now) })
    case "uid": return .number { Int($0.user) }
    case "gid": return .number { Int($0.group) }
    case "size": return .number { $0.size }
    case "links": return .number { $0.links }
    case "modified": return .modified
    case "name": return name(clause)
    case "target": return .target(ofOthers: clause.decides(.absent, now))
    case "owner", "group", "known-owner", "known-group": return .unbound
    default: return .fixed(nil)
    }
  }

  private static func name(_ clause: Condition.Clause) -> Form {
    switch (clause.comparison, clause.test) {
    case (.equals, .values(let values)), (.oneOf, .values(let values)),
      (.notEquals, .values(let values)), (.notOneOf, .values(let values)):
      let texts = values.map(\.description)
      // Letters outside ASCII may equal ones inside, as Unicode compares.
      guard texts.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }) else { return .name }
      return .names(
        NameList(texts.map { Array($0.utf8) }, arePatterns: false),
        isNegative: clause.comparison.isNegative)
    case (.within, .places(let places)), (.notWithin, .places(let places)):
      var patterns: [[UInt8]] = []
      for place in places {
        guard case .glob(let glob) = place else { return .name }
        patterns += glob.textAlternatives
      }
      return .names(
        NameList(patterns, arePatterns: true), isNegative: clause.comparison.isNegative)
    default: return .name
    }
  }

  private static func account(_ clause: Condition.Clause, isGroup: Bool, _ host: Host) -> Form {
    guard let names = names(isGroup, host) else { return .fixed(nil) }
    var answers: [UInt32: Bool] = [:]
    var wanted: [UInt32] = names.named
    var other: Bool?
    switch (clause.comparison, clause.test) {
    case (.equals, .values(let values)), (.oneOf, .values(let values)),
      (.notEquals, .values(let values)), (.notOneOf, .values(let values)):
      // A number without a name compares as text; all that the operand does not hold are alike.
      wanted += values.compactMap { UInt32($0.description) }
      other = clause.comparison.isNegative
    case (_, .presence): other = clause.decides(.text(""), host.now)
    default: break
    }
    for id in wanted { answers[id] = clause.decides(.text(names.text(id)), host.now) }
    return .account(names, answers, other: other, isGroup: isGroup)
  }

  private static func isKnown(_ clause: Condition.Clause, isGroup: Bool, _ host: Host) -> Form {
    guard let names = names(isGroup, host), let yes = clause.decides(.flag(true), host.now),
      let no = clause.decides(.flag(false), host.now)
    else { return .fixed(nil) }
    return .isKnown(KnownNumbers(names), yes: yes, no: no, isGroup: isGroup)
  }

  /// nil if the names cannot be read; the full row says why.
  private static func names(_ isGroup: Bool, _ host: Host) -> AccountNames? {
    do {
      return isGroup ? try AccountNames.groups(of: host) : try AccountNames.users(of: host)
    } catch {
      return nil
    }
  }
}

/// Names, or patterns of names, in one piece of memory: the loop over them is the walk's innermost.
private struct NameList: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private let arePatterns: Bool
  /// Bit n is set if one of the names has n bytes; all from 63 on share the last.
  private var lengths: UInt64 = 0

  init(_ names: [[UInt8]], arePatterns: Bool) {
    self.arePatterns = arePatterns
    for name in names {
      bytes += name
      ends.append(bytes.count)
      lengths |= NameList.bit(name.count)
    }
  }

  private static func bit(_ length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

  /// nil for a name that is not ASCII: Unicode compares such ones as texts, not as bytes.
  func contains(_ name: UnsafeRawBufferPointer) -> Bool? {
    guard name.allSatisfy({ $0 < 0x80 }) else { return nil }
    if !arePatterns, lengths & NameList.bit(name.count) == 0 { return false }
    return bytes.withUnsafeBytes { bytes in
      var start = 0
      for end in ends {
        let one = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        start = end
        if arePatterns ? Glob.matchComponent(one, name) : one.elementsEqual(name) { return true }
      }
      return false
    }
  }
}

/// `AccountNames.isKnown`, with a table for the numbers that files mostly have.
private struct KnownNumbers: Sendable {
  private let names: AccountNames
  private let table: [Bool]

  init(_ names: AccountNames) {
    self.names = names
    table = names.known(below: 1 << 16)
  }

  func contains(_ number: UInt32) -> Bool {
    number < UInt32(table.count) ? table[Int(number)] : names.isKnown(number)
  }
}

extension Condition.Clause {
  /// nil where the clause is undecided.
  fileprivate func decides(_ value: Value, _ now: Instant) -> Bool? {
    decides(.known(value), now)
  }

  fileprivate func decides(_ content: Fact.Content, _ now: Instant) -> Bool? {
    switch truth(of: content, now: now) {
    case .holds: true
    case .fails: false
    case .undecided: nil
    }
  }
}
