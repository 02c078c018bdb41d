import SystemPackage

/// Where dpkg keeps what is installed.
package let dpkgStatusPath = "/var/lib/dpkg/status"

extension Example {
  /// The host that the example describes, captured at its `now`.
  ///
  /// Packages become dpkg's database. What is unreadable throws `permissionDenied`, and so does all
  /// that lies below an unreadable folder.
  package var target: MemoryTarget {
    var nodes: [FilePath: MemoryTarget.Node] = [:]
    for file in files { nodes[FilePath(file.path)] = file.node }
    if let packages {
      nodes[FilePath(dpkgStatusPath)] = .file(packages.map(\.status).joined(separator: "\n"))
    }
    for text in unreadable {
      let path = FilePath(text)
      let below = nodes.keys.filter { $0 != path && $0.starts(with: path) }
      if nodes[path] == nil {
        nodes[path] = below.isEmpty ? .file("", mode: 0o600) : .directory(mode: 0o700)
      }
      for hidden in below { nodes[hidden]?.failure = .permissionDenied(hidden) }
      nodes[path]?.failure = .permissionDenied(path)
    }
    return MemoryTarget(nodes, capturedAt: now, isRunning: isRunning)
  }
}

extension Example.File {
  fileprivate var node: MemoryTarget.Node {
    let bytes = Array(content.utf8)
    return MemoryTarget.Node(
      FileMetadata(
        kind: kind, mode: mode, user: user, group: group, size: bytes.count, modified: modified),
      content: bytes, link: link.map { FilePath($0) })
  }
}

extension Example.Package {
  /// The stanza of an installed package, as deb-control(5) writes it.
  fileprivate var status: String {
    """
    Package: \(name)
    Status: install ok installed
    Priority: optional
    Section: misc
    Maintainer: nobody <nobody@localhost>
    Architecture: amd64
    Version: \(version)
    Description: package of an example

    """
  }
}
