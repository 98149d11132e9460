#ifndef PAWL_TESTS_BUNDLED_EXTENSION_H_
#define PAWL_TESTS_BUNDLED_EXTENSION_H_

#ifdef __cplusplus
extern "C" {
#endif

/* 1 when the library inside the extension module makes an identity, and refuses what is none. */
int extension_has_pawl(void);

#ifdef __cplusplus
}
#endif

#endif /* PAWL_TESTS_BUNDLED_EXTENSION_H_ */
