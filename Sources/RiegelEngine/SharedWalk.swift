import RiegelModel
import Synchronization
import SystemPackage

/// The one walk of the file system that serves every question about many files.
///
/// Each question sorts entries by name and `stat` alone, without allocation, and keeps only those
/// that its assertion needs to see: a violation, or what a full row has to decide.
struct SharedWalk: Sendable {
  fileprivate let items: [Item]

  /// One question of the walk. A class because the walk's threads add to it.
  fileprivate final class Item: Sendable {
    let index: Int
    let probe: any WalkingProbe
    /// Links resolved, so that `/bin` on a merged `/usr` is the same root as `/usr/bin`.
    let roots: [FilePath]
    let excluded: Exclusions
    let sorts: @Sendable (borrowing WalkEntry) -> Sorting
    let satisfied = Atomic<Int>(0)
    let found = Mutex<Found>(Found())

    struct Found: Sendable {
      var hits: [WalkHit] = []
      var gaps: [TargetError] = []
      var notes: [Note] = []
      var overflow = 0
    }

    init(
      index: Int, probe: any WalkingProbe, roots: [FilePath], excluded: Exclusions,
      sorts: @escaping @Sendable (borrowing WalkEntry) -> Sorting
    ) {
      self.index = index
      self.probe = probe
      self.roots = roots
      self.excluded = excluded
      self.sorts = sorts
    }
  }

  /// What becomes of an entry.
  fileprivate enum Sorting {
    case drop
    /// Counts for "at least one row" and is not needed otherwise.
    case count
    case keep
  }

  /// More rows than this are not kept: whoever has to mend them starts with the first thousands.
  fileprivate static let limit = 20_000

  /// Questions by their index in the plan. Roots that cannot be resolved become gaps.
  init(_ questions: [(index: Int, source: Question.Source)], host: Host) {
    var items: [Item] = []
    for (index, source) in questions {
      guard case .walk(let probe, let filter, let quantifier) = source else { continue }
      let question = probe.question
      var roots: [FilePath] = []
      var gaps: [TargetError] = []
      for root in question.roots {
        do {
          if let resolved = try host.resolve(root), !roots.contains(resolved) {
            roots.append(resolved)
          }
        } catch {
          gaps.append(error)
        }
      }
      let item = Item(
        index: index, probe: probe, roots: roots, excluded: Exclusions(question.excluded),
        sorts: sorting(probe, filter, quantifier, host))
      let unresolved = gaps
      item.found.withLock { $0.gaps = unresolved }
      items.append(item)
    }
    self.items = items
  }

  var isEmpty: Bool { items.isEmpty }

  /// Walks, and gives each question's observation by its index in the plan.
  func run(on host: Host, progress: AuditProgress) -> [Int: Observation] {
    visitRoots(host)
    host.target.walk(coveringRoots, Visitor(items: items, progress: progress))
    return Dictionary(
      uniqueKeysWithValues: items.map { ($0.index, observation(of: $0, host)) })
  }

  /// The roots without those that lie below another.
  private var coveringRoots: [FilePath] {
    var covering: [FilePath] = []
    for root in Set(items.flatMap(\.roots)).sorted(by: { printable($0) < printable($1) }) {
      if !covering.contains(where: { root.starts(with: $0) }) { covering.append(root) }
    }
    return covering
  }

  /// A root is a row too, and no directory's entry as far as its question sees.
  private func visitRoots(_ host: Host) {
    for item in items {
      for root in item.roots {
        do {
          guard let metadata = try host.metadata(of: root, following: false) else { continue }
          let name = root.lastComponent?.bytes ?? [UInt8(ascii: "/")]
          name.withUnsafeBytes {
            item.take(WalkEntry(name: $0, metadata: metadata), in: root, isRoot: true)
          }
        } catch {
          item.found.withLock { $0.gaps.append(error) }
        }
      }
    }
  }

  private func observation(of item: Item, _ host: Host) -> Observation {
    var found = item.found.withLock { $0 }
    // Two threads find in any order; two runs have to say the same.
    found.hits.sort { printable($0.path) < printable($1.path) }
    found.gaps.sort { printable($0.path) < printable($1.path) }
    found.notes.sort { ($0.origin?.description ?? "") < ($1.origin?.description ?? "") }
    var rows: [Row] = []
    for hit in found.hits where !item.excluded.covers(hit.path) {
      rows.append(item.probe.row(for: hit, on: host))
    }
    if found.overflow > 0 {
      let count = found.overflow
      found.gaps.append(
        .undetermined(
          item.roots.first ?? "/",
          Localized(
            en: "\(count) further entries were not looked at, the first \(SharedWalk.limit) were",
            de: "\(count) weitere Einträge wurden nicht betrachtet, nur die ersten"
              + " \(SharedWalk.limit)")))
    }
    return Observation(
      rows: rows, gaps: found.gaps, satisfied: item.satisfied.load(ordering: .relaxed),
      notes: found.notes)
  }

  /// Hands each entry to the questions whose roots lie above it.
  private struct Visitor: WalkVisitor {
    let items: [Item]
    let progress: AuditProgress
    let rootsAt: [FilePath: [Int]]
    /// Questions that end at a path with all below it. One look-up a directory: whatever lies
    /// deeper is never asked about.
    let endsAt: [FilePath: [Int]]
    /// Questions whose exclusions have wildcards, and so have to be matched.
    let matched: [Int]

    /// The questions that a directory belongs to.
    struct Context: Sendable {
      var active: [Int]
    }

