#include "engine/io/utf8.hpp"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace wintergrid::io {
namespace {

/// Encodes a code point by the definition (RFC 3629, section 3), surrogates and too large values
/// included.
std::string encoded(std::uint32_t code_point) {
  const auto tail = [&](int shift) {
    return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F));
  };
  if (code_point < 0x80) {
    return {static_cast<char>(code_point)};
  }
  if (code_point < 0x800) {
    return {static_cast<char>(0xC0 | (code_point >> 6)), tail(0)};
  }
  if (code_point < 0x10000) {
    return {static_cast<char>(0xE0 | (code_point >> 12)), tail(6), tail(0)};
  }
  return {static_cast<char>(0xF0 | (code_point >> 18)), tail(12), tail(6), tail(0)};
}

TEST(Utf8, EveryCodePointIsAcceptedExceptSurrogates) {
  for (std::uint32_t code_point = 0; code_point < 0x120000; ++code_point) {
    const std::string text = encoded(code_point);
    const bool valid = code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
    ASSERT_EQ(utf8_sequence_length(text), valid ? text.size() : 0U) << std::hex << code_point;
  }
}

TEST(Utf8, OverlongAndCutSequencesAreRefused) {
  for (const std::string bad :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\x80", "\xBF",
        "\xD0", "\xE2\x82", "\xF0\x9F\x98", "\xFE", "\xFF", "\xD0\x20"}) {
    EXPECT_EQ(utf8_sequence_length(bad), 0U) << bad;
  }
  EXPECT_EQ(utf8_sequence_length(""), 0U);
}

TEST(Utf8, FirstInvalidByte) {
  EXPECT_EQ(first_invalid_utf8("Київ"), std::string("Київ").size());
  EXPECT_EQ(first_invalid_utf8("Ки\xD1"), 4U);
  EXPECT_EQ(first_invalid_utf8(""), 0U);
}

TEST(Utf8, CountsCharactersNotBytes) {
  EXPECT_EQ(count_characters("Київ"), 4U);
  EXPECT_EQ(count_characters("a\xF0\x9F\x98\x80z"), 3U);
  EXPECT_EQ(count_characters("\xFF\xFE"), 2U);
  EXPECT_EQ(first_characters("Київ", 2), "Ки");
  EXPECT_EQ(first_characters("Київ", 9), "Київ");
}

RC_GTEST_PROP(Utf8, NeverReadsBeyondTheEnd, (const std::string& bytes)) {
  RC_ASSERT(first_invalid_utf8(bytes) <= bytes.size());
  RC_ASSERT(count_characters(bytes) <= bytes.size());
}

}  // namespace
}  // namespace wintergrid::io
