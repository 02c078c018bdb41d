/// Turns `\040` and its kind back into bytes, as `mountinfo`, `/proc/swaps` and `fstab(5)` need.
func unescapedOctal(_ text: some StringProtocol) -> String {
  let bytes = Array(text.utf8)
  guard bytes.contains(UInt8(ascii: "\\")) else { return String(text) }
  var plain: [UInt8] = []
  var at = 0
  while at < bytes.count {
    if bytes[at] == UInt8(ascii: "\\"), at + 3 < bytes.count,
      bytes[at + 1...at + 3].allSatisfy({ (48...55).contains($0) }), bytes[at + 1] < 52
    {
      plain.append((bytes[at + 1] - 48) << 6 | (bytes[at + 2] - 48) << 3 | (bytes[at + 3] - 48))
      at += 4
    } else {
      plain.append(bytes[at])
      at += 1
    }
  }
  return String(decoding: plain, as: UTF8.self)
}
