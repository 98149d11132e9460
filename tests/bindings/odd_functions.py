"""Functions that the generator must refuse: (what is odd, the declaration, what the refusal must say)."""

END = 'PAWL_NOEXCEPT PAWL_SINCE("0.1");'


# An object that is a page, and one that is bytes.
PAGE = f"""typedef struct PAWL_VIEW pawl_seen {{
  uint32_t struct_size;
  uint32_t n;
}} pawl_seen;
typedef struct pawl_seen_ones pawl_seen_ones;
PAWL_API size_t pawl_seen_ones_count(const pawl_seen_ones* ones) {END}
PAWL_API const pawl_seen* pawl_seen_ones_at(const pawl_seen_ones* ones, size_t index) {END}
PAWL_API void pawl_seen_ones_release(pawl_seen_ones* ones) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");"""
BLOB = f"""typedef struct pawl_blob pawl_blob;
PAWL_API const uint8_t* pawl_blob_data(const pawl_blob* blob) {END}
PAWL_API size_t pawl_blob_size(const pawl_blob* blob) {END}
PAWL_API void pawl_blob_release(pawl_blob* blob) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");"""


def taking(parameters: str, returns: str = "pawl_status", end: str = END) -> str:
    return f"PAWL_API {returns} pawl_thing_odd({parameters}) {end}"


def param(text: str) -> str:
    """A method with one odd parameter after the object."""
    return taking(f"pawl_thing* thing, {text}")


