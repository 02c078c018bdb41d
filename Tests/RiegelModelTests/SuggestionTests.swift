import RiegelModel
import Testing

@Suite struct SuggestionTests {
  @Test(
    arguments: [
      ("tittle", "title"), ("serverity", "severity"), ("Title", "title"), ("titel", "title"),
      ("chek", "check"), ("t", nil), ("wholly", nil), ("title", "title"), ("", nil),
    ] as [(String, String?)])
  func theClosestWordIsOffered(word: String, suggestion: String?) {
    #expect(closest(to: word, among: ["title", "severity", "check", ""]) == suggestion)
  }

  @Test func theFirstOfSeveralIsOfferedAndNothingOfNone() {
    #expect(closest(to: "cat", among: ["bat", "rat"]) == "bat")
    #expect(closest(to: "cat", among: []) == nil)
  }
}
