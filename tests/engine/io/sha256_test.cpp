// Vectors: NIST, "Examples with Intermediate Values" for FIPS 180-4 (SHA-256), and the empty
// message (CAVP SHA256ShortMsg).
#include "engine/io/sha256.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace wintergrid::io {
namespace {

TEST(Sha256, EmptyMessage) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, OneBlock) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, TwoBlocks) {
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, MillionLetters) {
  EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// Lengths around the padding's boundaries (55, 56, 63, 64 bytes) take different paths.
RC_GTEST_PROP(Sha256, PiecesGiveTheDigestOfTheWhole, (const std::string& text)) {
  const std::size_t length = *rc::gen::inRange<std::size_t>(0, 200);
  std::string whole = text;
  whole.resize(length, 'x');
  const std::size_t cut = *rc::gen::inRange<std::size_t>(0, length + 1);
  Sha256 digest;
  digest.update(std::string_view(whole).substr(0, cut));
  digest.update(std::string_view(whole).substr(cut));
  RC_ASSERT(digest.hex() == sha256_hex(whole));
}

}  // namespace
}  // namespace wintergrid::io