PARAMETERS = [
    *((f"a parameter that the glue calls {it}", param(f"int32_t {it}"), f"'{it}' would hide")
      for it in ("env", "type", "call", "written", "reply", "bound", "wiped")),
    ("a bool", param("_Bool x"), "x of pawl_thing_odd"),
    ("a long", param("long x"), "x of pawl_thing_odd"),
    ("an unsigned long", param("unsigned long x"), "x of pawl_thing_odd"),
    ("a plain int", param("int x"), "x of pawl_thing_odd"),
    ("a plain unsigned", param("unsigned x"), "x of pawl_thing_odd"),
    ("a char", param("char x"), "x of pawl_thing_odd"),
    ("a byte", param("uint8_t x"), "x of pawl_thing_odd"),
    ("a 16-bit integer", param("uint16_t x"), "x of pawl_thing_odd"),
    ("a float", param("float x"), "x of pawl_thing_odd"),
    ("a long double", param("long double x"), "x of pawl_thing_odd"),
    ("an intptr_t", param("intptr_t x"), "x of pawl_thing_odd"),
    ("a ptrdiff_t", param("ptrdiff_t x"), "x of pawl_thing_odd"),
    ("a const number", param("const volatile uint32_t x"), "x of pawl_thing_odd"),
    ("an enum by its type", param("enum pawl_colour x"), "x of pawl_thing_odd"),
    ("a void pointer", param("void* x"), "x of pawl_thing_odd"),
    ("a const void pointer", param("const void* x"), "x of pawl_thing_odd"),
    ("a void pointer with a length", param("const void* x, size_t x_len"), "x of pawl_thing_odd"),
    ("a FILE of the C library", "#include <stdio.h>\n" + param("FILE* x"), "x of pawl_thing_odd"),
    ("a time_t of the C library", "#include <time.h>\n" + param("time_t x"), "x of pawl_thing_odd"),
    ("a struct by value", param("pawl_id x"), "x of pawl_thing_odd"),
    ("a value struct that is not const", param("pawl_id* x"), "x of pawl_thing_odd"),
    ("a pointer to a pointer as an input", param("const char** x"), "x of pawl_thing_odd"),
    ("a pointer to a handle's pointer", param("pawl_thing** x"), "x of pawl_thing_odd"),
    ("a list of texts", param("const char* const* x, size_t x_len"), "x of pawl_thing_odd"),
    ("a list of numbers", param("const uint32_t* x, size_t x_len"), "x of pawl_thing_odd"),
    ("a list of values", param("const pawl_id* const* x, size_t x_len"), "x of pawl_thing_odd"),
    ("text that is not const", param("char* x"), "x of pawl_thing_odd"),
    ("signed characters", param("const signed char* x"), "x of pawl_thing_odd"),
    ("wide text", param("const wchar_t* x"), "x of pawl_thing_odd"),
    ("restrict", param("const char* restrict x"), "x of pawl_thing_odd"),
    ("volatile bytes", param("const volatile uint8_t* x, size_t x_len"), "x of pawl_thing_odd"),
    ("bytes without a length", param("const uint8_t* x"), "x of pawl_thing_odd"),
    ("bytes whose length has another name", param("const uint8_t* x, size_t length"), "x of pawl_thing_odd"),
    ("bytes whose length is 32 bits wide", param("const uint8_t* x, uint32_t x_len"), "x of pawl_thing_odd"),
    ("bytes whose length comes first", param("size_t x_len, const uint8_t* x"), "x of pawl_thing_odd"),
    ("bytes whose length comes later", param("const uint8_t* x, int32_t y, size_t x_len"), "x of pawl_thing_odd"),
    ("bytes that are not const", param("uint8_t* x, size_t x_len"), "x of pawl_thing_odd"),
    ("an array of bytes", param("const uint8_t x[32], size_t x_len"), "pawl_thing_odd"),
    ("an array of a static size", param("const uint8_t x[static 32], size_t x_len"), "pawl_thing_odd"),
    ("an array of numbers", param("const int32_t x[4]"), "pawl_thing_odd"),
    ("a function pointer", param("void (*x)(void*)"), "pawl_thing_odd is not written"),
    ("a function", param("void x(void)"), "pawl_thing_odd is not written"),
    ("a callback of a typedef", "typedef void (*pawl_fn)(void* user);\n" + param("pawl_fn x, void* x_user"), "x of pawl_thing_odd"),
    ("a variable argument list", "#include <stdarg.h>\n" + param("va_list x"), "x of pawl_thing_odd"),
    ("variadic", taking("pawl_thing* thing, ..."), "pawl_thing_odd has no prototype, or a variable number"),
    ("no prototype", taking(""), "pawl_thing_odd"),
    ("a parameter without a name", taking("pawl_thing* thing, int32_t"), "a parameter of pawl_thing_odd has no name"),
    ("an object without a name", taking("pawl_thing*"), "a parameter of pawl_thing_odd has no name"),
    ("a struct declared in the list", param("const struct pawl_new* x"), "pawl_thing_odd"),
    ("a time that is a text", param("const char* x PAWL_WAIT"), "wait means nothing at const char* x of pawl_thing_odd"),
    ("a time of 64 bits", param("int64_t x PAWL_WAIT"), "wait means nothing at int64_t x of pawl_thing_odd"),
    ("a time of what does not wait", param("int32_t x PAWL_WAIT"), "pawl_thing_odd: PAWL_WAIT marks the one time"),
    ("a nullable number", param("int32_t x PAWL_NULLABLE"), "nullable means nothing at int32_t x of pawl_thing_odd"),
    ("a nullable length", param("const uint8_t* x, size_t x_len PAWL_NULLABLE"), "nullable means nothing at size_t x_len"),
    ("a nullable object", taking("pawl_thing* thing PAWL_NULLABLE"), "nullable means nothing at pawl_thing* thing"),
    ("an owned input", param("const char* x PAWL_OWNED"), "owned means nothing at const char* x of pawl_thing_odd"),
    ("an owned number", param("int32_t* out_x PAWL_OWNED"), "owned means nothing at int32_t* out_x of pawl_thing_odd"),
    ("a bool that is a text", param("const char* x PAWL_BOOL"), "bool means nothing at const char* x of pawl_thing_odd"),
    ("a bool of 64 bits", param("int64_t x PAWL_BOOL"), "bool means nothing at int64_t x of pawl_thing_odd"),
    ("a bool without a sign", param("uint32_t x PAWL_BOOL"), "x: PAWL_BOOL marks an int32_t"),
    ("an enum without a sign", param('uint32_t x PAWL_ENUM("pawl_colour")'), "x: PAWL_BOOL marks an int32_t"),
    ("flags with a sign", param('int32_t x PAWL_ENUM("pawl_mood")'), "x: PAWL_BOOL marks an int32_t"),
    ("an enum that is not there", param('int32_t x PAWL_ENUM("pawl_gone")'), "x: PAWL_BOOL marks an int32_t"),
    ("bool and enum at once", param('int32_t x PAWL_BOOL PAWL_ENUM("pawl_colour")'), "x: PAWL_BOOL marks an int32_t"),
    ("an output's enum that is not there", param('int32_t* out_x PAWL_ENUM("pawl_gone")'), "out_x: PAWL_BOOL marks"),
    ("an exact size of a text", param('const char* x PAWL_IN_BYTES("PAWL_KEY_SIZE")'), "in_bytes means nothing at const char* x"),
    ("an exact size in digits", param('const uint8_t* x PAWL_IN_BYTES("32"), size_t x_len'), "x of pawl_thing_odd"),
    ("an exact size that is not there", param('const uint8_t* x PAWL_IN_BYTES("PAWL_GONE"), size_t x_len'), "x of pawl_thing_odd"),
    ("a field's mark", param('int32_t x PAWL_SINCE("0.1")'), "'since:0.1' means nothing here"),
    ("an annotation of nobody", param('int32_t x PAWL_ANNOTATE("strange")'), "'strange' means nothing here"),
    ("an annotation of another project", param('int32_t x __attribute__((annotate("other:owned")))'), "pawl_thing_odd is not written"),
    ("an annotation twice", param("const char* x PAWL_NULLABLE PAWL_NULLABLE"), "'nullable' stands there twice"),
    ("a name of Python", param("int32_t lambda"), "'lambda' is taken"),
    ("a name of Java", param("int32_t synchronized"), "'synchronized' is taken"),
    ("a name of C++", param("int32_t template"), "'template' is taken"),
    ("a name of Python's objects", param("int32_t self"), "'self' is taken"),
    ("a name with a capital", param("int32_t maxCount"), "'maxCount' is taken in one of the languages, or not spelled in_words"),
    ("a name in capitals", param("int32_t COUNT"), "COUNT of pawl_thing_odd is not spelled in_words"),
    ("a name that begins with an underscore", param("int32_t _x"), "'_x' is taken"),
    ("a name with two underscores", param("int32_t x__y"), "'x__y' is taken"),
    ("a name that is not ASCII", param("int32_t größe"), "'größe' is taken"),
    ("a name that the glue of Java has", param("int32_t env"), "'env' would hide"),
    ("a name of Java's reply", param("int32_t reply"), "'reply' would hide"),
    ("a name of the glue's room", param("int32_t bound"), "'bound' would hide"),
    ("the name of a type", param("int32_t pawl_id"), "'pawl_id' would hide"),
    ("the name of a function", param("int32_t pawl_thing_release"), "'pawl_thing_release' would hide"),
    ("two names that are one in Java", param("int32_t ab_1, int32_t ab1"), "ab_1 and ab1 of pawl_thing_odd"),
]

