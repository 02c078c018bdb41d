import RiegelModel

/// Examples are documentation: each has a name of its own, and what it shows can be seen.
@Sendable func lintExamples(_ content: Content) -> [Diagnostic] {
  content.library.rules.flatMap { rule -> [Diagnostic] in
    var names: Set<String> = []
    return rule.examples.flatMap { example -> [Diagnostic] in
      var problems: [Diagnostic] = []
      if !names.insert(example.name).inserted {
        problems.append(
          Diagnostic(.warning, "two examples are called '\(example.name)'", at: example.place))
      }
      if let file = example.hiddenFile {
        problems.append(
          Diagnostic(
            .warning, "\(file.path) is out of reach while no kernel runs", at: example.place,
            suggestion: "add 'running: true'"))
      }
      return problems
    }
  }
}

extension Example {
  /// A file below `/proc`, `/sys` or `/run` of a host that does not run.
  fileprivate var hiddenFile: File? {
    func lies(_ file: File, below roots: String...) -> Bool {
      roots.contains { file.path.hasPrefix($0) }
    }
    let isRunning = self.isRunning ?? files.contains { lies($0, below: "/proc/", "/sys/") }
    return isRunning ? nil : files.first { lies($0, below: "/proc/", "/sys/", "/run/") }
  }
}
