#!/usr/bin/env bash
# Tries FlowKit on a machine with a GPU and an installed PyTorch, which needs no .NET SDK and no network.
#
#   tests/gpu-check.sh pack [FOLDER]      here, with the SDK: writes into FOLDER (default: artifacts/gpu-check) this script and two archives,
#                                         the .NET runtime and the program: the tests, the command with chapter 2, the benchmarks. No libtorch.
#   ./gpu-check.sh run [--device DEVICE] [--libtorch FOLDER]
#                                         there, in the folder with the archives: finds the torch/lib of python3's torch (or takes FOLDER), and runs
#                                         doctor, the laws of devices, chapter 2 at smoke scale and the benchmark of the flows on DEVICE (default: cuda).
#                                         Ends within six minutes with a table; logs lie beside it. The exit code is 0 if everything passed.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)

usage() {
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"
    exit 2
}

pack() {
    set -e
    local root target work size
    root=$(dirname "$here")
    target=${1:-$root/artifacts/gpu-check}
    work=$(mktemp -d)
    trap "rm -rf '$work'" EXIT
    mkdir -p "$target" "$work/program" "$work/runtime/runtime"
    target=$(cd "$target" && pwd -P)

    # Apart from the builds of this repository. What the programs share is stored once.
    for project in src/FlowKit.Cli tests/FlowKit.Tests tests/FlowKit.Benchmarks; do
        dotnet publish "$root/$project" -c Release -r linux-x64 --no-self-contained -v quiet --nologo -o "$work/program/${project##*/}" \
            -p:TorchDevice=none -p:PublishReadyToRun=false -p:DebugType=none -p:DebugSymbols=false -p:ArtifactsPath="$work/artifacts"
        find "$work/program/${project##*/}" -name '*.xml' -delete
        (cd "$work/program/${project##*/}" && find . -type f) | while read -r file; do
            for other in "$work"/program/*/; do
                [ "$other" -ef "$work/program/${project##*/}" ] || ! cmp -s "$other$file" "$work/program/${project##*/}/$file" || ln -f "$other$file" "$work/program/${project##*/}/$file"
            done
        done
    done

    # The runtime that the tests ask for, as it is installed here, with the program that starts it.
    local dotnet version
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
    version=$(ls "$dotnet/shared/Microsoft.NETCore.App" | grep -E '^10\.' | sort -V | tail -n 1) || true
    [ -n "$version" ] || { echo "gpu-check: there is no .NET 10 runtime in $dotnet." >&2; exit 1; }
    (cd "$dotnet" && cp -r --parents dotnet LICENSE.txt ThirdPartyNotices.txt "host/fxr/$version" "shared/Microsoft.NETCore.App/$version" "$work/runtime/runtime/")
    mkdir -p "$work/program/notebooks"
    cp "$root/notebooks/02-realnvp.ipynb" "$root/notebooks/setup.cs" "$work/program/notebooks/"

    for part in runtime program; do
        tar -C "$work/$part" -c . | xz -T0 -9 >"$target/gpu-check-$part.tar.xz"
        size=$(stat -c %s "$target/gpu-check-$part.tar.xz")
        echo "$target/gpu-check-$part.tar.xz: $((size / 1048576)) MiB"
        [ "$size" -lt $((40 * 1048576)) ] || { echo "gpu-check: that is more than 40 MiB." >&2; exit 1; }
    done
    cp "$here/gpu-check.sh" "$target/"
}

run() {
    local device=cuda libtorch=${FLOWKIT_LIBTORCH:-} started=$SECONDS limit=345 failed=0 rounds=3 bin=$here/gpu-check table="" sum
    while [ $# -gt 0 ]; do
        case $1 in
            --device) device=${2:?--device needs a name} ;;
            --libtorch) libtorch=${2:?--libtorch needs a folder} ;;
            *) usage ;;
        esac
        shift 2
    done

    mkdir -p "$bin/logs"
    for part in runtime program; do
        sum=$(sha256sum <"$here/gpu-check-$part.tar.xz") || exit 1
        [ "$(cat "$bin/$part.unpacked" 2>/dev/null)" = "$sum" ] && continue
        if command -v xz >/dev/null 2>&1; then
            tar -C "$bin" -xJf "$here/gpu-check-$part.tar.xz" || exit 1
        else
            python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$here/gpu-check-$part.tar.xz" "$bin" || exit 1
        fi
        echo "$sum" >"$bin/$part.unpacked"
    done
    if [ -z "$libtorch" ]; then
        # Where it lies is asked without importing it.
        libtorch=$(python3 -c 'import importlib.util, os; print(os.path.join(importlib.util.find_spec("torch").submodule_search_locations[0], "lib"))' 2>/dev/null) ||
            { echo "gpu-check: python3 has no torch; name a folder with libtorch by --libtorch." >&2; exit 1; }
    fi
    export FLOWKIT_LIBTORCH=$libtorch
    export FLOWKIT_TEST_DEVICE=$device              # where it is not there, the laws fail rather than skip
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1  # containers with a PyTorch have no libicu
    unset DOTNET_ROOT DOTNET_ROOT_X64
    echo "libtorch: $FLOWKIT_LIBTORCH; device: $device; unpacked in $((SECONDS - started)) s"

    step doctor 60 'flowkit doctor' 'cuda:[^(]*' FlowKit.Cli doctor
    cat "$bin/logs/doctor"
    step laws 150 'the laws of devices' 'Total: .*' FlowKit.Tests -noColor -class FlowKit.Tests.Devices.GpuLaws -class FlowKit.Tests.Devices.DeviceLaws
    step chapter 120 'chapter 2 at smoke scale' '^02-realnvp.ipynb: .*' FlowKit.Cli run "$bin/notebooks/02-realnvp.ipynb" --output "$bin/logs/02-realnvp.ipynb" --scale smoke --device "$device"
    [ "$device" = cpu ] && rounds=1                 # a CPU is measured on one thread and on two
    step benchmark 120 'the benchmark of the flows' '' FlowKit.Benchmarks flows --device "$device" --rounds "$rounds" && grep '^|' "$bin/logs/benchmark"
    printf '\n| step | result | seconds | |\n|---|---|---|---|\n%b' "$table"
    echo "$((SECONDS - started)) s in all; logs: $bin/logs"
    [ "$failed" -eq 0 ]
}

step() {    # step NAME SECONDS WORDS PATTERN PROGRAM ARGUMENTS...: a row of the table, with the last line of the log that matches; fails where the program did
    local name=$1 words=$3 pattern=$4 program=$bin/$5/$5.dll left=$((limit - (SECONDS - started))) from=$SECONDS result=passed note=""
    [ "$left" -lt "$2" ] || left=$2
    [ "$left" -gt 0 ] || left=1
    shift 5
    timeout -k 5 "$left" "$bin/runtime/dotnet" "$program" "$@" >"$bin/logs/$name" 2>&1
    case $? in
        0) ;;
        124 | 137) result="stopped after $left s" ;;
        *) result=FAILED ;;
    esac
    [ "$result" = passed ] || failed=1
    [ -z "$pattern" ] || note=$(grep -oE "$pattern" "$bin/logs/$name" | tail -n 1)
    [ "$result" = passed ] || { echo "== $name: $result"; tail -n 30 "$bin/logs/$name"; }
    table+="| $words | $result | $((SECONDS - from)) | $note |\n"
    [ "$result" = passed ]
}

case ${1:-} in
    pack | run) "$@" ;;
    *) usage ;;
esac
