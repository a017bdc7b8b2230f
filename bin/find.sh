# shellcheck shell=bash
# Where JDK 25 and TornadoVM's SDK are; read by bin/mae, setup-tornado.sh and .ci/run.

is_jdk25() {
  [ -x "$1/bin/javac" ] && grep -qs '^JAVA_VERSION="25' "$1/release"
}

find_jdk25() {
  local home
  for home in "${JAVA_HOME:-}" "${JDK25_HOME:-}" /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
    /opt/jdk* /opt/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk25 "$home"; then
      echo "$home"
      return
    fi
  done
  home=$(readlink -f "$(command -v javac || true)")
  if is_jdk25 "${home%/bin/javac}"; then
    echo "${home%/bin/javac}"
  fi
}

# Whether a folder is an SDK for JDK 25, and for a backend if one is named.
is_sdk() {
  compgen -G "$1/share/java/tornado/tornado-api-*-jdk25.jar" >/dev/null || return 1
  [ -z "${2:-}" ] || [ "$2" = full ] || grep -qs "$2-backend" "$1/etc/tornado.backend"
}

# The first such folder.
find_sdk() {
  local sdk
  for sdk in "${TORNADOVM_HOME:-}" "${HOME:-}"/.sdkman/candidates/tornadovm/* "${HOME:-}"/.tornadovm* /opt/tornadovm*; do
    if [ -n "$sdk" ] && is_sdk "$sdk" "${1:-}"; then
      (cd "$sdk" && pwd -P)
      return
    fi
  done
}
