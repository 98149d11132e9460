#ifndef PAWL_DB_KEY_H_
#define PAWL_DB_KEY_H_

#include "crypto/secret.h"

namespace pawl::db {

// SQLCipher's raw key (its own key derivation from a passphrase is off). Whoever opens a database
// keeps it wrapped.
using Key = crypto::Secret<struct DbKeyTag, 32>;

}  // namespace pawl::db

#endif  // PAWL_DB_KEY_H_
