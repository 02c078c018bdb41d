/// The candidate closest to a word that is not among them, for "did you mean …?".
///
/// Distance is optimal string alignment (insert, delete, replace, swap neighbours); a candidate
/// farther away than a third of the word's length is no help and is not offered.
package func closest(to word: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(word.lowercased().utf8)
  let limit = max(1, (wanted.count + 2) / 3)
  var best: (String, Int)?
  if wanted.isEmpty { return nil }
  for candidate in candidates where !candidate.isEmpty {
    let distance = alignmentDistance(wanted, Array(candidate.lowercased().utf8))
    if distance <= limit, distance < best?.1 ?? .max { best = (candidate, distance) }
  }
  return best?.0
}

private func alignmentDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  if a.isEmpty { return b.count }
  if b.isEmpty { return a.count }
  var before = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [Int](repeating: i, count: b.count + 1)
    for j in 1...b.count {
      let cost = a[i - 1] == b[j - 1] ? 0 : 1
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], before[j - 2] + 1)
      }
    }
    (before, last) = (last, row)
  }
  return last[b.count]
}
