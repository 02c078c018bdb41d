package import RiegelModel

/// The waivers as a list to read, to print and to sign, and for machines; in ISO 14971's words.
package struct RiskAcceptanceList: Sendable {
  private let waivers: [WaiverStatus]
  private let title: Localized
  private let moment: Instant
  private let options: ReportOptions
  private let words: any SitePhrases
  private let language: Language

  package init(
    _ waivers: [WaiverStatus], of title: Localized, at moment: Instant, _ options: ReportOptions
  ) {
    self.waivers = waivers
    self.title = title
    self.moment = moment
    self.options = options
    words = options.language.sitePhrases
    language = options.language
  }

  /// Label and text of every part of a record, in the order in which they are read.
  private func parts(of status: WaiverStatus) -> [(label: String, texts: [String])] {
    let waiver = status.waiver
    let covers = status.covers.map { cover in
      cover.subjects.isEmpty
        ? cover.host : "\(cover.host): \(cover.subjects.joined(separator: ", "))"
    }
    return [
      (words.labelState, [words.text(of: status)]),
      (words.labelRule, [waiver.rule]), (words.labelScope, [words.text(of: waiver.scope)]),
      (words.labelFinding, [waiver.finding ?? words.wholeRule]),
      (words.labelCovers, covers),
      (words.labelReason, [waiver.reason[language]]),
      (words.labelHazard, [waiver.hazard[language]]),
      (words.labelSituation, [waiver.situation[language]]),
      (words.labelHarm, [waiver.harm[language]]),
      (words.labelInitialRisk, [words.risk(waiver.before)]),
      (
        words.labelMeasures,
        waiver.measures.isEmpty ? [words.noMeasure] : waiver.measures.map { $0[language] }
      ),
      (words.labelResidualRisk, [words.risk(waiver.after)]),
      (words.labelOwner, [waiver.owner]), (words.labelApprover, [waiver.approver]),
      (words.labelApproved, [words.day(waiver.approved)]),
      (words.labelExpires, [words.day(waiver.expires)]),
    ].filter { !$0.1.isEmpty }
  }

  private var heading: String { "\(words.riskListTitle): \(title[language])" }

  package var terminal: [UInt8] {
    var page = Page(width: options.width, colour: options.colour)
    page.flow([.prose(heading, .bold)])
    page.flow([.prose(words.day(moment))])
    page.blank()
    page.flow([.prose(waivers.isEmpty ? words.noAcceptances : words.riskListIntroduction)])
    for status in waivers {
      let parts = parts(of: status)
      let column = (parts.map { VisibleText.width($0.label) }.max() ?? 0) + 4
      page.blank()
      page.heading(status.waiver.id, status.state == .inForce ? [] : .yellow)
      for (label, texts) in parts {
        var lead: [Run] = [.host("  "), .term(label, .dim)]
        for text in texts {
          page.flow([.prose(text)], at: column, lead: lead)
          lead = []
        }
      }
      for concern in status.concerns {
        page.flow([.prose(words.concern(concern), .yellow)], at: 2)
      }
    }
    return page.bytes
  }

  /// A document to print: a table to see at once, the matrix, and a section for each record.
  package var markdown: String {
    var text = "# \(Markdown.line(heading))\n\n\(words.day(moment))\n\n"
    guard !waivers.isEmpty else { return text + words.noAcceptances + "\n" }
    text += words.riskListIntroduction + "\n\n"
    text += Markdown.table(
      ["", words.labelRule, words.labelInitialRisk, words.labelResidualRisk, words.labelState],
      waivers.map { status in
        let waiver = status.waiver
        return [
          waiver.id, waiver.rule, words.risk(waiver.before), words.risk(waiver.after),
          words.text(of: status),
        ]
      })
    text += "\n## \(words.matrixTitle)\n\n" + matrix
    for status in waivers {
      text += "\n## \(Markdown.line(status.waiver.id))\n\n"
      text += Markdown.table(
        ["", ""], parts(of: status).map { [$0.label, $0.texts.joined(separator: "\n")] })
      for concern in status.concerns { text += "\n> \(words.concern(concern))\n" }
      text += "\n\(words.labelApprover): ______________________________\n"
    }
    return text
  }

  /// Which records stand in which cell, those in force only: `○` before, `●` after.
  private var matrix: String {
    let inForce = waivers.filter { $0.state == .inForce }.map(\.waiver)
    return Markdown.table(
      [""] + HarmSeverity.allCases.map(words.severity),
      HarmProbability.allCases.reversed().map { probability in
        [words.probability(probability)]
          + HarmSeverity.allCases.map { severity in
            let cell = RiskEstimate(severity, probability)
            return inForce.flatMap { waiver in
              (waiver.before == cell ? ["○ \(waiver.id)"] : [])
                + (waiver.after == cell ? ["● \(waiver.id)"] : [])
            }.joined(separator: "\n")
          }
      })
  }

  package var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("format", SiteAudit.format)
      writer.member("kind", "risk-acceptance-list")
      writer.member("site", title)
      writer.member("moment", moment.description)
      writer.array("waivers", waivers) { writer, status in
        writer.object { $0.members(of: status) }
      }
    }
    writer.end()
    return writer.bytes
  }
}

/// Markdown (CommonMark with tables) in which nobody's text can pass for structure.
enum Markdown {
  /// A text on one line.
  static func line(_ text: String) -> String {
    var result = ""
    for character in VisibleText.escaped(
      text.split(whereSeparator: \.isNewline).joined(separator: " "))
    {
      if "\\`*_[]<>|#&~".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// Line breaks within a cell stay.
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    func row(_ cells: [String]) -> String {
      "| "
        + cells.map { cell in
          cell.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line(String($0)) }.joined(separator: "<br>")
        }.joined(separator: " | ") + " |\n"
    }
    return row(heads) + "|" + String(repeating: " --- |", count: heads.count) + "\n"
      + rows.map(row).joined()
  }
}
