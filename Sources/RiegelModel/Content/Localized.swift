/// A language that people read reports in.
package enum Language: String, Sendable, CaseIterable, Codable {
  case en, de
}

/// A text in every language Riegel speaks; rules and catalogues are read only if both are there.
package struct Localized: Sendable, Hashable {
  package var en: String
  package var de: String

  package init(en: String, de: String) {
    self.en = en
    self.de = de
  }

  package subscript(_ language: Language) -> String {
    switch language {
    case .en: en
    case .de: de
    }
  }
}
