"""Calls and words that have no place. Most of them are mistakes that compile, pass the tests and hurt later."""

import re
from typing import NamedTuple

from lintlib import Violation, code_only, run

# Where a thread, a socket or a lock may exist; everything else takes time and bytes as arguments.
THREADED = ("src/client/runner/", "src/transport/ws/", "src/relay/ws/", "src/relay/engine/sqlite/", "src/relay/main.cc",
            "src/capi/")


class Ban(NamedTuple):
    rule: str
    why: str
    pattern: str
    allowed: tuple = ()
    everywhere: bool = False  # tests, examples and bench as well as src/


BANS = [
    Ban("banned-abort", "input never ends the process: return Fail(...)",
        r"\b(?:std::)?(?:abort|_?exit|quick_exit|terminate|assert|raise|__builtin_trap|__builtin_unreachable)\s*\(|"
        r"\b(?:D?CHECK(?:_[A-Z]+)?|ABSL_(?:RAW_)?CHECK\w*|ABSL_ASSERT|ABSL_HARDENING_ASSERT|LOG\(FATAL\))\b",
        ("src/relay/main.cc",)),
    Ban("banned-throw", "errors are values; only the C ABI's guard and the runner's thread catch",
        r"\bthrow\b(?!\s*\()|\bthrow\s*\(|\bstd::sto(?:i|l|ll|ul|ull|f|d)\s*\(|\.at\s*\((?!\s*\))"),
    Ban("banned-catch", "exceptions of the standard library end at the C ABI and at the top of a thread",
        r"\bcatch\s*\(", ("src/capi/", "src/client/runner/", "src/relay/main.cc", "src/relay/ws/")),
    Ban("banned-compare", "secrets are compared in constant time; other bytes with == of their types",
        r"\b(?:std::)?(?:memcmp|bcmp|strcmp|strncmp)\s*\("),
    Ban("banned-random", "randomness is an Rng& argument; the kernel is asked in crypto/ alone",
        r"\b(?:s?rand|random|drand48|arc4random\w*|getrandom|getentropy|randombytes\w*)\s*\(|"
        r"\b(?:std::)?(?:random_device|mt19937(?:_64)?|default_random_engine)\b",
        ("src/crypto/",)),
    Ban("banned-sodium", "libsodium's only user is crypto/",
        r"\b(?:sodium|crypto)_[a-z0-9_]+\s*\(", ("src/crypto/",)),
    Ban("banned-clock", "time is a Timestamp argument",
        r"\b(?:system_clock|steady_clock|high_resolution_clock)\b|\babsl::(?:Now|GetCurrentTimeNanos)\s*\(|"
        r"\b(?:clock_gettime|gettimeofday|clock|timespec_get)\s*\(|\btime\s*\(\s*(?:nullptr|NULL|0|&)",
        ("src/base/system_clock.cc", "src/base/system_clock.h")),
    Ban("banned-thread", "below the runner, the ws adapters and the handles nothing knows of threads",
        r"\bstd::(?:jthread|thread|async|mutex|recursive_mutex|shared_mutex|timed_mutex|condition_variable\w*|lock_guard|"
        r"unique_lock|scoped_lock|once_flag|call_once|promise|future)\b|\babsl::(?:Mutex\w*|CondVar|Notification)\b|"
        r"\bpthread_\w+\s*\(|\bthread_local\b",
        THREADED),
    Ban("banned-sleep", "waiting is a deadline that the owner of the thread is told",
        r"\b(?:u?sleep|nanosleep|clock_nanosleep|sleep_for|sleep_until)\s*\(|\babsl::SleepFor\b"),
    Ban("banned-socket", "sockets live in the ws adapters",
        r"<(?:sys/socket|netinet/\w+|arpa/inet|netdb|poll|sys/epoll|sys/select)\.h>", THREADED),
    Ban("banned-output", "a library does not print; logs go through base/log.h",
        r"\b(?:std::)?(?:printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror)\s*\(|"
        r"\bstd::(?:cout|cerr|clog)\b|<iostream>",
        ("src/relay/main.cc",)),
    Ban("banned-environment", "configuration is an argument",
        r"\b(?:secure_)?getenv\s*\(|\bsetenv\s*\(", ("src/relay/main.cc",)),
    Ban("banned-unbounded", "no bound on what it writes",
        r"\b(?:std::)?(?:strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|scanf)\s*\(",
        everywhere=True),
    Ban("banned-silent", "a number that could not be read must be seen: absl::SimpleAtoi and its likes",
        r"\b(?:std::)?(?:atoi|atol|atoll|atof|sscanf)\s*\("),
    Ban("banned-process", "a library starts no processes", r"\b(?:system|popen|fork|vfork|exec[lv][pe]*|posix_spawnp?)\s*\("),
    Ban("banned-cast", "casts between unrelated types belong to the layers that face bytes and C",
        r"\breinterpret_cast\b",
        ("src/base/", "src/codec/", "src/crypto/", "src/db/", "src/wire/", "src/transport/ws/", "src/relay/ws/",
         "src/capi/")),
    Ban("banned-const-cast", "const means it", r"\bconst_cast\b"),
    Ban("banned-using-namespace", "say whose name it is", r"\busing\s+namespace\b(?!\s+std::(?:chrono_)?literals)",
        ("src/capi/",)),  # C functions stand outside any namespace
    Ban("banned-detach", "every thread is joined by its owner", r"\.detach\s*\(", everywhere=True),
]

