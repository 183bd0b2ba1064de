#pragma once
// Puts a parsed value into its member.

#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/scenario/scalar.hpp"

namespace wintergrid::scenario {

template <class Owner>
bool is_unsigned_member(const Field<Owner>& field) {
  return std::holds_alternative<std::uint64_t Owner::*>(field.member);
}

/// Empties a list.
template <class Owner>
void clear(Owner& owner, const Field<Owner>& field) {
  std::visit(
      [&](auto member) {
        if constexpr (requires { (owner.*member).clear(); }) {
          (owner.*member).clear();
        }
      },
      field.member);
}

/// Sets the member, or appends to it if it is a list. The value is of the field's kind and in its
/// range.
template <class Owner>
void assign(Owner& owner, const Field<Owner>& field, const ScalarValue& value) {
  std::visit(
      [&](auto member) {
        auto& target = owner.*member;
        using Target = std::remove_reference_t<decltype(target)>;
        if constexpr (std::is_same_v<Target, std::string>) {
          target = std::get<std::string>(value);
        } else if constexpr (std::is_same_v<Target, double>) {
          target = std::get<double>(value);
        } else if constexpr (std::is_same_v<Target, bool>) {
          target = field.kind == FieldKind::choice
                       ? std::get<std::string>(value) == field.choices.at(1)
                       : std::get<bool>(value);
        } else if constexpr (std::is_same_v<Target, std::vector<double>>) {
          target.push_back(std::get<double>(value));
        } else if constexpr (std::is_same_v<Target, std::vector<std::string>>) {
          target.push_back(std::get<std::string>(value));
        } else if (const auto* as_signed = std::get_if<std::int64_t>(&value)) {
          target = static_cast<Target>(*as_signed);
        } else {
          target = static_cast<Target>(std::get<std::uint64_t>(value));
        }
      },
      field.member);
}

}  // namespace wintergrid::scenario
