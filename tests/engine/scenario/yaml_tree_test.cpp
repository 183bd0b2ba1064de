// The tree of a good YAML text; broken ones are cases of tests/bad_inputs.
#include "engine/scenario/yaml_tree.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/engine/scenario/text_source.hpp"

namespace wintergrid::scenario {
namespace {

YamlNode tree_of(const std::string& text) {
  Diagnostics diagnostics;
  YamlNode root = parse_yaml(source_of(text, "s.yaml"), "begin", diagnostics);
  EXPECT_EQ(diagnostics.to_text(), "");
  return root;
}

TEST(YamlTree, KindsTextsAndPlaces) {
  const YamlNode root = tree_of("ключ: значення\nlist: [1, \"2\"]\nnothing:\n");
  ASSERT_EQ(root.kind, YamlNode::Kind::map);
  ASSERT_EQ(root.keys.size(), 3U);
  EXPECT_EQ(root.keys[0].text, "ключ");
  EXPECT_EQ(root.children[0].text, "значення");
  EXPECT_EQ(root.children[0].line, 1U);
  EXPECT_EQ(root.children[0].column, 7U);  // characters, not bytes
  ASSERT_EQ(root.children[1].kind, YamlNode::Kind::sequence);
  ASSERT_EQ(root.children[1].children.size(), 2U);
  EXPECT_FALSE(root.children[1].children[0].quoted);
  EXPECT_TRUE(root.children[1].children[1].quoted);
  EXPECT_EQ(root.children[1].children[1].column, 11U);
  EXPECT_EQ(root.children[2].kind, YamlNode::Kind::null);
  EXPECT_EQ(root.children[2].line, 3U);
  EXPECT_EQ(root.children[2].column, 1U);
}

TEST(YamlTree, WordsStayTexts) {
  const YamlNode root = tree_of("a: yes\nb: 010\nc: 1e3\nd: .nan\n");
  EXPECT_EQ(root.children[0].text, "yes");
  EXPECT_EQ(root.children[1].text, "010");
  EXPECT_EQ(root.children[2].text, "1e3");
  EXPECT_EQ(root.children[3].text, ".nan");
}

TEST(YamlTree, BlockTextsAndQuotesInside) {
  const YamlNode root =
      tree_of("a: |\n  two\n  lines\nb: 'it''s'\nc: \"say \\\"no\\\"\"\nd: \"\"\n");
  EXPECT_EQ(root.children[0].text, "two\nlines\n");
  EXPECT_EQ(root.children[1].text, "it's");
  EXPECT_EQ(root.children[2].text, "say \"no\"");
  EXPECT_EQ(root.children[3].text, "");
}

TEST(YamlTree, MarkersAndCommentsAndByteOrderMark) {
  const YamlNode root = tree_of("\xEF\xBB\xBF%YAML 1.2\n---\n# comment\na: 1\n...\n");
  ASSERT_EQ(root.keys.size(), 1U);
  EXPECT_EQ(root.keys[0].line, 4U);
}

TEST(YamlTree, WindowsLineEnds) {
  const YamlNode root = tree_of("a: 1\r\nb:\r\n  c: x\r\n");
  EXPECT_EQ(root.children[0].text, "1");
  EXPECT_EQ(root.children[1].children[0].text, "x");
  EXPECT_EQ(root.children[1].children[0].line, 3U);
}

TEST(YamlTree, NestingUpToTheLimit) {
  const std::string open(kDeepestYaml - 1, '[');
  const std::string close(kDeepestYaml - 1, ']');
  EXPECT_EQ(tree_of("a: " + open + close + "\n").keys.size(), 1U);
  Diagnostics diagnostics;
  EXPECT_EQ(parse_yaml(source_of("a: [" + open + close + "]\n"), "begin", diagnostics).kind,
            YamlNode::Kind::rejected);
  EXPECT_EQ(diagnostics.error_count(), 1U);
}

}  // namespace
}  // namespace wintergrid::scenario
