import CLinux
package import RiegelModel
import SystemPackage

/// This host, as the tree at `/` with `/proc`, `/sys` and `/run`.
package enum LiveTarget {
  package static let form = TargetForm(
    usage: "/", summary: "This host; the same as no target.",
    covers: { $0.isEmpty || $0 == "/" },
    open: { request throws(OpeningError) in try open(now: request.now) })

  package static func open(
    now: Instant, method: TreeRoot.Method? = nil
  ) throws(OpeningError) -> TreeTarget {
    let root = try Descriptor.openedRoot("/")
    let mounts = MountTable.own(below: root.raw)
    return TreeTarget(
      kind: .live, address: "/", capturedAt: now, isRunning: true,
      root: TreeRoot(root, method: method, uncollected: []), mounts: mounts)
  }
}
