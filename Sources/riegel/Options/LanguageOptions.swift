import ArgumentParser
import RiegelModel
import RiegelReports

extension Language: ExpressibleByArgument {}

/// How people are spoken to.
struct LanguageOptions: ParsableArguments {
  enum Colour: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
  }

  @Option(
    name: .customLong("lang"),
    help: ArgumentHelp(
      "Language of everything a person reads; else that of $LANG.", valueName: "de|en"))
  var named: Language?

  @Option(
    name: [.customLong("color"), .customLong("colour")],
    help: ArgumentHelp(
      "Colours; auto means on a terminal and without $NO_COLOR.", valueName: "auto|always|never"))
  var colour: Colour = .auto

  var language: Language {
    if let named { return named }
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      if let value = Console.variable(name) { return value.hasPrefix("de") ? .de : .en }
    }
    return .en
  }

  func report(_ verbosity: ReportOptions.Verbosity, toTerminal: Bool) -> ReportOptions {
    let isColoured =
      switch colour {
      case .always: true
      case .never: false
      case .auto:
        toTerminal && Console.isOutputTerminal && Console.variable("NO_COLOR") == nil
          && Console.variable("TERM") != "dumb"
      }
    return ReportOptions(
      language: language, width: toTerminal ? Console.width : nil, colour: isColoured,
      verbosity: verbosity)
  }
}
