#!/bin/sh
# Makes CaseKit's Python environment, or finds it ready: packaging/run and .ci/run begin here.
#
#   sh packaging/setup.sh [demo|test]     "test" also looks for what only the tests use
#
# It hides which Python is taken, which system packages are missing, how PyTorch's CPU build is had, and that two
# calls may come at once. CASEKIT_VENV names another place for the environment than .venv in the checkout.
set -eu

purpose=${1:-test}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
venv=${CASEKIT_VENV:-$root/.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac
pins=$root/packaging/constraints.txt
stamp=$venv/casekit-ready
log=$venv.log
torch_cpu_index=https://download.pytorch.org/whl/cpu
megabytes=3500 # free space wanted; the environment takes about 2400

say() { printf '%s\n' "$*" >&2; }
stop() {
    say "CaseKit: $*"
    exit 1
}

# --- system packages -------------------------------------------------------------------------------------------------
# Library or program, and the Debian package it comes in. Libraries are looked up by name, because package names change
# from one release to the next (libglib2.0-0 is libglib2.0-0t64 now, and still answers to its old name).
libraries="libEGL.so.1:libegl1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 libX11.so.6:libx11-6
    libxkbcommon.so.0:libxkbcommon0 libfontconfig.so.1:libfontconfig1 libfreetype.so.6:libfreetype6
    libdbus-1.so.3:libdbus-1-3 libz.so.1:zlib1g libX11-xcb.so.1:libx11-xcb1 libxcb-cursor.so.0:libxcb-cursor0
    libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1
    libxcb-randr.so.0:libxcb-randr0 libxcb-render.so.0:libxcb-render0 libxcb-render-util.so.0:libxcb-render-util0
    libxcb-shape.so.0:libxcb-shape0 libxcb-shm.so.0:libxcb-shm0 libxcb-sync.so.1:libxcb-sync1
    libxcb-util.so.1:libxcb-util1 libxcb-xfixes.so.0:libxcb-xfixes0 libxcb-xkb.so.1:libxcb-xkb1 libxcb.so.1:libxcb1
    libxkbcommon-x11.so.0:libxkbcommon-x11-0"
test_programs="pdftoppm:poppler-utils Xvfb:xvfb"
test_java=/usr/share/java/jaxb-runtime.jar:libjaxb-java # veraPDF wants it, where there is a Java

missing_packages() {
    [ "$(uname -s)" = Linux ] || return 0
    known=$(/sbin/ldconfig -p 2>/dev/null || ldconfig -p 2>/dev/null) || known=
    if [ -n "$known" ]; then
        for pair in $libraries; do
            case $known in *"	${pair%%:*} "*) ;; *) printf ' %s' "${pair#*:}" ;; esac
        done
    fi
    [ "$purpose" = test ] || return 0
    for pair in $test_programs; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf ' %s' "${pair#*:}"
    done
    if command -v java >/dev/null 2>&1 && [ ! -e "${test_java%%:*}" ]; then printf ' %s' "${test_java#*:}"; fi
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt() {
    PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin DEBIAN_FRONTEND=noninteractive \
        apt-get -y -q -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$log" 2>&1 9>&-
}

install_packages() {
    say "Installing system packages: $*"
    apt install --no-install-recommends "$@" && return 0
    apt update && apt install --no-install-recommends "$@"
}

complete_system() {
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086  # one word a package
    if may_install && install_packages $packages; then
        packages=$(missing_packages)
        [ -n "$packages" ] || return 0
    fi
    say "CaseKit: some system packages are missing, so the window or some tests may not run;" \
        "on Debian or Ubuntu an administrator adds them with: apt-get install$packages"
}

# --- Python ----------------------------------------------------------------------------------------------------------
find_python() { # prints the first Python that will do; $1 is what it must be able to import
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 /usr/local/bin/python3; do
        if { "$candidate" -c "import sys, $1; sys.exit(not (3, 11) <= sys.version_info < (3, 15))"; } >/dev/null 2>&1; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

choose_python() {
    python=$(find_python ensurepip,venv) && return 0
    if python=$(find_python sys); then
        package=python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
        may_install && install_packages "$package" && python=$(find_python ensurepip,venv) && return 0
        stop "this Python has no venv module; on Debian or Ubuntu an administrator adds it with:" \
            "apt-get install $package"
    fi
    if may_install; then
        for package in python3 python3.13 python3.12 python3.11; do
            install_packages "$package" "$package-venv" && python=$(find_python ensurepip,venv) && return 0
        done
    fi
    stop "Python 3.11, 3.12, 3.13 or 3.14 is needed and none was found; on Debian or Ubuntu an administrator adds it" \
        "with: apt-get install python3 python3-venv"
}

# --- the environment -------------------------------------------------------------------------------------------------
key() { # whatever changes this text makes the next call install anew
    cat "$root/pyproject.toml" "$pins" "$root/packaging/setup.sh"
    printf '%s\n' "$root" "$venv"
    "$venv/bin/python" -I -S -c 'import sys; print(sys.version)'
}

ready() { [ -e "$stamp" ] && [ -x "$venv/bin/python" ] && key 2>/dev/null | cmp -s - "$stamp"; }

check_places() {
    for file in pyproject.toml README.md LICENSE packaging/constraints.txt casekit/__init__.py; do
        [ -r "$root/$file" ] || stop "this checkout is not whole: $file is missing; check it out again."
    done
    case $venv in *:*) stop "a Python environment cannot lie in a folder with a colon in its path ($venv);" \
        "name another with CASEKIT_VENV=/some/folder." ;; esac
    if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ] && [ -n "$(ls -A "$venv" 2>/dev/null)" ]; then
        stop "$venv holds something else than a Python environment; name another folder with CASEKIT_VENV=/some/folder."
    fi
    mkdir -p "$(dirname "$venv")" 2>/dev/null || true
    if { [ -e "$venv" ] && [ ! -w "$venv" ]; } || ! (: >>"$log" && : >>"$venv.lock") 2>/dev/null; then
        stop "$venv cannot be made or changed by $(id -un 2>/dev/null || id -u); name a folder that can be" \
            "with CASEKIT_VENV=/some/folder."
    fi
}

