import RiegelContent
import RiegelModel
import Testing

struct CheckReaderTests {
  private let approved = "approved: {type: list, default: [], by-level: {SL2: [{port: 22}]}}"

  @Test(arguments: [
    ("- sshdd: X\n  expect: a", "6:5 unknown probe 'sshdd' (did you mean 'sshd'?)"),
    ("- expect: a", "6:5 no probe is named beside 'expect'"),
    (
      "- sshd: X",
      "6:5 nothing is said about 'sshd': one of expect, some, none, count, allow is needed"
    ),
    ("- sshd:\n  expect: a", "6:10 'sshd' has no value"),
    ("- sshd: [a, b]\n  expect: a", "6:11 'sshd' takes one value, not a list"),
    ("- sshd: []\n  expect: a", "6:11 'sshd' is an empty list"),
    ("- sshd: {a: b}\n  expect: a", "6:11 'sshd' takes a text or a list of texts"),
    ("- sshd: X\n  expect: a\n  some: b", "8:5 'some' cannot stand beside 'expect'"),
    ("- sshd: X\n  exspect: a\n  expect: a", "7:5 unknown key 'exspect' (did you mean 'expect'?)"),
    ("- sshd: X\n  expect:", "7:12 'expect' has no value"),
    ("- sshd: X\n  expect: []", "7:13 'expect' is an empty list"),
    ("- sshd: X\n  expect: {}", "7:13 'expect' is an empty mapping"),
    ("- sshd: X\n  expect: {one-of: []}", "7:22 'one-of' is an empty list"),
    (
      "- sshd: X\n  expect: {one-off: [a]}", "7:14 unknown field 'one-off' (did you mean 'one-of'?)"
    ),
    (
      "- sshd: X\n  expect: {one-of: [a], value: b}",
      "7:14 the comparison 'one-of' stands among fields (put it under the field it is about)"
    ),
    ("- sshd: X\n  expect: {valeu: a}", "7:14 unknown field 'valeu' (did you mean 'value'?)"),
    (
      "- sshd: X\n  expect: {value: {equal: a}}",
      "7:22 unknown comparison 'equal' (did you mean 'equals'?)"
    ),
    ("- sshd: X\n  expect: {value: {}}", "7:21 'value' is an empty mapping"),
    ("- sshd: X\n  expect: {value: {equals: }}", "7:30 'equals' has no value"),
    ("- sshd: X\n  expect: {value: }", "7:21 'value' has no value"),
    (
      "- sshd: X\n  expect: {matches: \"(\"}",
      "7:23 matches: bad pattern: missing closing parenthesis at offset 1"
    ),
    (
      "- sshd: X\n  expect: {value: {at-least: x}}",
      "7:32 value: at-least: 'x' is no number or duration"
    ),
    ("- sshd: X\n  expect: \"${gone}\"", "7:13 unknown parameter 'gone'"),
    ("- sshd: \"${gone}\"\n  expect: a", "6:11 unknown parameter 'gone'"),
    (
      "- users: all\n  expect: {password: locket}",
      "7:24 password: equals: 'locket' is not one of usable, locked, empty (did you mean 'locked'?)"
    ),
    ("- users: some\n  none: true", "6:12 'users' only 'all' can stand here"),
    (
      "- users: all\n  none: true\n  missing: pass",
      "8:5 'missing' says what no row means for 'expect' only"
    ),
    (
      "- users: all\n  expect: {name: a}\n  missing: passed",
      "8:14 'passed' is not one of fail, pass, default (did you mean 'pass'?)"
    ),
    (
      "- users: all\n  where: {nmae: a}\n  none: true",
      "7:13 unknown field 'nmae' (did you mean 'name'?)"
    ),
    ("- users: all\n  count: {at-most: many}", "7:22 at-most: 'many' is no number or duration"),
    ("- users: all\n  sshd: X\n  none: true", "7:5 two probes in one check: 'users' and 'sshd'"),
    ("- files: /\n  depth: deep\n  none: true", "7:12 'depth' must be a whole number"),
    ("- files: /\n  follow: maybe\n  none: true", "7:13 'follow' must be true or false"),
    ("- files: /\n  order: nmae\n  none: true", "7:12 'order' must be one of name, size"),
    ("- files: /\n  order: \n  none: true", "7:11 'order' has no value"),
    ("- listening: all\n  none: true", "6:5 'listening' needs the key 'family'"),
    (
      "- listening: all\n  family: tcp\n  allow: []",
      "8:12 'allow' is an empty list (say 'none: true' instead)"
    ),
    (
      "- listening: all\n  family: tcp\n  allow: {port: 22}",
      "8:12 'allow' takes a list, not a mapping"
    ),
    (
      "- listening: all\n  family: tcp\n  allow: tcp",
      "8:12 'allow' takes a list or a parameter such as \"${approved}\""
    ),
    (
      "- listening: all\n  family: tcp\n  allow: [{prot: 22}]",
      "8:13 unknown field 'prot' (did you mean 'port'?)"
    ),
    (
      "- listening: all\n  family: tcp\n  allow: [{reason: x}]",
      "8:13 an entry of 'allow' that names no field covers everything"
    ),
    (
      "- listening: all\n  family: tcp\n  allow: [[a]]",
      "8:13 an entry of 'allow' is a text or a mapping, not a list"
    ),
    (
      "- listening: all\n  family: tcp\n  allow: [\"\"]",
      "8:13 an entry of 'allow' with nothing in it"
    ),
    ("- listening: all\n  family: tcp\n  allow: [{port: []}]", "8:13 'port' has no value"),
    ("- site:\n  expect: a", "6:10 'site' is empty"),
    ("- site: x\n  depth: 1\n  expect: a", "7:5 unknown key 'depth'"),
    ("- parameter: gone\n  expect: a", "6:16 unknown parameter 'gone'"),
    ("- all: []", "6:10 a list of checks with nothing in it"),
    ("- any: x", "6:10 a list of checks is wanted here, not a text"),
    ("- none: {sshd: X}", "6:11 'none' without a probe takes a list of checks, not a mapping"),
    ("- none: true", "6:11 'none' without a probe takes a list of checks, not a text"),
    ("- any: [{sshd: X, expect: a}]\n  all: []", "7:5 'all' cannot stand beside 'any'"),
    (
      "- any: [{sshd: X, expect: a}]\n  sshdd: X",
      "7:5 'sshdd' cannot stand beside 'any' (did you mean 'sshd'?)"
    ),
    ("- manual: {en: Look.}", "6:13 'manual' needs the key 'de'"),
    ("- {}", "6:5 a check with nothing in it"),
    ("- text", "6:5 a check is a mapping, not a text"),
    ("text", "6:3 a check is a mapping, not a text"),
  ])
  func aCheckThatCannotWorkIsSaidWithItsPlace(check: String, expected: String) throws {
    let (read, problems) = try read(rule(check: check))
    #expect(read == nil)
    #expect(problems.first == expected)
  }

