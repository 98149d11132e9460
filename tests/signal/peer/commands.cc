#include "peer/commands.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "codec/reader.h"
#include "crypto/init.h"
#include "peer/hex.h"
#include "peer/record.h"
#include "peer/session.h"

namespace pawl::signal {

using nlohmann::json;
using ratchet::ChainKey;
using ratchet::RootKey;
using ratchet::braid::AuthKey;

namespace {

absl::StatusOr<std::string> TextIn(const json& request, const char* name) {
  const auto found = request.find(name);
  if (found == request.end()) return Fail(Code::kInvalidArgument, "a member is missing");
  if (!found->is_string()) return Fail(Code::kInvalidArgument, "a member is no string");
  return found->get<std::string>();
}

absl::StatusOr<Bytes> HexIn(const json& request, const char* name) {
  PAWL_ASSIGN(const std::string text, TextIn(request, name));
  return FromHex(text);
}

template <typename Key>
absl::StatusOr<Key> KeyIn(const json& request, const char* name) {
  PAWL_ASSIGN(const Bytes bytes, HexIn(request, name));
  if (bytes.size() != Key::kSize) return Fail(Code::kInvalidArgument, "a key of wrong size");
  Key key = Key::Zero();
  codec::Reader(bytes).Copy(key.Writable());
  return key;
}

absl::StatusOr<crypto::X25519Public> PublicIn(const json& request, const char* name) {
  PAWL_ASSIGN(const Bytes bytes, HexIn(request, name));
  return Untyped(bytes);
}

absl::StatusOr<crypto::X25519KeyPair> PairIn(const json& request, const char* secret,
                                             const char* pub) {
  PAWL_ASSIGN(auto key, KeyIn<crypto::X25519Private>(request, secret));
  PAWL_ASSIGN(const crypto::X25519Public stated, PublicIn(request, pub));
  crypto::X25519KeyPair pair = crypto::X25519KeyPair::FromPrivate(std::move(key));
  if (pair.pub != stated) return Fail(Code::kInvalidKey, "a public key of another private one");
  return pair;
}

// Service id (a kind byte, 0 for accounts, and a UUID) and device 1; empty when there is no such
// member.
absl::StatusOr<Bytes> AddressIn(const json& request, const char* name) {
  const auto found = request.find(name);
  if (found == request.end() || found->is_null()) return Bytes();
  PAWL_ASSIGN(std::string digits, TextIn(request, name));
  std::erase(digits, '-');
  PAWL_ASSIGN(const Bytes uuid, FromHex(digits));
  if (uuid.size() != 16) return Fail(Code::kInvalidArgument, "no UUID");
  Bytes address = {0};
  address.insert(address.end(), uuid.begin(), uuid.end());
  address.push_back(1);
  return address;
}

}  // namespace

struct Commands::State {
  using Reply = absl::StatusOr<json>;

  Reply Hello(const json& request) {
    PAWL_ASSIGN(Bytes local, AddressIn(request, "uuid"));
    PAWL_ASSIGN(Bytes remote, AddressIn(request, "remoteUuid"));
    crypto::X25519KeyPair own = crypto::X25519KeyPair::Generate(rng);
    if (request.contains("identityPriv")) {
      PAWL_ASSIGN(auto key, KeyIn<crypto::X25519Private>(request, "identityPriv"));
      own = crypto::X25519KeyPair::FromPrivate(std::move(key));
    }
    identity = std::move(own);
    who.local = Typed(identity->pub);
    who.local_address = std::move(local);
    who.remote_address = std::move(remote);
    return json{{"identityPub", ToHex(who.local)},
                {"identityPriv", ToHex(identity->secret.Expose())}};
  }

  Reply GenKey(const json&) {
    const crypto::X25519KeyPair pair = crypto::X25519KeyPair::Generate(rng);
    return json{{"priv", ToHex(pair.secret.Expose())}, {"pub", ToHex(Typed(pair.pub))}};
  }

  // A session from given keys in place of a handshake; it replaces the one that was there.
  Reply Inject(const json& request) {
    if (!identity) return Fail(Code::kWrongState, "hello comes first");
    PAWL_ASSIGN(const std::string role, TextIn(request, "role"));
    PAWL_ASSIGN(const crypto::X25519Public remote, PublicIn(request, "remoteIdentityPub"));
    // The base key names a session to libsignal's stores; messages of type 2 do not depend on it.
    if (request.contains("baseKeyPub")) PAWL_TRY(PublicIn(request, "baseKeyPub").status());
    Participants with = who;
    with.remote = Typed(remote);
    if (role == "A") return InjectInitiator(request, std::move(with));
    if (role == "B") return InjectResponder(request, std::move(with));
    return Fail(Code::kInvalidArgument, "a role other than A and B");
  }

