import RiegelModel
import Testing

@Suite struct PatternTests {
  @Test(arguments: [
    ("^a+$", "aaa", true), ("^a+$", "ab", false), ("", "", true), ("b", "abc", true),
    ("^\\w+$", "Müller", true), ("(?i)^NO$", "no", true), ("a\\x{0}b", "a\u{0}b", true),
    ("\\bpass", "my pass", true), ("^.$", "ü", true),
  ])
  func aPatternMatches(source: String, text: String, matches: Bool) throws {
    #expect(try Pattern(source).matches(text) == matches)
  }

  @Test func groupsAreTheWholeAndItsParts() throws {
    let pattern = try Pattern("(\\w+)=(\\d+)?(x)?")
    #expect(pattern.groups(in: "ä b=12") == ["b=12", "b", "12", nil])
    #expect(pattern.groups(in: "b=") == ["b=", "b", nil, nil])
    #expect(pattern.groups(in: "nothing") == [])
  }

  @Test(arguments: ["(", "[a", "a{2,1}", "\\C", "*", "(?=a\\K)"])
  func aWrongPatternSaysWhatIsWrong(source: String) {
    #expect {
      try Pattern(source)
    } throws: { error in
      guard let error = error as? Pattern.SyntaxError else { return false }
      return !error.message.isEmpty && error.offset <= source.utf8.count
    }
  }

  @Test func aHopelessPatternEndsWithoutAnAnswer() throws {
    #expect(try Pattern("^(a|a|aa)+$").matches(String(repeating: "a", count: 60) + "b") == nil)
    #expect(try Pattern("(a|a|aa)+$").groups(in: String(repeating: "a", count: 60) + "b") == [])
  }

  @Test func patternsAreEqualByTheirText() throws {
    #expect(try Pattern("a") == Pattern("a"))
    #expect(try Set([Pattern("a"), Pattern("a"), Pattern("b")]).count == 2)
  }
}