# Words in any file of ours, comments and documents included. Written in pieces, since this file is read as well.
UNFINISHED = "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK", "T" + "BD", "W" + "IP"])
DISTRIBUTORS = "|".join(["debian", "ubuntu", "pypi", "pythonhosted", "npmjs", "yarnpkg", "maven", "sonatype", "crates",
                         "docker", "conda", "anaconda", "rubygems", "gradle", "conan", "jfrog", "launchpad", "quay"])
WORDS = [
    ("word-unfinished", re.compile(rf"\b(?:{UNFINISHED})\b|\bnot (?:yet )?implemented\b|\bunimplemented\b|\blorem\b")),
    ("word-machine-path", re.compile(r"(?<![\w.])/(?:ro" + r"ot|wo" + r"rk|home/\w{2,}|tmp/pa" + r"wl\b|tmp/b)(?:/|\b(?!-))")),
    ("word-host", re.compile(rf"\b(?:[\w-]+\.)*(?:{DISTRIBUTORS})\.(?:org|com|io|net|dev|central)\b", re.IGNORECASE)),
]
URL = re.compile(r"\b(?:https?|wss?|ftp)://((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b")
URL_HOSTS = re.compile(
    r"(?:[\w-]+\.)*example(?:\.(?:org|com|net))?|(?:[\w-]+\.)*(?:test|invalid)|"
    r"www\.apache\.org|www\.rfc-editor\.org|datatracker\.ietf\.org|signal\.org|csrc\.nist\.gov|json-schema\.org|"
    r"schemas\.android\.com")
CODE = ("*.h", "*.hpp", "*.cc", "*.c")
TEXTS = CODE + ("*.md", "*.txt", "*.cmake", "*.in", "*.json", "*.sh", "*.py", "*.fbs", "*.map", "*.toml", "dev", "run",
                "*.yml", "*.java", "*.kt", "*.pyi")

RULES = {ban.rule: ban.why for ban in BANS} | {
    "word-unfinished": "finish it or leave it out",
    "word-machine-path": "no path of somebody's machine",
    "word-host": "no mirror's or registry's host name",
    "word-url": "URLs name specifications or example hosts only",
}


def check_code(tree):
    compiled = [(ban, re.compile(ban.pattern)) for ban in BANS]
    for folder in ("src", "include", "tests", "examples", "bench", "bindings"):
        for path in tree.files(*CODE, below=folder):
            code = code_only(tree.text(path))
            for ban, pattern in compiled:
                if (folder != "src" and not ban.everywhere) or path.startswith(ban.allowed or ("\0",)):
                    continue
                for match in pattern.finditer(code):
                    line = code.count("\n", 0, match.start()) + 1
                    yield Violation(ban.rule, path, line, match.group(0).strip())


