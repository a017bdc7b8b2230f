#!/usr/bin/env bash
# Finds TornadoVM's SDK, or installs the official release, and runs a smoke kernel on its first device.
#   ./setup-tornado.sh [--backend opencl|ptx|cuda|spirv|metal|full] [--version 5.2.0]
# Running it again changes nothing that works. Exit codes: 0 ready; 1 wrong usage; 2 no JDK 25; 3 no SDK and no download;
# 4 the SDK is broken or made for another JDK; 5 the SDK is fine, but no device runs the smoke kernel.
set -euo pipefail

backend=""
version=5.2.0
works_without="Everything else works without TornadoVM: bin/mae ... --device cpu"

fail() {
  local code=$1
  shift
  printf 'setup-tornado: %s\n' "$@" "$works_without" >&2
  exit "$code"
}

while [ $# -gt 0 ]; do
  case $1 in
    --backend) backend=${2:-}; shift 2 || fail 1 "--backend needs a value" ;;
    --version) version=${2:-}; shift 2 || fail 1 "--version needs a value" ;;
    -h | --help) sed -n '2,5s/^# *//p' "$0"; exit 0 ;;
    *) fail 1 "unknown option '$1'; see --help" ;;
  esac
done
case $backend in
  "" | opencl | ptx | cuda | spirv | metal | full) ;;
  *) fail 1 "unknown backend '$backend': use opencl, ptx, cuda, spirv, metal or full" ;;
esac

# shellcheck source=bin/find.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bin/find.sh"

platform() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) echo linux-amd64 ;;
    Darwin-arm64) echo mac-aarch64 ;;
    *) fail 3 "no release of TornadoVM for $(uname -s) on $(uname -m); build it (https://tornadovm.readthedocs.io) and set TORNADOVM_HOME" ;;
  esac
}

install_with_sdkman() {
  local candidate=$version-jdk25-$backend
  echo "Installing tornadovm $candidate with SDKMAN ..."
  # shellcheck disable=SC2016  # expanded by the inner shell
  sdkman_auto_answer=true bash -c 'source "$HOME/.sdkman/bin/sdkman-init.sh" && sdk install tornadovm "$0"' "$candidate"
}

install_from_release() {
  local target=$HOME/.tornadovm-$version-jdk25-$backend work url
  url=https://github.com/beehive-lab/TornadoVM/releases/download/v$version-jdk25/tornadovm-$version-jdk25-$backend-$(platform).zip
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  echo "Downloading $url ..."
  curl -fL --retry 2 --connect-timeout 20 -o "$work/sdk.zip" "$url" ||
    fail 3 "cannot download $url" "Without network: unpack that file elsewhere and set TORNADOVM_HOME to the folder that holds share/java/tornado"
  (cd "$work" && "$java_home/bin/jar" xf sdk.zip) || fail 4 "$url is not a valid archive"
  local unpacked
  unpacked=$(dirname "$(find "$work" -type d -path '*/share/java' -print -quit)")
  is_sdk "$(dirname "$unpacked")" "$backend" || fail 4 "$url holds no SDK for JDK 25 with backend $backend"
  rm -rf "$target"
  mv "$(dirname "$unpacked")" "$target"
  chmod +x "$target"/bin/* || true
}

# The JVM's arguments, with this SDK's own place in them.
write_argfile() {
  if ! grep -qs -- "-Djava.library.path=$sdk/lib\$" "$sdk/tornado-argfile"; then
    [ -f "$sdk/tornado-argfile.template" ] || fail 4 "$sdk has no tornado-argfile.template: install it again"
    sed "s|\${TORNADOVM_HOME}|$sdk|g" "$sdk/tornado-argfile.template" >"$sdk/tornado-argfile" || fail 4 "cannot write $sdk/tornado-argfile"
  fi
}

smoke_source() {
  cat <<'JAVA'
import uk.ac.manchester.tornado.api.*;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

public class Smoke {
    public static void scaleAndAdd(float[] out, float[] in, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            out[i] = 2f * in[i] + 1f;
        }
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("tornado.recover.bailout", "False");
        var runtime = TornadoRuntimeProvider.getTornadoRuntime();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            for (int d = 0; d < runtime.getBackend(b).getNumDevices(); d++) {
                var device = runtime.getBackend(b).getDevice(d);
                System.out.printf("  tornado:%d:%d  %s, %s, %.1f GB%n", b, d, runtime.getBackendType(b),
                        device.getPhysicalDevice().getDeviceName(), device.getMaxGlobalMemory() / 1e9);
            }
        }
        int n = 1000;
        float[] in = new float[n];
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            in[i] = i;
        }
        TaskGraph graph = new TaskGraph("smoke").transferToDevice(DataTransferMode.EVERY_EXECUTION, in)
                .task("kernel", Smoke::scaleAndAdd, out, in, n).transferToHost(DataTransferMode.EVERY_EXECUTION, out);
        try (var plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.execute();
        }
        for (int i = 0; i < n; i++) {
            if (out[i] != 2f * i + 1f) {
                throw new IllegalStateException("element " + i + " is " + out[i]);
            }
        }
        System.out.println("  smoke kernel: correct");
    }
}
JAVA
}

run_smoke() {
  local work
  work=$(mktemp -d)
  smoke_source >"$work/Smoke.java"
  (cd "$work" && "$java_home/bin/javac" -g -proc:none -cp "$(echo "$sdk"/share/java/tornado/tornado-api-*.jar)" Smoke.java &&
    "$java_home/bin/java" "@$sdk/tornado-argfile" --module-path "$sdk/share/java/tornado" -cp "$work" Smoke) >"$work/out.txt" 2>"$work/err.txt" || {
    grep '^  tornado:' "$work/out.txt" || true
    local reason
    reason=$(grep -m 1 -iE 'exception|error' "$work/out.txt" "$work/err.txt" | cut -d: -f2- || true)
    rm -rf "$work"
    fail 5 "the SDK in $sdk runs no kernel here: ${reason:-unknown reason}" \
      "OpenCL needs the vendor's driver (on NVIDIA the display driver; for a CPU: apt install pocl-opencl-icd), ptx and cuda also the CUDA Toolkit"
  }
  cat "$work/out.txt"
  rm -rf "$work"
}

java_home=$(find_jdk25)
[ -n "$java_home" ] || fail 2 "no JDK 25 found: install Temurin 25 (https://adoptium.net) or set JAVA_HOME to a JDK 25"
if [ -n "${TORNADOVM_HOME:-}" ] && ! is_sdk "$TORNADOVM_HOME" "$backend"; then
  echo "setup-tornado: TORNADOVM_HOME=$TORNADOVM_HOME is no SDK for JDK 25${backend:+ with backend $backend}; looking elsewhere" >&2
fi
sdk=$(find_sdk "$backend")
if [ -z "$sdk" ]; then
  backend=${backend:-opencl}
  if [ -f "$HOME/.sdkman/bin/sdkman-init.sh" ]; then
    install_with_sdkman || install_from_release
  else
    install_from_release
  fi
  sdk=$(find_sdk "$backend")
  [ -n "$sdk" ] || fail 4 "the installed SDK was not found again"
fi
write_argfile
echo "JDK 25:    $java_home"
echo "TornadoVM: $sdk"
run_smoke
echo "Ready: bin/mae finds it (or export TORNADOVM_HOME=$sdk). Try: bin/mae devices"
