import Foundation
import RiegelModel
import Testing

@testable import RiegelReports

@Suite struct HTMLReporterTests {
  static func page(
    _ audit: Audit = SampleAudit.audit, _ language: Language = .en, previous: Audit? = nil
  ) -> String {
    FormatTests.text("html", audit, language, previous: previous)
  }

  @Test func nothingIsLoadedFromAnywhere() {
    let page = Self.page()
    for word in [
      "http://", "https://", "src=", "url(http", "@import", "<link", "<iframe", "fetch(",
    ] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("default-src 'none'"))
    #expect(!page.contains(" style=") && !page.contains(" onclick="))
  }

  @Test func threeHundredAndFiftyFindingsFitIntoAMegabyte() {
    // A quarter longer than the shipped rules are on average; a third of them not met.
    func prose(_ count: Int) -> Localized {
      Localized(
        en: String(repeating: "A sentence of a rule that says why. ", count: count),
        de: String(repeating: "Ein Satz einer Regel, der sagt, warum. ", count: count))
    }
    let findings = (0..<350).map { number -> Finding in
      let rule = SampleAudit.rule(
        "a-rule-with-a-usual-name-\(number)", topic: "topic-\(number % 40)", .medium,
        en: "The thing number \(number) is as it has to be",
        de: "Die Sache Nummer \(number) ist, wie sie sein soll", why: prose(4), decides: ["CR 1.1"],
        fix: prose(7), risks: number.isMultiple(of: 4) ? [.lockout] : [])
      var evidence = SampleAudit.rootLogin.evidence
      if number.isMultiple(of: 10) { evidence = SampleAudit.passwordAge.evidence }
      let isFailed = number.isMultiple(of: 3)
      return SampleAudit.finding(
        rule, isFailed ? .fail : .pass, isFailed ? .violated(1) : .satisfied, evidence: evidence,
        parameters: SampleAudit.rootLogin.parameters)
    }
    let bytes = FormatTests.bytes("html", SampleAudit.audit(of: findings))
    #expect(bytes.count < 1_000_000, "\(bytes.count)")
  }

  @Test(arguments: Language.allCases)
  func thePageOpensInTheLanguageAskedForAndHoldsBoth(_ language: Language) {
    let page = Self.page(SampleAudit.audit, language)
    #expect(page.contains("<html lang=\(language.rawValue)>"))
    for finding in SampleAudit.audit.findings {
      #expect(page.contains(Markup.escaped(finding.title.en)))
      #expect(page.contains(Markup.escaped(finding.title.de)))
    }
  }

  @Test func whatChangedIsSaidWhereAnEarlierAuditIsGiven() {
    var earlier = SampleAudit.audit
    earlier.startedAt = Instant(seconds: 1_793_000_000)
    for index in earlier.findings.indices {
      switch earlier.findings[index].rule {
      case "ssh-root-login-disabled": earlier.findings[index].outcome = .pass
      case "chrony", "time-sync": earlier.findings[index].outcome = .fail
      default: break
      }
    }
    earlier.findings.removeAll { $0.rule == "odd" }
    let changes = AuditChanges(from: earlier, to: SampleAudit.audit)
    #expect(changes.newlyFailed.map(\.rule) == ["ssh-root-login-disabled"])
    #expect(changes.added.map(\.rule) == ["odd"])
    #expect(changes.stillFailed == 5)
    #expect(!changes.isOtherHost && !changes.isOtherContent)
    let page = Self.page(previous: earlier)
    #expect(page.contains(Label.newlyFailed.text.en))
    #expect(page.contains("Compared with the audit of"))
    #expect(!Self.page().contains("Compared with the audit of"))
  }

  @Test func repeatedTextsStandOnceInEachLanguage() {
    let pair = "<span lang=en>x</span><span lang=de>y</span>"
    func intern(_ html: String, _ language: Language) -> Interning.Page {
      Interning.intern(Markup(trusted: html), language)
    }
    let page = intern("a\(pair)b\(pair)c", .de)
    #expect(page.body.html == "a<span data-l=0>y</span>b<span data-l=0>y</span>c")
    #expect(page.table.html == "<p>\(pair)</p>")
    #expect(page.others == ["x"])
    let alone = intern("<dt>\(pair)</dt><b class=x>\(pair)!</b>", .en)
    #expect(alone.body.html == "<dt data-l=0>x</dt><b class=x><span data-l=0>x</span>!</b>")
    let once = intern(pair, .en)
    #expect(once.body.html == pair && once.table.isEmpty)
    let cut = "<span lang=en>x</span><span lang=de>"
    #expect(intern(cut, .en).body.html == cut)
  }

  @Test func aTextCannotGetOutOfTheStyle() {
    let style = HTMLStyle.withoutScript(.de, ["a &lt;/style&gt;\\ &quot;}b{"])
    #expect(style.hasSuffix("content:\" · a \\3c /style\\3e \\5c  \\22 \\7d b\\7b \"}"))
  }

  @Test func markupEscapesWhatIsPutIntoIt() {
    let text = "<b>&\"'"
    let isNew = true
    let markup: Markup = "<p>\(text)\(isNew ? "<i>!</i>" : "")\(7)</p>"
    #expect(markup.html == "<p>&lt;b&gt;&amp;&quot;&#39;<i>!</i>7</p>")
    #expect(Markup.inline("Set `a <b>` now").html == "Set <code>a &lt;b&gt;</code> now")
    #expect(Markup.inline("one ` tick").html == "one ` tick")
  }
}

