#include "engine/scenario/yaml_tree.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "engine/io/utf8.hpp"
#include "engine/scenario/messages.hpp"

namespace wintergrid::scenario {
namespace {

/// Turns yaml-cpp's marks (from 0, columns in bytes) into places (from 1, columns in characters).
class Marks {
 public:
  explicit Marks(const io::SourceText& source) : path_(source.path), text_(source.text()) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\n') {
        line_starts_.push_back(i + 1);
      }
    }
  }

  SourcePlace place(const YAML::Mark& mark) const {
    if (mark.is_null() || mark.line < 0) {
      return {path_, 1, 1};
    }
    const std::size_t line = std::min(static_cast<std::size_t>(mark.line), line_starts_.size() - 1);
    const std::string_view before =
        text_.substr(line_starts_[line], static_cast<std::size_t>(std::max(mark.column, 0)));
    return {path_, line + 1, io::count_characters(before) + 1};
  }

  /// Whether the quoted scalar at a mark ends before the file does: yaml-cpp 0.7 accepts one that
  /// does not.
  bool quote_is_closed(const YAML::Mark& mark) const {
    const std::size_t line =
        std::min(static_cast<std::size_t>(std::max(mark.line, 0)), line_starts_.size() - 1);
    const std::size_t start =
        line_starts_[line] + static_cast<std::size_t>(std::max(mark.column, 0));
    if (start >= text_.size() || (text_[start] != '"' && text_[start] != '\'')) {
      return true;  // a block scalar
    }
    for (std::size_t i = start + 1; i < text_.size(); ++i) {
      if (text_[start] == '"' && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == text_[start]) {
        if (text_[start] == '\'' && i + 1 < text_.size() && text_[i + 1] == '\'') {
          ++i;  // two stand for one
        } else {
          return true;
        }
      }
    }
    return false;
  }

  /// The first line up to `last` whose indentation contains a tab; 0 if there is none.
  std::size_t line_with_tab(std::size_t last) const {
    for (std::size_t line = 0; line < std::min(last, line_starts_.size()); ++line) {
      const std::string_view rest = text_.substr(line_starts_[line]);
      const std::size_t first = rest.find_first_not_of(' ');
      if (first != std::string_view::npos && rest[first] == '\t') {
        return line + 1;
      }
    }
    return 0;
  }

 private:
  std::string path_;
  std::string_view text_;
  std::vector<std::size_t> line_starts_;
};

