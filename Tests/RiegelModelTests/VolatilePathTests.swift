import SystemPackage
import Testing

@testable import RiegelModel

struct VolatilePathTests {
  @Test(arguments: ["/proc", "/proc/cmdline", "/sys/kernel", "/run", "/run/systemd/units"])
  func onlyARunningKernelFillsThese(path: String) {
    #expect(isVolatile(FilePath(path)))
  }

  @Test(arguments: ["/", "/processes", "/etc/proc", "/runit", "/system", "/srv/run"])
  func allElseIsOnDisk(path: String) {
    #expect(!isVolatile(FilePath(path)))
  }
}
