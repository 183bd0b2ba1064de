// summary.xlsx against the report.json that it is made from, and that the same gives the same.

#include "engine/report/workbook.hpp"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/report/simulated.hpp"
#include "tests/engine/report/zip_reader.hpp"
#include "tests/support/temp_dir.hpp"

namespace wintergrid::report {
namespace {

using Json = nlohmann::json;
using testing::dark;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::run_of;

std::string unescaped(std::string text) {
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"&lt;", "<"},
                                 {"&gt;", ">"},
                                 {"&quot;", "\""},
                                 {"&amp;", "&"}}) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), expression);
       it != std::sregex_iterator(); ++it) {
    found.push_back((*it)[1]);
  }
  return found;
}

/// A workbook as cells: numbers as written, shared texts resolved.
class Book {
 public:
  explicit Book(const std::filesystem::path& path) : files_(test::read_zip(path)) {
    for (const std::string& text :
         all_matches(files_.at("xl/sharedStrings.xml"), "<t[^>]*>([^<]*)</t>")) {
      texts_.push_back(unescaped(text));
    }
    names_ = all_matches(files_.at("xl/workbook.xml"), "<sheet name=\"([^\"]*)\"");
  }
  const std::vector<std::string>& names() const { return names_; }
  const std::map<std::string, std::string>& files() const { return files_; }
  const std::vector<std::string>& texts() const { return texts_; }

  /// By cell ("B3").
  std::map<std::string, std::string> cells(const std::string& name) const {
    std::size_t sheet = 0;
    while (sheet < names_.size() && names_[sheet] != name) {
      ++sheet;
    }
    const std::string xml = files_.at("xl/worksheets/sheet" + std::to_string(sheet + 1) + ".xml");
    const std::regex cell("<c r=\"([A-Z]+[0-9]+)\"[^>]*?( t=\"s\")?><v>([^<]*)</v>");
    std::map<std::string, std::string> found;
    for (auto it = std::sregex_iterator(xml.begin(), xml.end(), cell); it != std::sregex_iterator();
         ++it) {
      found[(*it)[1]] = (*it)[2].matched ? texts_.at(std::stoul((*it)[3].str())) : (*it)[3].str();
    }
    return found;
  }
  std::size_t charts() const {
    std::size_t count = 0;
    for (const auto& [name, content] : files_) {
      count += name.rfind("xl/charts/chart", 0) == 0 ? 1U : 0U;
    }
    return count;
  }

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> texts_, names_;
};

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Book book_of(const std::string& data, Language language = Language::english) {
  const test::TempDir folder;
  EXPECT_EQ(write_workbook((folder / "summary.xlsx").string(), data, language), "");
  return Book(folder / "summary.xlsx");
}

/// Two policies on the dark town, the second better for power.
std::string compared() {
  Comparison comparison{"policy", {}};
  for (const char* service : {"power", "heat"}) {
    montecarlo::Paired difference;
    difference.winters = 6;
    difference.mean = 12000.0;
    difference.ci95_low = 6000.0;
    difference.ci95_high = 18000.0;
    difference.share_a_smaller = 0.25;
    difference.share_equal = 0.25;
    comparison.pairs.push_back(
        {service, "first_come", "most_households", difference, 576000.0, 564000.0});
  }
  return report_json(dark().summary, dark().which->model, *dark().tally, {}, &comparison);
}

