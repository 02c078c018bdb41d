package import RiegelModel
import SystemPackage

/// A way to write the address of a target, and how such a target is opened.
package struct TargetForm: Sendable {
  /// As the help shows it: `dir:PATH`.
  package var usage: String
  /// One line for the help.
  package var summary: String
  /// Whether an address is written in this form.
  package var covers: @Sendable (_ address: String) -> Bool
  package var open: @Sendable (OpeningRequest) throws(OpeningError) -> any Target

  package init(
    usage: String, summary: String, covers: @escaping @Sendable (String) -> Bool,
    open: @escaping @Sendable (OpeningRequest) throws(OpeningError) -> any Target
  ) {
    self.usage = usage
    self.summary = summary
    self.covers = covers
    self.open = open
  }
}

/// What is to be opened, and what will be asked of it.
package struct OpeningRequest: Sendable {
  package var address: String
  /// Counts as the time at which evidence is taken, unless the target has a time of its own.
  package var now: Instant
  /// Globs of the files whose contents may be asked for; an archive keeps no others.
  package var reads: [String]
  /// Options for the system's `ssh`, each as one word.
  package var sshOptions: [String]
  /// `riegel 0.1.0`, for the manifest of what is captured on the way.
  package var tool: String

  package init(
    address: String, now: Instant, reads: [String] = [], sshOptions: [String] = [],
    tool: String = "riegel"
  ) {
    self.address = address
    self.now = now
    self.reads = reads
    self.sshOptions = sshOptions
    self.tool = tool
  }
}

/// Why a target cannot be opened.
package enum OpeningError: Error, Sendable, Hashable {
  case absent(String)
  case notDirectory(String)
  case permissionDenied(String)
  case io(String, errno: Int32)
  /// A path without the `dir:` that says what it is.
  case bareDirectory(String)
  /// It is there, and nothing can be made of it; the reason is technical.
  case unreadable(String, reason: String)
  /// Nothing that any form covers; with the forms there are.
  case unknownForm(String, known: [String])

  /// For the person who typed the address.
  package var message: String {
    switch self {
    case .absent(let path): "\(path): no such file or directory"
    case .notDirectory(let path): "\(path): not a directory"
    case .permissionDenied(let path): "\(path): permission denied"
    case .io(let path, let code): "\(path): error \(code) of the operating system"
    case .bareDirectory(let path): "\(path): to audit the tree in this directory, say dir:\(path)"
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .unknownForm(let address, let known):
      "\(address): no such target; a target is nothing (this host), "
        + known.joined(separator: " or ")
    }
  }
}

/// Opens the target that an address names.
package func openTarget(_ request: OpeningRequest) throws(OpeningError) -> any Target {
  let address = request.address
  if let form = Targets.all.first(where: { $0.covers(address) }) {
    return try form.open(request)
  }
  do throws(OpeningError) {
    _ = try Descriptor.openedRoot(address)
  } catch {
    if case .permissionDenied = error { throw error }
    throw .unknownForm(address, known: Targets.all.map(\.usage))
  }
  throw .bareDirectory(address)
}