check_space() {
    free=$(df -Pk "$(dirname "$venv")" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }') || free=
    [ -z "$free" ] || [ "$free" -ge "$megabytes" ] ||
        stop "$(dirname "$venv") has $free MB free and $megabytes MB are needed; make room or name another folder" \
            "with CASEKIT_VENV=/some/folder."
}

show() { # pip's lines, the useful ones, without addresses; all of them are in the log
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        case $line in
        "  Downloading "*.whl* | "  Using cached "*.whl* | "Processing "*.whl* | "Downloading "*.whl* | "Using cached "*.whl*)
            case $line in *.metadata*) continue ;; esac
            name=${line##*/}
            name=${name##*Downloading }
            name=${name##*Using cached }
            size=${name#*.whl}
            case $size in *B\)*) ;; *) size= ;; esac
            say "  ${name%%-[cp]*}$size"
            ;;
        "Installing collected packages: "*) say "  unpacking, which takes up to a minute" ;;
        esac
    done
}

pip() { # runs pip, shows its progress, returns its status
    status=$({ {
        if "$venv/bin/python" -m pip --no-input --disable-pip-version-check "$@" 2>&1; then
            echo 0 >&3
        else
            echo 1 >&3
        fi
    } | show; } 3>&1)
    return "$status"
}

pip_failed() {
    say "The last words of the package installer, in full in $log:"
    grep -E '^ *(ERROR|error)' "$log" | tail -n 2 | sed -e 's#[a-z+]*://[^ ,)]*#(address)#g' \
        -e "s/host='[^']*'/host/g" >&2 || true
    if grep -q -E 'connection broken|Could not fetch URL' "$log"; then
        stop "$1 could not be installed, because the package index cannot be reached from here: mend the network," \
            "the proxy or the certificates and start again; what is done is not done twice."
    fi
    stop "$1 could not be installed; see the lines above, mend it and start again: what is done is not done twice."
}

install_torch() { # on Linux the plain package brings 3 GB of CUDA, so the CPU build goes in first
    [ "$(uname -s)" = Linux ] || return 0
    version=$(sed -n 's/^torch==\([0-9.]*\).*/\1/p' "$pins")
    say "PyTorch $version, CPU build (about 200 MB)"
    pip install --no-deps "torch==$version+cpu" && return 0
    # where the person's own settings constrain torch, pip calls a build that is not there a conflict
    grep -q -E 'No matching distribution found for torch|ResolutionImpossible' "$log" || pip_failed PyTorch
    say "  from PyTorch's own index"
    pip install --no-deps --index-url "$torch_cpu_index" "torch==$version+cpu" || pip_failed PyTorch
}

install_everything() {
    started=$(date +%s)
    rm -f "$stamp"
    : >"$log"
    check_space
    if ! "$venv/bin/python" -c "import sys, pip; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1; then
        say "Making the Python environment in $venv ($("$python" -V))"
        "$python" -m venv --clear "$venv" >>"$log" 2>&1 ||
            stop "the Python environment could not be made; $log says why."
    fi
    install_torch
    say "CaseKit's other packages (about 560 MB)"
    cd "$root"
    pip install --only-binary :all: -c "$pins" hatchling editables || pip_failed "A build tool"
    pip install --only-binary :all: --no-build-isolation -c "$pins" -e '.[formats,ocr,test]' || pip_failed CaseKit
    key >"$stamp.new"
    mv "$stamp.new" "$stamp"
    say "Ready after $(($(date +%s) - started)) s."
}

# --- the work --------------------------------------------------------------------------------------------------------
if [ -z "${LC_ALL-}${LC_CTYPE-}${LANG-}" ]; then
    LC_ALL=C.UTF-8
    export LC_ALL
fi
PYTHONUTF8=1
PIP_DEFAULT_TIMEOUT=${PIP_DEFAULT_TIMEOUT:-120}
export PYTHONUTF8 PIP_DEFAULT_TIMEOUT
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV 2>/dev/null || true

if ready; then
    [ -w "$log" ] || log=/dev/null
    complete_system
    exit 0
fi

check_places
say "Setting CaseKit up: this happens once and takes a few minutes."
choose_python
exec 9>>"$venv.lock" # let go by the system when the last process that holds it ends, however it ends
"$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null || {
    say "Another call is setting CaseKit up; waiting for it."
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
}
complete_system
if ! ready; then
    install_everything
fi
