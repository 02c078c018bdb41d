/// A place in a text file that an author can be sent to.
package struct Place: Sendable, Hashable, CustomStringConvertible {
  /// As the user would type it, relative to the content's folder where possible.
  package var file: String
  /// Counted from 1; 0 where the whole file is meant.
  package var line: Int
  /// Counted from 1 in characters, not bytes; 0 where the whole line is meant.
  package var column: Int

  package init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`, the form that editors and CI systems turn into links.
  package var description: String {
    if line == 0 { return file }
    return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
  }
}
