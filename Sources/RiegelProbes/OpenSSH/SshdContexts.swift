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
  /// line wins, every value that two blocks together could give is the value of one of them.
  func contexts() -> [SshdContext] {
    var blocks: [(chain: [SshdMatch], match: SshdMatch)] = []
    collect(root, [], &blocks)
    let global = SshdContext(
      block: nil, criteria: [], text: "global", origin: nil,
      passes: SshdPasses(self) { $0.isImplied(by: [], build) })
    return [global]
      + blocks.compactMap { chain, match in
        let all = chain + [match]
        let criteria = all.flatMap(\.criteria).filter { $0.attribute != .all }
        if criteria.allSatisfy({ $0.attribute == .version }) { return nil }
        if match.isAll || all.contains(where: { $0.isImpossible(build) }) { return nil }
        let ids = Set(all.map(\.id))
        return SshdContext(
          block: match.id, criteria: criteria,
          text: all.filter { !$0.isAll }.map(\.text).joined(separator: " and "),
          origin: match.origin,
          passes: SshdPasses(self) { ids.contains($0.id) || $0.isImplied(by: criteria, build) })
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
