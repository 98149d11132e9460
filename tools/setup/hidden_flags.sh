# How third-party code of the bundled library is compiled: it moves with the library, none of its names leaves it, and
# what nobody calls can be left out.
#
# frameless_flags: without the tables by which the stack is unwound through it, half a megabyte of OpenSSL and SQLite.
# No exception of ours may cross such code; a debugger reads its debug information instead.
hidden_flags="-fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -fstack-protector-strong"
frameless_flags="-fno-asynchronous-unwind-tables -g1"
