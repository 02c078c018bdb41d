import Glibc
import RiegelContent
import RiegelModel
import SystemPackage
import Testing

struct YAMLParserTests {
  private func problem(
    _ bytes: [UInt8], bounds: YAMLBounds = YAMLBounds()
  ) -> String? {
    do {
      _ = try parseYAML(bytes, file: "f.yaml", bounds: bounds)
      return nil
    } catch {
      return error.diagnostics.map(brief).joined(separator: "; ")
    }
  }
  private func problem(_ text: String, bounds: YAMLBounds = YAMLBounds()) -> String? {
    problem(Array(text.utf8), bounds: bounds)
  }

  @Test func scalarsKeepTheirText() throws {
    let node = try parseYAML(
      Array("a: no\nb: 0640\nc: 1.10\nd: \"no\"\ne: |\n  x\n  y\nf: ~\ng:\nh: ''".utf8), file: "f")
    #expect(node["a"]?.content == .scalar("no", .plain))
    #expect(node["b"]?.text == "0640")
    #expect(node["c"]?.text == "1.10")
    #expect(node["d"]?.content == .scalar("no", .quoted))
    #expect(node["e"]?.content == .scalar("x\ny\n", .block))
    #expect(node["f"]?.text == "~")
    #expect(node["g"]?.isNothing == true)
    #expect(node["h"]?.isNothing == false)
    #expect(node["i"] == nil)
    #expect(node.kind == "a mapping")
    #expect(node["g"]?.kind == "nothing")
    #expect(node.text == nil && node.items == nil)
  }

  @Test func placesCountCharactersFromOne() throws {
    let node = try parseYAML(Array("größe: {ä: [ü, x]}\n".utf8), file: "f")
    let inner = try #require(node.entries?.first)
    #expect(inner.keyPlace == Place(file: "f", line: 1, column: 1))
    #expect(inner.value.place == Place(file: "f", line: 1, column: 8))
    #expect(inner.value["ä"]?.items?[1].place == Place(file: "f", line: 1, column: 16))
  }

  @Test func literalsFollowNodes() throws {
    let node = try parseYAML(Array("a: [b, {c: d}]".utf8), file: "f")
    #expect(node.literal.description == "{a: [b, {c: d}]}")
  }

  @Test func aliasesStandForTheirAnchors() throws {
    let node = try parseYAML(Array("a: &x [1, 2]\nb: *x\nc: !!str 5\nd: ! x".utf8), file: "f")
    #expect(node["b"]?.items?.compactMap(\.text) == ["1", "2"])
    #expect(node["c"]?.text == "5")
  }

