import RiegelModel
import Testing

@testable import RiegelEngine

struct WalkTablesTests {
  @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 1000])
  func aSetHoldsAnyNumberOfQuestions(index: Int) {
    var set = QuestionSet()
    #expect(set.isEmpty && !set.contains(index))
    set.insert(index)
    set.insert(3)
    #expect(set.contains(index) && !set.isEmpty && !set.contains(index + 1))
    set.remove(3)
    var seen: [Int] = []
    set.forEach { seen.append($0) }
    #expect(seen == [index].filter { $0 != 3 })
    set.subtract(set)
    #expect(set.isEmpty)
  }

  @Test func onlyCommonQuestionsAreAsked() {
    var one = QuestionSet()
    var other = QuestionSet()
    for index in [2, 5, 70, 200] { one.insert(index) }
    for index in [5, 6, 70, 71] { other.insert(index) }
    var seen: [Int] = []
    one.forEachCommon(with: other, one) { seen.append($0) }
    #expect(seen == [5, 70])
    one.remove(900)
    one.subtract(other)
    seen = []
    one.forEach { seen.append($0) }
    #expect(seen == [2, 200])
  }
}
