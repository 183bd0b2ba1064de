// CSV as people's programs write it; broken files are cases of tests/bad_inputs.
#include "engine/scenario/csv_text.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/scenario/text_source.hpp"

namespace wintergrid::scenario {
namespace {

using Records = std::vector<std::vector<std::string>>;

Records records_of(const std::string& text) {
  Diagnostics diagnostics;
  const io::SourceText source = source_of(text);
  CsvReader reader(source, diagnostics);
  Records records;
  std::vector<CsvCell> record;
  while (reader.next(record)) {
    records.emplace_back();
    for (const CsvCell& cell : record) {
      records.back().push_back(cell.text);
    }
  }
  EXPECT_EQ(diagnostics.to_text(), "");
  return records;
}

const Records kTwoByTwo{{"a", "b"}, {"1", "2"}};

TEST(CsvText, SeparatorsAndLineEnds) {
  EXPECT_EQ(records_of("a,b\n1,2\n"), kTwoByTwo);
  EXPECT_EQ(records_of("a;b\n1;2\n"), kTwoByTwo);
  EXPECT_EQ(records_of("a\tb\n1\t2\n"), kTwoByTwo);
  EXPECT_EQ(records_of("a,b\r\n1,2\r\n"), kTwoByTwo);
  EXPECT_EQ(records_of("a,b\r1,2\r"), kTwoByTwo);
  EXPECT_EQ(records_of("a,b\n1,2"), kTwoByTwo);  // no line end after the last row
}

TEST(CsvText, ByteOrderMarkIsNoText) {
  EXPECT_EQ(records_of("\xEF\xBB\xBF"
                       "a,b\n1,2\n"),
            kTwoByTwo);
}

TEST(CsvText, CommentsAndBlankLinesAreSkipped) {
  EXPECT_EQ(records_of("# a comment; with separators\n\na,b\n\n# another\n1,2\n\n"), kTwoByTwo);
  EXPECT_EQ(records_of("a;b\n1;2\n;\n ; \n"), kTwoByTwo);  // rows that a spreadsheet padded
}

TEST(CsvText, SeparatorLineOfASpreadsheet) {
  EXPECT_EQ(records_of("sep=;\na;b\n1;2\n"), kTwoByTwo);
  EXPECT_EQ(records_of("sep=,\r\na,b\r\n1,2\r\n"), kTwoByTwo);
}

TEST(CsvText, SpacesAroundACellAreNotPartOfIt) {
  EXPECT_EQ(records_of(" a , b\n1 ,  2 \n"), kTwoByTwo);
}

TEST(CsvText, QuotesKeepWhatIsInside) {
  EXPECT_EQ(records_of("a,b\n\"1,5\",\" x \"\n"), (Records{{"a", "b"}, {"1,5", " x "}}));
  EXPECT_EQ(records_of("a,b\n\"say \"\"no\"\"\",\"\"\n"),
            (Records{{"a", "b"}, {"say \"no\"", ""}}));
  EXPECT_EQ(records_of("a,b\n\"two\nlines\",\"#\"\n"), (Records{{"a", "b"}, {"two\nlines", "#"}}));
  EXPECT_EQ(records_of("a,b\n \"1\" , \"2\" \n"), kTwoByTwo);
}

TEST(CsvText, OnlyAtTheStartOfALineIsANumberSignAComment) {
  EXPECT_EQ(records_of("a,b\n1,#2\n"), (Records{{"a", "b"}, {"1", "#2"}}));
}

TEST(CsvText, PlacesCountLinesAndCharacters) {
  Diagnostics diagnostics;
  const io::SourceText source = source_of("a,b,c\n\"перший\nряд\",Київ, x\nы,2,3\n");
  CsvReader reader(source, diagnostics);
  std::vector<CsvCell> record;
  ASSERT_TRUE(reader.next(record));
  ASSERT_TRUE(reader.next(record));
  ASSERT_EQ(record.size(), 3U);
  EXPECT_EQ(record[0].line, 2U);
  EXPECT_EQ(record[0].column, 1U);
  EXPECT_EQ(record[1].line, 3U);
  EXPECT_EQ(record[1].column, 6U);
  EXPECT_EQ(record[2].column, 12U);
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record[1].line, 4U);
  EXPECT_EQ(record[1].column, 3U);
  EXPECT_FALSE(reader.next(record));
}

TEST(CsvText, KnowsWhetherTheLastLineEnded) {
  Diagnostics diagnostics;
  std::vector<CsvCell> record;
  const io::SourceText whole = source_of("a,b\n1,2\n");
  CsvReader whole_reader(whole, diagnostics);
  while (whole_reader.next(record)) {
  }
  EXPECT_FALSE(whole_reader.ended_without_line_end());
  const io::SourceText cut = source_of("a,b\n1,2");
  CsvReader cut_reader(cut, diagnostics);
  while (cut_reader.next(record)) {
  }
  EXPECT_TRUE(cut_reader.ended_without_line_end());
}

}  // namespace
}  // namespace wintergrid::scenario
