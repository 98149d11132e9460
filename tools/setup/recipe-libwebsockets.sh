# Needs: openssl
# The client role of libwebsockets: HTTP/1.1 upgrade, WebSocket, TLS. The system's libcap is never linked, nor its
# event libraries.
build_libwebsockets() (
  set -e
  cd "$1"
  unset CFLAGS CPPFLAGS LDFLAGS
  openssl=$(built_prefix openssl)
  off() { printf -- '-D%s=OFF ' "$@"; }
  on() { printf -- '-D%s=ON ' "$@"; }
  cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE="-Os -DNDEBUG" \
    -DCMAKE_C_FLAGS="$hidden_flags" -DLWS_HAVE_LIBCAP=0 \
    -DLWS_OPENSSL_INCLUDE_DIRS="$openssl/include" \
    -DLWS_OPENSSL_LIBRARIES="$openssl/lib/libssl.a;$openssl/lib/libcrypto.a" \
    $(on LWS_STATIC_PIC LWS_IPV6 LWS_WITHOUT_SERVER LWS_WITHOUT_TESTAPPS LWS_WITHOUT_EXTENSIONS \
      LWS_WITH_NO_LOGS DISABLE_WERROR) \
    $(off LWS_WITH_SHARED LWS_WITH_HTTP2 LWS_ROLE_RAW_FILE LWS_UNIX_SOCK LWS_WITH_EVLIB_PLUGINS LWS_WITH_TLS_SESSIONS \
      LWS_SSL_CLIENT_USE_OS_CA_CERTS LWS_WITH_HTTP_BASIC_AUTH LWS_WITH_HTTP_UNCOMMON_HEADERS LWS_WITH_SYS_SMD \
      LWS_WITH_LEJP LWS_WITH_LEJP_CONF LWS_WITH_DIR LWS_WITH_LWSAC LWS_WITH_UDP LWS_WITH_CONMON LWS_WITH_FILE_OPS \
      LWS_CLIENT_HTTP_PROXYING LWS_LOG_TAG_LIFECYCLE)
  cmake --build build -j "$(cores)"
  mkdir -p "$2/lib" "$2/include"
  cp build/lib/libwebsockets.a "$2/lib/"
  cp -R build/include/. "$2/include/"
  cp LICENSE "$2/LICENSE"
)
