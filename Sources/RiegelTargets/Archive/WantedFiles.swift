import RiegelModel
package import SystemPackage

/// The files whose contents may be asked for, as patterns made ready to be matched component by
/// component while a tree goes by.
package struct WantedFiles: Sendable {
  /// A place in the patterns: what may come next.
  private struct Step: Sendable {
    var literal: [[UInt8]: Int] = [:]
    var wild: [(pattern: [UInt8], next: Int)] = []
    /// Itself a `**`: any component leads back here.
    var isDeep = false
    /// A `**` that may follow, taken without a component.
    var deep: Int?
    /// A pattern ends here.
    var isEnd = false
    /// Only patterns that end in `**` end here.
    var isOnlyDeep = true
  }

  /// Where a folder stands in the patterns: nothing of what is below an empty one is wanted.
  struct State: Sendable, Hashable {
    fileprivate var steps: [Int]
    var isEmpty: Bool { steps.isEmpty }
  }

  /// How much of a file is wanted.
  enum Want: Sendable {
    case no
    /// By a pattern for whole trees (`/etc/**`): configuration, but no large or binary file.
    case ifConfiguration
    case yes
  }

  package let patterns: [String]
  private var steps: [Step] = [Step()]

  /// What a pattern for whole trees takes of a file; configuration is not larger.
  static let configurationLimit = 1 << 20

  package init(_ patterns: [String]) {
    self.patterns = patterns
    for pattern in patterns {
      for alternative in WantedFiles.alternatives(pattern) { add(alternative) }
    }
  }

  /// The components of each text that a pattern's braces stand for; folders that distributions
  /// merged into `/usr` also below it.
  static func alternatives(_ pattern: String) -> [[[UInt8]]] {
    Glob(pattern).textAlternatives.flatMap { text in
      let components = text.split(separator: UInt8(ascii: "/")).map(Array.init)
      guard let first = components.first else { return [components] }
      let merged = ["bin", "sbin", "lib", "lib64"]
      if merged.contains(String(decoding: first, as: UTF8.self)) {
        return [components, [Array("usr".utf8)] + components]
      }
      if components.starts(with: [Array("var".utf8), Array("run".utf8)]) {
        return [components, Array(components.dropFirst())]
      }
      return [components]
    }
  }

  private mutating func add(_ components: [[UInt8]]) {
    var here = 0
    for component in components {
      if component == Array("**".utf8) {
        var place = steps[here].deep
        let found = next(&place) { $0.isDeep = true }
        steps[here].deep = found
        here = found
      } else if component.contains(where: { "*?[".utf8.contains($0) }) {
        if let known = steps[here].wild.first(where: { $0.pattern == component }) {
          here = known.next
        } else {
          steps.append(Step())
          steps[here].wild.append((component, steps.count - 1))
          here = steps.count - 1
        }
      } else {
        var place = steps[here].literal[component]
        let found = next(&place) { _ in }
        steps[here].literal[component] = found
        here = found
      }
    }
    steps[here].isEnd = true
    if components.last != Array("**".utf8) { steps[here].isOnlyDeep = false }
  }

  private mutating func next(_ place: inout Int?, _ change: (inout Step) -> Void) -> Int {
    if let place { return place }
    steps.append(Step())
    change(&steps[steps.count - 1])
    place = steps.count - 1
    return steps.count - 1
  }

  /// The root folder.
  var start: State { closed([0]) }

  private func closed(_ found: [Int]) -> State {
    var all = found
    var at = 0
    while at < all.count {
      if let deep = steps[all[at]].deep, !all.contains(deep) { all.append(deep) }
      at += 1
    }
    return State(steps: all)
  }

  /// Where an entry of a folder stands.
  func enter(_ state: State, _ name: UnsafeRawBufferPointer) -> State {
    var found: [Int] = []
    for index in state.steps {
      let step = steps[index]
      if step.isDeep, !found.contains(index) { found.append(index) }
      if !step.literal.isEmpty, let next = step.literal[Array(name)] { found.append(next) }
      for (pattern, next) in step.wild where !found.contains(next) {
        let isHidden = name.first == UInt8(ascii: ".") && pattern.first != UInt8(ascii: ".")
        if !isHidden, pattern.withUnsafeBytes({ Glob.matchComponent($0, name) }) {
          found.append(next)
        }
      }
    }
    return found.isEmpty ? State(steps: []) : closed(found)
  }

  /// Without what only a `**` keeps going: it does not follow links.
  func shallow(_ state: State) -> State { State(steps: state.steps.filter { !steps[$0].isDeep }) }

  func want(_ state: State) -> Want {
    var want = Want.no
    for index in state.steps where steps[index].isEnd {
      if !steps[index].isOnlyDeep { return .yes }
      want = .ifConfiguration
    }
    return want
  }

  func want(path: [UInt8]) -> Want {
    var state = start
    for name in path.split(separator: UInt8(ascii: "/")) {
      state = name.withUnsafeBytes { enter(state, $0) }
      if state.isEmpty { return .no }
    }
    return want(state)
  }

  /// What has to be looked up or listed in a folder so that every pattern is answered: names, or
  /// everything (nil).
  func names(_ state: State) -> [[UInt8]]? {
    var names: [[UInt8]] = []
    for index in state.steps {
      let step = steps[index]
      if step.isDeep || !step.wild.isEmpty { return nil }
      names += step.literal.keys
    }
    return names
  }
}
