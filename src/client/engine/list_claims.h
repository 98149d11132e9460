#ifndef PAWL_CLIENT_ENGINE_LIST_CLAIMS_H_
#define PAWL_CLIENT_ENGINE_LIST_CLAIMS_H_

#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/clock.h"
#include "client/engine/event.h"
#include "identity/address.h"
#include "identity/device_list.h"

namespace pawl::client {

// What was said of device lists, how often they were looked at because of it, and what the app was
// told about them. It decides how much work and how many durable events a peer or the relay can
// cause by saying things that cost them nothing. Volatile: a restart looks, and tells, once more.
class ListClaims {
 public:
  // What `claimant` last said of `about`'s list; null when nothing.
  const identity::ListRef* Find(const identity::Address& claimant,
                                const identity::Address& about) const;
  void Note(const identity::Address& claimant, const identity::Address& about,
            const identity::ListRef& claim) {
    said_[{claimant, about}] = claim;
  }

  // When the account's list may be asked for because of a hint that it is another one: at once for
  // the first kLooksAtOnce, later ones together at the end of kLookInterval. Counts as a look.
  static constexpr int kLooksAtOnce = 3;
  static constexpr Duration kLookInterval = Minutes(10);
  Timestamp NextLook(const identity::Address& account, Timestamp now);

  // Whether the app hears of it: once for each account, kind of event, detail and hash, and not of
  // more than kTellingsADay different ones of a kind in a day. Counts as told.
  static constexpr size_t kTellingsADay = 8;
  bool MayTell(const identity::Address& account, EventKind kind, ListWarning detail,
               const ByteArray<16>& hash, Timestamp now);

  // Account keys that the app has turned down: it is not asked again.
  void TurnDown(const identity::Address& account, const identity::AccountPublic& key) {
    turned_down_.insert({account, key});
  }
  bool IsTurnedDown(const identity::Address& account, const identity::AccountPublic& key) const {
    return turned_down_.contains({account, key});
  }

 private:
  struct Looks {
    Timestamp since{};  // of the interval
    int count = 0;
    Timestamp last{};  // asked at
    Timestamp granted{};
  };
  struct Told {
    Timestamp since{};
    std::vector<ByteArray<16>> hashes{};
  };
  absl::flat_hash_map<std::pair<identity::Address, identity::Address>, identity::ListRef> said_;
  absl::flat_hash_map<identity::Address, Looks> looks_;
  absl::flat_hash_map<std::tuple<identity::Address, EventKind, ListWarning>, Told> told_;
  absl::flat_hash_set<std::pair<identity::Address, identity::AccountPublic>> turned_down_;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_LIST_CLAIMS_H_
