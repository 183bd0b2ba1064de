// What is accepted as a value; what is refused, with its message, is in tests/bad_inputs.
#include "engine/scenario/scalar.hpp"

#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario {
namespace {

FieldInfo field_of(FieldKind kind) {
  FieldInfo field;
  field.key = "key";
  field.kind = kind;
  return field;
}

std::optional<double> number(const std::string& text, const ScalarContext& context = {}) {
  ScalarError error;
  const auto value = parse_scalar(field_of(FieldKind::number), false, text, context, error);
  EXPECT_EQ(value.has_value(), error.problem.empty()) << text;
  return value ? std::optional<double>(std::get<double>(*value)) : std::nullopt;
}

std::optional<std::int64_t> whole(const std::string& text) {
  ScalarError error;
  const auto value = parse_scalar(field_of(FieldKind::integer), false, text, {}, error);
  return value ? std::optional<std::int64_t>(std::get<std::int64_t>(*value)) : std::nullopt;
}

TEST(Scalar, DecimalNumbers) {
  EXPECT_EQ(number("0"), 0.0);
  EXPECT_EQ(number("-0.5"), -0.5);
  EXPECT_EQ(number("1e3"), 1000.0);
  EXPECT_EQ(number("2.5E-3"), 0.0025);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_FALSE(std::signbit(*number("-0")));
}

TEST(Scalar, OtherNotationsAreNoNumbers) {
  for (const char* text : {"",      " ",      "010",  "-010", "00",  "0x1F", "0b1",   "0o7",
                           "1_000", "nan",    ".nan", "NaN",  "inf", "-inf", ".inf",  "infinity",
                           "1e400", "1e-400", "+5",   "5 MW", "5%",  "1,5",  "1 000", "1.5.2",
                           "--1",   "1e",     "e5",   "٣",    "½",   "true", "~"}) {
    EXPECT_EQ(number(text), std::nullopt) << text;
  }
}

TEST(Scalar, WholeNumbers) {
  EXPECT_EQ(whole("0"), 0);
  EXPECT_EQ(whole("-12"), -12);
  EXPECT_EQ(whole("9223372036854775807"), INT64_MAX);
  for (const char* text :
       {"9223372036854775808", "1.0", "1e3", "010", "0x10", "1_000", "", "+1", "1 ", "-"}) {
    EXPECT_EQ(whole(text), std::nullopt) << text;
  }
}

TEST(Scalar, UnsignedMembersReachTwoTo64) {
  ScalarError error;
  const auto value =
      parse_scalar(field_of(FieldKind::integer), true, "18446744073709551615", {}, error);
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(std::get<std::uint64_t>(*value), UINT64_MAX);
  EXPECT_FALSE(parse_scalar(field_of(FieldKind::integer), true, "18446744073709551616", {}, error)
                   .has_value());
}

TEST(Scalar, RangesIncludeTheirEndsUnlessExcluded) {
  FieldInfo field = field_of(FieldKind::number);
  field.minimum = 0;
  field.maximum = 1;
  ScalarError error;
  EXPECT_TRUE(parse_scalar(field, false, "0", {}, error).has_value());
  EXPECT_TRUE(parse_scalar(field, false, "1", {}, error).has_value());
  EXPECT_FALSE(parse_scalar(field, false, "1.0000001", {}, error).has_value());
  field.minimum_excluded = true;
  EXPECT_FALSE(parse_scalar(field, false, "0", {}, error).has_value());
  EXPECT_EQ(error.problem, "'key' is 0 (must be > 0)");
}

TEST(Scalar, DecimalCommaOnlyWhereCellsAreNotSeparatedByCommas) {
  DecimalMark mark;
  mark.comma_allowed = true;
  const ScalarContext semicolons{true, false, 2, &mark};
  EXPECT_EQ(number("0,5", semicolons), 0.5);
  EXPECT_EQ(number("-1,25e2", semicolons), -125.0);
  EXPECT_EQ(number("7", semicolons), 7.0);
  EXPECT_EQ(number("0.5", semicolons), std::nullopt);  // the file's mark is the comma by now
  EXPECT_EQ(number("1.234,5", semicolons), std::nullopt);
  DecimalMark none;
  const ScalarContext commas{true, false, 2, &none};
  EXPECT_EQ(number("0,5", commas), std::nullopt);
  EXPECT_EQ(number("0.5", commas), 0.5);
}

TEST(Scalar, BooleansAreTwoWords) {
  const FieldInfo field = field_of(FieldKind::boolean);
  ScalarError error;
  EXPECT_TRUE(std::get<bool>(*parse_scalar(field, false, "true", {}, error)));
  EXPECT_FALSE(std::get<bool>(*parse_scalar(field, false, "false", {}, error)));
  for (const char* text : {"True", "TRUE", "yes", "no", "on", "off", "y", "n", "1", "0"}) {
    EXPECT_FALSE(parse_scalar(field, false, text, {}, error).has_value()) << text;
  }
  // Spreadsheets write capitals.
  const ScalarContext csv{true, false, 2, nullptr};
  EXPECT_TRUE(std::get<bool>(*parse_scalar(field, false, "TRUE", csv, error)));
  EXPECT_FALSE(std::get<bool>(*parse_scalar(field, false, "False", csv, error)));
}

TEST(Scalar, NamesAreShortLinesWithoutOuterSpaces) {
  const FieldInfo field = field_of(FieldKind::key);
  ScalarError error;
  EXPECT_TRUE(parse_scalar(field, false, "ТЕЦ-6 (блок 2)", {}, error).has_value());
  for (const std::string& text :
       {std::string(" a"), std::string("a "), std::string("a\nb"), std::string("a\tb"),
        std::string("a\x7F"), std::string(201, 'a')}) {
    EXPECT_FALSE(parse_scalar(field, false, text, {}, error).has_value()) << text;
  }
}

// The shortest digits that the writers use read back as the same number.
RC_GTEST_PROP(Scalar, ShortestDigitsReadBackEqual, (double value)) {
  RC_PRE(std::isfinite(value));
  RC_ASSERT(number(fmt::format("{}", value)) == (value == 0 ? 0.0 : value));
}

RC_GTEST_PROP(Scalar, NoTextCrashes, (const std::string& text, bool csv, bool in_quotes_already)) {
  for (const FieldKind kind : {FieldKind::key, FieldKind::text, FieldKind::number,
                               FieldKind::integer, FieldKind::boolean, FieldKind::timestamp}) {
    ScalarError error;
    const auto value = parse_scalar(field_of(kind), false, text,
                                    ScalarContext{csv, in_quotes_already, 1, nullptr}, error);
    RC_ASSERT(value.has_value() == error.problem.empty());
  }
}

TEST(Messages, UnknownKeysGetTheKeyWithItsUnit) {
  const std::vector<std::string> known{"load_kw", "fuel_hours", "kind"};
  EXPECT_EQ(hint_for_unknown("load_mw", known, "columns"),
            "did you mean 'load_kw'? (the unit is in the name: convert the values)");
  EXPECT_EQ(hint_for_unknown("fuel", known, "columns"),
            "did you mean 'fuel_hours'? (the unit is in the name: convert the values)");
  EXPECT_EQ(hint_for_unknown("Kind", known, "columns"), "did you mean 'kind'?");
  EXPECT_EQ(hint_for_unknown("weather", known, "columns"),
            "known columns: load_kw, fuel_hours, kind");
}

TEST(Messages, CoordinatesByManyNames) {
  for (const char* name :
       {"lat", "Lon", "LATITUDE", "geometry", "wkt", "довгота", "lat_deg", "bus_lon"}) {
    EXPECT_TRUE(is_coordinate(name)) << name;
  }
  for (const char* name : {"x_km", "plate", "flat", "zone", "latent_share", "length_km"}) {
    EXPECT_FALSE(is_coordinate(name)) << name;
  }
}

TEST(Messages, ShownValuesAreShortAndOnOneLine) {
  EXPECT_EQ(in_quotes("a\nb\tc"), "'a\\nb\\tc'");
  EXPECT_EQ(in_quotes(std::string(50, 'x')), "'" + std::string(40, 'x') + "...'");
}

}  // namespace
}  // namespace wintergrid::scenario
