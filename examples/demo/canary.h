#ifndef PAWL_DEMO_CANARY_H_
#define PAWL_DEMO_CANARY_H_

#include <string>

namespace pawl_demo {

// Puts `text` in clear into the mailbox of `account`'s first device, as no Pawl client does: the
// search that finds nothing else must find this. True when the relay took it.
bool UploadInClear(const std::string& relay_url, const std::string& pin_hex,
                   const std::string& account, const std::string& text);

}  // namespace pawl_demo

#endif  // PAWL_DEMO_CANARY_H_