    init(items: [Item], progress: AuditProgress) {
      self.items = items
      self.progress = progress
      var rootsAt: [FilePath: [Int]] = [:]
      for (index, item) in items.enumerated() {
        for root in item.roots { rootsAt[root, default: []].append(index) }
      }
      self.rootsAt = rootsAt
      var endsAt: [FilePath: [Int]] = [:]
      for (index, item) in items.enumerated() {
        for tree in item.excluded.trees { endsAt[tree, default: []].append(index) }
      }
      self.endsAt = endsAt
      matched = items.indices.filter { !items[$0].excluded.globs.isEmpty }
    }

    func enter(_ path: FilePath, parent: Context?) -> Context? {
      var active = parent?.active ?? []
      // Above every root nothing is active yet, but the walk has to get there.
      if let here = rootsAt[path] {
        for index in here where !active.contains(index) && !items[index].excluded.covers(path) {
          active.append(index)
        }
      }
      if let ending = endsAt[path] { active.removeAll { ending.contains($0) } }
      for index in matched where active.contains(index) {
        if items[index].excluded.globs.contains(where: { $0.matches(path) }) {
          active.removeAll { $0 == index }
        }
      }
      if active.isEmpty, parent != nil, !rootsAt.keys.contains(where: { $0.starts(with: path) }) {
        return nil
      }
      return Context(active: active)
    }

    func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: Context) {
      progress.countEntry()
      for index in context.active { items[index].take(entry, in: directory, isRoot: false) }
    }

    func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {}

    func fail(_ error: TargetError, _ context: Context?) {
      for index in context?.active ?? Array(items.indices) {
        items[index].found.withLock { $0.gaps.append(error) }
      }
    }

    func skip(_ path: FilePath, fileSystem: String, _ context: Context) {
      for (index, item) in items.enumerated() {
        let below = item.roots.contains { $0.starts(with: path) }
        if below {
          item.found.withLock { $0.gaps.append(.notCollected(path)) }
        } else if context.active.contains(index) {
          let note = Note(
            en: "not entered, because it is no local file system (\(fileSystem))",
            de: "nicht durchsucht, weil es kein lokales Dateisystem ist (\(fileSystem))",
            .file(path))
          item.found.withLock { $0.notes.append(note) }
        }
      }
    }
  }
}

extension SharedWalk.Item {
  fileprivate func take(_ entry: borrowing WalkEntry, in directory: FilePath, isRoot: Bool) {
    switch sorts(entry) {
    case .drop: return
    case .count:
      // A pattern may leave out single files; whole trees never get here.
      if !excluded.globs.isEmpty, let path = path(of: entry, in: directory, isRoot: isRoot),
        excluded.covers(path)
      {
        return
      }
      satisfied.add(1, ordering: .relaxed)
    case .keep:
      guard let path = path(of: entry, in: directory, isRoot: isRoot) else { return }
      let hit = WalkHit(path: path, metadata: entry.metadata)
      found.withLock {
        if $0.hits.count < SharedWalk.limit { $0.hits.append(hit) } else { $0.overflow += 1 }
      }
    }
  }

  private func path(
    of entry: borrowing WalkEntry, in directory: FilePath, isRoot: Bool
  ) -> FilePath? {
    isRoot ? directory : component(entry.name).map(directory.appending)
  }
}

/// A name as the file system has it, UTF-8 or not.
private func component(_ name: UnsafeRawBufferPointer) -> FilePath.Component? {
  var bytes = name.map { CInterop.PlatformChar(bitPattern: $0) }
  bytes.append(0)
  return bytes.withUnsafeBufferPointer { buffer in
    buffer.baseAddress.flatMap { FilePath.Component(platformString: $0) }
  }
}

/// Globs of paths left out with all below them, ready for a quick answer.
private struct Exclusions: Sendable {
  let globs: [Glob]
  /// `/proc/**` as the path it starts with, the common form.
  let trees: [FilePath]

  init(_ patterns: [String]) {
    var globs: [Glob] = []
    var trees: [FilePath] = []
    for pattern in patterns {
      let folder = pattern.hasSuffix("/**") ? String(pattern.dropLast(3)) : pattern
      if folder.contains(where: { "*?[{".contains($0) }) {
        globs.append(Glob(pattern))
      } else {
        trees.append(FilePath(folder))
      }
    }
    self.globs = globs
    self.trees = trees
  }

  func covers(_ path: FilePath) -> Bool {
    trees.contains { path.starts(with: $0) } || globs.contains { $0.matches(path) }
  }
}

/// How a question sorts an entry, from what its filter and matcher say of it.
private func sorting(
  _ probe: any WalkingProbe, _ filter: Condition?, _ quantifier: PreparedAssertion.Quantifier,
  _ host: Host
) -> @Sendable (borrowing WalkEntry) -> SharedWalk.Sorting {
  let isIn: @Sendable (borrowing WalkEntry) -> Bool?
  if let filter {
    isIn = probe.quickAnswer(to: filter, on: host)
  } else {
    isIn = { _ in true }
  }
  switch quantifier {
  case .every(let condition):
    let holds = probe.quickAnswer(to: condition, on: host)
    return { entry in
      let inside = isIn(entry)
      if inside == false { return .drop }
      return inside == true && holds(entry) == true ? .count : .keep
    }
  case .some(let condition), .none(let condition?):
    let holds = probe.quickAnswer(to: condition, on: host)
    return { entry in
      isIn(entry) == false || holds(entry) == false ? .drop : .keep
    }
  case .count:
    return { entry in
      switch isIn(entry) {
      case true?: .count
      case false?: .drop
      case nil: .keep
      }
    }
  case .none(nil), .allow, .present:
    return { entry in isIn(entry) == false ? .drop : .keep }
  }
}
