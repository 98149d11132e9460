#include "support/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/hex.h"

namespace pawl::test {

struct Json::Node {
  std::shared_ptr<const nlohmann::json> document;
  const nlohmann::json* value = nullptr;
};

Json Json::Parse(std::string_view text) {
  Json json;
  auto document = std::make_shared<const nlohmann::json>(
      nlohmann::json::parse(text, /*callback=*/nullptr, /*allow_exceptions=*/false));
  if (document->is_discarded()) {
    ADD_FAILURE() << "not JSON";
    return json;
  }
  json.node_ = std::make_shared<const Node>(Node{document, document.get()});
  return json;
}

bool Json::IsNull() const { return !node_ || node_->value->is_null(); }

bool Json::Has(std::string_view key) const {
  return node_ && node_->value->is_object() && node_->value->contains(std::string(key));
}

Json Json::Get(std::string_view key) const {
  Json json;
  if (!Has(key)) {
    ADD_FAILURE() << "no member " << key;
    return json;
  }
  json.node_ =
      std::make_shared<const Node>(Node{node_->document, &node_->value->at(std::string(key))});
  return json;
}

std::vector<Json> Json::List(std::string_view key) const { return Get(key).Items(); }
std::string Json::Text(std::string_view key) const { return Get(key).AsText(); }
Bytes Json::Hex(std::string_view key) const { return Get(key).AsHex(); }
int64_t Json::Int(std::string_view key) const { return Get(key).AsInt(); }
bool Json::Bool(std::string_view key) const { return Get(key).AsBool(); }

std::vector<Json> Json::Items() const {
  std::vector<Json> items;
  if (!node_ || !node_->value->is_array()) {
    ADD_FAILURE() << "not an array";
    return items;
  }
  for (const nlohmann::json& value : *node_->value) {
    items.emplace_back().node_ = std::make_shared<const Node>(Node{node_->document, &value});
  }
  return items;
}

std::string Json::AsText() const {
  if (node_ && node_->value->is_string()) return node_->value->get<std::string>();
  ADD_FAILURE() << "not a string";
  return {};
}

Bytes Json::AsHex() const { return FromHex(AsText()); }

int64_t Json::AsInt() const {
  if (node_ && node_->value->is_number_integer()) return node_->value->get<int64_t>();
  ADD_FAILURE() << "not an integer";
  return 0;
}

bool Json::AsBool() const {
  if (node_ && node_->value->is_boolean()) return node_->value->get<bool>();
  ADD_FAILURE() << "not a boolean";
  return false;
}

}  // namespace pawl::test
