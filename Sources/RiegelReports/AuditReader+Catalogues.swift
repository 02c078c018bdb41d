import RiegelModel

extension JSONCursor {
  func catalogues() throws(AuditReader.Failure) -> CatalogueExtract {
    CatalogueExtract(
      standards: try self["standards"].array { (item) throws(AuditReader.Failure) in
        .init(id: try item["id"].string(), name: try item["name"].string())
      },
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
      directive: try self["directive"].localized())
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
