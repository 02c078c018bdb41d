import RiegelModel

extension JSONWriter {
  mutating func members(of catalogues: CatalogueExtract) {
    array("standards", catalogues.standards) { writer, standard in
      writer.object {
        $0.member("id", standard.id)
        $0.member("name", standard.name)
      }
    }
    array("topics", catalogues.topics) { writer, topic in
      writer.object {
        $0.member("id", topic.id)
        $0.member("title", topic.title)
        $0.member("measure", topic.measure)
      }
    }
    array("statements", catalogues.statements) { writer, statement in
      writer.object {
        $0.member("id", statement.id)
        $0.member("measure", statement.measure)
        $0.member("statement", statement.statement)
        $0.member("evidence", statement.evidence)
        $0.member("validityMonths", statement.validityMonths)
      }
    }
    member("directive", catalogues.directive)
  }

  mutating func members(of inventory: Inventory) {
    member("system", inventory.system)
    member("distribution", inventory.distribution)
    member("distributionVersion", inventory.distributionVersion)
    array("packages", inventory.packages) { writer, package in
      writer.object {
        $0.member("name", package.name)
        $0.member("version", package.version)
        $0.member("architecture", package.architecture)
      }
    }
    if let gap = inventory.gap { object("gap") { $0.members(of: gap) } }
  }
}