def check_words(tree):
    for path in tree.files(*TEXTS):
        if "/corpus/" in path or "/fixtures/" in path:
            continue
        for number, line in enumerate(tree.lines(path), 1):
            for rule, pattern in WORDS:
                match = pattern.search(line)
                if match:
                    yield Violation(rule, path, number, match.group(0))
            for host in URL.findall(line):
                if not URL_HOSTS.fullmatch(host.lower()):
                    yield Violation("word-url", path, number, host)


def check(tree):
    yield from check_code(tree)
    yield from check_words(tree)


CLEAN = {
    "src/base/status.cc": "// abort() in a comment, and\nconst char* s = \"printf(\";\nvoid timed(int runtime);\n",
    "src/relay/main.cc": "int main() { std::printf(\"x\"); std::exit(1); }\n",
    "src/client/runner/thread.cc": "std::thread t; void f() noexcept {}\n",
    "src/base/system_clock.cc": "auto n = std::chrono::system_clock::now();\n",
    "tests/unit/base/status_test.cc": "int main() { std::printf(\"x\"); }\n",
    "README.md": "see wss://relay.example.org/v1 and https://www.rfc-editor.org/rfc/rfc9420\n",
}


def in_src(code):
    return {"src/store/x.cc": code + "\n"}


PLANTED = [
    ("banned-abort", in_src("void f() { abort(); }")),
    ("banned-abort", in_src("void f(int x) { CHECK_EQ(x, 1); }")),
    ("banned-abort", in_src("void f(int x) { assert(x); }")),
    ("banned-throw", in_src("void f() { throw 1; }")),
    ("banned-throw", in_src("int f(V& v) { return v.at(1); }")),
    ("banned-catch", in_src("void f() { try { g(); } catch (...) {} }")),
    ("banned-compare", in_src("bool f() { return memcmp(a, b, 32) == 0; }")),
    ("banned-random", in_src("int f() { return rand(); }")),
    ("banned-random", in_src("std::random_device device;")),
    ("banned-sodium", in_src("void f() { sodium_memzero(p, 1); }")),
    ("banned-clock", in_src("auto n = std::chrono::steady_clock::now();")),
    ("banned-clock", in_src("auto n = time(nullptr);")),
    ("banned-thread", in_src("std::mutex m;")),
    ("banned-sleep", in_src("void f() { std::this_thread::sleep_for(x); }")),
    ("banned-socket", in_src("#include <sys/socket.h>")),
    ("banned-output", in_src("void f() { std::cout << 1; }")),
    ("banned-environment", in_src("auto p = getenv(name);")),
    ("banned-unbounded", in_src("void f() { strcpy(a, b); }")),
    ("banned-unbounded", {"tests/unit/base/status_test.cc": "void f() { sprintf(s, t); }\n"}),
    ("banned-silent", in_src("int f() { return atoi(s); }")),
    ("banned-process", in_src("void f() { system(s); }")),
    ("banned-cast", in_src("auto p = reinterpret_cast<char*>(q);")),
    ("banned-const-cast", in_src("auto p = const_cast<char*>(q);")),
    ("banned-using-namespace", in_src("using namespace std;")),
    ("banned-detach", {"examples/chat.cc": "void f(std::thread& t) { t.detach(); }\n"}),
    ("word-unfinished", {"README.md": "TO" + "DO: more\n"}),
    ("word-machine-path", {"README.md": "cd /wo" + "rk/main\n"}),
    ("word-host", {"tools/get.sh": "fetch deb." + "debian" + ".org\n"}),
    ("word-url", {"README.md": "https:" + "//downloads.somewhere.org/x\n"}),
]

if __name__ == "__main__":
    run(globals(), CLEAN, PLANTED)
