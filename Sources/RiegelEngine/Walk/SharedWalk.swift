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
    let sorter: EntrySorter
    let sorting: @Sendable (borrowing WalkEntry) -> EntrySorting
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
      sorter: EntrySorter, sorting: @escaping @Sendable (borrowing WalkEntry) -> EntrySorting
    ) {
      self.index = index
      self.probe = probe
      self.roots = roots
      self.excluded = excluded
      self.sorter = sorter
      self.sorting = sorting
    }
  }

  /// More rows than this are not kept: whoever has to mend them starts with the first thousands.
  fileprivate static let limit = 20_000

  /// Questions by their index in the plan. Roots that cannot be resolved become gaps.
  init(_ questions: [(index: Int, source: Question.Source)], host: Host) {
    var items: [Item] = []
    for (index, source) in questions {
      guard case .walk(let probe, let sorter) = source else { continue }
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
        sorter: sorter, sorting: sorter.sorting(on: host))
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
  ///
  /// Most entries are of no interest to anybody by their type and permission bits; one look into a
  /// table says so for all questions at once.
  private struct Visitor: WalkVisitor {
    let items: [Item]
    let progress: AuditProgress
    /// Where questions begin and end (with all below). One look-up a directory: whatever lies
    /// deeper is never asked about.
    let rootsAt: [FilePath: QuestionSet]
    let endsAt: [FilePath: QuestionSet]
    /// The lengths of these paths: most directories' names need not even be hashed.
    let lengths: Set<Int>
    /// Questions whose exclusions have wildcards, and so have to be matched.
    let matched: [Int]
    /// The questions that do not drop an entry for certain by its type (by its `ordinal`),
    /// and by its permission bits.
    let wantedByKind: [QuestionSet]
    let wantedByMode: [QuestionSet]

    /// The questions that a directory belongs to.
    struct Context: Sendable {
      var active: QuestionSet
    }

    init(items: [Item], progress: AuditProgress) {
      self.items = items
      self.progress = progress
      var rootsAt: [FilePath: QuestionSet] = [:]
      var endsAt: [FilePath: QuestionSet] = [:]
      for (index, item) in items.enumerated() {
        for root in item.roots { rootsAt[root, default: QuestionSet()].insert(index) }
        for tree in item.excluded.trees { endsAt[tree, default: QuestionSet()].insert(index) }
      }
      self.rootsAt = rootsAt
      self.endsAt = endsAt
      lengths = Set((rootsAt.keys.map(\.length)) + endsAt.keys.map(\.length))
      matched = items.indices.filter { !items[$0].excluded.globs.isEmpty }
      var all = QuestionSet()
      for index in items.indices { all.insert(index) }
      var byKind = [QuestionSet](repeating: all, count: FileMetadata.Kind.allCases.count)
      var byMode = [QuestionSet](repeating: all, count: 1 << 12)
      for (index, item) in items.enumerated() {
        for (kind, isDropped) in item.sorter.droppedKinds.enumerated() where isDropped {
          byKind[kind].remove(index)
        }
        for (mode, isDropped) in (item.sorter.droppedModes ?? []).enumerated() where isDropped {
          byMode[mode].remove(index)
        }
      }
      wantedByKind = byKind
      wantedByMode = byMode
    }

    func enter(_ path: FilePath, parent: Context?) -> Context? {
      var active = parent?.active ?? QuestionSet()
      if lengths.contains(path.length) {
        // Above every root nothing is active yet, but the walk has to get there.
        if let here = rootsAt[path] {
          here.forEach { if !items[$0].excluded.covers(path) { active.insert($0) } }
        }
        if let ending = endsAt[path] { active.subtract(ending) }
      }
      for index in matched where active.contains(index) {
        if items[index].excluded.globs.contains(where: { $0.matches(path) }) {
          active.remove(index)
        }
      }
      if active.isEmpty, parent != nil, !rootsAt.keys.contains(where: { $0.starts(with: path) }) {
        return nil
      }
      return Context(active: active)
    }

    func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: Context) {
      let byKind = wantedByKind[entry.metadata.kind.ordinal]
      let byMode = wantedByMode[Int(entry.metadata.mode & 0o7777)]
      context.active.forEachCommon(with: byKind, byMode) {
        items[$0].take(entry, in: directory, isRoot: false)
      }
    }

    func leave(_ directory: FilePath, entries: Int, _ context: Context) {
      progress.count(entries)
    }

    func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {}

    func fail(_ error: TargetError, _ context: Context?) {
      var concerned = items.indices.filter { context?.active.contains($0) ?? false }
      if context == nil {
        // A root, or a folder on the way to one; what fits none may be a part of any.
        concerned = items.indices.filter {
          items[$0].roots.contains { $0.starts(with: error.path) }
        }
        if concerned.isEmpty { concerned = Array(items.indices) }
      }
      for index in concerned { items[index].found.withLock { $0.gaps.append(error) } }
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
    switch sorting(entry) {
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
