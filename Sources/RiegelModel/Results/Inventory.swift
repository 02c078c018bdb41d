/// The packages seen on the host: what a bill of materials is made of.
package struct Inventory: Sendable, Hashable {
  package struct Package: Sendable, Hashable {
    package var name: String
    package var version: String
    package var architecture: String
    package init(name: String, version: String, architecture: String) {
      self.name = name
      self.version = version
      self.architecture = architecture
    }
  }

  /// The package system, in the words of package URLs: `deb`, `apk`; nil if none was read.
  package var system: String?
  /// `ID` and `VERSION_ID` of `os-release(5)`.
  package var distribution: String?
  package var distributionVersion: String?
  /// In order of name, architecture and version.
  package var packages: [Package]
  /// Why the packages could not be told; the list is then empty, and says nothing.
  package var gap: TargetError?

  package init(
    system: String? = nil, distribution: String? = nil, distributionVersion: String? = nil,
    packages: [Package] = [], gap: TargetError? = nil
  ) {
    self.system = system
    self.distribution = distribution
    self.distributionVersion = distributionVersion
    self.packages = packages
    self.gap = gap
  }
}
