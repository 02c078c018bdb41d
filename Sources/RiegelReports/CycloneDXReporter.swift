package import RiegelModel

/// The packages seen on the host as a bill of materials: CycloneDX 1.6 in JSON.
///
/// It lists what the package system says is installed. Software beside it (containers, language
/// packages, copied programs) is not looked for, and the document says so.
package struct CycloneDXReporter: Reporter {
  package static let name = "cyclonedx"
  package static let summary = Localized(
    en: "the packages seen on the host as a bill of materials (CycloneDX 1.6)",
    de: "die Pakete des Rechners als Stückliste (CycloneDX 1.6)")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let inventory = audit.inventory ?? Inventory()
    let host = VisibleText.escaped(audit.host.name ?? audit.targetAddress)
    let uuid = NameUUID("cyclonedx").uuid(
      audit.host.machineID ?? "", host, audit.startedAt.description)
    var json = JSONWriter()
    json.object { json in
      json.member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
      json.member("bomFormat", "CycloneDX")
      json.member("specVersion", "1.6")
      json.member("serialNumber", "urn:uuid:\(uuid)")
      json.member("version", 1)
      json.object("metadata") { json in
        json.member("timestamp", audit.startedAt.description)
        json.object("tools") {
          $0.key("components")
          $0.array {
            $0.object {
              $0.member("type", "application")
              $0.member("name", "riegel")
              $0.member("version", audit.toolVersion)
            }
          }
        }
        json.object("component") {
          $0.member("type", "operating-system")
          $0.member("bom-ref", "host")
          $0.member("name", host.isEmpty ? "host" : host)
          if let system = audit.host.system {
            $0.member("description", VisibleText.escaped(system))
          }
          if let version = inventory.distributionVersion { $0.member("version", version) }
        }
      }
      var seen: Set<String> = []
      json.array("components", inventory.packages) { json, package in
        let url = CycloneDXReporter.packageURL(package, in: inventory)
        let reference = url ?? "\(package.name)@\(package.version)?arch=\(package.architecture)"
        json.object {
          $0.member("type", "library")
          if seen.insert(reference).inserted {
            $0.member("bom-ref", VisibleText.escaped(reference))
          }
          $0.member("name", VisibleText.escaped(package.name))
          $0.member("version", VisibleText.escaped(package.version))
          if let url { $0.member("purl", url) }
        }
      }
      json.key("compositions")
      json.array {
        $0.object {
          // Nobody looked beside the package system, so the list is never complete.
          $0.member("aggregate", inventory.packages.isEmpty ? "unknown" : "incomplete")
          $0.member("assemblies", ["host"])
        }
      }
      if let gap = inventory.gap {
        json.key("properties")
        json.array {
          $0.object {
            $0.member("name", "riegel:gap")
            $0.member("value", VisibleText.escaped(options.language.phrases.error(gap)))
          }
        }
      }
    }
    json.end()
    return json.bytes
  }

  /// `pkg:deb/debian/openssl@3.0.17-1~deb12u2?arch=amd64&distro=debian-12`.
  static func packageURL(_ package: Inventory.Package, in inventory: Inventory) -> String? {
    guard let system = inventory.system, !package.name.isEmpty else { return nil }
    func encoded(_ text: String) -> String { percentEncoded(text.utf8, keeping: ":") }
    var url = "pkg:\(system)/"
    if let distribution = inventory.distribution { url += "\(encoded(distribution))/" }
    url += encoded(package.name)
    if !package.version.isEmpty { url += "@\(encoded(package.version))" }
    var qualifiers: [String] = []
    if !package.architecture.isEmpty { qualifiers.append("arch=\(encoded(package.architecture))") }
    if let distribution = inventory.distribution, let version = inventory.distributionVersion {
      qualifiers.append("distro=\(encoded("\(distribution)-\(version)"))")
    }
    return qualifiers.isEmpty ? url : url + "?" + qualifiers.joined(separator: "&")
  }
}