/// Thrown through the parser to stop it; the reason has been reported.
struct Stop {};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Marks& marks, Diagnostics& diagnostics)
      : marks_(marks), diagnostics_(diagnostics) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    diagnostics_.error(ErrorCode::syntax, marks_.place(mark),
                       fmt::format("anchor '&{}' is not accepted", name),
                       "write the value out wherever it is needed");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    diagnostics_.error(ErrorCode::syntax, marks_.place(mark), "an alias (*) is not accepted",
                       "write the value out wherever it is needed");
    add(node(YamlNode::Kind::rejected, mark));
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    add(node(YamlNode::Kind::null, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    YamlNode scalar =
        node(check_tag(mark, tag) ? YamlNode::Kind::scalar : YamlNode::Kind::rejected, mark);
    scalar.text = value;
    scalar.quoted = tag == "!";  // yaml-cpp's mark of a scalar that is not plain
    if (scalar.quoted && !marks_.quote_is_closed(mark)) {
      diagnostics_.error(ErrorCode::syntax, marks_.place(mark),
                         "the quote that begins here is never closed",
                         "close it; or the file is cut off");
      throw Stop{};
    }
    add(std::move(scalar));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::sequence, mark, tag);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::map, mark, tag);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    std::map<std::string, std::size_t> key_lines;  ///< a map's keys so far
    bool rejected = false;
  };

  YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) const {
    const SourcePlace place = marks_.place(mark);
    YamlNode made;
    made.kind = kind;
    made.line = place.line;
    made.column = place.column;
    return made;
  }

  bool check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") {
      return true;
    }
    diagnostics_.error(ErrorCode::syntax, marks_.place(mark),
                       fmt::format("tag {} is not accepted", in_quotes(tag)),
                       "write the plain value; wintergrid knows the type from the key");
    return false;
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag) {
    if (stack_.size() == kDeepestYaml) {
      diagnostics_.error(
          ErrorCode::syntax, marks_.place(mark),
          fmt::format("nested more than {} levels deep", kDeepestYaml),
          "a scenario needs no more than five levels: check the brackets and the indentation");
      throw Stop{};
    }
    Open opened;
    opened.node = node(kind, mark);
    opened.rejected = !check_tag(mark, tag);
    stack_.push_back(std::move(opened));
  }

  void close() {
    YamlNode closed = std::move(stack_.back().node);
    if (stack_.back().rejected) {
      closed.kind = YamlNode::Kind::rejected;
    }
    stack_.pop_back();
    add(std::move(closed));
  }

  void add(YamlNode added) {
    if (stack_.empty()) {
      root_ = std::move(added);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.kind == YamlNode::Kind::map &&
        parent.node.keys.size() == parent.node.children.size()) {
      check_key(parent, added);
      parent.node.keys.push_back(std::move(added));
    } else {
      if (added.kind == YamlNode::Kind::null && parent.node.kind == YamlNode::Kind::map) {
        added.line =
            parent.node.keys.back().line;  // nothing stands nowhere: yaml-cpp marks what follows
        added.column = parent.node.keys.back().column;
      }
      parent.node.children.push_back(std::move(added));
    }
  }

  void check_key(Open& parent, YamlNode& key) {
    const SourcePlace place{marks_.place(YAML::Mark::null_mark()).file, key.line, key.column};
    if (key.kind != YamlNode::Kind::scalar) {
      if (key.kind != YamlNode::Kind::rejected) {
        diagnostics_.error(ErrorCode::syntax, place, "a key must be plain text",
                           "write KEY: VALUE");
      }
      key.kind = YamlNode::Kind::rejected;
      return;
    }
    if (key.text == "<<") {
      diagnostics_.error(ErrorCode::syntax, place, "merge keys (<<) are not accepted",
                         "write the keys out");
      key.kind = YamlNode::Kind::rejected;
      return;
    }
    const auto [known, is_new] = parent.key_lines.emplace(key.text, key.line);
    if (!is_new) {
      diagnostics_.error(ErrorCode::twice, place,
                         fmt::format("key {} is given twice (first on line {})",
                                     in_quotes(key.text), known->second),
                         "keep one of them");
      key.kind = YamlNode::Kind::rejected;
    }
  }

  const Marks& marks_;
  Diagnostics& diagnostics_;
  YamlNode root_;
  std::vector<Open> stack_;
};

/// A second document, by its first event.
class SecondDocument final : public YAML::EventHandler {
 public:
  SecondDocument(const Marks& marks, Diagnostics& diagnostics)
      : marks_(marks), diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    diagnostics_.error(ErrorCode::syntax, marks_.place(mark), "a second YAML document begins here",
                       "keep one document in a file");
    throw Stop{};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  const Marks& marks_;
  Diagnostics& diagnostics_;
};

std::string syntax_hint(const std::string& message, std::size_t tab_line) {
  if (tab_line > 0) {
    return fmt::format("line {} is indented with a tab: use spaces", tab_line);
  }
  if (message.find("end of") != std::string::npos && message.find("flow") != std::string::npos) {
    return "a bracket is not closed, or the file is cut off";
  }
  if (message.find("EOF") != std::string::npos) {
    return "a quote is not closed, or the file is cut off";
  }
  return "check the indentation; put a space after each colon, and quotes around text with ': ' in "
         "it";
}

}  // namespace

YamlNode parse_yaml(const io::SourceText& source, std::string_view beginning,
                    Diagnostics& diagnostics) {
  const Marks marks(source);
  YamlNode rejected;
  rejected.kind = YamlNode::Kind::rejected;
  try {
    std::istringstream stream{std::string(source.text())};
    YAML::Parser parser(stream);
    TreeBuilder builder(marks, diagnostics);
    if (!parser.HandleNextDocument(builder)) {
      diagnostics.error(ErrorCode::file, {source.path, 1, 1}, "the file is empty",
                        std::string(beginning));
      return rejected;
    }
    SecondDocument second(marks, diagnostics);
    parser.HandleNextDocument(second);
    return builder.take();
  } catch (const Stop&) {
    return rejected;
  } catch (const YAML::Exception& exception) {
    const SourcePlace place = marks.place(exception.mark);
    diagnostics.error(ErrorCode::syntax, place, fmt::format("not valid YAML: {}", exception.msg),
                      syntax_hint(exception.msg, marks.line_with_tab(place.line)));
    return rejected;
  }
}

}  // namespace wintergrid::scenario
