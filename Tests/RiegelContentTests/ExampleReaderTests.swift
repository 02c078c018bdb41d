import RiegelContent
import RiegelModel
import SystemPackage
import Testing

struct ExampleReaderTests {
  /// An example in one line, beside one that passes and one that fails.
  private func text(_ example: String) -> String {
    rule(
      parameters: "days: {type: int, default: 1}",
      examples: "- {name: good, outcome: pass}\n- {name: bad, outcome: fail}\n- \(example)")
  }

  @Test(arguments: [
    ("{outcome: pass}", "14:5 an example needs the key 'name'"),
    (
      "{name: x, outcome: passed}",
      "14:24 'passed' is not one of pass, fail, notApplicable, notCollected, error, manual (did you mean 'pass'?)"
    ),
    ("{name: x, outcome: pass, file: {}}", "14:30 unknown key 'file' (did you mean 'files'?)"),
    ("{name: x, outcome: pass, files: {}}", "14:37 'files' is a mapping from paths to texts"),
    (
      "{name: x, outcome: pass, files: {etc/x: a}}",
      "14:38 'etc/x' is no absolute path without '.', '..' and doubled '/'"
    ),
    (
      "{name: x, outcome: pass, files: {/etc/../x: a}}",
      "14:38 '/etc/../x' is no absolute path without '.', '..' and doubled '/'"
    ),
    (
      "{name: x, outcome: pass, files: {/etc/: a}}",
      "14:38 '/etc/' is no absolute path without '.', '..' and doubled '/'"
    ),
    (
      "{name: x, outcome: pass, files: {/x: }}",
      "14:42 '/x' has no text (write \"\" for an empty file)"
    ),
    (
      "{name: x, outcome: pass, files: {/x: [a]}}",
      "14:42 a file is a text or a mapping, not a list"
    ),
    ("{name: x, outcome: pass, files: {/x: {mode: 9}}}", "14:49 'mode' must be octal such as 0640"),
    ("{name: x, outcome: pass, files: {/x: {uid: a}}}", "14:48 'uid' must be a number"),
    (
      "{name: x, outcome: pass, files: {/x: {uid: 1, owner: 2}}}",
      "14:48 'uid' cannot stand beside 'owner'"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {owner: bob}}}",
      "14:50 nobody is called 'bob' in the /etc/passwd of this example (write 'uid' with a number)"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {group: shdow}, /etc/group: \"shadow:x:42:\"}}",
      "14:50 nobody is called 'shdow' in the /etc/group of this example (did you mean 'shadow'?)"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {type: lnk}}}",
      "14:49 'lnk' is not one of file, directory, link, fifo, socket, character-device, block-device (did you mean 'link'?)"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {type: link}}}",
      "14:38 a link needs the key 'link' with its text"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {type: file, link: /y}}}",
      "14:55 'link' fits the type link only"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {type: fifo, content: a}}}",
      "14:64 only a file has 'content'"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {content: [a]}}}",
      "14:52 'content' must be a text, not a list"
    ),
    (
      "{name: x, outcome: pass, files: {/x: {modified: yesterday}}}",
      "14:53 'modified' must be a time such as 2026-11-24T08:00:00Z"
    ),
    (
      "{name: x, outcome: pass, packages: [openssh-server]}",
      "14:41 'openssh-server' is not a name and a version such as 'openssh-server 1:9.2p1-2'"
    ),
    ("{name: x, outcome: pass, packages: x}", "14:40 'packages' must be a list, not a text"),
    (
      "{name: x, outcome: pass, packages: [[a]]}",
      "14:41 'packages' must be a list of texts; this is a list"
    ),
    (
      "{name: x, outcome: pass, packages: [], files: {/var/lib/dpkg/status: a}}",
      "14:40 'packages' writes /var/lib/dpkg/status, which 'files' gives too"
    ),
    (
      "{name: x, outcome: pass, unreadable: [etc]}",
      "14:43 'etc' is no absolute path without '.', '..' and doubled '/'"
    ),
    (
      "{name: x, outcome: pass, parameters: {day: 3}}",
      "14:43 unknown parameter 'day' (did you mean 'days'?)"
    ),
    ("{name: x, outcome: pass, parameters: {days: x}}", "14:49 'days': 'x' is not a whole number"),
    (
      "{name: x, outcome: pass, parameters: {}}",
      "14:42 'parameters' is a mapping from names to values"
    ),
    ("{name: x, outcome: pass, level: SL5}", "14:37 a security level is SL0 to SL4"),
    ("{name: x, outcome: pass, running: maybe}", "14:39 'running' must be true or false"),
    (
      "{name: x, outcome: pass, now: today}",
      "14:35 'now' must be a time such as 2026-11-24T08:00:00Z"
    ),
    (
      "{name: x, outcome: pass, finds: etc/x}",
      "14:37 'finds' is an origin such as /etc/ssh/sshd_config:3"
    ),
    ("{name: x, outcome: pass, finds: [a]}", "14:37 'finds' must be a text, not a list"),
    ("text", "14:5 an example is a mapping, not a text"),
  ])
  func anExampleThatCannotWorkIsSaidWithItsPlace(example: String, expected: String) throws {
    #expect(try read(text(example)).1.first == expected)
  }

  @Test func everyKindOfFileBecomesPartOfTheHost() throws {
    let example = """
      name: all kinds
        outcome: error
        files:
          /etc/passwd: |
            root:x:0:0::/root:/bin/sh
            alice:x:1000:1000::/home/alice:/bin/sh
          /etc/group: {content: "shadow:x:42:"}
          /etc/shadow: {content: secret, mode: "0640", owner: root, group: shadow}
          /home/alice: {type: directory, owner: alice, gid: 1000, mode: 2750}
          /home/alice/link: {link: ../bob}
          /run/fifo: {type: fifo, uid: 7, modified: 2026-11-01}
          /srv/data/x: "y"
        packages: [a 1.0, "b 2:3"]
        unreadable: [/etc/shadow, /srv/data, /root/.ssh]
        parameters: {days: 3}
        level: SL2
        running: true
        now: 2026-01-02T03:04:05Z
        finds: /etc/shadow
      """
    let (read, problems) = try read(text(example))
    #expect(problems == [])
    let last = try #require(read?.examples.last)
    #expect(last.parameters == ["days": .text("3")])
    #expect(last.level == .sl2)
    #expect(last.finds == "/etc/shadow")
    let target = last.target
    #expect(target.capturedAt.description == "2026-01-02T03:04:05Z")
    #expect(target.isRunning)
    let shadow = try #require(try target.metadata(of: "/etc/shadow"))
    #expect(shadow.mode == 0o640 && shadow.user == 0 && shadow.group == 42)
    let home = try #require(try target.metadata(of: "/home/alice"))
    #expect(
      home.kind == .directory && home.user == 1000 && home.group == 1000 && home.mode == 0o2750)
    #expect(try target.readLink("/home/alice/link") == "../bob")
    let fifo = try #require(try target.metadata(of: "/run/fifo"))
    #expect(fifo.kind == .fifo && fifo.user == 7 && fifo.modified.date == "2026-11-01")
    for path in ["/etc/shadow", "/srv/data/x", "/root/.ssh"] as [FilePath] {
      #expect(throws: TargetError.self) { _ = try target.read(path, limit: 100) }
    }
    #expect(throws: TargetError.self) { _ = try target.list("/srv/data") }
  }

  @Test func whatLiesBelowAnUnreadableFolderIsNotAbsent() throws {
    let example = Example(
      name: "x", outcome: .error, unreadable: ["/etc/ssh"], place: Place(file: "f"))
    #expect(throws: TargetError.permissionDenied("/etc/ssh")) {
      _ = try example.target.read("/etc/ssh/sshd_config", limit: 100)
    }
  }

  @Test func anExampleWithoutPackagesHasNoDatabase() throws {
    let without = Example(name: "x", outcome: .pass, place: Place(file: "f"))
    #expect(try without.target.read("/var/lib/dpkg/status", limit: 9) == nil)
    let empty = Example(name: "x", outcome: .pass, packages: [], place: Place(file: "f"))
    #expect(try empty.target.read("/var/lib/dpkg/status", limit: 9) == [])
  }
}
