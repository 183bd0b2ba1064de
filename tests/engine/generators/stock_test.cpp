// Stock tables as people write them, with what is wrong in them, and who a stock can serve.

#include "engine/generators/stock.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>
// gtest first
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace wintergrid::generators {
namespace {

io::SourceText source_of(const std::string& text) {
  io::SourceText source;
  source.path = "stock.csv";
  source.bytes = text;
  return source;
}

std::vector<StockItem> read(const std::string& text) {
  Diagnostics diagnostics;
  std::vector<StockItem> stock = read_stock(source_of(text), diagnostics);
  EXPECT_TRUE(diagnostics.ok()) << diagnostics.to_text();
  return stock;
}

std::string problems(const std::string& text) {
  Diagnostics diagnostics;
  read_stock(source_of(text), diagnostics);
  return diagnostics.to_text();
}

TEST(Stock, ReadsRatingsOrClassesLargestFirst) {
  const std::vector<StockItem> stock = read("rating_kw,count,cost\n30,5,9000\n100,2,\n");
  ASSERT_EQ(stock.size(), 2U);
  EXPECT_DOUBLE_EQ(stock[0].rating_kw, 100.0);
  EXPECT_EQ(stock[0].count, 2U);
  EXPECT_TRUE(std::isnan(stock[0].cost));
  EXPECT_DOUBLE_EQ(stock[1].cost, 9000.0);
  const std::vector<StockItem> by_class = read("# mine\ncount;class_kw\n3;250\n1;10\n");
  ASSERT_EQ(by_class.size(), 2U);
  EXPECT_DOUBLE_EQ(by_class[0].rating_kw, 250.0);
  EXPECT_EQ(by_class[0].count, 3U);
  EXPECT_DOUBLE_EQ(read("rating_kw;count\n7,5;1\n")[0].rating_kw, 7.5);
}

TEST(Stock, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(problems("rating,count\n30,5\n"),
            "stock.csv:1:1: error: column 'rating' is not known\n"
            "   hint: did you mean 'rating_kw'?\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count\n30,-5\n"),
            "stock.csv:2:4: error: 'count' is '-5' (must be a whole number, 0 or more)\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count\n-30,5\n"),
            "stock.csv:2:1: error: 'rating_kw' is '-30' (must be prime kW, more than 0)\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count\n30,2.5\n"),
            "stock.csv:2:4: error: 'count' is '2.5' (must be a whole number, 0 or more)\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count\nlarge,5\n"),
            "stock.csv:2:1: error: 'rating_kw' is 'large' (must be prime kW, more than 0)\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count\n30,\n"),
            "stock.csv:2:4: error: 'count' is empty (must be a whole number, 0 or more)\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems(""),
            "stock.csv:1:1: error: the file is empty\n"
            "   hint: columns: class_kw, rating_kw, count, cost\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count\n"),
            "stock.csv:1:1: error: there are no sets\n"
            "   hint: give one row for each rating\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw\n30\n"),
            "stock.csv:1:1: error: column 'count' is missing\n"
            "   hint: columns: rating_kw, count, cost\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("count\n3\n"),
            "stock.csv:1:1: error: column 'rating_kw' is missing\n"
            "   hint: give class_kw (upper bound of a size class) or rating_kw (prime kW), and "
            "count\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("class_kw,count\n40,1\n"),
            "stock.csv:2:1: error: 'class_kw' is '40' (must be one of 10, 30, 100, 250, 500, "
            "1000)\n"
            "   hint: use the column rating_kw for other sizes\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count,cost\n30,1,-2\n"),
            "stock.csv:2:6: error: 'cost' is '-2' (must be USD of one set, 0 or more)\n"
            "1 error. Nothing was run.\n");
  EXPECT_EQ(problems("rating_kw,count\n30\n"),
            "stock.csv:2:1: error: 1 cells, but the first line has 2\n"
            "   hint: separate the cells as in the first line; quote a text with commas\n"
            "1 error. Nothing was run.\n");
}

TEST(Costs, EveryClassHasAPriceWithARangeAndASource) {
  for (const auto& costs : {bundled_costs().diesel, bundled_costs().cogeneration}) {
    for (const ClassCost& cost : costs) {
      EXPECT_LT(0.0, cost.low);
      EXPECT_LT(cost.low, cost.typical);
      EXPECT_LT(cost.typical, cost.high);
      EXPECT_FALSE(cost.source.empty());
      EXPECT_TRUE(cost.confidence == "A" || cost.confidence == "S" || cost.confidence == "D" ||
                  cost.confidence == "U");
    }
  }
}

Facilities facilities_of(const std::vector<double>& required_kw) {
  Facilities facilities;
  facilities.required_kw = required_kw;
  return facilities;
}

TEST(Stock, ALargerSetServesAndASmallerDoesNot) {
  const Facilities facilities = facilities_of({50.0, 8.0});
  const std::vector<StockItem> small{{40.0, 5, 0.0}}, large{{60.0, 1, 0.0}, {10.0, 1, 0.0}};
  EXPECT_FALSE(can_serve(small, facilities, std::vector<std::uint32_t>{0}));
  EXPECT_TRUE(can_serve(small, facilities, std::vector<std::uint32_t>{1}));
  EXPECT_TRUE(can_serve(large, facilities, std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(hand_out(large, facilities, std::vector<std::uint32_t>{1, 0}),
            (std::vector<std::uint32_t>{1, 0}));
}

/// Against every way to hand out the sets.
RC_GTEST_PROP(StockProperty, ServesWhatSomeHandingOutServes, ()) {
  const auto required = *rc::gen::container<std::vector<double>>(
      *rc::gen::inRange<std::size_t>(0, 6),
      rc::gen::map(rc::gen::inRange(1, 8), [](int kw) { return static_cast<double>(kw); }));
  std::vector<StockItem> stock;
  std::vector<double> sets;
  for (const double rating : {6.0, 4.0, 2.0}) {
    stock.push_back({rating, *rc::gen::inRange<std::uint32_t>(0, 4), 0.0});
    sets.insert(sets.end(), stock.back().count, rating);
  }
  const Facilities facilities = facilities_of(required);
  std::vector<std::uint32_t> served(required.size());
  std::iota(served.begin(), served.end(), 0U);
  bool possible = false;
  std::sort(sets.begin(), sets.end());
  do {
    bool fits = sets.size() >= required.size();
    for (std::size_t i = 0; fits && i < required.size(); ++i) {
      fits = sets[i] >= required[i];
    }
    possible = possible || fits;
  } while (!possible && std::next_permutation(sets.begin(), sets.end()));
  RC_ASSERT(can_serve(stock, facilities, served) == possible);
  if (possible) {
    const std::vector<std::uint32_t> given = hand_out(stock, facilities, served);
    for (std::size_t k = 0; k < stock.size(); ++k) {
      RC_ASSERT(std::count(given.begin(), given.end(), k) <=
                static_cast<std::ptrdiff_t>(stock[k].count));
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
      RC_ASSERT(stock[given[i]].rating_kw >= required[i]);
    }
  }
}

}  // namespace
}  // namespace wintergrid::generators
