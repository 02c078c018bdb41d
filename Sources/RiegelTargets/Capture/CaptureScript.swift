import RiegelModel
import SystemPackage

/// A POSIX `sh` script that captures a host on which nothing may be installed.
///
/// Written from the same lists as the capture of the binary, and its output is a snapshot of the
/// same format. It reads only, writes to standard output alone, and needs `find`, `awk`, `tr`, `od`
/// and, where `find` has no `-printf`, `stat`: what busybox has too.
package struct CaptureScript {
  private let reads: [String]
  private let tool: String

  package init(reads: [String], tool: String) {
    self.reads = reads
    self.tool = tool
  }

  package var text: [UInt8] { Array(script.utf8) }

  private static let kernelFolders = ["proc", "sys", "dev"]

  private var script: String {
    var text = CaptureScript.shell
    for (name, value) in [
      ("TOOL", tool), ("LOOK", look.joined(separator: "\n")),
      ("CONTENTS", contents.joined(separator: "\n")), ("ASKED", asked), ("FOREIGN", foreign),
      ("AWK", awk),
    ] {
      text = CaptureScript.replace("@\(name)@", in: text, with: value)
    }
    return text
  }

  /// The first place of a mark, without Foundation.
  private static func replace(_ mark: String, in text: String, with value: String) -> String {
    var result = ""
    var rest = text[...]
    let bytes = Array(mark.utf8)
    while let at = Array(rest.utf8)[...].place(of: bytes) {
      let start = rest.utf8.index(rest.startIndex, offsetBy: at.lowerBound)
      result += rest[..<start] + value
      rest = rest[rest.utf8.index(start, offsetBy: bytes.count)...]
    }
    return result + rest
  }

  private var asked: String {
    reads.map { "  \(CaptureScript.quote($0))" }.joined(separator: " \\\n")
  }

  private var foreign: String { FileSystem.foreignNames.joined(separator: "|") + "|fuse*" }

  static func quote(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  /// A pattern as a word that the shell expands: wildcards stay bare, all else is quoted.
  private static func word(_ components: some Sequence<[UInt8]>) -> String {
    var word = ""
    for component in components {
      let text = String(decoding: component, as: UTF8.self)
      word += "/"
      if text == "$$" {
        word += "$$"
      } else if text.contains(where: { "*?[".contains($0) }) {
        word += text.map {
          ("a"..."z").contains($0.lowercased()) || "*?[]-_.0123456789".contains($0)
            ? String($0) : "\\\($0)"
        }
        .joined()
      } else {
        word += CaptureScript.isPlain(text) ? text : quote(text)
      }
    }
    return word
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        || "._-+,@".utf8.contains($0)
    }
  }

  private static func isWild(_ component: [UInt8]) -> Bool {
    component.contains { "*?[".utf8.contains($0) }
  }

  /// Each pattern without braces; `/proc/self` as the script's own process.
  private var patterns: [[[UInt8]]] {
    var seen: Set<[[UInt8]]> = []
    var all: [[[UInt8]]] = []
    for glob in reads {
      for text in Glob(glob).textAlternatives {
        var components = text.split(separator: UInt8(ascii: "/")).map(Array.init)
        if components.starts(with: [Array("proc".utf8), Array("self".utf8)]) {
          components[1] = Array("$$".utf8)
        }
        if seen.insert(components).inserted { all.append(components) }
      }
    }
    return all
  }

  private func isKernel(_ components: [[UInt8]]) -> Bool {
    components.first.map {
      CaptureScript.kernelFolders.contains(String(decoding: $0, as: UTF8.self))
    } ?? false
  }

  /// Commands that look up what patterns name among the kernel's files: each folder on the way, by
  /// name or with all that is in it.
  private var look: [String] {
    var lines: [String] = []
    var seen: Set<String> = []
    func add(_ line: String) { if seen.insert(line).inserted { lines.append(line) } }
    add("all /dev")
    for components in patterns where isKernel(components) {
      for end in components.indices.dropFirst() {
        let folder = CaptureScript.word(components[..<end])
        let component = components[end]
        if component == Array("**".utf8) {
          add("tree \(folder)")
          break
        }
        if CaptureScript.isWild(component) {
          add("all \(folder)")
        } else {
          add("one \(CaptureScript.word([component]).dropFirst()) \(folder)")
        }
      }
    }
    return lines
  }

  /// Commands that name the files whose contents are wanted, those of single patterns first.
  private var contents: [String] {
    var single: [String] = []
    var trees: [String] = []
    for components in patterns {
      guard let deep = components.firstIndex(of: Array("**".utf8)) else {
        let word = CaptureScript.word(components)
        // A process's words have NUL between them.
        let isBinary =
          components.last == Array("cmdline".utf8) && components.count == 3
          && components[0] == Array("proc".utf8)
          || components.starts(with: [Array("sys".utf8), Array("firmware".utf8)])
        // What lies behind a process's descriptors and links is not read.
        if components.count > 2, components[0] == Array("proc".utf8),
          components[2] == Array("fd".utf8) || components[2] == Array("exe".utf8)
        {
          continue
        }
        single.append("file \(isBinary ? "B" : "T") \(word)")
        continue
      }
      let folder = CaptureScript.word(components[..<deep])
      let rest = components[(deep + 1)...].filter { $0 != Array("**".utf8) }
      let kind = isKernel(components) ? "T" : rest.isEmpty ? "C" : "T"
      let name = rest.last.map {
        " -name " + CaptureScript.quote(String(decoding: $0, as: UTF8.self))
      }
      if isKernel(components) {
        single.append("under \(kind) \(folder)\(name ?? "")")
      } else {
        trees.append("under \(kind) \(folder)\(name ?? "")")
      }
    }
    return single + (reads.contains(Capture.devices) ? ["heads"] : []) + trees
  }

  // MARK: the lists of secrets as regular expressions

  private static func expression(_ texts: [String]) -> String {
    texts.map { escaped($0, wildcards: false) }.joined(separator: "|")
  }

  private static func globs(_ texts: [String]) -> String {
    texts.map { escaped($0, wildcards: true) }.joined(separator: "|")
  }

  /// For a dynamic expression in a string of awk: brackets instead of backslashes.
  private static func escaped(_ text: String, wildcards: Bool) -> String {
    text.map { character in
      if wildcards, character == "*" { return ".*" }
      return ".*+?()[]{}$^|\\".contains(character) ? "[\(character)]" : String(character)
    }.joined()
  }

  private var awk: String {
    var text = CaptureScript.awk
    // A quick look tells most lines: none of these words, no secret.
    let anywhere = SecretNames.endings + SecretNames.keys
    for (name, value) in [
      ("TOKENLENGTH", String(SecretWords.tokenLength)),
      ("TOKENS", CaptureScript.expression(SecretWords.tokens)),
      ("ENDINGS", CaptureScript.expression(SecretNames.endings)),
      ("OTHERS", CaptureScript.expression(SecretNames.others)),
      ("KEYS", CaptureScript.expression(SecretNames.keys)),
      ("SCHEMES", CaptureScript.expression(SecretWords.schemes)),
      ("LOGINS", CaptureScript.globs(SecretWords.logins)),
      ("LUKSKEYS", CaptureScript.expression(LUKSMetadata.keptKeys)),
      ("OUTPUTS", SecretWords.outputs.joined(separator: " ")),
      (
        "OPTIONS",
        SecretWords.options.map { "\($0.program) \($0.option) \($0.after)" }
          .joined(separator: ",")
      ),
      (
        "ANYWHERE",
        anywhere.map { CaptureScript.escaped($0, wildcards: false) }
          .map {
            $0.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "[-_]")
          }
          .joined(separator: "|")
      ),
      ("HARMLESS", CaptureScript.expression(SecretNames.harmless.filter { !$0.isEmpty })),
      ("DIRECTIVES", CaptureScript.expression(SecretWords.directives)),
      ("SNMP", CaptureScript.expression(SecretWords.snmp)),
      ("WHOLE", CaptureScript.globs(SecretWords.files)),
      ("UNSCANNED", CaptureScript.globs(SecretWords.unscanned)),
      ("NODIRECTIVES", CaptureScript.globs(SecretWords.withoutDirectives)),
      ("NETRC", CaptureScript.globs(SecretWords.netrc)),
      ("ACCOUNTS", CaptureScript.globs(SecretWords.accounts)),
      ("MARKER", SecretWords.marker), ("TOOL", tool), ("FORMAT", String(SnapshotFormat.version)),
    ] {
      text = CaptureScript.replace("@\(name)@", in: text, with: value)
    }
    return text
  }
}
