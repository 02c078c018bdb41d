import RiegelModel

extension JSONWriter {
  mutating func members(of catalogues: CatalogueExtract) {
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
    object("directive") {
      $0.member("title", catalogues.directive)
      $0.array("rows", catalogues.directiveRows) { writer, row in
        writer.object { $0.members(of: row) }
      }
    }
    array("norms", catalogues.norms) { writer, norm in
      writer.object {
        $0.member("id", norm.id)
        $0.member("title", norm.title)
        $0.member("contribution", norm.contribution)
        $0.member("limits", norm.limits)
        $0.member("measures", norm.measures)
      }
    }
  }

  private mutating func members(of row: CatalogueExtract.DirectiveRow) {
    member("id", row.id)
    member("target", row.target)
    member("title", row.title)
    member("observable", row.observable.rawValue)
    member("standing", row.standing.rawValue)
    member("failed", row.failed)
    member("undecided", row.undecided)
    member("passed", row.passed)
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
