# The two commands of the README are `make audit` and `make test`.
# What a target needs and the machine lacks is installed first (as root or with sudo).

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
BUILD = .build
RELEASE = $(SWIFT) build -c release --static-swift-stdlib --explicit-target-dependency-import-check error
BINARY = $(BUILD)/release/riegel
CONTENT = Rules Profiles Standards

.PHONY: end-to-end fuzz reports audit build release test test-packages packages format lint coverage bench install install-files uninstall clean

## Audit this machine, after building what is needed.
audit: build
	@$(BINARY) audit; status=$$?; echo "(exit status $$status)"

build: packages release

## The binary as shipped, on a machine that has what the build needs.
release:
	@$(RELEASE)

## Everything that has to hold: format, unit tests, content, end to end.
test: test-packages
	@Tests/run

test-packages: packages
	@Tests/install-packages libyaml-dev libpcre2-dev libarchive-dev -- \
	  openssh-server sudo debootstrap iproute2 systemd auditd dpkg cryptsetup-bin kmod libpam-modules \
	  pamtester libpam-pwquality libpwquality-tools rsyslog whois util-linux dconf-cli libkf5config-bin opendoas zsh \
	  python3-jsonschema python3-yaml python3-venv \
	  chromium chromium-driver fonts-dejavu-core libxml2-utils openscap-scanner openscap-common \
	  shellcheck dash busybox-static openssh-client zstd xz-utils

packages:
	@Tests/install-packages libyaml-dev libpcre2-dev libarchive-dev

## The binary from end to end on this machine and a bare Debian; slow.
end-to-end: build
	Tests/EndToEnd/run $(BINARY)

## Made-up archives and snapshots, for SECONDS; a finding is left in .build/fuzz-findings.
SECONDS ?= 60
fuzz: packages
	@Tests/Fuzz/run $(SECONDS)

## Every report read by other people's programs, the page in a browser.
reports: build
	Tests/Reports/run $(BINARY)

format:
	$(SWIFT) format -i -r Sources Tests Package.swift

lint: build
	$(SWIFT) format lint -s -r Sources Tests Package.swift
	$(BINARY) lint

## Line coverage by module; files of the core below 85 % are named and fail.
coverage: test-packages
	@Tests/coverage

## Ratios measured in one run on this machine.
bench: build
	@Benchmarks/run

install: build install-files

## Only the copying, for packagers who built already.
install-files:
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/riegel
	install -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/riegel
	strip $(DESTDIR)$(PREFIX)/bin/riegel
	cp -r $(CONTENT) $(DESTDIR)$(PREFIX)/share/riegel/

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/riegel $(DESTDIR)$(PREFIX)/share/riegel

clean:
	rm -rf $(BUILD)