OUTPUTS = [
    ("an input after an output", param("int32_t* out_x, int32_t y"), "an input of pawl_thing_odd stands after an output"),
    ("an output that does not say so", param("int32_t* x"), "x of pawl_thing_odd"),
    ("an output of a byte", param("uint8_t* out_x"), "out_x of pawl_thing_odd"),
    ("an output of a float", param("float* out_x"), "out_x of pawl_thing_odd"),
    ("an output of a plain int", param("int* out_x"), "out_x of pawl_thing_odd"),
    ("an output of a C enum", param("enum pawl_colour* out_x"), "out_x of pawl_thing_odd"),
    ("an output of a text", param("const char** out_x"), "out_x of pawl_thing_odd"),
    ("an output of memory", param("void** out_x"), "out_x of pawl_thing_odd"),
    ("an output that is const", param("const int32_t* out_x"), "out_x of pawl_thing_odd"),
    ("an output that is no pointer", param("int32_t out_x"), "out_x of pawl_thing_odd"),
    ("an object that nobody owns", param("pawl_thing** out_x"), "out_x of pawl_thing_odd"),
    ("a const object", param("const pawl_thing** out_x PAWL_OWNED"), "out_x of pawl_thing_odd"),
    ("an object, one star too many", param("pawl_thing*** out_x PAWL_OWNED"), "out_x of pawl_thing_odd"),
    ("two objects", param("pawl_thing** out_x PAWL_OWNED, pawl_thing** out_y PAWL_OWNED"), "pawl_thing_odd gives two objects"),
    ("a buffer without its capacity", param('uint8_t* out PAWL_OUT_BYTES("PAWL_KEY_SIZE")'), "out of pawl_thing_odd"),
    ("a buffer without its length", param('uint8_t* out PAWL_OUT_BYTES("PAWL_KEY_SIZE"), size_t out_cap'),
     "out of pawl_thing_odd lacks out_cap and out_len"),
    ("a buffer without its bound", param("uint8_t* out, size_t out_cap, size_t* out_len"), "out of pawl_thing_odd"),
    ("a buffer of another name", param('uint8_t* out_x PAWL_OUT_BYTES("PAWL_KEY_SIZE"), size_t out_x_cap, size_t* out_x_len'),
     "out_x of pawl_thing_odd"),
    ("a capacity of 32 bits", param('uint8_t* out PAWL_OUT_BYTES("PAWL_KEY_SIZE"), uint32_t out_cap, size_t* out_len'),
     "out of pawl_thing_odd"),
    ("a length of 32 bits", param('uint8_t* out PAWL_OUT_BYTES("PAWL_KEY_SIZE"), size_t out_cap, uint32_t* out_len'),
     "out of pawl_thing_odd lacks"),
    ("a bound in digits", param('uint8_t* out PAWL_OUT_BYTES("64"), size_t out_cap, size_t* out_len'),
     "size of out of pawl_thing_odd names nothing"),
    ("a bound of an input that is not there", param('uint8_t* out PAWL_OUT_BYTES("x_len"), size_t out_cap, size_t* out_len'),
     "size of out of pawl_thing_odd names nothing"),
    ("a bound that is a formula",
     param('const uint8_t* x, size_t x_len, uint8_t* out PAWL_OUT_BYTES("2 * x_len"), size_t out_cap, size_t* out_len'),
     "size of out of pawl_thing_odd names nothing"),
    ("a bound by a call that is not there",
     param('uint8_t* out PAWL_OUT_BYTES("call:pawl_thing_gone()"), size_t out_cap, size_t* out_len'), "pawl_thing_gone"),
    ("a bound by a call of the wrong shape",
     param('uint8_t* out PAWL_OUT_BYTES("call:pawl_thing_release()"), size_t out_cap, size_t* out_len'), "pawl_thing_release"),
    ("a bound by a call with an unknown argument",
     param('uint8_t* out PAWL_OUT_BYTES("call:pawl_thing_odd(x_len)"), size_t out_cap, size_t* out_len'), "pawl_thing_odd"),
    ("a factory whose bound is told by the object that it makes",
     f"PAWL_API pawl_status pawl_thing_need(pawl_thing* thing, size_t* out_size) {END}\n"
     "typedef struct pawl_other pawl_other;\n"
     'PAWL_API void pawl_other_release(pawl_other* other) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");\n'
     'PAWL_API pawl_status pawl_thing_odd(pawl_other* other, uint8_t* out PAWL_OUT_BYTES("call:pawl_thing_need()"), '
     f"size_t out_cap, size_t* out_len, pawl_thing** out_thing PAWL_OWNED) {END}",
     "pawl_thing_need does not tell the size that pawl_thing_odd needs"),
    ("a nullable buffer", param('char* out PAWL_NULLABLE PAWL_OUT_BYTES("PAWL_KEY_SIZE"), size_t out_cap, size_t* out_len'),
     "nullable means nothing at char* out"),
    ("outputs of a function that cannot fail", taking("pawl_thing* thing, int32_t* out_x", "size_t"),
     "pawl_thing_odd has outputs but returns no pawl_status"),
    ("a request id without PAWL_ASYNC", param("uint64_t* out_request_id"), "pawl_thing_odd: PAWL_ASYNC and uint64_t* out_request_id"),
    ("PAWL_ASYNC without a request id", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_ASYNC PAWL_SINCE("0.1");'),
     "pawl_thing_odd: PAWL_ASYNC and uint64_t* out_request_id"),
    ("a view as an output", "typedef struct PAWL_VIEW pawl_seen {\n uint32_t struct_size;\n uint32_t n;\n} pawl_seen;\n"
     + param("pawl_seen* out_x"), "out_x of pawl_thing_odd"),
    ("options as an output", "typedef struct PAWL_OPTIONS pawl_wish {\n uint32_t struct_size;\n uint32_t n;\n} pawl_wish;\n"
     + param("pawl_wish* out_x"), "out_x of pawl_thing_odd"),
    ("a result as an input", "typedef struct PAWL_RESULT pawl_got {\n uint32_t struct_size;\n uint32_t n;\n} pawl_got;\n"
     + param("const pawl_got* x"), "x of pawl_thing_odd"),
]

