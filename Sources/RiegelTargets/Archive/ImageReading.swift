import RiegelModel
import SystemPackage

/// A container image out of an archive, as `docker save` and the OCI image layout put it there.
///
/// Layers are applied in order into one tree. Both forms know their layers by the name of a member:
/// `manifest.json` of docker, or `index.json` and the manifest that it names (OCI image-spec).
struct ImageReading {
  /// Members of which the contents tell what an archive is.
  static let descriptions = ["/manifest.json", "/index.json", "/oci-layout"]

  /// As many as overlayfs stacks.
  private static let layerLimit = 500
  private static let descriptionLimit = 4 << 20

  private let opening: ArchiveOpening
  private let layers: [String]

  typealias Trouble = ArchiveReader.Trouble

  /// nil if the tree is no image.
  init?(_ index: FileIndex, _ opening: ArchiveOpening) throws(Trouble) {
    self.opening = opening
    if index.find("etc") != nil { return nil }
    if let images = ImageReading.json(index, "manifest.json")?.list, let first = images.first,
      let named = first["Layers"]
    {
      if images.count > 1 {
        throw Trouble(
          "it holds \(images.count) images; save one of them: "
            + images.flatMap { $0["RepoTags"]?.list?.compactMap(\.text) ?? [] }
            .joined(separator: ", "))
      }
      // A layer that is left out would leave things absent that are there.
      guard let items = named.list, !items.isEmpty else { throw Trouble("it names no layers") }
      layers = try items.map { item throws(Trouble) in
        guard let name = item.text else { throw Trouble("a name of a layer is malformed") }
        return name
      }
    } else if index.find("oci-layout") != nil, let json = ImageReading.json(index, "index.json") {
      layers = try ImageReading.layers(of: json, opening, depth: 0)
    } else {
      return nil
    }
    if layers.count > ImageReading.layerLimit { throw Trouble("it has too many layers") }
  }

  private static func json(_ index: FileIndex, _ path: String) -> JSONValue? {
    index.find(path).flatMap(index.content).flatMap { try? JSONValue(parsing: $0) }
  }

  // MARK: OCI

  private static func layers(
    of json: JSONValue, _ opening: ArchiveOpening, depth: Int
  ) throws(Trouble) -> [String] {
    if let layers = json["layers"]?.list {
      if layers.isEmpty { throw Trouble("it names no layers") }
      return try layers.map { layer throws(Trouble) in
        try blob(layer["digest"]?.text)
      }
    }
    let manifests = (json["manifests"]?.list ?? []).filter {
      // Attestations stand beside the images in newer archives.
      $0["annotations"]?["vnd.docker.reference.type"] == nil
    }
    guard depth < 4, !manifests.isEmpty else { throw Trouble("its index names no image") }
    // With several, that of this machine's kind; else the only one.
    let own = manifests.filter {
      $0["platform"]?["architecture"]?.text == ImageReading.architecture
        && $0["platform"]?["os"]?.text == "linux"
    }
    guard let chosen = own.first ?? (manifests.count == 1 ? manifests[0] : nil) else {
      throw Trouble("it holds \(manifests.count) images and none of this machine's kind")
    }
    let name = try blob(chosen["digest"]?.text)
    guard let text = try member(name, opening), let next = try? JSONValue(parsing: text)
    else {
      throw Trouble("it lacks the manifest \(name)")
    }
    return try layers(of: next, opening, depth: depth + 1)
  }

  #if arch(arm64)
    private static let architecture = "arm64"
  #else
    private static let architecture = "amd64"
  #endif

  /// `sha256:abc` lies at `blobs/sha256/abc`.
  private static func blob(_ digest: String?) throws(Trouble) -> String {
    let parts = (digest ?? "").split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ part in
        !part.isEmpty && part.utf8.allSatisfy { $0 >= 48 && $0 <= 57 || $0 >= 97 && $0 <= 122 }
      })
    else { throw Trouble("a digest is malformed: \(digest ?? "none")") }
    return "blobs/\(parts[0])/\(parts[1])"
  }

  private static func member(
    _ name: String, _ opening: ArchiveOpening
  ) throws(Trouble) -> [UInt8]? {
    let reader = try opening.again()
    while try reader.next() {
      if SnapshotReading.normal(reader.path).elementsEqual(name.utf8) {
        return try reader.data(limit: descriptionLimit)
      }
    }
    return nil
  }

  // MARK: layers

  func tree() throws(Trouble) -> (index: FileIndex, notes: [String]) {
    let wanted = WantedFiles(opening.request.reads)
    let (index, notes) = try apply(TreeBuilding(wanted: wanted))
    let missing = opening.missing(in: index)
    if missing.isEmpty { return (index, notes) }
    return try apply(TreeBuilding(wanted: wanted, alsoWanted: missing))
  }

  /// Passes over the file as often as the order of its members makes necessary.
  private func apply(
    _ start: TreeBuilding
  ) throws(Trouble) -> (index: FileIndex, notes: [String]) {
    var building = start
    var next = 0
    // docker wrote equal layers as links to one another.
    var links: [[UInt8]: [UInt8]] = [:]
    while next < layers.count {
      let before = next
      let linksBefore = links.count
      let reader = try opening.again()
      while next < layers.count, try reader.next() {
        let name = SnapshotReading.normal(reader.path)
        if reader.metadata?.kind == .link {
          links[name] = ImageReading.resolved(reader.linkText, from: name)
          continue
        }
        let wanted = Array(layers[next].utf8)
        guard name == wanted || name == links[wanted] else { continue }
        try apply(reader, UInt16(next + 1), &building)
        next += 1
      }
      if next == before, links.count == linksBefore {
        throw Trouble("it lacks the layer \(layers[next])")
      }
    }
    return building.finish()
  }

  private func apply(
    _ outer: ArchiveReader, _ layer: UInt16, _ building: inout TreeBuilding
  ) throws(Trouble) {
    let reader: ArchiveReader
    do {
      reader = try ArchiveReader(in: outer)
      while try reader.next() { try building.take(reader, layer: layer) }
    } catch {
      throw Trouble("layer \(layer): \(error.reason)")
    }
  }

  /// `../abc/layer.tar` seen from `def/layer.tar`.
  private static func resolved(_ text: [UInt8], from name: [UInt8]) -> [UInt8] {
    let folder = FilePath(bytes: [UInt8(ascii: "/")] + name).removingLastComponent()
    let target = folder.pushing(FilePath(bytes: text)).lexicallyNormalized()
    return target.components.map(\.bytes).reduce(into: []) { path, part in
      if !path.isEmpty { path.append(UInt8(ascii: "/")) }
      path += part
    }
  }
}
