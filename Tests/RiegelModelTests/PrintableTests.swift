import RiegelModel
import SystemPackage
import Testing

@Suite struct PrintableTests {
  @Test(
    arguments: [
      ([], ""), ([0x61, 0xc3, 0xbc, 0x62], "aüb"), ([0xff], "\\xff"),
      ([0x61, 0xff, 0x62], "a\\xffb"),
      ([0xc3, 0xa9, 0xff, 0x41], "é\\xffA"), ([0xe2, 0x41], "\\xe2A"),
      ([0xe2, 0x82], "\\xe2\\x82"),
      ([0xc0, 0x80], "\\xc0\\x80"), ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"),
      ([0xf0, 0x9f, 0x94, 0x92, 0xf0], "🔒\\xf0"), ([0x0a, 0x01], "\n\u{1}"),
      ([0xf8, 0x88, 0x80, 0x80, 0x80], "\\xf8\\x88\\x80\\x80\\x80"),
      ([0x61, 0x62, 0x63, 0x80], "abc\\x80"),
    ] as [([UInt8], String)])
  func everyByteIsShownOnce(bytes: [UInt8], text: String) {
    #expect(printable(bytes: bytes) == text)
  }

  @Test func pathsAreShownByTheirBytes() {
    #expect(printable(FilePath("/etc/ä")) == "/etc/ä")
    let path = [UInt8]([0x2f, 0xe4, 0x2f, 0x62, 0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CInterop.PlatformChar.self) { chars in
        chars.baseAddress.map { FilePath(platformString: $0) } ?? "/"
      }
    }
    #expect(printable(path) == "/\\xe4/b")
  }

  @Test func originsAreShownAlikeInEveryLanguage() {
    #expect(Origin.line("/etc/a", 3).description == "/etc/a:3")
    #expect(Origin.file("/etc/a").description == "/etc/a")
    #expect(Origin.kernel("/proc/a").description == "/proc/a")
    #expect(Origin.builtIn("OpenSSH 9.2").description == "built-in (OpenSSH 9.2)")
    #expect(Origin.command("nft list").description == "`nft list`")
    #expect(Origin.builtIn("x").isBuiltIn)
    #expect(!Origin.file("/a").isBuiltIn)
    #expect(Origin.kernel("/proc/a").path == "/proc/a")
    #expect(Origin.command("x").path == nil)
  }
}
