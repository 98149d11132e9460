#include "capi/content.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "client/engine/compose.h"
#include "crypto/init.h"
#include "support/matchers.h"

namespace pawl::capi {
namespace {

using test::HasCode;
using test::IsOk;

class ContentTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(crypto::Init(), IsOk()); }
  static pawl_content Make(int32_t kind) {
    pawl_content content = PAWL_CONTENT_INIT;
    content.kind = kind;
    return content;
  }
  // Through the encoding and back; what comes out lives as long as the fixture.
  const pawl_content& RoundTrip(const pawl_content& in) {
    auto view = ContentIn(&in);
    EXPECT_THAT(view, IsOk());
    if (view.ok()) {
      view->id = MessageId(ByteArray<16>{1});
      auto bytes = client::Compose(*view);
      EXPECT_THAT(bytes, IsOk());
      if (bytes.ok()) {
        kept_ = crypto::SecretBytes::From(bytes->view());
        EXPECT_THAT(ContentOut(kept_.Expose(), out_), IsOk());
      }
    }
    return out_.content;
  }

  crypto::SecretBytes kept_;
  ContentHolder out_;
};

TEST_F(ContentTest, TextsOfEachKindComeThrough) {
  pawl_id ref{};
  ref.bytes[3] = 7;
  for (const int32_t kind : {PAWL_CONTENT_TEXT, PAWL_CONTENT_REPLY, PAWL_CONTENT_EDIT}) {
    pawl_content in = Make(kind);
    in.text = "h\xC3\xA9 there";
    if (kind != PAWL_CONTENT_TEXT) in.ref = &ref;
    in.expires_in_s = 60;
    out_ = ContentHolder();
    const pawl_content& out = RoundTrip(in);
    EXPECT_EQ(out.kind, kind);
    EXPECT_STREQ(out.text, in.text);
    EXPECT_EQ(out.expires_in_s, 60u);
    if (kind != PAWL_CONTENT_TEXT) {
      ASSERT_NE(out.ref, nullptr);
      EXPECT_EQ(std::memcmp(out.ref->bytes, ref.bytes, 16), 0);
    }
  }
}

TEST_F(ContentTest, AReactionComesThrough) {
  pawl_id ref{};
  pawl_content in = Make(PAWL_CONTENT_REACTION);
  in.ref = &ref;
  in.text = "\xF0\x9F\x91\x8D";
  in.is_removed = 1;
  const pawl_content& out = RoundTrip(in);
  EXPECT_STREQ(out.text, in.text);
  EXPECT_EQ(out.is_removed, 1);
}

TEST_F(ContentTest, ALocationComesThrough) {
  pawl_content in = Make(PAWL_CONTENT_LOCATION);
  in.latitude = 48.2;
  in.longitude = 16.37;
  in.accuracy_m = 12.5;
  in.text = "here";
  const pawl_content& out = RoundTrip(in);
  EXPECT_EQ(out.latitude, 48.2);
  EXPECT_EQ(out.longitude, 16.37);
  EXPECT_EQ(out.accuracy_m, 12.5);
  EXPECT_STREQ(out.text, "here");
}

TEST_F(ContentTest, AContactAndAnAppsOwnKindComeThrough) {
  pawl_content in = Make(PAWL_CONTENT_CONTACT);
  in.address = "carol@example.org";
  in.name = "Carol";
  EXPECT_STREQ(RoundTrip(in).address, "carol@example.org");
  EXPECT_STREQ(out_.content.name, "Carol");

  const uint8_t data[] = {0, 1, 2, 0};
  in = Make(PAWL_CONTENT_CUSTOM);
  in.media_type = "org.example.move";
  in.data = data;
  in.data_len = sizeof(data);
  out_ = ContentHolder();
  const pawl_content& out = RoundTrip(in);
  EXPECT_STREQ(out.media_type, "org.example.move");
  ASSERT_EQ(out.data_len, 4u);
  EXPECT_EQ(std::memcmp(out.data, data, 4), 0);
}

TEST_F(ContentTest, WhatIsMissingOrNotSentLikeThisIsRefused) {
  for (const int32_t kind : {int32_t{PAWL_CONTENT_UNKNOWN}, int32_t{PAWL_CONTENT_ATTACHMENT},
                             int32_t{99}, int32_t{-1}}) {
    pawl_content in = Make(kind);
    in.text = "x";
    EXPECT_THAT(ContentIn(&in), HasCode(Code::kInvalidArgument)) << kind;
  }
  for (const int32_t kind : {PAWL_CONTENT_REPLY, PAWL_CONTENT_EDIT, PAWL_CONTENT_DELETE,
                             PAWL_CONTENT_REACTION, PAWL_CONTENT_CONTACT, PAWL_CONTENT_CUSTOM}) {
    pawl_content in = Make(kind);
    in.text = "x";
    EXPECT_THAT(ContentIn(&in), HasCode(Code::kInvalidArgument)) << kind;
  }
  pawl_content in = Make(PAWL_CONTENT_CUSTOM);
  in.media_type = "t";
  in.data_len = 5;
  EXPECT_THAT(ContentIn(&in), HasCode(Code::kInvalidArgument));
  in = Make(PAWL_CONTENT_TEXT);
  in.text = "\xff";
  EXPECT_THAT(ContentIn(&in), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(ContentIn(nullptr), HasCode(Code::kInvalidArgument));
}

TEST_F(ContentTest, BytesThatAreNoContentAreRefused) {
  const Bytes garbage(64, 0xAA);
  EXPECT_THAT(ContentOut(garbage, out_), HasCode(Code::kMalformed));
  EXPECT_THAT(ContentOut({}, out_), HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::capi
