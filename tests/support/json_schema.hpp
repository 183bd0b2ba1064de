#pragma once
// The keywords of JSON Schema (draft-07) that our schemas use, checked against a document. A
// keyword that is not known here is a problem too, so that no rule goes unchecked.

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace wintergrid::test {

/// What is wrong, each with its JSON pointer; empty if the document is as the schema says.
std::vector<std::string> schema_problems(const nlohmann::json& schema,
                                         const nlohmann::json& document);

}  // namespace wintergrid::test