RETURNS = [
    ("a bool is returned", taking("pawl_thing* thing", "_Bool"), "pawl_thing_odd returns _Bool"),
    ("a long is returned", taking("pawl_thing* thing", "long"), "pawl_thing_odd returns long"),
    ("a float is returned", taking("pawl_thing* thing", "float"), "pawl_thing_odd returns float"),
    ("an enum is returned", taking("pawl_thing* thing", "enum pawl_colour"), "pawl_thing_odd"),
    ("a struct is returned", taking("pawl_thing* thing", "pawl_id"), "pawl_thing_odd returns pawl_id"),
    ("a value is pointed to", taking("pawl_thing* thing", "const pawl_id*"), "pawl_thing_odd returns const pawl_id*"),
    ("an object is returned", taking("pawl_thing* thing", "pawl_thing*"), "pawl_thing_odd returns pawl_thing*"),
    ("text to be freed is returned", taking("pawl_thing* thing", "char*"), "pawl_thing_odd returns char*"),
    ("memory is returned", taking("pawl_thing* thing", "void*"), "pawl_thing_odd returns void*"),
    ("bytes of an object without a size", taking("pawl_thing* thing", "const uint8_t*"), "pawl_thing_odd returns memory"),
    ("nothing is returned", taking("pawl_thing* thing", "void"), "pawl_thing_odd returns nothing"),
    ("a number is a bool", taking("pawl_thing* thing", "size_t", 'PAWL_NOEXCEPT PAWL_BOOL PAWL_SINCE("0.1");'),
     "pawl_thing_odd returns size_t: PAWL_BOOL"),
    ("a question that is answered by a number", f"PAWL_API int32_t pawl_thing_is_odd(pawl_thing* thing) {END}",
     "pawl_thing_is_odd asks a question"),
    ("a view of what is no page", "typedef struct PAWL_VIEW pawl_seen {\n uint32_t struct_size;\n uint32_t n;\n} pawl_seen;\n"
     + taking("pawl_thing* thing", "const pawl_seen*"), "pawl_thing_odd returns memory"),
]

