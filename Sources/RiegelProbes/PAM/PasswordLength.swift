/// The shortest password that a quality module takes, and how many classes it has to mix.
struct PasswordDemand: Sendable, Hashable {
  var length: Int
  /// Of digits, upper case, lower case and others.
  var classes: Int

  /// libpwquality and cracklib: every credit above zero counts characters of its class once more,
  /// so that a long-looking `minlen` is met by a shorter password; a credit below zero demands that
  /// many characters. cracklib itself refuses less than six while its dictionary is asked.
  init(minlen: Int, credits: [Int], minclass: Int, usesDictionary: Bool) {
    let demanded = credits.map { max(0, -$0) }
    classes = max(min(minclass, 4), demanded.count { $0 > 0 })
    let floor = usesDictionary ? 6 : 1
    var length = max(floor, demanded.reduce(0, +))
    while length < minlen, !PasswordDemand.reaches(length, minlen, credits, demanded, classes) {
      length += 1
    }
    self.length = length
  }

  /// passwdqc: a length for each number of classes, `disabled` where that many are not enough;
  /// the third is for pass phrases. nil if the text is none.
  init?(passwdqc text: String) {
    var lengths: [Int?] = []
    for part in text.split(separator: ",") {
      if part == "disabled" {
        lengths.append(nil)
      } else {
        guard let length = Int(part) else { return nil }
        lengths.append(length)
      }
    }
    guard lengths.count == 5, let shortest = lengths.compactMap({ $0 }).min() else { return nil }
    let needed = [1, 2, 3, 3, 4]
    length = shortest
    classes = zip(lengths, needed).compactMap { $0 == nil ? nil : $1 }.min() ?? 0
  }

  init(length: Int, classes: Int) {
    self.length = length
    self.classes = classes
  }

  /// Whether some password of a length has enough length with its credits.
  private static func reaches(
    _ length: Int, _ minlen: Int, _ credits: [Int], _ demanded: [Int], _ classes: Int
  ) -> Bool {
    var left = length - demanded.reduce(0, +)
    var missing = classes - demanded.count { $0 > 0 }
    var bonus = 0
    // Classes with most credit first; one character each for the classes still missing.
    let rooms = credits.map { max(0, $0) }.sorted(by: >)
    for room in rooms where left > 0 {
      let taken = min(room, left)
      bonus += taken
      left -= taken
      if taken > 0 { missing -= 1 }
    }
    // Each class that is still missing costs a character, taken from the credits if need be.
    if missing > left { bonus -= missing - max(0, left) }
    return length + bonus >= minlen
  }
}
