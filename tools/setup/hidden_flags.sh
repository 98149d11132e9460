# How third-party code of the bundled library is compiled: it moves with the library, none of its names leaves it, and
# what nobody calls can be left out.
hidden_flags="-fPIC -fvisibility=hidden -ffunction-sections -fdata-sections -fstack-protector-strong"
