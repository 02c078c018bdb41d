import ArgumentParser
import Glibc
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelReports

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List rules, profiles, topics, probes or formats.",
    discussion: """
      riegel list rules                       every rule there is
      riegel list rules --profile workstation-sl2
      riegel list probes                      what rules can ask about
      """)

  enum What: String, ExpressibleByArgument, CaseIterable {
    case rules, profiles, topics, probes, formats
  }

  @Argument(help: "rules, profiles, topics, probes or formats.")
  var what: What = .rules

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var content: ContentOptions
  @OptionGroup var language: LanguageOptions

  func run() throws {
    let language = language.language
    switch what {
    case .rules:
      let rules: [Rule]
      if selection.profile != nil || !selection.rules.isEmpty {
        rules = try selection.select(from: content).1.items.map(\.rule)
      } else {
        rules = try content.library().rules
      }
      if Console.isOutputTerminal {
        let options = self.language.report(.normal, toTerminal: true)
        Console.write(RuleText(options).list(rules), to: STDOUT_FILENO)
      } else {
        show(rules.map { [$0.id, $0.severity.rawValue, $0.topic, $0.title[language]] })
      }
    case .profiles:
      show(try content.library().profiles.map { [$0.id, $0.title[language]] })
    case .topics:
      let library = try content.library()
      let counts = Dictionary(grouping: library.rules, by: \.topic).mapValues(\.count)
      show(
        library.measures.topics.map {
          [$0.id, String(counts[$0.id] ?? 0), $0.primaryMeasure, $0.title[language]]
        })
    case .probes: show(Probes.all.map { [$0.name, $0.summary] })
    case .formats: show(Reporters.all.map { [$0.name, $0.summary[language]] })
    }
  }

  /// Columns on a terminal, tabs in a pipe.
  private func show(_ rows: [[String]]) {
    guard Console.isOutputTerminal else {
      Console.print(rows.map { $0.joined(separator: "\t") }.joined(separator: "\n"))
      return
    }
    let columns = rows.first?.count ?? 0
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      row.enumerated().map { index, cell in
        index == columns - 1
          ? cell : cell + String(repeating: " ", count: widths[index] - cell.count + 2)
      }.joined()
    }
    Console.print(lines.joined(separator: "\n"))
  }
}
