import Foundation
import RiegelModel
import SystemPackage
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("/etc/*.conf", "/etc/a.conf", true), ("/etc/*.conf", "/etc/b/a.conf", false),
    ("/etc/**", "/etc", true), ("/etc/**", "/etc/a/b", true), ("/etc/**", "/etcetera", false),
    ("/**/x", "/x", true), ("/**/x", "/a/b/x", true), ("/a/**/b/*", "/a/b/c", true),
    ("/a/**/b/*", "/a/1/2/b/c", true), ("/a/**/b/*", "/a/b", false), ("/a?c", "/abc", true),
    ("/a?c", "/a/c", false), ("/[a-c]x", "/bx", true), ("/[!a-c]x", "/bx", false),
    ("/[^a-c]x", "/dx", true), ("/[]]", "/]", true), ("/[a-]", "/-", true), ("/[a", "/[a", true),
    ("/{a,b}/c", "/b/c", true), ("/{a,b}/c", "/c/c", false), ("/{a,b{1,2}}x", "/b2x", true),
    ("/{a,b{1,2}}x", "/ax", true), ("/{a,b{1,2}}x", "/bx", false), ("/a{,b}", "/a", true),
    ("/a{b", "/a{b", true), ("/\\*", "/*", true), ("/\\*", "/a", false), ("/", "/", true),
    ("/*a*a*a*b", "/aaaaaaaaaaaaaaaa", false), ("/{x,**}/y", "/1/2/y", true),
  ])
  func aPathMatches(pattern: String, path: String, matches: Bool) {
    #expect(Glob(pattern).matches(FilePath(path)) == matches)
  }

  @Test(arguments: [
    ("LC_*", "LC_ALL", true), ("LC_*", "LANG", false), ("a*b", "a/b", true),
    ("{x,y}*", "yes", true),
    ("", "", true), ("*", "", true),
  ])
  func aTextMatchesWithoutRegardToSlashes(pattern: String, text: String, matches: Bool) {
    #expect(Glob(pattern).matches(text: text) == matches)
  }

  @Test(arguments: [
    ("/etc/a*/b", "/etc"), ("/etc/passwd", "/etc/passwd"), ("/*", "/"), ("/a/{b,c}/d", "/a"),
    ("/a/{b/x,b/y}", "/a/b"), ("/srv/**", "/srv"),
  ])
  func theFixedPartLiesAboveEverythingMatched(pattern: String, prefix: String) {
    #expect(Glob(pattern).fixedPrefix == FilePath(prefix))
  }

  @Test func aPlainPathHasNoWildcard() {
    #expect(!Glob("/etc/passwd").hasWildcard)
    #expect(Glob("/etc/{a,b}").hasWildcard)
    #expect(Glob("/etc/a?").hasWildcard)
  }

  /// Without braces and escapes a component matches what `fnmatch(3)` matches.
  @Test func componentsMatchAsFnmatchDoes() {
    let pieces = ["a", "b", "*", "?", "[ab]", "[!a]", "[a-b]", "[]a]", "-", "[b-]"]
    let texts = ["", "a", "b", "ab", "ba", "aab", "]", "-", "a-b", "abab", "bbbb", "a]"]
    var state: UInt64 = 7
    for _ in 0..<2000 {
      var pattern = ""
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var bits = state >> 20
      for _ in 0..<(bits % 5) {
        bits /= 5
        pattern += pieces[Int(bits % UInt64(pieces.count))]
        bits /= UInt64(pieces.count)
      }
      for text in texts {
        #expect(
          Glob(pattern).matches(text: text) == (fnmatch(pattern, text, 0) == 0),
          "\(pattern) on \(text)")
      }
    }
  }
}
