/// The options that `mount(8)` makes of what `fstab(5)` or a mount unit says.
///
/// They are read from left to right: `user` and `users` imply noexec, nosuid and nodev, `owner` and
/// `group` nosuid and nodev, unless what follows takes that back. `defaults` changes nothing.
func effectiveMountOptions(_ text: String) -> [String] {
  var isReadOnly = false
  var noSuid = false
  var noDev = false
  var noExec = false
  var others: [String] = []
  for option in text.split(separator: ",") {
    let name = option.split(separator: "=", maxSplits: 1).first ?? ""
    switch option {
    case "defaults", "": continue
    case "ro", "rw": isReadOnly = option == "ro"
    case "nosuid", "suid": noSuid = option == "nosuid"
    case "nodev", "dev": noDev = option == "nodev"
    case "noexec", "exec": noExec = option == "noexec"
    default:
      if name == "user" || name == "users" {
        noSuid = true
        noDev = true
        noExec = true
      } else if name == "owner" || name == "group" {
        noSuid = true
        noDev = true
      }
      if !others.contains(String(option)) { others.append(String(option)) }
    }
  }
  var options = [isReadOnly ? "ro" : "rw"]
  if noSuid { options.append("nosuid") }
  if noDev { options.append("nodev") }
  if noExec { options.append("noexec") }
  return options + others
}