  @Test(arguments: [
    ("a: 1\na: 2", "2:1 the key 'a' stands twice, first in line 1, column 1"),
    ("a: {b: 1, b: 2}", "1:11 the key 'b' stands twice, first in line 1, column 5"),
    (
      "a: 1\n---\nb: 2",
      "2:1 a second document begins here (put each document into a file of its own)"
    ),
    ("a: *x", "1:4 no anchor '&x' stands before this alias"),
    ("a: &x [*x]", "1:8 no anchor '&x' stands before this alias"),
    ("a: !secret x", "1:4 the tag '!secret' is not taken (leave it out)"),
    ("a: !!binary x", "1:4 the tag 'tag:yaml.org,2002:binary' is not taken (leave it out)"),
    (
      "a: !!python/object:os.system x",
      "1:4 the tag 'tag:yaml.org,2002:python/object:os.system' is not taken (leave it out)"
    ),
    ("a: &x {b: 1}\nc:\n  <<: *x", "3:3 merge keys ('<<') are not taken (write it out)"),
    ("[a]: b", "1:1 a key has to be a text"),
    ("? {a: b}\n: c", "1:3 a key has to be a text"),
    ("a:\n\t- b", "2:1 a tab cannot indent or separate (use blanks)"),
    ("", "0:0 the file holds nothing"),
    ("# only a remark\n", "0:0 the file holds nothing"),
    (
      "a: [b",
      "2:1 did not find expected ',' or ']' (while parsing a flow sequence that begins in line 1)"
    ),
    (
      "a: \"b",
      "1:6 found unexpected end of stream (while scanning a quoted scalar that begins in line 1)"
    ),
    ("a: b: c", "1:5 mapping values are not allowed in this context"),
    ("%YAML 3.0\n---\na", "1:1 found incompatible YAML document"),
    ("a: \u{1}", "1:4 control characters are not allowed"),
  ])
  func whatIsNoYAMLOfOursIsSaidWithItsPlace(text: String, expected: String) {
    #expect(problem(text) == expected)
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "1:4 bytes that are no UTF-8 (save the file as UTF-8)"),
      ([0x61, 0x0A, 0xC3], "2:1 bytes that are no UTF-8 (save the file as UTF-8)"),
      ([0xC3, 0xA4, 0xED, 0xA0, 0x80], "1:2 bytes that are no UTF-8 (save the file as UTF-8)"),
      ([0xC0, 0x80], "1:1 bytes that are no UTF-8 (save the file as UTF-8)"),
      ([0xE0, 0x80, 0x80], "1:1 bytes that are no UTF-8 (save the file as UTF-8)"),
      ([0xF0, 0x80, 0x80, 0x80], "1:1 bytes that are no UTF-8 (save the file as UTF-8)"),
      ([0xF4, 0x90, 0x80, 0x80], "1:1 bytes that are no UTF-8 (save the file as UTF-8)"),
      ([0x61, 0x00], "1:2 a zero byte is no text"),
      (
        [0xEF, 0xBB, 0xBF, 0x61],
        "1:1 the file begins with a byte order mark (save it as UTF-8 without one)"
      ),
      (
        [0xFF, 0xFE, 0x61, 0x00],
        "1:1 the file begins with a byte order mark (save it as UTF-8 without one)"
      ),
      (
        [0xFE, 0xFF, 0x00, 0x61],
        "1:1 the file begins with a byte order mark (save it as UTF-8 without one)"
      ),
    ] as [([UInt8], String)])
  func bytesThatAreNoTextAreSaidWithTheirPlace(bytes: [UInt8], expected: String) {
    #expect(problem(bytes) == expected)
  }

  @Test(arguments: [14, 15, 16, 17, 40])
  func aKeyTwiceInALargeMappingIsFound(index: Int) {
    var lines = (0..<50).map { "k\($0): x" }
    #expect(problem(lines.joined(separator: "\n")) == nil)
    lines.append("k\(index): y")
    #expect(
      problem(lines.joined(separator: "\n"))
        == "51:1 the key 'k\(index)' stands twice, first in line \(index + 1), column 1")
    lines[45] = "k\(index): y"
    #expect(problem(lines.joined(separator: "\n"))?.hasPrefix("46:1 the key") == true)
  }

  @Test func emojiAreText() {
    #expect(problem("a: 🔒\n") == nil)
  }

  @Test func anAliasBombEndsAtTheBound() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(problem(text)?.hasSuffix("more than 200000 values, aliases expanded") == true)
    }
    #expect(time < .seconds(2))
  }

  @Test func aliasesCannotDeepenBeyondTheBound() {
    var text = "a0: &a0 [x]\n"
    for level in 1...70 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(problem(text)?.hasSuffix("nested deeper than 64 levels") == true)
  }

  @Test(arguments: ["[", "{a: ", "- "])
  func deepNestingEndsAtTheBound(piece: String) {
    let clock = ContinuousClock()
    let time = clock.measure {
      let text = String(repeating: piece, count: 20_000)
      #expect(problem(text)?.hasSuffix("nested deeper than 64 levels") == true)
    }
    #expect(time < .seconds(5))
  }

  @Test func aFileIsBoundedInSize() {
    var bounds = YAMLBounds()
    bounds.size = 10
    #expect(problem("a: 12345678", bounds: bounds) == "0:0 larger than 10 bytes")
  }

  @Test func aHugeScalarIsRead() {
    #expect(problem("a: \"" + String(repeating: "x", count: 1 << 20) + "\"") == nil)
  }
}

struct ContentFileTests {
  let folder = TemporaryFolder()

  private func problem(_ path: FilePath, limit: Int = 100) -> String? {
    do {
      _ = try ContentFile(path, name: "f", limit: limit)
      return nil
    } catch {
      return error.diagnostics.map(\.summary).joined()
    }
  }

  @Test func aRegularFileIsRead() throws {
    folder.write("f", "hello")
    #expect(try ContentFile(folder.path.appending("f"), name: "f").bytes == Array("hello".utf8))
  }

  @Test func whatIsNoRegularFileIsNotWaitedFor() {
    let fifo = folder.path.appending("fifo")
    #expect(fifo.withPlatformString { mkfifo($0, 0o644) } == 0)
    #expect(problem(fifo) == "is no regular file")
    #expect(problem(folder.path) == "is a folder, not a file")
    #expect(problem("/dev/zero") == "is no regular file")
    #expect(problem(folder.path.appending("none")) == "cannot be opened: No such file or directory")
  }

  @Test func aLargeFileIsNotRead() {
    folder.write("large", String(repeating: "x", count: 200))
    #expect(problem(folder.path.appending("large")) == "larger than 100 bytes")
    #expect(problem("/proc/self/maps", limit: 10) == "larger than 10 bytes")
  }
}
