import RiegelModel

/// A kind of connection that sshd_config tells apart: all, or those to which a Match block applies.
struct SshdContext: Sendable {
  /// nil for the connections to which no block applies.
  var block: Int?
  /// The criteria of the block and of those around it (an Include in a block).
  var criteria: [SshdMatch.Criterion]
  /// `global` or `User backup`.
  var text: String
  /// Where the block begins.
  var origin: Origin?
  var passes: SshdPasses
}

extension SshdConfiguration {
  /// The contexts, worked out once per audit.
  func contexts(_ host: Host) throws(TargetError) -> [SshdContext] {
    try host.remember("sshd-contexts") { () throws(TargetError) -> [SshdContext] in contexts() }
  }

  /// The global context first, then every block in the order of the files.
  ///
  /// A block is looked at alone, with those that apply wherever it does: for a keyword whose first
  /// line wins, every value that two blocks together could give is the value of one of them. What
  /// several keywords decide together is another matter: see `combinations`.
  func contexts() -> [SshdContext] {
    let global = SshdContext(
      block: nil, criteria: [], text: "global", origin: nil,
      passes: SshdPasses(self) { $0.isImplied(by: [], build) })
    return [global] + possibleBlocks().map { context($0) }
  }

  /// A block with those around it.
  private struct Block {
    var all: [SshdMatch]
    var match: SshdMatch
    var criteria: [SshdMatch.Criterion]
    var text: String
  }

  private func context(_ blocks: Block...) -> SshdContext { context(blocks) }

  private func context(_ blocks: [Block]) -> SshdContext {
    let criteria = blocks.flatMap(\.criteria)
    let ids = Set(blocks.flatMap { $0.all.map(\.id) })
    return SshdContext(
      block: blocks.last?.match.id, criteria: criteria,
      text: blocks.map(\.text).joined(separator: " and "), origin: blocks.first?.match.origin,
      passes: SshdPasses(self) { ids.contains($0.id) || $0.isImplied(by: criteria, build) })
  }

  /// More contexts are not looked at.
  private static let mostCombinations = 1000

  /// Connections to which two or more blocks apply, none of which follows from another: `User` of
  /// one and `Address` of the next. nil if there are too many to look at.
  func combinations() -> [SshdContext]? {
    let blocks = possibleBlocks()
    var found: [SshdContext] = []
    var open: [(chosen: [Int], next: Int)] = blocks.indices.map { ([$0], $0 + 1) }
    while let (chosen, next) = open.popLast() {
      for index in blocks.indices.dropFirst(next) {
        let before = chosen.map { blocks[$0] }
        let block = blocks[index]
        if before.contains(where: { excludes($0, block) }) { continue }
        // Where one follows from the other, their own contexts show both.
        let isNew = before.allSatisfy { other in
          !block.match.isImplied(by: other.criteria, build)
            && !other.match.isImplied(by: block.criteria, build)
        }
        if isNew { found.append(context(before + [block])) }
        if found.count > SshdConfiguration.mostCombinations { return nil }
        if isNew { open.append((chosen + [index], index + 1)) }
      }
    }
    return found
  }

  private func excludes(_ one: Block, _ other: Block) -> Bool {
    one.criteria.contains { mine in other.criteria.contains { mine.excludes($0) } }
  }

  private func possibleBlocks() -> [Block] {
    var blocks: [(chain: [SshdMatch], match: SshdMatch)] = []
    collect(root, [], &blocks)
    return blocks.compactMap { chain, match in
      let all = chain + [match]
      let criteria = all.flatMap(\.criteria).filter { $0.attribute != .all }
      if criteria.allSatisfy({ $0.attribute == .version }) { return nil }
      if match.isAll || all.contains(where: { $0.isImpossible(build) }) { return nil }
      return Block(
        all: all, match: match, criteria: criteria,
        text: all.filter { !$0.isAll }.map(\.text).joined(separator: " and "))
    }
  }

  private func collect(
    _ file: File, _ outer: [SshdMatch], _ blocks: inout [(chain: [SshdMatch], match: SshdMatch)]
  ) {
    var current: SshdMatch?
    for node in file.nodes {
      switch node {
      case .setting: continue
      case .match(let match):
        current = match
        blocks.append((outer, match))
      case .include(let include):
        let chain = outer + (current.map { [$0] } ?? [])
        for file in include.files { collect(file, chain, &blocks) }
      }
    }
  }
}