TEST(Workbook, TheSheetsOfARun) {
  const Book book = book_of(dark().data());
  EXPECT_THAT(book.names(),
              ElementsAre("Read me", "Headline", "Zones", "Generators", "Daily", "Zones by day"));
  EXPECT_EQ(book.charts(), 4U);
  const auto headline = book.cells("Headline");
  EXPECT_EQ(headline.at("A3"), "Hours without power, summed over households");
  EXPECT_EQ(headline.at("B3"), "household-hours");
  EXPECT_EQ(std::stod(headline.at("C3")), 6000.0 * 96.0);
  EXPECT_EQ(headline.at("C2"), "#indicator+value+mean");
  const auto zones = book.cells("Zones");
  EXPECT_EQ(zones.at("A3"), "Centre");
  EXPECT_EQ(std::stod(zones.at("B3")), 3200.0);
  EXPECT_EQ(std::stod(zones.at("C3")), 96.0);
  EXPECT_EQ(std::stod(zones.at("D3")), 3200.0 * 96.0);
  EXPECT_EQ(std::stod(zones.at("E3")), 3200.0);
  EXPECT_EQ(zones.count("A6"), 0U);  // three zones
  const auto daily = book.cells("Daily");
  EXPECT_EQ(std::stod(daily.at("A3")), 46031.0);  // 2026-01-09, as Excel counts days
  EXPECT_EQ(std::stod(daily.at("A6")), 46034.0);
  EXPECT_EQ(std::stod(daily.at("B6")), 6000.0);
  EXPECT_EQ(daily.count("A7"), 0U);  // four days
  const auto days = book.cells("Zones by day");
  EXPECT_EQ(days.at("B3"), "Centre");
  EXPECT_EQ(days.at("C3"), "Power");
  EXPECT_EQ(std::stod(days.at("E3")), 1.0);
}

TEST(Workbook, GeneratorsAreThoseOfTheData) {
  const Json data = Json::parse(dark().data());
  const Book book = book_of(dark().data());
  const auto cells = book.cells("Generators");
  ASSERT_GT(data.at("generators").size(), 1U);
  for (std::size_t i = 0; i < data.at("generators").size(); ++i) {
    const Json& need = data.at("generators")[i];
    const std::string row = std::to_string(i + 3);
    EXPECT_EQ(cells.at("A" + row), need.at("set_class").get<std::string>());
    EXPECT_EQ(std::stod(cells.at("B" + row)), need.at("facilities").get<double>());
    EXPECT_EQ(std::stod(cells.at("F" + row)), need.at("sets")[2].get<double>());
    EXPECT_EQ(std::stod(cells.at("I" + row)), need.at("litres_worst_day")[2].get<double>());
  }
}

TEST(Workbook, PoliciesOfAComparison) {
  const Book book = book_of(compared());
  EXPECT_THAT(book.names(), ElementsAre("Read me", "Headline", "Zones", "Generators", "Policies",
                                        "Daily", "Zones by day"));
  EXPECT_EQ(book.charts(), 5U);
  const auto cells = book.cells("Policies");
  EXPECT_EQ(cells.at("A3"), "most households first");
  EXPECT_EQ(cells.at("B3"), "first come, first served");
  EXPECT_EQ(cells.at("C3"), "Power");
  EXPECT_EQ(std::stod(cells.at("D3")), -2.0);  // 12,000 household-hours of 6,000 households
  EXPECT_EQ(std::stod(cells.at("E3")), -3.0);
  EXPECT_EQ(std::stod(cells.at("F3")), -1.0);
  EXPECT_EQ(std::stod(cells.at("I3")), 0.5);
  EXPECT_EQ(std::stod(cells.at("J3")), 0.25);
  EXPECT_EQ(cells.at("C4"), "Heat");
}

TEST(Workbook, EveryTagIsHxl) {
  const Book book = book_of(compared());
  const std::regex tag("#[a-z][a-z0-9_]*(\\+[a-z][a-z0-9_]*)*");
  for (std::size_t i = 1; i < book.names().size(); ++i) {
    const auto cells = book.cells(book.names()[i]);
    std::size_t headings = 0;
    for (const auto& [cell, text] : cells) {
      if (std::regex_match(cell, std::regex("[A-Z]1"))) {
        ++headings;
        const std::string below = cell.substr(0, 1) + "2";
        ASSERT_EQ(cells.count(below), 1U) << book.names()[i] << " " << below;
        EXPECT_TRUE(std::regex_match(cells.at(below), tag)) << cells.at(below);
      }
    }
    EXPECT_GT(headings, 4U) << book.names()[i];
  }
}

