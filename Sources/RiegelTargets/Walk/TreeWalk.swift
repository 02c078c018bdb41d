import CLinux
import Glibc
package import RiegelModel
import Synchronization
package import SystemPackage

/// The walk below one root, as its threads share it.
///
/// A folder is opened by its path from the root of the tree, so that a thread holds one descriptor,
/// or two, however deep and wide the tree is.
final class TreeWalk<Visitor: WalkVisitor>: @unchecked Sendable {
  typealias Item = Pending<Visitor.Context>

  struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  let tree: TreeRoot
  let hasMountTable: Bool
  let visitor: Visitor
  let work: WorkList<Item>
  /// Folders already entered. Asked only where a second way to a folder can lead: below mounts.
  private let entered = Mutex<Set<Identity>>([])
  /// The other roots of the same walk, to note which of them this one covers.
  private let roots: Set<FilePath>
  private let covered = Mutex<Set<FilePath>>([])

  /// Folders nest as deep in no tree that was not made to do harm.
  static var depthLimit: Int { 16_384 }

  init(
    _ tree: TreeRoot, _ first: Item, hasMountTable: Bool, roots: Set<FilePath>,
    _ visitor: Visitor
  ) {
    self.tree = tree
    self.hasMountTable = hasMountTable
    self.visitor = visitor
    self.roots = roots
    work = WorkList(first)
  }

  func run() {
    work.join()
    let thread = WalkThread(self)
    var own: [Item] = []
    while let item = work.next(&own) { thread.walk(item, &own) }
  }

  /// Returns the roots that were entered on the way.
  var rootsCovered: Set<FilePath> { covered.withLock { $0 } }

  func wasEntered(_ item: Item) -> Bool {
    entered.withLock { $0.contains(Identity(device: item.device, inode: item.inode)) }
  }

  func note(_ path: FilePath, _ device: UInt64, _ inode: UInt64) {
    entered.withLock { _ = $0.insert(Identity(device: device, inode: inode)) }
    if roots.count > 1, roots.contains(path) { covered.withLock { _ = $0.insert(path) } }
  }
}

extension TreeTarget {
  /// One after the other, a root above another first. A root that lies below an earlier one and was
  /// entered on the way there is not walked again.
  package func walk(_ roots: [FilePath], _ visitor: some WalkVisitor) {
    walk(roots, threads: 2, visitor)
  }

  func walk<V: WalkVisitor>(_ roots: [FilePath], threads: Int, _ visitor: V) {
    var covered: Set<FilePath> = []
    let all = Set(roots.map { $0.lexicallyNormalized() })
    for root in all.sorted(by: { printable($0) < printable($1) }) {
      do throws(TargetError) {
        guard let metadata = try metadata(of: root, following: false) else { continue }
        visitor.visitRoot(root, metadata)
        if metadata.kind == .link { throw TargetError.tooManyLinks(root) }
        guard metadata.kind == .directory, !covered.contains(root) else { continue }
        var place = mounts.root
        var fileSystem: String?
        for component in root.components {
          place = component.bytes.withUnsafeBytes { place?.child($0) }
          fileSystem = place?.fileSystem ?? fileSystem
        }
        // The tree itself is what the user pointed at, whatever it lies on.
        if let fileSystem, FileSystem.isForeign(fileSystem) {
          throw TargetError.notCollected(root)
        }
        let first = Pending<V.Context>(
          parent: nil, name: bytes(of: root), device: metadata.device,
          inode: metadata.inode, mounts: place, isSuspect: false)
        let walk = TreeWalk(
          self.root, first, hasMountTable: mounts.root != nil, roots: all, visitor)
        runOnThreads(threads) { walk.run() }
        covered.formUnion(walk.rootsCovered)
      } catch {
        visitor.fail(error, nil)
      }
    }
  }

  private func bytes(of path: FilePath) -> [UInt8] {
    path.withPlatformString { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }
}
