import Crypto
import Glibc
package import RiegelModel
package import SystemPackage

/// A site with what its files deserve a warning for.
package struct SiteContent: Sendable {
  package var site: Site
  /// Where `site.yaml` lies; the paths of evidence files begin here.
  package var folder: FilePath
  package var attestationsFolder: FilePath
  package var warnings: [Diagnostic]
}

/// Reads `site.yaml` and the records in its folders, and compares every evidence file with its
/// hash. Throws all that is wrong with any of them.
package func readSite(
  at path: FilePath, library: Library
) throws(ContentError) -> SiteContent {
  let log = DiagnosticLog()
  let name = path.string
  let folder = path.removingLastComponent()
  let file = try ContentFile(path, name: name)
  let node = try parseYAML(file.bytes, file: name)
  guard let site = readSite(node, library: library, log: log) else {
    throw ContentError(log.diagnostics.inOrder)
  }
  let records = RecordReader(site: site, library: library, log: log)
  let files = SiteFiles(folder: folder, log: log)
  var whole = site
  whole.waivers = files.documents(node["waivers"], "waivers").compactMap {
    records.waiver($0.node, fileName: $0.name)
  }
  for (node, name) in files.documents(node["attestations"], "attestations") {
    guard let attestation = records.attestation(node, fileName: name) else { continue }
    files.check(attestation, node)
    whole.attestations.append(attestation)
  }
  if log.hasErrors { throw ContentError(log.diagnostics.inOrder) }
  return SiteContent(
    site: whole, folder: folder,
    attestationsFolder: folder.pushing(FilePath(node["attestations"]?.text ?? "attestations")),
    warnings: log.diagnostics.inOrder)
}

/// An attestation about to be written, as its file will say it. Throws what is wrong with it.
package func checkedText(
  of attestation: Attestation, in site: Site, library: Library
) throws(ContentError) -> String {
  let text = attestationText(attestation)
  let name = "\(attestation.id).yaml"
  let log = DiagnosticLog()
  let node = try parseYAML(Array(text.utf8), file: name)
  let records = RecordReader(site: site, library: library, log: log)
  var read = records.attestation(node, fileName: name)
  read?.place = attestation.place
  if log.hasErrors { throw ContentError(log.diagnostics.inOrder) }
  if read != attestation {
    throw ContentError([
      Diagnostic(.error, "what was given cannot be written down as it is", at: Place(file: name))
    ])
  }
  return text
}

/// The folder of the site's own profiles, which a library has to be read with before the site can
/// be. nil if it names none; what else is wrong with the file is said when it is read whole.
package func profilesFolder(ofSite path: FilePath) throws(ContentError) -> FilePath? {
  let file = try ContentFile(path, name: path.string)
  guard let node = try parseYAML(file.bytes, file: path.string)["profiles"] else { return nil }
  guard let name = node.text, !node.isNothing else {
    throw ContentError([
      Diagnostic(.error, "'profiles' is the path of a folder", at: node.place)
    ])
  }
  let folder = path.removingLastComponent().pushing(FilePath(name))
  guard try contentEntries(of: folder, name: folder.string) != nil else {
    throw ContentError([Diagnostic(.error, "there is no folder '\(name)'", at: node.place)])
  }
  return folder
}

private struct SiteFiles {
  let folder: FilePath
  let log: DiagnosticLog

  /// The documents of a folder in order of their names. A folder that is not named may be missing.
  func documents(_ key: Node?, _ standard: String) -> [(node: Node, name: String)] {
    if let key, key.text == nil || key.isNothing {
      log.error("'\(standard)' is the path of a folder", at: key.place)
      return []
    }
    let relative = key?.text ?? standard
    let path = folder.pushing(FilePath(relative))
    do throws(ContentError) {
      guard let entries = try contentEntries(of: path, name: path.string) else {
        if let key { log.error("there is no folder '\(relative)'", at: key.place) }
        return []
      }
      return entries.compactMap { document($0, in: path) }
    } catch {
      log.add(error.diagnostics)
      return []
    }
  }

  /// Evidence files may lie in folders beside the records; other files are named, so that no
  /// record is lost by a slip of its name.
  private func document(
    _ entry: ContentEntry, in path: FilePath
  ) -> (node: Node, name: String)? {
    let place = Place(file: path.appending(entry.name).string)
    if entry.isFolder { return nil }
    guard entry.name.hasSuffix(".yaml") else {
      if entry.name.hasSuffix(".yml") {
        log.error("the file's name has to end in .yaml", at: place)
      } else if entry.name != "README.md" {
        log.warn("not read: its name does not end in .yaml", at: place)
      }
      return nil
    }
    do throws(ContentError) {
      let file = try ContentFile(path.appending(entry.name), name: place.file)
      return (try parseYAML(file.bytes, file: place.file), entry.name)
    } catch {
      log.add(error.diagnostics)
      return nil
    }
  }

  /// The document has to be there, and the same as when the statement was made.
  func check(_ attestation: Attestation, _ node: Node) {
    let evidence = node["evidence"]
    let document = attestation.document
    do throws(ContentError) {
      let hash = try sha256(
        of: folder.pushing(FilePath(document.file)), name: document.file)
      if hash != document.sha256 {
        log.error(
          "the evidence file '\(document.file)' is another one: its SHA-256 is \(hash)",
          at: evidence?["sha256"]?.place ?? node.place,
          suggestion: "restore it, or state anew with `riegel attest new`")
      }
    } catch {
      let reason = error.diagnostics.first?.summary ?? "cannot be read"
      log.error(
        "the evidence file '\(document.file)' \(reason)",
        at: evidence?["file"]?.place ?? node.place)
    }
  }
}

/// The SHA-256 of a file of any size, in lower-case hexadecimal digits.
package func sha256(of path: FilePath, name: String) throws(ContentError) -> String {
  func fail(_ words: String) -> ContentError {
    ContentError([Diagnostic(.error, words, at: Place(file: name))])
  }
  let descriptor = path.withPlatformString {
    open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
  }
  guard descriptor >= 0 else { throw fail("cannot be opened: \(String(cString: strerror(errno)))") }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw fail("is no regular file")
  }
  var hasher = SHA256()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw fail("cannot be read: \(String(cString: strerror(errno)))")
    }
    if count == 0 { break }
    buffer[..<count].withUnsafeBytes { hasher.update(bufferPointer: $0) }
  }
  let digits = Array("0123456789abcdef".utf8)
  let hex = hasher.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: hex, as: UTF8.self)
}