MARKS = [
    ("no PAWL_SINCE", "PAWL_API pawl_status pawl_thing_odd(pawl_thing* thing) PAWL_NOEXCEPT;", "pawl_thing_odd does not say PAWL_SINCE"),
    ("no PAWL_API", 'pawl_status pawl_thing_odd(pawl_thing* thing) PAWL_NOEXCEPT PAWL_SINCE("0.1");',
     "pawl_thing_odd is not marked PAWL_API"),
    ("no PAWL_NOEXCEPT", 'PAWL_API pawl_status pawl_thing_odd(pawl_thing* thing) PAWL_SINCE("0.1");',
     "pawl_thing_odd is not marked PAWL_API and PAWL_NOEXCEPT"),
    ("a release in words", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_SINCE("first");'), "pawl_thing_odd does not say"),
    ("a release with a patch", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_SINCE("0.1.0");'), "pawl_thing_odd does not say"),
    ("a release with a leading zero", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_SINCE("0.01");'), "pawl_thing_odd does not say"),
    ("a release to come", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_SINCE("0.4");'), "pawl_thing_odd is PAWL_SINCE 0.4"),
    ("two releases", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_SINCE("0.1") PAWL_SINCE("0.2");'), "'since' stands there twice"),
    ("fast and blocking", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_FAST PAWL_BLOCKING PAWL_SINCE("0.1");'),
     "pawl_thing_odd cannot be fast and wait"),
    ("async in two ways", taking("pawl_thing* thing, uint64_t* out_request_id",
                                 end='PAWL_NOEXCEPT PAWL_ASYNC_DATA PAWL_ASYNC PAWL_SINCE("0.1");'), "'async' stands there twice"),
    ("a parameter's mark", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_NULLABLE PAWL_SINCE("0.1");'), "'nullable' means nothing here"),
    ("a struct's mark", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_RESULT PAWL_SINCE("0.1");'), "'result' means nothing here"),
    ("a mark of nobody", taking("pawl_thing* thing", end='PAWL_NOEXCEPT PAWL_ANNOTATE("pure") PAWL_SINCE("0.1");'), "'pure' means nothing here"),
    ("an attribute of the compiler", taking("pawl_thing* thing", end='PAWL_NOEXCEPT __attribute__((noreturn)) PAWL_SINCE("0.1");'),
     "pawl_thing_odd"),
    ("another symbol's name", taking("pawl_thing* thing", end='PAWL_NOEXCEPT __asm__("other") PAWL_SINCE("0.1");'), "pawl_thing_odd"),
    ("static inline", 'static inline pawl_status pawl_thing_odd(pawl_thing* thing) { return thing ? 0 : -101; }',
     "pawl_thing_odd"),
    ("static", 'PAWL_API static pawl_status pawl_thing_odd(pawl_thing* thing) PAWL_NOEXCEPT PAWL_SINCE("0.1");', "pawl_thing_odd"),
    ("extern", 'PAWL_API extern pawl_status pawl_thing_odd(pawl_thing* thing) PAWL_NOEXCEPT PAWL_SINCE("0.1");', "pawl_thing_odd is not written"),
    ("two in one statement", 'PAWL_API pawl_status pawl_thing_odd(pawl_thing* thing) PAWL_NOEXCEPT PAWL_SINCE("0.1"), '
     'pawl_thing_odder(pawl_thing* thing) PAWL_NOEXCEPT PAWL_SINCE("0.1");', "pawl_thing_odd"),
    ("made by a macro", "#define PAWL_MAKE(x) x\nPAWL_API pawl_status PAWL_MAKE(pawl_thing_odd)(pawl_thing* thing) " + END, "PAWL_MAKE|pawl_thing_odd"),
    ("declared under a condition", "#if defined(_WIN32)\n" + param("int32_t x") + "\n#endif", "#if defined(_WIN32)"),
]

PLACES = [
    ("no prefix", f"PAWL_API pawl_status thing_odd(pawl_thing* thing) {END}", "'thing_odd' is not spelled pawl_"),
    ("a prefix alone", f"PAWL_API pawl_status pawl(void) {END}", "'pawl' is not spelled pawl_"),
    ("a capital in the name", f"PAWL_API pawl_status pawl_thing_Odd(pawl_thing* thing) {END}", "'pawl_thing_Odd' is not spelled pawl_"),
    ("two underscores in the name", f"PAWL_API pawl_status pawl_thing__odd(pawl_thing* thing) {END}", "'pawl_thing__odd' is not spelled pawl_"),
    ("a method that is a word of Java", f"PAWL_API pawl_status pawl_thing_import(pawl_thing* thing) {END}", "'import' is taken"),
    ("a method that is a word of C++", f"PAWL_API pawl_status pawl_thing_delete(pawl_thing* thing) {END}", "'delete' is taken"),
    ("a method that is a word of Python", f"PAWL_API pawl_status pawl_thing_yield(pawl_thing* thing) {END}", "'yield' is taken"),
    ("a method that all of Java's objects have", f"PAWL_API pawl_status pawl_thing_hash_code(pawl_thing* thing) {END}", "'hash_code' is taken"),
    *((f"a function {name} beside that of C++", f"PAWL_API pawl_status pawl_{name}(int32_t x) {END}", f"C++ has '{name}'")
      for name in ("text", "internal")),
    ("a method raw beside that of C++", f"PAWL_API pawl_status pawl_thing_raw(pawl_thing* thing) {END}", "C++ has 'raw'"),
    *((f"a method {name} beside that of a page of C++",
       f"{PAGE}\nPAWL_API uint64_t pawl_seen_ones_{name}(const pawl_seen_ones* ones) {END}", f"C++ has '{name}'")
      for name in ("raw", "size", "empty", "begin", "end", "iterator")),
    ("a method bytes beside that of bytes of C++", f"{BLOB}\nPAWL_API uint64_t pawl_blob_bytes(const pawl_blob* blob) {END}",
     "C++ has 'bytes'"),
    *((f"an object that is a {name} of the bindings", f"typedef struct pawl_{name} pawl_{name};\n"
       f'PAWL_API void pawl_{name}_release(pawl_{name}* it) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");',
       f"'pawl_{name}' would hide a class")
      for name in ("result", "request_id", "byte_span", "error", "usage_error", "thing_get_result", "packer", "page", "peer")),
    ("a method that Java's handles have", f"PAWL_API pawl_status pawl_thing_pump(pawl_thing* thing) {END}", "'pump' is taken"),
    ("a method of the pointer below", f"PAWL_API pawl_status pawl_thing_pointer(pawl_thing* thing) {END}", "'pointer' is taken"),
    ("a method of what is shared", f"PAWL_API pawl_status pawl_thing_peer(pawl_thing* thing) {END}", "'peer' is taken"),
    ("a function that is a word", f"PAWL_API pawl_status pawl_assert(int32_t x) {END}", "'assert' is taken"),
    ("the same method twice", f"PAWL_API pawl_status pawl_thing_odd(pawl_thing* thing) {END}\n"
     f"PAWL_API pawl_status pawl_odd(pawl_thing* thing) {END}", "pawl_odd and pawl_thing_odd would be the same method"),
    ("the same method but for an underscore", f"PAWL_API pawl_status pawl_thing_get_up(pawl_thing* thing) {END}\n"
     f"PAWL_API pawl_status pawl_thing_getup(pawl_thing* thing) {END}", "pawl_thing_getup and pawl_thing_get_up would be the same"),
    ("declared twice", taking("pawl_thing* thing") + "\n" + taking("pawl_thing* thing"), "pawl_thing_odd"),
    ("close with an argument", 'PAWL_API void pawl_thing_close(pawl_thing* thing, int32_t x) PAWL_NOEXCEPT PAWL_CLOSE PAWL_SINCE("0.1");',
     "pawl_thing_close does not look like"),
    ("close that returns a status", 'PAWL_API pawl_status pawl_thing_close(pawl_thing* thing) PAWL_NOEXCEPT PAWL_CLOSE PAWL_SINCE("0.1");',
     "pawl_thing_close does not look like"),
    ("close of another name", 'PAWL_API void pawl_thing_stop(pawl_thing* thing) PAWL_NOEXCEPT PAWL_CLOSE PAWL_SINCE("0.1");',
     "pawl_thing_stop does not look like"),
    ("close that does not say so", f"PAWL_API pawl_status pawl_thing_close(pawl_thing* thing) {END}", "pawl_thing_close is not marked"),
    ("close and release at once", 'PAWL_API void pawl_thing_close(pawl_thing* thing) PAWL_NOEXCEPT PAWL_CLOSE PAWL_DTOR PAWL_SINCE("0.1");',
     "pawl_thing_close does not look like"),
    ("a destructor of nothing", 'PAWL_API void pawl_release(void) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");', "pawl_release does not look like"),
]

_WISHES = """
typedef struct PAWL_OPTIONS pawl_aa { uint32_t struct_size; uint32_t watts; } pawl_aa;
#define PAWL_AA_INIT { sizeof(pawl_aa), 0 }
typedef struct PAWL_OPTIONS pawl_bb { uint32_t struct_size; uint32_t volts; } pawl_bb;
#define PAWL_BB_INIT { sizeof(pawl_bb), 0 }
"""


def many(count: int, each: str) -> str:
    return param(", ".join(each.format(number) for number in range(count)))


# What the dialect can say and Python cannot be given.
PYTHON = [
    ("two options structs", _WISHES + param("const pawl_aa* a, const pawl_bb* b"), "pawl_thing_odd: Python takes the fields of one options"),
    ("options before a number", _WISHES + param("const pawl_aa* a, int32_t level"), "pawl_thing_odd: options stand before another parameter"),
    ("more bytes than a call holds", many(9, "const uint8_t* b{0}, size_t b{0}_len"), "pawl_thing_odd: Python takes at most 8 arguments of bytes"),
    ("more values than a call holds", many(9, "const pawl_id* b{0}"), "pawl_thing_odd: Python takes at most 8 arguments of bytes"),
    ("more paths than a call holds", many(9, "const char* path{0}_dir"), "pawl_thing_odd: Python takes at most 8 paths"),
    ("more arguments than a call has", many(49, "int32_t n{0}"), "pawl_thing_odd: Python takes at most 48 arguments"),
]

BOUND_IN_PYTHON = [
    _WISHES + param("int32_t level, const pawl_aa* a"),
    many(8, "const uint8_t* b{0}, size_t b{0}_len"),
    many(8, "const char* path{0}_dir"),
    many(48, "int32_t n{0}"),
]
