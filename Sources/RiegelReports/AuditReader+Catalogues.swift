import RiegelModel

extension JSONCursor {
  /// The member of a name; nil if an older version did not write it.
  func optional(_ name: String) throws(AuditReader.Failure) -> JSONCursor? {
    guard case .object(let members) = value, members.contains(where: { $0.name == name })
    else { return nil }
    let member = try self[name]
    return member.isNull ? nil : member
  }

  func catalogues() throws(AuditReader.Failure) -> CatalogueExtract {
    let directive = try self["directive"]
    return CatalogueExtract(
      topics: try self["topics"].array { (item) throws(AuditReader.Failure) in
        .init(
          id: try item["id"].string(), title: try item["title"].localized(),
          measure: try item["measure"].string())
      },
      statements: try self["statements"].array { (item) throws(AuditReader.Failure) in
        .init(
          id: try item["id"].string(), measure: try item["measure"].string(),
          statement: try item["statement"].localized(),
          evidence: try item["evidence"].localized(),
          validityMonths: try item["validityMonths"].int())
      },
      directive: try directive["title"].localized(),
      directiveRows: try directive["rows"].array { (item) throws(AuditReader.Failure) in
        .init(
          id: try item["id"].string(), target: try item["target"].localized(),
          title: try item["title"].localized(), observable: try item["observable"].choice(),
          standing: try item["standing"].choice(), failed: try item["failed"].strings(),
          undecided: try item["undecided"].strings(), passed: try item["passed"].strings())
      },
      norms: try self["norms"].array { (item) throws(AuditReader.Failure) in
        .init(
          id: try item["id"].string(), title: try item["title"].localized(),
          contribution: try item["contribution"].localized(),
          limits: try item["limits"].localized(), measures: try item["measures"].strings())
      })
  }

  func inventory() throws(AuditReader.Failure) -> Inventory {
    Inventory(
      system: try self["system"].optionalString(),
      distribution: try self["distribution"].optionalString(),
      distributionVersion: try self["distributionVersion"].optionalString(),
      packages: try self["packages"].array { (item) throws(AuditReader.Failure) in
        .init(
          name: try item["name"].string(), version: try item["version"].string(),
          architecture: try item["architecture"].string())
      },
      gap: try optional("gap")?.error())
  }
}