  @Test(arguments: [
    ("- sshd: X\n  expect: [a, b]", "7:13 equals: takes one value; use one-of for several"),
    (
      "- files: /\n  none: {mode: {has-bits: 9}}",
      "7:29 mode: has-bits: '9' is no octal mode such as 0640"
    ),
    ("- files: /\n  none: {age: {younger-than: 1d}}", "7:32 age: younger-than: 'age' is no time"),
  ])
  func operandsAreTriedOnTheirFields(check: String, expected: String) throws {
    #expect(try read(rule(check: check)).1 == [expected])
  }

  @Test func valuesOfEveryLevelAreTried() throws {
    let text = rule(
      check: "- sshd: X\n  expect: {at-least: \"${min}\"}",
      parameters: "min: {type: string, default: \"8\", by-level: {SL3: many}}")
    #expect(
      try read(text).1 == [
        "9:24 at-least: 'many' is no number or duration with the values for SL3"
      ])
  }

  @Test func keysAreTriedWithTheValuesOfEveryLevel() throws {
    let text = rule(
      check: "- files: /\n  depth: \"${depth}\"\n  none: true",
      parameters: "depth: {type: string, default: \"8\", by-level: {SL3: deep}}")
    #expect(
      try read(text).1 == ["9:12 'depth' must be a whole number with the values for SL3"])
    let mapping = rule(
      check: "- files: \"${roots}\"\n  none: true",
      parameters: "roots: {type: list, default: [{a: b}]}")
    #expect(try read(mapping).1 == ["8:12 'files' takes texts"])
  }

  @Test func entriesOfAParameterAreTried() throws {
    let text = rule(
      check: "- listening: all\n  family: tcp\n  allow: \"${approved}\"",
      parameters: "approved: {type: list, default: [], by-level: {SL2: [{prot: 22}]}}")
    #expect(try read(text).1 == ["10:12 unknown field 'prot' (did you mean 'port'?)"])
    let noList = rule(
      check: "- listening: all\n  family: tcp\n  allow: \"${approved}\"",
      parameters: "approved: {type: string, default: x}")
    #expect(try read(noList).1 == ["10:12 the parameter 'approved' is no list"])
  }

  @Test func everyFormIsRead() throws {
    let check = """
      - any:
          - sshd: X
            user: alice
            expect: "no"
            missing: default
          - all:
              - users: all
                where: {password: usable, name: {not-one-of: [root]}, groups: []}
                expect: {max-days: {between: [1, 90]}}
              - users: all
                some: {groups: [wheel, sudo]}
          - none:
              - files: [/, /srv]
                exclude: [/proc]
                sshd: an option called like a probe
                none: true
          - not: {users: all, count: {at-most: 3}}
          - not:
              - {users: all, none: {name: {matches: "^x"}}}
              - {users: all, none: alice}
      - listening: all
        family: tcp
        allow: "${approved}"
      - listening: all
        family: tcp
        allow: [tcp, {port: 22, reason: needed}]
      """
    let text = rule(
      check: check, parameters: approved,
      when:
        "- parameter: approved\n  expect: {exists: true}\n- site: essential-function\n  expect: true"
    )
    let (read, problems) = try read(text)
    #expect(problems == [])
    guard case .all(let parts)? = read?.check, case .any(let any) = parts[0] else {
      Issue.record("not a list with any")
      return
    }
    #expect(any.count == 5)
    guard case .assertion(let first) = any[0], case .none(let inner) = any[2],
      case .assertion(let files) = inner[0], case .not(.assertion(let count)) = any[3]
    else {
      Issue.record("combinations are not as written: \(any)")
      return
    }
    #expect(first.missing == .standard)
    #expect(first.arguments.map(\.key) == [nil, "user"])
    #expect(files.quantifier == .none(nil))
    #expect(
      files.arguments.map(\.value) == [
        .list([.text("/"), .text("/srv")]), .list([.text("/proc")]),
        .text("an option called like a probe"),
      ])
    #expect(count.source == .probe("users"))
    #expect(read?.when.count == 2)
    #expect(read?.check.assertions.count == 9)
  }

  @Test func aSingleCheckNeedsNoList() throws {
    let (read, problems) = try read(rule(check: "sshd: X\nexpect: a", when: "package: x"))
    #expect(problems == [])
    #expect(read?.when.count == 1)
  }

  @Test(arguments: [
    ("x: y", "7:6 the parameter 'x' is a mapping, not a text"),
    (
      "Xx: {type: int, default: 1}",
      "7:3 the parameter name 'Xx' is not of lower-case letters, digits, '_' and '-'"
    ),
    (
      "x: {type: itn, default: 1}",
      "7:13 'itn' is not one of int, string, list, bool, duration, mode, version (did you mean 'int'?)"
    ),
    ("x: {type: int}", "7:6 the parameter 'x' needs the key 'default'"),
    ("x: {type: int, default: }", "7:27 'default' has no value"),
    ("x: {type: int, default: a}", "7:27 'x': 'a' is not a whole number"),
    ("x: {type: int, min: 1, max: 3, default: 9}", "7:43 'x': 9 is outside 1…3"),
    ("x: {type: int, min: 5, max: 3, default: 4}", "7:18 'min' is greater than 'max'"),
    ("x: {type: int, min: a, default: 4}", "7:23 'min' must be a whole number"),
    ("x: {type: duration, min: a, default: 4d}", "7:28 'min' must be a duration such as 15m"),
    ("x: {type: string, min: 1, default: a}", "7:26 'min' fits the types int and duration only"),
    (
      "x: {type: int, values: [a], default: 1}", "7:18 'values' fits the types string and list only"
    ),
    ("x: {type: list, default: a}", "7:28 'x': must be a list"),
    (
      "x: {type: int, default: 1, by-level: {}}",
      "7:40 'by-level' is a mapping from SL1 to SL4 to values"
    ),
    (
      "x: {type: int, default: 1, by-level: {SL0: 1}}",
      "7:41 'SL0' is not one of SL1, SL2, SL3, SL4"
    ),
    ("x: {type: int, default: 1, by-level: {SL1: a}}", "7:46 'x': 'a' is not a whole number"),
    ("x: {type: int, default: 1, by-level: {SL1: }}", "7:46 'SL1' has no value"),
    ("x: {type: int, default: 1, doc: x}", "7:35 'doc' is a mapping, not a text"),
    ("x: {type: int, defualt: 1}", "7:6 the parameter 'x' needs the key 'default'"),
    ("[x]", "7:3 'parameters' is a mapping from names to declarations"),
  ])
  func aParameterThatCannotWorkIsSaidWithItsPlace(parameters: String, expected: String) throws {
    #expect(
      try read(rule(parameters: parameters).replacing("severity: low\n", with: "severity: low\n\n"))
        .1.first == expected)
  }

  @Test(arguments: [
    ("int", "{min: 1}", "5"), ("duration", "{min: 1d, max: 9d}", "5d"), ("bool", "", "true"),
    ("mode", "", "0640"), ("version", "", "1.2"), ("string", "", "x"), ("list", "", "[a]"),
  ])
  func parametersCanBeAskedAbout(type: String, range: String, value: String) throws {
    let bounds = range.isEmpty ? "" : ", " + range.dropFirst().dropLast()
    let (read, problems) = try read(
      rule(
        parameters:
          "x: {type: \(type), unit: days, doc: {en: a, de: b}\(bounds), default: \(value)}",
        when: "- parameter: x\n  expect: \(value)"))
    #expect(problems == [])
    #expect(read?.parameters.first?.unit == "days")
  }
}