TEST(Workbook, InUkrainianNothingIsLeftInEnglish) {
  const Book book = book_of(compared(), Language::ukrainian);
  EXPECT_THAT(book.names(), ElementsAre("Про файл", "Коротко", "Зони", "Генератори", "Черговості",
                                        "За добами", "Зони за добами"));
  const Book english = book_of(compared());
  // Same numbers; only what the scenario and the program are called stays.
  EXPECT_EQ(book.cells("Коротко").at("C3"), english.cells("Headline").at("C3"));
  for (const std::string& name : book.names()) {
    for (const auto& [cell, text] : book.cells(name)) {
      if (cell.size() == 2 && cell[1] == '1') {
        EXPECT_FALSE(std::regex_search(text, std::regex("[A-Za-z]{3,}"))) << name << ": " << text;
      }
    }
  }
  for (std::size_t row = 3; row < 40; ++row) {
    for (const char* column : {"A", "B"}) {
      const std::string text = book.cells("Коротко").at(column + std::to_string(row));
      EXPECT_FALSE(std::regex_search(text, std::regex("[A-Za-z]{2,}"))) << text;
    }
  }
}

TEST(Workbook, SmallZonesHaveNoName) {
  scenario::Scenario scenario = montecarlo::testing::quiet_town();
  for (scenario::HouseholdRow& row : scenario.households) {
    if (row.zone != "centre") {
      row.households = std::min<std::int64_t>(row.households, 150);
      row.buildings = std::min<std::int64_t>(row.buildings, 8);
    }
  }
  for (scenario::ZoneRow& zone : scenario.zones) {
    zone.name = "Secret " + zone.name;
  }
  const Book book = book_of(run_of(scenario, 2).data());
  for (const std::string& text : book.texts()) {
    EXPECT_EQ(text.find("Secret"), std::string::npos) << text;
  }
  EXPECT_EQ(book.cells("Zones").at("A3"), "Others (small zones: 3)");
  EXPECT_EQ(book.cells("Zones by day").count("A3"), 0U);
}

TEST(Workbook, TextIsNeverAFormula) {
  scenario::Scenario scenario = montecarlo::testing::quiet_town();
  scenario.zones[0].name = "=HYPERLINK(\"http://x\") & <b>";
  const Book book = book_of(run_of(scenario, 2).data());
  EXPECT_EQ(book.cells("Zones").at("A3"), scenario.zones[0].name);
  for (const auto& [name, content] : book.files()) {
    EXPECT_EQ(content.find("<f>"), std::string::npos) << name;
  }
}

TEST(Workbook, SameRunSameBytesWhateverTheClock) {
  const test::TempDir folder;
  ASSERT_EQ(write_workbook((folder / "a.xlsx").string(), compared(), Language::ukrainian), "");
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // a zip's clock ticks every 2 s
  ASSERT_EQ(write_workbook((folder / "b.xlsx").string(), compared(), Language::ukrainian), "");
  EXPECT_GT(bytes_of(folder / "a.xlsx").size(), 10000U);
  EXPECT_TRUE(bytes_of(folder / "a.xlsx") == bytes_of(folder / "b.xlsx"));
}

TEST(Workbook, AFolderThatIsNotThereIsReported) {
  const test::TempDir folder;
  EXPECT_THAT(
      write_workbook((folder / "no/summary.xlsx").string(), dark().data(), Language::english),
      HasSubstr("summary.xlsx"));
}

TEST(Workbook, AnotherStartIsRefused) {
  Json data = Json::parse(dark().data());
  data["facts"]["start"] = "yesterday";
  const test::TempDir folder;
  EXPECT_THROW(write_workbook((folder / "a.xlsx").string(), data.dump(), Language::english),
               std::invalid_argument);
}

}  // namespace
}  // namespace wintergrid::report
