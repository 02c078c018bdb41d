import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct ShellVariableProbeTests {
  private func observe(
    _ variable: String, _ texts: [String: String], shells: [String] = ["bash"],
    starts: [String] = ["login"]
  ) throws -> Observation {
    var probe = ShellVariableProbe()
    probe.variable = variable
    probe.shells = shells
    probe.starts = starts
    return try probe.observe(Host(MemoryTarget(texts: texts)))
  }

  static let debianProfile = """
    if [ "$(id -u)" -eq 0 ]; then
      PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    else
      PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
    fi
    export PATH

    if [ "${PS1-}" ]; then
      if [ "${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
        if [ -f /etc/bash.bashrc ]; then
          . /etc/bash.bashrc
        fi
      else
        if [ "$(id -u)" -eq 0 ]; then
          PS1='# '
        else
          PS1='$ '
        fi
      fi
    fi

    if [ -d /etc/profile.d ]; then
      for i in /etc/profile.d/*.sh; do
        if [ -r $i ]; then
          . $i
        fi
      done
      unset i
    fi

    """

  @Test func theLastAssignmentBeforeReadonlyWinsAndShowsWhatItOverrides() throws {
    let rows = try observe(
      "TMOUT",
      [
        "/etc/profile": ShellVariableProbeTests.debianProfile,
        "/etc/bash.bashrc": "TMOUT=900\n",
        "/etc/profile.d/a.sh": "# idle\nTMOUT=600\nreadonly TMOUT\nexport TMOUT\n",
        "/etc/profile.d/b.sh": "TMOUT=0\n",
      ]
    ).rows
    #expect(rows.map(\.subject).first == "TMOUT in bash (person, login)")
    #expect(rows.count == 2)
    for row in rows {
      #expect(row["value"].value == .text("600"))
      #expect(row["value"].origin == .line("/etc/profile.d/a.sh", 2))
      #expect(row["value"].overrides == [.init("900", .line("/etc/bash.bashrc", 1))])
      #expect(row["readonly"].value == .flag(true))
      #expect(row["readonly"].origin == .line("/etc/profile.d/a.sh", 3))
      #expect(row["exported"].value == .flag(true))
      #expect(row["seconds"].value == .duration(600))
    }
  }

  @Test func whatNothingSetsIsAbsent() throws {
    let rows = try observe("TMOUT", [:], shells: ["bash", "sh"]).rows
    #expect(rows.count == 4)
    #expect(rows.allSatisfy { $0["value"].content == .absent })
    #expect(rows.allSatisfy { $0["installed"].value == .flag(false) })
  }

  @Test(arguments: [
    ("if grep -q x /etc/motd; then TMOUT=300; else TMOUT=0; fi", false),
    ("if grep -q x /etc/motd; then TMOUT=300; else TMOUT=300; fi", true),
    ("TMOUT=$(cat /etc/tmout)", false), ("eval \"$(something)\"", false),
    ("eval \"$(dircolors -b)\"; TMOUT=300", true), (". $XDG_RUNTIME_DIR/x", false),
    ("[ -n \"$SSH_TTY\" ] && TMOUT=300", false), ("TMOUT=300; grep x y || A=1", true),
    ("TMOUT=300; (( i = 3", false), ("TMOUT=300\nif true; then A=1", true),
    ("while read line; do TMOUT=$line; done < /etc/x", false), ("read TMOUT", false),
    ("for ((i = 0; i < 3; i++)); do A=1; done; TMOUT=300", true),
    ("readonly TMOUT=300; eval \"$(something)\"", true),
    ("printf -v TMOUT %s 3", false), ("TMOUT=(1 2)", false), ("x() { TMOUT=300; }; x", true),
    ("case $(uname) in Linux) TMOUT=300;; *) TMOUT=0;; esac", false),
  ])
  func aFormThatIsNotWorkedOutIsUnknownAndNeverAGuess(text: String, isKnown: Bool) throws {
    let row = try #require(try observe("TMOUT", ["/etc/profile": text + "\n"]).rows.first)
    switch row["value"].content {
    case .known(let value): #expect(isKnown && value == .text("300"))
    case .unknown(.undetermined("/etc/profile", let reason)):
      #expect(!isKnown)
      #expect(reason.de.hasPrefix("Zeile 1") || reason.de.hasPrefix("hängt"))
    case let other: Issue.record("\(other)")
    }
  }

  @Test func aFileThatCannotBeReadMakesAllUnknownThatIsNotFixedBefore() throws {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/etc/profile.d/b.sh")
    let host = Host(
      MemoryTarget([
        "/etc/profile": .file(
          "readonly A=1\nTMOUT=5\n. /etc/profile.d/b.sh\nB=2\n"), "/etc/profile.d/b.sh": node,
      ]))
    func content(_ name: String) throws -> Fact.Content {
      var probe = ShellVariableProbe()
      probe.variable = name
      probe.shells = ["bash"]
      return try #require(try probe.observe(host).rows.first)["value"].content
    }
    #expect(try content("TMOUT") == .unknown(.permissionDenied("/etc/profile.d/b.sh")))
    #expect(try content("A") == .known(.text("1")))
    #expect(try content("B") == .known(.text("2")))
    #expect(try content("umask") == .unknown(.permissionDenied("/etc/profile.d/b.sh")))
    var probe = ShellVariableProbe()
    probe.variable = "TMOUT"
    probe.shells = ["bash"]
    let row = try #require(try probe.observe(host).rows.first)
    #expect(row["readonly"].value == nil)
  }

  @Test func rootAndPeopleMayDiffer() throws {
    let rows = try observe(
      "umask",
      ["/etc/profile": "if [ $UID -gt 199 ]; then\n umask 027\nelse\n umask 077\nfi\n"]
    ).rows
    #expect(rows.map { $0["mode"].value } == [.mode(0o027), .mode(0o077)])
    #expect(
      rows.map { $0["value"].origin } == [.line("/etc/profile", 2), .line("/etc/profile", 4)])
  }

  @Test func hostileTextEnds() throws {
    let deep = String(repeating: "{ ", count: 5_000)
    let loop = "while true; do A=$A$A; B=1; done\nTMOUT=3\n"
    let nested = String(repeating: "$(", count: 5_000)
    for text in [
      deep, loop, nested, ". /etc/profile\n", "\u{0}\u{0}=\u{0}", "f() { f; }; f\nTMOUT=1",
      String(repeating: "a", count: 1_000_000), "((((((", "\"", "'", "`", "${", "<<", "case",
    ] {
      _ = try observe("TMOUT", ["/etc/profile": text])
    }
  }

  // MARK: Against the shells

  static let canCompare =
    geteuid() == 0 && FileManager.default.fileExists(atPath: "/usr/bin/unshare")
    && (try? Spawned.run(["/usr/bin/unshare", "-m", "true"]))?.status == 0

  struct Sample: Sendable, CustomTestStringConvertible {
    var files: [String: String]
    /// Values that only the session can tell, so that ours may be unknown.
    var open: Set<String> = []
    var testDescription: String { files.description }
    init(
      _ a: String, _ b: String = "", profile: String? = nil, bashrc: String = "",
      open: Set<String> = []
    ) {
      self.open = open
      files = [
        "profile": profile ?? ShellVariableProbeTests.debianProfile, "profile.d/a.sh": a,
        "profile.d/b.sh": b, "bash.bashrc": bashrc, "environment": "", "login.defs": "",
        "passwd": "root:x:0:0::/root:/bin/bash\nperson:x:1000:100::/home/person:/bin/bash\n",
      ]
    }
  }

  static let redHatProfile = """
    pathmunge () {
        case ":${PATH}:" in
            *:"$1":*)
                ;;
            *)
                if [ "$2" = "after" ] ; then
                    PATH=$PATH:$1
                else
                    PATH=$1:$PATH
                fi
        esac
    }
    if [ -x /usr/bin/id ]; then
        if [ -z "$EUID" ]; then
            EUID=`/usr/bin/id -u`
            UID=`/usr/bin/id -ru`
        fi
        USER="`/usr/bin/id -un`"
    fi
    if [ "$EUID" = "0" ]; then
        pathmunge /usr/sbin
    else
        pathmunge /usr/sbin after
    fi
    HISTSIZE=1000
    if [ $UID -gt 199 ] && [ "`/usr/bin/id -gn`" = "`/usr/bin/id -un`" ]; then
        umask 002
    else
        umask 022
    fi
    for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do
        if [ -r "$i" ]; then
            if [ "${-#*i}" != "$-" ]; then
                . "$i"
            else
                . "$i" >/dev/null
            fi
        fi
    done
    unset i
    unset -f pathmunge
    if [ -n "${BASH_VERSION-}" ] ; then
            if [ -f /etc/bash.bashrc ] ; then
                   . /etc/bash.bashrc
           fi
    fi

    """

  static let samples: [Sample] = [
    Sample("TMOUT=600"), Sample("export TMOUT=600"), Sample("readonly TMOUT=600", "TMOUT=300\nA=1"),
    Sample("readonly TMOUT=600", "A=1\nTMOUT=300\nA=2"),
    Sample("readonly TMOUT=600", "export TMOUT=300; A=2"),
    Sample("readonly TMOUT=600", "unset TMOUT; A=2"),
    Sample("readonly TMOUT=600", "if true; then TMOUT=1; A=2; fi; A=3\nA=4"),
    Sample("readonly TMOUT=600\nA=0", "A=1\nif true; then\nfi\nA=2", open: ["A"]),
    Sample("TMOUT=60 readonly TMOUT\nA=1"), Sample("umask 77; . /nonexistent/x\nA=1"),
    Sample("TMOUT=60 true\nA=1"), Sample("TMOUT=60; TMOUT=70 eval 'A=$TMOUT'"),
    Sample("umask u=rwx,g=rx,o="), Sample("umask 022; umask g-w,o-rx; umask a+r"),
    Sample("umask 0022x"), Sample("umask 8"), Sample("umask 7777"), Sample("umask 27; umask -S"),
    Sample("[ -z \"$PS1\" ] && return; TMOUT=5"), Sample("[ -n \"$PS1\" ] && return; TMOUT=5"),
    Sample("f() { TMOUT=5; local A=7; return 0; A=1; }\nA=0\nf"),
    Sample("if [ \"$(id -u)\" -ge 1000 ]; then TMOUT=5; else TMOUT=6; fi"),
    Sample("case $- in *i*) TMOUT=5 ;; *) TMOUT=6 ;; esac"),
    Sample("case `id -un` in root|adm) A=1;; p*) A=2;; *) A=3;; esac"),
    Sample("for A in 1 2 3; do [ $A = 2 ] && break; done"),
    Sample("for A in 1 2 3; do [ $A = 2 ] && continue; TMOUT=$A; done"),
    Sample("A=1; while [ $A -lt 5 ]; do A=$((A + 1)); done; TMOUT=$A"),
    Sample("A=; until [ \"$A\" = xxx ]; do A=x$A; done"),
    Sample("A='a b'; set -- $A c; TMOUT=$#; A=$2"), Sample("A=${TMOUT:-5}; : ${TMOUT:=7}"),
    Sample("A=/a/b/c.sh; TMOUT=${A##*/}; A=${A%.sh}"), Sample("A=\"it's\" ; TMOUT='a\"b'"),
    Sample("A=x\\\ny; TMOUT=a\\ b"), Sample("cat <<E\nTMOUT=5\nE\nA=1"),
    Sample("cat <<-'E' >/dev/null\n\tTMOUT=5\n\tE\nA=1"), Sample("( TMOUT=5 ); A=1 | true"),
    Sample("TMOUT=5 # TMOUT=6"), Sample("TMOUT=5#6"), Sample("A=$(echo 7); TMOUT=`echo 8`"),
    Sample("test -d /etc && A=1 || A=2"), Sample("! false && TMOUT=4"),
    Sample("if ! [ -e /nonexistent ]; then A=1; fi"),
    Sample("[ -f /etc/profile.d/b.sh -a ! -d /etc/profile.d/b.sh ] && A=1", "A=$A$A"),
    Sample("{ TMOUT=3; A=4; }"), Sample("false; A=$?; true; A=$A$?", open: ["A"]),
    Sample("false; true; A=$?"),
    Sample("TMOUT=5\nunset TMOUT\nA=${TMOUT+set}"), Sample("export A TMOUT; A=1 TMOUT=2"),
    Sample("A=1\\\n2"), Sample("eval 'TMOUT=5; A=6'"), Sample("A=b; eval \"TMOUT=\\$A\""),
    Sample("exit_code=3; TMOUT=$exit_code; return 0; TMOUT=9", "A=1"),
    Sample("for f in /etc/profile.d/*.sh; do A=$A:$f; done"),
    Sample("A=~; TMOUT=~/x"), Sample("A=$HOME"), Sample("TMOUT=\"\"; A=''"),
    Sample("A=1; A=${A}2; A=\"$A\"3'4'"), Sample("A='*'; TMOUT=$A"),
    Sample("command umask 027; command export TMOUT=4"),
    Sample("umask 027", bashrc: "umask 077; A=bashrc"),
    Sample("readonly TMOUT=3", profile: redHatProfile, bashrc: "A=1; TMOUT=4; A=2\nA=3"),
    Sample("umask 027", profile: redHatProfile), Sample("A=1", profile: "TMOUT=7\nexport TMOUT"),
    Sample("A=$((1 + 2 * 3)); TMOUT=$(( (1+2)*3 == 9 && 4 < 5 ))"),
    Sample("if [ -n \"$UID\" ]; then A=$UID; fi"), Sample("A=1; A=; TMOUT= ; umask 0"),
  ]

  static let bashSamples: [Sample] = [
    Sample("declare -rx TMOUT=600", "declare TMOUT=7; A=1"), Sample("typeset -ir TMOUT=5+5"),
    Sample("f() { declare -r TMOUT=5; declare -g A=3; }; f"),
    Sample("[[ $- == *i* && -n $PS1 ]] && TMOUT=5"), Sample("[[ ! ( a == b || a == a ) ]] || A=1"),
    Sample("(( EUID == 0 )) && TMOUT=5 || TMOUT=6"), Sample("function f { TMOUT=5; }; f"),
    Sample("A=1; A+=2"), Sample("A+=2"),
    Sample("for A in {1,2}; do :; done", "TMOUT=1", open: ["A"]),
    Sample("if [[ $TMOUT =~ ^(a|b)$ ]]; then A=1; fi; TMOUT=2", open: ["A"]),
    Sample("x=(a b); A=1"),
    Sample("while read -r l; do A=$l; done <<< hallo; TMOUT=1", open: ["A"]),
    Sample("echo x &> /dev/null; A=1"),
    Sample("case x in x) A=1 ;& y) TMOUT=2 ;; z) A=3 ;; esac"), Sample("A=$'x'; TMOUT=$\"y\""),
    Sample("shopt -s extglob; TMOUT=3"), Sample("diff <(echo a) <(echo b) >/dev/null; A=1"),
    Sample("source /etc/profile.d/b.sh; A=2", "A=3; TMOUT=4"),
  ]

  @Test(.enabled(if: canCompare), arguments: samples.indices)
  func theShellsEndUpWithTheSame(index: Int) throws {
    // Starting shells is slow: a person only where it may matter, and now and then.
    let text = ShellVariableProbeTests.samples[index].files["profile.d/a.sh"] ?? ""
    if index % 4 == 0 || text.contains("id -") || text.contains("UID") {
      try compare(ShellVariableProbeTests.samples[index], "bash", "person")
    }
    for shell in index % 3 == 0 ? ["bash", "sh", "zsh"] : ["bash", "sh"] {
      try compare(ShellVariableProbeTests.samples[index], shell, "root")
    }
  }

  @Test(.enabled(if: canCompare), arguments: bashSamples.indices)
  func bashEndsUpWithTheSame(index: Int) throws {
    try compare(ShellVariableProbeTests.bashSamples[index], "bash", "root")
  }

  private func compare(_ sample: Sample, _ shell: String, _ account: String) throws {
    guard FileManager.default.fileExists(atPath: "/bin/\(shell)") else { return }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("riegel-shell-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var files = sample.files
    if shell == "zsh" {
      // zsh reads neither by itself.
      files["zsh/zshrc"] = ""
      files["zsh/zprofile"] = ". /etc/profile.d/a.sh\n. /etc/profile.d/b.sh\n"
    }
    var nodes: [FilePath: MemoryTarget.Node] = [:]
    for (name, text) in files {
      let place = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: place, atomically: true, encoding: .utf8)
      nodes[FilePath("/etc").appending(FilePath(name).components)] = .file(text)
    }
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/bin/sh")
    nodes["/usr/bin/id"] = .file("", mode: 0o755)
    nodes["/bin/sh"] = .link(to: FilePath("/bin").appending(program))
    nodes[FilePath("/bin").appending(program)] = .file("", mode: 0o755)
    let theirs = try printed(folder, shell, account)
    for name in ["TMOUT", "A", "umask"] {
      var probe = ShellVariableProbe()
      probe.variable = name
      probe.shells = [shell]
      let row = try #require(
        try probe.observe(Host(MemoryTarget(nodes))).rows.first {
          $0["account"].value == .text(account)
        })
      let text = "\(name) in \(shell) as \(account)"
      switch row["value"].content {
      case .known(.text(let value)): #expect(value == theirs[name] ?? "-", "\(text)")
      case .absent:
        // The shell's parent gave it this umask.
        #expect(theirs[name] == (name == "umask" ? "0026" : "-"), "\(text)")
      case .unknown: #expect(sample.open.contains(name) || shell == "zsh", "\(text)")
      case .known: Issue.record("no text")
      }
      if name != "umask", case .flag(let exported)? = row["exported"].value {
        #expect(exported == (theirs["\(name) exported"] == "yes"), "\(text) exported")
      }
      if name != "umask", shell != "sh", case .flag(let readonly)? = row["readonly"].value {
        #expect(readonly == (theirs["\(name) readonly"] == "yes"), "\(text) readonly")
      }
    }
  }

  private func printed(
    _ folder: URL, _ shell: String, _ account: String
  ) throws -> [String: String] {
    let script = """
      mount --make-rprivate / && cd "$1" && shift || exit 9
      mkdir root && mount --bind root /root || exit 9
      for name in profile profile.d bash.bashrc environment zsh passwd; do
        if [ -e "$name" ] && [ -e "/etc/$name" ]; then mount --bind "$name" "/etc/$name"; fi
      done
      umask 026
      exec "$@"
      """
    let question = """
      echo "TMOUT=${TMOUT--}"; echo "A=${A--}"; echo "umask=$(umask)"; \
      [ "$(env | grep -c '^TMOUT=')" = 0 ] || echo "TMOUT exported=yes"; \
      [ "$(env | grep -c '^A=')" = 0 ] || echo "A exported=yes"; \
      (unset A) 2>/dev/null; [ $? = 0 ] || echo "A readonly=yes"; \
      (unset TMOUT) 2>/dev/null; [ $? = 0 ] || echo "TMOUT readonly=yes"
      """
    var command = ["/usr/bin/env", "-i", "TERM=dumb", "PATH=/usr/bin:/bin", "HOME=/root"]
    command += ["TMPDIR=/tmp"]
    if account == "person" {
      command[4] = "HOME=/home/person"
      command =
        ["/usr/bin/setpriv", "--reuid", "1000", "--regid", "100", "--clear-groups"] + command
    }
    let output = try Spawned.run(
      ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "x", folder.path] + command + [
        "/bin/\(shell)", "-l", "-i", "-c", question,
      ])
    var values: [String: String] = [:]
    for line in output.text.split(separator: "\n") {
      guard let equals = line.firstIndex(of: "=") else { continue }
      values[String(line[..<equals])] = String(line[line.index(after: equals)...])
    }
    if values["umask"]?.count == 3, let umask = values["umask"] { values["umask"] = "0" + umask }
    return values
  }
}

/// A program run by a test, with what it printed.
enum Spawned {
  static func run(
    _ arguments: [String], input: String = ""
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    let output = Pipe()
    let given = Pipe()
    process.standardOutput = output
    process.standardInput = given
    process.standardError = FileHandle.nullDevice
    try process.run()
    given.fileHandleForWriting.write(Data(input.utf8))
    try? given.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
