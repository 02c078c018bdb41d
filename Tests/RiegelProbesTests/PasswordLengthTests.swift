import Glibc
import Testing

@testable import RiegelProbes

/// The host's own libpwquality, loaded to compare with; nil where there is none.
private struct LibPWQuality {
  private typealias Create = @convention(c) () -> OpaquePointer?
  private typealias Option = @convention(c) (OpaquePointer?, UnsafePointer<CChar>) -> Int32
  private typealias Check =
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
      UnsafeMutablePointer<UnsafeMutableRawPointer?>
    ) -> Int32
  private typealias Free = @convention(c) (OpaquePointer?) -> Void

  private let create: Create
  private let option: Option
  private let check: Check
  private let free: Free

  init?() {
    guard let library = dlopen("libpwquality.so.1", RTLD_NOW),
      let create = dlsym(library, "pwquality_default_settings"),
      let option = dlsym(library, "pwquality_set_option"),
      let check = dlsym(library, "pwquality_check"),
      let free = dlsym(library, "pwquality_free_settings")
    else { return nil }
    self.create = unsafeBitCast(create, to: Create.self)
    self.option = unsafeBitCast(option, to: Option.self)
    self.check = unsafeBitCast(check, to: Check.self)
    self.free = unsafeBitCast(free, to: Free.self)
  }

  /// Whether length, credits and classes are enough; other reasons to refuse do not count.
  func accepts(_ password: String, _ options: [String]) -> Bool {
    let settings = create()
    defer { free(settings) }
    for one in options { _ = option(settings, one) }
    var auxiliary: UnsafeMutableRawPointer?
    let result = check(settings, password, nil, nil, &auxiliary)
    return !((-14 ... -10).contains(result) || result == -18)
  }
}

@Suite struct PasswordLengthTests {
  private static let classes = [
    Array("8274196035"), Array("KGQZXJWVYR"), Array("kzqxjwvyrg"), Array("%!&/(=?+#-"),
  ]

  /// Whether the library takes some password of this length.
  private static func takes(
    _ library: LibPWQuality, _ length: Int, _ options: [String]
  ) -> Bool {
    for digits in 0...length {
      for upper in 0...(length - digits) {
        for lower in 0...(length - digits - upper) {
          let counts = [digits, upper, lower, length - digits - upper - lower]
          var password = ""
          for (set, count) in zip(classes, counts) {
            for index in 0..<count { password.append(set[index % set.count]) }
          }
          if library.accepts(password, options) { return true }
        }
      }
    }
    return false
  }

  @Test(
    .enabled(if: LibPWQuality() != nil),
    arguments: [
      [8, 0, 0, 0, 0, 0], [12, 0, 0, 0, 0, 0], [9, 1, 1, 1, 1, 0], [10, 2, 0, 0, 0, 0],
      [12, 3, 3, 0, 0, 0], [6, 2, 2, 0, 0, 0], [8, -2, -1, -1, -1, 0], [6, -3, -3, -3, 0, 0],
      [10, 2, -1, 0, 0, 3], [10, 5, 0, 0, 0, 4], [8, 0, 0, 0, 0, 4], [9, 9, 0, 0, 0, 3],
      [7, -1, 2, -1, 1, 4], [6, 0, 0, 0, 0, 2], [11, 1, 0, 2, -2, 2],
    ])
  func theShortestPasswordIsThatOfLibpwquality(_ given: [Int]) throws {
    let library = try #require(LibPWQuality())
    let names = ["minlen", "dcredit", "ucredit", "lcredit", "ocredit", "minclass"]
    let options = zip(names, given).map { "\($0)=\($1)" } + ["dictcheck=0"]
    let demand = PasswordDemand(
      minlen: given[0], credits: Array(given[1...4]), minclass: given[5], usesDictionary: false)
    #expect(Self.takes(library, demand.length, options))
    #expect(demand.length == 1 || !Self.takes(library, demand.length - 1, options))
  }
}
