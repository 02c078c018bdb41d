import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

/// Public keys made for these tests with ssh-keygen, and what `ssh-keygen -l` says of them.
enum SSHKeySamples {
  static let ed =
    "ssh-ed25519 "
    + "AAAAC3NzaC1lZDI1NTE5AAAAIEu30UgE5YPnZ1z0ds1q+eskIXrcydTnP4lc5xi/g9bi"
  static let edFingerprint = "SHA256:5WhuIJfMLbQROrvhUsIwMLu+DQsTnSqetAQKoCfYQe8"
  static let rsa =
    "ssh-rsa "
    + "AAAAB3NzaC1yc2EAAAADAQABAAABAQDE3lScY7xarXlS6fcECh/taj1eQPB2VXqzpxEUrp/uLpc34gYF"
    + "PF+PK9i2DSWMf1aJW+w8D9PSXwwmFmCxWhHvZyOOOJCQV0wY+o+ut8rS6eBz7/O5rdzGzJXmNAG5zi9n"
    + "y0d1LVpSNDA5P1n0MDeeRyNZRC7izfIVsbbpFtTHbFPPnom+lD8vW6x4OTZ3csbhdwZOWRJ6HxIQeuVw"
    + "TWVJCIfitV3yFBgbIEGQ0i7gm80mR9fq9FCmBhDrJfGm+ycbZo6iSYHwdinM2RUi5JpXdghaXgTtXF1A"
    + "ZgNcYRzwT4JnZlF0d7CW8ODlQBxuDhzz2yHv/j8tlhmEcE6NHBaB"
  static let rsaFingerprint = "SHA256:ufNPrMNoBEexNdv+MXagmVu6aPQ4xIDkOorEW3DbutI"
  static let ec =
    "ecdsa-sha2-nistp384 "
    + "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBDysGsWGZJJeCk+yz3WAYdhUp+XU"
    + "R8p4yX/EZ6Z2CAXofyy91aYhC0Dzbwy1JgA8lB8Ng6Sr+T41/+PsgMmLn/fBQOdSGrMdQSazrUW8MqnW"
    + "hdlm04ZSsndRj1hkdo3qnw=="
  static let ecFingerprint = "SHA256:NrQouMFbRuaCyR3UFBcXxHqZBTmRKOfIq2XJUbLP1iQ"
}