  Reply InjectInitiator(const json& request, Participants with) {
    InitiatorKeys keys;
    PAWL_ASSIGN(keys.root, KeyIn<RootKey>(request, "rootKey"));
    PAWL_ASSIGN(keys.receiving, KeyIn<ChainKey>(request, "chainKey"));
    PAWL_ASSIGN(keys.auth, KeyIn<AuthKey>(request, "authKey"));
    PAWL_ASSIGN(keys.own, PairIn(request, "senderPriv", "senderPub"));
    PAWL_ASSIGN(keys.sending, KeyIn<ChainKey>(request, "senderChainKey"));
    PAWL_ASSIGN(keys.peer, PublicIn(request, "theirRatchetPub"));
    PAWL_ASSIGN(session, Session::Initiate(std::move(with), std::move(keys), rng));
    return json::object();
  }

  Reply InjectResponder(const json& request, Participants with) {
    ResponderKeys keys;
    PAWL_ASSIGN(keys.root, KeyIn<RootKey>(request, "rootKey"));
    PAWL_ASSIGN(keys.sending, KeyIn<ChainKey>(request, "chainKey"));
    PAWL_ASSIGN(keys.auth, KeyIn<AuthKey>(request, "authKey"));
    PAWL_ASSIGN(keys.own, PairIn(request, "spkPriv", "spkPub"));
    session = Session::Respond(std::move(with), std::move(keys), rng);
    return json::object();
  }

  Reply Encrypt(const json& request) {
    if (!session) return Fail(Code::kWrongState, "no session");
    PAWL_ASSIGN(const Bytes plaintext, HexIn(request, "plaintext"));
    PAWL_ASSIGN(const Bytes message, session->Encrypt(plaintext, rng));
    return json{{"type", kSignalMessageType}, {"message", ToHex(message)}};
  }

  Reply Decrypt(const json& request) {
    if (!session) return Fail(Code::kWrongState, "no session");
    PAWL_ASSIGN(Bytes message, HexIn(request, "message"));
    const json type = request.value("type", json(kSignalMessageType));
    if (type == kPreKeyMessageType) {
      PAWL_ASSIGN(message, UnwrapPreKeyMessage(message));
    } else if (type != kSignalMessageType) {
      return Fail(Code::kInvalidArgument, "a message of unknown type");
    }
    PAWL_ASSIGN(const Bytes plaintext, session->Decrypt(message));
    return json{{"plaintext", ToHex(plaintext)}};
  }

  Reply Show(const json&) {
    if (!session) return Fail(Code::kWrongState, "no session");
    return json{{"record", RecordOf(*session)}};
  }

  Reply Run(const json& request) {
    if (request.is_discarded() || !request.is_object()) {
      return Fail(Code::kInvalidArgument, "no JSON object");
    }
    PAWL_ASSIGN(const std::string op, TextIn(request, "op"));
    if (op == "hello") return Hello(request);
    if (op == "genKey") return GenKey(request);
    if (op == "inject") return Inject(request);
    if (op == "encrypt") return Encrypt(request);
    if (op == "decrypt") return Decrypt(request);
    if (op == "state") return Show(request);
    return Fail(Code::kUnsupported, "an unknown op");
  }

  static constexpr int kSignalMessageType = 2;
  static constexpr int kPreKeyMessageType = 3;

  crypto::SystemRng rng;
  std::optional<crypto::X25519KeyPair> identity;
  Participants who;  // but for the remote key
  std::optional<Session> session;
};

Commands::Commands() : state_(std::make_unique<State>()) {}
Commands::~Commands() = default;

std::string Commands::Handle(std::string_view line) {
  const json request = json::parse(line, /*cb=*/nullptr, /*allow_exceptions=*/false);
  State::Reply result = state_->Run(request);
  json reply = result.ok() ? *std::move(result) : json::object();
  reply["ok"] = result.ok();
  if (!result.ok()) reply["error"] = std::string(result.status().message());
  const bool has_id = request.is_object() && request.contains("id");
  reply["id"] = has_id ? request["id"] : json();
  return reply.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace pawl::signal
