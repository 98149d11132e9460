# libcrypto and libssl for the bundled library: a TLS 1.3 client that reads certificates, and what SQLCipher and
# AES-GCM call. Every `no-` below is something that neither of them can reach.
#
# Nothing outside the process decides what it does: no configuration file, engine, provider or module is loaded. The
# system's roots are read where distributions keep them (/etc/ssl).
openssl_options() {
  echo no-shared no-module no-dso no-engine no-dynamic-engine no-static-engine no-legacy no-autoload-config no-atexit
  echo no-apps no-docs no-tests no-makedepend no-err no-autoerrinit no-ui-console no-trace no-ssl-trace no-sslkeylog
  echo no-tls1_2 no-tls1_1 no-tls1 no-ssl3 no-dtls no-quic no-srp no-psk no-srtp no-nextprotoneg no-ct no-ktls no-tfo
  echo no-comp no-cms no-cmp no-ts no-http no-rfc3779 no-thread-pool no-default-thread-pool no-async no-multiblock
  echo no-weak-ssl-ciphers no-integrity-only-ciphers no-aria no-bf no-blake2 no-camellia no-cast no-des no-dh no-dsa
  echo no-ec2m no-gost no-idea no-md4 no-mdc2 no-ml-dsa no-ocb no-rc2 no-rc4 no-rmd160 no-scrypt no-argon2 no-seed
  echo no-siphash no-siv no-slh-dsa no-sm2 no-sm3 no-sm4 no-whirlpool
}

build_openssl() (
  set -e
  cd "$1"
  unset CFLAGS CPPFLAGS LDFLAGS
  # 740 KB of AES-GCM and AES-XTS for AVX-512. AES-NI with AVX, which is left, still encrypts gigabytes in a second.
  vaes="crypto/modes/asm/aes-gcm-avx512.pl crypto/aes/asm/aesni-xts-avx512.pl"
  sed -i 's/\$avx512vaes = (.*/$avx512vaes = 0;/' $vaes
  ! grep -F 'avx512vaes = (' $vaes || return 1
  ./Configure --release --prefix=/usr --libdir=lib --openssldir=/etc/ssl $(openssl_options) \
    -Os $hidden_flags $frameless_flags
  make -j "$(cores)" build_generated
  make -j "$(cores)" libcrypto.a libssl.a
  mkdir -p "$2/lib"
  cp libcrypto.a libssl.a "$2/lib/"
  cp -R include "$2/"
  find "$2/include" ! -name '*.h' -type f -delete
  cp LICENSE.txt "$2/LICENSE"
)
