package import RiegelModel

/// A profile told to a person: for whom it is, what it aims at, which rules it takes.
package struct ProfileText: Sendable {
  private let options: ReportOptions

  package init(_ options: ReportOptions) { self.options = options }

  /// One profile whole; the foundations turn the ids of its aim into words.
  package func show(_ profile: Profile, foundations: [FoundationalRequirement] = []) -> [UInt8] {
    let language = options.language
    let phrases = language.phrases
    var page = Page(width: options.width, colour: options.colour)
    let labels = [
      phrases.labelExtends, phrases.labelAim, phrases.labelSelects, phrases.labelExcludes,
      phrases.labelSettings,
    ]
    let column = (labels.map(VisibleText.width).max() ?? 0) + 4
    page.flow([.prose(profile.title[language], .bold)])
    page.flow([.host(profile.id, .dim)])
    page.blank()
    page.paragraphs(profile.description[language], at: 2)
    page.blank()
    func lines(_ label: String, _ texts: [String]) {
      var lead: [Run] = [.host("  "), .term(label, .dim)]
      for text in texts {
        page.flow([.host(text)], at: column, hanging: column + 2, lead: lead)
        lead = []
      }
    }
    lines(phrases.labelExtends, profile.parent.map { [$0] } ?? [])
    lines(
      phrases.labelAim,
      profile.target.sorted { order($0.key, foundations) < order($1.key, foundations) }.map {
        key, level in
        let foundation = foundations.first { $0.id == key || $0.abbreviation == key }
        let title = foundation.map { " (\($0.title[language]))" } ?? ""
        return "\(key) \(level.description)\(title)"
      })
    lines(phrases.labelSelects, profile.selects.map(phrases.selector))
    lines(phrases.labelExcludes, profile.excludes.map(phrases.selector))
    lines(
      phrases.labelSettings,
      profile.settings.map { "\($0.rule).\($0.parameter) = \($0.value.description)" })
    return page.bytes
  }

  /// All profiles with id, title and aim.
  package func list(_ profiles: [Profile]) -> [UInt8] {
    let language = options.language
    let phrases = language.phrases
    var page = Page(width: options.width, colour: options.colour)
    for profile in profiles.sorted(by: { $0.id < $1.id }) {
      page.flow([.host(profile.id, .bold)])
      page.flow([.prose(profile.title[language])], at: 2)
      let levels = Set(profile.target.values)
      if let lowest = levels.min(), let highest = levels.max() {
        let aim =
          lowest == highest
          ? lowest.description : "\(lowest.description) … \(highest.description)"
        page.flow([.prose("\(phrases.labelAim): "), .term(aim)], at: 2)
      }
      page.blank()
    }
    page.flow([.prose(phrases.profiles(profiles.count))])
    return page.bytes
  }

  private func order(_ key: String, _ foundations: [FoundationalRequirement]) -> String {
    foundations.first { $0.id == key || $0.abbreviation == key }?.id ?? key
  }
}
