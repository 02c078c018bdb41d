import RiegelModel
import Testing

@Suite struct LiteralTests {
  private let arguments = Arguments([
    "days": .init(.text("90"), .rule),
    "names": .init(.list([.text("a"), .text("b")]), .commandLine),
    "none": .init(.list([]), .site("s")),
  ])

  @Test func aWholeReferenceBecomesTheParameter() {
    #expect(Literal.text("${days}").filled(from: arguments) == .text("90"))
    #expect(Literal.text("${names}").filled(from: arguments) == .list([.text("a"), .text("b")]))
    #expect(Literal.text("${unknown}").filled(from: arguments) == .text("${unknown}"))
  }

  @Test func aReferenceInsideAListIsSplicedAndInsideATextWritten() {
    let list = Literal.list([.text("root"), .text("${names}"), .text("${days}"), .text("${none}")])
    #expect(
      list.filled(from: arguments) == .list([.text("root"), .text("a"), .text("b"), .text("90")]))
    #expect(
      Literal.text("at ${days} of ${names}, ${x}").filled(from: arguments)
        == .text("at 90 of [a, b], ${x}"))
    #expect(Literal.text("${days}${days}").filled(from: arguments) == .text("9090"))
    #expect(Literal.text("open ${days").filled(from: arguments) == .text("open ${days"))
    #expect(
      Literal.mapping([.init("k", .text("${days}"))]).filled(from: arguments)
        == .mapping([.init("k", .text("90"))]))
  }

  @Test func allReferencesAreFound() {
    let literal = Literal.mapping([
      .init("a", .text("${x} and ${y}")), .init("b", .list([.text("${z}"), .text("$ {}")])),
    ])
    #expect(literal.references == ["x", "y", "z"])
    #expect(Literal.wholeReference("${x}") == "x")
    #expect(Literal.wholeReference("${x}${y}") == nil)
    #expect(Literal.wholeReference("$x") == nil)
  }

  @Test func aLiteralIsShownOnOneLine() {
    let literal = Literal.mapping([
      .init("proto", .text("tcp")), .init("ports", .list([.text("22"), .text("80")])),
    ])
    #expect(literal.description == "{proto: tcp, ports: [22, 80]}")
  }

  @Test func textsAndEmptiness() {
    #expect(Literal.text("a").texts == ["a"])
    #expect(Literal.list([.text("a"), .text("b")]).texts == ["a", "b"])
    #expect(Literal.list([.list([])]).texts == nil)
    #expect(Literal.mapping([]).texts == nil)
    #expect(Literal.text("").isEmpty)
    #expect(Literal.list([]).isEmpty)
    #expect(Literal.mapping([]).isEmpty)
    #expect(!Literal.text("a").isEmpty)
  }
}