/// The words of the page, of which each has to be there in both languages, and in the right one.
@Suite struct LabelTests {
  static let sameInBoth: Set<Label> = [.level, .parameter, .zone]

  @Test(arguments: Label.allCases)
  func everyLabelIsThereInBothLanguagesAndDiffers(_ label: Label) {
    let text = label.text
    #expect(!text.en.isEmpty && !text.de.isEmpty)
    #expect(text.en != text.de || Self.sameInBoth.contains(label), "\(label)")
  }

  /// Words that only one of the languages has; a sentence left in the other one has some of them.
  static let english: Set<String> = [
    "the", "and", "is", "are", "not", "of", "with", "what", "which", "this", "that", "has", "nor",
    "it", "be", "for", "from", "by", "to", "all",
  ]
  static let german: Set<String> = [
    "der", "die", "das", "und", "ist", "sind", "nicht", "von", "mit", "diese", "dass",
    "eine", "einer", "für", "oder", "wird", "zum", "keine", "kein", "alle", "des",
  ]

  static func words(_ text: String) -> Set<String> {
    Set(text.lowercased().split { !$0.isLetter }.map(String.init))
  }

  @Test(arguments: Label.allCases)
  func noLabelIsLeftInTheOtherLanguage(_ label: Label) {
    #expect(Self.words(label.text.en).isDisjoint(with: Self.german), "\(label.text.en)")
    #expect(Self.words(label.text.de).isDisjoint(with: Self.english), "\(label.text.de)")
  }

  @Test func noPhraseIsLeftInTheOtherLanguage() {
    for (name, text) in PhrasesTests.samples(English()) {
      #expect(
        Self.words(text).isDisjoint(with: Self.german.subtracting(["die"])), "\(name): \(text)")
    }
    for (name, text) in PhrasesTests.samples(German()) {
      // `--profile`, `true` and the like are words of the program.
      let allowed: Set<String> = ["all", "by", "is"]
      #expect(
        Self.words(text).isDisjoint(with: Self.english.subtracting(allowed)), "\(name): \(text)")
    }
  }

  @Test func noLabelIsWithoutUse() throws {
    let folder = Golden.folder.appending(path: "../../Sources/RiegelReports")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var source = ""
    for case let file as URL in files ?? .init()
    where file.pathExtension == "swift" && file.lastPathComponent != "Label.swift" {
      source += try String(contentsOf: file, encoding: .utf8)
    }
    for label in Label.allCases {
      #expect(source.contains(".\(label)"), "\(label) is used nowhere")
    }
  }
}
