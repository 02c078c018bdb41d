/// Everything that can be audited. A new kind of target is a file of its own and a line here.
package enum Targets {
  package static let all: [TargetForm] = [
    LiveTarget.form,
    DirectoryTarget.form,
    SSHForm.form,
    ArchiveForm.form,
  ]
}
