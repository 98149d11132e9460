#ifndef PAWL_EXPORT_H_
#define PAWL_EXPORT_H_

/* How the declarations of Pawl are marked. The annotations are empty for a compiler; the generator
 * of the bindings reads them (-DPAWL_GENERATOR). Conventions that hold for every function:
 *
 * Inputs. Bytes are `const uint8_t *x, size_t x_len`; strings are UTF-8 and NUL-terminated. Both
 * are borrowed for the call. Null is an error unless marked PAWL_NULLABLE (or x_len is 0).
 *
 * Outputs come last and are named out_*. On failure they are set to 0 or null; a byte buffer is not
 * touched then. An `out, out_cap, out_len` triple writes at most out_cap bytes. When that is too
 * small the result is PAWL_E_BUFFER_TOO_SMALL, *out_len is the size needed, and nothing else has
 * changed: the same call may be made again. `out` may be null when out_cap is 0. Text in such a
 * triple ends with a NUL, which is counted.
 *
 * Ownership. PAWL_OWNED outputs are released by the caller with pawl_<noun>_release; releasing null
 * is fine. A returned `const` pointer lives as long as the object it was read from, as does what it
 * points to; what is absent there is null. Objects keep alive what they need, so the order of
 * releases is free. A null, wrong or released handle is PAWL_E_BAD_HANDLE, not a crash.
 *
 * Ending. `close` is safe from any thread, at any time before release, any number of times: it ends
 * the object's work and wakes who waits. `release` gives the handle back and must be the last call.
 *
 * Threads. Any function may be called from any thread. Only those marked PAWL_BLOCKING wait for the
 * network, for another thread or for writes to the disk; the others return in bounded time, but for
 * what reads the store (contacts, conversations, history, safety numbers): that waits while
 * pawl_client_change_key or pawl_client_reencrypt runs. Those marked PAWL_ASYNC return at once:
 * what became of the request arrives as PAWL_EVENT_COMPLETED with its request id. After fork() the
 * child may use no object made before it: PAWL_E_FORKED.
 *
 * Structs begin with struct_size = sizeof of the caller's version and only ever grow; zero is the
 * default of every field. Bytes beyond what this library knows must be zero. */

#if defined(PAWL_STATIC)
#define PAWL_API
#elif defined(_WIN32) && defined(PAWL_BUILDING)
#define PAWL_API __declspec(dllexport)
#elif defined(_WIN32)
#define PAWL_API __declspec(dllimport)
#else
#define PAWL_API __attribute__((visibility("default")))
#endif

#if defined(__cplusplus)
#define PAWL_NOEXCEPT noexcept
#define PAWL_BEGIN_DECLS extern "C" {
#define PAWL_END_DECLS }
#else
#define PAWL_NOEXCEPT
#define PAWL_BEGIN_DECLS
#define PAWL_END_DECLS
#endif

#if defined(PAWL_GENERATOR)
#define PAWL_ANNOTATE(text) __attribute__((annotate("pawl:" text)))
#else
#define PAWL_ANNOTATE(text)
#endif

/* clang-format off */
#define PAWL_OWNED           PAWL_ANNOTATE("owned")             /* the caller releases it */
#define PAWL_NULLABLE        PAWL_ANNOTATE("nullable")          /* may be null */
#define PAWL_BLOCKING        PAWL_ANNOTATE("blocking")          /* may wait */
#define PAWL_WAIT            PAWL_ANNOTATE("wait")              /* ms; may be waited piece by piece */
#define PAWL_FAST            PAWL_ANNOTATE("fast")              /* well below a microsecond */
#define PAWL_ASYNC           PAWL_ANNOTATE("async")             /* completes by an event */
#define PAWL_ASYNC_DATA      PAWL_ANNOTATE("async:data")        /* and the completion has data */
#define PAWL_CLOSE           PAWL_ANNOTATE("close")             /* ends an object's work */
#define PAWL_DTOR            PAWL_ANNOTATE("dtor")              /* frees an object */
#define PAWL_OUT_BYTES(size) PAWL_ANNOTATE("out_bytes:" size)   /* upper bound of what is written */
#define PAWL_IN_BYTES(size)  PAWL_ANNOTATE("in_bytes:" size)    /* the only accepted length */
#define PAWL_EXC(names)      PAWL_ANNOTATE("exc:" names)        /* Python and Java exception */
#define PAWL_OPTIONS         PAWL_ANNOTATE("options")           /* struct the caller fills in */
#define PAWL_RESULT          PAWL_ANNOTATE("result")            /* struct the library fills in */
#define PAWL_VIEW            PAWL_ANNOTATE("view")              /* struct inside an opaque parent */
#define PAWL_VALUE           PAWL_ANNOTATE("value")             /* frozen struct, never grows */
#define PAWL_BOOL            PAWL_ANNOTATE("bool")              /* 0 or 1 */
#define PAWL_ENUM(name)      PAWL_ANNOTATE("enum_of:" name)     /* a value, or flags, of that enum */
#define PAWL_SINCE(release)  PAWL_ANNOTATE("since:" release)
/* clang-format on */

#endif /* PAWL_EXPORT_H_ */
